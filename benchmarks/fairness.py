"""How the hidden tests judge answers that were written without sight of them.

    python benchmarks/fairness.py [psN ...] [--exercise NAME] [--round NAME] [--first-sight] [--page]

`benchmarks/unseen/ROUND/psN/EXERCISE.py` holds the answers, each a section `# %% right: style` or
`# %% wrong: mistake | what it breaks`. A right one should earn full marks, a wrong one fail some
check. Prints a line for each exercise and each answer that was judged otherwise. Of a new round
--first-sight keeps what the tests make of it before any is changed on its account; --page writes
docs/fairness.md. What is judged is kept, so this can be stopped and started. All of this code is
trusted, and runs unconfined.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from functools import partial
from pathlib import Path

from fairness_page import Judged, Round, page
from rich.console import Console
from rich.text import Text

from jaxercise.checks.outcome import CourseError, Verdict
from jaxercise.course.lesson import Course
from jaxercise.course.sources import sections
from jaxercise.grading.prove import Named, in_a_pool, named
from jaxercise.grading.solutions import Solution
from jaxercise.grading.store import RecordStore
from jaxercise.grading.testing import Checked
from jaxercise.grading.trials import LOST, TrialNotebook, prover, undecided_race
from jaxercise.grading.verdict_key import VerdictKeys
from jaxercise.sandbox.limits import Limits

ROOT = Path(__file__).resolve().parent.parent
UNSEEN = ROOT / "benchmarks" / "unseen"
_MAX_BYTES = 64 * 2**20
# Of each round: what was made of it before any test was changed on its account.
FIRST_SIGHT = "first_sight.json"


def rounds() -> list[str]:
    return sorted(folder.name for folder in UNSEEN.iterdir() if folder.is_dir())


def answers(of_round: str, assignment: str, exercise: str) -> list[Solution]:
    """The answers to an exercise that were written in a round, none where nobody wrote any.

    Raises:
        CourseError: a title says neither right nor wrong.
    """
    path = UNSEEN / of_round / assignment / f"{exercise}.py"
    if not path.is_file():
        return []
    preamble, found = sections(path.read_text(encoding="utf-8"), path)
    if strange := [title for title in found if not title.startswith(("right: ", "wrong: "))]:
        raise CourseError(f"{path}: '{strange[0]}': a title is 'right: ...' or 'wrong: ...'")
    return [Solution(title, f"{preamble}\n{source}") for title, source in found.items()]


def judge_exercise(of_round: str, root: Path, assignment: str, exercise: str) -> list[Judged]:
    """Judge each answer of a round, right ones first, and once more alone what is judged wrongly.

    What is decided is kept, by all that it depends on.
    """
    lesson = Course(root).lesson(assignment)
    keys = VerdictKeys(Course(root), Limits(), {"confine": False})
    depends_on = keys.of_proof(lesson, lesson.by_name[exercise])
    store = RecordStore(root / ".jaxercise" / "unseen", _MAX_BYTES)
    found: list[Judged] = []
    to_judge: list[tuple[str, Solution]] = []
    for answer in sorted(answers(of_round, assignment, exercise), key=lambda one: one.title):
        text = "\n".join((depends_on, answer.title, answer.source))
        key = hashlib.sha256(text.encode()).hexdigest()
        kept = store.get(key)
        if kept is None:
            to_judge.append((key, answer))
        else:
            found.append(Judged(**kept))
    if not to_judge:
        return found
    with prover(root) as own:
        lesson, _ = own.cache.lesson(assignment)
        trial = TrialNotebook(own, lesson, lesson.by_name[exercise])
        for key, answer in to_judge:
            judged = record(assignment, exercise, answer, trial.checked(answer))
            if trial.shared and not judged.as_it_should:
                trial.close()
                judged = record(assignment, exercise, answer, trial.checked(answer))
            found.append(judged)
            if judged.verdict != "open":
                store.put(key, asdict(judged))
        trial.close()
    return found


def record(assignment: str, exercise: str, answer: Solution, checked: Checked) -> Judged:
    lost = [outcome for outcome in checked.outcomes if outcome.verdict in LOST]
    if lost:
        verdict, first = "caught", lost[0]
    elif all(outcome.verdict is Verdict.PASSED for outcome in checked.outcomes):
        verdict, first = "full marks", None
    else:
        undecided = [o for o in checked.outcomes if o.verdict is not Verdict.PASSED]
        verdict, first = "open", next((o for o in undecided if not undecided_race(o)), undecided[0])
    kind, _, title = answer.title.partition(": ")
    check, message = (first.check, first.message) if first else ("", "")
    message = "\n".join([message, *checked.details]) if verdict == "open" else message
    return Judged(assignment, exercise, title, kind == "right", verdict, check, message)


def judge_all(of_round: str, exercises: list[Named], jobs: int) -> Iterator[list[Judged]]:
    """A round by exercise: those without a race side by side, then those with one, alone."""
    course = Course(ROOT)
    races = {
        (assignment, one.name)
        for assignment in {named[1] for named in exercises}
        for one in course.lesson(assignment).exercises
        if any(check.property == "speed" for check in one.checks)
    }
    quiet = [one for one in exercises if one[1:] not in races]
    if quiet:
        yield from in_a_pool(partial(judge_exercise, of_round), quiet, jobs)
    yield from (judge_exercise(of_round, *one) for one in exercises if one[1:] in races)


def show(console: Console, judged: list[Judged]) -> None:
    """A line for an exercise, and each answer that was not judged as it should be."""
    right, wrong = ([one for one in judged if one.is_right is kind] for kind in (True, False))
    full, caught = (sum(one.as_it_should for one in kind) for kind in (right, wrong))
    where = f"{judged[0].assignment} {judged[0].exercise}"
    told = f"{where}: {full} of {len(right)} right in full, {caught} of {len(wrong)} wrong caught"
    console.print(Text(told), soft_wrap=True)
    for one in judged:
        if not one.as_it_should:
            kind = "right" if one.is_right else "wrong"
            text = f"     {kind}: {one.title}: {one.verdict} {one.check} {one.message}"
            console.print(Text(text.rstrip(), "red"), soft_wrap=True)


def main() -> None:
    """Judge what is asked for; exit status 1 where an answer is not judged as it should be."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("assignment", nargs="*", help="default: all")
    parser.add_argument("--exercise", help="only this exercise")
    parser.add_argument("--jobs", type=int, default=2, help="exercises at a time (default: 2)")
    parser.add_argument("--round", choices=rounds(), help="only the answers of this round")
    parser.add_argument(
        "--first-sight", action="store_true", help=f"put what is judged into {FIRST_SIGHT}"
    )
    parser.add_argument("--page", action="store_true", help="write docs/fairness.md")
    arguments = parser.parse_args()
    if arguments.page and (arguments.assignment or arguments.exercise or arguments.round):
        parser.error("--page is about all answers of all rounds")
    course, console = Course(ROOT), Console(highlight=False)
    exercises = named(course, arguments.assignment or course.assignments(), arguments.exercise)
    every: list[Judged] = []
    pages: list[Round] = []
    for of_round in [arguments.round] if arguments.round else rounds():
        first_sight = UNSEEN / of_round / FIRST_SIGHT
        if arguments.page and not (first_sight.is_file() or arguments.first_sight):
            parser.error(f"--page compares with {first_sight}, which is missing: --first-sight")
        console.print(Text(f"The {of_round} round", "bold"))
        judged = judge_round(of_round, exercises, arguments.jobs, console)
        every += judged
        if arguments.first_sight:
            before = json.loads(first_sight.read_text()) if first_sight.is_file() else []
            new = {(one.assignment, one.exercise) for one in judged}
            others = [one for one in before if (one["assignment"], one["exercise"]) not in new]
            content = json.dumps([*others, *(asdict(one) for one in judged)], indent=1)
            first_sight.write_text(content, encoding="utf-8")
        if arguments.page:
            first = [Judged(**one) for one in json.loads(first_sight.read_text(encoding="utf-8"))]
            pages.append(Round(of_round, first, judged))
    if arguments.page:
        (ROOT / "docs" / "fairness.md").write_text(page(pages), encoding="utf-8")
    fine = sum(one.as_it_should for one in every)
    console.print(Text(f"{fine} of {len(every)} answers judged as they should be", "bold"))
    sys.exit(fine < len(every))


def judge_round(of_round: str, exercises: list[Named], jobs: int, console: Console) -> list[Judged]:
    """Judge what a round has of these exercises, and show it; in the course's order."""
    judged: list[Judged] = []
    there = [one for one in exercises if answers(of_round, *one[1:])]
    for found in judge_all(of_round, there, jobs):
        judged += found
        show(console, found)
    place = {one[1:]: number for number, one in enumerate(exercises)}
    return sorted(judged, key=lambda one: place[one.assignment, one.exercise])


if __name__ == "__main__":
    main()
