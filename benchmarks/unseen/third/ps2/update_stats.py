# %% right: NumPy veteran, asarray and plain arithmetic
class Stats(TypedDict):
    count: Int32[Array, ""]
    mean: Float32[Array, ""]
    m2: Float32[Array, ""]


def update_stats(state: Stats, x: Float32[Array, ""]) -> Stats:
    """Return the running count, mean and m2 after one more reading."""
    x = jnp.asarray(x)
    old_mean = jnp.asarray(state["mean"])
    count = jnp.asarray(state["count"]) + 1
    mean = old_mean + (x - old_mean) / count
    m2 = jnp.asarray(state["m2"]) + (x - old_mean) * (x - mean)
    return {"count": count, "mean": mean, "m2": m2}


# %% right: functional, tree.map to JAX and a helper with keyword arguments
def _welford(x, *, count, mean, m2):
    n = count + jnp.ones_like(count)
    new_mean = mean + (x - mean) / n.astype(mean.dtype)
    return dict(count=n, mean=new_mean, m2=m2 + (x - mean) * (x - new_mean))


def update_stats(state, x):
    as_jax = jax.tree.map(jnp.asarray, {name: state[name] for name in ("count", "mean", "m2")})
    return _welford(jnp.asarray(x), **as_jax)


# %% right: physicist, deviation and its share written out
class Stats(TypedDict):
    count: Int32[Array, ""]
    mean: Float32[Array, ""]
    m2: Float32[Array, ""]


def update_stats(state: Stats, x: Float32[Array, ""]) -> Stats:
    n_old = jnp.array(state["count"], dtype=jnp.int32)
    mu_old = jnp.array(state["mean"], dtype=jnp.float32)
    m_old = jnp.array(state["m2"], dtype=jnp.float32)
    reading = jnp.array(x, dtype=jnp.float32)

    deviation_before = reading - mu_old
    n_new = n_old + jnp.int32(1)
    mu_new = mu_old + deviation_before / n_new
    deviation_after = reading - mu_new
    m_new = m_old + deviation_before * deviation_after

    return {"m2": m_new, "mean": mu_new, "count": n_new}


# %% right: documentation reader, lax primitives and a NamedTuple inside
from typing import NamedTuple


class _Moments(NamedTuple):
    count: jax.Array
    mean: jax.Array
    m2: jax.Array

    def push(self, x):
        count = lax.add(self.count, jnp.int32(1))
        before = lax.sub(x, self.mean)
        step = lax.div(before, lax.convert_element_type(count, jnp.float32))
        mean = lax.add(self.mean, step)
        m2 = lax.add(self.m2, lax.mul(before, lax.sub(x, mean)))
        return self._replace(count=count, mean=mean, m2=m2)


def update_stats(state, x):
    moments = _Moments(
        jnp.asarray(state["count"], jnp.int32),
        jnp.asarray(state["mean"], jnp.float32),
        jnp.asarray(state["m2"], jnp.float32),
    )
    return moments.push(jnp.asarray(x, jnp.float32))._asdict()


# %% wrong: a copy of the dict, then += on its arrays | NumPy arrays without axes are changed in place, so the caller's state changes
def update_stats(state, x):
    new = dict(state)
    delta = x - new["mean"]
    new["count"] += 1
    new["mean"] += delta / new["count"]
    new["m2"] += delta * (x - new["mean"])
    return {name: jnp.asarray(new[name], state[name].dtype) for name in ("count", "mean", "m2")}


# %% wrong: goes back to the sums of squares | readings far from zero lose m2 by cancellation
def update_stats(state, x):
    n = jnp.asarray(state["count"])
    mean = jnp.asarray(state["mean"])
    x = jnp.asarray(x)
    squares = jnp.asarray(state["m2"]) + n * mean**2 + x**2
    new_mean = mean + (x - mean) / (n + 1)
    return {"count": n + 1, "mean": new_mean, "m2": squares - (n + 1) * new_mean**2}


# %% wrong: count goes through float32 | counts above 2**24 are rounded, 16777216 + 1 stays 16777216
def update_stats(state, x):
    x = jnp.asarray(x, jnp.float32)
    n = jnp.asarray(state["count"], jnp.float32) + 1
    old = jnp.asarray(state["mean"], jnp.float32)
    mean = old + (x - old) / n
    m2 = jnp.asarray(state["m2"], jnp.float32) + (x - old) * (x - mean)
    return {"count": n.astype(jnp.int32), "mean": mean, "m2": m2}


# %% wrong: product of the counts in int32 | count * (count + 1) overflows from a count of 46341 on, m2 wrong
def update_stats(state, x):
    x = jnp.asarray(x)
    n_old = jnp.asarray(state["count"])
    n = n_old + 1
    delta = x - jnp.asarray(state["mean"])
    mean = jnp.asarray(state["mean"]) + delta / n
    # merge of two groups of n_old and 1 readings
    m2 = jnp.asarray(state["m2"]) + (n_old * n) * (delta / n) ** 2
    return {"count": n, "mean": mean, "m2": m2}


# %% wrong: a mean of 0 is taken for no reading yet | a series whose mean is 0 jumps to the new reading
def update_stats(state, x):
    x = jnp.asarray(x)
    old = jnp.asarray(state["mean"])
    count = jnp.asarray(state["count"]) + 1
    mean = jnp.where(old == 0, x, old + (x - old) / count)
    m2 = jnp.asarray(state["m2"]) + (x - old) * (x - mean)
    return {"count": count, "mean": mean, "m2": m2}


# %% wrong: compiled with a donated state | the caller's JAX arrays are deleted, the old state cannot be used again
from functools import partial


@partial(jax.jit, donate_argnums=0)
def _update(state, x):
    count = state["count"] + 1
    mean = state["mean"] + (x - state["mean"]) / count
    m2 = state["m2"] + (x - state["mean"]) * (x - mean)
    return {"count": count, "mean": mean, "m2": m2}


def update_stats(state, x):
    return _update(state, x)


# %% wrong: floor division in the new mean | mean wrong unless the deviation is a multiple of the count
def update_stats(state, x):
    x = jnp.asarray(x)
    old = jnp.asarray(state["mean"])
    count = jnp.asarray(state["count"]) + 1
    mean = old + (x - old) // count
    m2 = jnp.asarray(state["m2"]) + (x - old) * (x - mean)
    return {"count": count, "mean": mean, "m2": m2}


# %% wrong: writes the new values into the state it was given | the caller's old dict is changed
def update_stats(state, x):
    x = jnp.asarray(x)
    old_mean = jnp.asarray(state["mean"])
    state["count"] = jnp.asarray(state["count"]) + 1
    state["mean"] = old_mean + (x - old_mean) / state["count"]
    state["m2"] = jnp.asarray(state["m2"]) + (x - old_mean) * (x - state["mean"])
    return state
