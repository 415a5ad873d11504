"""`jaxercise hub init` and `check`: what they print."""

from __future__ import annotations

from itertools import chain
from pathlib import Path

from jaxercise.hub.check import check_accounts
from jaxercise.hub.check_web import check_web
from jaxercise.hub.course_file import read_course_file
from jaxercise.hub.init import init

_WORDS = {True: "ok", False: "WRONG", None: "not tried"}


def init_hub(path: Path, dry_run: bool) -> int:
    """Do or tell the steps that are needed, and say how to go on.

    Raises:
        CourseError: the file has a mistake, or a step failed.
    """
    file = read_course_file(path)
    count = init(file, dry_run, lambda text: print(text, flush=True))
    if not count:
        print(f"nothing to do: everything is as {path} says")
    elif not dry_run:
        print(f"next: jaxercise hub check {path}")
        if file.hub.unit.name:
            print(f"then: systemctl daemon-reload && systemctl enable --now {file.hub.unit.stem}")
    return 0


def check_hub(path: Path) -> int:
    """Print each finding; 0 if nothing is wrong.

    Raises:
        CourseError: the file has a mistake, or this is not root's process.
    """
    file = read_course_file(path)
    wrong = 0
    for finding in chain(check_accounts(file), check_web(file)):
        print(f"{_WORDS[finding.ok]}: {finding.told}", flush=True)
        wrong += finding.ok is False
    print(f"{wrong} wrong" if wrong else "nothing is wrong")
    return 1 if wrong else 0
