"""`check(function, example(...))`: the rules of the hidden checks, on inputs a student sees."""

from __future__ import annotations

import inspect
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from jaxercise.checks.assertions import (
    CallRaised,
    assert_pure,
    assert_reproducible,
    default_new_key,
)
from jaxercise.checks.outcome import CheckFailed, CheckOutcome, Verdict
from jaxercise.checks.proxy import StudentFunction
from jaxercise.checks.render import APPEARANCE, Detail, Table
from jaxercise.inside.observe import observe
from jaxercise.inside.process_state import on_cpu
from jaxercise.inside.raised import text_of
from jaxercise.notebook import progress
from jaxercise.notebook.asked import Asked, asked_by
from jaxercise.notebook.example import Example, ShownFailure
from jaxercise.notebook.faster import Faster
from jaxercise.wire import records
from jaxercise.wire.calls import Call

# Set by nbgrader, in whose processes nothing of ours runs before the notebook does.
VALIDATING = "NBGRADER_VALIDATING"
_EXECUTION = "NBGRADER_EXECUTION"

_NOTE = (
    "Checks you can see, on inputs you can see. Hidden ones with other inputs decide the points."
)
_UNGRADED = (
    "This notebook was graded without jaxercise's nbgrader_config.py, so nothing was judged and "
    "no points are given. Run nbgrader from the folder that holds that file, and autograde again."
)
# Nobody decides a visible check later, as a person does in grading.
_GREY = "#6b6b6b"
_APPEARANCE = {
    **APPEARANCE,
    Verdict.INCONCLUSIVE: ("·", "no estimate", _GREY),
    Verdict.GRADER_ERROR: ("?", "not checked", _GREY),
}


@dataclass(frozen=True)
class _Rules:
    """The options of `check`."""

    rtol: float
    atol: float
    jit: bool
    static_argnums: Any
    keys_used_once: bool
    kind: str


def check(
    function: Callable[..., Any],
    *asked: Example | Faster,
    rtol: float = 1e-5,
    atol: float = 1e-6,
    jit: bool = True,
    static_argnums: Any = (),
    keys_used_once: bool = True,
    kind: str = "jax",
) -> None:
    """Show which checks `function` passes on the examples, and the likely cause of each failure.

    Checks the value and purity; if an example has a PRNG key among its arguments, also
    reproducibility and, with `keys_used_once`, that no key is used twice. Runs on the CPU, as
    grading does, where JAX would use a GPU. `rtol` and `atol` are the
    tolerances for values; with `jit=False`, nothing is checked under `jax.jit`; `static_argnums`
    are passed to `jax.jit`. `kind` says what arrays must be: "jax", "numpy" or "any"; a function
    that is not written in JAX is checked with `jit=False`.

    >>> from jaxercise import example
    >>> check(lambda x: 2 * x, example(3.0, gives=6.0))  # doctest: +ELLIPSIS
    the function
      ✓ passed [correctness] the examples come out right
      ✓ passed [purity] nothing but the arguments counts
    Checks you can see, ...

    With `faster(...)`, compares a long call with NumPy's and estimates the speed.

    Never raises in a notebook. Raises CheckFailed for a failed check under nbgrader's Validate,
    where speed is not estimated. Raises RuntimeError if the notebook is graded without
    jaxercise's configuration.
    """
    if os.environ.get(_EXECUTION) == "autograde":
        raise RuntimeError(_UNGRADED)
    subject = asked_by(function, inspect.currentframe())
    name = subject.name
    examples = tuple(each for each in asked if isinstance(each, Example))
    shown = _Shown()
    rules = _Rules(rtol, atol, jit, static_argnums, keys_used_once, kind)
    validating = bool(os.environ.get(VALIDATING))
    speed = [each for each in asked if isinstance(each, Faster)]
    with on_cpu():
        checks = _run_checks(shown, subject, examples, rules)
        if not validating and all(outcome.verdict is Verdict.PASSED for outcome in checks):
            checks += [each.estimate(function, name, rtol, atol) for each in speed]
    passes = all(o.verdict in (Verdict.PASSED, Verdict.INCONCLUSIVE) for o in checks)
    note = f"{progress.note(name, passes)} {_NOTE}".lstrip()
    _show(Table(name, checks, note, details=shown.details, appearance=_APPEARANCE))
    if validating:
        for outcome in checks:
            if outcome.verdict is not Verdict.PASSED:
                table = Table(name, checks, details=shown.details, appearance=_APPEARANCE)
                reason = outcome.message or outcome.verdict.value
                raise CheckFailed(f"{name}: {reason}", shown=repr(table))
        with on_cpu():
            for each in speed:
                each.try_out(function, name, rtol, atol)


@dataclass
class _Shown:
    """What a student may see beyond outcomes, since visible inputs are not secret.

    `errors` has the full text of what the calls of the running check raised, `details` what is
    shown below a check's message. `failed` says whether a check has failed so far.
    """

    errors: list[str] = field(default_factory=list[str])
    details: dict[str, Detail] = field(default_factory=dict[str, Detail])
    failed: bool = False


def _run_checks(
    shown: _Shown, asked: Asked, examples: tuple[Example, ...], rules: _Rules
) -> list[CheckOutcome]:
    proxy = _local_proxy(asked, shown.errors)
    function = asked.namespace[asked.name]

    def value_is_right() -> None:
        for each in examples:
            seen = proxy(*each.args)
            value = function(*each.args) if each.where is not None and not seen.error else None
            each.verify(seen, value, rules.rtol, rules.atol, rules.kind)

    def is_pure() -> None:
        calls = [each.args for each in examples]
        assert_pure(
            proxy,
            calls,
            jit=rules.jit,
            static_argnums=rules.static_argnums,
            rtol=rules.rtol,
            atol=rules.atol,
        )

    first = _outcome("correctness", "the examples come out right", value_is_right, shown)
    if first.verdict is Verdict.NOT_ATTEMPTED:
        return [first]
    checks = [first, _outcome("purity", "nothing but the arguments counts", is_pure, shown)]
    with_keys = [
        (e.args, i) for e in examples for i, arg in enumerate(e.args) if records.is_key(arg)
    ]
    if with_keys:
        args, position = with_keys[0]

        def is_reproducible() -> None:
            assert_reproducible(
                proxy,
                default_new_key(7),
                *args[:position],
                *args[position + 1 :],
                key_argnum=position,
                keys_used_once=rules.keys_used_once,
            )

        title = "the key decides the draws"
        checks.append(_outcome("reproducibility", title, is_reproducible, shown))
    return checks


def _outcome(prop: str, title: str, run: Callable[[], None], shown: _Shown) -> CheckOutcome:
    """The outcome of the check that `run` makes; adds to `shown` what else there is to see."""
    verdict, message = Verdict.PASSED, ""
    shown.errors.clear()
    try:
        run()
    except CheckFailed as failure:
        if isinstance(failure, CallRaised) and shown.failed:
            return CheckOutcome(title, prop, Verdict.BLOCKED, 0, 0, "", title)
        shown.failed = True
        verdict, message = Verdict.FAILED, " ".join([str(failure), *shown.errors[-1:]])
        if isinstance(failure, ShownFailure) and failure.detail is not None:
            shown.details[title] = failure.detail
        if "NotImplementedError" in message:
            verdict, message = Verdict.NOT_ATTEMPTED, "The starter code is still there."
    except Exception as fault:
        told = f"{records.name_of(type(fault))}: {text_of(fault, 300)}"
        verdict, message = Verdict.GRADER_ERROR, f"This check itself failed, by {told}."
    return CheckOutcome(title, prop, verdict, 0, 0, message, title)


def _local_proxy(asked: Asked, errors: list[str]) -> StudentFunction:
    def transport(call: Call, run: str) -> dict[str, Any]:
        # Through records, as in grading, so that the call does not share the examples' arrays.
        message = call.to_message()
        report = observe(asked.namespace, Call.from_message(message), shared_folder=True)
        if report["error"] is not None:
            errors.append("{type}: {message}".format_map(report["error"]))
        return report

    return StudentFunction(asked.name, transport, Call(asked.name))


def _show(table: Table) -> None:
    if "IPython" in sys.modules and sys.modules["IPython"].get_ipython() is not None:
        from IPython.display import display

        display(table)
    else:
        print(table)
