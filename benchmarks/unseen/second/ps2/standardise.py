# %% right: fit returns values, scale takes them
def fit(data):
    return jnp.mean(data, axis=0), jnp.std(data, axis=0)


@jax.jit
def scale(x, mean, deviation):
    return (x - mean) / deviation


def standardise(
    train: Float32[Array, "rows cols"], x: Float32[Array, "others cols"]
) -> Float32[Array, "others cols"]:
    return scale(x, *fit(train))

# %% right: a NamedTuple of what was found
from typing import NamedTuple


class Scaling(NamedTuple):
    mean: Array
    deviation: Array

    @classmethod
    def of(cls, data):
        mean = data.mean(axis=0)
        return cls(mean, jnp.sqrt(((data - mean) ** 2).mean(axis=0)))


@jax.jit
def apply(scaling, x):
    return (x - scaling.mean) / scaling.deviation


def standardise(
    train: Float32[Array, "rows cols"], x: Float32[Array, "others cols"]
) -> Float32[Array, "others cols"]:
    return apply(Scaling.of(jnp.asarray(train)), x)

# %% right: vmap over the columns
@jax.jit
def standardise(
    train: Float32[Array, "rows cols"], x: Float32[Array, "others cols"]
) -> Float32[Array, "others cols"]:
    def column(seen, new):
        centre = jnp.average(seen)
        spread = jnp.sqrt(jnp.var(seen))
        return (new - centre) / spread

    return jax.vmap(column, in_axes=1, out_axes=1)(train, x)

# %% right: a new Scaler for each call, scale without jit
class Scaler:
    def fit(self, data):
        data = jnp.asarray(data)
        self.mean = jnp.mean(data, axis=0, keepdims=True)
        self.deviation = jnp.std(data, axis=0, keepdims=True)
        return self

    def scale(self, x):
        return jnp.true_divide(jnp.subtract(x, self.mean), self.deviation)


def standardise(
    train: Float32[Array, "rows cols"], x: Float32[Array, "others cols"]
) -> Float32[Array, "others cols"]:
    return Scaler().fit(train).scale(x)

# %% right: Scaler as a pytree
@jax.tree_util.register_pytree_node_class
class Scaler:
    def __init__(self, mean, deviation):
        self.mean, self.deviation = mean, deviation

    def tree_flatten(self):
        return (self.mean, self.deviation), None

    @classmethod
    def tree_unflatten(cls, _, children):
        return cls(*children)

    @jax.jit
    def scale(self, x):
        return (x - self.mean) / self.deviation


def standardise(
    train: Float32[Array, "rows cols"], x: Float32[Array, "others cols"]
) -> Float32[Array, "others cols"]:
    return Scaler(jnp.mean(train, axis=0), jnp.std(train, axis=0)).scale(jnp.asarray(x))

# %% right: a closure, and train rescaled before squaring
def scaler_for(data):
    data = jnp.asarray(data)
    mean = data.mean(0)
    away = data - mean
    unit = jnp.abs(away).max(0)
    root = jnp.sqrt(jnp.sum(jnp.square(away / unit), 0) / len(data))
    return lambda x: (x - mean) / unit / root


def standardise(
    train: Float32[Array, "rows cols"], x: Float32[Array, "others cols"]
) -> Float32[Array, "others cols"]:
    return scaler_for(train)(jnp.asarray(x))

# %% wrong: mean of squares less square of mean | cancellation: columns far from zero give garbage or NaN
@jax.jit
def standardise(
    train: Float32[Array, "rows cols"], x: Float32[Array, "others cols"]
) -> Float32[Array, "others cols"]:
    mean = jnp.mean(train, axis=0)
    variance = jnp.mean(train**2, axis=0) - mean**2
    return (x - mean) / jnp.sqrt(variance)

# %% wrong: half the range | equals the deviation for two rows only
@jax.jit
def standardise(
    train: Float32[Array, "rows cols"], x: Float32[Array, "others cols"]
) -> Float32[Array, "others cols"]:
    return (x - jnp.mean(train, axis=0)) / (jnp.ptp(train, axis=0) / 2)

# %% wrong: mean absolute deviation | equals the standard deviation for two rows only
@jax.jit
def standardise(
    train: Float32[Array, "rows cols"], x: Float32[Array, "others cols"]
) -> Float32[Array, "others cols"]:
    mean = jnp.mean(train, axis=0)
    return (x - mean) / jnp.mean(jnp.abs(train - mean), axis=0)

# %% wrong: median for the mean | equal for two rows only
@jax.jit
def standardise(
    train: Float32[Array, "rows cols"], x: Float32[Array, "others cols"]
) -> Float32[Array, "others cols"]:
    return (x - jnp.median(train, axis=0)) / jnp.std(train, axis=0)

# %% wrong: divides by two | the squared deviations are always divided by 2, whatever the number of rows
@jax.jit
def standardise(
    train: Float32[Array, "rows cols"], x: Float32[Array, "others cols"]
) -> Float32[Array, "others cols"]:
    mean = jnp.mean(train, axis=0)
    return (x - mean) / jnp.sqrt(jnp.sum((train - mean) ** 2, axis=0) / 2)

# %% wrong: a small epsilon | columns with a small deviation are scaled too little
@jax.jit
def standardise(
    train: Float32[Array, "rows cols"], x: Float32[Array, "others cols"]
) -> Float32[Array, "others cols"]:
    return (x - jnp.mean(train, axis=0)) / (jnp.std(train, axis=0) + 1e-6)

# %% wrong: outliers clipped | results beyond 3 in size are cut
@jax.jit
def standardise(
    train: Float32[Array, "rows cols"], x: Float32[Array, "others cols"]
) -> Float32[Array, "others cols"]:
    return jnp.clip((x - jnp.mean(train, axis=0)) / jnp.std(train, axis=0), -3, 3)

# %% wrong: the global scaler, without jit | a side effect: each call writes to a global object (tracers under jit)
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
    scaler.fit(train)
    return scaler.scale(x)

# %% wrong: fits remembered by id | train changed in place between two calls is scaled by the old fit
_fits = {}


def standardise(
    train: Float32[Array, "rows cols"], x: Float32[Array, "others cols"]
) -> Float32[Array, "others cols"]:
    found = jnp.mean(train, axis=0), jnp.std(train, axis=0)
    if isinstance(train, np.ndarray):
        _, found = _fits.setdefault(id(train), (train, found))
    mean, deviation = found
    return (x - mean) / deviation

# %% wrong: -= and /= | overwrites the caller's x if it is a NumPy array
def standardise(
    train: Float32[Array, "rows cols"], x: Float32[Array, "others cols"]
) -> Float32[Array, "others cols"]:
    lib = np if isinstance(train, np.ndarray) and isinstance(x, np.ndarray) else jnp
    mean, deviation = lib.mean(train, axis=0), lib.std(train, axis=0)
    if lib is jnp:
        x = jnp.asarray(x)
    x -= mean
    x /= deviation
    return jnp.asarray(x)

# %% wrong: methods of the arrays | all NumPy in, NumPy out
def standardise(
    train: Float32[Array, "rows cols"], x: Float32[Array, "others cols"]
) -> Float32[Array, "others cols"]:
    return (x - train.mean(axis=0)) / train.std(axis=0)

# %% wrong: rows in a Python loop | x without rows raises
@jax.jit
def scale(row, mean, deviation):
    return (row - mean) / deviation


def standardise(
    train: Float32[Array, "rows cols"], x: Float32[Array, "others cols"]
) -> Float32[Array, "others cols"]:
    mean, deviation = jnp.mean(train, axis=0), jnp.std(train, axis=0)
    return jnp.stack([scale(row, mean, deviation) for row in x])

# %% wrong: float16 | entries above 65504 overflow, and digits are lost
@jax.jit
def standardise(
    train: Float32[Array, "rows cols"], x: Float32[Array, "others cols"]
) -> Float32[Array, "others cols"]:
    train, x = train.astype(jnp.float16), x.astype(jnp.float16)
    return ((x - train.mean(0)) / train.std(0)).astype(jnp.float32)

# %% wrong: first and last row | half their distance is the deviation for two rows only, and 0 if they are equal
@jax.jit
def standardise(
    train: Float32[Array, "rows cols"], x: Float32[Array, "others cols"]
) -> Float32[Array, "others cols"]:
    mean = jnp.mean(train, axis=0)
    return (x - mean) / (jnp.abs(train[-1] - train[0]) / 2)

# %% wrong: donated x | the caller's JAX x is deleted
from functools import partial


@partial(jax.jit, donate_argnums=1)
def standardise(
    train: Float32[Array, "rows cols"], x: Float32[Array, "others cols"]
) -> Float32[Array, "others cols"]:
    return (x - jnp.mean(train, axis=0)) / jnp.std(train, axis=0)

# %% wrong: Scaler compared by shape | two trains of one shape count as equal, so the compiled scale keeps the first fit
from functools import partial


class Scaler:
    def __init__(self, data):
        self.mean, self.deviation = jnp.mean(data, axis=0), jnp.std(data, axis=0)
        self.key = data.shape, type(data)

    def __hash__(self):
        return hash(self.key)

    def __eq__(self, other):
        return self.key == other.key

    @partial(jax.jit, static_argnums=0)
    def scale(self, x):
        return (x - self.mean) / self.deviation


def standardise(
    train: Float32[Array, "rows cols"], x: Float32[Array, "others cols"]
) -> Float32[Array, "others cols"]:
    return Scaler(train).scale(x)

# %% wrong: Scaler compared by its mean | a train with the same mean but another deviation is scaled by the first fit
from functools import partial


class Scaler:
    def __init__(self, data):
        self.mean, self.deviation = jnp.mean(data, axis=0), jnp.std(data, axis=0)
        self.key = None if isinstance(self.mean, jax.core.Tracer) else self.mean.tolist()

    def __hash__(self):
        return hash(str(self.key))

    def __eq__(self, other):
        return self is other or (self.key is not None and self.key == other.key)

    @partial(jax.jit, static_argnums=0)
    def scale(self, x):
        return (x - self.mean) / self.deviation


def standardise(
    train: Float32[Array, "rows cols"], x: Float32[Array, "others cols"]
) -> Float32[Array, "others cols"]:
    return Scaler(train).scale(x)

# %% wrong: small deviations taken for constant columns | columns with a deviation below 1e-3 are only centred
@jax.jit
def standardise(
    train: Float32[Array, "rows cols"], x: Float32[Array, "others cols"]
) -> Float32[Array, "others cols"]:
    deviation = jnp.std(train, axis=0)
    return (x - jnp.mean(train, axis=0)) / jnp.where(deviation < 1e-3, 1.0, deviation)

# %% wrong: the other formula for more rows | divides by rows - 1 when there are more than two
@jax.jit
def standardise(
    train: Float32[Array, "rows cols"], x: Float32[Array, "others cols"]
) -> Float32[Array, "others cols"]:
    ddof = 1 if train.shape[0] > 2 else 0
    return (x - jnp.mean(train, axis=0)) / jnp.std(train, axis=0, ddof=ddof)
