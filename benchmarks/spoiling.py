"""Ways to spoil a right function in one special case, for spoiled.py, which runs this text.

Each function here makes a call of a right function, and does something wrong in one case alone.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax.core import Tracer

Spoil = Callable[[Callable[..., Any], tuple[Any, ...]], Any]


def spoiled(function: Callable[..., Any], name: str) -> Callable[..., Any]:
    """The function as `name` spoils it."""

    @functools.wraps(function)
    def call(*args: Any) -> Any:
        return SPOILS[name](function, args)

    return call


def a_spoil(spoil: Spoil) -> Spoil:
    SPOILS[spoil.__name__] = spoil
    return spoil


def is_key(value: Any) -> bool:
    return isinstance(value, jax.Array) and jnp.issubdtype(value.dtype, jax.dtypes.prng_key)


def is_array(value: Any) -> bool:
    return isinstance(value, np.ndarray | np.generic | jax.Array) and not is_key(value)


def arrays(tree: Any) -> list[Any]:
    return [leaf for leaf in jax.tree.leaves(tree) if is_array(leaf)]


def is_traced(args: tuple[Any, ...]) -> bool:
    return any(isinstance(leaf, Tracer) for leaf in jax.tree.leaves(args))


def changed(out: Any, change: Callable[[Any], Any], kinds: str = "f") -> Any:
    """`change` made to the arrays of `out` of these kinds of dtype, which they keep."""

    def of_leaf(leaf: Any) -> Any:
        if is_array(leaf) and leaf.dtype.kind in kinds:
            return change(leaf).astype(leaf.dtype)
        return type(leaf)(change(leaf)) if isinstance(leaf, float) and "f" in kinds else leaf

    return jax.tree.map(of_leaf, out)


def wrong(out: Any) -> Any:
    """Numbers one larger than they are, and other strings."""
    out = changed(out, lambda leaf: leaf + 1, "fiuc")
    return jax.tree.map(lambda leaf: f"{leaf}x" if isinstance(leaf, str) else leaf, out)


def wrong_where(bad: Any, out: Any) -> Any:
    """As `wrong` where `bad`, which may be traced."""

    def of_leaf(leaf: Any, other: Any) -> Any:
        if not isinstance(leaf, jax.Array) or is_key(leaf):
            return leaf
        return jnp.where(bad, other, leaf)

    return jax.tree.map(of_leaf, out, wrong(out))


def wrong_if(case: Callable[[Any], bool]) -> Spoil:
    """A wrong result if any array among the arguments is such a case."""

    def spoil(function: Callable[..., Any], args: tuple[Any, ...]) -> Any:
        out = function(*args)
        return wrong(out) if any(map(case, arrays(args))) else out

    return spoil


def changes(change: Callable[[Any], Any], kinds: str = "f") -> Spoil:
    return lambda function, args: changed(function(*args), change, kinds)


def cut_after(length: int) -> Spoil:
    """Zeros in place of results beyond this length."""

    def of_leaf(leaf: Any) -> Any:
        long = isinstance(leaf, jax.Array) and leaf.ndim and len(leaf) > length
        return leaf.at[length:].set(0) if long and not is_key(leaf) else leaf

    return lambda function, args: jax.tree.map(of_leaf, function(*args))


SPOILS: dict[str, Spoil] = {
    "rounds to 1e-6": changes(lambda leaf: leaf.round(6) if is_array(leaf) else round(leaf, 6)),
    "clips at 1e6": changes(lambda leaf: np.clip(leaf, -1e6, 1e6)),
    "0 below 1e-8": changes(lambda leaf: leaf * (abs(leaf) >= 1e-8)),
    "counts in 16 bits": changes(lambda leaf: leaf & 0xFFFF, "i"),
    "0 beyond 200": cut_after(200),
    "0 beyond 1000": cut_after(1000),
    "wrong for over 1000": wrong_if(lambda array: array.size > 1000),
    "wrong for one entry": wrong_if(lambda array: array.size == 1 and array.ndim > 0),
    "wrong without axes": wrong_if(lambda array: array.ndim == 0),
    "wrong for NumPy": wrong_if(lambda array: isinstance(array, np.ndarray)),
    "wrong for integers": wrong_if(lambda array: array.dtype.kind in "iu"),
}


@a_spoil
def wrong_for_jax(function: Callable[..., Any], args: tuple[Any, ...]) -> Any:
    out = function(*args)
    given = any(isinstance(array, jax.Array) for array in arrays(args))
    return wrong(out) if given and not is_traced(args) else out


@a_spoil
def wrong_while_traced(function: Callable[..., Any], args: tuple[Any, ...]) -> Any:
    out = function(*args)
    return wrong(out) if is_traced(args) else out


@a_spoil
def prints_while_traced(function: Callable[..., Any], args: tuple[Any, ...]) -> Any:
    if is_traced(args):
        print("traced")
    return function(*args)


@a_spoil
def wrong_for_zeros(function: Callable[..., Any], args: tuple[Any, ...]) -> Any:
    zeros = [jnp.all(jnp.asarray(array) == 0) for array in arrays(args) if array.size]
    return wrong_where(jnp.any(jnp.array([False, *zeros])), function(*args))


@a_spoil
def wrong_for_negative(function: Callable[..., Any], args: tuple[Any, ...]) -> Any:
    below = [jnp.any(jnp.asarray(array) < 0) for array in arrays(args) if array.dtype.kind in "fi"]
    return wrong_where(jnp.any(jnp.array([False, *below])), function(*args))


@a_spoil
def wrong_for_equal(function: Callable[..., Any], args: tuple[Any, ...]) -> Any:
    ordered = [jnp.sort(jnp.ravel(jnp.asarray(array))) for array in arrays(args)]
    equal = [jnp.any(one[1:] == one[:-1]) for one in ordered]
    return wrong_where(jnp.any(jnp.array([False, *equal])), function(*args))


@a_spoil
def donates(function: Callable[..., Any], args: tuple[Any, ...]) -> Any:
    """Takes over the memory of arguments that are as large as a result, as donated ones are."""
    out = function(*args)
    if not is_traced(args):
        sizes = {(leaf.shape, str(leaf.dtype)) for leaf in arrays(out)}
        for array in arrays(args):
            given = isinstance(array, jax.Array) and (array.shape, str(array.dtype)) in sizes
            if given and all(array is not leaf for leaf in arrays(out)):
                array.delete()
    return out
