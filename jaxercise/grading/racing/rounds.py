"""A race as data: the task that is timed, and the rounds that one attempt at it measured."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from jaxercise.checks import decision
from jaxercise.checks.decision import Finding
from jaxercise.checks.outcome import StudentDied
from jaxercise.checks.timing import speedups
from jaxercise.wire.calls import Call


@dataclass(frozen=True)
class Task:
    """What is timed: a function of the exercise, on which inputs, and how its answer is judged."""

    name: str
    make_arguments: Callable[[np.random.Generator], tuple[Any, ...]]
    minimum: float
    rtol: float
    atol: float = 0.0
    x64: bool = False
    kind: str = "jax"

    def call(self, who: str, args: tuple[Any, ...]) -> Call:
        name = f"{self.name}_numpy" if who == "baseline" else self.name
        return Call(name, args, x64=self.x64, watch=False)


@dataclass
class Rounds:
    """What one attempt measured, in seconds and shares of the CPUs, round by round."""

    baseline: list[float] = field(default_factory=list)
    reference: list[float] = field(default_factory=list)
    student: list[float] = field(default_factory=list)
    foreign: list[float] = field(default_factory=list)
    wall_s: list[float] = field(default_factory=list)
    first_call_s: float = 0.0
    empty_s: float = 0.0
    timed_out: StudentDied | None = None

    @property
    def share_of_others(self) -> float:
        return float(np.dot(self.foreign, self.wall_s) / sum(self.wall_s)) if self.wall_s else 0.0

    def finding(self, minimum: float) -> Finding:
        if self.timed_out is not None:
            return Finding.SLOW_BUT_BUSY
        if not self.student:
            return Finding.OPEN
        each = decision.findings(
            speedups(self.baseline, self.student),
            speedups(self.baseline, self.reference),
            np.array(self.foreign),
            np.array(self.wall_s),
            minimum,
        )
        return Finding(each[-1])
