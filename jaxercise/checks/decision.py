"""What rounds of timing decide: a pure function of them, for one race or for many at once.

A round gives two ratios, NumPy's time over the student's and over the reference's. What is
asked is that the *median* speedup reaches the minimum, so a round counts by its side of the
minimum alone, and no outlier has more weight than any other round. The count is tested as it
grows: under the hypothesis that a round is as likely on this side as on the other,

    2^n * integral from 1/2 to 1 of p^k (1 - p)^(n - k) 2 dp
      = (C(n + 1, 0) + ... + C(n + 1, k)) / ((n + 1) C(n, k))

after n rounds, k of them on this side, is a supermartingale that starts at 1, so that it ever
exceeds 1/ALPHA with probability ALPHA at most (Ville's inequality), however often one looks
and whenever one stops. The thresholds that are not excluded make the interval that is shown:
two order statistics of the ratios. benchmarks/speed_verdict.py measures what correlation
between rounds, which the theory leaves out, does to the rates of error.
"""

from __future__ import annotations

import enum
from functools import cache
from math import comb, inf

import numpy as np

ALPHA = 0.01
MAX_ROUNDS = 60
# Of three attempts a busy machine gets; see settle.
ATTEMPTS = 3
# Share of the CPUs that others may use while the machine still counts as calm.
CALM = 0.10
# On a machine that is not calm, a slow answer must be below the minimum by this factor.
CLEARLY = 2.0
# So far below in the first rounds there is nothing left to measure.
OBVIOUS, OBVIOUS_ROUNDS = 4.0, 3


class Finding(enum.IntEnum):
    """What the rounds of one attempt say so far."""

    OPEN = 0
    FAST = 1
    SLOW = 2
    SLOW_BUT_BUSY = 3


class Decision(enum.IntEnum):
    """What the attempts together say."""

    UNDECIDED = 0
    FAST = 1
    SLOW = 2


@cache
def needed(rounds: int) -> float:
    """How many of `rounds` must be on one side to exclude the other; inf if all are too few."""
    for k in range(rounds + 1):
        below = sum(comb(rounds + 1, i) for i in range(k + 1))
        if ALPHA * below >= (rounds + 1) * comb(rounds, k):
            return float(k)
    return inf


MIN_ROUNDS = next(n for n in range(1, MAX_ROUNDS) if needed(n) <= n)


def interval(ratios: np.ndarray) -> tuple[float, float]:
    """The thresholds that the rounds do not exclude for the median: lowest and highest."""
    ordered = np.sort(ratios)
    k = needed(len(ordered))
    if not np.isfinite(k):
        return 0.0, float("inf")
    return float(ordered[len(ordered) - int(k)]), float(ordered[int(k) - 1])


def findings(
    student: np.ndarray,
    reference: np.ndarray,
    foreign: np.ndarray,
    wall_s: np.ndarray,
    minimum: float,
) -> np.ndarray:
    """The finding after each round, as an array like the arguments, (..., rounds).

    `student` and `reference` are speedups over NumPy, `foreign` is the share of the CPUs that
    others used in the round, which took `wall_s`.
    """
    n = np.arange(1, student.shape[-1] + 1)
    need = np.array([needed(int(rounds)) for rounds in n])

    def shown(on_this_side: np.ndarray) -> np.ndarray:
        return np.cumsum(on_this_side, axis=-1) >= need

    possible = shown(reference >= minimum)
    slow = possible & shown(student < minimum)
    clearly = possible & shown(student < minimum / CLEARLY)
    calm = np.cumsum(foreign * wall_s, axis=-1) <= CALM * np.cumsum(wall_s, axis=-1)
    hopeless = (student < minimum / OBVIOUS) & (reference >= minimum)
    obvious = (n >= OBVIOUS_ROUNDS) & np.logical_and.accumulate(hopeless, axis=-1)
    return np.select(
        [shown(student >= minimum), obvious | (slow & calm), clearly],
        [Finding.FAST, Finding.SLOW, Finding.SLOW_BUT_BUSY],
        Finding.OPEN,
    )


def settle(attempts: np.ndarray) -> np.ndarray:
    """The decision of the attempts' findings in order, (..., attempts) to (...).

    The first attempt that says fast or slow decides. Slow on a busy machine must be said
    twice, and the machine gets the time to calm down in between.
    """
    confirmed = np.cumsum(attempts == Finding.SLOW_BUT_BUSY, axis=-1) >= 2
    said = np.select(
        [attempts == Finding.FAST, (attempts == Finding.SLOW) | confirmed],
        [Decision.FAST, Decision.SLOW],
        Decision.UNDECIDED,
    )
    first = np.argmax(said != Decision.UNDECIDED, axis=-1)
    return np.take_along_axis(said, first[..., None], axis=-1)[..., 0]
