"""Penalties for being late: the policy, more time for a student, and due dates that move."""

from __future__ import annotations

import os
import shutil
import sys
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from nbformat import NotebookNode
from nbgrader.api import Gradebook
from traitlets.config import Config

from jaxercise.checks.outcome import CourseError
from jaxercise.nbgrader.extensions import Extension, read_extensions
from jaxercise.nbgrader.late import AssignPenalties, HandIn, LatePolicy
from jaxercise.nbgrader.times import shown_span, shown_time, time_zone

# nbgrader reads attributes of objects that SQLAlchemy has not put into the session yet.
pytestmark = pytest.mark.filterwarnings("ignore:Object of type:sqlalchemy.exc.SAWarning")
DUE = datetime(2026, 12, 4, 18)
HOUR, DAY = 3600, 86400
UTC = ZoneInfo("UTC")


@pytest.mark.parametrize(
    ("late_s", "penalty"),
    [(0, None), (900, None), (901, 1), (DAY, 1), (DAY + 900, 1), (DAY + 901, 2), (30 * DAY, 5)],
)
def test_each_day_begun_costs_a_share_after_the_grace_period(
    late_s: float, penalty: float | None
) -> None:
    policy = LatePolicy(percent_per_day=10, grace_minutes=15, max_percent=50)
    assert policy.late_submission_penalty("ada", 10, late_s) == penalty
    assert policy.rule == (
        "Each day begun after 15 minutes of grace costs 10% of the points, at most 50%."
    )


def test_by_default_being_late_costs_nothing_and_nbgraders_own_method_is_kept() -> None:
    assert LatePolicy().late_submission_penalty("ada", 10, 30 * DAY) is None
    assert LatePolicy().rule == ""
    strict = LatePolicy(penalty_method="zero")
    assert (strict.late_submission_penalty("ada", 10, 1), strict.rule) == (
        10,
        "What is late earns nothing.",
    )


def test_extensions_are_days_or_a_moment(tmp_path: Path) -> None:
    path = tmp_path / "extensions.csv"
    assert read_extensions(path, UTC) is None
    path.write_text(
        "assignment,student,until,days\n"
        "ps1,ada,,1.5\nps1,alan,2026-12-06 18:00,\nps1,eve,2026-12-06T18:00+02:00,\n"
    )
    found = read_extensions(path, ZoneInfo("Europe/Berlin"))
    assert found is not None
    assert found["ada", "ps1"].beyond(DUE) == timedelta(days=1.5)
    assert found["alan", "ps1"].beyond(DUE) == timedelta(hours=47)
    assert found["eve", "ps1"].beyond(DUE) == timedelta(hours=46)
    assert found["eve", "ps1"].beyond(DUE + timedelta(days=3)) is None


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("ada,ps1,,", "give either days or until"),
        ("ada,ps1,1,2026-12-06", "give either days or until"),
        ("ada,ps1,soon,", "'soon' is not a number of days above 0"),
        ("ada,ps1,-1,", "'-1' is not a number of days above 0"),
        ("ada,ps1,nan,", "'nan' is not a number of days above 0"),
        ("ada,ps1,,tomorrow", "'tomorrow' is not a date and time such as 2026-12-06 18:00"),
        ("ada,,1,", "the student or the assignment is missing"),
        ("eve,ps1,1,", "a second line of eve for ps1"),
        ("ada,ps1", "2 cells under 4 columns"),
    ],
)
def test_a_mistake_in_the_extensions_is_named_with_its_line(
    tmp_path: Path, line: str, message: str
) -> None:
    path = tmp_path / "extensions.csv"
    path.write_text(f"student,assignment,days,until\neve,ps1,1,\n{line}\n")
    with pytest.raises(CourseError) as caught:
        read_extensions(path, UTC)
    assert str(caught.value).startswith(f"{path}:3: {message}")


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A gradebook in which ada earned 10 of 10 points, two hours late."""
    path = tmp_path_factory.mktemp("stored") / "gradebook.db"
    with pytest.MonkeyPatch.context() as patch:
        # nbgrader starts `alembic`, by that name, to make its tables.
        patch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)
        with Gradebook(f"sqlite:///{path}", "jax") as opened:
            gradebook: Any = opened
            gradebook.add_student("ada")
            gradebook.add_assignment("ps1", duedate=DUE)
            gradebook.add_notebook("ps1", "ps1")
            gradebook.add_grade_cell("f", "ps1", "ps1", max_score=10, cell_type="code")
            late = timedelta(hours=2)
            gradebook.add_submission("ps1", "ada", timestamp=DUE + late)
            gradebook.find_grade("f", "ps1", "ps1", "ada").auto_score = 10
            gradebook.db.commit()
    return path


class Class:
    """The step as nbgrader runs it, over a gradebook of its own."""

    def __init__(self, root: Path, **policy: Any) -> None:
        self.root, self.database = root, f"sqlite:///{root}/gradebook.db"
        self.config = Config({"LatePolicy": {"percent_per_day": 10, **policy}})

    def assign(self) -> HandIn:
        step = AssignPenalties(config=self.config)
        step.coursedir = lambda: SimpleNamespace(root=str(self.root))
        of = {"notebook": "ps1", "assignment": "ps1", "student": "ada", "db_url": self.database}
        resources: dict[str, Any] = {"nbgrader": of}
        step.preprocess(NotebookNode(), resources)
        return resources["hand_in"]

    def change(self, **fields: Any) -> None:
        with Gradebook(self.database, "jax") as opened:
            gradebook: Any = opened
            gradebook.update_or_create_assignment("ps1", **fields)

    def penalty(self) -> float | None:
        with Gradebook(self.database, "jax") as opened:
            gradebook: Any = opened
            return gradebook.find_submission_notebook("ps1", "ps1", "ada").late_submission_penalty


@pytest.fixture
def late(stored: Path, tmp_path: Path) -> Class:
    shutil.copy(stored, tmp_path)
    return Class(tmp_path)


def test_a_penalty_follows_the_due_date_and_the_points(late: Class) -> None:
    hand_in = late.assign()
    assert (hand_in.late_s, hand_in.penalty, late.penalty()) == (2 * HOUR, 1, 1)
    late.change(duedate=DUE - timedelta(days=1))
    assert (late.assign().penalty, late.penalty()) == (2, 2)
    with Gradebook(late.database, "jax") as opened:
        gradebook: Any = opened
        gradebook.find_grade("f", "ps1", "ps1", "ada").manual_score = 5
        gradebook.db.commit()
    assert late.assign().penalty == 1
    late.change(duedate=DUE + timedelta(days=1))
    assert (late.assign().late_s, late.assign().penalty, late.penalty()) == (0, 0, None)
    late.change(duedate=None)
    assert (late.assign().due, late.assign().penalty) == (None, 0)


def test_more_time_moves_the_due_date_of_one_student_until_it_is_taken_back(late: Class) -> None:
    file = late.root / "extensions.csv"
    file.write_text("student,assignment,days\nada,ps1,1\n")
    hand_in = late.assign()
    assert (hand_in.due, hand_in.extension) == (DUE + timedelta(days=1), timedelta(days=1))
    assert (hand_in.late_s, hand_in.penalty) == (0, 0)
    late.change(duedate=None)
    assert late.assign().penalty == 0
    late.change(duedate=DUE)
    file.write_text("student,assignment,days\neve,ps1,1\n")
    assert late.assign().penalty == 1


def test_what_nbgrader_granted_stays_where_there_is_no_file(late: Class) -> None:
    with Gradebook(late.database, "jax") as opened:
        gradebook: Any = opened
        gradebook.grant_extension("ps1", "ada", hours=3)
    assert late.assign().extension == timedelta(hours=3)
    assert late.penalty() is None


def test_nobody_loses_more_than_the_points_earned(late: Class) -> None:
    late.config.LatePolicy.percent_per_day = 500
    late.config.LatePolicy.max_percent = 500
    assert late.assign().penalty == 10


def test_times_read_as_people_write_them() -> None:
    berlin = time_zone(Config({"Exchange": {"timezone": "Europe/Berlin"}}))
    assert shown_time(DUE, time_zone(Config())) == "Friday, 4 December 2026, 18:00 UTC"
    assert shown_time(DUE, berlin) == "Friday, 4 December 2026, 19:00 CET"
    with pytest.raises(CourseError, match="no time zone 'Mars/Base'"):
        time_zone(Config({"Exchange": {"timezone": "Mars/Base"}}))
    spans = [1, 60, HOUR, DAY, DAY + HOUR, 2 * DAY + 2 * HOUR + 60, DAY + 60]
    assert [shown_span(span) for span in spans] == [
        *("1 minute", "1 minute", "1 hour", "1 day", "1 day 1 hour", "2 days 2 hours", "1 day")
    ]


def test_an_extension_of_nothing_is_none() -> None:
    assert Extension(days=0.0).beyond(DUE) is None
