"""Arguments that tell whether they were written to, even where it was undone afterwards.

A NumPy array is made read-only, which makes NumPy raise; a dict or a list becomes one that notes
what changes it. All else looks and behaves as it does without.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, SupportsIndex

import jax
import numpy as np

from jaxercise.inside.raised import text_of


def written_to(function: Callable[..., Any], args: tuple[Any, ...]) -> list[str]:
    """Which of `args` the function writes to; whatever else becomes of the call is no matter.

    Where it writes to a read-only array, the first argument that has one is named.
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
    """Make the NumPy arrays in `value` read-only; whether there are any."""
    arrays = [leaf for leaf in jax.tree.leaves(value) if type(leaf) is np.ndarray]
    for array in arrays:
        array.flags.writeable = False
    return bool(arrays)


class _NotingDict(dict[Any, Any]):
    note: Callable[[], None]

    def __reduce_ex__(self, protocol: SupportsIndex) -> tuple[Any, ...]:
        return dict, (dict(self),)  # A copy is nobody's but its maker's.


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


# What JAX takes apart and puts together again is no longer the caller's.
jax.tree_util.register_pytree_with_keys(
    _NotingDict,
    lambda d: ([(jax.tree_util.DictKey(k), d[k]) for k in sorted(d)], tuple(sorted(d))),
    _plain_dict,
)
jax.tree_util.register_pytree_node(_NotingList, lambda v: (list(v), None), _plain_list)


def noting(value: Any, note: Callable[[], None]) -> Any:
    """A copy whose dicts and lists call `note` before something changes them."""
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
