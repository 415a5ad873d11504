"""Hidden tests of inplace_error."""

import jax.numpy as jnp
import numpy as np
import pytest

from jaxercise.checks.assertions import assert_pure, describe_error, fail
from jaxercise.wire.records import Standin


def assert_reports(student, x, name, advice):
    """The pair is the name of the exception and the part of its message from 'Instead' on."""
    seen = student.inplace_error(x)
    if seen.error is not None and seen.error.type == name:
        fail(
            f"inplace_error lets the {name} escape. Catch it, whatever exception it is: "
            "`except Exception as error`."
        )
    if seen.error is not None:
        fail(describe_error("inplace_error", seen.error))
    match seen.value:
        case (str(found_name), str(found_advice)) if isinstance(seen.value, tuple):
            pass
        case _:
            fail(
                "inplace_error does not return a tuple of two texts. Likely cause: "
                "nothing was raised (x += 1 and x.at do not assign to an entry of x), or the "
                "exception itself or its type is returned in place of its name."
            )
    if found_name != name:
        fail(
            "inplace_error does not name the exception that x[0] = 1 raises. Take the "
            "name from what was caught, `type(error).__name__`, whatever that is derived "
            "from and whatever it was raised from, and assign to x itself, not to an array made "
            "from it."
        )
    if found_advice.strip() != advice.strip():
        fail(
            "inplace_error returns the wrong part of the message. Expected is everything from "
            "the first 'Instead', with a capital, to the end, over all lines (an empty text if "
            "that word does not occur). The message is str(error)."
        )


@pytest.mark.correctness(points=2)
def test_reports_the_refusal(student, reference, rng):
    """What JAX arrays raise and advise."""
    for dtype in ("float32", "int32", "bool"):
        x = jnp.asarray(rng.integers(0, 2, 3).astype(dtype))
        name, advice = reference.inplace_error(x)
        assert ".at[" in advice, "JAX words its message otherwise: the lesson must follow"
        assert_reports(student, x, name, advice)


@pytest.mark.correctness(points=2)
def test_reports_other_refusals(student, rng):
    """What other things that cannot be assigned to raise: nothing is known beforehand."""
    values = tuple(rng.uniform(1, 2, 3).tolist())
    assert_reports(student, values, "TypeError", "")
    for entries in (values, values[:1]):
        assert_reports(student, Standin("read_only_array", entries), "ValueError", "")
    errors = rng.permutation(["RuntimeError", "AttributeError", "BufferError"])
    number = int(rng.integers(100, 1000))
    advice = f"Instead of assigning,\nask for form {number}.\nInstead of that, wait."
    # The text of a KeyError is not its first argument, and Sealed is derived from RuntimeError.
    comma = f"Instead, ask for form {number}"
    for entries, error, message, advised in (
        (values, str(errors[0]), f"Leave this sealed instead. ({advice}", advice),
        # Its first entry is its only one.
        (values[:1], str(errors[1]), f"This is sealed, see form {number}.", ""),
        (values, "KeyError", f"Leave this sealed. {advice}", f"{advice!r}"[1:]),
        (values, "Sealed", f"Leave this sealed. {advice}", advice),
        (values, "Sealed", comma, comma),
    ):
        sealed = Standin("refusing_tuple", (entries, error, message))
        assert_reports(student, sealed, error, advised)


@pytest.mark.purity(points=1)
def test_is_pure(student, rng):
    """Nothing is printed or kept, and x is as before."""
    values = tuple(rng.uniform(1, 2, 3).tolist())
    calls = [
        (jnp.asarray(np.array(values, np.float32)),),
        (values,),
        (Standin("read_only_array", values),),
    ]
    # The texts that it returns are no values of jax.jit; the lesson says that jit is left out.
    assert_pure(student.inplace_error, calls, jit=False)
