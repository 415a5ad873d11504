# %% right: argnums (0, 1)
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def delta_vega(key, params, n_steps, n_paths):
    def price(S0, h0):
        return call_price(key, {**params, "S0": S0, "h0": h0}, n_steps, n_paths)[0]
    return jax.grad(price, argnums=(0, 1))(params["S0"], params["h0"])

# %% right: gradient with respect to the whole dict, two entries of it
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def delta_vega(key, params, n_steps, n_paths):
    g = jax.grad(lambda p: call_price(key, p, n_steps, n_paths)[0])(params)
    return g["S0"], g["h0"]

# %% right: has_aux, the error as the auxiliary result
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def delta_vega(key, params, n_steps, n_paths):
    greeks, _ = jax.grad(lambda S0, h0: call_price(key, params | dict(S0=S0, h0=h0), n_steps, n_paths), (0, 1), has_aux=True)(params["S0"], params["h0"])
    return greeks

# %% right: two separate gradients, same key
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def delta_vega(key, params, n_steps, n_paths):
    def d(name):
        return jax.grad(lambda x: call_price(key, {**params, name: x}, n_steps, n_paths)[0])(params[name])
    return d("S0"), d("h0")

# %% right: gradient with respect to a vector of two
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def delta_vega(key, params, n_steps, n_paths):
    def price(theta):
        return call_price(key, {**params, "S0": theta[0], "h0": theta[1]}, n_steps, n_paths)[0]
    delta, vega = jax.grad(price)(jnp.stack([jnp.float32(params["S0"]), jnp.float32(params["h0"])]))
    return delta, vega

# %% right: chain rule through log S0
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def delta_vega(key, params, n_steps, n_paths):
    def price(log_S0, h0):
        return call_price(key, {**params, "S0": jnp.exp(log_S0), "h0": h0}, n_steps, n_paths)[0]
    by_log, vega = jax.grad(price, (0, 1))(jnp.log(jnp.float32(params["S0"])), jnp.float32(params["h0"]))
    return by_log / params["S0"], vega

# %% right: value_and_grad of a NamedTuple
from typing import NamedTuple, Any
class Today(NamedTuple):
    S0: Any
    h0: Any

@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def delta_vega(key, params, n_steps, n_paths):
    f = lambda today: call_price(key, {**params, **today._asdict()}, n_steps, n_paths)[0]
    _, g = jax.value_and_grad(f)(Today(params["S0"], params["h0"]))
    return g.S0, g.h0

# %% right: gradient of the mean payoff on simulate_log_prices, same draws as call_price, with checkpointing
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def delta_vega(key, params, n_steps, n_paths):
    @jax.checkpoint
    def price(S0, h0):
        return call_price(key, {**params, "S0": S0, "h0": h0}, n_steps, n_paths)[0]
    return jax.grad(price, (0, 1))(params["S0"], params["h0"])

# %% right: sum of 1 + bumps of zero: gradient at multiplicative and additive perturbations
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def delta_vega(key, params, n_steps, n_paths):
    def price(bump):
        return call_price(key, {**params, "S0": params["S0"] + bump["S0"], "h0": params["h0"] + bump["h0"]}, n_steps, n_paths)[0]
    g = jax.grad(price)({"h0": 0.0, "S0": 0.0})
    return g["S0"], g["h0"]

# %% right: gradient with respect to a flattened vector (ravel_pytree), jit by call
from jax.flatten_util import ravel_pytree
def _dv(key, params, n_steps, n_paths):
    flat, back = ravel_pytree({k: jnp.float32(params[k]) for k in ("S0", "h0")})
    g = back(jax.grad(lambda v: call_price(key, {**params, **back(v)}, n_steps, n_paths)[0])(flat))
    return g["S0"], g["h0"]
delta_vega = jax.jit(_dv, static_argnames=("n_steps", "n_paths"))

# %% wrong: two halves of a split key, one for each derivative | "both come from the same draws", "for this `key`"
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def delta_vega(key, params, n_steps, n_paths):
    k1, k2 = random.split(key)
    delta = jax.grad(lambda x: call_price(k1, {**params, "S0": x}, n_steps, n_paths)[0])(params["S0"])
    vega = jax.grad(lambda x: call_price(k2, {**params, "h0": x}, n_steps, n_paths)[0])(params["h0"])
    return delta, vega

# %% wrong: central differences on common draws | "by jax.grad"; error of the bump and of float32
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def delta_vega(key, params, n_steps, n_paths):
    def slope(name, e):
        up, down = (call_price(key, {**params, name: params[name] + d}, n_steps, n_paths)[0] for d in (e, -e))
        return (up - down) / (2 * e)
    return slope("S0", 0.05), slope("h0", 0.05)

# %% wrong: closed form at nu = 0 | derivatives of the estimate for this key, not of the expectation; nu > 0
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def delta_vega(key, params, n_steps, n_paths):
    def price(S0, h0):
        t = jnp.arange(n_steps)
        v = jnp.sqrt(jnp.sum(jnp.exp(2 * params["rho"] ** t * h0)))
        d2 = (jnp.log(S0 / params["K"]) + n_steps * params["mu"]) / v
        cdf = jax.scipy.stats.norm.cdf
        F = S0 * jnp.exp(n_steps * params["mu"] + v**2 / 2)
        return params["beta"] ** n_steps * (F * cdf(d2 + v) - params["K"] * cdf(d2))
    return jax.grad(price, (0, 1))(params["S0"], params["h0"])

# %% wrong: averaged over four keys for less noise | "the price that `call_price` returns for this `key`"
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def delta_vega(key, params, n_steps, n_paths):
    def price(S0, h0):
        return jax.vmap(lambda k: call_price(k, {**params, "S0": S0, "h0": h0}, n_steps, n_paths)[0])(random.split(key, 4)).mean()
    return jax.grad(price, (0, 1))(params["S0"], params["h0"])

# %% wrong: delta clipped to [0, 1], as textbook deltas are | delta here can exceed 1 (lecture: drift not risk neutral)
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def delta_vega(key, params, n_steps, n_paths):
    d, v = jax.grad(lambda S0, h0: call_price(key, {**params, "S0": S0, "h0": h0}, n_steps, n_paths)[0], (0, 1))(params["S0"], params["h0"])
    return jnp.clip(d, 0, 1), v

# %% wrong: vega made positive with abs | the derivative of the estimate may be negative, with few paths or deep in the money
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def delta_vega(key, params, n_steps, n_paths):
    d, v = jax.grad(lambda S0, h0: call_price(key, {**params, "S0": S0, "h0": h0}, n_steps, n_paths)[0], (0, 1))(params["S0"], params["h0"])
    return d, jnp.abs(v)

# %% wrong: the drift tied to the volatility (mu - e^(2 h0)/2 differentiated too) | "mu is given and does not depend on h0"
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def delta_vega(key, params, n_steps, n_paths):
    base = params["mu"] + 0.5 * jnp.exp(2 * params["h0"])
    def price(S0, h0):
        p = {**params, "S0": S0, "h0": h0, "mu": base - 0.5 * jnp.exp(2 * h0)}
        return call_price(key, p, n_steps, n_paths)[0]
    return jax.grad(price, (0, 1))(params["S0"], params["h0"])

# %% wrong: legacy keys made typed from their last word | keys "of either kind"; other draws than call_price for split legacy keys
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def delta_vega(key, params, n_steps, n_paths):
    if key.dtype == jnp.uint32:
        key = random.key(key[-1])
    return jax.grad(lambda S0, h0: call_price(key, {**params, "S0": S0, "h0": h0}, n_steps, n_paths)[0], (0, 1))(params["S0"], params["h0"])

# %% wrong: the kink smoothed before differentiating | derivatives of the price that call_price returns; "the kink ... does no harm"
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def delta_vega(key, params, n_steps, n_paths):
    def price(S0, h0):
        S = jnp.exp(simulate_log_prices(key, {**params, "S0": S0, "h0": h0}, n_steps, n_paths))
        return params["beta"] ** n_steps * jnp.mean(jax.nn.softplus(10 * (S - params["K"])) / 10)
    return jax.grad(price, (0, 1))(params["S0"], params["h0"])

# %% wrong: delta as the discounted share of paths in the money times the mean of S/S0 | the mean of the product is not the product of the means
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def delta_vega(key, params, n_steps, n_paths):
    S = jnp.exp(simulate_log_prices(key, params, n_steps, n_paths))
    delta = params["beta"] ** n_steps * jnp.mean(S > params["K"]) * jnp.mean(S) / params["S0"]
    vega = jax.grad(lambda h: call_price(key, {**params, "h0": h}, n_steps, n_paths)[0])(params["h0"])
    return delta, vega

# %% wrong: gradients in a hundred times fewer paths "because it is only a slope" (at least 500) | the price for this `n_paths`
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def delta_vega(key, params, n_steps, n_paths):
    n = min(n_paths, 500)
    return jax.grad(lambda S0, h0: call_price(key, {**params, "S0": S0, "h0": h0}, n_steps, n)[0], (0, 1))(params["S0"], params["h0"])

# %% wrong: uses the global `gentle` strike when K is 0 "to avoid log 0" | K may be 0
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def delta_vega(key, params, n_steps, n_paths):
    K = jnp.where(params["K"] > 0, params["K"], gentle["K"])
    return jax.grad(lambda S0, h0: call_price(key, {**params, "S0": S0, "h0": h0, "K": K}, n_steps, n_paths)[0], (0, 1))(params["S0"], params["h0"])
