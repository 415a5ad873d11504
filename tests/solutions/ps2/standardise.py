# %% right: the object's two numbers as arguments
@jax.jit
def standardise(train, x):
    train, x = jnp.asarray(train), jnp.asarray(x)
    return (x - train.mean(axis=0)) / train.std(axis=0)


# %% right: an immutable scaler, returned by fit
from typing import NamedTuple


class Scaler(NamedTuple):
    mean: Array
    deviation: Array

    @jax.jit
    def scale(self, x):
        return (x - self.mean) / self.deviation


def fit(data):
    return Scaler(jnp.mean(data, axis=0), jnp.std(data, axis=0))


def standardise(train, x):
    return fit(train).scale(x)


# %% right: a new object for each call, not compiled
class Scaler:
    def __init__(self, data):
        self.mean = jnp.mean(data, axis=0)
        self.deviation = jnp.std(data, axis=0)

    def __call__(self, x):
        return (x - self.mean) / self.deviation


def standardise(train, x):
    return Scaler(jnp.asarray(train))(jnp.asarray(x))


# %% right: a registered dataclass, so that self is a pytree
import dataclasses


@jax.tree_util.register_dataclass
@dataclasses.dataclass
class Scaler:
    mean: Array
    deviation: Array

    @jax.jit
    def scale(self, x):
        return (x - self.mean) / self.deviation


def standardise(train, x):
    return Scaler(jnp.mean(train, axis=0), jnp.std(train, axis=0)).scale(x)


# %% right: column by column with vmap
def standard(column, values):
    deviation = jnp.sqrt(jnp.mean((column - jnp.mean(column)) ** 2))
    return (values - jnp.mean(column)) / deviation


def standardise(train, x):
    return jax.vmap(standard, in_axes=1, out_axes=1)(jnp.asarray(train), jnp.asarray(x))


# %% right: fit returns a dict
def fit(data):
    data = jnp.asarray(data)
    return {"mean": data.mean(0), "scale": 1 / data.std(0)}


def standardise(train, x):
    fitted = fit(train)
    return (jnp.asarray(x) - fitted["mean"]) * fitted["scale"]


# %% wrong: the program as it was -> scales_by_the_training_data_given, is_pure
from functools import partial


class Scaler:
    def fit(self, data):
        self.mean = jnp.mean(data, axis=0)
        self.deviation = jnp.std(data, axis=0)

    @partial(jax.jit, static_argnums=0)
    def scale(self, x):
        return (x - self.mean) / self.deviation


scaler = Scaler()


def standardise(train, x):
    scaler.fit(train)
    return scaler.scale(x)


# %% wrong: half mended: jit dropped, the one scaler kept -> is_pure
class Scaler:
    def fit(self, data):
        self.mean = jnp.mean(data, axis=0)
        self.deviation = jnp.std(data, axis=0)

    def scale(self, x):
        return (x - self.mean) / self.deviation


scaler = Scaler()


def standardise(train, x):
    scaler.fit(train)
    return scaler.scale(jnp.asarray(x))


# %% wrong: masks the symptom: the caches are cleared -> is_pure
from functools import partial


class Scaler:
    def fit(self, data):
        self.mean = jnp.mean(data, axis=0)
        self.deviation = jnp.std(data, axis=0)

    @partial(jax.jit, static_argnums=0)
    def scale(self, x):
        return (x - self.mean) / self.deviation


scaler = Scaler()


def standardise(train, x):
    jax.clear_caches()
    scaler.fit(train)
    return scaler.scale(x)


# %% wrong: half mended: compiled at each fit, but the scaler still remembers -> is_pure
class Scaler:
    def fit(self, data):
        mean, deviation = jnp.mean(data, axis=0), jnp.std(data, axis=0)
        self.scale = jax.jit(lambda x: (x - mean) / deviation)


scaler = Scaler()


def standardise(train, x):
    scaler.fit(train)
    return scaler.scale(x)


# %% wrong: half mended: the mean is an argument, the deviation still baked in -> scales_by_the_training_data_given, is_pure
from functools import partial


class Scaler:
    def fit(self, data):
        self.mean = jnp.mean(data, axis=0)
        self.deviation = jnp.std(data, axis=0)

    @partial(jax.jit, static_argnums=0)
    def scale(self, x, mean):
        return (x - mean) / self.deviation


scaler = Scaler()


def standardise(train, x):
    scaler.fit(train)
    return scaler.scale(x, scaler.mean)


# %% wrong: half mended: the state is a global in place of an object -> is_pure
mean = deviation = None


def standardise(train, x):
    global mean, deviation
    mean, deviation = jnp.mean(train, axis=0), jnp.std(train, axis=0)
    return (jnp.asarray(x) - mean) / deviation


# %% wrong: half mended: a scaler for each shape, in a dict -> scales_by_the_training_data_given, is_pure
fitted = {}


def standardise(train, x):
    train = jnp.asarray(train)
    if train.shape not in fitted:
        fitted[train.shape] = train.mean(axis=0), train.std(axis=0)
    mean, deviation = fitted[train.shape]
    return (jnp.asarray(x) - mean) / deviation


# %% wrong: half mended: self is told apart by its mean, which a tracer has not -> is_pure
from functools import partial


class Scaler:
    def __init__(self, data):
        self.mean = tuple(float(m) for m in jnp.mean(data, axis=0))
        self.deviation = tuple(float(d) for d in jnp.std(data, axis=0))

    def __hash__(self):
        return hash((self.mean, self.deviation))

    def __eq__(self, other):
        return (self.mean, self.deviation) == (other.mean, other.deviation)

    @partial(jax.jit, static_argnums=0)
    def scale(self, x):
        return (x - jnp.array(self.mean)) / jnp.array(self.deviation)


def standardise(train, x):
    return Scaler(train).scale(x)


# %% wrong: self without its static, which is no array -> scales_by_the_training_data_given
class Scaler:
    def fit(self, data):
        self.mean = jnp.mean(data, axis=0)
        self.deviation = jnp.std(data, axis=0)

    @jax.jit
    def scale(self, x):
        return (x - self.mean) / self.deviation


def standardise(train, x):
    scaler = Scaler()
    scaler.fit(train)
    return scaler.scale(x)


# %% wrong: the statistics of x -> scales_by_the_training_data_given
def standardise(train, x):
    x = jnp.asarray(x)
    return (x - x.mean(axis=0)) / x.std(axis=0)


# %% wrong: of the whole matrix -> scales_by_the_training_data_given
def standardise(train, x):
    return (jnp.asarray(x) - jnp.mean(train)) / jnp.std(train)


# %% wrong: divides by the variance -> scales_by_the_training_data_given
def standardise(train, x):
    return (jnp.asarray(x) - jnp.mean(train, axis=0)) / jnp.var(train, axis=0)


# %% wrong: the deviation of a sample, over n - 1 -> scales_by_the_training_data_given
def standardise(train, x):
    return (jnp.asarray(x) - jnp.mean(train, axis=0)) / jnp.std(train, axis=0, ddof=1)


# %% wrong: NumPy for NumPy -> scales_by_the_training_data_given
def standardise(train, x):
    return (x - train.mean(axis=0)) / train.std(axis=0)


# %% wrong: scales x in place -> is_pure
def standardise(train, x):
    mean, deviation = jnp.mean(train, axis=0), jnp.std(train, axis=0)
    if isinstance(x, np.ndarray):
        x -= np.asarray(mean)
        return jnp.array(x) / deviation
    return (x - mean) / deviation


# %% wrong: mean of the squares less square of the mean -> scales_by_the_training_data_given
@jax.jit
def standardise(train, x):
    mean = jnp.mean(train, axis=0)
    return (x - mean) / jnp.sqrt(jnp.mean(train**2, axis=0) - mean**2)


# %% wrong: a small number added to the deviation -> scales_by_the_training_data_given
@jax.jit
def standardise(train, x):
    return (x - jnp.mean(train, axis=0)) / (jnp.std(train, axis=0) + 1e-6)


# %% wrong: small deviations taken for 0 -> scales_by_the_training_data_given
@jax.jit
def standardise(train, x):
    deviation = jnp.std(train, axis=0)
    return (x - jnp.mean(train, axis=0)) / jnp.where(deviation < 1e-4, 1.0, deviation)


# %% wrong: results clipped -> scales_by_the_training_data_given
@jax.jit
def standardise(train, x):
    return jnp.clip((x - jnp.mean(train, axis=0)) / jnp.std(train, axis=0), -10, 10)


# %% wrong: half mended: a static scaler that is compared by its means -> scales_by_the_training_data_given
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


def standardise(train, x):
    return Scaler(train).scale(x)
