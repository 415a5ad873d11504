# %% right: fori_loop, r from outside
@jax.jit
def logistic_map(x0, r, n_steps):
    return lax.fori_loop(0, n_steps, lambda i, x: r * x * (1 - x), x0)

# %% right: while_loop with a counter that runs down
@jax.jit
def logistic_map(x0: Float32[Array, "n"], r: float, n_steps: int) -> Float32[Array, "n"]:
    def more(state):
        return state[0] > 0

    def year(state):
        left, x = state
        return left - 1, r * x * (1 - x)

    return lax.while_loop(more, year, (n_steps, x0))[1]

# %% right: the state holds x and r, as a dict
@jax.jit
def logistic_map(x0, r, n_steps):
    def body(_, s):
        x = s["x"]
        return {"x": s["r"] * (x - x * x), "r": s["r"]}

    start = {"x": jnp.asarray(x0), "r": jnp.asarray(r, jnp.float32)}
    return lax.fori_loop(0, n_steps, body, start)["x"]

# %% right: vmap of the loop for one number
@jax.jit
def logistic_map(x0, r, n_steps):
    def one(x):
        return lax.fori_loop(0, n_steps, lambda _, x: r * x * (1.0 - x), x)

    return jax.vmap(one)(x0)

# %% right: jit of a lambda, body from a partial
def _year(r, _, x):
    return x * r * (1 - x)


logistic_map = jax.jit(lambda x0, r, n_steps: lax.fori_loop(0, n_steps, partial(_year, r), x0))

# %% right: while_loop with a float32 r made explicit and a NamedTuple state
from typing import NamedTuple


class _State(NamedTuple):
    year: Array
    x: Array


@jax.jit
def logistic_map(x0, r, n_steps):
    rate = jnp.float32(r)
    end = lax.while_loop(
        lambda s: s.year < n_steps,
        lambda s: _State(s.year + 1, rate * s.x * (1 - s.x)),
        _State(jnp.int32(0), x0),
    )
    return end.x

# %% right: loop in the opposite direction of counting, from -n_steps to 0
@jax.jit
def logistic_map(x0, r, n_steps):
    step = jax.tree_util.Partial(lambda r, x: r * x * lax.sub(jnp.float32(1), x), r)
    return lax.fori_loop(-n_steps, 0, lambda i, x: step(x), x0)

# %% right: lax primitives with r spread over the array
@jax.jit
def logistic_map(x0, r, n_steps):
    rate = jnp.full(x0.shape, r, x0.dtype)
    one = lax.full_like(rate, 1)
    return lax.fori_loop(0, n_steps, lambda i, x: lax.mul(lax.mul(rate, x), lax.sub(one, x)), x0)

# %% right: helper functions that are jitted themselves, inside the whole
@jax.jit
def _next(x, r):
    return r * x * (1 - x)


@jax.jit
def logistic_map(x0, r, n_steps):
    return lax.fori_loop(jnp.zeros_like(n_steps), n_steps, lambda i, x: _next(x, r), x0)

# %% right: a class with the map as its method, in the variable y = r x
class _Map:
    def __init__(self, r):
        self.r = r

    def body(self, i, x):
        y = self.r * x
        return y - y * x

    def run(self, x, n):
        return lax.fori_loop(0, n, self.body, x)


@jax.jit
def logistic_map(x0, r, n_steps):
    return _Map(r).run(x0, n_steps)

# %% right: scan with n_steps static, as the hint on scan allows
@partial(jax.jit, static_argnums=2)
def logistic_map(x0, r, n_steps):
    x, _ = lax.scan(lambda x, _: (r * x * (1 - x), None), x0, length=n_steps)
    return x

# %% wrong: a Python loop over a static n_steps | "neither a Python loop": the program grows with n_steps
@partial(jax.jit, static_argnums=2)
def logistic_map(x0, r, n_steps):
    x = x0
    for _ in range(n_steps):
        x = r * x * (1 - x)
    return jnp.asarray(x)

# %% wrong: a scan that is unrolled | "nor `unroll=True`"
@partial(jax.jit, static_argnums=2)
def logistic_map(x0, r, n_steps):
    x, _ = lax.scan(lambda x, _: (r * x * (1 - x), None), x0, length=n_steps, unroll=True)
    return x

# %% wrong: stops when nothing changes any more | r = 1 shrinks slowly for ever: "after `n_steps` such years"
@jax.jit
def logistic_map(x0, r, n_steps):
    def more(s):
        i, x, change = s
        return (i < n_steps) & (change > 1e-5)

    def step(s):
        i, x, _ = s
        new = r * x * (1 - x)
        return i + 1, new, jnp.max(jnp.abs(new - x))

    return lax.while_loop(more, step, (0, x0, jnp.float32(1)))[1]

# %% wrong: a loop of fixed length with a mask | `n_steps` beyond 1000 is cut off
@jax.jit
def logistic_map(x0, r, n_steps):
    def step(i, x):
        return jnp.where(i < n_steps, r * x * (1 - x), x)

    return lax.fori_loop(0, 1000, step, x0)

# %% wrong: only the step is compiled, Python repeats it | "Compile the function as a whole"
_step = jax.jit(lambda x, r: r * x * (1 - x))


def logistic_map(x0, r, n_steps):
    x = jnp.asarray(x0)
    for _ in range(n_steps):
        x = _step(x, r)
    return x

# %% wrong: r is static too | "no new rate makes JAX trace again"
@partial(jax.jit, static_argnums=(1,))
def logistic_map(x0, r, n_steps):
    return lax.fori_loop(0, n_steps, lambda i, x: r * x * (1 - x), x0)

# %% wrong: the fixed point 1 - 1/r as soon as n_steps is large | r below 1 dies out, r above 3 has two futures
@jax.jit
def logistic_map(x0, r, n_steps):
    start = lax.fori_loop(0, jnp.minimum(n_steps, 90), lambda i, x: r * x * (1 - x), x0)
    return jnp.where(n_steps >= 90, jnp.full_like(start, 1 - 1 / r), start)

# %% wrong: donates x0 | the caller's array is deleted
@partial(jax.jit, donate_argnums=0)
def logistic_map(x0, r, n_steps):
    return lax.fori_loop(0, n_steps, lambda i, x: r * x * (1 - x), x0)

# %% wrong: no jit around the function | "keep the `@jax.jit` of the starter"
def logistic_map(x0, r, n_steps):
    return lax.fori_loop(0, n_steps, lambda i, x: r * x * (1 - x), jnp.asarray(x0))

# %% wrong: populations below a millionth are set to 0 | "Return what each entry ... has become": a tiny x0 would grow
@jax.jit
def logistic_map(x0, r, n_steps):
    def step(i, x):
        x = jnp.where(x < 1e-6, 0.0, x)
        return r * x * (1 - x)

    return lax.fori_loop(0, n_steps, step, x0)

# %% wrong: at most 200 steps, with the parity kept, since it has settled by then | r = 1 and r = 3 settle slowly
@jax.jit
def logistic_map(x0, r, n_steps):
    n = jnp.where(n_steps > 200, 200 + n_steps % 2, n_steps)
    return lax.fori_loop(0, n, lambda i, x: r * x * (1 - x), x0)

# %% wrong: r is kept between 1 and 3.2 | "`r` is a number between 0 and 3.2"
@jax.jit
def logistic_map(x0, r, n_steps):
    r = jnp.clip(r, 1.0, 3.2)
    return lax.fori_loop(0, n_steps, lambda i, x: r * x * (1 - x), x0)

# %% wrong: one loop inside another, blocks of 100 and a Python loop over the rest of a static n_steps | "one compiled loop ... neither a Python loop"
@partial(jax.jit, static_argnums=2)
def logistic_map(x0, r, n_steps):
    def step(x):
        return r * x * (1 - x)

    x = lax.fori_loop(0, n_steps // 100 * 100, lambda i, x: step(x), x0)
    for _ in range(n_steps % 100):
        x = step(x)
    return x
