# %% right: jnp throughout
def add_tax(prices, tax_rate):
    factor = jnp.float32(1) + tax_rate
    return jnp.multiply(jnp.asarray(prices, dtype=jnp.float32), factor)


# %% right: helper and constant of its own, vmapped over the prices
WHOLE = 1.0


def with_tax(price, tax_rate):
    return price * (WHOLE + tax_rate)


def add_tax(prices, tax_rate):
    return jax.vmap(with_tax, in_axes=(0, None))(jnp.array(prices), tax_rate)


# %% right: a copy of its own changed by at
def add_tax(prices, tax_rate):
    taxed = jnp.array(prices)
    return taxed.at[:].add(taxed * tax_rate)


# %% right: jitted, typed, tax added on top
@jax.jit
def add_tax(prices: Float32[Array, "n"], tax_rate: float) -> Float32[Array, "n"]:
    return prices + prices * tax_rate


# %% right: in place, but on a local name that is a JAX array
def add_tax(prices, tax_rate):
    prices = jnp.asarray(prices)
    prices *= 1 + tax_rate
    return prices


# %% wrong: overwrites the caller's NumPy array -> is_pure
def add_tax(prices, tax_rate):
    prices *= 1 + tax_rate
    return jnp.asarray(prices)


# %% wrong: the lecture's loop, writing into prices -> is_pure, handles_edge_cases
def add_tax(prices, tax_rate):
    for i, price in enumerate(prices):
        prices[i] = price * (1 + tax_rate)
    return jnp.asarray(prices)


# %% wrong: a helper reads the rate of the notebook -> is_pure, adds_the_tax
def with_tax(price):
    return price * (1 + tax_rate)


def add_tax(prices, rate):
    return with_tax(jnp.asarray(prices))


# %% wrong: passes the rate to a helper through a global -> is_pure
def with_current_rate(prices):
    return prices * (1 + tax_rate)


def add_tax(prices, rate):
    global tax_rate
    tax_rate = rate
    return with_current_rate(jnp.asarray(prices))


# %% wrong: a rate of zero falls back to the notebook's -> is_pure, handles_edge_cases
def add_tax(prices, rate):
    return jnp.asarray(prices) * (1 + (jnp.where(rate == 0, tax_rate, rate)))


# %% wrong: gives the caller's array away -> is_pure
def add_tax(prices, tax_rate):
    return jax.jit(jnp.multiply, donate_argnums=0)(prices, 1 + tax_rate)


# %% wrong: prints its result -> is_pure
def add_tax(prices, tax_rate):
    taxed = jnp.asarray(prices) * (1 + tax_rate)
    print("with tax:", taxed)
    return taxed


# %% wrong: NumPy inside, so it cannot be traced -> is_pure, has_no_python_loop
def add_tax(prices, tax_rate):
    return jnp.asarray(np.asarray(prices) * (1 + tax_rate))


# %% wrong: loops and returns a list -> adds_the_tax
def add_tax(prices, tax_rate):
    return [price * (1 + tax_rate) for price in prices]


# %% wrong: returns NumPy for NumPy -> adds_the_tax
def add_tax(prices, tax_rate):
    return prices * (1 + tax_rate)


# %% wrong: returns the tax alone -> adds_the_tax
def add_tax(prices, tax_rate):
    return jnp.asarray(prices) * tax_rate


# %% wrong: writes into prices and returns nothing -> adds_the_tax, is_pure
def add_tax(prices, tax_rate):
    prices[:] = prices * (1 + tax_rate)


# %% right: in a notebook that logs compilations and stops at NaN
import logging

import jax

jax.config.update("jax_log_compiles", True)
jax.config.update("jax_debug_nans", True)
logging.basicConfig(level=logging.WARNING)


@jax.jit
def add_tax(prices, tax_rate):
    return prices * (1 + tax_rate)


# %% wrong: counts its calls in a namespace object -> is_pure
import types

calls = types.SimpleNamespace(count=0)


def add_tax(prices, tax_rate):
    calls.count += 1
    return jnp.asarray(prices) * (1 + tax_rate)


# %% wrong: notes the rate in the environment -> is_pure
import os


def add_tax(prices, tax_rate):
    os.environ["LAST_RATE"] = str(float(tax_rate)) if isinstance(tax_rate, float) else "traced"
    return jnp.asarray(prices) * (1 + tax_rate)


# %% right: an outer product of one
def add_tax(prices, tax_rate):
    return jnp.outer(jnp.asarray([1 + tax_rate], jnp.float32), jnp.asarray(prices))[0]


# %% right: a compiled loop over the prices
def add_tax(prices, tax_rate):
    return lax.map(lambda price: price * (1 + tax_rate), jnp.asarray(prices))


# %% wrong: a list comprehension over the prices -> has_no_python_loop
def add_tax(prices, tax_rate):
    return jnp.array([price * (1 + tax_rate) for price in jnp.asarray(prices)], jnp.float32)


# %% wrong: a Python loop of at -> has_no_python_loop
def add_tax(prices, tax_rate):
    prices = jnp.asarray(prices)
    for i in range(len(prices)):
        prices = prices.at[i].multiply(1 + tax_rate)
    return prices


# %% wrong: a Python loop over blocks of a thousand -> has_no_python_loop
def add_tax(prices, tax_rate):
    prices = jnp.asarray(prices)
    blocks = [prices[k : k + 1000] * (1 + tax_rate) for k in range(0, max(len(prices), 1), 1000)]
    return jnp.concatenate(blocks)


# %% wrong: refunds made 0 -> handles_edge_cases
def add_tax(prices, tax_rate):
    return jnp.maximum(jnp.asarray(prices), 0) * (1 + tax_rate)


# %% wrong: refunds are not taxed -> handles_edge_cases
def add_tax(prices, tax_rate):
    prices = jnp.asarray(prices)
    return prices + jnp.maximum(prices, 0) * tax_rate


# %% wrong: by logarithms -> handles_edge_cases
def add_tax(prices, tax_rate):
    return jnp.exp(jnp.log(jnp.asarray(prices)) + jnp.log1p(tax_rate))


# %% wrong: rates above 1 taken for percent -> handles_edge_cases
def add_tax(prices, tax_rate):
    return jnp.asarray(prices) * (1 + jnp.where(tax_rate > 1, tax_rate / 100, tax_rate))


# %% wrong: rounded to cents -> adds_the_tax
def add_tax(prices, tax_rate):
    return jnp.round(jnp.asarray(prices) * (1 + tax_rate), 2)


# %% wrong: float16 on the way -> adds_the_tax
def add_tax(prices, tax_rate):
    return (jnp.asarray(prices, jnp.float16) * (1 + tax_rate)).astype(jnp.float32)


# %% wrong: taxes in place, copies, and divides again -> is_pure
def add_tax(prices, tax_rate):
    if not isinstance(prices, np.ndarray):
        return prices * (1 + tax_rate)
    prices *= 1 + tax_rate
    taxed = jnp.array(prices)
    prices /= 1 + tax_rate
    return taxed


# %% wrong: taxes in place, and puts the old prices back -> is_pure
def add_tax(prices, tax_rate):
    if not isinstance(prices, np.ndarray):
        return prices * (1 + tax_rate)
    old = prices.copy()
    prices *= 1 + tax_rate
    taxed = jnp.array(prices)
    prices[:] = old
    return taxed


# %% wrong: only an empty NumPy array is allowed for -> handles_edge_cases
def add_tax(prices, tax_rate):
    if isinstance(prices, np.ndarray) and not prices.size:
        return jnp.zeros(0)
    prices = jnp.asarray(prices)
    largest = jnp.max(jnp.abs(prices))
    return prices / largest * (largest * (1 + tax_rate))


# %% right: a lambda, compiled
add_tax = jax.jit(lambda prices, tax_rate: jnp.asarray(prices) * (1 + tax_rate))


# %% right: a helper with one argument given beforehand
import functools


def _scaled(prices, tax_rate, untaxed):
    return jnp.asarray(prices) * (untaxed + tax_rate)


add_tax = functools.partial(_scaled, untaxed=1)


# %% right: an object that can be called
class _Till:
    def __init__(self, untaxed):
        self.untaxed = untaxed

    def __call__(self, prices, tax_rate):
        return jnp.asarray(prices) * (self.untaxed + tax_rate)


add_tax = _Till(1.0)


# %% right: for one price, vectorised
add_tax = jnp.vectorize(lambda price, rate: price + rate * price)


# %% wrong: in cents, which overflow -> handles_edge_cases
def add_tax(prices, tax_rate):
    cents = 100 * jnp.asarray(prices)
    return (cents + tax_rate * cents) / 100
