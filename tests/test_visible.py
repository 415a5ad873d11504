"""check() as a student sees it."""

import re
import signal
import time
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from jaxercise import check, example, faster
from jaxercise.checks.outcome import CheckFailed
from jaxercise.notebook import check as visible
from jaxercise.notebook import faster as estimate
from jaxercise.notebook.progress import Progress

GOOD = example(np.array([1.0, 2.0], np.float32), gives=jnp.array([2.0, 4.0]))


def double(x):
    return jnp.asarray(x) * 2


def shown(capsys, *args, **options):
    check(*args, **options)
    return capsys.readouterr().out


class FakeLoad:
    """A machine of which other programs use this share."""

    def __init__(self, share):
        self._share = share

    def share(self):
        return self._share

    since_start = share


def on_a_machine_with_load(monkeypatch, share):
    monkeypatch.setattr(estimate, "OthersLoad", lambda: FakeLoad(share))


@pytest.fixture(autouse=True)
def calm(monkeypatch):
    """No test depends on how busy the machine is that runs it."""
    on_a_machine_with_load(monkeypatch, 0.0)


def test_a_right_answer_passes_everything(capsys):
    text = shown(capsys, double, GOOD)
    assert "✓ passed [correctness]" in text
    assert "✓ passed [purity]" in text
    assert "✗" not in text


def test_an_untouched_exercise_is_not_attempted_yet(capsys):
    def double(x):
        raise NotImplementedError

    text = shown(capsys, double, GOOD)
    assert "not attempted yet" in text
    assert "✗" not in text
    assert "purity" not in text


def test_a_wrong_value_is_shown_beside_the_expected_one(capsys):
    text = shown(capsys, lambda x: jnp.asarray(x) * 3, GOOD)
    assert "Expected array([2., 4.], dtype=float32), got array([3., 6.], dtype=float32)" in text


def test_the_call_that_went_wrong_is_shown(capsys):
    text = shown(capsys, lambda x: jnp.asarray(x) * 3, GOOD)
    assert "The call: the function(array([1., 2.], dtype=float32))" in text


@pytest.mark.parametrize(
    ("key", "written"),
    [
        (jax.random.key(7), "random.key(7)"),
        (jax.random.split(jax.random.key(7))[0], "key ["),
        (jax.random.split(jax.random.key(7)), "keys [["),
    ],
)
def test_a_failed_call_shows_a_key_as_one_would_write_it(key, written, capsys):
    text = shown(capsys, lambda key: jnp.zeros(()), example(key, gives=jnp.ones(())))
    assert f"The call: the function({written}" in text
    assert "overlaying" not in text


MATRIX = np.arange(12, dtype=np.float32).reshape(3, 4)
DOUBLED = example(MATRIX, gives=jnp.asarray(MATRIX) * 2)


def test_wrong_entries_of_an_array_stand_beside_the_right_ones(capsys):
    text = shown(capsys, lambda x: double(x).at[1].mul(3), DOUBLED)
    assert "wrong values in 4 of 12 places" in text
    rows = [line.split() for line in text.splitlines()]
    assert ["index", "expected", "got"] in rows
    assert ["[1,", "2]", "12.0", "36.0"] in rows
    assert ["[0,", "1]", "2.0", "2.0"] not in rows


def test_a_long_table_is_cut_and_says_so(capsys):
    text = shown(capsys, lambda x: double(x) + 1, DOUBLED)
    assert text.count("      [") == 8
    assert "and 4 more" in text


def test_a_table_is_of_the_part_of_the_answer_that_is_wrong(capsys):
    pair = example(MATRIX, gives=(jnp.ones(3), jnp.asarray(MATRIX)))
    text = shown(capsys, lambda x: (jnp.ones(3), jnp.asarray(x).at[0, 0].set(5)), pair)
    assert "wrong entries in item 1:" in text
    assert ["[0,", "0]", "0.0", "5.0"] in [line.split() for line in text.splitlines()]


def test_the_table_is_html_in_a_notebook(monkeypatch):
    tables = []
    monkeypatch.setattr(visible, "_show", tables.append)
    check(lambda x: double(x).at[0, 1].set(-1), DOUBLED)
    page = tables[0].to_html()
    assert re.search(r"<td [^>]*>\[0, 1\]</td><td [^>]*>2.0</td><td [^>]*>-1.0</td>", page)


def test_a_wrong_kind_is_not_explained_by_values_that_look_alike(capsys):
    text = shown(capsys, lambda x: x * 2, GOOD)
    assert "a NumPy array where a jax array is expected" in text
    assert "Expected" not in text


def test_an_answer_that_is_no_array_is_not_shown_as_a_record(capsys):
    text = shown(capsys, lambda x: object(), GOOD)
    assert "returns an object where an array is expected. Expected array([2., 4.]" in text
    assert "Opaque" not in text


def test_an_exception_is_shown_in_full_and_once(capsys):
    def double(x):
        raise ValueError("the message")

    text = shown(capsys, double, GOOD)
    assert text.count("ValueError: the message") == 1
    assert "· waits for correctness [purity]" in text


def test_an_exception_of_a_later_check_alone_is_shown_in_full(capsys):
    def draw(key):
        if key.ndim:
            raise ValueError("the message")
        return jax.random.normal(key)

    like = example(jax.random.key(1), like=jax.ShapeDtypeStruct((), jnp.float32))
    text = shown(capsys, draw, like)
    assert "With a legacy key (jax.random.PRNGKey), draw raises ValueError" in text
    assert "ValueError: the message" in text


def test_the_examples_own_arrays_survive_a_function_that_writes(capsys):
    def double(x):
        x *= 2
        return jnp.asarray(x)

    assert "changes its argument 1" in shown(capsys, double, GOOD)
    assert GOOD.args[0].tolist() == [1.0, 2.0]


def test_like_compares_kind_shape_and_dtype_only(capsys):
    like = example(jnp.ones(3), like=jax.ShapeDtypeStruct((3,), jnp.float32))
    assert "✗" not in shown(capsys, double, like)
    assert "shape (3,) where" in shown(
        capsys, double, example(jnp.ones(3), like=jax.ShapeDtypeStruct((2,), jnp.float32))
    )


def test_where_asks_a_predicate_and_says_it_in_words(capsys):
    text = shown(capsys, double, example(jnp.ones(3), where=lambda y: y[0] > 5, says="more than 5"))
    assert "does not return more than 5. Got Array([2., 2., 2.], dtype=float32)." in text


def test_a_key_among_the_arguments_brings_reproducibility(capsys):
    def draw(key):
        return jax.random.normal(jax.random.key(0))

    text = shown(
        capsys, draw, example(jax.random.key(1), like=jax.ShapeDtypeStruct((), jnp.float32))
    )
    assert "✗ failed [reproducibility]" in text
    assert "whatever the key" in text


def test_keys_may_be_used_twice_where_the_exercise_says_so(capsys):
    def same_twice(n, key):
        return jax.random.normal(key, (n,)), jax.random.normal(key, (n,))

    shapes = (jax.ShapeDtypeStruct((3,), jnp.float32),) * 2
    examples = [example(3, jax.random.key(seed), like=shapes) for seed in range(2)]
    assert "uses a key twice" in shown(capsys, same_twice, *examples, static_argnums=0)
    text = shown(capsys, same_twice, *examples, static_argnums=0, keys_used_once=False)
    assert "failed" not in text


def test_validate_turns_a_failed_check_into_an_error(monkeypatch):
    monkeypatch.setenv("NBGRADER_VALIDATING", "1")
    with pytest.raises(CheckFailed, match="wrong value"):
        check(lambda x: jnp.asarray(x), GOOD)
    check(double, GOOD)


def test_validate_shows_the_table_of_checks_and_no_traceback(monkeypatch):
    monkeypatch.setenv("NBGRADER_VALIDATING", "1")

    def double(x):
        print("a trace")
        return x + 1.0

    with pytest.raises(CheckFailed) as caught:
        check(double, GOOD)
    lines = caught.value._render_traceback_()
    assert lines[:2] == ["double", "  ✗ failed [correctness] the examples come out right"]
    assert "  ✗ failed [purity] nothing but the arguments counts" in lines
    assert max(map(len, lines)) <= 82
    assert all(line.startswith("      ") for line in lines[2:4])
    assert not any(
        "Traceback" in line or ".py" in line or "Checks you can" in line for line in lines
    )


def test_a_failure_by_itself_is_shown_as_its_text():
    long = "a " * 60
    assert CheckFailed("no")._render_traceback_() == ["no"]
    assert len(CheckFailed(long)._render_traceback_()) == 2


def test_grading_without_the_configuration_is_an_error_that_says_so(monkeypatch):
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    with pytest.raises(RuntimeError, match=r"graded without jaxercise's nbgrader_config\.py"):
        check(double, GOOD)


def short(rng):
    return (rng.random(4).astype(np.float32),)


def slowly(x):
    time.sleep(0.02)
    return x * 2


def test_speed_is_estimated_with_the_words_of_the_hidden_check(capsys):
    text = shown(capsys, jax.jit(double), GOOD, faster(than=slowly, times=1.5, on=short))
    assert "✓ passed [speed] speed, as estimated on this machine" in text
    assert "An estimate on this machine: double is" in text
    assert "times as fast as the NumPy version" in text
    assert "where 1.5 is asked" in text


def test_validate_estimates_no_speed_but_tries_what_it_would_be_held_against(capsys, monkeypatch):
    asked = faster(than=lambda x: x * 2, times=1e6, on=short)
    assert "✗ failed [speed]" in shown(capsys, double, GOOD, asked)
    monkeypatch.setenv("NBGRADER_VALIDATING", "1")
    assert "[speed]" not in shown(capsys, double, GOOD, asked)
    with pytest.raises(ZeroDivisionError):
        check(double, GOOD, faster(than=lambda x: 1 / 0, times=2, on=short))


@pytest.fixture(params=[signal.default_int_handler, signal.SIG_IGN], ids=["heard", "ignored"])
def interrupts(request):
    """How this process treats an interrupt from the keyboard; restored afterwards."""
    before = signal.signal(signal.SIGINT, request.param)
    yield request.param
    signal.signal(signal.SIGINT, before)


def test_an_endless_call_is_given_up(capsys, monkeypatch, interrupts):
    def double(x):
        while x.size > 2:
            pass
        return jnp.asarray(x) * 2

    monkeypatch.setattr(estimate, "PATIENCE_S", 0.3)
    text = shown(capsys, double, GOOD, faster(than=slowly, times=2, on=short), jit=False)
    assert "was not done within 0.3 s" in text
    assert signal.getsignal(signal.SIGINT) == interrupts


def test_an_error_on_the_long_input_is_shown(capsys):
    def double(x):
        if x.size > 2:
            raise ValueError("too long for me")
        return jnp.asarray(x) * 2

    text = shown(capsys, double, GOOD, faster(than=slowly, times=2, on=short))
    assert "On a long input: ValueError: too long for me" in text


def test_a_wrong_answer_is_not_timed(capsys):
    text = shown(capsys, lambda x: jnp.asarray(x), GOOD, faster(than=slowly, times=2, on=short))
    assert "[speed]" not in text


def test_a_check_never_raises_in_a_notebook(capsys):
    big: Any = 10**5000
    nothing: Any = None
    asks = example(jnp.ones(3), where=lambda y: y.no_such_attribute > 5, says="more than 5")
    for function in (lambda x: big, lambda x: None, big, nothing):
        check(function, example(1.0, gives=2.0), asks)
    assert "does not return more than 5" in shown(capsys, double, asks)


def test_a_fault_of_the_check_itself_is_said_to_be_one(capsys, monkeypatch):
    def broken(*args, **options):
        raise RuntimeError("broken")

    monkeypatch.setattr("jaxercise.notebook.check.observe", broken)
    text = shown(capsys, double, GOOD)
    assert "This check itself failed, by RuntimeError: broken." in text


def closed_form(x):
    return jnp.where(jnp.arange(x.size) > 100, jnp.nan, jnp.asarray(x) * 2)


def long(rng):
    return (rng.random(1000).astype(np.float32),)


def test_the_results_of_a_long_call_are_compared_before_it_is_timed(capsys):
    asked = faster(than=lambda x: x * 2, times=1e-6, on=long)
    text = shown(capsys, closed_form, GOOD, asked)
    assert "✗ failed [correctness] a long input comes out right" in text
    assert "On a long input, closed_form returns NaN where a number is expected" in text
    assert "The first wrong one is at index [101]: expected" in text
    assert "got nan" in text
    assert "speed" not in text
    assert "✓ passed [speed]" in shown(capsys, double, GOOD, asked)


def test_results_of_a_long_call_are_compared_within_the_exercises_tolerance(capsys):
    def nearly(x):
        return jnp.asarray(x) * 2 * (1 + 1e-3 * (jnp.asarray(x).size > 100))

    def asked(**options):
        return faster(than=lambda x: x * 2, times=1e-6, on=long, **options)

    assert "relative error up to" in shown(capsys, nearly, GOOD, asked())
    assert "✗" not in shown(capsys, nearly, GOOD, asked(), rtol=1e-2)
    assert "✗" not in shown(capsys, nearly, GOOD, asked(rtol=1e-2))


def test_validate_compares_the_results_of_a_long_call(monkeypatch):
    monkeypatch.setenv("NBGRADER_VALIDATING", "1")
    asked = faster(than=lambda x: x * 2, times=1e6, on=long)
    check(double, GOOD, asked)
    with pytest.raises(CheckFailed, match="NaN where a number is expected"):
        check(closed_form, GOOD, asked)


def test_on_a_busy_machine_there_is_no_estimate_and_no_blame(capsys, monkeypatch):
    slow = faster(than=lambda x: x * 2, times=1e6, on=short)
    on_a_machine_with_load(monkeypatch, 0.62)
    text = shown(capsys, double, GOOD, slow)
    assert "· no estimate [speed]" in text
    assert "Other programs are using about 62% of this machine's processors" in text
    assert "Run this cell again" in text
    for word in ("✗", "slow", "cause", "left to a person"):
        assert word not in text
    on_a_machine_with_load(monkeypatch, 0.02)
    assert "✗ failed [speed]" in shown(capsys, double, GOOD, slow)


def test_on_a_busy_machine_a_function_that_is_clearly_fast_passes(capsys, monkeypatch):
    on_a_machine_with_load(monkeypatch, 0.62)
    text = shown(capsys, jax.jit(double), GOOD, faster(than=slowly, times=1.5, on=short))
    assert "✓ passed [speed]" in text


def test_on_a_busy_machine_a_call_that_does_not_end_in_time_is_not_blamed(capsys, monkeypatch):
    def double(x):
        while x.size > 2:
            pass
        return jnp.asarray(x) * 2

    monkeypatch.setattr(estimate, "PATIENCE_S", 0.3)
    on_a_machine_with_load(monkeypatch, 0.9)
    text = shown(capsys, double, GOOD, faster(than=slowly, times=2, on=short), jit=False)
    assert "about 90% of this machine's processors" in text
    assert "cause" not in text


def test_progress_counts_the_exercises_of_the_set_that_pass():
    seen = Progress()
    assert not seen.note("add_tax", True)
    seen.name("add_tax", "rms", "ema")
    assert seen.note("rms", True) == ("Exercises of this set whose visible checks pass: 1 of 3.")
    assert not seen.note("helper", True)
    assert seen.note("ema", True).endswith("pass: 2 of 3.")
    seen.name("add_tax", "rms", "ema")  # The first cell is run again.
    assert seen.note("ema", False).endswith("pass: 1 of 3.")


def test_extra_credit_is_counted_apart():
    seen = Progress()
    seen.name("add_tax", "rms", extra=["puzzle"])
    assert seen.note("puzzle", True) == (
        "Exercises of this set whose visible checks pass: 0 of 2; for extra credit: 1 of 1."
    )


def test_each_check_tells_the_progress_and_only_for_exercises(capsys, monkeypatch):
    seen = Progress()
    seen.name("double", "triple")
    monkeypatch.setattr("jaxercise.notebook.progress.note", seen.note)
    text = shown(capsys, double, GOOD)
    assert "whose visible checks pass: 1 of 2." in text.splitlines()[-1]
    assert "of this set" not in shown(capsys, slowly, GOOD)
