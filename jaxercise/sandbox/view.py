"""What student code finds in a sandbox, whatever confines it: files to read and an environment."""

from __future__ import annotations

import os
import sys
import sysconfig
from pathlib import Path

import jaxercise

# The folder of this library, and its packages that run inside.
LIBRARY = Path(jaxercise.__file__).resolve().parent
_PACKAGES = ("checks", "inside", "notebook", "wire")
# The size from which an allocation gets fresh pages. glibc adapts it to what a process has freed
# before, which makes NumPy up to three times faster or slower on the same arrays. It is fixed so
# that no race depends on earlier ones: smaller arrays reuse memory, larger ones do not.
ALLOCATOR = {"MALLOC_MMAP_THRESHOLD_": str(8 << 20), "MALLOC_TRIM_THRESHOLD_": str(1 << 30)}


def environment() -> dict[str, str]:
    """All environment variables that a sandboxed process gets."""
    return {
        "HOME": "/tmp",
        "PATH": "/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "MPLCONFIGDIR": "/tmp",
        "PYTHONPATH": str(LIBRARY.parent),
        "PYTHONDONTWRITEBYTECODE": "1",
        "JAX_PLATFORMS": "cpu",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        **ALLOCATOR,
        **compilation_cache(Path("/tmp")),
    }


def unconfined_environment(folder: Path, cache: Path | None) -> dict[str, str]:
    """The variables of an unconfined process, whose own folder this is.

    With a `cache` of compiled programs, which only trusted code has, programs are compiled as in
    a sandbox.
    """
    ours = {
        **ALLOCATOR,
        **compilation_cache(cache or folder),
        "TMPDIR": str(folder),
        "PYTHONPATH": str(LIBRARY.parent),
    }
    if cache is None:
        return {**os.environ, **ours}
    others = {k: v for k, v in os.environ.items() if not k.startswith(("JAX_", "XLA_"))}
    return {**others, "JAX_PLATFORMS": "cpu", **ours}


def compilation_cache(folder: Path) -> dict[str, str]:
    """Environment that keeps compiled programs in `folder`, so that each is compiled once."""
    return {
        "JAX_COMPILATION_CACHE_DIR": str(folder / "compiled"),
        "JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS": "0",
        "JAX_PERSISTENT_CACHE_MIN_ENTRY_SIZE_BYTES": "-1",
        # Otherwise a program's key depends on the folder. The caches of this name are for GPUs.
        "JAX_PERSISTENT_CACHE_ENABLE_XLA_CACHES": "none",
    }


def readable(extra: list[Path]) -> list[Path]:
    """What JAX needs to run: Python, its packages and the system's libraries."""
    paths = [Path("/usr"), Path(sys.base_prefix), Path(sys.prefix), *extra]
    paths += [Path("/etc/ld.so.cache"), Path("/etc/fonts"), Path("/etc/alternatives")]
    kept: list[Path] = []
    for path in paths:
        if path.exists() and not any(path.is_relative_to(other) for other in kept):
            kept.append(path)
    return kept


def visible_inside(path: Path) -> bool:
    """Whether a path of the host's, which need not exist yet, can be read in a sandbox."""
    shown = [folder.resolve() for folder in readable(library_paths())]
    return any(path.resolve().is_relative_to(folder) for folder in shown)


def library_paths() -> list[Path]:
    """The packages to bind, none of them the grader's; empty if they are in site-packages."""
    if LIBRARY.is_relative_to(sysconfig.get_path("purelib")):
        return []
    return [LIBRARY / part for part in (*("__init__.py", "standins.py"), *_PACKAGES)]
