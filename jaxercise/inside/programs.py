"""Summarises a jaxpr for hidden tests: how long it is and what it contains."""

from __future__ import annotations

from collections import Counter
from typing import Any

from jaxercise.wire import private_jax


def summary(jaxpr: Any) -> dict[str, Any]:
    """Counts of the equations of a jaxpr, nested ones included.

    `equations` and `primitives` (by name) count what the compiler gets: the body of an unrolled
    scan counts once for each copy. `top` counts, by name, the equations that are not nested.
    `largest` is the number of elements of the largest intermediate array, `trips` the most steps
    that a scan takes.
    """
    primitives: Counter[str] = Counter()
    top: Counter[str] = Counter()
    largest = trips = 0
    for equation in private_jax.equations(jaxpr):
        primitives[equation.primitive] += equation.copies
        if equation.depth == 0:
            top[equation.primitive] += 1
        largest = max(largest, equation.size)
        trips = max(trips, equation.trips)
    return {
        "equations": primitives.total(),
        "primitives": dict(primitives),
        "top": dict(top),
        "largest": largest,
        "trips": trips,
    }
