"""The verdict on speed: a student's function against its NumPy baseline and the reference.

Each contender has a process of its own and is driven by the same calls over the same kind
of socket, the clock here. Rounds are interleaved in shuffled order, each with inputs of
its own; every timed output is checked. Compilation happens in a warm-up call and does not
count. Correctness of the answer comes first, so this runs last.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from jaxercise.kernel import StudentDied
from jaxercise.observe import Call
from jaxercise.outcome import Verdict
from jaxercise.properties import assert_returns, fail
from jaxercise.student import Observation
from jaxercise.testing import Inconclusive

ROUNDS = 7
_WARM_UP_S = 20.0
_PATIENCE = 4.0


class Contender(Protocol):
    """A process that answers calls: kernel.Run is one."""

    def ask(self, message: dict[str, Any], timeout_s: float) -> Any: ...


@dataclass(frozen=True)
class Arena:
    """The three contenders of one notebook's timed checks."""

    student: Contender
    baseline: Contender
    reference: Contender
    rng: np.random.Generator

    def race(
        self,
        name: str,
        *,
        make_arguments: Callable[[np.random.Generator], tuple],
        minimum: float,
        rtol: float,
        atol: float = 0.0,
        x64: bool = False,
        kind: str = "jax",
    ) -> None:
        """`student.name` is at least `minimum` times as fast as `reference.name_numpy`.

        Raises CheckFailed if it is not while the reference is, Inconclusive if neither is.
        """
        contenders = {
            "baseline": (self.baseline, f"{name}_numpy"),
            "reference": (self.reference, name),
            "student": (self.student, name),
        }
        seconds: dict[str, list[float]] = {who: [] for who in contenders}
        limit_s = _WARM_UP_S
        for round_number in range(ROUNDS + 1):
            args = make_arguments(self.rng)
            seen = {}
            # The reference goes first in the warm-up alone: its answer is the yardstick.
            order = (
                list(contenders) if round_number == 0 else self.rng.permutation(list(contenders))
            )
            for who in order:
                run, function = contenders[who]
                call = Call(function, args, x64=x64, watch=False).to_message()
                elapsed, report = _timed(run, call, limit_s, name, who, minimum)
                seen[who] = Observation.of(name, report)
                if round_number > 0:
                    seconds[who].append(elapsed)
                elif who == "baseline":
                    limit_s = max(_WARM_UP_S, _PATIENCE * elapsed)
            expected = seen["reference"]
            if expected.error is not None or seen["baseline"].error is not None:
                raise RuntimeError(f"{name}: {expected.error or seen['baseline'].error}")
            assert_returns(seen["student"], expected.value, rtol=rtol, atol=atol, kind=kind)
            limit_s = _PATIENCE * max(seconds["baseline"], default=limit_s) + 1.0
            if round_number >= 3 and _clear(_ratios(seconds, "student"), minimum):
                break
        _decide(name, seconds, minimum)


def _timed(
    run: Contender, call: dict, limit_s: float, name: str, who: str, minimum: float
) -> tuple[float, Any]:
    started = time.perf_counter()
    try:
        report = run.ask(call, limit_s)
    except StudentDied as death:
        if who == "student" and death.verdict is Verdict.TIMED_OUT:
            fail(
                f"{name} takes longer than the NumPy version, where {minimum:g} times as fast is "
                "asked. Likely cause: a Python loop, or a function compiled anew at each call."
            )
        raise
    return time.perf_counter() - started, report


def _ratios(seconds: dict[str, list[float]], who: str) -> list[float]:
    return [slow / fast for slow, fast in zip(seconds["baseline"], seconds[who], strict=True)]


def _clear(ratios: list[float], minimum: float) -> bool:
    """Every round so far is on the same side, by a factor of two."""
    return all(r > 2 * minimum for r in ratios) or all(r < minimum / 2 for r in ratios)


def _decide(name: str, seconds: dict[str, list[float]], minimum: float) -> None:
    speedup = statistics.median(_ratios(seconds, "student"))
    possible = statistics.median(_ratios(seconds, "reference"))
    if speedup >= minimum:
        return
    if possible < minimum:
        raise Inconclusive(
            f"On this machine, at this moment, the reference itself was only {possible:.1f} times "
            f"as fast as NumPy, where {minimum:g} is asked; so nothing is decided."
        )
    fail(
        f"{name} is {speedup:.1f} times as fast as the NumPy version, where {minimum:g} is asked "
        f"(the reference reached {possible:.0f} in the same rounds). Likely cause: a Python loop, "
        "a missing jax.jit, or a function compiled anew at each call."
    )
