"""Run the solved notebooks as a student would: `python -m tests.students`.

It needs only what a student installs, so it shows on which systems and with which versions of
JAX the students' part works. Exit status 1 if a cell raises or a visible check fails.

With `--accelerator`, a second CPU device stands in for a GPU that JAX uses by default.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ACCELERATOR = "--accelerator"
# ps6 wants eight, and the last one is the stand-in.
DEVICES = {"XLA_FLAGS": "--xla_force_host_platform_device_count=9"}


def pretend_accelerator() -> None:
    """Have JAX use its last CPU device by default, and say that this is a GPU."""
    import jax

    jax.config.update("jax_default_device", jax.devices()[-1])
    jax.default_backend = lambda: "gpu"


def run(path: Path) -> int:
    """Run a notebook's cells one after the other, until one raises."""
    if ACCELERATOR in sys.argv:
        pretend_accelerator()
    from IPython.core.interactiveshell import InteractiveShell

    shell = InteractiveShell.instance()
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "code" and not shell.run_cell("".join(cell["source"])).success:
            return 1
    return 0


def main() -> int:
    """Run every solved notebook in a process of its own, and say how each ended."""
    # As under nbgrader's Validate, a visible check that fails raises.
    environment = {**os.environ, "NBGRADER_VALIDATING": "1", "MPLBACKEND": "agg"}
    options = sys.argv[1:]
    environment |= DEVICES if options else {}
    failed = 0
    for path in sorted(ROOT.glob("source/*/*.ipynb")):
        command = [sys.executable, "-m", "tests.students", str(path), *options]
        done = subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, encoding="utf-8"
        )
        print("ok  " if done.returncode == 0 else "NOT ", path.stem, flush=True)
        if done.returncode != 0:
            failed += 1
            print(done.stdout[-3000:], done.stderr[-3000:])
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main() if sys.argv[1:] in ([], [ACCELERATOR]) else run(Path(sys.argv[1])))
