"""Hidden tests of speedup_by_size, on functions and a clock whose times are known."""

import pytest

from jaxercise.checks.assertions import assert_pure, assert_returns
from jaxercise.inside.standins import DISPATCH_S
from jaxercise.wire.records import Standin

# The simulated clock is exact; the ratio is one division.
RTOL = 1e-6
CLOCK = Standin("fake_clock")


def fake_call(compile_s, run_s, per_item_s, result="array", first=0):
    """Of 3, 5, 7 ... calls in a row, `run_s` is the median, and neither mean nor minimum."""
    runs = (run_s / 2, run_s, 8 * run_s)
    runs = (*runs[first:], *runs[:first]) * 100  # for all sizes, more calls than anybody needs
    return Standin("fake_call", (compile_s, runs, per_item_s, result))


def draw_case(rng, n_sizes, compile_s=0.0, slow_result="array", inputs=(0.0, 1, 0)):
    """Arguments with random costs, and the table that they should give.

    Of several sizes one is 0, and one comes again at the end, unless each call of `fake_inputs`
    gives other arrays. `inputs` are its arguments.
    """
    _, n_arrays, growth, *dtype = inputs
    sizes = sorted(int(n) for n in rng.choice(range(4, 90), n_sizes, replace=False))
    sizes = [*sizes[1:], *sizes[: 1 if growth else 2]]  # in no order
    if n_sizes > 2:
        sizes[1] = 0
    costs = [(float(rng.integers(1, 40)) / 64, float(rng.integers(1, 40)) / 256) for _ in range(2)]
    # Each of them is slow at another call: the quotients of single calls tell nothing.
    slow = fake_call(compile_s, *costs[0], slow_result)
    fast = fake_call(compile_s, *costs[1], "array", first=1)
    rows = []
    for i, n in enumerate(sizes):
        items = n_arrays * (n + i * growth) * (2 if dtype == ["float64"] else 1)
        times = [DISPATCH_S + run_s + per_item_s * items for run_s, per_item_s in costs]
        rows.append((n, *times, times[0] / times[1]))
    return (slow, fast, Standin("fake_inputs", inputs), sizes, CLOCK), rows


@pytest.mark.correctness(points=2)
def test_tabulates_each_size(student, rng):
    """A row (size, slow, fast, ratio) for each size, in the order in which they are given."""
    for n_sizes in (1, 4, 0):
        args, rows = draw_case(rng, n_sizes)
        assert_returns(
            student.speedup_by_size(*args),
            rows,
            rtol=RTOL,
            hint="a row that is not a tuple of four, the ratio upside down (it is slow / fast), "
            "sorted sizes, one row for a size that is given twice, a clock other than the one "
            "given, or one call, the mean or the shortest instead of the median of 3, or the ratio "
            "of single calls",
        )
    for n_arrays in (2, 0):
        args, rows = draw_case(rng, 3, inputs=(0.0, n_arrays, 0))
        assert_returns(
            student.speedup_by_size(*args),
            rows,
            rtol=RTOL,
            hint="the first argument alone; make_args returns a tuple of any length",
        )
    args, rows = draw_case(rng, 3, inputs=(0.0, 1, 0, "float64"))
    assert_returns(
        student.speedup_by_size(*args),
        rows,
        rtol=RTOL,
        hint="JAX arrays made of the arguments; both functions are timed on what make_args gives",
    )
    args, rows = draw_case(rng, 3, inputs=(0.0, 1, 5))
    assert_returns(
        student.speedup_by_size(*args),
        rows,
        rtol=RTOL,
        hint="make_args called more than once for a size; make the arguments once, for both",
    )


@pytest.mark.correctness(points=1)
def test_waits_for_the_results(student, rng):
    """Work that is still going on when the call comes back is waited for."""
    for result in ("array", "numpy", "dict"):
        args, rows = draw_case(rng, 3, slow_result=result)
        assert_returns(
            student.speedup_by_size(*args),
            rows,
            rtol=RTOL,
            hint="no wait for the result, of the slow function or of the fast one",
        )


@pytest.mark.correctness(points=1)
def test_leaves_compilation_out(student, rng):
    """Neither compiling, which each new size does again, nor making the inputs is counted."""
    args, rows = draw_case(rng, 3, compile_s=16.0)
    assert_returns(
        student.speedup_by_size(*args),
        rows,
        rtol=RTOL,
        hint="compilation counted: every size is a new shape and needs a warm-up call of its own",
    )
    args, rows = draw_case(rng, 3, inputs=(4.0, 1, 0))
    assert_returns(
        student.speedup_by_size(*args),
        rows,
        rtol=RTOL,
        hint="make_args called between two readings of the clock; make the arguments before",
    )


@pytest.mark.purity(points=1)
def test_is_pure(student, rng):
    """The table holds this call's sizes alone; the caller's list survives."""
    calls = [draw_case(rng, n, compile_s=2.0)[0] for n in (3, 1, 2)]
    # Functions and a clock are no arguments for jax.jit.
    assert_pure(student.speedup_by_size, calls, jit=False)
