# %% right: unpacked, m2 by the other form of the same step
def update_stats(state, x):
    count, mean, m2 = map(jnp.asarray, (state["count"], state["mean"], state["m2"]))
    distance = x - mean
    return {
        "count": count + 1,
        "mean": (mean * count + x) / (count + 1),
        "m2": m2 + distance**2 * count / (count + 1),
    }


# %% right: changes a copy of the dict
def update_stats(state, x):
    new = {name: jnp.asarray(value) for name, value in state.items()}
    new["count"] = new["count"] + 1
    new["mean"] += (x - state["mean"]) / new["count"]
    new["m2"] += (x - state["mean"]) * (x - new["mean"])
    return new


# %% right: the merge of two series, one of them a single reading
def merge(a, b):
    count = a["count"] + b["count"]
    distance = b["mean"] - a["mean"]
    return {
        "count": count,
        "mean": a["mean"] + distance * b["count"] / count,
        "m2": a["m2"] + b["m2"] + distance**2 * a["count"] * b["count"] / count,
    }


@jax.jit
def update_stats(state: dict[str, Array], x: Float32[Array, ""]) -> dict[str, Array]:
    single = {"count": jnp.int32(1), "mean": jnp.float32(x), "m2": jnp.float32(0)}
    return merge(state, single)


# %% wrong: writes into the state it was given -> is_pure, takes_one_reading
def update_stats(state, x):
    state["count"] = state["count"] + 1
    distance = x - state["mean"]
    state["mean"] = state["mean"] + distance / state["count"]
    state["m2"] = state["m2"] + distance * (x - state["mean"])
    return state


# %% wrong: returns a new dict, but counts in the old one -> is_pure, takes_one_reading
def update_stats(state, x):
    state.update(count=state["count"] + 1)
    mean = state["mean"] + (x - state["mean"]) / state["count"]
    m2 = state["m2"] + (x - state["mean"]) * (x - mean)
    return {"count": state["count"], "mean": mean, "m2": m2}


# %% wrong: a global accumulator -> is_pure, takes_one_reading
accumulator = {"count": 0, "mean": 0.0, "m2": 0.0}


def update_stats(state, x):
    accumulator["count"] += 1
    distance = x - accumulator["mean"]
    accumulator["mean"] += distance / accumulator["count"]
    accumulator["m2"] += distance * (x - accumulator["mean"])
    return {
        "count": jnp.int32(accumulator["count"]),
        "mean": jnp.float32(accumulator["mean"]),
        "m2": jnp.float32(accumulator["m2"]),
    }


# %% wrong: counts its calls in the notebook's n_seen -> is_pure, takes_one_reading
def update_stats(state, x):
    global n_seen
    n_seen += 1
    count = state["count"] + 1
    distance = x - state["mean"]
    mean = state["mean"] + distance / count
    return {"count": count, "mean": mean, "m2": state["m2"] + distance * (x - mean)}


# %% wrong: keeps every reading in a global list -> is_pure, takes_one_reading
seen_readings = []


def update_stats(state, x):
    seen_readings.append(x)
    count = state["count"] + 1
    distance = x - state["mean"]
    mean = state["mean"] + distance / count
    return {"count": count, "mean": mean, "m2": state["m2"] + distance * (x - mean)}


# %% wrong: branches on the count, which jit forbids -> is_pure, takes_one_reading
def update_stats(state, x):
    if state["count"] == 0:
        return {"count": jnp.int32(1), "mean": x, "m2": jnp.float32(0)}
    count = state["count"] + 1
    distance = x - state["mean"]
    mean = state["mean"] + distance / count
    return {"count": count, "mean": mean, "m2": state["m2"] + distance * (x - mean)}


# %% wrong: naive sum of squares -> keeps_its_digits
def update_stats(state, x):
    n, mean = state["count"], state["mean"]
    sum_of_squares = state["m2"] + n * mean**2 + x**2
    new_mean = (n * mean + x) / (n + 1)
    return {"count": n + 1, "mean": new_mean, "m2": sum_of_squares - (n + 1) * new_mean**2}


# %% wrong: both distances from the old mean -> takes_one_reading
def update_stats(state, x):
    count = state["count"] + 1
    distance = x - state["mean"]
    return {"count": count, "mean": state["mean"] + distance / count, "m2": state["m2"] + distance**2}


# %% wrong: divides by the old count -> starts_from_nothing
def update_stats(state, x):
    distance = x - state["mean"]
    mean = state["mean"] + distance / state["count"]
    return {
        "count": state["count"] + 1,
        "mean": mean,
        "m2": state["m2"] + distance * (x - mean),
    }


# %% wrong: m2 is a variance -> takes_one_reading
def update_stats(state, x):
    count = state["count"] + 1
    distance = x - state["mean"]
    mean = state["mean"] + distance / count
    return {"count": count, "mean": mean, "m2": (state["m2"] + distance * (x - mean)) / count}


# %% wrong: the count becomes a float -> takes_one_reading
def update_stats(state, x):
    count = state["count"] + 1.0
    distance = x - state["mean"]
    mean = state["mean"] + distance / count
    return {"count": count, "mean": mean, "m2": state["m2"] + distance * (x - mean)}


# %% wrong: returns Python floats, so it cannot be traced either -> takes_one_reading, is_pure
def update_stats(state, x):
    count = int(state["count"]) + 1
    distance = float(x) - float(state["mean"])
    mean = float(state["mean"]) + distance / count
    m2 = float(state["m2"]) + distance * (float(x) - mean)
    return {"count": count, "mean": mean, "m2": m2}


# %% wrong: draws its steps from a generator that goes on -> is_pure
def steps():
    while True:
        yield 1


step = steps()


def update_stats(state, x):
    old = {name: jnp.asarray(value) for name, value in state.items()}
    count = old["count"] + next(step)
    mean = old["mean"] + (x - old["mean"]) / count
    return {"count": count, "mean": mean, "m2": old["m2"] + (x - old["mean"]) * (x - mean)}


# %% right: tuples by position
def update_stats(state, x):
    n, mu, m = (jnp.asarray(state[name]) for name in ("count", "mean", "m2"))
    d = x - mu
    new_mu = mu + d / (n + 1)
    return dict(count=jnp.asarray(n + 1), mean=jnp.asarray(new_mu), m2=jnp.asarray(m + d * (x - new_mu)))


# %% right: tree.map makes JAX arrays of all
def update_stats(state, x):
    state, x = jax.tree.map(jnp.asarray, (state, x))
    n = state["count"] + 1
    weight = 1 / n
    mean = (1 - weight) * state["mean"] + weight * x
    return {**state, "count": n, "mean": mean, "m2": state["m2"] + (x - mean) * (x - state["mean"])}


# %% wrong: += on the entries of a shallow copy -> is_pure
def update_stats(state, x):
    new = dict(state)
    new["count"] += 1
    distance = x - state["mean"]
    new["mean"] = jnp.asarray(state["mean"] + distance / new["count"])
    new["m2"] = jnp.asarray(state["m2"] + distance * (x - new["mean"]))
    new["count"] = jnp.asarray(new["count"])
    return new


# %% wrong: += on the mean -> is_pure
def update_stats(state, x):
    count, mean, m2 = state["count"], state["mean"], state["m2"]
    distance = jnp.asarray(x) - mean
    n = jnp.asarray(count) + 1
    mean += np.asarray(distance / n) if isinstance(mean, np.ndarray) else distance / n
    return {"count": n, "mean": jnp.array(mean), "m2": jnp.asarray(m2) + distance * (x - mean)}


# %% wrong: NumPy for NumPy -> takes_one_reading
def update_stats(state, x):
    count = state["count"] + 1
    distance = x - state["mean"]
    mean = state["mean"] + distance / count
    return {"count": count, "mean": mean, "m2": state["m2"] + distance * (x - mean)}


# %% wrong: counts in float32 -> takes_one_reading
def update_stats(state, x):
    count = jnp.asarray(state["count"], jnp.float32) + 1
    distance = x - state["mean"]
    mean = jnp.asarray(state["mean"] + distance / count)
    m2 = jnp.asarray(state["m2"] + distance * (x - mean))
    return {"count": count.astype(jnp.int32), "mean": mean, "m2": m2}


# %% wrong: counts in sixteen bits -> takes_one_reading
def update_stats(state, x):
    count = (jnp.asarray(state["count"]).astype(jnp.int16) + 1).astype(jnp.int32)
    distance = x - state["mean"]
    mean = jnp.asarray(state["mean"] + distance / count)
    return {"count": count, "mean": mean, "m2": jnp.asarray(state["m2"] + distance * (x - mean))}


# %% wrong: only positive distances -> takes_one_reading
def update_stats(state, x):
    old = {name: jnp.asarray(value) for name, value in state.items()}
    count = old["count"] + 1
    distance = jnp.abs(x - old["mean"])
    mean = old["mean"] + distance / count
    return {"count": count, "mean": mean, "m2": old["m2"] + distance * (x - mean)}


# %% wrong: negative readings taken for none -> takes_one_reading
def update_stats(state, x):
    old = {name: jnp.asarray(value) for name, value in state.items()}
    x = jnp.maximum(x, 0)
    count = old["count"] + 1
    distance = x - old["mean"]
    mean = old["mean"] + distance / count
    return {"count": count, "mean": mean, "m2": old["m2"] + distance * (x - mean)}


# %% wrong: readings of 0 are not counted -> takes_one_reading
def update_stats(state, x):
    old = {name: jnp.asarray(value) for name, value in state.items()}
    step = jnp.where(x == 0, 0, 1)
    count = old["count"] + step
    distance = (x - old["mean"]) * step
    mean = old["mean"] + distance / jnp.maximum(count, 1)
    return {"count": count, "mean": mean, "m2": old["m2"] + distance * (x - mean)}


# %% wrong: outliers clipped -> takes_one_reading
def update_stats(state, x):
    old = {name: jnp.asarray(value) for name, value in state.items()}
    count = old["count"] + 1
    distance = jnp.clip(x - old["mean"], -1000, 1000)
    mean = old["mean"] + distance / count
    return {"count": count, "mean": mean, "m2": old["m2"] + distance * (x - mean)}


# %% wrong: starts again where the mean is 0 -> takes_one_reading
def update_stats(state, x):
    old = {name: jnp.asarray(value) for name, value in state.items()}
    count = old["count"] + 1
    distance = x - old["mean"]
    mean = jnp.where(old["mean"] == 0, x, old["mean"] + distance / count)
    return {"count": count, "mean": mean, "m2": old["m2"] + distance * (x - mean)}


# %% wrong: starts again where m2 is 0 -> takes_one_reading
def update_stats(state, x):
    old = {name: jnp.asarray(value) for name, value in state.items()}
    count = old["count"] + 1
    distance = x - old["mean"]
    mean = jnp.where(old["m2"] == 0, x, old["mean"] + distance / count)
    return {"count": count, "mean": mean, "m2": old["m2"] + distance * (x - mean)}


# %% wrong: a reading equal to the mean is left out -> takes_one_reading
def update_stats(state, x):
    n, mean, m2 = (jnp.asarray(state[k]) for k in ("count", "mean", "m2"))
    x = jnp.asarray(x)
    new_n = n + jnp.where(x == mean, 0, 1).astype(jnp.int32)
    new_mean = mean + (x - mean) / jnp.maximum(new_n, 1)
    return {"count": new_n, "mean": new_mean, "m2": m2 + (x - mean) * (x - new_mean)}


# %% wrong: the count squared in int32 -> takes_one_reading
def update_stats(state, x):
    count, mean, m2 = (jnp.asarray(state[name]) for name in ("count", "mean", "m2"))
    new, delta = count + 1, x - mean
    weight = (new * new - new) / (new * new)
    return {"count": new, "mean": mean + delta / new, "m2": m2 + delta * delta * weight}


# %% wrong: readings clipped at a million -> takes_one_reading
def update_stats(state, x):
    count, mean, m2 = (jnp.asarray(state[name]) for name in ("count", "mean", "m2"))
    x = jnp.clip(x, -1e6, 1e6)
    new_mean = mean + (x - mean) / (count + 1)
    return {"count": count + 1, "mean": new_mean, "m2": m2 + (x - mean) * (x - new_mean)}
