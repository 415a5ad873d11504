"""`faster(than=..., times=...)` in a visible check: an estimate of speed on this machine.

Hidden checks time functions in separate processes. This one runs in the notebook, beside
whatever else is running, so it is only an estimate: it says so, has no effect on the grade, and
gives up soon. While other programs keep the machine busy, a slow call says nothing about the
function, and neither does the check. The results of the long call are compared first.
"""

from __future__ import annotations

import _thread
import contextlib
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import jax
import numpy as np

from jaxercise.checks.compare import as_arrays, match
from jaxercise.checks.decision import CALM, MAX_ROUNDS, Finding, findings
from jaxercise.checks.mismatch import Mismatch
from jaxercise.checks.outcome import CheckFailed, CheckOutcome, Timing, Verdict
from jaxercise.checks.timing import in_words, speedups, timing_of
from jaxercise.notebook import comparison
from jaxercise.notebook.load import OthersLoad
from jaxercise.wire import records

PATIENCE_S = 10.0
_BUDGET_S = 4.0
_TITLE = "speed, as estimated on this machine"
_LONG_TITLE = "a long input comes out right"


class _TimedOut(Exception):
    pass


@dataclass(frozen=True)
class Faster:
    """How fast a function should be; made by `faster`."""

    than: Callable[..., Any]
    times: float
    on: Callable[[np.random.Generator], tuple[Any, ...]]
    x64: bool
    rtol: float | None
    atol: float | None

    def estimate(
        self, function: Callable[..., Any], name: str, rtol: float, atol: float
    ) -> CheckOutcome:
        """The outcome on this machine; never raises what `function` raises.

        Results are compared within `rtol` and `atol` where `faster` was given none of its own.
        """
        load = OthersLoad()
        try:
            with jax.enable_x64(self.x64):
                return _within(PATIENCE_S, lambda: self._measure(function, name, rtol, atol, load))
        except _TimedOut:
            if (share := load.since_start()) > CALM:
                return _no_estimate(share)
            message = (
                f"{name} or the NumPy version was not done within {PATIENCE_S:g} s, so there is no "
                "estimate. Likely cause: a Python loop, or a missing jax.jit."
            )
            return _outcome(Verdict.FAILED, message)
        except CheckFailed as failure:
            return CheckOutcome(
                _LONG_TITLE, "correctness", Verdict.FAILED, 0, 0, str(failure), _LONG_TITLE
            )
        except Exception as error:
            return _outcome(Verdict.FAILED, f"On a long input: {type(error).__name__}: {error}")

    def try_out(self, function: Callable[..., Any], name: str, rtol: float, atol: float) -> None:
        """Compare the results of a long call once, with no word on speed.

        Raises CheckFailed if they differ, and whatever the NumPy version or `on` raises.
        """
        with jax.enable_x64(self.x64):
            args = self.on(np.random.default_rng(0))
            expected = self.than(*_copies(args))
            with contextlib.suppress(_TimedOut):
                answer = _within(PATIENCE_S, lambda: function(*_copies(args)))
                self._compare(answer, expected, name, rtol, atol)

    def _measure(
        self, function: Callable[..., Any], name: str, rtol: float, atol: float, load: OthersLoad
    ) -> CheckOutcome:
        rng = np.random.default_rng(0)
        seconds: dict[str, list[float]] = {"student": [], "numpy": []}
        calls = {"student": function, "numpy": self.than}
        args = self.on(rng)
        expected, _ = _timed(self.than, args)
        answer, first_call_s = _timed(function, args)
        self._compare(answer, expected, name, rtol, atol)
        _, empty_s = _timed(lambda *args: None, args)
        foreign: list[float] = []
        wall_s: list[float] = []
        found = Finding.OPEN
        while found == Finding.OPEN and len(wall_s) < MAX_ROUNDS and sum(wall_s) <= _BUDGET_S:
            args, started = self.on(rng), time.monotonic()
            load.share()
            for who in rng.permutation(list(calls)):
                seconds[who].append(_timed(calls[who], args)[1])
            foreign.append(load.share())
            wall_s.append(time.monotonic() - started)
            ratios = speedups(seconds["numpy"], seconds["student"])
            possible = np.inf * np.ones_like(ratios)
            found = Finding(
                findings(ratios, possible, np.array(foreign), np.array(wall_s), self.times)[-1]
            )
        share = float(np.average(foreign, weights=wall_s))
        if share > CALM and found != Finding.FAST:
            return _no_estimate(share)
        timing = timing_of(
            seconds["student"],
            seconds["numpy"],
            self.times,
            first_call_s=first_call_s,
            empty_s=empty_s,
        )
        verdict = Verdict.PASSED if timing.speedup >= timing.minimum else Verdict.FAILED
        message = f"An estimate on this machine: {in_words(name, timing)}"
        return _outcome(verdict, message, timing)

    def _compare(self, answer: Any, expected: Any, name: str, rtol: float, atol: float) -> None:
        """Raise CheckFailed where the answer has other values than NumPy's version.

        The kinds and dtypes may differ; the examples are there to compare those.
        """
        rtol = rtol if self.rtol is None else self.rtol
        atol = atol if self.atol is None else self.atol
        seen, right = as_arrays(records.describe(answer)), as_arrays(records.describe(expected))
        try:
            match(seen, right, "", rtol, atol, "any")
        except Mismatch as mismatch:
            where = f" in {mismatch.where}" if mismatch.where else ""
            part = (mismatch.seen, mismatch.expected) if mismatch.where else (seen, right)
            shown = comparison.first_wrong_entry(*part, rtol, atol)
            text = f"On a long input, {name} returns {mismatch.text}{where}. {shown}"
            raise CheckFailed(text.rstrip()) from None


def faster(
    *,
    than: Callable[..., Any],
    times: float,
    on: Callable[[np.random.Generator], tuple[Any, ...]],
    x64: bool = False,
    rtol: float | None = None,
    atol: float | None = None,
) -> Faster:
    """Ask for a function that is `times` times as fast as `than`, on arguments from `on(rng)`.

    Both must return the same values, within `rtol` and `atol` or else the tolerances of `check`.
    With `x64`, 64-bit types are enabled around the calls.
    """
    return Faster(than, times, on, x64, rtol, atol)


def _timed(function: Callable[..., Any], args: tuple[Any, ...]) -> tuple[Any, float]:
    """What a call returns, and the seconds it took."""
    copies = _copies(args)
    started = time.perf_counter()
    value = jax.block_until_ready(function(*copies))
    return value, time.perf_counter() - started


def _copies(args: tuple[Any, ...]) -> list[Any]:
    return [value.copy() if isinstance(value, np.ndarray) else value for value in args]


def _no_estimate(share: float) -> CheckOutcome:
    message = (
        f"Other programs are using about {100 * share:.0f}% of this machine's processors, so "
        "there is no estimate of speed. Run this cell again when the machine is less busy."
    )
    return _outcome(Verdict.INCONCLUSIVE, message)


def _outcome(verdict: Verdict, message: str, timing: Timing | None = None) -> CheckOutcome:
    return CheckOutcome(_TITLE, "speed", verdict, 0, 0, message, _TITLE, timing)


def _within(limit_s: float, run: Callable[[], Any]) -> Any:
    """The result of `run()`; raises _TimedOut after `limit_s` by an interrupt like Jupyter's."""
    if threading.current_thread() is not threading.main_thread():
        return run()
    fired = threading.Event()

    def interrupt() -> None:
        fired.set()
        _thread.interrupt_main()

    timer = threading.Timer(limit_s, interrupt)
    # A process started in the background may ignore SIGINT and would then wait forever.
    handler = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        timer.start()
        try:
            return run()
        finally:
            timer.cancel()
    except KeyboardInterrupt:
        if not fired.is_set():
            raise
        raise _TimedOut from None
    finally:
        signal.signal(signal.SIGINT, handler or signal.SIG_DFL)
