"""The command line: build the notebooks, grade one, prove the tests, show a demonstration.

Commands import what they need when they run, so that `--help` answers at once.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jaxercise.checks.outcome import ConfinementError, CourseError, HostError, SubmissionError

if TYPE_CHECKING:
    from jaxercise.course.lesson import Course

# Of the extra "grader", which a student does not install.
_GRADER_MODULES = ("jupytext", "nbformat", "nbgrader", "psutil", "pytest", "rich")

_EXAMPLES = """\
examples:
  jaxercise build                       write source/ and release/ from the lessons
  jaxercise build --check               fail where they are not up to date
  jaxercise grade release/ps2/ps2.ipynb
  jaxercise grade alice.ipynb --assignment ps2 --json -
  jaxercise prove ps2 --exercise add_tax
  jaxercise demo
  jaxercise new course analysis         start a course of your own in the folder analysis

run `jaxercise COMMAND --help` for more; all but --help and new want to be run inside a course,
a folder with lessons/, reference/ and grader_tests/.
"""
_GRADE_EXAMPLES = """\
examples:
  jaxercise grade submitted/alice/ps2/ps2.ipynb
  jaxercise grade alice.ipynb --assignment ps2 --json alice.json
  jaxercise grade alice.ipynb --json - | jq .score
  jaxercise grade submitted --jobs 4 --json grades
"""
_PROVE_EXAMPLES = """\
examples:
  jaxercise prove                       every assignment
  jaxercise prove ps2 ps3 --jobs 2
  jaxercise prove ps2 --exercise add_tax --json matrix.json
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 fine, 1 not, 2 not even begun."""
    arguments = _parser().parse_args(argv)
    try:
        return arguments.run(arguments)
    except (CourseError, SubmissionError, ConfinementError, HostError) as error:
        print(f"jaxercise: {error}", file=sys.stderr)
        return 2
    except ModuleNotFoundError as error:
        if error.name not in _GRADER_MODULES:
            raise
        print(
            f"jaxercise: {error.name} is not installed, which this command needs; run "
            "pip install 'jaxercise[grader]'",
            file=sys.stderr,
        )
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="jaxercise",
        description="Auto-graded exercises that teach JAX.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_build(commands)
    _add_grade(commands)
    _add_verdicts(commands)
    _add_prove(commands)
    _add_demo(commands)
    _add_new(commands)
    return parser


def _add_command(commands: Any, name: str, run: Any, summary: str, epilog: str = "") -> Any:
    parser = commands.add_parser(
        name,
        help=summary,
        description=summary[0].upper() + summary[1:] + ".",
        epilog=epilog,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(run=run)
    return parser


def _add_build(commands: Any) -> None:
    parser = _add_command(commands, "build", _build, "write source/ and release/ from the lessons")
    parser.add_argument("--check", action="store_true", help="write nothing, exit 1 if stale")


def _add_grade(commands: Any) -> None:
    summary = "grade notebooks, without a gradebook"
    parser = _add_command(commands, "grade", _grade, summary, _GRADE_EXAMPLES)
    parser.add_argument(
        "notebooks", nargs="+", type=Path, metavar="NOTEBOOK", help="a file, or a folder of them"
    )
    parser.add_argument("--assignment", metavar="ASSIGNMENT", help="default: read off the notebook")
    parser.add_argument(
        "--json",
        metavar="FILE",
        help="write the outcome there as JSON; - is standard output, which then gets nothing "
        "else; for several notebooks a folder, which also gets summary.json",
    )
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="of the hidden inputs")
    parser.add_argument(
        "--jobs", type=_positive, metavar="N", help="judged at once; default: one a CPU"
    )
    parser.add_argument(
        "--no-kept",
        dest="kept",
        action="store_false",
        help="judge anew, and keep no verdict",
    )
    parser.add_argument(
        "--unconfined",
        action="store_true",
        help="run notebooks WITHOUT a sandbox, with all your rights: only code you trust",
    )


def _add_verdicts(commands: Any) -> None:
    summary = "say where verdicts are kept and how many, or clear them"
    parser = _add_command(commands, "verdicts", _verdicts, summary)
    parser.add_argument("--clear", action="store_true", help="remove them all")


def _add_prove(commands: Any) -> None:
    summary = "check the hidden tests against known right and wrong solutions"
    parser = _add_command(commands, "prove", _prove, summary, _PROVE_EXAMPLES)
    parser.add_argument("assignments", nargs="*", metavar="ASSIGNMENT", help="default: all")
    _add_json(parser)
    parser.add_argument("--jobs", type=_positive, metavar="N", help="at once; default: one a CPU")
    parser.add_argument("--exercise", metavar="NAME", help="only this one")
    parser.add_argument(
        "--fresh",
        action="store_true",
        help="also what was proven before and has not changed since, which is kept otherwise",
    )


def _add_demo(commands: Any) -> None:
    summary = "grade a small class of sample submissions with nbgrader"
    parser = _add_command(commands, "demo", _demo, summary)
    parser.add_argument("--folder", type=Path, metavar="DIR", help="default: demo/ in the course")
    parser.add_argument("--assignments", nargs="+", metavar="ASSIGNMENT", help="default: all")
    parser.add_argument(
        "--everyone",
        action="store_true",
        help="each student hands in every assignment, and not only the perfect one",
    )


def _add_new(commands: Any) -> None:
    parser = _add_command(commands, "new", _new, "start a course of your own, with one exercise")
    parser.add_argument("what", choices=["course"])
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="new or empty")


def _add_json(parser: Any) -> None:
    parser.add_argument(
        "--json",
        type=_writable,
        metavar="FILE",
        help="write the outcome there as JSON; - is standard output, which then gets nothing else",
    )


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{number} is less than 1")
    return number


def _writable(text: str) -> str:
    """Find out before an hour's work, not after it, that there is nowhere to write."""
    if text != "-" and (Path(text).is_dir() or not Path(text).absolute().parent.is_dir()):
        raise argparse.ArgumentTypeError(f"{text} is a folder, or lies in none that exists")
    return text


def _build(arguments: argparse.Namespace) -> int:
    from jaxercise.course.build import build, differences
    from jaxercise.course.lesson import Course

    course = Course.find()
    _all(course)
    for path in [] if arguments.check else build(course):
        print(f"written: {path.relative_to(course.root)}")
    found = differences(course)
    for difference in found:
        advice = "belongs to no lesson: delete it" if difference.kind == "extra" else "run a build"
        print(f"{difference.kind}: {difference.path.relative_to(course.root)} ({advice})")
    if not found:
        print("source/ and release/ are up to date")
    return 1 if found and arguments.check else 0


def _grade(arguments: argparse.Namespace) -> int:
    from jaxercise.cli.grade import grade

    return grade(arguments)


def _verdicts(arguments: argparse.Namespace) -> int:
    from jaxercise.cli.verdicts import show_verdicts

    return show_verdicts(clear=arguments.clear)


def _prove(arguments: argparse.Namespace) -> int:
    from jaxercise.cli.report import ProofPrinter, write_json
    from jaxercise.course.lesson import Course

    course = Course.find()
    lessons = [course.lesson(name) for name in arguments.assignments or _all(course)]
    only = arguments.exercise
    if only is not None:
        lessons = [lesson for lesson in lessons if only in lesson.by_name]
        if not lessons:
            raise CourseError(f"no exercise '{only}' in the assignments to prove")
    from jaxercise.grading.kept_proofs import open_proofs
    from jaxercise.grading.prove import prove

    printer = ProofPrinter(to_stderr=arguments.json == "-")
    assignments = [lesson.assignment for lesson in lessons]
    kept = open_proofs(course, arguments.fresh)
    rows = prove(course, assignments, jobs=arguments.jobs, only=only, kept=kept, report=printer.row)
    printer.summary(rows)
    if arguments.json is not None:
        write_json(arguments.json, [row.to_json() for row in rows])
    return 0 if rows and all(row.ok or row.left_open for row in rows) else 1


def _demo(arguments: argparse.Namespace) -> int:
    from jaxercise.course.lesson import Course

    course = Course.find()
    assignments = arguments.assignments or _all(course)
    for assignment in assignments:
        course.lesson(assignment)
    from jaxercise.cli.demo import run_demo

    folder = arguments.folder or course.root / "demo"
    return run_demo(course, folder, assignments, arguments.everyone)


def _new(arguments: argparse.Namespace) -> int:
    from jaxercise.cli.new_course import new_course

    folder = new_course(arguments.folder)
    print(f"written: {folder}")
    print(f"next: cd {arguments.folder} && jaxercise build && jaxercise prove && jaxercise demo")
    return 0


def _all(course: Course) -> list[str]:
    if not course.assignments():
        raise CourseError(f"{course.root / 'lessons'}: no lesson, no file such as ps1.md")
    return course.assignments()
