"""How busy other programs keep the student's machine."""

from __future__ import annotations

import os
import time
from collections.abc import Callable


class OthersLoad:
    """The share of the CPUs that other programs use, from one look to the next.

    0 where it cannot be measured, since psutil is not installed.
    """

    def __init__(self) -> None:
        self._others_s, self._cpus = _clocks()
        self._start = self._last = self._now()

    def share(self) -> float:
        """The share since the last call, or since the start; between 0 and 1."""
        before, self._last = self._last, self._now()
        return self._between(before, self._last)

    def since_start(self) -> float:
        return self._between(self._start, self._now())

    def _now(self) -> tuple[float, float]:
        return self._others_s(), time.monotonic()

    def _between(self, before: tuple[float, float], after: tuple[float, float]) -> float:
        used_s, wall_s = after[0] - before[0], after[1] - before[1]
        return min(1.0, max(0.0, used_s / wall_s / self._cpus)) if wall_s > 0 else 0.0


def _clocks() -> tuple[Callable[[], float], int]:
    """A clock of the CPU seconds that other programs have used, and the number of CPUs."""
    try:
        from jaxercise.checks import load
    except ImportError:
        return lambda: 0.0, 1
    return lambda: load.busy_s() - _own_s(), len(load.cpus())


def _own_s() -> float:
    """CPU seconds of this process and of its children that have ended."""
    return sum(os.times()[:4])
