# %% right: fit returns the two, and scale takes them as arguments
def fit(data):
    return jnp.mean(data, axis=0), jnp.std(data, axis=0)


@jax.jit
def scale(x, mean, deviation):
    return (x - mean) / deviation


def standardise(
    train: Float32[Array, "rows cols"], x: Float32[Array, "others cols"]
) -> Float32[Array, "others cols"]:
    """Return `x` with each column less its mean in `train`, over its deviation in `train`."""
    return scale(jnp.asarray(x), *fit(jnp.asarray(train)))


# %% right: functional, vmap over the columns
def _column(train, x):
    return (x - train.mean()) / train.std()


standardise_columns = jax.jit(jax.vmap(_column, in_axes=1, out_axes=1))


def standardise(train, x):
    return standardise_columns(jnp.asarray(train), jnp.asarray(x))


# %% right: physicist, sums written out, deviations from the mean first
def standardise(train, x):
    train = jnp.asarray(train, jnp.float32)
    x = jnp.asarray(x, jnp.float32)
    n = train.shape[0]

    origin = train[0]
    mean = origin + jnp.sum(train - origin, axis=0) / n
    squares = jnp.einsum("rc,rc->c", train - mean, train - mean)
    sigma = jnp.sqrt(squares / n)
    return (x - mean[None, :]) / sigma[None, :]


# %% right: documentation reader, the scaler is a NamedTuple and so a pytree
from typing import NamedTuple


class Scaler(NamedTuple):
    mean: jax.Array
    deviation: jax.Array

    @classmethod
    def fit(cls, data):
        data = jnp.asarray(data)
        variance, mean = jnp.var(data, axis=0), jnp.mean(data, axis=0)
        return cls(mean, jnp.sqrt(variance))

    @jax.jit
    def scale(self, x):
        return (x - self.mean) / self.deviation


def standardise(train, x):
    return Scaler.fit(train).scale(jnp.asarray(x))


# %% wrong: variance as mean of squares less square of mean | cancellation when the deviation is a ten-thousandth of the entries: NaN or far off
@jax.jit
def scale(x, mean, deviation):
    return (x - mean) / deviation


def standardise(train, x):
    train, x = jnp.asarray(train), jnp.asarray(x)
    mean = jnp.mean(train, axis=0)
    deviation = jnp.sqrt(jnp.mean(train**2, axis=0) - mean**2)
    return scale(x, mean, deviation)


# %% wrong: small epsilon added to the deviation | a column with a deviation of 1e-6 is off by one per cent
@jax.jit
def scale(x, mean, deviation):
    return (x - mean) / (deviation + 1e-8)


def standardise(train, x):
    train, x = jnp.asarray(train), jnp.asarray(x)
    return scale(x, jnp.mean(train, axis=0), jnp.std(train, axis=0))


# %% wrong: clipped at five deviations | entries of x further than 5 deviations from the mean are cut
@jax.jit
def scale(x, mean, deviation):
    return jnp.clip((x - mean) / deviation, -5.0, 5.0)


def standardise(train, x):
    train, x = jnp.asarray(train), jnp.asarray(x)
    return scale(x, jnp.mean(train, axis=0), jnp.std(train, axis=0))


# %% wrong: -= and /= on x | the caller's NumPy x is overwritten
def standardise(train, x):
    mean = train.mean(axis=0)
    deviation = train.std(axis=0)
    x -= mean
    x /= deviation
    return jnp.asarray(x)


# %% wrong: fits are remembered by the id of the training data | train changed in place (or new data at the same address) gets the old mean and deviation
_fits = {}


@jax.jit
def scale(x, mean, deviation):
    return (x - mean) / deviation


def standardise(train, x):
    if id(train) not in _fits:
        data = jnp.asarray(train)
        _fits[id(train)] = (jnp.mean(data, axis=0), jnp.std(data, axis=0))
    return scale(jnp.asarray(x), *_fits[id(train)])


# %% wrong: only the jit is taken off the method | hidden state, every call writes its mean and deviation (tracers under jit) into the global scaler
class Scaler:
    def fit(self, data):
        self.mean = jnp.mean(data, axis=0)
        self.deviation = jnp.std(data, axis=0)

    def scale(self, x):
        return (x - self.mean) / self.deviation


scaler = Scaler()


def standardise(
    train: Float32[Array, "rows cols"], x: Float32[Array, "others cols"]
) -> Float32[Array, "others cols"]:
    scaler.fit(jnp.asarray(train))
    return scaler.scale(jnp.asarray(x))


# %% wrong: mean absolute deviation for the standard deviation | equal for two rows, different for three or more
@jax.jit
def scale(x, mean, deviation):
    return (x - mean) / deviation


def standardise(train, x):
    train, x = jnp.asarray(train), jnp.asarray(x)
    mean = jnp.mean(train, axis=0)
    deviation = jnp.mean(jnp.abs(train - mean), axis=0)
    return scale(x, mean, deviation)


# %% wrong: scales row by row and stacks | x without rows raises, as there is nothing to stack
@jax.jit
def scale(row, mean, deviation):
    return (row - mean) / deviation


def standardise(train, x):
    train = jnp.asarray(train)
    mean, deviation = train.mean(axis=0), train.std(axis=0)
    return jnp.stack([scale(row, mean, deviation) for row in jnp.asarray(x)])
