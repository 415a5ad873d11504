"""PRNG keys consumed twice, typed and legacy alike.

The public functions of `jax.random` note the bits of the key that each of them was given.
The function runs with `jax.disable_jit`, so that the steps of `lax.scan` and
`lax.fori_loop` are steps of Python and each is seen. Only under `vmap` do tracers remain,
and those hold the keys that they stand for; what other transformations trace is told
apart by object. (`jax.debug_key_reuse` is no judge: it knows typed keys only, and accuses
right code that stacks, slices or indexes them.)
"""

from __future__ import annotations

import contextlib
import functools
import inspect
import io
import itertools
import math
import operator
from collections.abc import Callable, Generator, Iterator
from typing import Any

import jax
import numpy as np

from jaxercise.wire import private_jax

# A key may be folded with different numbers, if nothing else is done with it, and be read.
_DERIVING = "fold_in"
_READING = ("clone", "key_data", "key_impl", "wrap_key_data")


def reuse(
    namespace: dict[str, Any],
    function: Callable[..., Any],
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
) -> tuple[str, ...] | None:
    """How `function(*args, **kwargs)` consumes some key twice, for `in_words`, or None.

    A call that raises for another reason reports nothing: other checks see that.
    """
    silent = io.StringIO()
    notes = _Notes()
    with (
        contextlib.redirect_stdout(silent),
        contextlib.redirect_stderr(silent),
        _noting(namespace, notes),
        jax.disable_jit(),
        contextlib.suppress(BaseException),
    ):
        function(*args, **kwargs)
    if notes.fault is not None:
        raise notes.fault
    for uses in notes.uses.values():
        if conflict := _conflict(uses):
            return conflict
    return None


def in_words(conflict: Any) -> str | None:
    """A sentence on what `reuse` found; None for what it cannot have found."""
    match conflict:
        case ("the same number",):
            return "the same key is folded with the same number twice"
        case (str(first), str(second)) if {first, second} <= {*takers_of_keys()}:
            return f"the same key goes into {first} and into {second}"
    return None


class _Notes:
    """Which functions each key went into, and with which number into fold_in."""

    def __init__(self) -> None:
        self.uses: dict[bytes | int, list[tuple[str, int | None]]] = {}
        self.kept: list[Any] = []
        self.fault: Exception | None = None

    def add(self, function: str, key: Any, number: Any) -> None:
        self.kept.append((key, number))  # so that no other object gets their addresses
        for one_key, one_number in _pairs(key, number):
            self.uses.setdefault(one_key, []).append((function, one_number))


def _conflict(uses: list[tuple[str, int | None]]) -> tuple[str, ...] | None:
    consuming = [function for function, number in uses if number is None]
    numbers = [number for _, number in uses if number is not None]
    if len(consuming) > 1 or (consuming and numbers):
        first, second = [*consuming, _DERIVING][:2]
        return first, second
    if len(set(numbers)) < len(numbers):
        return ("the same number",)
    return None


def _pairs(key: Any, number: Any) -> Iterator[tuple[bytes | int, int | None]]:
    """The bits of the key and the number folded in, or None: one pair for each element of a vmap.

    By address where values are not known. A batch of keys, or no key at all, gives nothing.
    """
    if not isinstance(key, jax.Array) or key.ndim != (0 if _is_typed(key) else 1):
        return
    try:
        keys = [row.tobytes() for row in _rows(key)]
        numbers = [None] if number is None else [int(row[0]) for row in _rows(number)]
    except _Unknown:
        yield id(key), None if number is None else id(number)
        return
    if 1 in (len(keys), len(numbers)):
        yield from itertools.product(keys, numbers)
    elif len(keys) == len(numbers) and _of_one_vmap(key, number):
        yield from zip(keys, numbers, strict=True)
    else:  # mapped by two vmaps, one inside the other
        yield id(key), id(number)


def _of_one_vmap(key: Any, number: Any) -> bool:
    vmap = private_jax.vmap_of(key)
    return vmap is not None and vmap is private_jax.vmap_of(number)


class _Unknown(Exception):
    """A tracer other than those of vmap, or of a JAX whose tracers look otherwise."""


def _rows(value: Any) -> np.ndarray:
    """A row with the data of each of the values that `value` stands for under vmap."""
    try:
        array, mapped = _unmapped(value)
        return array.reshape(math.prod(array.shape[:mapped]), math.prod(array.shape[mapped:]))
    except Exception as error:
        raise _Unknown from error


def _unmapped(value: Any) -> tuple[np.ndarray, int]:
    """The array behind the tracers of vmap, with so many mapped axes in front."""
    if isinstance(value, private_jax.Tracer):
        axis, inner = private_jax.unmapped(value)
        array, outer = _unmapped(inner)
        return np.moveaxis(array, outer + operator.index(axis), outer), outer + 1
    return np.asarray(jax.random.key_data(value) if _is_typed(value) else value), 0


def _is_typed(value: Any) -> bool:
    if not isinstance(value, jax.Array):
        return False
    return jax.numpy.issubdtype(value.dtype, jax.dtypes.prng_key)


@contextlib.contextmanager
def _noting(namespace: dict[str, Any], notes: _Notes) -> Generator[None]:
    """Replace the functions of jax.random by noting ones, in the module and the notebook."""
    originals = {name: getattr(jax.random, name) for name in takers_of_keys()}
    wrappers = {name: _note(name, f, notes) for name, f in originals.items()}
    by_identity = {id(originals[name]): wrappers[name] for name in originals}
    noted = {n: new for n, value in namespace.items() if (new := _noted(value, by_identity))}
    imported = {name: namespace[name] for name in noted}
    try:
        for name, wrapper in wrappers.items():
            setattr(jax.random, name, wrapper)
        namespace.update(noted)
        yield
    finally:
        for name, original in originals.items():
            setattr(jax.random, name, original)
        namespace.update(imported)


def _noted(value: Any, by_identity: dict[int, Callable[..., Any]]) -> Callable[..., Any] | None:
    """The noting form of a function of jax.random, bare, jitted or partial; None for others."""
    if issubclass(type(value), functools.partial):
        inner = _noted(value.func, by_identity)
        return inner and functools.partial(inner, *value.args, **value.keywords)
    in_jit = private_jax.function_in_jit(value)
    return by_identity.get(id(value)) or by_identity.get(id(in_jit))


@functools.cache
def takers_of_keys() -> tuple[str, ...]:
    """The functions of jax.random that use up, or derive from, the key they get."""
    names = [name for name in vars(jax.random) if not name.startswith("_")]
    functions = [name for name in names if callable(getattr(jax.random, name))]
    return tuple(
        name
        for name in functions
        if name not in _READING
        and next(iter(inspect.signature(getattr(jax.random, name)).parameters), "") == "key"
    )


def _note(name: str, function: Callable[..., Any], notes: _Notes) -> Callable[..., Any]:
    @functools.wraps(function)
    def noting(*args: Any, **kwargs: Any) -> Any:
        key = args[0] if args else kwargs.get("key")
        number = None
        if name == _DERIVING:
            number = args[1] if len(args) > 1 else kwargs.get("data")
        try:
            notes.add(name, key, number)
        except Exception as fault:  # ours, not the function's that is called
            notes.fault = notes.fault or fault
        with jax.disable_jit(False):  # threefry step by step would take seconds
            return function(*args, **kwargs)

    return noting
