"""JupyterHub's configuration file: all of it follows from the JSON file that JAXERCISE_HUB names.

Only JupyterHub has get_config; an import of this module does nothing.
"""

import os
from pathlib import Path

from jaxercise.hub.settings import configure
from jaxercise.hub.spec import VARIABLE, HubSpec

if get_config := globals().get("get_config"):
    _spec = HubSpec.from_json(Path(os.environ[VARIABLE]).read_text(encoding="utf-8"))
    configure(get_config(), _spec)
    if _spec.extra_config:
        globals()["load_subconfig"](_spec.extra_config)
