"""The arguments of every command, and what `--help` says about them."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from jaxercise.cli import examples

Run = Callable[[argparse.Namespace], int]


def parser(runs: Mapping[str, Run]) -> argparse.ArgumentParser:
    """The parser; `runs` holds the function of each command, those of `new` as `new set`."""
    top = argparse.ArgumentParser(
        prog="jaxercise",
        description="Auto-graded exercises that teach JAX.",
        epilog=examples.ALL,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = top.add_subparsers(required=True, metavar="COMMAND")
    _add_build(commands, runs)
    _add_grade(commands, runs)
    _add_report(commands, runs)
    _add_verdicts(commands, runs)
    _add_roster(commands, runs)
    _add_prove(commands, runs)
    _add_demo(commands, runs)
    _add_new(commands, runs)
    _add_hub(commands, runs)
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
    build = _add_command(commands, "build", runs["build"], summary, examples.BUILD)
    either = build.add_mutually_exclusive_group()
    either.add_argument(
        "--check", action="store_true", help="write nothing; exit status 1 if out of date"
    )
    _add_watch(either, "build")


def _add_grade(commands: Any, runs: Mapping[str, Run]) -> None:
    summary = "grade notebooks, without a gradebook"
    grade = _add_command(commands, "grade", runs["grade"], summary, examples.GRADE)
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


def _add_report(commands: Any, runs: Mapping[str, Run]) -> None:
    summary = "show how a class did: one HTML page, and JSON"
    report = _add_command(commands, "report", runs["report"], summary, examples.REPORT)
    report.add_argument("assignment", metavar="ASSIGNMENT")
    report.add_argument(
        "--html", type=Path, metavar="FILE", help="default: reports/ASSIGNMENT.html in the course"
    )
    _add_json(report)
    report.add_argument(
        "--before",
        type=Path,
        metavar="FILE",
        help="an earlier report's JSON to compare with; default: the one before the last regrade",
    )
    report.add_argument(
        "--formgrader",
        default="",
        metavar="ADDRESS",
        help="link to formgrader at this address, such as /formgrader; default: to feedback pages",
    )


def _add_verdicts(commands: Any, runs: Mapping[str, Run]) -> None:
    summary = "say where verdicts are kept and how many, or remove them"
    verdicts = _add_command(commands, "verdicts", runs["verdicts"], summary, examples.VERDICTS)
    verdicts.add_argument("--clear", action="store_true", help="remove them all")


def _add_roster(commands: Any, runs: Mapping[str, Run]) -> None:
    summary = "put the students of a CSV file into the gradebook"
    roster = _add_command(commands, "roster", runs["roster"], summary, examples.ROSTER)
    roster.add_argument("file", type=Path, metavar="FILE", help="a CSV file, one student a line")
    roster.add_argument("--check", action="store_true", help="write nothing")


def _add_prove(commands: Any, runs: Mapping[str, Run]) -> None:
    summary = "check the hidden tests against known right and wrong solutions"
    prove = _add_command(commands, "prove", runs["prove"], summary, examples.PROVE)
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
    demo = _add_command(commands, "demo", runs["demo"], summary, examples.DEMO)
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
    new = _add_command(commands, "new", None, summary, examples.NEW)
    kinds = new.add_subparsers(required=True, metavar="KIND")
    summary = "write a course with one exercise, which builds, proves and grades as it stands"
    course = _add_command(kinds, "course", runs["new course"], summary, examples.NEW_COURSE)
    course.add_argument("folder", type=Path, metavar="FOLDER", help="a new or empty folder")
    summary = "write the lesson and the reference of a new set, without exercises"
    a_set = _add_command(kinds, "set", runs["new set"], summary, examples.NEW_SET)
    a_set.add_argument("set", metavar="SET", help="its name, such as hw1")
    a_set.add_argument(
        "--kind",
        choices=["jax", "numpy", "python"],
        default="jax",
        help="what students write their answers with; default: jax",
    )
    summary = "write an exercise with its places to fill in"
    exercise = _add_command(kinds, "exercise", runs["new exercise"], summary, examples.NEW_EXERCISE)
    exercise.add_argument("set", metavar="SET", help="the set that it is added to")
    exercise.add_argument("name", metavar="NAME", help="the function that students write")


def _add_hub(commands: Any, runs: Mapping[str, Run]) -> None:
    summary = "set up, check and start a JupyterHub with courses"
    hub = _add_command(commands, "hub", None, summary, examples.HUB)
    kinds = hub.add_subparsers(required=True, metavar="COMMAND")
    summary = "make accounts, folders, installation and settings as the file says"
    init = _add_command(kinds, "init", runs["hub init"], summary, examples.HUB_INIT)
    init.add_argument("--dry-run", action="store_true", help="only say what would be made")
    summary = "prove, as each account, that students reach nothing that they must not"
    check = _add_command(kinds, "check", runs["hub check"], summary, examples.HUB_CHECK)
    summary = "start the hub in the foreground, as the systemd unit does"
    start = _add_command(kinds, "start", runs["hub start"], summary, examples.HUB_START)
    for one in (init, check, start):
        one.add_argument(
            "file", type=Path, metavar="HUB.toml", help="names courses, graders and rosters"
        )
    summary = "run a demonstration course on a hub of its own, until Ctrl-C"
    demo = _add_command(kinds, "demo", runs["hub demo"], summary, examples.HUB_DEMO)
    demo.add_argument(
        "--assignments", nargs="+", metavar="ASSIGNMENT", help="default: the course's first"
    )
    demo.add_argument(
        "--port", type=_port, default=8000, metavar="N", help="on 127.0.0.1; default: 8000"
    )


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


def _port(text: str) -> int:
    number = _positive(text)
    if number > 65535:
        raise argparse.ArgumentTypeError(f"{number} is no port, which are 1 to 65535")
    return number


def _writable(text: str) -> str:
    """Refuse a file that cannot be written before an hour's work, not after it."""
    if text != "-" and (Path(text).is_dir() or not Path(text).absolute().parent.is_dir()):
        raise argparse.ArgumentTypeError(f"{text} is a folder, or its folder does not exist")
    return text
