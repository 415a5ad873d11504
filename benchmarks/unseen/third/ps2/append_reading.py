# %% right: empty tuple as the default, unpacking
def append_reading(x: float, history: tuple[float, ...] | list[float] = ()) -> tuple[float, ...]:
    """Return the history with the reading `x` at its end."""
    return (*history, x)


# %% right: None as the default, written out
def append_reading(x, history=None):
    if history is None:
        history = []
    readings = list(history)
    readings.append(x)
    return tuple(readings)


# %% right: functional, chain of iterators
from itertools import chain


def append_reading(x: float, history: tuple[float, ...] | list[float] = ()) -> tuple[float, ...]:
    return tuple(chain(history, (x,)))


# %% right: a sentinel of its own and operator.concat
from operator import concat

_LEFT_OUT = object()


def append_reading(x, history=_LEFT_OUT):
    before = () if history is _LEFT_OUT else tuple(history)
    return concat(before, (x,))


# %% wrong: += on the history | a list of the caller grows
def append_reading(x: float, history: tuple[float, ...] | list[float] = ()) -> tuple[float, ...]:
    history += (x,)
    return tuple(history)


# %% wrong: dict.fromkeys against doubles | the same reading may occur more than once, here the second is lost
def append_reading(x: float, history: tuple[float, ...] | list[float] = ()) -> tuple[float, ...]:
    return tuple(dict.fromkeys([*history, x]))


# %% wrong: appended with jnp | readings come back rounded to float32, 0.1 as 0.10000000149011612
def append_reading(x: float, history: tuple[float, ...] | list[float] = ()) -> tuple[float, ...]:
    return tuple(jnp.append(jnp.asarray(history), x).tolist())


# %% wrong: kept in order of size | a reading smaller than an earlier one is not at the end
def append_reading(x: float, history: tuple[float, ...] | list[float] = ()) -> tuple[float, ...]:
    return tuple(sorted([*history, x]))


# %% wrong: readings that are not finite are skipped | infinity and NaN may be readings and are lost
import math


def append_reading(x: float, history: tuple[float, ...] | list[float] = ()) -> tuple[float, ...]:
    return tuple(reading for reading in (*history, x) if math.isfinite(reading))


# %% wrong: recursion over the history | a history of a few thousand readings raises RecursionError
def append_reading(x: float, history: tuple[float, ...] | list[float] = ()) -> tuple[float, ...]:
    if len(history) == 0:
        return (x,)
    return (history[0],) + append_reading(x, history[1:])


# %% wrong: a deque with a maximal length | histories of 1000 readings or more lose their first ones
from collections import deque


def append_reading(x: float, history: tuple[float, ...] | list[float] = ()) -> tuple[float, ...]:
    readings = deque(history, maxlen=1000)
    readings.append(x)
    return tuple(readings)


# %% wrong: cached by value | 0.0 and -0.0 are the same key, so -0.0 comes back as 0.0 (and an equal call gives the old tuple, not a new one)
from functools import lru_cache


@lru_cache(maxsize=None)
def _appended(x, history):
    return (*history, x)


def append_reading(x: float, history: tuple[float, ...] | list[float] = ()) -> tuple[float, ...]:
    return _appended(x, tuple(history))
