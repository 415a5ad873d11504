"""The arguments of every command, and what `--help` says about them."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

Run = Callable[[argparse.Namespace], int]

_EXAMPLES = """\
examples:
  jaxercise build                       write source/ and release/ from the lessons
  jaxercise build --watch               do so again whenever a file changes
  jaxercise grade release/ps2/ps2.ipynb
  jaxercise prove ps2 --exercise add_tax
  jaxercise demo
  jaxercise new course analysis         start a course of your own in the folder analysis
  jaxercise new exercise hw1 softmax    add an exercise to the set hw1

Run `jaxercise COMMAND --help` for more. Every command but `new course` runs inside a course, a
folder with lessons/, reference/ and grader_tests/, or in a folder below one.
"""
_BUILD_EXAMPLES = """\
examples:
  jaxercise build
  jaxercise build --check               in a test: exit status 1 if a notebook is out of date
  jaxercise build --watch               build again whenever a lesson or a solution changes

A lesson with a mistake is reported with file and line, and nothing is written.
"""
_GRADE_EXAMPLES = """\
examples:
  jaxercise grade submitted/alice/ps2/ps2.ipynb
  jaxercise grade alice.ipynb --assignment ps2 --json alice.json
  jaxercise grade alice.ipynb --json - | jq .score
  jaxercise grade submitted --jobs 4 --json grades
  jaxercise grade submitted --scheduler tcp://10.0.0.1:8786
  jaxercise grade --watch submitted     judge what arrives there, until Ctrl-C

With --watch the judge has the settings of nbgrader_config.py, and `nbgrader autograde` finds the
verdicts kept. FOLDER may also be the exchange's, such as /srv/nbgrader/exchange/jax/inbound.
"""
_VERDICTS_EXAMPLES = """\
examples:
  jaxercise verdicts
  jaxercise verdicts --clear
"""
_PROVE_EXAMPLES = """\
examples:
  jaxercise prove                       every assignment
  jaxercise prove ps2 ps3 --jobs 2
  jaxercise prove ps2 --exercise add_tax --json matrix.json
  jaxercise prove ps3 --seed 1          with other hidden inputs
  jaxercise prove --watch               prove again what a change concerns
  jaxercise prove ps2 --mutants         how many machine-made wrong answers are caught

Exit status 0: every solution came out as expected; 1: some did not.
"""
_DEMO_EXAMPLES = """\
examples:
  jaxercise demo                        the first assignment
  jaxercise demo --assignments ps2 ps3
  jaxercise demo --all                  every assignment

Writes to a folder of its own, with its own gradebook, and deletes what an earlier demonstration
left there. Your gradebook is not touched.
"""
_NEW_EXAMPLES = """\
examples:
  jaxercise new course analysis         a course with one exercise, in the new folder analysis
  jaxercise new set hw2                 lessons/hw2.md and reference/hw2.py
  jaxercise new exercise hw2 softmax    lesson section, solution, hidden tests, known answers

No file is overwritten. What is still to be written is marked FILL IN.
"""
_NEW_COURSE_EXAMPLES = """\
examples:
  jaxercise new course analysis
"""
_NEW_SET_EXAMPLES = """\
examples:
  jaxercise new set hw2
  jaxercise new set stats1 --kind numpy
"""
_NEW_EXERCISE_EXAMPLES = """\
examples:
  jaxercise new exercise hw2 softmax

The exercise asks for twice its input until you fill it in, so that it builds and proves at once.
"""


def parser(runs: Mapping[str, Run]) -> argparse.ArgumentParser:
    """The parser; `runs` holds the function of each command, those of `new` as `new set`."""
    top = argparse.ArgumentParser(
        prog="jaxercise",
        description="Auto-graded exercises that teach JAX.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = top.add_subparsers(required=True, metavar="COMMAND")
    _add_build(commands, runs)
    _add_grade(commands, runs)
    _add_verdicts(commands, runs)
    _add_prove(commands, runs)
    _add_demo(commands, runs)
    _add_new(commands, runs)
    return top


def _add_command(
    commands: Any, name: str, run: Run | None, summary: str, epilog: str
) -> argparse.ArgumentParser:
    added: argparse.ArgumentParser = commands.add_parser(
        name,
        help=summary,
        description=summary[0].upper() + summary[1:] + ".",
        epilog=epilog,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    if run is not None:
        added.set_defaults(run=run)
    return added


def _add_build(commands: Any, runs: Mapping[str, Run]) -> None:
    summary = "write source/ and release/ from the lessons"
    build = _add_command(commands, "build", runs["build"], summary, _BUILD_EXAMPLES)
    either = build.add_mutually_exclusive_group()
    either.add_argument(
        "--check", action="store_true", help="write nothing; exit status 1 if out of date"
    )
    _add_watch(either, "build")


def _add_grade(commands: Any, runs: Mapping[str, Run]) -> None:
    summary = "grade notebooks, without a gradebook"
    grade = _add_command(commands, "grade", runs["grade"], summary, _GRADE_EXAMPLES)
    grade.add_argument(
        "notebooks", nargs="+", type=Path, metavar="PATH", help="a file, or a folder of them"
    )
    grade.add_argument(
        "--assignment",
        metavar="ASSIGNMENT",
        help="which one they are of; default: what the cells or the file's name say",
    )
    grade.add_argument(
        "--json",
        metavar="FILE",
        help="write the outcome to FILE as JSON; with - to standard output, and nothing else "
        "there. For several notebooks a folder, which also gets summary.json",
    )
    grade.add_argument(
        "--seed",
        type=int,
        metavar="N",
        help="the hidden inputs follow from it; default: 0, with --watch nbgrader's setting",
    )
    grade.add_argument(
        "--watch",
        action="store_true",
        help="judge what is in the folders named and what arrives there, until Ctrl-C, so that "
        "nbgrader finds the verdicts kept",
    )
    grade.add_argument(
        "--jobs",
        type=_positive,
        metavar="N",
        help="how many notebooks to judge at a time; default: one for each CPU",
    )
    grade.add_argument(
        "--scheduler",
        default="",
        metavar="ADDRESS",
        help="have the workers of this dask scheduler judge, such as tcp://10.0.0.1:8786; "
        "docs/many_hosts.md says how to start them",
    )
    grade.add_argument(
        "--no-kept",
        dest="kept",
        action="store_false",
        help="judge everything again, and keep no verdict",
    )
    grade.add_argument(
        "--unconfined",
        action="store_true",
        help="run notebooks WITHOUT a sandbox, with all your rights; only for code you trust",
    )


def _add_verdicts(commands: Any, runs: Mapping[str, Run]) -> None:
    summary = "say where verdicts are kept and how many, or remove them"
    verdicts = _add_command(commands, "verdicts", runs["verdicts"], summary, _VERDICTS_EXAMPLES)
    verdicts.add_argument("--clear", action="store_true", help="remove them all")


def _add_prove(commands: Any, runs: Mapping[str, Run]) -> None:
    summary = "check the hidden tests against known right and wrong solutions"
    prove = _add_command(commands, "prove", runs["prove"], summary, _PROVE_EXAMPLES)
    prove.add_argument("assignments", nargs="*", metavar="ASSIGNMENT", help="default: all")
    prove.add_argument("--exercise", metavar="NAME", help="only this exercise")
    prove.add_argument(
        "--jobs",
        type=_positive,
        metavar="N",
        help="how many exercises at a time; default: one for each CPU",
    )
    prove.add_argument(
        "--fresh",
        action="store_true",
        help="prove everything again; by default verdicts are kept until something they depend on "
        "changes",
    )
    prove.add_argument(
        "--seed",
        type=int,
        default=0,
        metavar="N",
        help="of the hidden inputs; default: 0. A right solution passes with any",
    )
    prove.add_argument(
        "--mutants",
        action="store_true",
        help="instead, change right solutions in one place at a time, as "
        "people err, and tell which changes no hidden test notices",
    )
    prove.add_argument(
        "--answers",
        type=_positive,
        default=3,
        metavar="N",
        help="with --mutants: how many right solutions to change, the reference first, then those "
        "least like it and each other; default: 3",
    )
    prove.add_argument(
        "--table",
        type=Path,
        metavar="FILE",
        help="with --mutants: write how many died into the table of this Markdown file, whose "
        "other rows stay",
    )
    either = prove.add_mutually_exclusive_group()
    _add_json(either)
    _add_watch(either, "prove")


def _add_demo(commands: Any, runs: Mapping[str, Run]) -> None:
    summary = "grade a small class of sample submissions with nbgrader"
    demo = _add_command(commands, "demo", runs["demo"], summary, _DEMO_EXAMPLES)
    which = demo.add_mutually_exclusive_group()
    which.add_argument(
        "--assignments", nargs="+", metavar="ASSIGNMENT", help="default: the course's first"
    )
    which.add_argument("--all", action="store_true", help="every assignment of the course")
    demo.add_argument(
        "--folder", type=Path, metavar="DIR", help="where to work; default: demo/ in the course"
    )
    demo.add_argument(
        "--everyone",
        action="store_true",
        help="each student hands in every assignment; by default only the perfect one does",
    )


def _add_new(commands: Any, runs: Mapping[str, Run]) -> None:
    summary = "start a course, a set or an exercise of your own"
    new = _add_command(commands, "new", None, summary, _NEW_EXAMPLES)
    kinds = new.add_subparsers(required=True, metavar="KIND")
    summary = "write a course with one exercise, which builds, proves and grades as it stands"
    course = _add_command(kinds, "course", runs["new course"], summary, _NEW_COURSE_EXAMPLES)
    course.add_argument("folder", type=Path, metavar="FOLDER", help="a new or empty folder")
    summary = "write the lesson and the reference of a new set, without exercises"
    a_set = _add_command(kinds, "set", runs["new set"], summary, _NEW_SET_EXAMPLES)
    a_set.add_argument("set", metavar="SET", help="its name, such as hw1")
    a_set.add_argument(
        "--kind",
        choices=["jax", "numpy", "python"],
        default="jax",
        help="what students write their answers with; default: jax",
    )
    summary = "write an exercise with its places to fill in"
    exercise = _add_command(
        kinds, "exercise", runs["new exercise"], summary, _NEW_EXERCISE_EXAMPLES
    )
    exercise.add_argument("set", metavar="SET", help="the set that it is added to")
    exercise.add_argument("name", metavar="NAME", help="the function that students write")


def _add_json(parser: Any) -> None:
    parser.add_argument(
        "--json",
        type=_writable,
        metavar="FILE",
        help="write the outcome to FILE as JSON; with - to standard output, and nothing else there",
    )


def _add_watch(parser: Any, verb: str) -> None:
    parser.add_argument(
        "--watch", action="store_true", help=f"{verb} again whenever a file changes, until Ctrl-C"
    )


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{number} is less than 1")
    return number


def _writable(text: str) -> str:
    """Refuse a file that cannot be written before an hour's work, not after it."""
    if text != "-" and (Path(text).is_dir() or not Path(text).absolute().parent.is_dir()):
        raise argparse.ArgumentTypeError(f"{text} is a folder, or its folder does not exist")
    return text
