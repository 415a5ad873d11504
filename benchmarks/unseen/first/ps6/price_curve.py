# %% right: the hint, vmap of call_price with the same key
def price_curve(key, params, strikes, n_steps, n_paths):
    return jax.vmap(lambda K: call_price(key, {**params, "K": K}, n_steps, n_paths))(strikes)

# %% right: paths once, payoffs by broadcasting
def price_curve(key, params, strikes, n_steps, n_paths):
    S = jnp.exp(simulate_log_prices(key, params, n_steps, n_paths))
    x = params["beta"] ** n_steps * jnp.maximum(S[None, :] - jnp.asarray(strikes)[:, None], 0)
    return x.mean(axis=1), x.std(axis=1) / math.sqrt(n_paths)

# %% right: lax.map, one strike after the other
def price_curve(key, params, strikes, n_steps, n_paths):
    S = jnp.exp(simulate_log_prices(key, params, n_steps, n_paths))
    def one(K):
        x = params["beta"] ** n_steps * jnp.maximum(S - K, 0)
        return x.mean(), x.std(ddof=1 if n_paths > 1 else 0) / jnp.sqrt(n_paths)
    return lax.map(one, jnp.asarray(strikes))

# %% right: scan over the strikes, results as scanned outputs, jit with static names
@partial(jax.jit, static_argnames=("n_steps", "n_paths"))
def price_curve(key, params, strikes, n_steps, n_paths):
    def f(S, K):
        x = params["beta"] ** n_steps * jnp.maximum(S - K, 0)
        return S, (x.mean(), x.std() / math.sqrt(n_paths))
    _, (prices, errors) = lax.scan(f, jnp.exp(simulate_log_prices(key, params, n_steps, n_paths)), strikes)
    return prices, errors

# %% right: jnp.vectorize with a partial
def _at(key, params, n_steps, n_paths, K):
    return call_price(key, dict(params, K=K), n_steps, n_paths)

def price_curve(key, params, strikes, n_steps, n_paths):
    return jnp.vectorize(partial(_at, key, params, n_steps, n_paths), signature="()->(),()")(jnp.asarray(strikes))

# %% right: vmap over a dict of parameters with in_axes a dict
def price_curve(key, params, strikes, n_steps, n_paths):
    axes = {name: None for name in params} | {"K": 0}
    return jax.vmap(lambda p: call_price(key, p, n_steps, n_paths), in_axes=(axes,))({**params, "K": jnp.asarray(strikes)})

# %% right: fori_loop that writes with .at[].set
def price_curve(key, params, strikes, n_steps, n_paths):
    strikes = jnp.asarray(strikes, jnp.float32)
    def fill(i, out):
        price, error = call_price(key, {**params, "K": strikes[i]}, n_steps, n_paths)
        return out[0].at[i].set(price), out[1].at[i].set(error)
    return lax.fori_loop(0, strikes.shape[0], fill, (jnp.zeros_like(strikes), jnp.zeros_like(strikes)))

# %% right: all parameters broadcast to the strikes and mapped, with the key captured
def price_curve(key, params, strikes, n_steps, n_paths):
    strikes = jnp.asarray(strikes)
    wide = jax.tree.map(lambda x: jnp.broadcast_to(jnp.asarray(x, jnp.float32), strikes.shape), {**params, "K": strikes})
    return jax.vmap(lambda p: call_price(key, p, n_steps, n_paths))(wide)

# %% right: mean by matmul with weights, two-pass variance
def price_curve(key, params, strikes, n_steps, n_paths):
    S = jnp.exp(simulate_log_prices(key, params, n_steps, n_paths))
    x = jax.nn.relu(jnp.subtract.outer(S, jnp.asarray(strikes)))
    w = jnp.full(n_paths, 1 / n_paths, jnp.float32)
    m = jnp.matmul(w, x, precision="highest")
    v = jnp.einsum("p,pk->k", w, (x - m) ** 2, precision="highest")
    d = params["beta"] ** n_steps
    return d * m, d * jnp.sqrt(v / n_paths)

# %% right: a class with a payoff method, vmapped, with jit inside
class Curve:
    def __init__(self, log_prices, discount):
        self.S, self.d = jnp.exp(log_prices), discount
    def at(self, K):
        x = self.d * jnp.maximum(self.S - K, 0)
        return jnp.mean(x), jnp.std(x) / math.sqrt(x.shape[0])

def price_curve(key, params, strikes, n_steps, n_paths):
    c = Curve(simulate_log_prices(key, params, n_steps, n_paths), params["beta"] ** n_steps)
    return jax.jit(jax.vmap(c.at))(jnp.asarray(strikes, dtype=jnp.float32))

# %% wrong: a key of its own for each strike | "on **common paths**"
def price_curve(key, params, strikes, n_steps, n_paths):
    keys = random.split(key, len(strikes))
    return jax.vmap(lambda k, K: call_price(k, {**params, "K": K}, n_steps, n_paths))(keys, jnp.asarray(strikes))

# %% wrong: a Python loop over the strikes | "a Python loop is unrolled into a program that grows with them"
def price_curve(key, params, strikes, n_steps, n_paths):
    pairs = [call_price(key, {**params, "K": strikes[i]}, n_steps, n_paths) for i in range(len(strikes))]
    prices, errors = zip(*pairs)
    return jnp.stack(prices), jnp.stack(errors)

# %% wrong: sorts the strikes and undoes it with the order itself instead of its inverse | "in the same order", "in any order"
def price_curve(key, params, strikes, n_steps, n_paths):
    order = jnp.argsort(jnp.asarray(strikes))
    prices, errors = jax.vmap(lambda K: call_price(key, {**params, "K": K}, n_steps, n_paths))(jnp.asarray(strikes)[order])
    return prices[order], errors[order]

# %% wrong: writes the strike into the caller's params | "`params` must stay as it was"
def price_curve(key, params, strikes, n_steps, n_paths):
    S = simulate_log_prices(key, params, n_steps, n_paths)
    def one(K):
        x = params["beta"] ** n_steps * jnp.maximum(jnp.exp(S) - K, 0)
        return x.mean(), x.std() / math.sqrt(n_paths)
    params["K"] = strikes
    return jax.vmap(one)(params["K"])

# %% wrong: one error, at params["K"], for all strikes | "standard errors, for every strike"; params["K"] does not matter
def price_curve(key, params, strikes, n_steps, n_paths):
    prices = jax.vmap(lambda K: call_price(key, {**params, "K": K}, n_steps, n_paths)[0])(jnp.asarray(strikes))
    return prices, jnp.full_like(prices, call_price(key, params, n_steps, n_paths)[1])

# %% wrong: strikes turned into whole numbers | strikes is any float32 array
def price_curve(key, params, strikes, n_steps, n_paths):
    K = jnp.asarray(strikes).astype(jnp.int32)
    return jax.vmap(lambda k: call_price(key, {**params, "K": k}, n_steps, n_paths))(K)

# %% wrong: one strike gives scalars | two arrays, "at least one entry"
def price_curve(key, params, strikes, n_steps, n_paths):
    out = jax.vmap(lambda k: call_price(key, {**params, "K": k}, n_steps, n_paths))(jnp.asarray(strikes))
    return tuple(jnp.squeeze(a) for a in out)

# %% wrong: prices at nine strikes from lowest to highest, interpolated in between | the estimate for every strike
def price_curve(key, params, strikes, n_steps, n_paths):
    strikes = jnp.asarray(strikes)
    grid = jnp.linspace(strikes.min(), strikes.max(), 9)
    prices, errors = jax.vmap(lambda k: call_price(key, {**params, "K": k}, n_steps, n_paths))(grid)
    return jnp.interp(strikes, grid, prices), jnp.interp(strikes, grid, errors)

# %% wrong: the paths shared out, n_paths // n_strikes for each strike | every strike's estimate is made of n_paths common paths
def price_curve(key, params, strikes, n_steps, n_paths):
    strikes = jnp.asarray(strikes)
    n = max(n_paths // strikes.shape[0], 1)
    return jax.vmap(lambda k: call_price(key, {**params, "K": k}, n_steps, n))(strikes)

# %% wrong: paths cut to those that reach the lowest strike, mean over these | the mean over all paths
def price_curve(key, params, strikes, n_steps, n_paths):
    strikes = jnp.asarray(strikes)
    S = jnp.exp(simulate_log_prices(key, params, n_steps, n_paths))
    live = S > strikes.min() - 2.5 * params["S0"] / 10
    def one(K):
        x = params["beta"] ** n_steps * jnp.maximum(S - K, 0)
        return jnp.mean(x, where=live), jnp.std(x, where=live) / jnp.sqrt(live.sum())
    return jax.vmap(one)(strikes)

# %% wrong: raw moments for the errors | standard deviation, lost to cancellation at small spreads
def price_curve(key, params, strikes, n_steps, n_paths):
    S = jnp.exp(simulate_log_prices(key, params, n_steps, n_paths))
    def one(K):
        x = params["beta"] ** n_steps * jnp.maximum(S - K, 0)
        m1, m2 = x.mean(), (x * x).mean()
        return m1, jnp.sqrt(jnp.abs(m2 - m1 * m1) / n_paths)
    return jax.vmap(one)(jnp.asarray(strikes))

# %% wrong: discount of the errors forgotten | standard errors of the discounted payoffs
def price_curve(key, params, strikes, n_steps, n_paths):
    S = jnp.exp(simulate_log_prices(key, params, n_steps, n_paths))
    x = jnp.maximum(S - jnp.asarray(strikes)[:, None], 0)
    return params["beta"] ** n_steps * x.mean(1), x.std(1) / math.sqrt(n_paths)

# %% wrong: paths remembered between calls by size, whatever the key and the parameters | a pure function of key and params
_seen_paths = {}
def price_curve(key, params, strikes, n_steps, n_paths):
    S = _seen_paths.get((n_steps, n_paths, str(params)))
    if S is None:
        S = jnp.exp(simulate_log_prices(key, params, n_steps, n_paths))
        if not isinstance(S, jax.core.Tracer):
            _seen_paths[n_steps, n_paths, str(params)] = S
    x = params["beta"] ** n_steps * jnp.maximum(S - jnp.asarray(strikes)[:, None], 0)
    return x.mean(1), x.std(1) / math.sqrt(n_paths)
