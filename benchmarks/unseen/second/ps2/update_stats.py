# %% right: Welford as in the text
class Stats(TypedDict):
    count: Int32[Array, ""]
    mean: Float32[Array, ""]
    m2: Float32[Array, ""]


def update_stats(state: Stats, x: Float32[Array, ""]) -> Stats:
    count, mean, m2 = (jnp.asarray(state[k]) for k in ("count", "mean", "m2"))
    x = jnp.asarray(x)
    new_count = count + 1
    new_mean = mean + (x - mean) / new_count
    new_m2 = m2 + (x - mean) * (x - new_mean)
    return {"count": new_count, "mean": new_mean, "m2": new_m2}

# %% right: delta squared times n over n plus one
class Stats(TypedDict):
    count: Int32[Array, ""]
    mean: Float32[Array, ""]
    m2: Float32[Array, ""]


def update_stats(state: Stats, x: Float32[Array, ""]) -> Stats:
    state = jax.tree.map(jnp.asarray, state)
    n = state["count"].astype(jnp.float32)
    delta = x - state["mean"]
    weight = n / (n + 1)
    return Stats(
        count=state["count"] + 1,
        mean=state["mean"] + delta / (n + 1),
        m2=state["m2"] + delta * (delta * weight),
    )

# %% right: jitted helper on three scalars
class Stats(TypedDict):
    count: Int32[Array, ""]
    mean: Float32[Array, ""]
    m2: Float32[Array, ""]


@jax.jit
def _welford(n, mu, m, x):
    n1 = n + 1
    before = x - mu
    mu1 = mu + before / n1
    after = x - mu1
    return n1, mu1, m + before * after


def update_stats(state: Stats, x: Float32[Array, ""]) -> Stats:
    return dict(zip(("count", "mean", "m2"), _welford(state["count"], state["mean"], state["m2"], x)))

# %% right: lax primitives and a copied dict
class Stats(TypedDict):
    count: Int32[Array, ""]
    mean: Float32[Array, ""]
    m2: Float32[Array, ""]


def update_stats(state: Stats, x: Float32[Array, ""]) -> Stats:
    new = dict(state)
    n1 = lax.add(jnp.int32(state["count"]), jnp.int32(1))
    d = lax.sub(jnp.float32(x), jnp.float32(state["mean"]))
    new["count"] = n1
    new["mean"] = lax.add(jnp.float32(state["mean"]), lax.div(d, lax.convert_element_type(n1, jnp.float32)))
    new["m2"] = lax.add(jnp.float32(state["m2"]), lax.mul(d, lax.sub(jnp.float32(x), new["mean"])))
    return new

# %% right: pairwise merge with a sample of one
class Stats(TypedDict):
    count: Int32[Array, ""]
    mean: Float32[Array, ""]
    m2: Float32[Array, ""]


def _merge(a, b):
    """Count, mean and m2 of two samples together (Chan, Golub, LeVeque)."""
    (n_a, mean_a, m2_a), (n_b, mean_b, m2_b) = a, b
    n = n_a + n_b
    gap = mean_b - mean_a
    part = n_b / n
    return n, mean_a + gap * part, m2_a + m2_b + gap * gap * (n_a / n) * n_b


def update_stats(state: Stats, x: Float32[Array, ""]) -> Stats:
    one = (jnp.int32(1), jnp.asarray(x, jnp.float32), jnp.float32(0))
    old = tuple(jnp.asarray(state[k]) for k in Stats.__annotations__)
    return dict(zip(Stats.__annotations__, _merge(old, one)))

# %% right: one scan step in a class
class Stats(TypedDict):
    count: Int32[Array, ""]
    mean: Float32[Array, ""]
    m2: Float32[Array, ""]


class _Welford:
    def __init__(self, state):
        self.count = jnp.asarray(state["count"])
        self.mean = jnp.asarray(state["mean"])
        self.m2 = jnp.asarray(state["m2"])

    def __call__(self, x):
        count = self.count + jnp.ones_like(self.count)
        mean = jnp.where(count == 1, x, self.mean + (x - self.mean) / count)
        return {
            "m2": self.m2 + jnp.multiply(x - self.mean, x - mean),
            "mean": mean,
            "count": count,
        }


def update_stats(state: Stats, x: Float32[Array, ""]) -> Stats:
    return _Welford(state)(jnp.asarray(x))

# %% wrong: writes into the old dict | the caller's state is changed
class Stats(TypedDict):
    count: Int32[Array, ""]
    mean: Float32[Array, ""]
    m2: Float32[Array, ""]


def update_stats(state: Stats, x: Float32[Array, ""]) -> Stats:
    count = jnp.asarray(state["count"]) + 1
    mean = state["mean"] + (x - state["mean"]) / count
    state["m2"] = state["m2"] + (x - state["mean"]) * (x - mean)
    state["count"], state["mean"] = count, mean
    return state

# %% wrong: += after a shallow copy | NumPy values of the old state are changed in place
class Stats(TypedDict):
    count: Int32[Array, ""]
    mean: Float32[Array, ""]
    m2: Float32[Array, ""]


def update_stats(state: Stats, x: Float32[Array, ""]) -> Stats:
    new = dict(state)
    delta = x - state["mean"]
    new["count"] += 1
    new["mean"] += delta / new["count"].astype(jnp.float32)
    new["m2"] += delta * (x - new["mean"])
    return {k: jnp.array(v) for k, v in new.items()}

# %% wrong: sums of squares | cancellation: m2 is garbage when readings are far from zero
class Stats(TypedDict):
    count: Int32[Array, ""]
    mean: Float32[Array, ""]
    m2: Float32[Array, ""]


def update_stats(state: Stats, x: Float32[Array, ""]) -> Stats:
    state = jax.tree.map(jnp.asarray, state)
    n = state["count"]
    n1 = n + 1
    mean = state["mean"] + (x - state["mean"]) / n1
    squares = state["m2"] + n * state["mean"] ** 2 + x**2
    return {"count": n1, "mean": mean, "m2": squares - n1 * mean**2}

# %% right: n times delta squared first
class Stats(TypedDict):
    count: Int32[Array, ""]
    mean: Float32[Array, ""]
    m2: Float32[Array, ""]


def update_stats(state: Stats, x: Float32[Array, ""]) -> Stats:
    state = jax.tree.map(jnp.asarray, state)
    n1 = state["count"] + 1
    delta = x - state["mean"]
    m2 = state["m2"] + state["count"] * delta**2 / n1
    return {"count": n1, "mean": state["mean"] + delta / n1, "m2": m2}

# %% wrong: counts in float32 | from 2**24 readings on, the count no longer grows
class Stats(TypedDict):
    count: Int32[Array, ""]
    mean: Float32[Array, ""]
    m2: Float32[Array, ""]


def update_stats(state: Stats, x: Float32[Array, ""]) -> Stats:
    count = jnp.asarray(state["count"], jnp.float32) + 1
    mean = jnp.asarray(state["mean"])
    new_mean = mean + (x - mean) / count
    m2 = jnp.asarray(state["m2"]) + (x - mean) * (x - new_mean)
    return {"count": count.astype(jnp.int32), "mean": new_mean, "m2": m2}

# %% wrong: count in float16 for the division | the step is wrong from 2048 readings on and 0 above 65504
class Stats(TypedDict):
    count: Int32[Array, ""]
    mean: Float32[Array, ""]
    m2: Float32[Array, ""]


def update_stats(state: Stats, x: Float32[Array, ""]) -> Stats:
    count = jnp.asarray(state["count"]) + 1
    mean = jnp.asarray(state["mean"])
    share = (1 / count.astype(jnp.float16)).astype(jnp.float32)
    new_mean = mean + (x - mean) * share
    return {"count": count, "mean": new_mean, "m2": jnp.asarray(state["m2"]) + (x - mean) * (x - new_mean)}

# %% wrong: weight from squared counts | count * count overflows int32 above 46340
class Stats(TypedDict):
    count: Int32[Array, ""]
    mean: Float32[Array, ""]
    m2: Float32[Array, ""]


def update_stats(state: Stats, x: Float32[Array, ""]) -> Stats:
    s = jax.tree.map(jnp.asarray, state)
    n1 = s["count"] + 1
    delta = x - s["mean"]
    weight = (n1 * n1 - n1) / (n1 * n1)
    return {"count": n1, "mean": s["mean"] + delta / n1, "m2": s["m2"] + delta * delta * weight}

# %% wrong: nothing made a JAX array | NumPy state and NumPy reading give NumPy values
class Stats(TypedDict):
    count: Int32[Array, ""]
    mean: Float32[Array, ""]
    m2: Float32[Array, ""]


def update_stats(state: Stats, x: Float32[Array, ""]) -> Stats:
    n = state["count"] + np.int32(1)
    mean = state["mean"] + (x - state["mean"]) / n.astype(np.float32)
    m2 = state["m2"] + (x - state["mean"]) * (x - mean)
    return {"count": n, "mean": mean, "m2": m2}

# %% wrong: if for the first reading | branches on a value, so it fails under jit and in lax.scan
class Stats(TypedDict):
    count: Int32[Array, ""]
    mean: Float32[Array, ""]
    m2: Float32[Array, ""]


def update_stats(state: Stats, x: Float32[Array, ""]) -> Stats:
    x = jnp.asarray(x)
    if state["count"] == 0:
        return {"count": jnp.int32(1), "mean": x, "m2": jnp.float32(0)}
    count = jnp.asarray(state["count"]) + 1
    mean = jnp.asarray(state["mean"])
    new = mean + (x - mean) / count
    return {"count": count, "mean": new, "m2": jnp.asarray(state["m2"]) + (x - mean) * (x - new)}

# %% wrong: mean 0 taken for no readings | a series whose running mean is 0 starts over
class Stats(TypedDict):
    count: Int32[Array, ""]
    mean: Float32[Array, ""]
    m2: Float32[Array, ""]


def update_stats(state: Stats, x: Float32[Array, ""]) -> Stats:
    s = jax.tree.map(jnp.asarray, state)
    n1 = s["count"] + 1
    first = s["mean"] == 0
    mean = jnp.where(first, x, s["mean"] + (x - s["mean"]) / n1)
    return {"count": n1, "mean": mean, "m2": s["m2"] + (x - s["mean"]) * (x - mean)}

# %% wrong: outliers clipped | readings beyond 1e6 in size are cut
class Stats(TypedDict):
    count: Int32[Array, ""]
    mean: Float32[Array, ""]
    m2: Float32[Array, ""]


def update_stats(state: Stats, x: Float32[Array, ""]) -> Stats:
    s = jax.tree.map(jnp.asarray, state)
    x = jnp.clip(x, -1e6, 1e6)
    n1 = s["count"] + 1
    mean = s["mean"] + (x - s["mean"]) / n1
    return {"count": n1, "mean": mean, "m2": s["m2"] + (x - s["mean"]) * (x - mean)}

# %% wrong: donated state | the caller's old JAX state is deleted and cannot be gone back to
class Stats(TypedDict):
    count: Int32[Array, ""]
    mean: Float32[Array, ""]
    m2: Float32[Array, ""]


from functools import partial


@partial(jax.jit, donate_argnums=0)
def update_stats(state: Stats, x: Float32[Array, ""]) -> Stats:
    n1 = state["count"] + 1
    mean = state["mean"] + (x - state["mean"]) / n1
    return {"count": n1, "mean": mean, "m2": state["m2"] + (x - state["mean"]) * (x - mean)}

# %% wrong: remembers the last state | a side effect: writes the new state to a global
class Stats(TypedDict):
    count: Int32[Array, ""]
    mean: Float32[Array, ""]
    m2: Float32[Array, ""]


latest = None


def update_stats(state: Stats, x: Float32[Array, ""]) -> Stats:
    global latest
    s = jax.tree.map(jnp.asarray, state)
    n1 = s["count"] + 1
    mean = s["mean"] + (x - s["mean"]) / n1
    latest = {"count": n1, "mean": mean, "m2": s["m2"] + (x - s["mean"]) * (x - mean)}
    return latest

# %% wrong: one dict for all results | every call returns the same dict, so earlier results change later
class Stats(TypedDict):
    count: Int32[Array, ""]
    mean: Float32[Array, ""]
    m2: Float32[Array, ""]


_result = {}


def update_stats(state: Stats, x: Float32[Array, ""]) -> Stats:
    s = jax.tree.map(jnp.asarray, state)
    n1 = s["count"] + 1
    mean = s["mean"] + (x - s["mean"]) / n1
    _result.update(count=n1, mean=mean, m2=s["m2"] + (x - s["mean"]) * (x - mean))
    return _result

# %% wrong: Python floats inside | float() and int() fail on tracers, so not under jit or scan
class Stats(TypedDict):
    count: Int32[Array, ""]
    mean: Float32[Array, ""]
    m2: Float32[Array, ""]


def update_stats(state: Stats, x: Float32[Array, ""]) -> Stats:
    n, mean, m2, x = int(state["count"]) + 1, float(state["mean"]), float(state["m2"]), float(x)
    new = mean + (x - mean) / n
    return {"count": jnp.int32(n), "mean": jnp.float32(new), "m2": jnp.float32(m2 + (x - mean) * (x - new))}

# %% wrong: count saturates | the weight of a reading never falls below 1/1000, so means of longer series are wrong
class Stats(TypedDict):
    count: Int32[Array, ""]
    mean: Float32[Array, ""]
    m2: Float32[Array, ""]


def update_stats(state: Stats, x: Float32[Array, ""]) -> Stats:
    s = jax.tree.map(jnp.asarray, state)
    n1 = s["count"] + 1
    mean = s["mean"] + (x - s["mean"]) / jnp.minimum(n1, 1000)
    return {"count": n1, "mean": mean, "m2": s["m2"] + (x - s["mean"]) * (x - mean)}

# %% wrong: half the squared step | m2 + delta**2 / 2 is right for the second reading only
class Stats(TypedDict):
    count: Int32[Array, ""]
    mean: Float32[Array, ""]
    m2: Float32[Array, ""]


def update_stats(state: Stats, x: Float32[Array, ""]) -> Stats:
    s = jax.tree.map(jnp.asarray, state)
    n1 = s["count"] + 1
    delta = x - s["mean"]
    m2 = jnp.where(s["count"] == 0, s["m2"], s["m2"] + delta**2 / 2)
    return {"count": n1, "mean": s["mean"] + delta / n1, "m2": m2}

# %% wrong: average of mean and reading | (mean + x) / 2 is right for the second reading only
class Stats(TypedDict):
    count: Int32[Array, ""]
    mean: Float32[Array, ""]
    m2: Float32[Array, ""]


def update_stats(state: Stats, x: Float32[Array, ""]) -> Stats:
    s = jax.tree.map(jnp.asarray, state)
    mean = jnp.where(s["count"] == 0, x, (s["mean"] + x) / 2)
    return {"count": s["count"] + 1, "mean": mean, "m2": s["m2"] + (x - s["mean"]) * (x - mean)}

# %% wrong: m2 through the variance | m2 / n is 0 / 0 before the first reading, so the first m2 is NaN
class Stats(TypedDict):
    count: Int32[Array, ""]
    mean: Float32[Array, ""]
    m2: Float32[Array, ""]


def update_stats(state: Stats, x: Float32[Array, ""]) -> Stats:
    s = jax.tree.map(jnp.asarray, state)
    n, n1 = s["count"], s["count"] + 1
    spread = s["m2"] / n
    mean = s["mean"] + (x - s["mean"]) / n1
    m2 = spread * n + (x - s["mean"]) * (x - mean)
    return {"count": n1, "mean": mean, "m2": m2}
