"""Every part of JAX that JAX makes no promise about, in one module.

JAX's compatibility policy excludes jax.core, jax.extend and jaxlib, and undocumented attributes
may change too. Only this module uses them, so a new version of JAX breaks one file.
tests/test_private_jax.py has a test for each part, which names what is missing and what it is
used for. The module is in the lowest package because all others need it.
"""

from __future__ import annotations

import os
import pathlib
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple, TypeAlias

import jax
from jax.core import Tracer

__all__ = ["JittedFunction", "Ref", "Tracer"]  # The other names are defined below.

# The class of what jax.jit returns. It has the original function as `__wrapped__`.
JittedFunction: type = type(jax.jit(lambda: None))

# A mutable array; no class at all where JAX has none.
Ref: Any = getattr(jax, "Ref", ())

# Imported by JAX when it first makes an array and first compiles.
IMPORTED_AT_FIRST_USE = (
    "jax.experimental.multihost_utils",
    "jax.extend.core",
    "jaxlib.mlir.dialects.builtin",
    "jaxlib.mlir.dialects.mhlo",
)

# Where a tracer of vmap keeps its vmap, the mapped axis and the array that it stands for.
VMAP, MAPPED_AXIS, MAPPED_ARRAY = "_trace", "batch_dim", "val"

# XLA's older emitters, and each program in one piece: compiles in less than half the time.
# XLA ends the process at an option that it does not know, hence the bound on the version.
QUICK_TO_COMPILE = "--xla_cpu_use_fusion_emitters=false --xla_cpu_parallel_codegen_split_count=1"
QUICK_OPTIONS_KNOWN_BEFORE = (0, 11)


def options() -> dict[str, Any]:
    """The options of JAX by name, as they are set globally now."""
    return jax.config.values


def compile_quickly() -> None:
    """Make XLA compile in less time programs that need not be fast; before the first one."""
    if "jax_disable_most_optimizations" in options():
        jax.config.update("jax_disable_most_optimizations", True)
    if jax.__version_info__ < QUICK_OPTIONS_KNOWN_BEFORE:
        os.environ["XLA_FLAGS"] = QUICK_TO_COMPILE


# A compiled program by its key, if there is one; and what takes a new one.
Get: TypeAlias = Callable[[str], bytes | None]
Put: TypeAlias = Callable[[str, bytes], None]


def keep_compiled(get: Get, put: Put) -> None:
    """Make JAX ask `get` before it compiles a program, and give each new one to `put`.

    Both get a program's key, which is a digest of all that it does, and the versions that
    compiled it. What `get` returns is run as native code. Must be called before the first
    compilation.

    Raises:
        ImportError, AttributeError: JAX has no such cache, or it works otherwise.
    """
    from jax._src import compilation_cache
    from jax._src.compilation_cache_interface import CacheInterface

    class Cache(CacheInterface):
        _path = pathlib.Path()

        def get(self, key: str) -> Any:
            return get(key)

        def put(self, key: str, value: bytes) -> None:
            put(key, value)

    jax.config.update("jax_persistent_cache_min_compile_time_secs", 0.0)
    jax.config.update("jax_persistent_cache_min_entry_size_bytes", -1)
    jax.config.update("jax_persistent_cache_enable_xla_caches", "none")
    compilation_cache.__dict__.update(_cache=Cache(), _cache_initialized=True)


def cache_folder() -> tuple[Get, Put]:
    """How JAX itself reads and writes the folder of compiled programs that it was told to use.

    Raises:
        ImportError, AttributeError: JAX has no such folder, or it works otherwise.
    """
    from jax._src import compilation_cache

    opened: Any = compilation_cache.get_file_cache(options()["jax_compilation_cache_dir"])
    if opened is None:
        raise AttributeError("jax keeps no folder of compiled programs")
    return opened[0].get, opened[0].put


def no_tracing() -> Any:
    """A context in which tracing a function raises."""
    return jax.no_tracing(True)


def is_weakly_typed(array: jax.Array) -> bool:
    """Whether the array came from a Python number and takes the dtype of what it meets."""
    return bool(getattr(array, "weak_type", False))


def function_in_jit(value: Any) -> Any:
    """The function that `jax.jit` made `value` of; None if it did not."""
    is_jitted = issubclass(type(value), JittedFunction)
    return getattr(value, "__wrapped__", None) if is_jitted else None


def vmap_of(value: Any) -> Any:
    """The vmap that a tracer belongs to, to be compared by identity; None for other values."""
    return getattr(value, VMAP, None)


def unmapped(tracer: Tracer[Any]) -> tuple[int, Any]:
    """The mapped axis of a tracer of vmap, and the array or tracer that it stands for.

    Raises AttributeError for other tracers.
    """
    return getattr(tracer, MAPPED_AXIS), getattr(tracer, MAPPED_ARRAY)


def jaxpr_as_function() -> Callable[[Any], Callable[..., list[Any]]]:
    """What makes a function of a closed jaxpr: it runs the equations in turn, uncompiled.

    Raises ImportError where JAX no longer has it.
    """
    # Imported here because it imports Pallas, which would delay a notebook's first cell by 15 ms.
    from jax.extend.core import jaxpr_as_fun

    return jaxpr_as_fun


class Equation(NamedTuple):
    """An equation of a jaxpr.

    `size` counts the elements of its largest output, `depth` the equations that hold it, and
    `copies` how often the compiler gets it, because loops around it are unrolled. `trips` is the
    number of steps of a scan, for all others 0.
    """

    primitive: str
    size: int
    depth: int
    copies: int
    trips: int


def equations(jaxpr: Any, depth: int = 0, copies: int = 1) -> Iterator[Equation]:
    """The equations of a jaxpr, each followed by those that it holds."""
    for equation in jaxpr.eqns:
        sizes = [getattr(out.aval, "size", 0) for out in equation.outvars]
        name, trips, unrolled = equation.primitive.name, 0, 1
        if name == "scan":
            trips, unrolled = int(equation.params["length"]), int(equation.params["unroll"])
        yield Equation(name, max(sizes, default=0), depth, copies, trips)
        for parameter in jax.tree.leaves(list(equation.params.values()), is_leaf=_has_equations):
            inner = getattr(parameter, "jaxpr", parameter)  # of a closed jaxpr
            if _has_equations(inner):
                yield from equations(inner, depth + 1, copies * max(unrolled, 1))


def _has_equations(value: Any) -> bool:
    return hasattr(value, "eqns")
