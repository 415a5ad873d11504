# %% right: the loop collects what next_year returns
@jax.jit
def next_year(balance, deposit, rate):
    return balance * (1 + rate) + deposit


def savings(deposits: Float32[Array, "years"], rate: float) -> Float32[Array, "years"]:
    balances = []
    balance = jnp.float32(0)
    for deposit in deposits:
        balance = next_year(balance, deposit, rate)
        balances.append(balance)
    return jnp.stack(balances)

# %% right: scan, compiled as a whole
@jax.jit
def savings(deposits: Float32[Array, "years"], rate: float) -> Float32[Array, "years"]:
    def step(balance, deposit):
        balance = balance * (1 + rate) + deposit
        return balance, balance

    return lax.scan(step, jnp.float32(0), deposits)[1]

# %% right: itertools.accumulate
from itertools import accumulate


def savings(deposits: Float32[Array, "years"], rate: float) -> Float32[Array, "years"]:
    def next_year(balance, deposit):
        return (1 + rate) * balance + deposit

    return jnp.array(list(accumulate(jnp.asarray(deposits), next_year)), dtype=jnp.float32)

# %% right: fori_loop on an array of balances
def savings(deposits: Float32[Array, "years"], rate: float) -> Float32[Array, "years"]:
    start = jnp.array(deposits, jnp.float32)

    def year(t, balances):
        return balances.at[t].add((1 + rate) * balances[t - 1])

    return lax.fori_loop(1, len(start), year, start)

# %% right: associative_scan
def savings(deposits: Float32[Array, "years"], rate: float) -> Float32[Array, "years"]:
    deposits = jnp.asarray(deposits)

    def later(early, late):
        return early[0] * late[0], early[1] * late[0] + late[1]

    # The growth before the first year multiplies a balance of 0, so any number will do.
    growth = jnp.full_like(deposits, 1 + rate).at[0].set(0)
    return lax.associative_scan(later, (growth, deposits))[1]

# %% right: a generator that owns the balance
@jax.jit
def next_year(balance, deposit, rate):
    return jnp.dot(jnp.array([1.0, 1.0]), jnp.array([balance + rate * balance, deposit]), precision="highest")


def _years(deposits, rate):
    balance = jnp.zeros((), jnp.float32)
    for deposit in deposits:
        balance = next_year(balance, deposit, rate)
        yield balance


def savings(deposits: Float32[Array, "years"], rate: float) -> Float32[Array, "years"]:
    return jnp.stack(tuple(_years(jnp.asarray(deposits), rate)))

# %% wrong: history still global | a side effect: the notebook's global history is cleared and filled by each call
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

# %% wrong: history never cleared | a second call returns the years of the first one too
history = []


@jax.jit
def next_year(balance, deposit, rate):
    return balance * (1 + rate) + deposit


def savings(deposits: Float32[Array, "years"], rate: float) -> Float32[Array, "years"]:
    balance = jnp.float32(0)
    for deposit in deposits:
        balance = next_year(balance, deposit, rate)
        history.append(balance)
    return jnp.stack(history)

# %% wrong: balances as Python floats | float() fails on tracers, so not under jit
def savings(deposits: Float32[Array, "years"], rate: float) -> Float32[Array, "years"]:
    balances, balance = [], 0.0
    for deposit in deposits:
        balance = balance * (1 + rate) + float(deposit)
        balances.append(balance)
    return jnp.array(balances, jnp.float32)

# %% wrong: static rate | fails where an outer jit traces the rate, and recompiles for each rate
from functools import partial


@partial(jax.jit, static_argnames="rate")
def savings(deposits: Float32[Array, "years"], rate: float) -> Float32[Array, "years"]:
    def step(balance, deposit):
        balance = balance * (1 + rate) + deposit
        return balance, balance

    return lax.scan(step, jnp.float32(0), deposits)[1]

# %% wrong: no overdraft | a negative balance is set to 0
def savings(deposits: Float32[Array, "years"], rate: float) -> Float32[Array, "years"]:
    def step(balance, deposit):
        balance = jnp.maximum(balance * (1 + rate) + deposit, 0)
        return balance, balance

    return lax.scan(step, jnp.float32(0), jnp.asarray(deposits))[1]

# %% wrong: no interest on debts | a negative balance earns (or owes) no interest
def savings(deposits: Float32[Array, "years"], rate: float) -> Float32[Array, "years"]:
    def step(balance, deposit):
        interest = jnp.where(balance > 0, balance * rate, 0)
        return (balance + interest + deposit,) * 2

    return lax.scan(step, jnp.float32(0), jnp.asarray(deposits))[1]

# %% wrong: rounded to cents | each balance is rounded to two decimals, and the error is carried on
def savings(deposits: Float32[Array, "years"], rate: float) -> Float32[Array, "years"]:
    def step(balance, deposit):
        balance = jnp.round(balance * (1 + rate) + deposit, 2)
        return balance, balance

    return lax.scan(step, jnp.float32(0), jnp.asarray(deposits))[1]

# %% wrong: rate to whole per cents | a rate such as 0.035 is rounded
def savings(deposits: Float32[Array, "years"], rate: float) -> Float32[Array, "years"]:
    factor = 1 + jnp.round(rate, 2)

    def step(balance, deposit):
        balance = balance * factor + deposit
        return balance, balance

    return lax.scan(step, jnp.float32(0), jnp.asarray(deposits))[1]

# %% right: closed form with powers
def savings(deposits: Float32[Array, "years"], rate: float) -> Float32[Array, "years"]:
    deposits = jnp.asarray(deposits)
    growth = jnp.cumprod(jnp.full_like(deposits, 1 + rate))
    return growth * jnp.cumsum(deposits / growth)

# %% wrong: convolution over fifty years | deposits older than 50 years are forgotten
def savings(deposits: Float32[Array, "years"], rate: float) -> Float32[Array, "years"]:
    deposits = jnp.asarray(deposits)
    growth = (1 + rate) ** jnp.arange(50)
    return jnp.convolve(deposits, growth)[: deposits.shape[0]]

# %% wrong: in place for NumPy | overwrites the caller's NumPy deposits
def savings(deposits: Float32[Array, "years"], rate: float) -> Float32[Array, "years"]:
    for t in range(1, len(deposits)):
        grown = deposits[t - 1] * (1 + rate)
        if isinstance(deposits, np.ndarray):
            deposits[t] += np.float32(jnp.float32(grown)) if not isinstance(grown, jax.Array) else grown
        else:
            deposits = deposits.at[t].add(grown)
    return jnp.asarray(deposits)

# %% wrong: NumPy for NumPy | returns a NumPy array for NumPy deposits
def savings(deposits: Float32[Array, "years"], rate: float) -> Float32[Array, "years"]:
    balances, balance = [], 0
    for deposit in deposits:
        balance = balance * (1 + rate) + deposit
        balances.append(balance)
    if isinstance(deposits, np.ndarray) and not isinstance(balance, jax.Array):
        return np.array(balances, np.float32)
    return jnp.stack(balances)

# %% wrong: float16 balances | balances above 65504 become inf, and digits are lost
def savings(deposits: Float32[Array, "years"], rate: float) -> Float32[Array, "years"]:
    def step(balance, deposit):
        balance = (balance * (1 + rate) + deposit).astype(jnp.float16)
        return balance, balance

    return lax.scan(step, jnp.float16(0), jnp.asarray(deposits))[1].astype(jnp.float32)

# %% wrong: donated deposits | the caller's JAX array is deleted
from functools import partial


@partial(jax.jit, donate_argnums=0)
def savings(deposits: Float32[Array, "years"], rate: float) -> Float32[Array, "years"]:
    def step(balance, deposit):
        balance = balance * (1 + rate) + deposit
        return balance, balance

    return lax.scan(step, jnp.float32(0), deposits)[1]

# %% wrong: withdrawals earn the interest of their year | negative deposits are booked before the interest
def savings(deposits: Float32[Array, "years"], rate: float) -> Float32[Array, "years"]:
    def step(balance, deposit):
        early = (balance + deposit) * (1 + rate)
        late = balance * (1 + rate) + deposit
        balance = jnp.where((deposit < 0) & (balance + deposit < 0), early, late)
        return balance, balance

    return lax.scan(step, jnp.float32(0), jnp.asarray(deposits))[1]

# %% wrong: a year without deposit skipped | without a deposit a negative balance is carried over without interest
def savings(deposits: Float32[Array, "years"], rate: float) -> Float32[Array, "years"]:
    def step(balance, deposit):
        idle = (deposit == 0) & (balance <= 0)
        balance = jnp.where(idle, balance, balance * (1 + rate) + deposit)
        return balance, balance

    return lax.scan(step, jnp.float32(0), jnp.asarray(deposits))[1]

# %% wrong: three years | only the first three years are computed, the rest stay as the deposits
def savings(deposits: Float32[Array, "years"], rate: float) -> Float32[Array, "years"]:
    balances = jnp.array(deposits)
    for t in range(1, min(3, len(balances))):
        balances = balances.at[t].add(balances[t - 1] * (1 + rate))
    return balances

# %% wrong: branch on the rate | "if rate == 0" fails under jit
def savings(deposits: Float32[Array, "years"], rate: float) -> Float32[Array, "years"]:
    deposits = jnp.asarray(deposits)
    if rate == 0:
        return jnp.cumsum(deposits)

    def step(balance, deposit):
        balance = balance * (1 + rate) + deposit
        return balance, balance

    return lax.scan(step, jnp.float32(0), deposits)[1]

# %% wrong: callback that appends | a side effect at run time: under jit the history still holds nothing when it is stacked
def savings(deposits: Float32[Array, "years"], rate: float) -> Float32[Array, "years"]:
    balances = []

    @jax.jit
    def next_year(balance, deposit):
        balance = balance * (1 + rate) + deposit
        jax.debug.callback(balances.append, balance, ordered=True)
        return balance

    balance = jnp.float32(0)
    for deposit in deposits:
        balance = next_year(balance, deposit)
    jax.effects_barrier()
    return jnp.stack([jnp.asarray(b) for b in balances])

# %% right: two-dimensional growth table
def savings(deposits: Float32[Array, "years"], rate: float) -> Float32[Array, "years"]:
    deposits = jnp.asarray(deposits)
    t = jnp.arange(deposits.shape[0])
    age = t[:, None] - t
    table = jnp.where(age >= 0, (1 + rate) ** age.astype(jnp.float32), 0)
    return (table * deposits).sum(axis=1)
