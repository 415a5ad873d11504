"""`faster(than=..., times=...)` in a visible check: an estimate of speed on this machine.

Hidden checks time functions in separate processes. This one runs in the notebook, beside
whatever else is running, so it is only an estimate: it says so, has no effect on the grade, and
gives up soon.
"""

from __future__ import annotations

import _thread
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import jax
import numpy as np

from jaxercise.checks.decision import MAX_ROUNDS, Finding, findings
from jaxercise.checks.outcome import CheckOutcome, Timing, Verdict
from jaxercise.checks.timing import in_words, speedups, timing_of

PATIENCE_S = 10.0
_BUDGET_S = 4.0
_TITLE = "speed, as estimated on this machine"


class _TimedOut(Exception):
    pass


@dataclass(frozen=True)
class Faster:
    """How fast a function should be; made by `faster`."""

    than: Callable[..., Any]
    times: float
    on: Callable[[np.random.Generator], tuple[Any, ...]]
    x64: bool

    def estimate(self, function: Callable[..., Any], name: str) -> CheckOutcome:
        """The outcome on this machine; never raises what `function` raises."""
        try:
            with jax.enable_x64(self.x64):
                timing = _within(PATIENCE_S, lambda: self._measure(function))
        except _TimedOut:
            message = (
                f"{name} or the NumPy version was not done within {PATIENCE_S:g} s, so there is no "
                "estimate. Likely cause: a Python loop, or a missing jax.jit."
            )
            return _outcome(Verdict.FAILED, message)
        except Exception as error:
            return _outcome(Verdict.FAILED, f"On a long input: {type(error).__name__}: {error}")
        verdict = Verdict.PASSED if timing.speedup >= timing.minimum else Verdict.FAILED
        message = f"An estimate on this machine: {in_words(name, timing)}"
        return _outcome(verdict, message, timing)

    def try_out(self) -> None:
        """Call the NumPy version once; raises what it or `on` raises."""
        with jax.enable_x64(self.x64):
            self.than(*self.on(np.random.default_rng(0)))

    def _measure(self, function: Callable[..., Any]) -> Timing:
        rng = np.random.default_rng(0)
        seconds: dict[str, list[float]] = {"student": [], "numpy": []}
        calls = {"student": function, "numpy": self.than}
        first = {who: _seconds(call, self.on(rng)) for who, call in calls.items()}
        empty_s = _seconds(lambda *args: None, self.on(rng))
        started = time.monotonic()
        while len(seconds["numpy"]) < MAX_ROUNDS:
            args = self.on(rng)
            for who in rng.permutation(list(calls)):
                seconds[who].append(_seconds(calls[who], args))
            ratios = speedups(seconds["numpy"], seconds["student"])
            ones = np.ones_like(ratios)
            found = findings(ratios, np.inf * ones, 0 * ones, ones, self.times)[-1]
            if found != Finding.OPEN or time.monotonic() - started > _BUDGET_S:
                break
        return timing_of(
            seconds["student"],
            seconds["numpy"],
            self.times,
            first_call_s=first["student"],
            empty_s=empty_s,
        )


def faster(
    *,
    than: Callable[..., Any],
    times: float,
    on: Callable[[np.random.Generator], tuple[Any, ...]],
    x64: bool = False,
) -> Faster:
    """Ask for a function that is `times` times as fast as `than`, on arguments from `on(rng)`.

    With `x64`, 64-bit types are enabled around the calls.
    """
    return Faster(than, times, on, x64)


def _seconds(function: Callable[..., Any], args: tuple[Any, ...]) -> float:
    copies = [value.copy() if isinstance(value, np.ndarray) else value for value in args]
    started = time.perf_counter()
    jax.block_until_ready(function(*copies))
    return time.perf_counter() - started


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
