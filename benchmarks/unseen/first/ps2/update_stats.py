# %% right: the formulas
class Stats(TypedDict):
    count: Int32[Array, ""]
    mean: Float32[Array, ""]
    m2: Float32[Array, ""]


def update_stats(state, x):
    n, mean, m2 = (jnp.asarray(state[k]) for k in ("count", "mean", "m2"))
    new_n = n + 1
    new_mean = mean + (x - mean) / new_n
    return {"count": new_n, "mean": new_mean, "m2": m2 + (x - mean) * (x - new_mean)}

# %% right: closed form of the increment
class Stats(TypedDict):
    count: Int32[Array, ""]
    mean: Float32[Array, ""]
    m2: Float32[Array, ""]


def update_stats(state, x):
    n = jnp.asarray(state["count"])
    d = jnp.asarray(x) - state["mean"]
    share = 1 / (n + 1).astype(jnp.float32)
    return dict(m2=state["m2"] + d * d * (n * share), mean=state["mean"] + d * share, count=n + 1)

# %% right: returns Stats(...), a plain dict
class Stats(TypedDict):
    count: Int32[Array, ""]
    mean: Float32[Array, ""]
    m2: Float32[Array, ""]


def update_stats(state: Stats, x) -> Stats:
    count = jnp.add(state["count"], 1)
    delta = jnp.subtract(x, state["mean"])
    mean = jnp.add(state["mean"], delta / count)
    return Stats(count=count, mean=mean, m2=jnp.add(state["m2"], delta * (x - mean)))

# %% right: zip of names and values in another order
class Stats(TypedDict):
    count: Int32[Array, ""]
    mean: Float32[Array, ""]
    m2: Float32[Array, ""]


_NAMES = ("m2", "count", "mean")
def update_stats(state, x):
    s, n, mu = map(jnp.asarray, map(state.get, _NAMES))
    x = jnp.asarray(x)
    nu = mu + (x - mu) / (k := n + 1)
    return dict(zip(_NAMES, (s + (x - mu) * (x - nu), k, nu)))

# %% right: lax primitives
class Stats(TypedDict):
    count: Int32[Array, ""]
    mean: Float32[Array, ""]
    m2: Float32[Array, ""]


def update_stats(state, x):
    f = lambda v: lax.convert_element_type(jnp.asarray(v), jnp.float32)
    n = lax.add(lax.convert_element_type(jnp.asarray(state["count"]), jnp.int32), jnp.int32(1))
    d = lax.sub(f(x), f(state["mean"]))
    mean = lax.add(f(state["mean"]), lax.div(d, f(n)))
    m2 = lax.add(f(state["m2"]), lax.mul(d, lax.sub(f(x), mean)))
    return {"count": n, "mean": mean, "m2": m2}

# %% right: 64 bits inside, cast at the end
class Stats(TypedDict):
    count: Int32[Array, ""]
    mean: Float32[Array, ""]
    m2: Float32[Array, ""]


def update_stats(state, x):
    with jax.enable_x64(True):
        n = jnp.asarray(state["count"]) + jnp.int32(1)
        mu, s, y = (jnp.asarray(v).astype(jnp.float64) for v in (state["mean"], state["m2"], x))
        nu = mu + (y - mu) / n
        return {"count": n.astype(jnp.int32), "mean": nu.astype(jnp.float32), "m2": (s + (y - mu) * (y - nu)).astype(jnp.float32)}

# %% right: merge of two states (Chan), the second holds one reading
class Stats(TypedDict):
    count: Int32[Array, ""]
    mean: Float32[Array, ""]
    m2: Float32[Array, ""]


def _merge(a, b):
    n = a["count"] + b["count"]
    d = b["mean"] - a["mean"]
    w = b["count"] / n
    return {"count": n, "mean": a["mean"] + d * w, "m2": a["m2"] + b["m2"] + d * d * (a["count"] * w)}
def update_stats(state, x):
    single = {"count": jnp.int32(1), "mean": jnp.float32(x), "m2": jnp.float32(0)}
    return _merge(jax.tree.map(jnp.asarray, dict(state)), single)

# %% right: match on the dict
class Stats(TypedDict):
    count: Int32[Array, ""]
    mean: Float32[Array, ""]
    m2: Float32[Array, ""]


def update_stats(state, x):
    match jax.tree.map(jnp.asarray, state):
        case {"count": n, "mean": mu, "m2": ss}:
            n = n + 1
            new = mu + (x - mu) / n
            ss = ss + (x - mu) * (x - new)
            return {"m2": ss, "mean": new, "count": n}

# %% right: copy of the dict, its entries replaced (not changed)
class Stats(TypedDict):
    count: Int32[Array, ""]
    mean: Float32[Array, ""]
    m2: Float32[Array, ""]


def update_stats(state, x):
    new = dict(state)
    new["count"] = jnp.asarray(state["count"]) + 1
    new["mean"] = jnp.asarray(state["mean"]) + (x - state["mean"]) / new["count"]
    new["m2"] = jnp.asarray(state["m2"]) + (x - state["mean"]) * (x - new["mean"])
    return new

# %% right: weighted mean, union of dicts, jitted helper
class Stats(TypedDict):
    count: Int32[Array, ""]
    mean: Float32[Array, ""]
    m2: Float32[Array, ""]


@jax.jit
def _next(n, mu, s, x):
    n1 = n + 1
    nu = mu + (1.0 / n1) * (x - mu)
    return n1, nu, s + (x - mu) * (x - nu)
def update_stats(state, x):
    n, mu, s = _next(state["count"], state["mean"], state["m2"], x)
    return {**state} | {"count": n, "mean": mu, "m2": s}

# %% right: a frozen dataclass inside
import dataclasses
class Stats(TypedDict):
    count: Int32[Array, ""]
    mean: Float32[Array, ""]
    m2: Float32[Array, ""]


@dataclasses.dataclass(frozen=True)
class _Welford:
    count: object
    mean: object
    m2: object
    def see(self, x):
        n = self.count + 1
        mean = self.mean + (x - self.mean) / n
        return _Welford(n, mean, self.m2 + (x - self.mean) * (x - mean))
def update_stats(state, x):
    new = _Welford(**{k: jnp.array(v) for k, v in state.items()}).see(jnp.array(x))
    return {k: getattr(new, k) for k in state}

# %% right: one step of a scan over an array of one reading
class Stats(TypedDict):
    count: Int32[Array, ""]
    mean: Float32[Array, ""]
    m2: Float32[Array, ""]


def update_stats(state, x):
    def step(s, y):
        n = s["count"] + 1
        mu = s["mean"] + (y - s["mean"]) / n
        return {"count": n, "mean": mu, "m2": s["m2"] + (y - s["mean"]) * (y - mu)}, None
    return lax.scan(step, jax.tree.map(jnp.asarray, state), jnp.reshape(x, (1,)))[0]

# %% wrong: sums of squares as an intermediate step, digits cancel | "So the state does not hold a sum of squares"
class Stats(TypedDict):
    count: Int32[Array, ""]
    mean: Float32[Array, ""]
    m2: Float32[Array, ""]


def update_stats(state, x):
    n, mean, m2 = (jnp.asarray(state[k]) for k in ("count", "mean", "m2"))
    x = jnp.asarray(x)
    new_n = n + 1
    new_mean = mean + (x - mean) / new_n
    squares = m2 + n * mean**2 + x**2
    new_m2 = squares - new_n * new_mean**2
    return {"count": new_n, "mean": new_mean, "m2": new_m2}

# %% right: the old total, mean * n, plus the reading, by the new count
class Stats(TypedDict):
    count: Int32[Array, ""]
    mean: Float32[Array, ""]
    m2: Float32[Array, ""]


def update_stats(state, x):
    n, mean, m2 = (jnp.asarray(state[k]) for k in ("count", "mean", "m2"))
    x = jnp.asarray(x)
    new_n = n + 1
    new_mean = (mean * n + x) / new_n
    new_m2 = m2 + (x - mean) * (x - new_mean)
    return {"count": new_n, "mean": new_mean, "m2": new_m2}

# %% wrong: counts in float32, which stop at 16777216 | "count is 0 or more", n' = n + 1
class Stats(TypedDict):
    count: Int32[Array, ""]
    mean: Float32[Array, ""]
    m2: Float32[Array, ""]


def update_stats(state, x):
    n, mean, m2 = (jnp.asarray(state[k]) for k in ("count", "mean", "m2"))
    x = jnp.asarray(x)
    f = n.astype(jnp.float32) + 1
    new_n = f.astype(jnp.int32)
    new_mean = mean + (x - mean) / f
    new_m2 = m2 + (x - mean) * (x - new_mean)
    return {"count": new_n, "mean": new_mean, "m2": new_m2}

# %% wrong: count in int16 on the way wraps at 32767 | "count is 0 or more"
class Stats(TypedDict):
    count: Int32[Array, ""]
    mean: Float32[Array, ""]
    m2: Float32[Array, ""]


def update_stats(state, x):
    n, mean, m2 = (jnp.asarray(state[k]) for k in ("count", "mean", "m2"))
    x = jnp.asarray(x)
    new_n = (n.astype(jnp.int16) + 1).astype(jnp.int32)
    new_mean = mean + (x - mean) / new_n
    new_m2 = m2 + (x - mean) * (x - new_mean)
    return {"count": new_n, "mean": new_mean, "m2": new_m2}

# %% wrong: floor division | mu' = mu + (x - mu) / n'
class Stats(TypedDict):
    count: Int32[Array, ""]
    mean: Float32[Array, ""]
    m2: Float32[Array, ""]


def update_stats(state, x):
    n, mean, m2 = (jnp.asarray(state[k]) for k in ("count", "mean", "m2"))
    x = jnp.asarray(x)
    new_n = n + 1
    new_mean = mean + (x - mean) // new_n
    new_m2 = m2 + (x - mean) * (x - new_mean)
    return {"count": new_n, "mean": new_mean, "m2": new_m2}

# %% wrong: average of old mean and reading (right only for n = 0 and 1) | mu' = mu + (x - mu) / n'
class Stats(TypedDict):
    count: Int32[Array, ""]
    mean: Float32[Array, ""]
    m2: Float32[Array, ""]


def update_stats(state, x):
    n, mean, m2 = (jnp.asarray(state[k]) for k in ("count", "mean", "m2"))
    x = jnp.asarray(x)
    new_n = n + 1
    new_mean = jnp.where(n == 0, x, (mean + x) / 2)
    new_m2 = m2 + (x - mean) * (x - new_mean)
    return {"count": new_n, "mean": new_mean, "m2": new_m2}

# %% wrong: a mean of 0 taken for the empty state | count says whether it is empty
class Stats(TypedDict):
    count: Int32[Array, ""]
    mean: Float32[Array, ""]
    m2: Float32[Array, ""]


def update_stats(state, x):
    n, mean, m2 = (jnp.asarray(state[k]) for k in ("count", "mean", "m2"))
    x = jnp.asarray(x)
    new_n = n + 1
    new_mean = jnp.where(mean == 0, x, mean + (x - mean) / new_n)
    new_m2 = m2 + (x - mean) * (x - new_mean)
    return {"count": new_n, "mean": new_mean, "m2": new_m2}

# %% wrong: a reading equal to the mean changes nothing, not even the count | n' = n + 1
class Stats(TypedDict):
    count: Int32[Array, ""]
    mean: Float32[Array, ""]
    m2: Float32[Array, ""]


def update_stats(state, x):
    n, mean, m2 = (jnp.asarray(state[k]) for k in ("count", "mean", "m2"))
    x = jnp.asarray(x)
    step = jnp.where(x == mean, 0, 1).astype(jnp.int32)
    new_n = n + step
    new_mean = mean + (x - mean) / jnp.maximum(new_n, 1)
    new_m2 = m2 + (x - mean) * (x - new_mean)
    return {"count": new_n, "mean": new_mean, "m2": new_m2}

# %% wrong: a reading of 0 taken for a missing one | all x are readings
class Stats(TypedDict):
    count: Int32[Array, ""]
    mean: Float32[Array, ""]
    m2: Float32[Array, ""]


def update_stats(state, x):
    n, mean, m2 = (jnp.asarray(state[k]) for k in ("count", "mean", "m2"))
    x = jnp.asarray(x)
    new_n = jnp.where(x == 0, n, n + 1)
    new_mean = jnp.where(x == 0, mean, mean + (x - mean) / jnp.maximum(new_n, 1))
    new_m2 = jnp.where(x == 0, m2, m2 + (x - mean) * (x - new_mean))
    return {"count": new_n, "mean": new_mean, "m2": new_m2}

# %% wrong: increment n d^2 / 2, right only for n = 0 and 1 | M' = M + (x - mu)(x - mu')
class Stats(TypedDict):
    count: Int32[Array, ""]
    mean: Float32[Array, ""]
    m2: Float32[Array, ""]


def update_stats(state, x):
    n, mean, m2 = (jnp.asarray(state[k]) for k in ("count", "mean", "m2"))
    x = jnp.asarray(x)
    new_n = n + 1
    new_mean = mean + (x - mean) / new_n
    new_m2 = m2 + n * (x - mean) ** 2 / 2
    return {"count": new_n, "mean": new_mean, "m2": new_m2}

# %% wrong: half precision weights | float32; n' above 65504 gives weight 0
class Stats(TypedDict):
    count: Int32[Array, ""]
    mean: Float32[Array, ""]
    m2: Float32[Array, ""]


def update_stats(state, x):
    n, mean, m2 = (jnp.asarray(state[k]) for k in ("count", "mean", "m2"))
    x = jnp.asarray(x)
    new_n = n + 1
    new_mean = mean + (x - mean) * (1 / new_n.astype(jnp.float16)).astype(jnp.float32)
    new_m2 = m2 + (x - mean) * (x - new_mean)
    return {"count": new_n, "mean": new_mean, "m2": new_m2}

# %% wrong: shallow copy, then += on NumPy arrays without axes, which are the caller's | "The old state must stay as it was"
class Stats(TypedDict):
    count: Int32[Array, ""]
    mean: Float32[Array, ""]
    m2: Float32[Array, ""]


def update_stats(state, x):
    new = dict(state)
    delta = jnp.asarray(x) - state["mean"]
    new["count"] += 1
    new["mean"] = state["mean"] + delta / new["count"]
    new["m2"] = state["m2"] + delta * (x - new["mean"])
    return {k: jnp.array(v) for k, v in new.items()}

# %% wrong: changes the dict it was given | "The old state must stay as it was"
class Stats(TypedDict):
    count: Int32[Array, ""]
    mean: Float32[Array, ""]
    m2: Float32[Array, ""]


def update_stats(state, x):
    old = jnp.asarray(state["mean"])
    state["count"] = jnp.asarray(state["count"]) + 1
    state["mean"] = old + (x - old) / state["count"]
    state["m2"] = jnp.asarray(state["m2"]) + (x - old) * (x - state["mean"])
    return state
