# %% right: the smallest change: a list of the call's own, filled from what is returned
@jax.jit
def next_year(balance, deposit, rate):
    return balance * (1 + rate) + deposit


def savings(deposits, rate):
    history = []
    balance = jnp.float32(0)
    for deposit in deposits:
        balance = next_year(balance, deposit, rate)
        history.append(balance)
    return jnp.stack(history)


# %% right: no jit, no list: .at[].set
def savings(deposits, rate):
    balances = jnp.asarray(deposits)
    for year in range(1, len(balances)):
        balances = balances.at[year].add(balances[year - 1] * (1 + rate))
    return balances


# %% right: one compiled fori_loop
@jax.jit
def savings(deposits, rate):
    deposits = jnp.asarray(deposits)

    def one_year(year, state):
        balance, balances = state
        balance = balance * (1 + rate) + deposits[year]
        return balance, balances.at[year].set(balance)

    start = jnp.float32(0), jnp.zeros_like(deposits)
    return lax.fori_loop(0, deposits.size, one_year, start)[1]


# %% right: the closed form, a matrix of powers
def savings(deposits, rate):
    years = jnp.arange(len(deposits))
    age = years[:, None] - years
    growth = jnp.where(age >= 0, (1 + rate) ** jnp.maximum(age, 0), 0)
    return growth @ jnp.asarray(deposits)


# %% right: an associative scan of affine maps
def savings(deposits, rate):
    deposits = jnp.asarray(deposits)

    def then(first, second):
        return first[0] * second[0], second[0] * first[1] + second[1]

    factors = jnp.full_like(deposits, 1 + rate)
    return lax.associative_scan(then, (factors, deposits))[1]


# %% right: recursion, the history handed on as a tuple
def add_years(history, deposits, rate):
    if len(deposits) == 0:
        return history
    balance = (history[-1] if history else 0.0) * (1 + rate) + deposits[0]
    return add_years((*history, balance), deposits[1:], rate)


def savings(deposits, rate):
    return jnp.stack(add_years((), jnp.asarray(deposits), rate))


# %% right: the history is state, in and out
@jax.jit
def next_year(history, deposit, rate):
    return (*history, history[-1] * (1 + rate) + deposit)


def savings(deposits, rate):
    history = (jnp.float32(0),)
    for deposit in jnp.asarray(deposits):
        history = next_year(history, deposit, rate)
    return jnp.array(history[1:])


# %% wrong: the program as it was -> returns_the_balance_of_every_year
history = []


@jax.jit
def next_year(balance, deposit, rate):
    balance = balance * (1 + rate) + deposit
    history.append(balance)
    return balance


def savings(deposits, rate):
    history.clear()
    balance = jnp.float32(0)
    for deposit in deposits:
        balance = next_year(balance, deposit, rate)
    return jnp.stack(history)


# %% wrong: half mended: jit dropped, the global history kept -> is_pure
history = []


def next_year(balance, deposit, rate):
    balance = balance * (1 + rate) + deposit
    history.append(balance)
    return balance


def savings(deposits, rate):
    history.clear()
    balance = jnp.float32(0)
    for deposit in deposits:
        balance = next_year(balance, deposit, rate)
    return jnp.stack(history)


# %% wrong: half mended: what is returned is collected, but in the global list -> is_pure
history = []


@jax.jit
def next_year(balance, deposit, rate):
    return balance * (1 + rate) + deposit


def savings(deposits, rate):
    history.clear()
    balance = jnp.float32(0)
    for deposit in deposits:
        balance = next_year(balance, deposit, rate)
        history.append(balance)
    return jnp.stack(history)


# %% wrong: half mended: the list is made anew, as a global -> is_pure
@jax.jit
def next_year(balance, deposit, rate):
    return balance * (1 + rate) + deposit


def savings(deposits, rate):
    global history
    history = []
    balance = jnp.float32(0)
    for deposit in deposits:
        balance = next_year(balance, deposit, rate)
        history.append(balance)
    return jnp.stack(history)


# %% wrong: half mended: never cleared -> returns_the_balance_of_every_year, is_pure
history = []


def savings(deposits, rate):
    balance = jnp.float32(0)
    for deposit in deposits:
        balance = balance * (1 + rate) + deposit
        history.append(balance)
    return jnp.stack(history)


# %% wrong: half mended: a default that remembers -> returns_the_balance_of_every_year, is_pure
def savings(deposits, rate, history=[]):
    balance = jnp.float32(0)
    for deposit in deposits:
        balance = balance * (1 + rate) + deposit
        history.append(balance)
    return jnp.stack(history)


# %% wrong: masks the symptom: float() of a tracer -> returns_the_balance_of_every_year
history = []


@jax.jit
def next_year(balance, deposit, rate):
    balance = balance * (1 + rate) + deposit
    history.append(float(balance))
    return balance


def savings(deposits, rate):
    history.clear()
    balance = jnp.float32(0)
    for deposit in deposits:
        balance = next_year(balance, deposit, rate)
    return jnp.array(history)


# %% wrong: masks the symptom: jit again in each year, the list still leaks -> returns_the_balance_of_every_year
def savings(deposits, rate):
    history = []
    balance = jnp.float32(0)
    for deposit in deposits:

        @jax.jit
        def next_year(balance):
            new = balance * (1 + rate) + deposit
            history.append(new)
            return new

        balance = next_year(balance)
    return jnp.stack(history)


# %% wrong: masks the symptom: only what came out at the end -> returns_the_balance_of_every_year
@jax.jit
def next_year(balance, deposit, rate):
    return balance * (1 + rate) + deposit


def savings(deposits, rate):
    balance = jnp.float32(0)
    for deposit in deposits:
        balance = next_year(balance, deposit, rate)
    return jnp.full(len(deposits), balance)


# %% wrong: half mended: a callback writes to a list outside, and runs when it likes -> is_pure
history = []


@jax.jit
def next_year(balance, deposit, rate):
    balance = balance * (1 + rate) + deposit
    jax.debug.callback(lambda b: history.append(float(b)), balance)
    return balance


def savings(deposits, rate):
    history.clear()
    balance = jnp.float32(0)
    for deposit in deposits:
        balance = next_year(balance, deposit, rate)
    jax.effects_barrier()
    return jnp.array(history, jnp.float32)


# %% wrong: NumPy inside, so it cannot be traced -> is_pure
def savings(deposits, rate):
    balances, balance = [], np.float32(0)
    for deposit in np.asarray(deposits):
        balance = np.float32(balance * (1 + rate) + deposit)
        balances.append(balance)
    return jnp.array(balances)


# %% wrong: writes the balances over the deposits -> is_pure
def savings(deposits, rate):
    if not isinstance(deposits, np.ndarray):
        return jnp.stack(list(lax.scan(lambda b, d: (b * (1 + rate) + d,) * 2, jnp.float32(0), deposits)[1]))
    for year in range(1, len(deposits)):
        deposits[year] += deposits[year - 1] * (1 + rate)
    return jnp.array(deposits)


# %% wrong: the deposit earns interest at once -> returns_the_balance_of_every_year
def savings(deposits, rate):
    def one_year(balance, deposit):
        balance = (balance + deposit) * (1 + rate)
        return balance, balance

    return lax.scan(one_year, jnp.float32(0), jnp.asarray(deposits))[1]


# %% wrong: without interest -> returns_the_balance_of_every_year
def savings(deposits, rate):
    return jnp.cumsum(jnp.asarray(deposits))


# %% wrong: the scan keeps the balance before the year -> returns_the_balance_of_every_year
def savings(deposits, rate):
    return lax.scan(lambda b, d: (b * (1 + rate) + d, b), jnp.float32(0), jnp.asarray(deposits))[1]


# %% wrong: a list of arrays -> returns_the_balance_of_every_year
def savings(deposits, rate):
    history, balance = [], jnp.float32(0)
    for deposit in deposits:
        balance = balance * (1 + rate) + deposit
        history.append(balance)
    return history


# %% wrong: the last balances are kept for the next call -> returns_the_balance_of_every_year, is_pure
cache = {}


def savings(deposits, rate):
    if len(deposits) not in cache:
        step = lambda b, d: (b * (1 + rate) + d,) * 2
        cache[len(deposits)] = lax.scan(step, jnp.float32(0), jnp.asarray(deposits))[1]
    return cache[len(deposits)]


# %% wrong: no overdraft -> returns_the_balance_of_every_year
def savings(deposits, rate):
    def one_year(balance, deposit):
        balance = jnp.maximum(balance * (1 + rate) + deposit, 0)
        return balance, balance

    return lax.scan(one_year, jnp.float32(0), jnp.asarray(deposits))[1]


# %% wrong: deposits are forgotten after fifty years -> returns_the_balance_of_every_year
def savings(deposits, rate):
    deposits = jnp.asarray(deposits)
    return jnp.convolve(deposits, (1 + rate) ** jnp.arange(50))[: deposits.shape[0]]


# %% wrong: a convolution by FFT, exact to the largest balance only -> returns_the_balance_of_every_year
@jax.jit
def savings(deposits, rate):
    years = deposits.shape[0]
    growth = (1 + rate) ** jnp.arange(years)
    return jax.scipy.signal.fftconvolve(jnp.asarray(deposits), growth, mode="full")[:years]
