"""Calls one function of a student, watches what it touches, and reports.

Runs in the student's own process, in the sandbox as in a notebook, so a report can be forged.
It sees the side effects of ordinary code: changed inputs, changed objects that a name of the
notebook leads to, use of NumPy's or Python's global random state, changed settings and files,
printed text, leaked tracers, PRNG keys used twice.
"""

from __future__ import annotations

import contextlib
import functools
import io
from collections.abc import Callable, Generator
from typing import Any

import jax
import jax.numpy as jnp

from jaxercise.inside import files, guarded, keys, process_state, programs, standins
from jaxercise.inside.fingerprint import Snapshot
from jaxercise.inside.raised import report_of
from jaxercise.wire import private_jax, records
from jaxercise.wire.calls import Call

_MAX_PRINTED = 2_000
_EXACT_BYTES = 16 << 20


def observe(
    namespace: dict[str, Any], call: Call, *, shared_folder: bool = False
) -> dict[str, Any]:
    """Make the call with the functions of `namespace`; returns the report as plain records.

    In a `shared_folder` other programs may write files, which are not put down to the call.
    The report's keys are the fields of `checks.observation.Observation`. What the student's
    function raises is reported; anything that this function raises is a fault of the library.
    """
    report: dict[str, Any] = {"value": None, "error": None}
    with process_state.default_settings(call.x64) as changed_options:
        _make_call(namespace, call, report, shared_folder)
    report["changed_config"] = changed_options
    return report


def _make_call(
    namespace: dict[str, Any], call: Call, report: dict[str, Any], shared_folder: bool
) -> None:
    args = records.revive(call.args, standins.build)
    kwargs = records.revive(call.kwargs or {}, standins.build)
    try:
        function = _prepare(namespace, call)
    except _StudentRaised as raised:
        report["error"] = report_of(raised.error)
        return
    if call.mode == "guarded":
        with _watching(namespace, args, kwargs, {}, shared_folder):
            report["changed_inputs"] = guarded.written_to(function, args)
    elif call.mode == "keys":
        report["key_reuse"] = keys.reuse(namespace, function, args, kwargs)
    elif call.mode != "nothing":
        watching = _watching(namespace, args, kwargs, report, shared_folder)
        with watching if call.watch else contextlib.nullcontext():
            _run(function, args, kwargs, call, report)


class _StudentRaised(Exception):
    """Student code raised `error`."""

    def __init__(self, error: BaseException):
        super().__init__()
        self.error = error


def _call_student(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Call student code, or JAX on it; raises _StudentRaised for whatever it raises."""
    try:
        return function(*args, **kwargs)
    except BaseException as error:
        raise _StudentRaised(error) from None


def _prepare(namespace: dict[str, Any], call: Call) -> Callable[..., Any]:
    """The function to call, transformed; raises _StudentRaised if there is none."""
    if call.name not in namespace:
        raise _StudentRaised(NameError(f"name '{call.name}' is not defined"))
    function = namespace[call.name]
    if not callable(function):
        raise _StudentRaised(
            TypeError(f"'{records.name_of(type(function))}' object is not callable")
        )
    for step, options in call.steps:
        function = _TRANSFORMS[step](function, **options)
    return function


def _traced(
    function: Callable[..., Any], static_argnums: tuple[int, ...], static_argnames: tuple[str, ...]
) -> Callable[..., Any]:
    """A function that traces like `jax.jit(function)` and runs the equations uncompiled.

    Shows what tracing does without compiling, which would take most of the time. Functions that
    the student has already compiled are reused, while `function` itself is traced at each call.
    """

    as_function = private_jax.jaxpr_as_function()

    def run(*args: Any, **kwargs: Any) -> Any:
        # JAX keeps what it has traced of a function, and knows the function by its identity.
        @functools.wraps(function)
        def another(*args: Any, **kwargs: Any) -> Any:
            return function(*args, **kwargs)

        jitted = jax.jit(another, static_argnums=static_argnums, static_argnames=static_argnames)
        traced = jitted.trace(*args, **kwargs)
        dynamic = (
            [arg for i, arg in enumerate(args) if i not in static_argnums],
            {name: arg for name, arg in kwargs.items() if name not in static_argnames},
        )
        # jit returns arrays, also where the program's output is a constant.
        out = map(jnp.asarray, as_function(traced.jaxpr)(*jax.tree.leaves(dynamic)))
        return jax.tree.unflatten(jax.tree.structure(traced.out_info), out)

    return run


def _times(function: Callable[..., Any], factor: float) -> Callable[..., Any]:
    return lambda *args, **kwargs: factor * function(*args, **kwargs)


_TRANSFORMS: dict[str, Callable[..., Any]] = {
    "jit": functools.partial(_call_student, jax.jit),
    "trace": _traced,
    "vmap": functools.partial(_call_student, jax.vmap),
    "grad": functools.partial(_call_student, jax.grad),
    "times": _times,
}


def _run(
    function: Callable[..., Any],
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
    call: Call,
    report: dict[str, Any],
) -> None:
    try:
        if call.mode == "jaxpr":
            static = (kwargs or {}).pop("static_argnums", ())
            report["value"] = _jaxpr_summary(function, args, static)
        elif call.mode == "traces":
            report["value"] = _count_traces(function, args)
        else:
            with private_jax.no_tracing() if call.no_tracing else contextlib.nullcontext():
                value = _call_student(lambda: jax.block_until_ready(function(*args, **kwargs)))
            record = records.describe(value)
            records.assert_can_cross(record)
            report["value"] = record
    except _StudentRaised as raised:
        report["error"] = report_of(raised.error)
    except records.TooLarge as error:
        report["error"] = report_of(error)


@contextlib.contextmanager
def _watching(
    namespace: dict[str, Any],
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
    report: dict[str, Any],
    shared_folder: bool,
) -> Generator[None]:
    inputs = {f"argument {i + 1}": value for i, value in enumerate(args)} | kwargs
    inputs_before = Snapshot.of(inputs, _EXACT_BYTES)
    globals_before = Snapshot.of(namespace)
    before = process_state.current()
    printed = _Bounded()
    with (
        contextlib.redirect_stdout(printed),
        contextlib.redirect_stderr(printed),
        process_state.only_logs_of_notebook() as logs,
        files.own_writes() if shared_folder else contextlib.nullcontext() as written,
    ):
        yield
        with contextlib.suppress(Exception):
            jax.effects_barrier()
    after = process_state.current()
    changed = process_state.changes(before, after, written)
    process_state.restore(before)
    globals_after = Snapshot.of(namespace)
    report["printed"] = printed.getvalue() or ("a log" if logs.of_notebook else "")
    report["changed_inputs"] = inputs_before.changes(Snapshot.of(inputs, _EXACT_BYTES))
    report["changed_globals"] = globals_before.changes(globals_after)
    report["leaked_tracers"] = sorted(globals_after.tracers - globals_before.tracers)
    report["moved_rngs"] = [name for name in changed if name in process_state.RNGS]
    report["changed_settings"] = [name for name in changed if name in process_state.SETTINGS]


class _Bounded(io.StringIO):
    def write(self, text: str) -> int:
        super().write(text[: max(0, _MAX_PRINTED - self.tell())])
        return len(text)


def _jaxpr_summary(
    function: Callable[..., Any], args: tuple[Any, ...], static_argnums: tuple[Any, ...]
) -> dict[str, Any]:
    closed = _call_student(lambda: jax.make_jaxpr(function, static_argnums=static_argnums)(*args))
    return programs.summary(closed.jaxpr)


def _count_traces(function: Callable[..., Any], calls: tuple[Any, ...]) -> list[int]:
    count = 0

    def counted(*args: Any) -> Any:
        nonlocal count
        count += 1
        return function(*args)

    compiled = jax.jit(counted)
    totals = []
    for args in calls:
        _call_student(lambda args=args: jax.block_until_ready(compiled(*args)))
        totals.append(count)
    return [after - before for before, after in zip([0, *totals], totals, strict=False)]
