# %% right: star into a tuple, default ()
def append_reading(x: float, history: tuple[float, ...] | list[float] = ()) -> tuple[float, ...]:
    return (*history, x)

# %% right: None as default
def append_reading(
    x: float, history: tuple[float, ...] | list[float] | None = None
) -> tuple[float, ...]:
    if history is None:
        history = ()
    return tuple(history) + (x,)

# %% right: itertools.chain
from itertools import chain


def append_reading(x: float, history: tuple[float, ...] | list[float] = ()) -> tuple[float, ...]:
    return tuple(chain(history, [x]))

# %% right: a list of its own
def append_reading(x: float, history: tuple[float, ...] | list[float] = ()) -> tuple[float, ...]:
    readings = list(history)
    readings.append(x)
    return tuple(readings)

# %% right: Ellipsis kept as the sentinel
def append_reading(x: float, history: tuple[float, ...] | list[float] = ...) -> tuple[float, ...]:
    new = []
    if history is not ...:
        new.extend(history)
    new += [x]
    return tuple(new)

# %% right: generator over positions
def append_reading(x: float, history: tuple[float, ...] | list[float] = ()) -> tuple[float, ...]:
    n = len(history)
    return tuple(history[i] if i < n else x for i in range(n + 1))

# %% right: lambda with "or"
append_reading = lambda x, history=None: (*(history or ()), x)

# %% right: a list as default that nobody writes to
def append_reading(x: float, history: tuple[float, ...] | list[float] = []) -> tuple[float, ...]:
    return (*history, x)

# %% wrong: mutable default and append | readings pile up in the default, and the caller's list is changed
def append_reading(x: float, history: tuple[float, ...] | list[float] = []) -> tuple[float, ...]:
    if isinstance(history, tuple):
        history = list(history)
    history.append(x)
    return tuple(history)

# %% wrong: += | for a list it appends to the caller's
def append_reading(x: float, history: tuple[float, ...] | list[float] = ()) -> tuple[float, ...]:
    history += (x,)
    return tuple(history)

# %% wrong: list for a list | the result is a list if the history is one
def append_reading(x: float, history: tuple[float, ...] | list[float] = ()) -> tuple[float, ...]:
    return history + type(history)([x])

# %% wrong: repeated readings skipped | a reading that is already in the history is not added
def append_reading(x: float, history: tuple[float, ...] | list[float] = ()) -> tuple[float, ...]:
    if x in history:
        return tuple(history)
    return (*history, x)

# %% wrong: duplicates removed | equal readings in the history are merged
def append_reading(x: float, history: tuple[float, ...] | list[float] = ()) -> tuple[float, ...]:
    return tuple(dict.fromkeys([*history, x]))

# %% wrong: sorted | readings that do not come in ascending order change places
def append_reading(x: float, history: tuple[float, ...] | list[float] = ()) -> tuple[float, ...]:
    return tuple(sorted([*history, x]))

# %% wrong: finite readings only | infinity and NaN are left out
import math


def append_reading(x: float, history: tuple[float, ...] | list[float] = ()) -> tuple[float, ...]:
    return tuple(r for r in (*history, x) if math.isfinite(r))

# %% wrong: NaN ignored | a NaN reading returns the old history
def append_reading(x: float, history: tuple[float, ...] | list[float] = ()) -> tuple[float, ...]:
    return (*history, x) if x == x else tuple(history)

# %% wrong: remembers results with lru_cache | 0.0 and -0.0 are one key, so -0.0 may come back as 0.0
from functools import lru_cache


@lru_cache(maxsize=None)
def _append(x, history):
    return (*history, x)


def append_reading(x: float, history: tuple[float, ...] | list[float] = ()) -> tuple[float, ...]:
    return _append(x, tuple(history))

# %% wrong: sum that starts at 0.0 | -0.0 + 0.0 makes the reading 0.0
def append_reading(x: float, history: tuple[float, ...] | list[float] = ()) -> tuple[float, ...]:
    return (*history, x + 0.0)

# %% wrong: through a JAX array | readings are rounded to float32
def append_reading(x: float, history: tuple[float, ...] | list[float] = ()) -> tuple[float, ...]:
    readings = jnp.append(jnp.asarray(history, jnp.float32), x)
    return tuple(readings.tolist())

# %% wrong: np.append | the readings come back as np.float64
def append_reading(x: float, history: tuple[float, ...] | list[float] = ()) -> tuple[float, ...]:
    return tuple(np.append(history, x))

# %% wrong: window of the last hundred | longer histories lose their beginning
from collections import deque


def append_reading(x: float, history: tuple[float, ...] | list[float] = ()) -> tuple[float, ...]:
    window = deque(history, maxlen=100)
    window.append(x)
    return tuple(window)

# %% wrong: recursion over the history | a history of a few thousand readings exceeds the recursion limit
def append_reading(x: float, history: tuple[float, ...] | list[float] = ()) -> tuple[float, ...]:
    if not history:
        return (x,)
    return (history[0],) + append_reading(x, history[1:])

# %% wrong: appended and removed again | remove() takes the first equal reading, so the caller's list changes its order
def append_reading(x: float, history: tuple[float, ...] | list[float] = ()) -> tuple[float, ...]:
    if isinstance(history, tuple):
        return history + (x,)
    history.append(x)
    result = tuple(history)
    history.remove(x)
    return result

# %% wrong: looks at the last reading | an empty history given by the caller raises
def append_reading(
    x: float, history: tuple[float, ...] | list[float] | None = None
) -> tuple[float, ...]:
    if history is None:
        return (x,)
    *earlier, last = history
    return (*earlier, last, x)

# %% wrong: a glitch filter | a reading equal to the last one is not added
def append_reading(x: float, history: tuple[float, ...] | list[float] = ()) -> tuple[float, ...]:
    if len(history) > 0 and history[-1] == x:
        return tuple(history)
    return (*history, x)

# %% wrong: through text with six digits | readings lose digits
def append_reading(x: float, history: tuple[float, ...] | list[float] = ()) -> tuple[float, ...]:
    text = " ".join(f"{reading:g}" for reading in (*history, x))
    return tuple(float(word) for word in text.split())

# %% wrong: whole readings to int | 3.0 comes back as the int 3
def append_reading(x: float, history: tuple[float, ...] | list[float] = ()) -> tuple[float, ...]:
    return tuple(int(r) if r.is_integer() else r for r in (*history, x))

# %% wrong: falsy readings filtered | 0.0 and -0.0 are dropped
def append_reading(x: float, history: tuple[float, ...] | list[float] = ()) -> tuple[float, ...]:
    return tuple(filter(None, [*history, x]))

# %% wrong: an empty history continues the last one | append_reading(x, ()) goes on with the history of the call before
_last = ()


def append_reading(
    x: float, history: tuple[float, ...] | list[float] | None = None
) -> tuple[float, ...]:
    global _last
    if history is None:
        _last = ()
    elif len(history):
        _last = tuple(history)
    _last = (*_last, x)
    return _last

# %% wrong: records the last result | a side effect: writes the new history to a global
latest_history = ()


def append_reading(x: float, history: tuple[float, ...] | list[float] = ()) -> tuple[float, ...]:
    global latest_history
    latest_history = (*history, x)
    return latest_history
