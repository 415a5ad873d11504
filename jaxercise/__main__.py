"""`python -m jaxercise`, the same as the command `jaxercise`."""

import sys

from jaxercise.cli.commands import main

if __name__ == "__main__":
    sys.exit(main())
