"""A roster: what is read of it, which mistakes are named, and what the gradebook gets."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from nbgrader.api import Gradebook

from jaxercise.checks.outcome import CourseError
from jaxercise.cli.commands import main
from jaxercise.course.lesson import Course
from jaxercise.nbgrader.roster import Student, read_roster


def roster(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "roster.csv"
    path.write_bytes(text.encode(encoding))
    return path


def test_reads_every_column_in_any_order(tmp_path: Path) -> None:
    text = (
        "email,id,first_name,last_name,name,section,canvas_id,sis_id,login,id_number\n"
        'a@x.org,ada,Ada,"Lovelace, Jr",Ada L.,A,17,S1,al,0042\n'
    )
    assert read_roster(roster(tmp_path, text)) == [
        Student("ada", "Ada L.", "Ada", "Lovelace, Jr", "a@x.org", "A", "17", "S1", "al", "0042")
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_reads_what_spreadsheets_write(tmp_path: Path, encoding: str, delimiter: str) -> None:
    text = "ID,First name\r\njose,José\r\n,\r\n\r\nzoë,Zoë\r\n".replace(",", delimiter)
    students = read_roster(roster(tmp_path, text, encoding))
    assert [(s.id, s.first_name, s.full_name) for s in students] == [
        ("jose", "José", "José"),
        ("zoë", "Zoë", "Zoë"),
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", ":1: empty; the first line names the columns"),
        ("id\n", ": names columns, but no students"),
        ("id,grade\nada,1\n", ":1: unknown column 'grade'; known are id, name"),
        ("id,ID\nada,1\n", ":1: two columns are called 'id'"),
        ("name\nAda\n", ":1: no column 'id'"),
        ("id,name\nada,Ada\n\nada,Bob\n", ":4: the id 'ada' is in line 2 already"),
        ("id\nada\nADA\n", ":3: the id 'ADA' is in line 2 already"),
        ("id,email\na,x@y.z\nb,X@y.z\n", ":3: the email 'X@y.z' is in line 2 already"),
        ("id,name\n,Ada\n", ":2: the id is empty"),
        ("id,name\nada,Smith, Jr\n", ":2: 3 cells under 2 columns; a name with a comma"),
        ("id\n../ada\n", ":2: '../ada' cannot be an id"),
        ("id\n=1+1\n", ":2: '=1+1' cannot be an id"),
        ("id\na+b\n", ":2: 'a+b' cannot be an id"),
        ("id\nada l\n", ":2: 'ada l' cannot be an id"),
        ('id,name\nada,"Ada\n', ":2: not CSV: unexpected end of data"),
    ],
)
def test_a_mistake_is_named_with_its_line(tmp_path: Path, text: str, message: str) -> None:
    path = roster(tmp_path, text)
    with pytest.raises(CourseError) as caught:
        read_roster(path)
    assert str(caught.value).startswith(f"{path}{message}")


def test_a_file_that_is_no_text_or_not_there_is_named(tmp_path: Path) -> None:
    path = roster(tmp_path, "id\nada\nzoë\n", "latin-1")
    with pytest.raises(CourseError, match=r"roster\.csv:3: not UTF-8"):
        read_roster(path)
    with pytest.raises(CourseError, match=r"nowhere\.csv: No such file"):
        read_roster(tmp_path / "nowhere.csv")


def test_students_get_into_the_gradebook_and_keep_what_the_roster_does_not_say(
    course: Course, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(course.root)
    monkeypatch.setenv("PATH", os.defpath)  # as where the environment is not activated
    (course.root / "nbgrader_config.py").write_text("c.CourseDirectory.course_id = 'jax'\n")
    database = f"sqlite:///{course.root}/gradebook.db"
    assert main(["roster", str(roster(course.root, "id\nzoe\n"))]) == 0
    assert capsys.readouterr().out == "students: 1 added, 0 brought up to date\n"
    with Gradebook(database, "jax") as gradebook:
        gradebook.add_student("eve")
        ada: Any = {"email": "old@x.org", "first_name": "A."}
        gradebook.add_student("ada", **ada)
    path = roster(course.root, "id,name,email\nada,Ada King Lovelace,\nalan,Alan,a@x.org\n")
    assert main(["roster", str(path), "--check"]) == 0
    assert capsys.readouterr().out == f"{path}: 2 students, no mistakes\n"
    assert main(["roster", str(path)]) == 0
    assert capsys.readouterr().out == (
        "students: 1 added, 1 brought up to date\n"
        "in the gradebook, but not on the roster: eve, zoe\n"
    )
    with Gradebook(database, "jax") as gradebook:
        ada, alan = gradebook.find_student("ada"), gradebook.find_student("alan")
        assert (ada.first_name, ada.last_name, ada.email) == ("Ada King", "Lovelace", "old@x.org")
        assert (alan.last_name, alan.email) == ("Alan", "a@x.org")


def test_a_wrong_roster_is_a_message(
    course: Course, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(course.root)
    path = roster(course.root, "id\nada,Ada\n")
    assert main(["roster", str(path)]) == 2
    assert capsys.readouterr().err.startswith(f"jaxercise: {path}:2: 2 cells under 1 columns")
