"""What a grade depends on beside the notebook and the course: versions and the machine."""

from __future__ import annotations

import contextlib
import hashlib
import os
import platform
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

# Variables that change what JAX, NumPy or Python compute.
_PREFIXES = ("JAX_", "XLA_", "TF_", "OMP_", "MKL_", "OPENBLAS_", "NPY_", "NUMEXPR_")
_VARIABLES = ("PYTHONPATH", "PYTHONHASHSEED", "PYTHONOPTIMIZE", "LANG", "LC_ALL")
# JAX sets it when it is imported, and it decides only what is logged.
_IRRELEVANT = ("TF_CPP_MIN_LOG_LEVEL",)
# setuptools, which nbgrader imports, adds a folder of this name with its own packages to sys.path.
_VENDORED = "_vendor"


def environment() -> dict[str, str]:
    """Versions and machine that a grade depends on, as the record of a grade states them."""
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


def surroundings() -> dict[str, str]:
    """The same and more: all packages, the kind of machine, variables that change results."""
    return {
        **environment(),
        "build": sys.version,
        "prefix": sys.prefix,
        "packages": hashlib.sha256("\n".join(packages()).encode()).hexdigest(),
        "processor": _processor(),
        "libc": " ".join(platform.libc_ver()),
        **{f"${name}": value for name, value in sorted(os.environ.items()) if matters(name)},
    }


def matters(variable: str) -> bool:
    """Whether an environment variable of this name changes what is computed."""
    if variable in _IRRELEVANT:
        return False
    return variable.startswith(_PREFIXES) or variable in _VARIABLES


def packages() -> list[str]:
    """Names and versions of what is installed, such as `jax-0.10.0.dist-info`."""
    folders = {Path(entry) for entry in sys.path if entry and Path(entry).name != _VENDORED}
    return sorted({path.name for folder in folders for path in folder.glob("*.dist-info")})


def _processor() -> str:
    """The processor's model, as Linux calls it: timing and rounding depend on it."""
    with contextlib.suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            name, _, value = line.partition(":")
            if name.strip() in ("model name", "CPU part"):
                return value.strip()
    return platform.processor()
