"""Verdicts on observations: value, purity, reproducibility.

Every `assert_*` raises CheckFailed with a text for the student: what was wrong, what was
expected in kind, the likely cause. It never shows an input, nor text that the student's
code chose, since the hidden inputs could leave through either.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NoReturn

import jax
import numpy as np

from jaxercise.checks.compare import Mismatch, as_arrays, match, same_bits
from jaxercise.checks.outcome import CheckFailed
from jaxercise.checks.proxy import Observation, StudentFunction
from jaxercise.checks.raised import describe_error
from jaxercise.inside.process_state import SETTINGS
from jaxercise.wire import records


class CallRaised(CheckFailed):
    """A property cannot be judged, since the call itself raised."""


def fail(message: str) -> NoReturn:
    """The check fails with this text, which the student reads."""
    raise CheckFailed(message)


def assert_returns(
    seen: Observation,
    expected: Any,
    *,
    rtol: float,
    atol: float = 0.0,
    kind: str = "jax",
    hint: str = "",
) -> None:
    """The call returned `expected`: same structure, kind, dtypes, shapes, values in tolerance.

    `kind` says what arrays may be: "jax", "numpy" or "any". Python numbers in `expected`
    accept Python numbers and arrays without axes. NaN matches NaN alone. PRNG keys must
    agree bit for bit. Raises CheckFailed; `hint` is appended as the likely cause.
    """
    if seen.error is not None:
        fail(describe_error(seen.name, seen.error))
    try:
        match(seen.value, records.describe(expected), "", rtol, atol, kind)
    except Mismatch as mismatch:
        where = f" in {mismatch.where}" if mismatch.where else ""
        fail(
            f"{seen.name} returns {mismatch.text}{where}."
            + (f" Likely cause: {hint}." if hint else "")
        )


def assert_like(seen: Observation, like: Any, *, hint: str = "") -> Any:
    """The call returned what has the structure, dtypes and shapes of `like`, without NaN.

    Returns it with NumPy arrays as leaves: whatever a hidden test computes with an answer, it
    asks for the form first, so that no odd answer is an error of the grader.
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
    """The value where it is a real number, or an array of one without axes; else None."""
    try:
        value = seen.numpy()
        real = isinstance(value, np.ndarray) and value.shape == () and value.dtype.kind in "iuf"
        return float(value) if real else None
    except CheckFailed:
        return None


def assert_raises(seen: Observation, *types: str | type, hint: str = "") -> None:
    """The call raised an exception of one of these types (classes or names)."""
    names = [t if isinstance(t, str) else t.__name__ for t in types]
    if seen.error is None:
        fail(f"{seen.name} raises nothing where {' or '.join(names)} is expected. {hint}".strip())
    if seen.error.type not in names:
        told = describe_error(seen.name, seen.error)
        fail(f"{told} Expected is {' or '.join(names)}. {hint}".strip())


def assert_no_side_effects(seen: Observation) -> None:
    """The call changed no input, global, random state or jax option, printed nothing."""
    name = seen.name
    if seen.changed_inputs:
        fail(
            f"{name} changes its {' and '.join(seen.changed_inputs)}: the caller's data must stay "
            "as it was. Likely cause: an assignment such as x[i] = ... or x *= ... on the input, "
            "or donate_argnums; build a new value instead."
        )
    if seen.changed_globals:
        fail(
            f"{name} changes something outside itself: {_names(seen.changed_globals)}. "
            "Likely cause: a `global`, a mutable default argument, or a list, dict or other object "
            "that outlives the call; take state as an argument and return the new state."
        )
    if seen.moved_rngs:
        fail(
            f"{name} draws from the hidden state of {' and '.join(seen.moved_rngs)}; draw with "
            "jax.random and the key that it is given."
        )
    if seen.changed_config:
        fail(
            f"{name} changes {_names(seen.changed_config, 'an option')} of jax for everyone. "
            "Use a context such as `with jax.enable_x64(True):` inside the function."
        )
    if changed := [each for each in SETTINGS if each in seen.changed_settings]:
        fail(
            f"{name} changes {' and '.join(changed)} for everyone. A pure function leaves the "
            "world around it as it was: return what is to be known, and change settings inside a "
            "`with` that brings them back, such as `with np.errstate(...):`."
        )
    if seen.printed:
        fail(f"{name} prints; a pure function only returns. Remove the print.")
    if seen.leaked_tracers:
        fail(
            f"{name} leaves a traced value behind in {_names(seen.leaked_tracers)}. Likely cause: "
            "a variable outside the function is assigned while it is being traced."
        )


def _names(names: Iterable[str], unnamed: str = "a variable") -> str:
    return ", ".join(sorted(n for n in names if n.isidentifier())[:4]) or unnamed


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
    """Same inputs, same outputs, whatever happened before, and nothing else touched.

    Each tuple of arguments in `calls` is called, then again in reverse order, the first once
    more with arguments that tell when they are written to, then all under `jit` and in the
    fresh run; the last two agree within tolerance, repeats bit for bit.
    """
    first = []
    for args in calls:
        seen = function(*args)
        if seen.error is not None:
            raise CallRaised(describe_error(function.name, seen.error))
        try:
            seen.numpy()
        except CheckFailed as failure:  # for what cannot be compared
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
            f"{function.name} writes to its {' and '.join(written)} and puts it back afterwards: "
            "the caller's data must not be written to at all, not even for a moment. Build a new "
            "value instead, such as {**params, name: value} or x.at[i].set(value)."
        )
    if fresh:
        for args, before in zip(calls, first, strict=True):
            # What a compiled function does while it is traced, it does at its first call for
            # a shape; here that is this one, whatever other checks have called before.
            seen = function.fresh()(*args)
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
    """Same key: the same bits, here and in a fresh process. Another key: other draws.

    `args` are the arguments beside the key. Keys of both kinds are tried; with
    `keys_used_once` no key may be consumed twice.
    """

    def arguments(key: Any) -> tuple[Any, ...]:
        return (*args[:key_argnum], key, *args[key_argnum:])

    for typed in (True, False):
        key = new_key(typed=typed)
        first, again = function(*arguments(key)), function(*arguments(key))
        if first.error is not None:
            kind = "a typed key (jax.random.key)" if typed else "a legacy key (jax.random.PRNGKey)"
            raise CallRaised(f"With {kind}, {describe_error(function.name, first.error)}")
        if not same_bits(first.value, again.value):
            fail(
                f"{function.name} draws other numbers when it gets the same key again. Likely "
                "cause: NumPy's or Python's random generator, or state kept between calls."
            )
        other = function(*arguments(new_key(typed=typed)))
        if distinct and same_bits(first.value, other.value):
            fail(
                f"{function.name} draws the same numbers whatever the key. Likely cause: the key "
                "is ignored, or a fixed seed is used inside."
            )
        if typed and not same_bits(first.value, function.fresh()(*arguments(key)).value):
            fail(
                f"{function.name} draws other numbers from the same key in a fresh process. Likely "
                "cause: randomness that does not come from the key."
            )
        if keys_used_once:
            assert_keys_used_once(function, *arguments(new_key(typed=typed)))


def assert_keys_used_once(function: StudentFunction, *args: Any) -> None:
    """No PRNG key is consumed twice in the call; give it keys that are used nowhere else."""
    if reuse := function.watching_keys()(*args).key_reuse:
        fail(
            f"{function.name} uses a key twice: {reuse}. A key is spent by its first use; split "
            "it and use each part once."
        )


def default_new_key(seed: int) -> Callable[..., Any]:
    """A maker of keys that never repeat: `new_key()` typed, `new_key(typed=False)` legacy."""
    seeds = iter(range(seed, seed + 1_000_000))

    def new_key(typed: bool = True) -> jax.Array:
        make = jax.random.key if typed else jax.random.PRNGKey
        return make(next(seeds))

    return new_key
