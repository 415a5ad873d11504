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


# %% wrong: NumPy inside, so it cannot be traced -> is_pure
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
