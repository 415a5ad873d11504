# %% right: value_and_grad of a dict of five, jit
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def fast_greeks(key, params, n_steps, n_paths):
    five = {name: params[name] for name in ("S0", "h0", "mu", "rho", "nu")}
    return jax.value_and_grad(lambda five: call_price(key, {**params, **five}, n_steps, n_paths)[0])(five)

# %% right: gradient of all seven, two dropped
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def fast_greeks(key, params, n_steps, n_paths):
    price, g = jax.value_and_grad(lambda p: call_price(key, p, n_steps, n_paths)[0])(params)
    return price, {k: v for k, v in g.items() if k not in ("beta", "K")}

# %% right: argnums of five positional arguments
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def fast_greeks(key, params, n_steps, n_paths):
    names = ["nu", "rho", "mu", "h0", "S0"]
    def price(*values):
        return call_price(key, params | dict(zip(names, values)), n_steps, n_paths)[0]
    value, grads = jax.value_and_grad(price, argnums=tuple(range(5)))(*(params[n] for n in names))
    return value, dict(zip(names, grads))

# %% right: vector of five, own simulation with all shocks drawn first
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def fast_greeks(key, params, n_steps, n_paths):
    names = ("S0", "h0", "mu", "rho", "nu")
    xi, eta = random.normal(key, (2, n_steps, n_paths))
    def price(v):
        S0, h0, mu, rho, nu = v
        def f(c, z):
            return (c[0] + mu + jnp.exp(c[1]) * z[0], rho * c[1] + nu * z[1]), None
        (s, _), _ = lax.scan(f, (jnp.broadcast_to(jnp.log(S0), (n_paths,)), jnp.broadcast_to(h0, (n_paths,))), (xi, eta))
        return params["beta"] ** n_steps * jnp.maximum(jnp.exp(s) - params["K"], 0).mean()
    value, g = jax.value_and_grad(price)(jnp.stack([jnp.asarray(params[n], jnp.float32) for n in names]))
    return value, {n: g[i] for i, n in enumerate(names)}

# %% right: jax.vjp, the forward pass once and the backward pass once
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def fast_greeks(key, params, n_steps, n_paths):
    five = {name: jnp.float32(params[name]) for name in ("S0", "h0", "mu", "rho", "nu")}
    price, back = jax.vjp(lambda f: call_price(key, {**params, **f}, n_steps, n_paths)[0], five)
    (greeks,) = back(jnp.ones_like(price))
    return price, greeks

# %% right: has_aux and a compiled inner function
@partial(jax.jit, static_argnums=(2, 3))
def _all(key, params, n_steps, n_paths):
    (price, error), greeks = jax.value_and_grad(lambda p: call_price(key, p, n_steps, n_paths), has_aux=True)(params)
    return price, greeks

def fast_greeks(key, params, n_steps, n_paths):
    price, greeks = _all(key, params, n_steps, n_paths)
    return price, {name: greeks[name] for name in ("rho", "S0", "h0", "nu", "mu")}

# %% right: jax.grad with the price as auxiliary result
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def fast_greeks(key, params, n_steps, n_paths):
    def f(five):
        p = call_price(key, {**params, **five}, n_steps, n_paths)[0]
        return p, p
    greeks, price = jax.grad(f, has_aux=True)({k: params[k] for k in sorted({"S0", "h0", "mu", "rho", "nu"})})
    return price, greeks

# %% right: a NamedTuple of the five, gradient by it, _asdict
from typing import Any, NamedTuple
class Five(NamedTuple):
    S0: Any
    h0: Any
    mu: Any
    rho: Any
    nu: Any

@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def fast_greeks(key, params, n_steps, n_paths):
    five = Five(*(params[f] for f in Five._fields))
    price, g = jax.value_and_grad(lambda v: call_price(key, {**params, **v._asdict()}, n_steps, n_paths)[0])(five)
    return price, g._asdict()

# %% right: checkpointed steps, drawn again on the way back
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def fast_greeks(key, params, n_steps, n_paths):
    five = {k: jnp.float32(params[k]) for k in ("S0", "h0", "mu", "rho", "nu")}
    def price(p):
        def f(c, z):
            return (c[0] + p["mu"] + jnp.exp(c[1]) * z[0], p["rho"] * c[1] + p["nu"] * z[1]), None
        z = random.normal(key, (n_steps, 2, n_paths))
        c = (jnp.full(n_paths, 0.0), jnp.ones(n_paths) * p["h0"])
        noise = lax.scan(jax.checkpoint(f), c, z)[0][0]
        return params["beta"] ** n_steps * jnp.mean(jax.nn.relu(p["S0"] * jnp.exp(noise) - params["K"]))
    return jax.value_and_grad(price)(five)

# %% right: partition and merge by tree utilities (ravel_pytree), jit by call on a function of the same name
from jax.flatten_util import ravel_pytree
def fast_greeks(key, params, n_steps, n_paths):
    flat, unravel = ravel_pytree({k: jnp.asarray(params[k], jnp.float32) for k in ("S0", "h0", "mu", "rho", "nu")})
    price, g = jax.value_and_grad(lambda v: call_price(key, {**params, **unravel(v)}, n_steps, n_paths)[0])(flat)
    return price, unravel(g)
fast_greeks = jax.jit(fast_greeks, static_argnames=("n_steps", "n_paths"))

# %% wrong: price from one half of a split key, derivatives from the other | "derivatives are those of exactly the estimate that you return"
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def fast_greeks(key, params, n_steps, n_paths):
    five = {k: params[k] for k in ("S0", "h0", "mu", "rho", "nu")}
    k1, k2 = random.split(key)
    f = lambda k, five: call_price(k, {**params, **five}, n_steps, n_paths)[0]
    return f(k1, five), jax.grad(f, argnums=1)(k2, five)

# %% wrong: gradient by log mu, then divided by mu | "`mu`, `nu` and `K` may be 0": NaN
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def fast_greeks(key, params, n_steps, n_paths):
    def price(v):
        return call_price(key, {**params, **v, "mu": params["mu"] * v["mu"]}, n_steps, n_paths)[0]
    v = {k: params[k] for k in ("S0", "h0", "rho", "nu")} | {"mu": 1.0}
    value, g = jax.value_and_grad(price)(v)
    return value, {**g, "mu": g["mu"] / params["mu"]}

# %% wrong: payoff as K * (exp(s - log K) - 1) | K may be 0: NaN
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def fast_greeks(key, params, n_steps, n_paths):
    five = {k: params[k] for k in ("S0", "h0", "mu", "rho", "nu")}
    def price(five):
        p = {**params, **five}
        def f(c, k):
            s, h = c
            k1, k2 = random.split(k)
            xi, eta = random.normal(k1, (n_paths,)), random.normal(k2, (n_paths,))
            return (s + p["mu"] + jnp.exp(h) * xi, p["rho"] * h + p["nu"] * eta), None
        c = (jnp.full(n_paths, jnp.log(p["S0"]), jnp.float32), jnp.full(n_paths, p["h0"], jnp.float32))
        (s, _), _ = lax.scan(f, c, random.split(key, n_steps))
        return p["beta"] ** n_steps * jnp.mean(p["K"] * jnp.maximum(jnp.expm1(s - jnp.log(p["K"])), 0))
    return jax.value_and_grad(price)(five)

# %% wrong: gradient stopped through the volatility's history to save time | derivatives with respect to rho and nu, h0
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def fast_greeks(key, params, n_steps, n_paths):
    five = {k: params[k] for k in ("S0", "h0", "mu", "rho", "nu")}
    def price(five):
        p = {**params, **five}
        def f(c, k):
            s, h = c
            k1, k2 = random.split(k)
            xi, eta = random.normal(k1, (n_paths,)), random.normal(k2, (n_paths,))
            return (s + p["mu"] + jnp.exp(h) * xi, p["rho"] * lax.stop_gradient(h) + p["nu"] * eta), None
        c = (jnp.full(n_paths, jnp.log(p["S0"]), jnp.float32), jnp.full(n_paths, p["h0"], jnp.float32))
        (s, _), _ = lax.scan(f, c, random.split(key, n_steps))
        return p["beta"] ** n_steps * jnp.mean(jnp.maximum(jnp.exp(s) - p["K"], 0))
    return jax.value_and_grad(price)(five)

# %% wrong: volatility shocks left out, as nu is small | nu moves the price and has a derivative
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def fast_greeks(key, params, n_steps, n_paths):
    five = {k: params[k] for k in ("S0", "h0", "mu", "rho", "nu")}
    def price(five):
        p = {**params, **five}
        def f(c, k):
            s, h = c
            k1, k2 = random.split(k)
            xi, eta = random.normal(k1, (n_paths,)), random.normal(k2, (n_paths,))
            return (s + p["mu"] + jnp.exp(h) * xi, p["rho"] * h + p["nu"] * 0.0), None
        c = (jnp.full(n_paths, jnp.log(p["S0"]), jnp.float32), jnp.full(n_paths, p["h0"], jnp.float32))
        (s, _), _ = lax.scan(f, c, random.split(key, n_steps))
        return p["beta"] ** n_steps * jnp.mean(jnp.maximum(jnp.exp(s) - p["K"], 0))
    return jax.value_and_grad(price)(five)

# %% wrong: one normal draw for both shocks, half the random numbers | independent xi and eta
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def fast_greeks(key, params, n_steps, n_paths):
    five = {k: params[k] for k in ("S0", "h0", "mu", "rho", "nu")}
    def price(five):
        p = {**params, **five}
        def f(c, k):
            s, h = c
            xi = eta = random.normal(k, (n_paths,))
            return (s + p["mu"] + jnp.exp(h) * xi, p["rho"] * h + p["nu"] * eta), None
        c = (jnp.full(n_paths, jnp.log(p["S0"]), jnp.float32), jnp.full(n_paths, p["h0"], jnp.float32))
        (s, _), _ = lax.scan(f, c, random.split(key, n_steps))
        return p["beta"] ** n_steps * jnp.mean(jnp.maximum(jnp.exp(s) - p["K"], 0))
    return jax.value_and_grad(price)(five)

# %% wrong: the global N instead of n_steps in the discount | n_steps may be anything
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def fast_greeks(key, params, n_steps, n_paths):
    five = {k: params[k] for k in ("S0", "h0", "mu", "rho", "nu")}
    def price(five):
        p = {**params, **five}
        def f(c, k):
            s, h = c
            k1, k2 = random.split(k)
            xi, eta = random.normal(k1, (n_paths,)), random.normal(k2, (n_paths,))
            return (s + p["mu"] + jnp.exp(h) * xi, p["rho"] * h + p["nu"] * eta), None
        c = (jnp.full(n_paths, jnp.log(p["S0"]), jnp.float32), jnp.full(n_paths, p["h0"], jnp.float32))
        (s, _), _ = lax.scan(f, c, random.split(key, n_steps))
        return p["beta"] ** N * jnp.mean(jnp.maximum(jnp.exp(s) - p["K"], 0))
    return jax.value_and_grad(price)(five)

# %% wrong: shocks drawn in bfloat16 for speed | float32; standard normal
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def fast_greeks(key, params, n_steps, n_paths):
    five = {k: params[k] for k in ("S0", "h0", "mu", "rho", "nu")}
    def price(five):
        p = {**params, **five}
        def f(c, k):
            s, h = c
            xi, eta = random.normal(k, (2, n_paths), jnp.bfloat16)
            return (s + p["mu"] + jnp.exp(h) * xi, p["rho"] * h + p["nu"] * eta), None
        c = (jnp.full(n_paths, jnp.log(p["S0"]), jnp.float32), jnp.full(n_paths, p["h0"], jnp.float32))
        (s, _), _ = lax.scan(f, c, random.split(key, n_steps))
        return p["beta"] ** n_steps * jnp.mean(jnp.maximum(jnp.exp(s) - p["K"], 0))
    return jax.value_and_grad(price)(five)

# %% wrong: a smooth payoff for the derivatives, the true one for the price | derivatives of exactly the estimate that you return
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def fast_greeks(key, params, n_steps, n_paths):
    five = {k: params[k] for k in ("S0", "h0", "mu", "rho", "nu")}
    def price(five):
        p = {**params, **five}
        def f(c, k):
            s, h = c
            k1, k2 = random.split(k)
            xi, eta = random.normal(k1, (n_paths,)), random.normal(k2, (n_paths,))
            return (s + p["mu"] + jnp.exp(h) * xi, p["rho"] * h + p["nu"] * eta), None
        c = (jnp.full(n_paths, jnp.log(p["S0"]), jnp.float32), jnp.full(n_paths, p["h0"], jnp.float32))
        (s, _), _ = lax.scan(f, c, random.split(key, n_steps))
        return p["beta"] ** n_steps * jnp.mean(jax.nn.softplus(8 * (jnp.exp(s) - p["K"])) / 8)
    greeks = jax.grad(price)(five)
    return call_price(key, params, n_steps, n_paths)[0], greeks

# %% wrong: price on all paths, derivatives on the first half of as many | "on the same paths"
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def fast_greeks(key, params, n_steps, n_paths):
    five = {k: params[k] for k in ("S0", "h0", "mu", "rho", "nu")}
    f = lambda five, n: call_price(key, {**params, **five}, n_steps, n)[0]
    return f(five, n_paths), jax.grad(f)(five, max(n_paths // 2, 1))

# %% wrong: a Python loop over the steps | unrolled; exercise 1
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def fast_greeks(key, params, n_steps, n_paths):
    five = {k: params[k] for k in ("S0", "h0", "mu", "rho", "nu")}
    def price(five):
        p = {**params, **five}
        def f(c, k):
            s, h = c
            k1, k2 = random.split(k)
            xi, eta = random.normal(k1, (n_paths,)), random.normal(k2, (n_paths,))
            return (s + p["mu"] + jnp.exp(h) * xi, p["rho"] * h + p["nu"] * eta), None
        c = (jnp.full(n_paths, jnp.log(p["S0"]), jnp.float32), jnp.full(n_paths, p["h0"], jnp.float32))
        for k in random.split(key, n_steps):
            c, _ = f(c, k)
        s = c[0]
        return p["beta"] ** n_steps * jnp.mean(jnp.maximum(jnp.exp(s) - p["K"], 0))
    return jax.value_and_grad(price)(five)

# %% wrong: NaN and infinity in the derivatives replaced by 0, and clipped at 1e4 | derivatives of exactly the estimate (lecture's are far larger)
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def fast_greeks(key, params, n_steps, n_paths):
    five = {k: params[k] for k in ("S0", "h0", "mu", "rho", "nu")}
    price, g = jax.value_and_grad(lambda five: call_price(key, {**params, **five}, n_steps, n_paths)[0])(five)
    return price, jax.tree.map(lambda x: jnp.clip(jnp.nan_to_num(x), -1e4, 1e4), g)

# %% wrong: bumps in compiled JAX | "Bumping in compiled JAX ... is not fast enough"
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def fast_greeks(key, params, n_steps, n_paths):
    price = lambda p: call_price(key, p, n_steps, n_paths)[0]
    slope = lambda k: (price({**params, k: params[k] + 0.01}) - price({**params, k: params[k] - 0.01})) / 0.02
    return price(params), {k: slope(k) for k in ("S0", "h0", "mu", "rho", "nu")}

# %% wrong: compiled anew in every call | "one compiled function", compilation is paid each time
def fast_greeks(key, params, n_steps, n_paths):
    five = {k: params[k] for k in ("S0", "h0", "mu", "rho", "nu")}
    f = jax.jit(lambda key, five: jax.value_and_grad(lambda v: call_price(key, {**params, **v}, n_steps, n_paths)[0])(five))
    return f(key, five)

