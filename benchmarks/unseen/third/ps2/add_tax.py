# %% right: NumPy veteran, asarray and one product
def add_tax(prices: Float32[Array, "n"], tax_rate: float) -> Float32[Array, "n"]:
    """Return the prices with tax added, as a new array."""
    return jnp.asarray(prices) * (1 + tax_rate)


# %% right: functional, vmap over a lambda
def add_tax(prices, tax_rate):
    taxed = lambda price: price * (1 + tax_rate)
    return jax.vmap(taxed)(jnp.asarray(prices))


# %% right: physicist, net plus tax written out
def add_tax(prices: Float32[Array, "n"], tax_rate: float) -> Float32[Array, "n"]:
    net = jnp.array(prices, dtype=jnp.float32)
    tax = net * tax_rate
    gross = net + tax
    return gross


# %% right: documentation reader, lax primitives
def _factor_like(array, rate):
    return lax.full_like(array, 1 + rate)


def add_tax(prices: Float32[Array, "n"], tax_rate: float) -> Float32[Array, "n"]:
    net = jnp.asarray(prices, jnp.float32)
    return lax.mul(net, _factor_like(net, tax_rate))


# %% wrong: in-place product on NumPy input | the caller's NumPy prices are overwritten
def add_tax(prices: Float32[Array, "n"], tax_rate: float) -> Float32[Array, "n"]:
    prices *= 1 + tax_rate
    return jnp.asarray(prices)


# %% wrong: tax added on the absolute price | a refund of -10 at 0.1 gives -9 and not -11
def add_tax(prices: Float32[Array, "n"], tax_rate: float) -> Float32[Array, "n"]:
    prices = jnp.asarray(prices)
    tax = jnp.abs(prices) * tax_rate
    return prices + tax


# %% wrong: Python loop over the prices | text asks for all prices at once, without a Python loop; very slow for many
def add_tax(prices: Float32[Array, "n"], tax_rate: float) -> Float32[Array, "n"]:
    return jnp.array([price * (1 + tax_rate) for price in prices], dtype=jnp.float32)


# %% wrong: rounded to cents | 0.123 at 0.1 gives 0.14 and not 0.1353
def add_tax(prices: Float32[Array, "n"], tax_rate: float) -> Float32[Array, "n"]:
    taxed = jnp.asarray(prices) * (1 + tax_rate)
    return jnp.round(taxed, 2)


# %% wrong: a rate above 1 is taken for a percentage | tax_rate 1.5 is treated as 0.015
def add_tax(prices: Float32[Array, "n"], tax_rate: float) -> Float32[Array, "n"]:
    rate = jnp.where(tax_rate > 1, tax_rate / 100, tax_rate)
    return jnp.asarray(prices, jnp.float32) * (1 + rate)


# %% wrong: computed in cents | finite prices above 3.4e36 overflow to infinity though the result is finite
def add_tax(prices: Float32[Array, "n"], tax_rate: float) -> Float32[Array, "n"]:
    cents = jnp.asarray(prices, jnp.float32) * 100
    cents = cents + cents * tax_rate
    return cents / 100


# %% wrong: keeps a global list of receipts | side effect, writes to a global at each call (and leaks tracers under jit)
receipts = []


def add_tax(prices: Float32[Array, "n"], tax_rate: float) -> Float32[Array, "n"]:
    result = jnp.asarray(prices) * (1 + tax_rate)
    receipts.append(result)
    return result


# %% wrong: early return for no prices | an empty NumPy array comes back itself, not a new JAX array
def add_tax(prices: Float32[Array, "n"], tax_rate: float) -> Float32[Array, "n"]:
    if len(prices) == 0:
        return prices  # nothing to tax
    return jnp.asarray(prices) * (1 + tax_rate)
