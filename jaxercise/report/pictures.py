"""The report's two pictures, as shapes for SVG: scores as a histogram, and when work came in."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

WIDTH, HEIGHT = 420, 190
_LEFT, _RIGHT, _TOP, _BOTTOM = 34, 10, 14, 34
_BINS = 10


@dataclass(frozen=True)
class Label:
    x: float
    y: float
    text: str


@dataclass(frozen=True)
class Bar:
    """A bar with its count, and what it stands for in words."""

    x: float
    y: float
    width: float
    height: float
    count: int
    words: str


@dataclass(frozen=True)
class Dot:
    x: float
    y: float
    words: str
    late: bool


@dataclass(frozen=True)
class Histogram:
    bars: tuple[Bar, ...]
    ticks: tuple[Label, ...]
    base: float = HEIGHT - _BOTTOM


@dataclass(frozen=True)
class HandIns:
    """A dot for each submission; `due_x` is None if no due date lies in the picture."""

    dots: tuple[Dot, ...]
    x_ticks: tuple[Label, ...]
    y_ticks: tuple[Label, ...]
    due_x: float | None
    base: float = HEIGHT - _BOTTOM


def histogram(scores: Sequence[float], max_score: float) -> Histogram:
    """Ten bins from 0 to the maximum, and one more for scores above it, if there are any."""
    bins = _BINS + any(score > max_score for score in scores)
    counts = [0] * bins
    for score in scores:
        counts[_bin(score, max_score)] += 1
    step = (WIDTH - _LEFT - _RIGHT) / bins
    tallest = max(counts, default=0) or 1
    room = HEIGHT - _TOP - _BOTTOM
    bars = [
        Bar(
            _LEFT + place * step + 1,
            HEIGHT - _BOTTOM - room * count / tallest,
            step - 2,
            room * count / tallest,
            count,
            f"{count} with {_range(place, max_score)} points",
        )
        for place, count in enumerate(counts)
    ]
    shown = range(0, _BINS + 1, 2)
    ticks = [Label(_LEFT + i * step, HEIGHT - 18, f"{max_score * i / _BINS:g}") for i in shown]
    return Histogram(tuple(bars), tuple(ticks))


def _bin(score: float, max_score: float) -> int:
    if score > max_score:
        return _BINS
    return max(0, min(math.floor(score / max_score * _BINS), _BINS - 1)) if max_score else 0


def _range(place: int, max_score: float) -> str:
    low, high = (max_score * edge / _BINS for edge in (place, place + 1))
    if place == _BINS:
        return f"more than {max_score:g}"
    return f"{low:g} to {'' if place == _BINS - 1 else 'below '}{high:g}"


def hand_ins(
    found: Sequence[tuple[datetime, float, str, bool]], max_score: float, due: datetime | None
) -> HandIns | None:
    """When each submission came, its score, whose it is and whether it was late; None if none."""
    if not found:
        return None
    moments = [moment for moment, *_ in found]
    inside = [due] if due and _is_near(due, moments) else []
    first, last = min(moments + inside), max(moments + inside)
    length_s = (last - first).total_seconds() or 1.0
    highest = max([max_score, *(score for _, score, *_ in found)]) or 1.0

    def x(moment: datetime) -> float:
        share = (moment - first).total_seconds() / length_s
        return _LEFT + 6 + (WIDTH - _LEFT - _RIGHT - 12) * share

    def y(score: float) -> float:
        return HEIGHT - _BOTTOM - (HEIGHT - _TOP - _BOTTOM) * score / highest

    dots = [
        Dot(x(moment), y(score), f"{who}: {moment:%d %b %H:%M} UTC, {score:g} points", late)
        for moment, score, who, late in found
    ]
    return HandIns(
        tuple(dots),
        tuple(Label(x(moment), HEIGHT - 18, f"{moment:%d %b %H:%M}") for moment in {first, last}),
        tuple(
            Label(_LEFT - 4, y(score) + 4, f"{score:g}") for score in (0, max_score / 2, max_score)
        ),
        x(due) if inside and due else None,
    )


def _is_near(due: datetime, moments: Sequence[datetime]) -> bool:
    """Whether the due date is no further from the submissions than they are from each other."""
    room = max(moments) - min(moments)
    return min(moments) - room <= due <= max(moments) + room
