"""How often the verdict on speed errs: recorded, replayed, and checked against real decisions.

    python benchmarks/speed_verdict.py record [--only ps2/ema] [--minutes 60]
    python benchmarks/speed_verdict.py real   [--decisions 200] [--minutes 60]
    python benchmarks/speed_verdict.py grade  [--times 30]
    python benchmarks/speed_verdict.py report

`record` keeps rounds of every timed exercise, for the reference, each right and each slow
solution, under four conditions, in benchmarks/traces/; what is there already is not recorded
again, so it can be stopped and started. `real` lets whole races decide, `grade` grades a perfect
submission of each assignment with all cores kept busy. `report` replays the
decision on resampled traces and writes docs/speed_verdict.md and its picture. The first two need a machine on which nothing else runs.
"""

from __future__ import annotations

import argparse
import json
import math
import platform
import random
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import repeat

from load import CONDITIONS, load
from replay import BLOCKS, Rates, replay
from traces import (
    FOLDER,
    ROOT,
    Recording,
    Stage,
    Timed,
    Trace,
    path_of,
    record_trace,
    timed_exercises,
)
from verdict_report import Row, write

from jaxercise.checks.decision import CALM, Decision
from jaxercise.checks.outcome import CheckFailed, Inconclusive
from jaxercise.course.build import source_notebook
from jaxercise.course.lesson import Course
from jaxercise.grading.judge import Judge
from jaxercise.grading.racing.host import Host, cpus
from jaxercise.grading.racing.race import Contenders
from jaxercise.grading.solutions import Solution

REAL, GRADED = FOLDER / "real-decisions.json", FOLDER / "perfect-on-busy-cores.json"
_UNQUIET = "warning: other programs use {:.0%} of the processors; this records their noise too"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("what", choices=("record", "real", "grade", "report"))
    parser.add_argument("--only", help="one exercise, as in ps2/ema")
    parser.add_argument("--minutes", type=float, default=600.0, help="stop after about so long")
    parser.add_argument("--rounds", type=int, default=30, help="of a trace (default 30)")
    parser.add_argument("--seconds", type=float, default=8.0, help="of a trace, about (default 8)")
    parser.add_argument("--decisions", type=int, default=200, help="real ones, a condition")
    parser.add_argument("--times", type=int, default=30, help="a perfect submission is graded")
    parser.add_argument("--replays", type=int, default=100_000, help="of a trace (default 100000)")
    options = parser.parse_args()
    course = Course(ROOT)
    exercises = timed_exercises(course, options.only)
    options.until = time.monotonic() + 60 * options.minutes
    if options.what == "record":
        record(course, exercises, options)
    elif options.what == "real":
        decide_for_real(course, exercises, options)
    elif options.what == "grade":
        grade(course, exercises, options)
    else:
        report(exercises, options)


def record(course: Course, exercises: list[Timed], options: argparse.Namespace) -> None:
    """Record what is missing, condition by condition, until the time is up."""
    _warn_of_noise()
    with Stage(course) as stage:
        for timed, condition, missing in _missing(exercises):
            recording = _recording(timed)
            with load(condition):
                for solution in missing:
                    if time.monotonic() > options.until:
                        print("time is up; start again to go on", flush=True)
                        return
                    trace = record_trace(
                        stage, timed, solution, condition, options.rounds, options.seconds
                    )
                    recording.traces.append(trace)
                    recording.save(path_of(timed))
                    print(_line(timed, trace), flush=True)


def _missing(exercises: list[Timed]) -> Iterator[tuple[Timed, str, list]]:
    for timed in exercises:
        for condition in CONDITIONS:
            recording = _recording(timed)
            missing = [s for s in timed.solutions if recording.lacks(condition, timed.digest(s))]
            if missing:
                yield timed, condition, missing


def _recording(timed: Timed) -> Recording:
    """What is recorded of the exercise as it stands; traces of other versions are dropped."""
    machine = f"{len(cpus())} CPUs, {platform.machine()}, Python {platform.python_version()}"
    fresh = Recording(timed.name, timed.task.minimum, machine)
    if path_of(timed).is_file():
        digests = {timed.digest(solution) for solution in timed.solutions}
        old = Recording.load(path_of(timed))
        fresh.traces = [trace for trace in old.traces if trace.digest in digests]
    return fresh


def _line(timed: Timed, trace: Trace) -> str:
    if not trace.student:
        return f"{timed.name}  {trace.condition}  {trace.solution}: {trace.overdue[:80]}"
    ratios = sorted(b / s for b, s in zip(trace.baseline, trace.student, strict=True))
    n = len(ratios)
    return (
        f"{timed.name}  {trace.condition}  {trace.solution[:50]}: {n} rounds in "
        f"{sum(trace.wall_s):.1f} s, speedup {ratios[n // 20]:.2f} / {ratios[n // 2]:.2f} / "
        f"{ratios[-1 - n // 20]:.2f}, {timed.task.minimum:g} asked"
    )


def decide_for_real(course: Course, exercises: list[Timed], options: argparse.Namespace) -> None:
    """Whole races, in turn over exercises and solutions, until there are enough of each kind."""
    _warn_of_noise()
    done = json.loads(REAL.read_text(encoding="utf-8")) if REAL.is_file() else []
    cases = [(timed, s) for timed in exercises for s in timed.solutions]
    if not options.only:  # As they stand: others are dropped.
        known = {timed.digest(solution) for timed, solution in cases}
        done = [d for d in done if d["digest"] in known]
    random.Random(0).shuffle(cases)
    # Several by the same processes: starting those takes as long as a race.
    in_a_row = math.ceil(options.decisions / len(cases)) + 1
    # Waiting for a calm machine is left out: the load here goes on for as long as the race.
    host = Host()
    host.await_calm = lambda share, patience_s: 0.0
    with Stage(course) as stage:
        for condition in CONDITIONS:
            decided = [d for d in done if d["condition"] == condition]
            with load(condition):
                for turn, (timed, solution) in enumerate(cases):
                    if len(decided) >= options.decisions:
                        break
                    had = sum(d["digest"] == timed.digest(solution) for d in decided)
                    if had >= in_a_row:
                        continue
                    if time.monotonic() > options.until:
                        print("time is up; start again to go on", flush=True)
                        return
                    with stage.arena(timed, solution, seed=turn, host=host) as arena:
                        n = in_a_row - had
                        found = list(_decisions(arena, timed, solution, condition, n))
                    decided += found
                    done += found
                    REAL.write_text(json.dumps(done, indent=0) + "\n", encoding="utf-8")


def _decisions(
    arena: Contenders, timed: Timed, solution: Solution, condition: str, n: int
) -> Iterator[dict]:
    """`n` races one after the other, fewer where one stays open: that takes a minute."""
    for race in range(n):
        decision = {**_decision(arena, timed, solution, condition), "warm": race > 0}
        print(*decision.values(), flush=True)
        yield decision
        if decision["verdict"] == "undecided":
            return


def _decision(arena: Contenders, timed: Timed, solution: Solution, condition: str) -> dict:
    verdict = Decision.FAST
    started = time.monotonic()
    options = {name: value for name, value in vars(timed.task).items() if name != "name"}
    try:
        arena.race(timed.task.name, **options)
    except CheckFailed:
        verdict = Decision.SLOW
    except Inconclusive:
        verdict = Decision.UNDECIDED
    return {
        "exercise": timed.name,
        "solution": solution.title,
        "condition": condition,
        "digest": timed.digest(solution),
        "verdict": verdict.name.lower(),
        "seconds": round(time.monotonic() - started, 2),
    }


def grade(course: Course, exercises: list[Timed], options: argparse.Namespace) -> None:
    """A perfect submission of every assignment with timed exercises, graded on busy cores."""
    done = json.loads(GRADED.read_text(encoding="utf-8")) if GRADED.is_file() else []
    for assignment in dict.fromkeys(timed.assignment for timed in exercises):
        perfect = source_notebook(course.lesson(assignment))
        had = sum(d["assignment"] == assignment for d in done)
        with load("all cores busy"), Judge(course) as judge:
            for turn in range(had, options.times):
                if time.monotonic() > options.until:
                    print("time is up; start again to go on", flush=True)
                    return
                started = time.monotonic()
                graded = judge.grade(perfect, assignment, f"perfect-{turn}")
                lost = [c for e in graded.exercises for c in e.checks if c.points < c.max_points]
                done.append(
                    {
                        "assignment": assignment,
                        "score": graded.score,
                        "max_score": graded.max_score,
                        "lost": [f"{c.title}: {c.verdict}: {c.message}" for c in lost],
                        "seconds": round(time.monotonic() - started, 1),
                    }
                )
                GRADED.write_text(json.dumps(done, indent=0) + "\n", encoding="utf-8")
                print(*done[-1].values(), flush=True)


def report(exercises: list[Timed], options: argparse.Namespace) -> None:
    """Replay every trace and write the page."""
    recorded = [
        (timed, trace) for timed in exercises for trace in _recording(timed).traces if trace.student
    ]
    if not recorded:
        sys.exit(f"no trace in {FOLDER} is of the solutions as they are now: run `record` first")
    traces = [trace for _, trace in recorded]
    minimums = [timed.task.minimum for timed, _ in recorded]
    rows = []
    with ProcessPoolExecutor(len(cpus())) as pool:
        replayed = pool.map(_replays, traces, minimums, repeat(options.replays))
        for (timed, trace), rates in zip(recorded, replayed, strict=True):
            rows.append(Row(timed.name, timed.task.minimum, trace, _worst(trace, rates), rates[-1]))
            print(f"{timed.name}  {trace.condition}  {trace.solution[:60]}", flush=True)
    real = json.loads(REAL.read_text(encoding="utf-8")) if REAL.is_file() else []
    graded = json.loads(GRADED.read_text(encoding="utf-8")) if GRADED.is_file() else []
    write(ROOT / "docs", rows, real, graded, options.replays)


def _replays(trace: Trace, minimum: float, replays: int) -> list[Rates]:
    return [replay(trace, minimum, replays, block) for block in BLOCKS]


def _worst(trace: Trace, rates: list[Rates]) -> Rates:
    """Of the block lengths, the one with the most errors, then with the most undecided."""
    return max(rates, key=lambda r: (r.slow if trace.right else r.fast, r.undecided))


def _warn_of_noise() -> None:
    if (seen := Host().load()) > CALM:
        print(_UNQUIET.format(seen), file=sys.stderr)


if __name__ == "__main__":
    main()
