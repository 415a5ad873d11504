"""Proof that the hidden tests are fair and sharp: right solutions pass, wrong ones die.

For each exercise: the starter earns nothing, the reference and every known right solution
earn full marks and pass the visible checks, and every known wrong one fails the checks it is
filed under, and none of another property.
"""

from __future__ import annotations

import _thread
import atexit
import contextlib
import itertools
import os
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from functools import cache, partial
from multiprocessing import get_context, parent_process
from pathlib import Path
from typing import Any, TypeVar

from jaxercise.checks.outcome import CourseError
from jaxercise.course.lesson import Course
from jaxercise.grading.kept_proofs import KeptProofs
from jaxercise.grading.racing.host import cpus
from jaxercise.grading.solutions import Solution
from jaxercise.grading.trials import Proof, Prover, Tried, prover

_T = TypeVar("_T")
# A course's folder, an assignment and the name of one of its exercises.
Named = tuple[Path, str, str]
# What a process of the pool closes as it ends.
_own = contextlib.ExitStack()


def prove(
    course: Course,
    assignments: list[str],
    *,
    jobs: int | None = None,
    only: str | None = None,
    seed: int = 0,
    kept: KeptProofs | None = None,
    report: Callable[[Proof], None] = lambda proof: None,
) -> list[Proof]:
    """Prove every exercise of `assignments`, or `only` the one named; trusted code, unconfined.

    `seed` is that of the hidden inputs. `kept` proofs, which are of this seed, come first where
    nothing changed. Solutions whose speed decides come last, one at a time, when nothing else runs.
    """
    exercises = named(course, assignments, only)
    proofs: list[Proof] = []
    for proof in _with_kept(exercises, jobs or os.cpu_count() or 1, course, seed, kept):
        proofs.append(proof)
        report(proof)
    return proofs


def named(course: Course, assignments: list[str], only: str | None) -> list[Named]:
    """The exercises of `assignments`, or `only` the one of this name.

    Raises:
        CourseError: there is none.
    """
    exercises = [
        (course.root, assignment, exercise.name)
        for assignment in assignments
        for exercise in course.lesson(assignment).exercises
        if only in (None, exercise.name)
    ]
    if not exercises:
        raise CourseError(f"no exercise {only!r} in {', '.join(assignments)}")
    return exercises


def _with_kept(
    exercises: list[Named], jobs: int, course: Course, seed: int, kept: KeptProofs | None
) -> Iterator[Proof]:
    """The kept proofs, then the new ones, which are kept as soon as an exercise has them all."""
    if kept is None:
        yield from _in_turn(exercises, jobs, course, seed)
        return
    to_prove: list[Named] = []
    for one in exercises:
        found = kept.take(*one[1:])
        if found is None:
            to_prove.append(one)
        yield from found or ()
    so_far: dict[tuple[str, str], list[Proof]] = defaultdict(list)
    for proof in _in_turn(to_prove, jobs, course, seed) if to_prove else ():
        of_exercise = so_far[proof.assignment, proof.exercise]
        of_exercise.append(proof)
        kept.keep(proof.assignment, proof.exercise, of_exercise)
        yield proof


def _in_turn(exercises: list[Named], jobs: int, course: Course, seed: int) -> Iterator[Proof]:
    """The proofs as they come: side by side what needs no clock, then the races alone."""
    racing: list[tuple[Solution, Proof]] = []
    with contextlib.ExitStack() as stack:
        if jobs > 1 and len(exercises) > 1:
            in_pool = in_a_pool(partial(_proofs, seed), exercises, jobs)
            tried = itertools.chain.from_iterable(in_pool)
            own = None
        else:
            own = stack.enter_context(prover(course.root, seed=seed))
            tried = (one for _, *named in exercises for one in own.prove(*named))
        for racer, proof in tried:
            if racer is not None and proof.ok:
                racing.append((racer, proof))
            else:
                yield proof
        if racing:
            own = own or stack.enter_context(prover(course.root, seed=seed))
            # By assignment: its reference and baseline stand by in processes from its first race.
            for racer, proof in sorted(racing, key=lambda pair: pair[1].assignment):
                yield own.race(racer, proof)


def in_a_pool(
    work: Callable[[Path, str, str], _T], exercises: list[Named], jobs: int
) -> Iterator[_T]:
    """What `work` returns for each exercise, as they are done, in processes of their own."""
    # spawn: JAX has threads, which do not survive a fork.
    context = get_context("spawn")
    free_cpus = context.SimpleQueue()
    for place, _ in zip(itertools.cycle(cpus()), range(jobs), strict=False):
        free_cpus.put(place)
    with ProcessPoolExecutor(jobs, context, _start_process, (free_cpus,)) as pool:
        # The last sets take longest, and nobody should wait for one of theirs alone.
        futures = [pool.submit(work, *one) for one in reversed(exercises)]
        for done in as_completed(futures):
            yield done.result()


def _start_process(free_cpus: Any) -> None:
    """Keep to one CPU, as judge and kernel take turns: XLA's threads would wake each other."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {free_cpus.get()})
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """End this process soon after its parent, however that ended; what it was doing unwinds."""
    parent = parent_process()
    assert parent is not None
    parent.join()
    _thread.interrupt_main()
    time.sleep(5)
    _own.close()
    os._exit(1)


@cache
def _own_prover(root: Path, seed: int) -> Prover:
    """That of a process of the pool, which it closes as it ends."""
    atexit.register(_own.close)
    return _own.enter_context(prover(root, seed=seed))


def _proofs(seed: int, root: Path, assignment: str, name: str) -> list[Tried]:
    return list(_own_prover(root, seed).prove(assignment, name))
