"""What a check of speed measured, in words and as a picture."""

from __future__ import annotations

import io
import statistics
from typing import Any

import numpy as np

from jaxercise.checks.decision import ALPHA, interval
from jaxercise.checks.outcome import Timing

# From Okabe and Ito's palette for colour-blind people; the shapes of the markers differ too.
_STUDENT, _NUMPY, _ASKED = "#0072B2", "#666666", "#D55E00"


def speedups(numpy_s: list[float], other_s: list[float]) -> np.ndarray:
    """NumPy's time divided by the other's, for each round; times in seconds."""
    return np.asarray(numpy_s) / np.asarray(other_s)


def timing_of(
    student_s: list[float],
    numpy_s: list[float],
    minimum: float,
    *,
    first_call_s: float,
    empty_s: float,
) -> Timing:
    """The record of at least one round; all times in seconds."""
    ratios = speedups(numpy_s, student_s)
    low, high = interval(ratios)
    return Timing(
        float(np.median(ratios)),
        low,
        high if np.isfinite(high) else None,
        minimum,
        max(0.0, first_call_s - statistics.median(student_s)),
        empty_s,
        tuple(student_s),
        tuple(numpy_s),
    )


def in_words(name: str, timing: Timing) -> str:
    """What was measured, as sentences for the student."""
    rounds = len(timing.student_s)
    if timing.high is not None:
        confidence = f"{100 * (1 - 2 * ALPHA):.0f}% confidence"
        spread = f"{_times(timing.low)} to {_times(timing.high)} at {confidence}, {rounds} rounds"
    else:
        spread = f"after {rounds} {'round' if rounds == 1 else 'rounds'}"
    return (
        f"{name} is {_times(timing.speedup)} times as fast as the NumPy version ({spread}), where "
        f"{_times(timing.minimum)} is asked: {_time(statistics.median(timing.student_s))} a call "
        f"against {_time(statistics.median(timing.numpy_s))}, of which a call that does nothing "
        f"takes {_time(timing.empty_s)}. The first call took {_time(timing.first_call_s)} longer "
        "(compilation), which does not count."
    )


def _times(ratio: float) -> str:
    return f"{ratio:.0f}" if ratio >= 99.5 else f"{ratio:.3g}" if ratio >= 9.95 else f"{ratio:.2g}"


def _time(seconds: float) -> str:
    milliseconds = 1e3 * seconds
    return f"{seconds:.2g} s" if milliseconds >= 999.5 else f"{milliseconds:.3g} ms"


def picture(timing: Timing) -> bytes:
    """A PNG plot of NumPy's and the student's time in each round, and of the time to reach."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    figure = Figure(figsize=(5.6, 2.1), dpi=110, layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    rounds = np.arange(1, len(timing.student_s) + 1)
    numpy_ms, student_ms = 1e3 * np.array(timing.numpy_s), 1e3 * np.array(timing.student_s)
    asked = np.median(numpy_ms) / timing.minimum
    axes.plot(rounds, numpy_ms, "s", color=_NUMPY, markersize=5)
    axes.plot(rounds, student_ms, "o", color=_STUDENT, markersize=5)
    axes.axhline(asked, color=_ASKED, linestyle="--", linewidth=1.2)
    axes.set_yscale("log")
    everything = [*numpy_ms, *student_ms, asked]
    axes.set_ylim(min(everything) / 1.6, max(everything) * 1.6)
    _label(
        axes,
        [
            (float(np.median(numpy_ms)), "NumPy", _NUMPY),
            (float(np.median(student_ms)), "yours", _STUDENT),
            (float(asked), f"asked: {_times(timing.minimum)} times faster", _ASKED),
        ],
    )
    axes.set_ylabel("ms a call", fontsize=8.5)
    axes.set_xlabel("round", fontsize=8.5)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axes.yaxis.set_minor_formatter(FuncFormatter(lambda value, _: ""))
    axes.tick_params(labelsize=8)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png")
    return buffer.getvalue()


def _label(axes: Any, labels: list[tuple[float, str, str]]) -> None:
    """Write each text to the right of the axes at its y value; move overlapping ones apart."""
    low, high = np.log(axes.get_ylim())
    floor = -np.inf
    for y, text, colour in sorted(labels):
        floor = max((np.log(y) - low) / (high - low), floor + 0.13)
        at = (1.01, floor)
        axes.annotate(text, at, xycoords="axes fraction", color=colour, va="center", fontsize=8.5)


def caption(timing: Timing) -> str:
    """The picture in words, for people who cannot see it."""
    return (
        f"Times of {len(timing.student_s)} rounds: NumPy "
        f"{_time(min(timing.numpy_s))} to {_time(max(timing.numpy_s))}, yours "
        f"{_time(min(timing.student_s))} to {_time(max(timing.student_s))}"
    )
