"""PRNG keys consumed twice, typed and legacy alike.

The public functions of `jax.random` note which key each of them was given: concrete keys
by their bits, traced ones by object. The function runs with `jax.disable_jit`, so that the
steps of `lax.scan` and `lax.fori_loop` are steps of Python and each is seen. Only under
`vmap` do tracers remain. (`jax.debug_key_reuse` is no judge: it knows typed keys only, and
accuses right code that stacks, slices or indexes them.)
"""

from __future__ import annotations

import contextlib
import functools
import inspect
import io
from collections.abc import Callable, Iterator
from typing import Any

import jax
import numpy as np
from jax.core import Tracer

# Deriving by fold_in with different data from one key is legitimate, as is reading a key.
_DERIVING = ("fold_in",)
_READING = ("clone", "key_data", "key_impl", "wrap_key_data")


def reuse(namespace: dict[str, Any], function: Callable, args: tuple, kwargs: dict) -> str | None:
    """How `function(*args, **kwargs)` consumes some key twice, or None.

    A call that raises for another reason reports nothing: other checks see that.
    """
    silent = io.StringIO()
    notes = _Notes()
    with (
        contextlib.redirect_stdout(silent),
        contextlib.redirect_stderr(silent),
        contextlib.suppress(Exception),
        _noting(namespace, notes),
        jax.disable_jit(),
    ):
        function(*args, **kwargs)
    for uses in notes.uses.values():
        if message := _conflict(uses):
            return message
    return None


class _Notes:
    """Which functions each key went into: concrete keys by their bits, traced ones by object."""

    def __init__(self) -> None:
        self.uses: dict[bytes | int, list[str]] = {}
        self.kept: list[Any] = []

    def add(self, key: Any, use: str) -> None:
        if isinstance(key, Tracer):
            self.kept.append(key)  # so that no other object gets its address
            self.uses.setdefault(id(key), []).append(use)
        elif (bits := _bits(key)) is not None:
            self.uses.setdefault(bits, []).append(use)


def _conflict(uses: list[str]) -> str | None:
    consuming = [use for use in uses if not use.startswith(_DERIVING)]
    if len(consuming) > 1:
        first, second = consuming[:2]
        return f"the same key goes into {first} and into {second}"
    deriving = [use for use in uses if use.startswith(_DERIVING)]
    if len(set(deriving)) < len(deriving):
        return "the same key is folded with the same number twice"
    return None


@contextlib.contextmanager
def _noting(namespace: dict[str, Any], notes: _Notes) -> Iterator[None]:
    """Replace the functions of jax.random by noting ones, in the module and the notebook."""
    originals = {name: getattr(jax.random, name) for name in _takers_of_keys()}
    wrappers = {name: _note(name, f, notes) for name, f in originals.items()}
    by_identity = {id(originals[name]): wrappers[name] for name in originals}
    imported = {name: value for name, value in namespace.items() if id(value) in by_identity}
    try:
        for name, wrapper in wrappers.items():
            setattr(jax.random, name, wrapper)
        for name, value in imported.items():
            namespace[name] = by_identity[id(value)]
        yield
    finally:
        for name, original in originals.items():
            setattr(jax.random, name, original)
        namespace.update(imported)


@functools.cache
def _takers_of_keys() -> tuple[str, ...]:
    names = [name for name in vars(jax.random) if not name.startswith("_")]
    functions = [name for name in names if callable(getattr(jax.random, name))]
    return tuple(
        name
        for name in functions
        if name not in _READING
        and next(iter(inspect.signature(getattr(jax.random, name)).parameters), "") == "key"
    )


def _note(name: str, function: Callable, notes: _Notes) -> Callable:
    @functools.wraps(function)
    def noting(*args, **kwargs):
        key = args[0] if args else kwargs.get("key")
        use = name
        if name in _DERIVING:
            data = args[1] if len(args) > 1 else kwargs.get("data")
            use = f"{name} {id(data) if isinstance(data, Tracer) else data!r}"
        notes.add(key, use)
        with jax.disable_jit(False):  # threefry step by step would take seconds
            return function(*args, **kwargs)

    return noting


def _bits(key: Any) -> bytes | None:
    """The bits of one concrete key; None for a batch of keys, or no key at all."""
    if not isinstance(key, jax.Array):
        return None
    if jax.numpy.issubdtype(key.dtype, jax.dtypes.prng_key):
        return np.asarray(jax.random.key_data(key)).tobytes() if key.ndim == 0 else None
    return np.asarray(key).tobytes() if key.ndim == 1 else None
