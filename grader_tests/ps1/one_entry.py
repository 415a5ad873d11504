"""What hidden tests share of exercises that replace one entry of an array."""

import jax.numpy as jnp
import numpy as np

N = 6


def draw_case(rng, n, dtype: type = np.float32):
    """An array and a value that its dtype holds exactly, though float32 holds no int32 here."""
    x = rng.integers(-99, 99, n)
    if dtype is np.int32:  # odd and above 2**24
        x = (2 * rng.integers(2**23, 2**29, n) + 1) * rng.choice([-1, 1], n)
    return x.astype(dtype), dtype(rng.integers(100, 200)).item()


def cases_inside(rng, *, plain, large):
    """Arrays, indices inside, values and hints; `plain` and `large` are hints of the exercise.

    `plain` is for usual entries, `large` for a value that is 0 or that float32 does not hold.
    """
    for library, dtype in ((np, np.float32), (jnp, np.int32)):
        for n, i in ((N, 0), (N, 3), (N, N - 1), (1, 0)):
            x, value = draw_case(rng, n, dtype)
            yield library.asarray(x), i, value, plain
    special, number = draw_case(rng, N)
    special[[1, 3, 4]] = np.inf, np.nan, -np.inf
    yield (
        special,
        1,
        number,
        "arithmetic with the old entries, as in x * (1 - mask), or nan_to_num: infinite and NaN "
        "entries stay as they are, and an infinite one times 0 is NaN; pick with jnp.where, or set",
    )
    yield special, 2, -0.3, "the value made a whole number; a float32 entry may be any number"
    small = (1e-9 * draw_case(rng, N)[0]).astype(np.float32)
    yield small, 2, 3e-9, "numbers that are rounded, or small ones taken for 0"
    yield np.zeros(N, np.float32), 2, number, "an array of zeros taken for one without entries"
    repeated, _ = draw_case(rng, 1)
    yield (
        np.resize(repeated, N),
        2,
        number,
        "all entries equal to the old one replaced; only the one at index i is",
    )
    whole, _ = draw_case(rng, N, np.int32)
    for extreme in (2**31 - 1, -(2**31), 2**30 + 1, 0):
        yield whole, 3, extreme, large
    for mark in (-1, -999):
        for x, value in ((whole, mark), (special, float(mark))):
            yield (
                x,
                3,
                value,
                f"a value of {mark} used to mark what is not replaced; {mark} may be the value",
            )
    yield (*long_case(rng), LONG)


def long_case(rng):
    """So long that an index rounded to seven digits by a tolerance of 1e-5 hits its neighbours."""
    x, value = draw_case(rng, 300_000)
    return x, 250_000, value


LONG = (
    "positions compared with a tolerance, as jnp.isclose does, or kept in a narrow dtype: in a "
    "long array the neighbours of index i are taken for it"
)
