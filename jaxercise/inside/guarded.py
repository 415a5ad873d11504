"""Finds writes to arguments, even if they are undone before the call returns.

NumPy arrays are made read-only, so that writing raises; dicts and lists are replaced by copies
that record changes. Otherwise the arguments look and behave as usual.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, SupportsIndex

import jax
import numpy as np

from jaxercise.inside.raised import text_of


def written_to(function: Callable[..., Any], args: tuple[Any, ...]) -> list[str]:
    """Which of `args` the function writes to; everything else about the call is ignored.

    If it writes to an array, the first argument that contains one is named.
    """
    names = [f"argument {i + 1}" for i in range(len(args))]
    written: dict[str, None] = {}
    with_arrays = [name for name, arg in zip(names, args, strict=True) if _make_read_only(arg)]
    guarded = [
        noting(arg, lambda name=name: written.setdefault(name))
        for name, arg in zip(names, args, strict=True)
    ]
    try:
        function(*guarded)
    except BaseException as error:
        if type(error) is ValueError and "read-only" in text_of(error, 200):
            written |= dict.fromkeys(with_arrays[:1])
    return list(written)


def _make_read_only(value: Any) -> bool:
    """Make the NumPy arrays in `value` read-only; returns whether there are any."""
    arrays = [leaf for leaf in jax.tree.leaves(value) if type(leaf) is np.ndarray]
    for array in arrays:
        array.flags.writeable = False
    return bool(arrays)


class _NotingDict(dict[Any, Any]):
    note: Callable[[], None]

    def __reduce_ex__(self, protocol: SupportsIndex) -> tuple[Any, ...]:
        return dict, (dict(self),)  # A copy belongs to whoever made it.


class _NotingList(list[Any]):
    note: Callable[[], None]

    def __reduce_ex__(self, protocol: SupportsIndex) -> tuple[Any, ...]:
        return list, (list(self),)


def _noting(base: type, name: str) -> Callable[..., Any]:
    change = getattr(base, name)

    def method(self: Any, *args: Any, **kwargs: Any) -> Any:
        self.note()
        return change(self, *args, **kwargs)

    return method


for _kind, _base, _writers in (
    (_NotingDict, dict, "__setitem__ __delitem__ __ior__ clear pop popitem setdefault update"),
    (
        _NotingList,
        list,
        "__setitem__ __delitem__ __iadd__ __imul__ append clear extend insert pop remove reverse "
        "sort",
    ),
):
    for _name in _writers.split():
        setattr(_kind, _name, _noting(_base, _name))


def _plain_dict(names: tuple[Any, ...], values: Any) -> Any:
    return dict(zip(names, values, strict=True))


def _plain_list(_: None, values: Any) -> Any:
    return list(values)


# A container that JAX has flattened and rebuilt is no longer the caller's.
jax.tree_util.register_pytree_with_keys(
    _NotingDict,
    lambda d: ([(jax.tree_util.DictKey(k), d[k]) for k in sorted(d)], tuple(sorted(d))),
    _plain_dict,
)
jax.tree_util.register_pytree_node(_NotingList, lambda v: (list(v), None), _plain_list)


def noting(value: Any, note: Callable[[], None]) -> Any:
    """A copy whose dicts and lists call `note` before they are changed."""
    if type(value) is tuple:
        return tuple(noting(item, note) for item in value)
    copied: Any
    if type(value) is dict:
        copied = _NotingDict((name, noting(item, note)) for name, item in value.items())
    elif type(value) is list:
        copied = _NotingList(noting(item, note) for item in value)
    else:
        return value
    copied.note = note
    return copied
