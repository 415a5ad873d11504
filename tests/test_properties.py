"""Verdicts on observations: what passes, what fails, and in which words."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from jaxercise.checks.assertions import (
    CallRaised,
    assert_like,
    assert_pure,
    assert_raises,
    assert_reproducible,
    assert_returns,
    default_new_key,
    is_like,
    real_number,
)
from jaxercise.checks.outcome import CheckFailed
from jaxercise.checks.proxy import ErrorReport, Observation, Student
from jaxercise.wire import records
from tests.test_observe import student_of


def seen(value):
    return Observation("f", records.describe(value))


def complaint(value, expected, rtol=1e-5, **options):
    with pytest.raises(CheckFailed) as caught:
        assert_returns(seen(value), expected, rtol=rtol, **options)
    return str(caught.value)


ACCEPTED = {
    "equal": (jnp.ones(3), jnp.ones(3)),
    "within tolerance": (jnp.ones(3) * (1 + 5e-6), jnp.ones(3)),
    "NaN for NaN": (jnp.array([jnp.nan, 1]), jnp.array([jnp.nan, 1])),
    "infinity for infinity": (jnp.array([jnp.inf]), jnp.array([jnp.inf])),
    "weak type": (jnp.asarray(2.0), jnp.float32(2)),
    "a Python float for a float": (0.1 + 0.2, 0.3),
    "an array without axes for a number": (jnp.float32(2), 2.0),
    "nested": ({"a": (jnp.ones(1), [2])}, {"a": (jnp.ones(1), [2])}),
    "keys": (jax.random.key(1), jax.random.key(1)),
    "a legacy key for a typed one": (jax.random.PRNGKey(1), jax.random.key(1)),
    "empty": (jnp.ones((0, 3)), jnp.ones((0, 3))),
    "text": ("TypeError", "TypeError"),
    "an int of 65 bits": (2**64, 2**64),
    "an int of 65 bits for a float": (2**64, 2.0**64),
    "a complex number": (1 + 2j, 1 + 2j),
    "a float for a complex number": (1.0, 1 + 0j),
    "dicts with tuples as keys": ({(1, 2): 1.0, (1, 3): 2.0}, {(1, 2): 1.0, (1, 3): 2.0}),
}


@pytest.mark.parametrize(("value", "expected"), ACCEPTED.values(), ids=ACCEPTED.keys())
def test_right_values_are_accepted(value, expected):
    assert_returns(seen(value), expected, rtol=1e-5)


REFUSED = {
    "wrong value": (jnp.ones(3), jnp.zeros(3), "wrong values"),
    "one wrong of many": (jnp.arange(3.0), jnp.array([0, 1, 9.0]), "wrong values in 1 of 3"),
    "NaN": (jnp.array([jnp.nan]), jnp.ones(1), "NaN where a number is expected"),
    "a number for NaN": (jnp.ones(1), jnp.array([jnp.nan]), "a wrong value"),
    "dtype": (jnp.ones(2, int), jnp.ones(2), "dtype int32 where float32 is expected"),
    "shape": (jnp.ones((2, 1)), jnp.ones(2), "shape (2, 1) where (2,) is expected"),
    "NumPy": (np.ones(2, np.float32), jnp.ones(2), "a NumPy array where a jax array is expected"),
    "NumPy scalar": (np.float32(1), jnp.float32(1), "a NumPy scalar where a jax array"),
    "nothing": (None, jnp.ones(2), "None where an array is expected (is a `return` missing?)"),
    "list for tuple": ([1], (1,), "a list where a tuple is expected"),
    "length": ((1,), (1, 2), "1 item where 2 are expected"),
    "place": ((jnp.ones(1), jnp.ones(2)), (jnp.ones(1), jnp.zeros(2)), "in item 1"),
    "dict keys": ({"a": 1}, {"b": 1}, "a dict with other keys than ['b']"),
    "dict entry": ({"a": {"b": 2}}, {"a": {"b": 3}}, "in entry 'b' of entry 'a'"),
    "other keys": (jax.random.key(1), jax.random.key(2), "other keys"),
    "object": (object(), jnp.ones(1), "an object where an array is expected"),
    "text": ("a", "b", "another value"),
    "bool for int array": (jnp.array([True]), jnp.array([1]), "dtype bool where int32"),
    "float for text": (1.0, "a", "a float where a str is expected"),
    "complex for float": (1 + 0j, 1.0, "a complex number where a real one is expected"),
    "complex array for float": (jnp.asarray(1 + 0j), 1.0, "a complex number where a real one"),
    "65 bits": (2**64, 1, "a wrong value"),
    "65 bits for float": (2**64, 1.0, "a wrong value"),
    "a thousand digits": (10**1000, 1.0, "an int of hundreds of digits"),
    "dict with a tuple as key": ({(1, 2): 1.0, (1, 3): 3.0}, {(1, 2): 1.0, (1, 3): 2.0}, "wrong"),
    "dict whose keys look alike": ({np.int8(1): 1.0, np.int8(2): 1.0}, {1: 1.0}, "a dict where"),
}


@pytest.mark.parametrize(("value", "expected", "words"), REFUSED.values(), ids=REFUSED.keys())
def test_wrong_values_are_refused_with_what_is_wrong(value, expected, words):
    assert words in complaint(value, expected)


def test_a_form_is_asked_for_whatever_the_values():
    like = {"a": (jnp.zeros(2), jnp.zeros((), int)), "b": 0.0}
    pair = (jnp.ones(2), jnp.asarray(7))
    value = {"a": pair, "b": -3.0}
    assert assert_like(seen(value), like)["a"][1] == 7
    assert is_like(seen(value), like)
    for other in (None, {"a": value["a"]}, {**value, "b": 1j}, {**value, "a": list(pair)}):
        assert not is_like(seen(other), like)
    assert not is_like(Observation("f", error=ErrorReport("ValueError")), like)


@pytest.mark.parametrize(
    ("value", "number"),
    [(1.5, 1.5), (2, 2.0), (jnp.float32(3), 3.0), (np.int8(4), 4.0)]
    + [(odd, None) for odd in (None, "1", 1j, True, jnp.ones(1), (1.0,), 2**64, object())],
)
def test_a_real_number_is_told_from_everything_else(value, number):
    assert real_number(seen(value)) == number


def test_an_int_is_compared_to_its_last_digit():
    assert complaint(10**17 + 1, 10**17, rtol=0) == "f returns a wrong value."


def test_a_hint_is_the_likely_cause():
    assert complaint(1, 2, hint="count again").endswith("Likely cause: count again.")


def test_an_exception_of_the_students_own_keeps_its_words_to_itself():
    record = {"type": "Secret_1_2_3", "message": "[1.5, 2.5]", "line": 3, "in_cell": True}
    error = ErrorReport.of(record, words={"f"}, lines=9)
    with pytest.raises(CheckFailed) as caught:
        assert_returns(Observation("f", error=error), 1, rtol=0)
    assert str(caught.value) == (
        "f raises an exception of your own or of another library at line 3 of its cell."
    )


def test_a_known_exception_is_explained():
    error = ErrorReport("TracerBoolConversionError")
    with pytest.raises(CheckFailed, match=r"use jnp\.where or lax\.cond"):
        assert_returns(Observation("f", error=error), 1, rtol=0)


def test_assigning_into_a_jax_array_is_explained():
    source = "def f(x):\n    x = jnp.asarray(x)\n    x[0] = 1\n    return x"
    with pytest.raises(CheckFailed, match=r"use x.at\[...\].set"):
        assert_returns(student_of(source).f(np.ones(2)), 1, rtol=0)


def test_assert_raises_wants_the_named_exception():
    raised = Observation("f", error=ErrorReport("TypeError"))
    assert_raises(raised, TypeError, "ValueError")
    with pytest.raises(CheckFailed, match="Expected is KeyError"):
        assert_raises(raised, KeyError)
    with pytest.raises(CheckFailed, match="raises nothing where TypeError is expected"):
        assert_raises(seen(1), TypeError)


X = np.ones(3, np.float32)
IMPURE = {
    "def f(x):\n    x += 1\n    return jnp.asarray(x)": "changes its argument 1",
    "def f(x):\n    np.random.randn()\n    return x": "hidden state of numpy.random",
    "def f(x):\n    print('hm')\n    return x": "f prints",
    "n = [0]\ndef f(x):\n    n[0] += 1\n    return x": "outside itself: n",
    "def f(x):\n    jax.config.update('jax_enable_x64', True)\n    return x": "jax_enable_x64",
    "import itertools\ndef make():\n    ticks = iter(range(9))\n    return lambda x: "
    "jnp.asarray(x) + next(ticks)\nf = make()": "outside itself: f",
    "import time\ndef f(x):\n    return jnp.asarray(x) + time.perf_counter_ns() % 9973": "answers "
    "differently when it is called again",
    "def f(x):\n    return x if float(x[0]) > 0 else -x": "Under jax.jit, f raises "
    "ConcretizationTypeError",
    "def f(x):\n    return jnp.sum(x) if isinstance(x, np.ndarray) else jnp.sum(x) + 1": "another "
    "answer under jax.jit",
}


@pytest.mark.parametrize(("source", "words"), IMPURE.items())
def test_impure_functions_are_told_what_they_do(source, words):
    with pytest.raises(CheckFailed) as caught:
        assert_pure(student_of(source).f, [(X,), (2 * X,)])
    assert words in str(caught.value)


def test_what_tracing_prints_is_seen_after_an_earlier_trace():
    source = "def f(x):\n    print('traced') if isinstance(x, jax.core.Tracer) else 0\n    return x"
    student = student_of(source)
    assert student.f.jitted()(X).printed
    with pytest.raises(CheckFailed, match="prints"):
        assert_pure(student.f, [(X,)])


def test_what_a_traced_call_leaves_in_a_cache_is_found_in_the_fresh_run():
    source = """
        import functools

        @functools.lru_cache
        def zeros(n):
            return jnp.zeros(n)

        def f(x):
            return x + zeros(len(x))
    """
    # Each run has a cache of its own.
    transports = {run: student_of(source).f.transport for run in ("main", "fresh")}
    student = Student(lambda call, run: transports[run](call, run))
    with pytest.raises(CheckFailed, match=r"After a call .* raises UnexpectedTracer"):
        assert_pure(student.f, [(X,)])


def test_a_pure_function_passes():
    assert_pure(
        student_of("def f(x, n):\n    return jnp.asarray(x) ** n").f, [(X, 2)], static_argnums=1
    )


def test_a_function_that_raises_cannot_be_judged_for_purity():
    with pytest.raises(CallRaised):
        assert_pure(student_of("def f(x):\n    raise ValueError").f, [(X,)])


NOT_REPRODUCIBLE = {
    "def f(key):\n    return jax.random.normal(jax.random.key(0))": "whatever the key",
    "def f(key):\n    return jnp.asarray(np.random.randn())": "gets the same key again",
    "def f(key):\n    return jax.random.normal(key) + jax.random.normal(key)": "uses a key twice",
    "def f(key):\n    return jax.random.normal(jax.random.key(0) if key.ndim else key)": "With a "
    "legacy key (jax.random.PRNGKey), f draws the same numbers whatever the key",
    "def f(key):\n    return jax.random.normal(jax.random.key(key[0]) if key.ndim else key)": ""
    "only one of the two numbers of a legacy key",
    "def f(key):\n    return jax.random.normal(jax.random.key(key[1]) if key.ndim else key)": ""
    "only one of the two numbers of a legacy key",
}


@pytest.mark.parametrize(("source", "words"), NOT_REPRODUCIBLE.items())
def test_irreproducible_functions_are_told_why(source, words):
    with pytest.raises(CheckFailed) as caught:
        assert_reproducible(student_of(source).f, default_new_key(0))
    assert words in str(caught.value)


def test_a_reproducible_function_passes_with_both_kinds_of_keys():
    source = "def f(n, key):\n    return jax.random.normal(key, (3,)) * n"
    assert_reproducible(student_of(source).f, default_new_key(0), 2.0, key_argnum=1)
