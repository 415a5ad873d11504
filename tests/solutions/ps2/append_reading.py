# %% right: None as the default
def append_reading(x, history=None):
    if history is None:
        return (x,)
    return tuple(history) + (x,)


# %% right: a list of its own, turned into a tuple
def append_reading(x: float, history: tuple[float, ...] | list[float] = ()) -> tuple[float, ...]:
    readings = list(history)
    readings.append(x)
    return tuple(readings)


# %% right: a list as the default, which nobody changes
def append_reading(x, history=[]):
    return tuple([*history, x])


# %% right: itertools and a constant
import itertools

NOTHING_YET = ()


def append_reading(x, history=NOTHING_YET):
    return tuple(itertools.chain(history, [x]))


# %% right: an object of a class of its own for what is left out
class Missing:
    pass


MISSING = Missing()


def append_reading(x, history=MISSING):
    return (x,) if history is MISSING else (*history, x)


# %% wrong: the default list remembers -> is_pure, starts_a_new_history
def append_reading(x, history=[]):
    history = history if isinstance(history, list) else list(history)
    history.append(x)
    return tuple(history)


# %% wrong: += extends the caller's list -> is_pure
def append_reading(x, history=()):
    history += (x,)
    return tuple(history)


# %% wrong: appends to the caller's list, copies tuples -> is_pure
def append_reading(x, history=()):
    if isinstance(history, tuple):
        history = list(history)
    history.append(x)
    return tuple(history)


# %% wrong: extends a list given as history under another name -> is_pure
def append_reading(x, history=None):
    readings = history if isinstance(history, list) else list(history or ())
    readings.insert(len(readings), x)
    return (*readings,)


# %% wrong: keeps all readings in a global list too -> is_pure
all_readings = []


def append_reading(x, history=()):
    all_readings.append(x)
    return (*history, x)


# %% wrong: the last history is the default, kept in a global -> is_pure, starts_a_new_history
latest = ()


def append_reading(x, history=None):
    global latest
    latest = (*(latest if history is None else history), x)
    return latest


# %% wrong: returns a list for a list -> appends_the_reading
def append_reading(x, history=()):
    return history + type(history)([x])


# %% wrong: returns a JAX array -> appends_the_reading
def append_reading(x, history=()):
    return jnp.append(jnp.array(history), x)


# %% wrong: rounds the readings to float32 on the way -> appends_the_reading
def append_reading(x, history=()):
    return tuple(float(reading) for reading in jnp.array([*history, x]))


# %% wrong: puts the reading first -> appends_the_reading
def append_reading(x, history=()):
    return (x, *history)


# %% wrong: nests the old history -> appends_the_reading
def append_reading(x, history=()):
    return (history, x)


# %% wrong: the history cannot be left out -> starts_a_new_history
def append_reading(x, history):
    return (*history, x)


# %% wrong: an empty history counts as none, and becomes a remembered one -> is_pure, starts_a_new_history
def append_reading(x, history=(), remembered=[]):
    if not history:
        remembered.append(x)
        return tuple(remembered)
    return (*history, x)


# %% wrong: numbers its readings by a counter that nobody reads -> is_pure
import itertools

numbers = itertools.count()


def append_reading(x, history=()):
    next(numbers)
    return (*history, x)


# %% wrong: appends the reading to a file -> is_pure
def append_reading(x, history=()):
    with open("readings.txt", "a") as file:
        file.write(f"{x}\n")
    return (*history, x)


# %% right: slices of a list
def append_reading(x, history=()):
    new = [*history]
    new[len(new) :] = [x]
    return tuple(new)


# %% right: sum of tuples
def append_reading(x, history=None):
    return sum((tuple(history or ()), (x,)), ())


# %% wrong: a reading of 0 taken for none -> appends_the_reading
def append_reading(x, history=()):
    return (*history, x) if x else tuple(history)


# %% wrong: zeros left out -> appends_the_reading
def append_reading(x, history=()):
    return tuple(reading for reading in (*history, x) if reading)


# %% wrong: dict.fromkeys, so that repeats vanish -> appends_the_reading
def append_reading(x, history=()):
    return tuple(dict.fromkeys((*history, x)))


# %% wrong: a reading seen before is not appended -> appends_the_reading
def append_reading(x, history=()):
    return tuple(history) if x in history else (*history, x)


# %% wrong: NumPy's numbers -> appends_the_reading
def append_reading(x, history=()):
    return tuple(np.append(np.asarray(history, float), x))


# %% wrong: keeps the last hundred -> appends_the_reading
def append_reading(x, history=()):
    return (*history, x)[-100:]


# %% wrong: sorted -> appends_the_reading
def append_reading(x, history=()):
    return tuple(sorted((*history, x)))


# %% wrong: NaN left out -> appends_the_reading
def append_reading(x, history=()):
    return tuple(reading for reading in (*history, x) if reading == reading)


# %% wrong: only finite readings -> appends_the_reading
def append_reading(x, history=()):
    return tuple(reading for reading in (*history, x) if np.isfinite(reading))


# %% wrong: rounds to six places -> appends_the_reading
def append_reading(x, history=()):
    return tuple(round(reading, 6) for reading in (*history, x))


# %% wrong: whole readings as ints -> appends_the_reading
def append_reading(x, history=()):
    return tuple(int(r) if r == r and abs(r) < 1e9 and r == int(r) else r for r in (*history, x))


# %% wrong: appends to the caller's list, and takes it off again -> is_pure
def append_reading(x, history=()):
    if isinstance(history, tuple):
        return (*history, x)
    history.append(x)
    new = tuple(history)
    history.remove(x)
    return new


# %% wrong: an empty list is filled -> is_pure
def append_reading(x, history=()):
    if history == []:
        history.append(x)
        return tuple(history)
    return (*history, x)


# %% wrong: a cache, to which -0.0 and 0.0 are the same -> appends_the_reading
from functools import cache


@cache
def joined(history, x):
    return (*history, x)


def append_reading(x, history=()):
    return joined(tuple(history), x)


# %% wrong: large whole readings turned into int -> appends_the_reading
def append_reading(x, history=()):
    return tuple(int(r) if abs(r) > 1e6 and r == r // 1 else r for r in (*history, x))


# %% wrong: a history of zeros taken for none -> appends_the_reading
def append_reading(x, history=()):
    return (*history, x) if any(history) else (x,)
