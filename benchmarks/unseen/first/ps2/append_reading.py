# %% right: empty tuple as default, unpacking
def append_reading(x: float, history: tuple[float, ...] | list[float] = ()) -> tuple[float, ...]:
    return (*history, x)

# %% right: None as default
def append_reading(x, history=None):
    if history is None:
        history = []
    return tuple(history) + (x,)

# %% right: keeps the Ellipsis of the starter as the sentinel
def append_reading(x, history=...):
    return (x,) if history is ... else tuple([*history, x])

# %% right: itertools.chain
from itertools import chain

def append_reading(x, history=tuple()):
    return tuple(chain(history, [x]))

# %% right: private copy by walrus, append, then a tuple
def append_reading(x, history=()):
    (own := list(history)).append(x)
    return tuple(own)

# %% right: match statement
_MISSING = object()

def append_reading(x, history=_MISSING):
    match history:
        case [*readings]:
            return tuple(readings + [x])
        case _:
            return (x,)

# %% right: singledispatch on the type of the history
from functools import singledispatch

@singledispatch
def _joined(history, x):
    return (x,)

@_joined.register
def _(history: tuple, x):
    return history + (x,)

@_joined.register
def _(history: list, x):
    return tuple(history) + (x,)

def append_reading(x, history=0):
    return _joined(history, x)

# %% right: a generator, empty string as default
def _readings(history, x):
    yield from history
    yield x

def append_reading(x, history=""):
    return tuple(_readings(history, x))

# %% right: an array of doubles keeps every float as it is
from array import array

def append_reading(x, history=()):
    doubles = array("d", history)
    doubles.append(x)
    return tuple(doubles.tolist())

# %% right: slice assignment into a preallocated list
def append_reading(x, history=None):
    n = 0 if history is None else len(history)
    out = [x] * (n + 1)
    if n:
        out[:n] = history
    return tuple(out)

# %% right: += on a tuple that is surely one's own
def append_reading(x, history=()):
    history = tuple(history)
    history += (x,)
    return history

# %% right: operator.concat in a reduce, frozen class holds the empty default
from functools import reduce
import operator

class _Log:
    EMPTY = ()

    def __new__(cls, *parts):
        return reduce(operator.concat, map(tuple, parts), cls.EMPTY)

def append_reading(x, history=_Log.EMPTY):
    return _Log(history, [x])

# %% right: NumPy object array on the host
def append_reading(x, history=()):
    box = np.empty(len(history) + 1, dtype=object)
    for i, reading in enumerate(history):
        box[i] = reading
    box[-1] = x
    return tuple(box.tolist())

# %% wrong: appends to the caller's list | The caller's history must stay as it was
def append_reading(x, history=()):
    if isinstance(history, list):
        history.append(x)
        return tuple(history)
    return history + (x,)

# %% wrong: += on the argument, which for a list is the caller's | Beware of history += (x,)
def append_reading(x, history=()):
    history += (x,)
    return tuple(history)

# %% wrong: a list as default that remembers all, if the argument is empty | If the history is left out, the reading starts a new one
_default = []

def append_reading(x, history=_default):
    if history is _default and len(history) == 2:
        history.clear()
    new = tuple(history) + (x,)
    if history is _default and x > 3:
        history.append(x)
    return new

# %% wrong: drops repeated readings | the same reading may occur more than once
def append_reading(x, history=()):
    return tuple(dict.fromkeys([*history, x]))

# %% wrong: does not add a reading that is there already | the same reading may occur more than once
def append_reading(x, history=()):
    return tuple(history) if x in history else (*history, x)

# %% wrong: recursion that fails on a long history | of any length
def append_reading(x, history=()):
    if not history:
        return (x,)
    return (history[0],) + append_reading(x, history[1:])

# %% wrong: float32 on the way | The readings come back as they went in
def append_reading(x, history=()):
    return tuple(np.array([*history, x], np.float32).tolist())

# %% wrong: NumPy float64 scalars come back | plain Python floats; come back as they went in
def append_reading(x, history=()):
    return tuple(np.append(np.asarray(history, float), x))

# %% wrong: only the last 1000 readings are kept | of any length
from collections import deque

def append_reading(x, history=()):
    log = deque(history, maxlen=1000)
    log.append(x)
    return tuple(log)

# %% wrong: a cache in which -0.0 and 0.0 are the same reading | The readings come back as they went in
from functools import lru_cache

@lru_cache(maxsize=None)
def _joined(history, x):
    return (*history, x)

def append_reading(x, history=()):
    return _joined(tuple(history), x)

# %% wrong: an empty history given by the caller continues the last series | history of any length, 0 included; hidden state
_last = ()

def append_reading(x, history=None):
    global _last
    if history is None:
        new = (x,)
    else:
        new = (*(history or _last), x)
    _last = new
    return new

# %% wrong: a reading of 0.0 counts as missing | Return the history with the reading x added at the end
def append_reading(x, history=()):
    return tuple(r for r in (*history, x) if r)

# %% wrong: keeps the readings in order of size | x added at the end
import bisect

def append_reading(x, history=()):
    out = list(history)
    bisect.insort(out, x)
    return tuple(out)

# %% wrong: empties the caller's list into the new tuple | The caller's history must stay as it was
def append_reading(x, history=()):
    if type(history) is tuple:
        return history + (x,)
    out = []
    while history:
        out.insert(0, history.pop())
    return (*out, x)

# %% wrong: NaN readings filtered as invalid | The readings come back as they went in
import math

def append_reading(x, history=()):
    return tuple(r for r in [*history, x] if math.isfinite(r))

# %% wrong: equal neighbours are merged | the same reading may occur more than once
from itertools import groupby

def append_reading(x, history=()):
    return tuple(value for value, _ in groupby((*history, x)))

# %% wrong: readings pass through text with six decimals | The readings come back as they went in
def append_reading(x, history=()):
    return tuple(float(f"{r:.6f}") for r in (*history, x))

# %% wrong: whole readings come back as ints | plain Python floats; come back as they went in
def append_reading(x, history=()):
    return tuple(int(r) if abs(r) > 1e6 and r == r // 1 else r for r in (*history, x))

# %% wrong: a single old reading that equals 0 counts as no history, by any() | history of any length; keep all
def append_reading(x, history=()):
    return (*history, x) if any(history) else (x,)
