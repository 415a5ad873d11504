"""Exercises that teach JAX. In a notebook: `from jaxercise import check, example, faster`."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jaxercise.notebook.check import check, example, faster

__all__ = ["check", "example", "faster"]
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    # Lazy, so that `jaxercise --help` and the sandbox's first steps need not import JAX.
    if name in __all__:
        from jaxercise.notebook import check as visible

        return getattr(visible, name)
    raise AttributeError(f"module 'jaxercise' has no attribute {name!r}")
