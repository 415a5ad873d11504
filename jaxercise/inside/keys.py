"""Finds PRNG keys that are used twice, both typed and legacy keys.

While the function runs, the public functions of `jax.random` record the bits of each key that
they are given. It runs with `jax.disable_jit`, so that `lax.scan` and `lax.fori_loop` become
Python loops and every step is seen. Tracers remain only under `vmap`, and those hold the keys
that they stand for; tracers of other transformations are compared by identity.
(`jax.debug_key_reuse` does not help: it knows only typed keys, and reports correct code that
stacks, slices or indexes them.)
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
from jaxercise.wire.records import is_key

# A key may be folded with several different numbers if it is used for nothing else, and reading
# it does not use it.
_DERIVING = "fold_in"
_READING = ("clone", "key_data", "key_impl", "wrap_key_data")


def reuse(
    namespace: dict[str, Any],
    function: Callable[..., Any],
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
) -> tuple[str, ...] | None:
    """Two uses of one key in `function(*args, **kwargs)`, to pass to `in_words`; or None.

    Whatever the function raises is ignored, since other checks report it. Raises if recording
    the uses fails, which is a fault of the library.
    """
    silent = io.StringIO()
    uses = _KeyUses()
    with (
        contextlib.redirect_stdout(silent),
        contextlib.redirect_stderr(silent),
        _recording(namespace, uses),
        jax.disable_jit(),
        contextlib.suppress(BaseException),
    ):
        function(*args, **kwargs)
    if uses.fault is not None:
        raise uses.fault
    for uses_of_one_key in uses.by_key.values():
        if conflict := _conflict(uses_of_one_key):
            return conflict
    return None


def in_words(conflict: Any) -> str | None:
    """What `reuse` found as a clause of a sentence; None for what it cannot have found.

    >>> in_words(("normal", "split"))
    'the same key goes into normal and into split'
    """
    match conflict:
        case ("the same number",):
            return "the same key is folded with the same number twice"
        case (str(first), str(second)) if {first, second} <= {*takers_of_keys()}:
            return f"the same key goes into {first} and into {second}"
    return None


class _KeyUses:
    """The functions that each key was passed to, with the number where that was fold_in."""

    def __init__(self) -> None:
        self.by_key: dict[bytes | int, list[tuple[str, int | None]]] = {}
        self.kept_alive: list[Any] = []
        self.fault: Exception | None = None

    def add(self, function: str, key: Any, number: Any) -> None:
        self.kept_alive.append((key, number))  # so that their ids are not reused
        for one_key, one_number in _pairs(key, number):
            self.by_key.setdefault(one_key, []).append((function, one_number))


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
    """Pairs of a key's bits and the number folded in (None for other functions).

    Under vmap there is one pair for each element. Where values are not known, ids stand for
    them. A batch of keys, or something that is no key, gives no pair.
    """
    if not isinstance(key, jax.Array) or key.ndim != (0 if is_key(key) else 1):
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
    else:  # The key is mapped by one vmap and the number by another.
        yield id(key), id(number)


def _of_one_vmap(key: Any, number: Any) -> bool:
    vmap = private_jax.vmap_of(key)
    return vmap is not None and vmap is private_jax.vmap_of(number)


class _Unknown(Exception):
    """The values behind a tracer cannot be read: it is not of vmap, or JAX has changed."""


def _rows(value: Any) -> np.ndarray:
    """The data of each value that `value` stands for under vmap, one row each."""
    try:
        array, mapped = _unmapped(value)
        return array.reshape(math.prod(array.shape[:mapped]), math.prod(array.shape[mapped:]))
    except Exception as error:
        raise _Unknown from error


def _unmapped(value: Any) -> tuple[np.ndarray, int]:
    """The array behind nested tracers of vmap, mapped axes first, and how many those are."""
    if isinstance(value, private_jax.Tracer):
        axis, inner = private_jax.unmapped(value)
        array, outer = _unmapped(inner)
        return np.moveaxis(array, outer + operator.index(axis), outer), outer + 1
    return np.asarray(jax.random.key_data(value) if is_key(value) else value), 0


@contextlib.contextmanager
def _recording(namespace: dict[str, Any], uses: _KeyUses) -> Generator[None]:
    """Within, the functions of jax.random record their keys, also under names of the notebook."""
    originals = {name: getattr(jax.random, name) for name in takers_of_keys()}
    wrappers = {name: _recorder(name, f, uses) for name, f in originals.items()}
    by_identity = {id(originals[name]): wrappers[name] for name in originals}
    forms = {name: _recording_form(value, by_identity) for name, value in namespace.items()}
    replaced = {name: namespace[name] for name, form in forms.items() if form is not None}
    try:
        for name, wrapper in wrappers.items():
            setattr(jax.random, name, wrapper)
        namespace.update((name, forms[name]) for name in replaced)
        yield
    finally:
        for name, original in originals.items():
            setattr(jax.random, name, original)
        namespace.update(replaced)


def _recording_form(
    value: Any, by_identity: dict[int, Callable[..., Any]]
) -> Callable[..., Any] | None:
    """The recording form of a function of jax.random, also jitted or partial; None for others."""
    if issubclass(type(value), functools.partial):
        inner = _recording_form(value.func, by_identity)
        return inner and functools.partial(inner, *value.args, **value.keywords)
    in_jit = private_jax.function_in_jit(value)
    return by_identity.get(id(value)) or by_identity.get(id(in_jit))


@functools.cache
def takers_of_keys() -> tuple[str, ...]:
    """The functions of jax.random that use the key they get or derive keys from it."""
    names = [name for name in vars(jax.random) if not name.startswith("_")]
    functions = [name for name in names if callable(getattr(jax.random, name))]
    return tuple(
        name
        for name in functions
        if name not in _READING
        and next(iter(inspect.signature(getattr(jax.random, name)).parameters), "") == "key"
    )


def _recorder(name: str, function: Callable[..., Any], uses: _KeyUses) -> Callable[..., Any]:
    @functools.wraps(function)
    def recording(*args: Any, **kwargs: Any) -> Any:
        key = args[0] if args else kwargs.get("key")
        number = None
        if name == _DERIVING:
            number = args[1] if len(args) > 1 else kwargs.get("data")
        try:
            uses.add(name, key, number)
        except Exception as fault:  # the library's, not the called function's
            uses.fault = uses.fault or fault
        with jax.disable_jit(False):  # Threefry uncompiled would take seconds.
            return function(*args, **kwargs)

    return recording
