# %% right: asarray times factor
def add_tax(prices: Float32[Array, "n"], tax_rate: float) -> Float32[Array, "n"]:
    prices = jnp.asarray(prices)
    return prices * (1 + tax_rate)

# %% right: vmap over one price
def add_tax(prices: Float32[Array, "n"], tax_rate: float) -> Float32[Array, "n"]:
    def one(price, rate):
        return price + rate * price

    return jax.vmap(one, in_axes=(0, None))(jnp.asarray(prices, dtype=jnp.float32), tax_rate)

# %% right: indexed update that multiplies
def add_tax(prices: Float32[Array, "n"], tax_rate: float) -> Float32[Array, "n"]:
    return jnp.array(prices).at[:].multiply(1.0 + tax_rate)

# %% right: lax.mul with a full array of factors
def add_tax(prices: Float32[Array, "n"], tax_rate: float) -> Float32[Array, "n"]:
    prices = jnp.asarray(prices, jnp.float32)
    factors = lax.full(prices.shape, 1, jnp.float32) + jnp.float32(tax_rate)
    return lax.mul(prices, factors)

# %% right: einsum with a scalar
def add_tax(prices: Float32[Array, "n"], tax_rate: float) -> Float32[Array, "n"]:
    factor = jnp.float32(1) + jnp.asarray(tax_rate, jnp.float32)
    return jnp.einsum("i,->i", jnp.asarray(prices), factor, precision="highest")

# %% right: method style, with a jitted inner function
@jax.jit
def _times(values, factor):
    return values.__mul__(factor)


add_tax = lambda prices, tax_rate: _times(jnp.asarray(prices), 1 + tax_rate)

# %% wrong: *= on the argument | overwrites the caller's NumPy array
def add_tax(prices: Float32[Array, "n"], tax_rate: float) -> Float32[Array, "n"]:
    prices *= 1 + tax_rate
    return jnp.asarray(prices)

# %% wrong: no asarray | a NumPy array goes in, a NumPy array comes out
def add_tax(prices: Float32[Array, "n"], tax_rate: float) -> Float32[Array, "n"]:
    return prices * (1 + tax_rate)

# %% wrong: rounded to cents | results are rounded to two decimals; small prices vanish
def add_tax(prices: Float32[Array, "n"], tax_rate: float) -> Float32[Array, "n"]:
    return jnp.round(jnp.asarray(prices) * (1 + tax_rate), 2)

# %% wrong: refunds left alone | negative prices are not taxed
def add_tax(prices: Float32[Array, "n"], tax_rate: float) -> Float32[Array, "n"]:
    prices = jnp.asarray(prices)
    return jnp.where(prices > 0, prices * (1 + tax_rate), prices)

# %% wrong: Python loop | loops over the prices in Python, which the text forbids, though the values are right
def add_tax(prices: Float32[Array, "n"], tax_rate: float) -> Float32[Array, "n"]:
    return jnp.array([price * (1 + tax_rate) for price in prices], dtype=jnp.float32)

# %% wrong: early return for rate 0 | branches on a traced value, so it fails under jit
def add_tax(prices: Float32[Array, "n"], tax_rate: float) -> Float32[Array, "n"]:
    prices = jnp.asarray(prices)
    if tax_rate == 0:
        return prices
    return prices * (1 + tax_rate)

# %% wrong: static rate | fails when the rate is traced by an outer jit, and recompiles for each rate
from functools import partial


@partial(jax.jit, static_argnames="tax_rate")
def add_tax(prices: Float32[Array, "n"], tax_rate: float) -> Float32[Array, "n"]:
    return prices * (1 + tax_rate)

# %% wrong: donated prices | the caller's JAX array is deleted by the call
from functools import partial


@partial(jax.jit, donate_argnums=0)
def add_tax(prices: Float32[Array, "n"], tax_rate: float) -> Float32[Array, "n"]:
    return prices * (1 + tax_rate)

# %% wrong: prices held in float16 | prices above 65504 become inf, others lose digits
def add_tax(prices: Float32[Array, "n"], tax_rate: float) -> Float32[Array, "n"]:
    prices = jnp.asarray(prices, dtype=jnp.float16)
    return prices.astype(jnp.float32) * (1 + tax_rate)

# %% wrong: whole per cents only | a rate such as 0.055 is rounded to a whole per cent
def add_tax(prices: Float32[Array, "n"], tax_rate: float) -> Float32[Array, "n"]:
    percent = jnp.round(100 * tax_rate)
    return jnp.asarray(prices) * (100 + percent) / 100

# %% wrong: rate capped at one | rates above 1 are taken for 1
def add_tax(prices: Float32[Array, "n"], tax_rate: float) -> Float32[Array, "n"]:
    tax_rate = jnp.clip(tax_rate, 0.0, 1.0)
    return jnp.asarray(prices) * (1 + tax_rate)

# %% wrong: logarithms | NaN for negative prices
def add_tax(prices: Float32[Array, "n"], tax_rate: float) -> Float32[Array, "n"]:
    return jnp.exp(jnp.log(jnp.asarray(prices)) + jnp.log1p(tax_rate))

# %% wrong: scaled by the largest price | an empty array raises, and all zeros give NaN
def add_tax(prices: Float32[Array, "n"], tax_rate: float) -> Float32[Array, "n"]:
    prices = jnp.asarray(prices)
    largest = jnp.max(jnp.abs(prices))
    return largest * ((prices / largest) * (1 + tax_rate))

# %% wrong: keeps a log | a side effect: each call appends its result to a global list (tracers too)
receipts = []


def add_tax(prices: Float32[Array, "n"], tax_rate: float) -> Float32[Array, "n"]:
    taxed = jnp.asarray(prices) * (1 + tax_rate)
    receipts.append(taxed)
    return taxed

# %% wrong: debugging print left in | a side effect: prints at every call
def add_tax(prices: Float32[Array, "n"], tax_rate: float) -> Float32[Array, "n"]:
    taxed = jnp.asarray(prices) * (1 + tax_rate)
    print("taxed", taxed.shape)
    return taxed

# %% wrong: sets the global rate | overwrites the notebook's global tax_rate
def add_tax(prices: Float32[Array, "n"], tax_rate: float) -> Float32[Array, "n"]:
    globals()["tax_rate"] = tax_rate
    return jnp.asarray(prices) * (1 + tax_rate)

# %% wrong: results remembered by id | a NumPy array changed between two calls gets the old answer
_seen = {}


def add_tax(prices: Float32[Array, "n"], tax_rate: float) -> Float32[Array, "n"]:
    if not isinstance(prices, np.ndarray):
        return prices * (1 + tax_rate)
    key = (id(prices), tax_rate)
    if key not in _seen:
        _seen[key] = (prices, jnp.array(prices) * (1 + tax_rate))
    return _seen[key][1]
