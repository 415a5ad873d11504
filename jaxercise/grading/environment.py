"""What a grade depends on beside the notebook and the course: versions and the machine."""

from __future__ import annotations

import os
import platform
from importlib.metadata import PackageNotFoundError, version


def environment() -> dict[str, str]:
    """Versions and machine that a grade depends on."""
    found = {
        "python": platform.python_version(),
        "machine": platform.machine(),
        "cpus": str(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 0),
    }
    for name in ("jaxercise", "jax", "jaxlib", "numpy", "nbgrader"):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return found
