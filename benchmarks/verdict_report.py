"""The page docs/speed_verdict.md and its picture, from replays and real decisions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from load import CONDITIONS
from replay import BLOCKS, Rates
from scipy.stats import binomtest
from traces import FOLDER, Recording, Trace

from jaxercise.checks.decision import (
    ALPHA,
    ATTEMPTS,
    CALM,
    CLEAR_FACTOR,
    CLEAR_ROUNDS,
    MIN_ROUNDS,
)

_RIGHT, _SLOW = "#0072B2", "#D55E00"
BOUND, BOUND_UNDECIDED, BOUND_S = 1e-3, 0.05, 5.0


@dataclass(frozen=True)
class Row:
    """The replays of one trace: the worst block length, and the longest, which is most alike."""

    exercise: str
    minimum: float
    trace: Trace
    rates: Rates
    alike: Rates

    @property
    def speedup(self) -> float:
        """The median over the rounds of NumPy's time over the solution's."""
        return float(np.median(np.array(self.trace.baseline) / np.array(self.trace.student)))


def write(docs: Path, rows: list[Row], real: list[dict], graded: list[dict], replays: int) -> None:
    """Write the page and the picture."""
    draw(docs / "speed_verdict.png", rows)
    page = "\n".join(
        [
            *_head(rows, replays),
            *_margins(rows),
            "\n## Rates\n",
            *_table(rows),
            *_outside(rows),
            *_real(rows, real),
            *_graded(graded),
        ]
    )
    (docs / "speed_verdict.md").write_text(page + "\n", encoding="utf-8")


def _head(rows: list[Row], replays: int) -> Iterator[str]:
    machines = {Recording.load(p).machine for p in FOLDER.glob("ps*.json")}
    kept = sum(len(row.trace.student) for row in rows)
    yield f"""# How often the verdict on speed errs

Made by `make verdict`, which records ({" and ".join(sorted(machines))}), lets races decide, and replays. Do not edit; run it again.

**What is decided.** A solution passes when the median of NumPy's time over its time is at least the stated minimum, at {1 - ALPHA:.0%} confidence: {MIN_ROUNDS} rounds of {MIN_ROUNDS}, 13 of 14, 44 of 60 on the right side (`jaxercise/checks/decision.py` has the statistics); or when each of the first {CLEAR_ROUNDS} rounds is at least {CLEAR_FACTOR} times the minimum and other programs use at most {CALM:.0%} of the processors. It fails when the median is below the minimum at the same confidence, the reference reaches the minimum in the same rounds, and other programs use at most {CALM:.0%} of the processors. On a busier machine the median must be below half the minimum, twice, with a wait in between. Anything else is tried {ATTEMPTS} times and then left to a person.

**How the rates were found.** {len(rows)} traces with {kept} rounds of real races were recorded, of each solution under each condition: idle; a busy loop on one core; one on each core; bursts of 0.4 s on each core with pauses of 0.8 s (both on average, exponentially distributed). Each trace was resampled {replays} times with each of three block lengths ({", ".join(map(str, BLOCKS))} rounds, to keep neighbouring rounds correlated), and the decision procedure itself was run on the result. The tables show the worst solution and block length of each kind. Seconds count from the first warm-up call to the verdict, without waiting for other graders or for a calmer machine; the slowest solution's median is shown.

![Speedup over the minimum, every round](speed_verdict.png)

Every mark is a round: blue circles for right solutions, orange crosses for slow ones, at the speedup divided by the minimum. Right of the line is fast enough.
"""


def _margins(rows: list[Row]) -> Iterator[str]:
    """How far the solutions lie from what is asked, on an idle machine."""
    yield "## Margins\n"
    yield (
        "Median speedups over NumPy on the idle machine, and the same with a busy loop on each "
        "core.\n"
    )
    yield (
        "| exercise | minimum | NumPy's time / minimum | reference | slowest right one | fastest "
        "slow one | all cores busy: slowest right one | fastest slow one |"
    )
    yield "|---|---|---|---|---|---|---|---|"
    for exercise in dict.fromkeys(row.exercise for row in rows):
        group = [row for row in rows if row.exercise == exercise]
        idle, busy = (
            [row for row in group if row.trace.condition == condition]
            for condition in ("idle", "all cores busy")
        )
        minimum = group[0].minimum
        baseline_ms = 1e3 * np.median([s for row in idle for s in row.trace.baseline])
        reference = [row.speedup for row in idle if row.trace.solution == "reference"]
        yield (
            f"| {exercise} | {minimum:g} | {baseline_ms / minimum:.0f} ms | {_least(reference)} "
            f"| {_least(r.speedup for r in idle if r.trace.right)} "
            f"| {_most(r.speedup for r in idle if not r.trace.right)} "
            f"| {_least(r.speedup for r in busy if r.trace.right)} "
            f"| {_most(r.speedup for r in busy if not r.trace.right)} |"
        )


def _least(speedups: Iterable[float]) -> str:
    least = min(speedups, default=None)
    return "" if least is None else f"{least:.2g}"


def _most(speedups: Iterable[float]) -> str:
    most = max(speedups, default=None)
    return "" if most is None else f"{most:.2g}"


def _table(rows: list[Row]) -> Iterator[str]:
    yield (
        "| exercise | minimum | condition | right ones failed | slow ones passed | right ones "
        "undecided | slow ones undecided | seconds, right | seconds, slow |"
    )
    yield "|---|---|---|---|---|---|---|---|---|"
    for (exercise, condition), group in _groups(rows):
        right = [row.rates for row in group if row.trace.right]
        slow = [row.rates for row in group if not row.trace.right]
        yield (
            f"| {exercise} | {group[0].minimum:g} | {condition} "
            f"| {_rate(r.slow for r in right)} | {_rate(r.fast for r in slow)} "
            f"| {_rate(r.undecided for r in right)} | {_rate(r.undecided for r in slow)} "
            f"| {_seconds(right)} | {_seconds(slow)} |"
        )


def _groups(rows: list[Row]) -> Iterator[tuple[tuple[str, str], list[Row]]]:
    groups: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        groups[row.exercise, row.trace.condition].append(row)
    for exercise in dict.fromkeys(row.exercise for row in rows):
        for condition in CONDITIONS:
            if group := groups.get((exercise, condition)):
                yield (exercise, condition), group


def _rate(rates: Iterable[float]) -> str:
    worst = max(rates, default=None)
    return "" if worst is None else "0" if worst == 0 else f"{worst:.2g}"


def _seconds(rates: list[Rates]) -> str:
    return f"{max(r.median_s for r in rates):.1f}" if rates else ""


def _outside(rows: list[Row]) -> Iterator[str]:
    """Every trace that misses a bound, by name; the page says so where there is none."""
    yield (
        f"\nBounds: at most {BOUND:g} of right solutions failed and of slow ones passed, under "
        f"every condition; idle, at most {BOUND_UNDECIDED:g} undecided, and for right ones a median "
        f"below {BOUND_S:g} s (a slow one takes as long as it is slow).\n"
    )
    missed = []
    for row in rows:
        wrong = row.rates.slow if row.trace.right else row.rates.fast
        idle = row.trace.condition == "idle"
        reasons = []
        if wrong > BOUND:
            reasons.append(f"{'failed' if row.trace.right else 'passed'} {wrong:.2g}")
        if idle and row.rates.undecided > BOUND_UNDECIDED:
            reasons.append(f"undecided {row.rates.undecided:.2g}")
        if idle and row.trace.right and row.rates.median_s > BOUND_S:
            reasons.append(f"median {row.rates.median_s:.1f} s")
        if reasons:
            where = f"{row.exercise}, {row.trace.condition}, {row.trace.solution}"
            missed.append(f"- {where}: {', '.join(reasons)}")
    yield "\n".join(["These miss a bound:\n", *missed]) if missed else "No trace misses a bound."


def _real(rows: list[Row], real: list[dict]) -> Iterator[str]:
    """Real decisions beside what the replays of the same solutions predict."""
    if not real:
        return
    yield "\n## Resampled against real decisions\n"
    yield "| condition | real decisions | wrong | undecided | as predicted | p | median seconds | as predicted |"
    yield "|---|---|---|---|---|---|---|---|"
    rates = {(r.exercise, r.trace.solution, r.trace.condition): r for r in rows}
    for condition in CONDITIONS:
        decided = [
            (d, rates[key])
            for d in real
            if (key := (d["exercise"], d["solution"], d["condition"])) in rates
            and d["condition"] == condition
        ]
        if not decided:
            continue
        wrong = sum(d["verdict"] == ("slow" if r.trace.right else "fast") for d, r in decided)
        undecided = sum(d["verdict"] == "undecided" for d, _ in decided)
        predicted = float(np.mean([r.alike.undecided for _, r in decided]))
        p = binomtest(undecided, len(decided), min(1.0, predicted)).pvalue
        # Those that had to compile first, as in grading and in the traces.
        seconds = np.median([d["seconds"] for d, _ in decided if not d["warm"]])
        expected_s = np.median([r.alike.median_s for _, r in decided])
        yield (
            f"| {condition} | {len(decided)} | {wrong} | {undecided} | "
            f"{predicted * len(decided):.1f} | {p:.2g} | {seconds:.1f} | {expected_s:.1f} |"
        )
    yield (
        "\n*Wrong* counts right solutions that failed and slow ones that passed. *As predicted* is "
        "what the replays of the same solutions predict; *p* belongs to a binomial test that the "
        "number of undecided ones agrees with it. A solution that never finished in time has no "
        "trace, so decisions on it are left out."
    )


def _graded(graded: list[dict]) -> Iterator[str]:
    if not graded:
        return
    yield "\n## Perfect submissions on busy cores\n"
    yield "Graded with a busy loop on every core.\n"
    yield "| assignment | graded | lost a point | left to a person | median seconds |"
    yield "|---|---|---|---|---|"
    for assignment in dict.fromkeys(d["assignment"] for d in graded):
        group = [d for d in graded if d["assignment"] == assignment]
        person = [d for d in group if any(": inconclusive: " in text for text in d["lost"])]
        lost = [d for d in group if any(": inconclusive: " not in text for text in d["lost"])]
        seconds = np.median([d["seconds"] for d in group])
        yield f"| {assignment} | {len(group)} | {len(lost)} | {len(person)} | {seconds:.0f} |"


def draw(path: Path, rows: list[Row]) -> None:
    """Every round's speedup over the minimum, by exercise and condition."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    exercises = list(dict.fromkeys(row.exercise for row in rows))
    figure = Figure(figsize=(9, 0.8 + 1.5 * len(exercises)), dpi=110, layout="constrained")
    FigureCanvasAgg(figure)
    rng = np.random.default_rng(0)
    all_axes = figure.subplots(len(exercises), 1, squeeze=False, sharex=True)[:, 0]
    for axes, exercise in zip(all_axes, exercises, strict=True):
        for row in (row for row in rows if row.exercise == exercise):
            ratio = np.array(row.trace.baseline) / np.array(row.trace.student) / row.minimum
            height = CONDITIONS.index(row.trace.condition) + rng.uniform(-0.3, 0.3, len(ratio))
            right = row.trace.right
            style = {"marker": "o", "color": _RIGHT} if right else {"marker": "x", "color": _SLOW}
            axes.scatter(ratio, height, s=7, linewidths=0.7, alpha=0.6, **style)
        axes.axvline(1, color="black", linewidth=1)
        axes.set_yticks(range(len(CONDITIONS)), CONDITIONS, fontsize=8)
        axes.invert_yaxis()
        axes.set_xscale("log")
        axes.set_title(exercise, fontsize=9, loc="left")
        for side in ("top", "right"):
            axes.spines[side].set_visible(False)
    all_axes[-1].set_xlabel("speedup over NumPy, divided by the minimum")
    figure.savefig(path)
