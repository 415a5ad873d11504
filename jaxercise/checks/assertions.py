"""Assertions on observations: value, purity, reproducibility.

Every `assert_*` raises CheckFailed with a text for the student: what is wrong, what kind of
thing is expected, the likely cause. It shows neither an input nor a text that the student's
code has chosen, since either could reveal a hidden input.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import jax
import numpy as np

from jaxercise.checks.causes import likely_cause
from jaxercise.checks.compare import as_arrays, match, same_bits
from jaxercise.checks.mismatch import Mismatch
from jaxercise.checks.outcome import CheckFailed, fail
from jaxercise.checks.proxy import Observation, StudentFunction
from jaxercise.checks.raised import describe_error
from jaxercise.checks.side_effects import assert_no_side_effects
from jaxercise.wire import records


class CallRaised(CheckFailed):
    """A property cannot be judged because the call itself raised."""


class WrongAnswer(CheckFailed):
    """The answer differs from the expected one; `mismatch` says in what."""

    def __init__(self, message: str, mismatch: Mismatch):
        super().__init__(message)
        self.mismatch = mismatch


def assert_returns(
    seen: Observation,
    expected: Any,
    *,
    rtol: float,
    atol: float = 0.0,
    kind: str = "jax",
    hint: str = "",
) -> None:
    """The call returned `expected`: same structure, kind, dtypes and shapes, values in tolerance.

    `kind` is the kind that arrays must have: "jax", "numpy" or "any". A Python number in
    `expected` accepts Python numbers and arrays without axes. NaN equals only NaN. PRNG keys
    must be equal bit for bit. Raises CheckFailed, in detail WrongAnswer.

    `hint` is the likely cause of wrong values, or of a wrong form where `atol` is infinite, so that
    values do not matter. Other mistakes have general causes (checks/causes.py).

    >>> seen = Observation("double", records.describe(np.float32([1, 2])))
    >>> assert_returns(seen, np.float32([1, 2]), rtol=1e-6, kind="numpy")
    >>> assert_returns(seen, np.float32([1, 4]), rtol=1e-6, kind="numpy", hint="x ** 2")
    Traceback (most recent call last):
    jaxercise.checks.assertions.WrongAnswer: double returns wrong values in 1 of 2 places...
    """
    if seen.error is not None:
        fail(describe_error(seen.name, seen.error))
    try:
        match(seen.value, records.describe(expected), "", rtol, atol, kind)
    except Mismatch as mismatch:
        where = f" in {mismatch.where}" if mismatch.where else ""
        cause = likely_cause(mismatch, hint, hint_is_about_form=np.isinf(atol))
        text = f"{seen.name} returns {mismatch.text}{where}."
        raise WrongAnswer(f"{text} Likely cause: {cause}." if cause else text, mismatch) from None


def assert_like(seen: Observation, like: Any, *, hint: str = "") -> Any:
    """The call returned a value with the structure, dtypes and shapes of `like`, without NaN.

    Returns the value with NumPy arrays as leaves. A hidden test that computes with an answer
    calls this first, so that an unexpected answer does not become an error of the grader.
    """
    assert_returns(seen, like, rtol=0, atol=np.inf, hint=hint)
    return seen.numpy()


def is_like(seen: Observation, like: Any) -> bool:
    """Whether `assert_like` would pass."""
    try:
        assert_like(seen, like)
    except CheckFailed:
        return False
    return True


def real_number(seen: Observation) -> float | None:
    """The value if it is a real number or an array without axes that holds one; else None."""
    try:
        value = seen.numpy()
        real = isinstance(value, np.ndarray) and value.shape == () and value.dtype.kind in "iuf"
        return float(value) if real else None
    except CheckFailed:
        return None


def assert_raises(seen: Observation, *types: str | type, hint: str = "") -> None:
    """The call raised an exception of one of these types, given as classes or names.

    Raises CheckFailed; `hint` is added to its text.
    """
    names = [t if isinstance(t, str) else t.__name__ for t in types]
    if seen.error is None:
        fail(f"{seen.name} raises nothing where {' or '.join(names)} is expected. {hint}".strip())
    if seen.error.type not in names:
        told = describe_error(seen.name, seen.error)
        fail(f"{told} Expected is {' or '.join(names)}. {hint}".strip())


def assert_pure(
    function: StudentFunction,
    calls: Sequence[tuple[Any, ...]],
    *,
    jit: bool = True,
    static_argnums: Any = (),
    rtol: float = 1e-5,
    atol: float = 1e-6,
    fresh: bool = True,
) -> None:
    """The same inputs give the same outputs, whatever happened before, without side effects.

    The function is called with each tuple of arguments in `calls`, then again in reverse order,
    with the first once more while writes to the arguments are watched, in the fresh run, where
    its first call is traced under `jit`, and all of them traced. Repeated calls must agree bit
    for bit, the others within tolerance.

    Raises CheckFailed, and CallRaised if a call raises.
    """
    first = []
    for args in calls:
        seen = function(*args)
        if seen.error is not None:
            raise CallRaised(describe_error(function.name, seen.error))
        try:
            seen.numpy()
        except CheckFailed as failure:  # A value that cannot be compared.
            raise CallRaised(str(failure)) from None
        assert_no_side_effects(seen)
        first.append(seen)
    for args, before in zip(reversed(calls), reversed(first), strict=True):
        again = function(*args)
        assert_no_side_effects(again)
        if again.error is not None or not same_bits(again.value, before.value):
            fail(
                f"{function.name} answers differently when it is called again with the same "
                "arguments. Likely cause: something is remembered between calls, such as a "
                "counter, a cache or the state of a random generator."
            )
    if written := function.guarded()(*calls[0]).changed_inputs:
        fail(
            f"{function.name} writes to its {' and '.join(written)}, which happens to hold the "
            "same afterwards: it is put back, or was, say, sorted before it is sorted. The "
            "caller's data must not be written to at all. Build a new value instead, such as "
            "{**params, name: value}, x.at[i].set(value) or jnp.sort(x)."
        )
    if fresh:
        if jit:  # What a function keeps of its first call is then a tracer.
            traced = function.fresh().traced(static_argnums)(*calls[0])
            if traced.error is None:
                assert_no_side_effects(traced)
        for args, before in zip(calls, first, strict=True):
            # A compiled function is traced at its first call with new shapes. In the fresh run
            # that is here or just above, whatever other checks have called before.
            seen = function.fresh()(*args)
            if seen.error is not None and seen.error.type == "UnexpectedTracerError":
                fail(f"After a call under jax.jit, {describe_error(function.name, seen.error)}")
            assert_no_side_effects(seen)
            _assert_agrees(
                seen,
                before,
                "gives another answer in a fresh process where the lesson's own global variables "
                "have other values. Likely cause: it reads a global instead of its arguments.",
                rtol,
                atol,
            )
    if jit:
        _assert_pure_under_jit(function, calls, first, static_argnums, rtol, atol)


def _assert_pure_under_jit(
    function: StudentFunction,
    calls: Sequence[tuple[Any, ...]],
    first: list[Observation],
    static_argnums: Any,
    rtol: float,
    atol: float,
) -> None:
    for args, before in zip(calls, first, strict=True):
        seen = function.traced(static_argnums)(*args)
        if seen.error is not None:
            fail(f"Under jax.jit, {describe_error(function.name, seen.error)}")
        assert_no_side_effects(seen)
        _assert_agrees(seen, before, "gives another answer under jax.jit than without.", rtol, atol)


def _assert_agrees(
    seen: Observation, before: Observation, complaint: str, rtol: float, atol: float
) -> None:
    if seen.error is not None:
        fail(f"{seen.name} {complaint} ({describe_error(seen.name, seen.error)})")
    try:
        match(as_arrays(seen.value), as_arrays(before.value), "", rtol, atol, "any")
    except Mismatch:
        fail(f"{seen.name} {complaint}")


def assert_reproducible(
    function: StudentFunction,
    new_key: Callable[..., Any],
    *args: Any,
    key_argnum: int = 0,
    distinct: bool = True,
    keys_used_once: bool = True,
) -> None:
    """The same key gives the same bits, also in a fresh process; another key gives other draws.

    `args` are the arguments beside the key, which is the argument at `key_argnum`. Typed and
    legacy keys are tried. With `distinct=False`, other keys may give the same draws; with
    `keys_used_once`, no key may be used twice. Raises CheckFailed, and CallRaised if a call
    raises.
    """

    def arguments(key: Any) -> tuple[Any, ...]:
        return (*args[:key_argnum], key, *args[key_argnum:])

    for typed in (True, False):
        kind = "a typed key (jax.random.key)" if typed else "a legacy key (jax.random.PRNGKey)"
        # Only typed keys go without saying.
        told = function.name if typed else f"With {kind}, {function.name}"
        key = new_key(typed=typed)
        first, again = function(*arguments(key)), function(*arguments(key))
        if first.error is not None:
            raise CallRaised(f"With {kind}, {describe_error(function.name, first.error)}")
        if not same_bits(first.value, again.value):
            fail(
                f"{told} draws other numbers when it gets the same key again. Likely "
                "cause: NumPy's or Python's random generator, or state kept between calls."
            )
        other = function(*arguments(new_key(typed=typed)))
        if distinct and same_bits(first.value, other.value):
            fail(
                f"{told} draws the same numbers whatever the key. Likely cause: the key "
                "is ignored, or a fixed seed is used inside."
            )
        if typed and not same_bits(first.value, function.fresh()(*arguments(key)).value):
            fail(
                f"{told} draws other numbers from the same key in a fresh process. Likely "
                "cause: randomness that does not come from the key."
            )
        if distinct and not typed:
            _assert_both_words_count(function, key, first, arguments)
        if keys_used_once:
            assert_keys_used_once(function, *arguments(new_key(typed=typed)))


def _assert_both_words_count(
    function: StudentFunction,
    key: jax.Array,
    drawn: Observation,
    arguments: Callable[[Any], tuple[Any, ...]],
) -> None:
    """A legacy key that differs in one of its two words only gives other draws too."""
    for word in range(2):
        if same_bits(drawn.value, function(*arguments(key.at[word].add(1))).value):
            fail(
                f"{function.name} draws the same numbers from two legacy keys. Likely cause: only "
                "one of the two numbers of a legacy key is used; both together are the key."
            )


def assert_keys_used_once(function: StudentFunction, *args: Any) -> None:
    """The call uses no PRNG key twice; pass keys that are used nowhere else."""
    if reuse := function.watching_keys()(*args).key_reuse:
        fail(
            f"{function.name} uses a key twice: {reuse}. A key is spent by its first use; split "
            "it and use each part once."
        )


def default_new_key(seed: int) -> Callable[..., Any]:
    """A function that makes new keys: `new_key()` typed, `new_key(typed=False)` legacy ones.

    The first word of a legacy key is not 0, as it is in one made of a small seed.
    """
    seeds = iter(range(seed, seed + 1_000_000))

    def new_key(typed: bool = True) -> jax.Array:
        if typed:
            return jax.random.key(next(seeds))
        return jax.random.split(jax.random.PRNGKey(next(seeds)))[0]

    return new_key
