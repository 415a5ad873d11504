"""`nbgrader export`: plain CSV, and the files that Canvas, Moodle and Blackboard import."""

from __future__ import annotations

import contextlib
import csv
import os
import shutil
import sys
import xml.etree.ElementTree as ET
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from jupyter_core.application import NoStart
from nbgrader.api import Gradebook
from nbgrader.apps.nbgraderapp import NbGraderApp

from jaxercise.nbgrader.spreadsheet import as_csv, harmless, number

CONFIG = Path(__file__).parent.parent / "nbgrader_config.py"
pytestmark = pytest.mark.filterwarnings("ignore:Object of type:sqlalchemy.exc.SAWarning")
DUE = datetime(2026, 12, 4, 18)
# One name would shift the columns, one be executed; "17" is a number to nbgrader's command line.
ROSTER = """\
id,first_name,last_name,email,section,canvas_id,sis_id,login,id_number
ada,Ada,"Smith, Jr",ada@x.org,A,1815,S-1,al1,0007
eve,"=HYPERLINK(""http://evil"",""x"")",@Eve,eve@x.org,B,,,,
17,Sev,Enteen,,,,,,
idle,Ida,Idle,,,,,,
"""


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course with a gradebook: ada is late, eve has extra credit, 17 waits for a person."""
    root = tmp_path_factory.mktemp("graded")
    late = "c.LatePolicy.percent_per_day = 40\n"
    (root / CONFIG.name).write_text(CONFIG.read_text() + late)
    with pytest.MonkeyPatch.context() as patch:
        # nbgrader starts `alembic`, by that name, to make its tables.
        patch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)
        with Gradebook(f"sqlite:///{root}/gradebook.db", "jax") as gradebook:
            fill(gradebook)
    return root


def fill(gradebook: Any) -> None:
    names = {"ada": ("Ada", "Smith, Jr"), "eve": ("=1+1", "@Eve"), "17": (None, None)}
    for student, (first, last) in {**names, "idle": ("Ida", "Idle")}.items():
        gradebook.add_student(student, first_name=first, last_name=last)
    points = {"ps1": {"check_f": 4, "why": 2, "check_extra": 0}, "ps2": {"check_g": 3}}
    for name, cells in points.items():
        gradebook.add_assignment(name, duedate=DUE)
        gradebook.add_notebook(name, name)
        for cell, most in cells.items():
            gradebook.add_grade_cell(cell, name, name, max_score=most, cell_type="code")
    hand_in(gradebook, "ada", "ps1", {"check_f": 4, "why": 1}, days=1)
    hand_in(gradebook, "eve", "ps1", {"check_f": 3, "check_extra": 1.25})
    hand_in(gradebook, "17", "ps1", {"check_f": 1 / 3}, waits="why")
    hand_in(gradebook, "ada", "ps2", {"check_g": 3})


def hand_in(
    gradebook: Any, student: str, name: str, scores: dict[str, float], days: int = -1, waits=""
) -> None:
    gradebook.add_submission(name, student, timestamp=DUE + timedelta(days=days))
    notebook = gradebook.find_submission_notebook(name, name, student)
    for grade in notebook.grades:
        earned = scores.get(grade.name, 0)
        grade.auto_score, grade.needs_manual_grade = earned, grade.name == waits
        if grade.name == "check_extra":
            grade.auto_score, grade.extra_credit = 0, earned
    gradebook.db.commit()


@pytest.fixture
def course(graded: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(graded, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    for name in ("JUPYTER_DATA_DIR", "JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR", "HOME"):
        monkeypatch.setenv(name, str(tmp_path / "home"))
    return tmp_path


def export(exporter: str = "", *options: str) -> None:
    """nbgrader's own command, in the course's root."""
    if exporter:
        options = (f"--exporter=jaxercise.nbgrader.{exporter}", *options)
    app: Any = NbGraderApp.instance()
    try:
        app.initialize(["export", *options])
        with contextlib.suppress(NoStart):  # says that another application did it
            app.start()
    finally:
        app.subapp.clear_instance()
        NbGraderApp.clear_instance()


def cells(name: str) -> list[list[str]]:
    with Path(name).open(newline="", encoding="utf-8") as file:
        return list(csv.reader(file))


def test_the_plain_file_is_quoted_and_nobodys_name_is_executed(course: Path) -> None:
    export()
    heading, *lines = cells("grades.csv")
    assert {len(line) for line in lines} == {len(heading)} == {13}
    rows = [dict(zip(heading, line, strict=True)) for line in lines]
    assert len(rows) == 8
    by_key = {(row["student_id"], row["assignment"]): row for row in rows}
    ada = by_key["ada", "ps1"]
    assert (ada["last_name"], ada["raw_score"], ada["score"]) == ("Smith, Jr", "5", "3")
    assert (ada["late_submission_penalty"], ada["max_score"]) == ("2", "6")
    assert (ada["duedate"], ada["timestamp"]) == ("2026-12-04 18:00:00", "2026-12-05 18:00:00")
    assert by_key["eve", "ps1"]["first_name"] == "'=1+1"
    assert by_key["eve", "ps1"]["score"] == "4.25"
    assert (by_key["17", "ps1"]["score"], by_key["17", "ps1"]["needs_manual_grade"]) == (
        "0.3333",
        "1",
    )
    assert (by_key["idle", "ps2"]["score"], by_key["idle", "ps2"]["timestamp"]) == ("0", "")


def test_exercises_add_up_to_the_score_after_the_penalty(course: Path) -> None:
    export("export.Csv", "--Csv.by_exercise=True", "--to=here.csv")
    heading, *lines = cells("here.csv")
    rows = [dict(zip(heading, line, strict=True)) for line in lines]
    ada = [row for row in rows if (row["student_id"], row["assignment"]) == ("ada", "ps1")]
    assert {row["exercise"] for row in ada} == {"f", "why", "extra"}
    assert sum(float(row["score"]) for row in ada) == pytest.approx(3)


def test_canvas_finds_students_and_assignments(course: Path) -> None:
    (course / "roster.csv").write_text(ROSTER)
    export("platforms.Canvas", "--Canvas.titles", "ps1=Set 1 (4711)")
    heading, points, *lines = cells("canvas.csv")
    assert heading == [
        *("Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Set 1 (4711)", "ps2")
    ]
    assert points == ["Points Possible", "", "", "", "", "6", "3"]
    by_login = {line[3]: line for line in lines}
    assert by_login["al1"] == ["Smith, Jr, Ada", "1815", "S-1", "al1", "A", "3", "3"]
    assert by_login["eve"][0] == '\'@Eve, =HYPERLINK("http://evil","x")'
    assert by_login["idle"][5:] == ["", ""]


def test_what_is_missing_can_be_a_zero_and_exercises_columns(course: Path) -> None:
    export("platforms.Canvas", "--Canvas.missing_is_zero=True", "--Canvas.by_exercise=True")
    heading, points, *lines = cells("canvas.csv")
    assert heading[5:] == ["ps1: f", "ps1: why", "ps1: extra", "ps2: g"]
    assert points[5:] == ["4", "2", "0", "3"]
    by_login = {line[3]: line[5:] for line in lines}
    assert by_login["idle"] == ["0", "0", "0", "0"]
    assert by_login["ada"] == ["2.4", "0.6", "0", "3"]
    assert by_login["eve"] == ["3", "0", "1.25", "0"]


def test_moodle_gets_id_numbers_as_csv_and_xml(course: Path) -> None:
    (course / "roster.csv").write_text(ROSTER)
    export("platforms.MoodleCsv")
    heading, *lines = cells("moodle.csv")
    assert heading == ["ID number", "First name", "Last name", "Email address", "ps1", "ps2"]
    assert ["0007", "Ada", "Smith, Jr", "ada@x.org", "3", "3"] in lines
    export("platforms.MoodleXml", "--MoodleXml.titles", "ps1=<set> & 1")
    results = ET.parse("moodle.xml").getroot()
    assert results.tag == "results"
    found = [tuple(part.text for part in result) for result in results]
    assert [part.tag for part in results[0]] == [*("assignment", "student", "score")]
    assert ("<set> & 1", "0007", "3") in found
    assert len(found) == 4  # nothing for what was not handed in


def test_blackboard_gets_user_names_and_quotes_everywhere(course: Path) -> None:
    (course / "roster.csv").write_text(ROSTER)
    heading = "Set 1 [Total Pts: 6 Score] |4711"
    export("platforms.Blackboard", "--Blackboard.titles", f"ps1={heading}")
    first, *_ = Path("blackboard.csv").read_text().splitlines()
    assert first == f'"Last Name","First Name","Username","{heading}","ps2"'
    assert ["Smith, Jr", "Ada", "al1", "3", "3"] in cells("blackboard.csv")


def test_who_is_not_on_the_roster_is_left_out_and_named(
    course: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (course / "roster.csv").write_text("id\nada\n17\n")
    export("platforms.Blackboard")
    assert [line[2] for line in cells("blackboard.csv")[1:]] == ["17", "ada"]
    told = capfd.readouterr().err
    assert "Not on the roster, so left out: eve, idle" in told
    assert "Not final, since something waits for a person: 17/ps1" in told


@pytest.mark.parametrize(
    "options",
    [
        ["--student=[17,ada]", "--assignment=['ps2']"],
        ["--student=17", "--student=ada", "--assignment=ps2"],
    ],
)
def test_students_and_assignments_can_be_chosen(course: Path, options: list[str]) -> None:
    export("", *options)
    chosen = [[line[0], line[3]] for line in cells("grades.csv")[1:]]
    assert chosen == [["ps2", "17"], ["ps2", "ada"]]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--assignment=['ps9']"], "no such assignment in the gradebook: ps9"),
        (["--student=['zoe']"], "no such student in the gradebook: zoe"),
        (["--to=nowhere/grades.csv"], "nowhere/grades.csv: No such file"),
        (["--Csv.roster=other.csv"], "other.csv: No such file"),
        (["--Csv.roster=doubled.csv"], "doubled.csv:3: the id 'ada' is in line 2 already"),
    ],
)
def test_a_mistake_ends_in_a_message(
    course: Path, options: list[str], message: str, capfd: pytest.CaptureFixture[str]
) -> None:
    (course / "doubled.csv").write_text("id\nada\nada\n")
    with pytest.raises(SystemExit) as caught:
        export("", *options)
    assert caught.value.code == 1
    assert message in capfd.readouterr().err
    assert not (course / "grades.csv").exists()


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t=", "\r"])
def test_no_cell_begins_like_a_formula(first: str) -> None:
    assert harmless(f"{first}1").startswith("'")
    assert next(csv.reader([as_csv([[f"{first}1"]])]))[0][0] == "'"


def test_cells_keep_to_one_line_and_numbers_to_four_decimals() -> None:
    assert as_csv([["a\nb", "c,d", 'e"f']]) == 'a b,"c,d","e""f"\n'
    assert [number(x) for x in (None, 0.0, 3.0, 1 / 3, 100.0)] == ["", "0", "3", "0.3333", "100"]
