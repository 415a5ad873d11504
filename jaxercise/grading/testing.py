"""The pytest plugin behind hidden tests: fixtures, markers, verdicts.

`run_checks` runs the tests of one exercise inside this process and returns outcomes. By
hand, `pytest grader_tests/ps2 --notebook FILE` does the same for one notebook, and without
the option for the reference (grader_tests/conftest.py loads this module for that).
"""

from __future__ import annotations

import contextlib
import dataclasses
import io
import os
import sys
import traceback
import zlib
from collections.abc import Callable, Collection, Generator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from jaxercise.checks.assertions import CallRaised, default_new_key
from jaxercise.checks.outcome import (
    GRADER_FAILED,
    PROPERTIES,
    CheckFailed,
    CheckOutcome,
    DeclaredCheck,
    GraderFault,
    Inconclusive,
    StudentDied,
    Timing,
    Verdict,
)
from jaxercise.checks.proxy import Student
from jaxercise.checks.timing import in_words
from jaxercise.grading.reference import Reference
from jaxercise.grading.shared_modules import PACKAGE, SharedModules

_PYTEST_OPTIONS = [
    "--quiet",
    "--tb=no",
    "--capture=no",
    "--noconftest",
    "--strict-markers",
    "--disable-plugin-autoload",
    "--assert=plain",
    "--import-mode=importlib",
    # These three collect garbage or dump threads around each test: 0.3 s an exercise.
    *("-p", "no:unraisableexception", "-p", "no:threadexception", "-p", "no:faulthandler"),
    *("-p", "no:cacheprovider"),
]


LOST = (Verdict.FAILED, Verdict.TIMED_OUT, Verdict.CRASHED)


class Blocked(Exception):
    """A check was not run, because of another one; the text says which."""


RunRace = Callable[..., None]


@dataclass(frozen=True)
class CheckContext:
    """What the fixtures of one exercise's hidden tests provide.

    `timings` is where a race leaves what it measured. `give_way` is called before each check:
    another grader on this host may wait to time one. With `until_lost` no check runs after one
    that failed.
    """

    exercise: str
    student: Student
    reference: Reference
    race: RunRace
    seed: int = 0
    timings: list[Timing] = field(default_factory=list)
    give_way: Callable[[], None] = lambda: None
    until_lost: bool = False

    def rng(self, check: str) -> np.random.Generator:
        """A generator that depends on the grader's seed, the exercise and the check alone."""
        return seeded(self.seed, self.exercise, check)


def seeded(seed: int, *names: str) -> np.random.Generator:
    """A generator that depends on the grader's seed and on these names alone."""
    return np.random.default_rng([seed, *(zlib.crc32(name.encode()) for name in names)])


class HiddenTests:
    """The pytest plugin with the fixtures; `context_of` gives the context of a test file."""

    def __init__(self, context_of: Callable[[Path], CheckContext]):
        self.context_of = context_of
        self._shared: SharedModules | None = None

    def share(self, test_file: Path) -> None:
        """Let a hidden test import the modules that it shares with others."""
        if test_file.parent.parent.name != PACKAGE:
            return
        if self._shared is None or self._shared.tests != test_file.parent:
            self.share_nothing()
            self._shared = SharedModules(test_file.parent)
            self._shared.install()

    def share_nothing(self) -> None:
        if self._shared is not None:
            self._shared.uninstall()
            self._shared = None

    def pytest_collectstart(self, collector: pytest.Collector) -> None:
        self.share(collector.path)

    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        self.share(item.path)

    def pytest_unconfigure(self) -> None:
        self.share_nothing()

    @pytest.fixture
    def context(self, request: pytest.FixtureRequest) -> CheckContext:
        return self.context_of(request.path)

    @pytest.fixture
    def student(self, context: CheckContext) -> Student:
        return context.student

    @pytest.fixture
    def reference(self, context: CheckContext) -> Reference:
        return context.reference

    @pytest.fixture
    def race(self, context: CheckContext) -> RunRace:
        return context.race

    @pytest.fixture
    def rng(self, context: CheckContext, request: pytest.FixtureRequest) -> np.random.Generator:
        return context.rng(request.node.name)

    @pytest.fixture
    def new_key(self, context: CheckContext, request: pytest.FixtureRequest) -> Callable[..., Any]:
        rng = context.rng(f"keys of {request.node.name}")
        return default_new_key(int(rng.integers(2**30)))

    def pytest_configure(self, config: pytest.Config) -> None:
        for name in PROPERTIES:
            config.addinivalue_line("markers", f"{name}(points): a check of {name}")

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Correctness first within a file, speed last."""
        items.sort(key=lambda item: (str(item.path), PROPERTIES.index(property_of(item))))


class CheckRunner(HiddenTests):
    """The fixtures for one exercise, whose tests' exceptions become verdicts, by check.

    `raised` holds the checks that could not be judged because the call itself raised, and
    `details` what an instructor has to know of a fault of the grader.
    """

    def __init__(self, context: CheckContext):
        super().__init__(lambda path: context)
        self.exercise, self._context = context.exercise, context
        self.timings: dict[str, Timing] = {}
        self.verdicts: dict[str, tuple[Verdict, str]] = {}
        self.raised: set[str] = set()
        self.details: dict[str, str] = {}
        self.timed_out: StudentDied | None = None

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.details["the file"] = str(report.longrepr)[-3000:]

    def pytest_runtest_call(self, item: pytest.Item) -> None:
        if self.timed_out is not None:
            raise self.timed_out
        if self._context.until_lost and any(v in LOST for v, _ in self.verdicts.values()):
            raise Blocked("an earlier check failed")
        self._context.give_way()
        if property_of(item) == "speed" and any(
            verdict is not Verdict.PASSED for verdict, _ in self.verdicts.values()
        ):
            raise Blocked("timed once every other check passes")

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        check = item.name.removeprefix("test_")
        if call.excinfo is not None:
            self.verdicts[check] = self._verdict_on(check, call.excinfo.value)
        elif call.when == "call":
            self.verdicts[check] = (Verdict.PASSED, "")
        if call.when == "call" and self._context.timings:
            timing = self.timings[check] = self._context.timings.pop()
            if self.verdicts[check][0] is Verdict.PASSED:
                self.verdicts[check] = (Verdict.PASSED, in_words(self.exercise, timing))
        return (yield)

    def _verdict_on(self, check: str, error: BaseException) -> tuple[Verdict, str]:
        match error:
            case CheckFailed():
                if isinstance(error, CallRaised):
                    self.raised.add(check)
                return Verdict.FAILED, str(error)
            case GraderFault():
                self.details[check] = error.details
                return error.verdict, GRADER_FAILED
            case StudentDied():
                if error.verdict is Verdict.TIMED_OUT:
                    self.timed_out = error
                return error.verdict, f"When {self.exercise} is called, {error}."
            case Inconclusive():
                return Verdict.INCONCLUSIVE, str(error)
            case Blocked():
                return Verdict.BLOCKED, str(error)
        self.details[check] = "".join(traceback.format_exception(error))[-3000:]
        return Verdict.GRADER_ERROR, GRADER_FAILED


def property_of(item: pytest.Item) -> str:
    """The property that a hidden test is marked with."""
    for name in PROPERTIES:
        if item.get_closest_marker(name):
            return name
    raise pytest.UsageError(f"{item.nodeid} has no marker of {', '.join(PROPERTIES)}")


@dataclass(frozen=True)
class Checked:
    """Outcomes in declared order, and for an instructor what went wrong in the grader."""

    outcomes: tuple[CheckOutcome, ...]
    details: tuple[str, ...]


def run_checks(
    test_file: Path, declared: tuple[DeclaredCheck, ...], context: CheckContext
) -> Checked:
    """Run the `declared` hidden tests of one exercise; blocked and undecided ones earn nothing."""
    plugin = CheckRunner(context)
    tests = [f"{test_file}::test_{check.check}" for check in declared]
    options = [*_PYTEST_OPTIONS, f"--rootdir={test_file.parent}", "-c", os.devnull]
    # pytest keeps modules by name, and would run an older file of the same name.
    sys.modules.pop(test_file.stem, None)
    log = io.StringIO()
    with contextlib.redirect_stdout(log), contextlib.redirect_stderr(log):
        code = pytest.main([*tests, *options], plugins=[plugin])
    details = [f"{context.exercise}: {check}: {text}" for check, text in plugin.details.items()]
    expected = {check.check for check in declared}
    if code not in (0, 1) or set(plugin.verdicts) != expected:
        text = log.getvalue()[-2000:]
        details.append(f"{context.exercise}: pytest ended with {code} and other checks: {text}")
        plugin.verdicts = {}
    missing = (Verdict.GRADER_ERROR, GRADER_FAILED)
    outcomes = [
        CheckOutcome.of(
            check,
            *plugin.verdicts.get(check.check, missing),
            timing=plugin.timings.get(check.check),
        )
        for check in declared
    ]
    return Checked(tuple(blocked(outcomes, plugin.raised)), tuple(details))


def blocked(outcomes: list[CheckOutcome], raised: Collection[str] = ()) -> list[CheckOutcome]:
    """Withhold the points of other properties while a correctness check has not passed.

    A property that was found violated stays failed. The checks in `raised` found nothing,
    since the call itself raised, and are blocked too.
    """
    lost = (Verdict.FAILED, Verdict.TIMED_OUT, Verdict.CRASHED, Verdict.NOT_ATTEMPTED)
    wrong = [o for o in outcomes if o.property == "correctness" and o.verdict in lost]
    if not wrong:
        return outcomes
    reason = f"counts once this passes: {wrong[0].title}"
    return [
        dataclasses.replace(o, verdict=Verdict.BLOCKED, points=0.0, message=reason)
        if o.property != "correctness"
        and (o.verdict in (Verdict.PASSED, Verdict.BLOCKED) or o.check in raised)
        else o
        for o in outcomes
    ]
