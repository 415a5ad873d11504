# %% right: the loop collects what next_year returns
@jax.jit
def next_year(balance, deposit, rate):
    return balance * (1 + rate) + deposit


def savings(deposits: Float32[Array, "years"], rate: float) -> Float32[Array, "years"]:
    """Return the balance at the end of each year, with interest on that of the year before."""
    balances = []
    balance = jnp.float32(0)
    for deposit in deposits:
        balance = next_year(balance, deposit, rate)
        balances.append(balance)
    return jnp.stack(balances)


# %% right: scan, compiled as a whole
@jax.jit
def savings(deposits: Float32[Array, "years"], rate: float) -> Float32[Array, "years"]:
    def next_year(balance, deposit):
        balance = balance * (1 + rate) + deposit
        return balance, balance

    _, balances = lax.scan(next_year, jnp.float32(0), jnp.asarray(deposits, jnp.float32))
    return balances


# %% right: functional, itertools.accumulate
from itertools import accumulate


def savings(deposits, rate):
    next_year = lambda balance, deposit: balance * (1 + rate) + deposit
    return jnp.stack(list(accumulate(jnp.asarray(deposits), next_year)))


# %% right: physicist, fori_loop over a ledger
def savings(deposits: Float32[Array, "years"], rate: float) -> Float32[Array, "years"]:
    ledger = jnp.array(deposits, jnp.float32)
    growth = 1 + rate

    def close_year(year, ledger):
        interest_bearing = ledger[year - 1]
        return ledger.at[year].add(interest_bearing * growth)

    return lax.fori_loop(1, ledger.shape[0], close_year, ledger)


# %% wrong: still the global history | side effect, each call clears and fills the notebook's list (with tracers under jit)
history = []


@jax.jit
def next_year(balance, deposit, rate):
    return balance * (1 + rate) + deposit


def savings(deposits: Float32[Array, "years"], rate: float) -> Float32[Array, "years"]:
    history.clear()
    balance = jnp.float32(0)
    for deposit in deposits:
        balance = next_year(balance, deposit, rate)
        history.append(balance)
    return jnp.stack(history)


# %% wrong: no overdraft | a withdrawal of more than the balance leaves 0 and not a negative balance
@jax.jit
def next_year(balance, deposit, rate):
    return jnp.maximum(balance * (1 + rate) + deposit, 0)


def savings(deposits: Float32[Array, "years"], rate: float) -> Float32[Array, "years"]:
    balances = []
    balance = jnp.float32(0)
    for deposit in deposits:
        balance = next_year(balance, deposit, rate)
        balances.append(balance)
    return jnp.stack(balances)


# %% wrong: rounded to cents each year | balances such as 0.001 or 1.2345 are rounded
@jax.jit
def next_year(balance, deposit, rate):
    return jnp.round(balance * (1 + rate) + deposit, 2)


def savings(deposits: Float32[Array, "years"], rate: float) -> Float32[Array, "years"]:
    balances = []
    balance = jnp.float32(0)
    for deposit in deposits:
        balance = next_year(balance, deposit, rate)
        balances.append(balance)
    return jnp.stack(balances)


# %% wrong: the balance starts as a slice of the deposits | *= and += write to the first entry of the caller's NumPy deposits
def savings(deposits: Float32[Array, "years"], rate: float) -> Float32[Array, "years"]:
    balance = deposits[:1]
    balances = [jnp.array(balance)]
    for deposit in deposits[1:]:
        balance *= 1 + rate
        balance += deposit
        balances.append(jnp.array(balance))
    return jnp.concatenate(balances)


# %% wrong: associative_scan with a step that is not associative | wrong from the fourth year on
def savings(deposits: Float32[Array, "years"], rate: float) -> Float32[Array, "years"]:
    deposits = jnp.asarray(deposits)
    return lax.associative_scan(lambda balance, deposit: balance * (1 + rate) + deposit, deposits)


# %% wrong: the rate is rounded to whole per cent | a rate of 0.035 is taken for 0.04, one of 0.004 for 0
@jax.jit
def next_year(balance, deposit, percent):
    return balance * (100 + percent) / 100 + deposit


def savings(deposits: Float32[Array, "years"], rate: float) -> Float32[Array, "years"]:
    percent = jnp.round(100 * rate)
    balances = []
    balance = jnp.float32(0)
    for deposit in deposits:
        balance = next_year(balance, deposit, percent)
        balances.append(balance)
    return jnp.stack(balances)


# %% right: sum of discounted deposits
@jax.jit
def savings(deposits: Float32[Array, "years"], rate: float) -> Float32[Array, "years"]:
    deposits = jnp.asarray(deposits, jnp.float32)
    growth = (1 + rate) ** jnp.arange(1, deposits.shape[0] + 1)
    return growth * jnp.cumsum(deposits / growth)


# %% wrong: convolution by FFT | balances of the first years are drowned in rounding noise, as at rate 0.5 over 100 years
from jax.scipy.signal import fftconvolve


@jax.jit
def savings(deposits: Float32[Array, "years"], rate: float) -> Float32[Array, "years"]:
    deposits = jnp.asarray(deposits, jnp.float32)
    years = deposits.shape[0]
    growth = (1 + rate) ** jnp.arange(years)
    return fftconvolve(deposits, growth, mode="full")[:years]
