# %% right: asarray times factor
def add_tax(prices, tax_rate):
    return jnp.asarray(prices) * (1 + tax_rate)

# %% right: price plus tax
def add_tax(prices, tax_rate):
    p = jnp.asarray(prices, jnp.float32)
    return p + p * tax_rate

# %% right: ufunc with names
def add_tax(prices, tax_rate):
    return jnp.multiply(prices, 1.0 + tax_rate)

# %% right: vmap over the prices
def add_tax(prices, tax_rate):
    taxed = lambda price: price * (1 + tax_rate)
    return jax.vmap(taxed)(jnp.asarray(prices))

# %% right: lax primitives
def add_tax(prices, tax_rate):
    p = lax.convert_element_type(prices, jnp.float32)
    return lax.mul(p, lax.full_like(p, 1 + tax_rate))

# %% right: .at[:].multiply on a new array, jit
@jax.jit
def add_tax(prices, tax_rate):
    return jnp.array(prices).at[:].multiply(1 + tax_rate)

# %% right: a class that holds the rate for one call
class _Till:
    def __init__(self, rate):
        self.factor = 1 + rate
    def __call__(self, p):
        return jnp.einsum("i,->i", jnp.asarray(p), jnp.asarray(self.factor, jnp.float32))
def add_tax(prices, tax_rate):
    return _Till(tax_rate)(prices)

# %% right: outer product with one factor
def add_tax(prices, tax_rate):
    return jnp.outer(prices, jnp.array([1 + tax_rate], jnp.float32))[:, 0]

# %% right: lax.map
from functools import partial
def _one(rate, price):
    return price * (1 + rate)
def add_tax(prices, tax_rate):
    return lax.map(partial(_one, tax_rate), jnp.asarray(prices))

# %% right: 64 bits inside, 32 outside
def add_tax(prices, tax_rate):
    with jax.enable_x64(True):
        return (jnp.asarray(prices).astype(jnp.float64) * (1 + tax_rate)).astype(jnp.float32)

# %% right: a polynomial of degree one in the rate
def add_tax(prices, tax_rate):
    p = jnp.asarray(prices)
    return jnp.polyval(jnp.stack([p, p]), tax_rate)

# %% right: forward derivative of the linear map
def add_tax(prices, tax_rate):
    p = jnp.asarray(prices)
    return jax.jvp(lambda q: q * (1 + tax_rate), (p,), (p,))[1]

# %% wrong: rounds to cents | "multiplied by `1 + tax_rate`"
def add_tax(prices, tax_rate):
    return jnp.round(jnp.asarray(prices) * (1 + tax_rate), 2)

# %% wrong: refunds are not taxed | "a negative one is a refund and is taxed like any other"
def add_tax(prices, tax_rate):
    p = jnp.asarray(prices)
    return jnp.where(p > 0, p * (1 + tax_rate), p)

# %% wrong: a Python loop | "without a Python loop"
def add_tax(prices, tax_rate):
    return jnp.array([p * (1 + tax_rate) for p in prices], jnp.float32)

# %% wrong: tax on the size of the price | refunds are "taxed like any other"
def add_tax(prices, tax_rate):
    p = jnp.asarray(prices)
    return p + jnp.abs(p) * tax_rate

# %% wrong: a rate above 1 taken for percent | "`tax_rate` is a Python float, 0 or more"
def add_tax(prices, tax_rate):
    rate = jnp.where(jnp.asarray(tax_rate) > 1, tax_rate / 100, tax_rate)
    return jnp.asarray(prices) * (1 + rate)

# %% wrong: through logarithms | negative prices become NaN
def add_tax(prices, tax_rate):
    return jnp.exp(jnp.log(jnp.asarray(prices)) + jnp.log1p(tax_rate))

# %% wrong: half precision | float32 prices lose digits, above 65504 infinite
def add_tax(prices, tax_rate):
    return (jnp.asarray(prices, jnp.float16) * (1 + tax_rate)).astype(jnp.float32)

# %% wrong: scaled by the largest price: all zeros give NaN, none an error | "may be empty"
def add_tax(prices, tax_rate):
    p = jnp.asarray(prices)
    top = jnp.max(jnp.abs(p))
    return p / top * (top * (1 + tax_rate))

# %% wrong: whole cents as int32 | fractions of a cent cut, large prices overflow
def add_tax(prices, tax_rate):
    cents = jnp.round(jnp.asarray(prices) * 100).astype(jnp.int32)
    return cents * (1 + tax_rate) / 100

# %% wrong: keeps a global log of its results | "It writes to no global"
_log = []
def add_tax(prices, tax_rate):
    taxed = jnp.asarray(prices) * (1 + tax_rate)
    _log.append(taxed)
    return taxed

# %% wrong: remembers results by the identity of the array | deterministic: the prices may have changed
_memo = {}
def add_tax(prices, tax_rate):
    if not isinstance(prices, np.ndarray):
        return jnp.asarray(prices) * (1 + tax_rate)
    key = (id(prices), float(tax_rate) if isinstance(tax_rate, float) else None)
    if key[1] is None:
        return jnp.asarray(prices) * (1 + tax_rate)
    if key not in _memo:
        _memo[key] = (prices, jnp.asarray(prices) * (1 + tax_rate))
    return _memo[key][1]

# %% wrong: convolution with one factor | "may be empty"
def add_tax(prices, tax_rate):
    return jnp.convolve(jnp.asarray(prices), jnp.array([1 + tax_rate], jnp.float32))

# %% wrong: overwrites a long NumPy array in place to save memory | "leaves its caller's data unchanged"
def add_tax(prices, tax_rate):
    if isinstance(prices, np.ndarray) and prices.size > 4:
        prices *= 1 + tax_rate
        return jnp.array(prices)
    return jnp.asarray(prices) * (1 + tax_rate)
