"""Hidden tests of time_call, on functions and a clock whose times are known."""

from statistics import fmean, median

import numpy as np
import pytest

from jaxercise.checks.assertions import assert_pure, assert_returns, fail, real_number
from jaxercise.inside.standins import DISPATCH_S
from jaxercise.wire.records import Standin

# The clock is simulated and its times are multiples of 2**-16 s: differences are exact. A
# mean of two of them, or a float32, is right to 1e-7.
RTOL = 1e-6
CLOCK = Standin("fake_clock")


PER_ITEM_S = 2.0**-6


def fake_call(compile_s, run_s, result="array", per_item_s=0.0):
    return Standin("fake_call", (compile_s, run_s, per_item_s, result))


def draw_runs(rng, n):
    """n durations, all different, in random order, one of them far out."""
    runs = np.arange(8, 8 + 3 * n, 3) / 64 + 2.0**-16  # No float32 near 1000 s holds that.
    runs[0] = 64.0
    return tuple(rng.permutation(runs).tolist())


def assert_measures(seen, compile_s, warm_up_s, run_s):
    """The median of `run_s`; what else comes out is named by what it is the measure of."""
    if seen.error is not None and seen.error.type == "AttributeError":
        fail(
            "time_call raises AttributeError. Likely cause: result.block_until_ready() on a dict "
            "or a NumPy array, which have no such method; jax.block_until_ready takes anything."
        )
    times = [DISPATCH_S + run for run in run_s]
    assert_returns(seen, median(times), rtol=RTOL, hint=symptom(seen, compile_s, warm_up_s, times))


def symptom(seen, compile_s, warm_up_s, times):
    first = DISPATCH_S + compile_s + warm_up_s
    known = {
        "no wait for the result; this is how long it takes to start the work": DISPATCH_S,
        "the mean, which a single slow call spoils; the task asks for the median": fmean(times),
        "the shortest time; the task asks for the median": min(times),
        "the sum of the times; the task asks for the median": sum(times),
        "the first call, which compiles, counted with the others": median([first, *times]),
        "only the first call was timed, the one that compiles": first,
    }
    if (value := real_number(seen)) is not None:
        for text, wrong in known.items():
            if np.isclose(value, wrong, rtol=RTOL):
                return text
        if value < DISPATCH_S / 2:
            return "a clock other than the one given, or nothing between its two readings"
    return (
        "a warm-up call that is left out, counted, or not waited for; each timed call needs a "
        "reading of the given clock before it and one after its result is there"
    )


@pytest.mark.correctness(points=2)
def test_measures_the_median(student, rng):
    """The median of the repeats, each of them waited for."""
    for repeats in (3, 5, 4, 2, 25):
        runs = draw_runs(rng, repeats + 1)
        x = np.ones(int(rng.integers(1, 9)), np.float32)
        seen = student.time_call(fake_call(2.0, runs), (x,), repeats, CLOCK)
        assert_measures(seen, 2.0, runs[0], runs[1:])

    # Calls in a row that take the same time, far from the median.
    for runs in ((1.0, *2 * (0.5,), 3.0, 4.0, 5.0), (1.0, *5 * (0.5,), *range(3, 9))):
        seen = student.time_call(fake_call(2.0, runs), (), len(runs) - 1, CLOCK)
        assert_measures(seen, 2.0, runs[0], runs[1:])


@pytest.mark.correctness(points=1)
def test_leaves_the_warm_up_out(student, rng):
    """One repeat is one timed call after one warm-up call, which has ended by then."""
    for compile_s, warm_up_s in ((16.0, 0.25), (0.0, 8.0)):
        run_s = float(rng.integers(8, 60)) / 64
        seen = student.time_call(fake_call(compile_s, (warm_up_s, run_s)), (), 1, CLOCK)
        assert_measures(seen, compile_s, warm_up_s, (run_s,))


@pytest.mark.correctness(points=1)
def test_waits_for_every_result(student, rng):
    """Any number of arguments, any kind of result: NumPy, or a dict of two arrays."""
    x = np.ones(3, np.float32)
    for args in ((), (x,), (x, x), (x, x, x)):
        for result in ("dict", "numpy"):
            runs = draw_runs(rng, 4)
            call = fake_call(1.0, runs, result, PER_ITEM_S)
            seen = student.time_call(call, args, 3, CLOCK)
            # Every entry of every argument takes its time.
            first, *later = (run + PER_ITEM_S * x.size * len(args) for run in runs)
            assert_measures(seen, 1.0, first, later)
    # A NumPy array of float64 is what the function is timed on, and takes twice the time.
    runs = draw_runs(rng, 4)
    seen = student.time_call(fake_call(1.0, runs, "numpy", PER_ITEM_S), (np.ones(3),), 3, CLOCK)
    later = [DISPATCH_S + run + PER_ITEM_S * 6 for run in runs[1:]]
    assert_returns(
        seen,
        median(later),
        rtol=RTOL,
        hint="JAX arrays made of the arguments; the function is timed on what it is given",
    )


@pytest.mark.purity(points=2)
def test_is_pure(student, rng):
    """With the same function and clock it measures the same; nothing is kept or printed."""
    x = np.ones(2, np.float32)
    calls = [
        (fake_call(2.0, draw_runs(rng, repeats + 1)), (x,), repeats, CLOCK) for repeats in (3, 1, 5)
    ]
    # A function and a clock are no arguments for jax.jit.
    assert_pure(student.time_call, calls, jit=False)
