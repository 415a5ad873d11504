"""Each kind of mistake has a likely cause of its own; a hint is about wrong values."""

import jax.numpy as jnp
import numpy as np
import pytest

from jaxercise.checks.assertions import assert_like
from jaxercise.checks.outcome import CheckFailed
from tests.test_properties import complaint, seen

HINT = "signs lost"

FORMS = {
    "a list for a tuple": ([1.0, 2.0], (1.0, 2.0), "`return a, b` returns a tuple"),
    "a tuple for an array": ((jnp.ones(2),), jnp.ones(2), "a comma follows the value"),
    "a list for an array": ([1.0, 2.0], jnp.ones(2), "jnp.stack and jnp.asarray"),
    "a float for an array": (1.0, jnp.ones(()), ".item()"),
    "a function": (lambda x: x, jnp.ones(2), "the function itself is returned; call it"),
    "NumPy for JAX": (np.ones(2, np.float32), jnp.ones(2), "np where jnp is meant"),
    "ints for floats": (jnp.ones(2, int), jnp.ones(2), "integers all the way"),
    "floats for ints": (jnp.ones(2), jnp.ones(2, int), "a division, a mean or a float"),
    "a comparison": (jnp.ones(2, bool), jnp.ones(2), "a comparison is returned"),
    "a narrower dtype": (jnp.ones(2, jnp.bfloat16), jnp.ones(2), "of the narrower dtype"),
    "a lost axis of length 1": (jnp.ones(3), jnp.ones((3, 1)), "squeezed away"),
    "an axis of length 1 too many": (jnp.ones((3, 1)), jnp.ones(3), "keepdims"),
    "exchanged axes": (jnp.ones((2, 3)), jnp.ones((3, 2)), "axes exchanged"),
    "all axes gone": (jnp.ones(()), jnp.ones(3), "over all axes"),
    "an axis gone": (jnp.ones(2), jnp.ones((2, 3)), "one axis is summed or indexed away"),
    "an axis too many": (jnp.ones((2, 3)), jnp.ones(2), "one axis too many"),
}


@pytest.mark.parametrize(("value", "expected", "cause"), FORMS.values(), ids=FORMS.keys())
def test_a_wrong_form_has_its_own_cause_and_not_the_hint(value, expected, cause):
    text = complaint(value, expected, hint=HINT)
    assert cause in text.partition("Likely cause: ")[2]
    assert HINT not in text


UNCLEAR = {
    "another number of items": ((1.0,), (1.0, 2.0)),
    "other keys": ({"a": 1.0}, {"b": 1.0}),
    "nothing": (None, jnp.ones(2)),
    "another size": (jnp.ones(4), jnp.ones(3)),
    "two dtypes that are no number's": ("a", jnp.ones(3)),
}


@pytest.mark.parametrize(("value", "expected"), UNCLEAR.values(), ids=UNCLEAR.keys())
def test_no_cause_is_told_where_none_is_likely(value, expected):
    assert "Likely cause" not in complaint(value, expected, hint=HINT)


def test_a_wrong_value_has_the_hint():
    assert complaint(jnp.ones(2), -jnp.ones(2), hint=HINT).endswith(f"Likely cause: {HINT}.")


def test_a_hint_is_about_the_form_where_only_the_form_is_compared():
    with pytest.raises(CheckFailed, match=r"Likely cause: return one row for each walker\."):
        assert_like(seen(jnp.ones(3)), jnp.ones((3, 1)), hint="return one row for each walker")


@pytest.mark.parametrize(
    ("value", "expected", "size"),
    [
        (jnp.full(3, 1.004), jnp.ones(3), "(relative error up to 0.01; 1e-05 is allowed)"),
        (jnp.array([1.0, 2.0004]), jnp.array([1.0, 2.0]), "(relative error up to 0.001; 1e-05"),
        (1.00009, 1.0, "(relative error up to 0.0001; 1e-05 is allowed)"),
        (jnp.float32(100.009), 100.0, "(relative error up to 0.0001; 1e-05 is allowed)"),
        (1 + 1e-4j, 1 + 0j, "(relative error up to 0.0001; 1e-05 is allowed)"),
    ],
)
def test_lost_digits_are_told_with_the_size_of_the_error(value, expected, size):
    text = complaint(value, expected, hint=HINT)
    assert size in text
    assert text.endswith(f"an early stop; or {HINT}.")
    assert "Likely cause: digits lost on the way" in complaint(value, expected)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (jnp.array([1.0, 3.0]), jnp.array([1.0, 2.0])),
        (jnp.array([1.0001, 3.0]), jnp.array([1.0, 2.0])),
        (jnp.array([1.0, 1e-3]), jnp.array([1.0, 0.0])),
        (jnp.array([jnp.inf]), jnp.array([1.0])),
        (jnp.array([1000, 1001]), jnp.array([1000, 1000])),
        (1001, 1000),
    ],
)
def test_values_that_are_quite_wrong_have_no_size_of_the_error(value, expected):
    text = complaint(value, expected, hint=HINT)
    assert "relative error" not in text
    assert text.endswith(f"Likely cause: {HINT}.")
