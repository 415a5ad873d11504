"""Exercises that teach JAX. In a notebook: `from jaxercise import check, example, progress`."""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jaxercise.notebook.check import check
    from jaxercise.notebook.example import example
    from jaxercise.notebook.faster import faster
    from jaxercise.notebook.progress import progress

__all__ = ["check", "example", "faster", "progress"]
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    # Lazy, so that `jaxercise --help` and the sandbox's first steps need not import JAX.
    # Each in the module of the same name.
    if name in __all__:
        return getattr(importlib.import_module(f"jaxercise.notebook.{name}"), name)
    raise AttributeError(f"module 'jaxercise' has no attribute {name!r}")
