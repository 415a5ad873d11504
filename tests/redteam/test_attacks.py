"""Cheats in cells, against the judge in its sandbox: not one point more than honest work earns."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import nbformat
import pytest

from jaxercise.checks.outcome import ExerciseOutcome, Grade
from jaxercise.course.lesson import Course
from jaxercise.grading.judge import Judge, Judged
from tests.redteam.attacks import ATTACKS as ON_THE_GRADER
from tests.redteam.attacks import BEYOND, PERSISTING, TIMED, Attack
from tests.redteam.hidden import HIDDEN, keeping_state
from tests.redteam.host_attacks import HOST_ATTACKS
from tests.redteam.ledger import Ledger, Row, points
from tests.small_course import DRAW, TWICE, WRONG, right_answers, submission

ROOT = Path(__file__).parent.parent.parent

ATTACKS = (*ON_THE_GRADER, *HOST_ATTACKS)
NOTHING_FOUND = "nothing found, 0 of 3"


def notebooks() -> list[tuple[Attack, ...]]:
    """Attacks that share a notebook; those that change their process have one to themselves."""
    sharing = [attack for attack in ATTACKS if not attack.alone]
    size = len(TWICE)
    together = [tuple(sharing[at : at + size]) for at in range(0, len(sharing), size)]
    return [*together, *((attack,) for attack in ATTACKS if attack.alone)]


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """Servers of the host's, which no notebook should reach."""
    with socket.create_server(("127.0.0.1", 0)) as tcp, socket.socket(socket.AF_UNIX) as abstract:
        abstract.bind("\0jaxercise-redteam")
        abstract.listen()
        yield tcp.getsockname()[1]


@pytest.fixture(scope="module")
def honest(judge: Judge, course: Course) -> Grade:
    """What an honest submission earns before any attack."""
    lesson = course.lesson("ps7")
    grade = judge.grade(submission(lesson, right_answers(lesson)), "ps7", "honest")
    assert grade.score == grade.max_score
    assert grade.flags == ()
    return grade


@pytest.fixture(scope="module")
def judged_with(judge: Judge, course: Course, port: int, honest: Grade) -> Callable[..., Judged]:
    """The judged notebook that holds an attack, each judged once."""
    done: dict[str, Judged] = {}
    lesson = course.lesson("ps7")

    def judged(attack: Attack) -> Judged:
        if attack.name not in done:
            together = next(group for group in notebooks() if attack in group)
            sources = {"draw": DRAW}
            for name, one in zip(TWICE, together, strict=False):
                sources[name] = prepared(one.source, name, course, port)
                if one.before:
                    sources[f"before check_{name}"] = one.before.replace("NAME", name)
            result = judge.judge_notebook(submission(lesson, sources), "ps7", attack.name)
            done.update({one.name: result for one in together})
        return done[attack.name]

    return judged


def prepared(source: str, name: str, course: Course, port: int) -> str:
    constants = f"COURSE, PORT = {str(course.root)!r}, {port}\n"
    # A traceback shows the source, which must not look like something found.
    source = re.sub(r"""(['"])LOOT""", r"\1LO\1 \1OT", source.replace("NAME", name))
    return constants * ("COURSE" in source or "PORT" in source) + source


def shown(judged: Judged) -> str:
    """All that the cells show and the graded ones say, without any source."""
    outputs = [cell.outputs for cell in judged.notebook.cells if cell.cell_type == "code"]
    return json.dumps(outputs)


def exercise_of(attack: Attack) -> str:
    together = next(group for group in notebooks() if attack in group)
    return TWICE[together.index(attack)]


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_a_cheat_earns_nothing(
    attack: Attack, judged_with: Callable[..., Judged], seen: Ledger, monkeypatch
) -> None:
    monkeypatch.setenv("REDTEAM_SECRET", "REDTEAM_SECRET")
    judged = judged_with(attack)
    name = exercise_of(attack)
    outcome = next(one for one in judged.grade.exercises if one.exercise == name)
    flags = [flag for flag in judged.grade.flags if attack.alone or f"{name}" in flag]
    seen.check(attack.row, points(outcome, bool(flags)))
    assert "LOOT" not in shown(judged)
    # What an instructor reads besides may speak of hidden inputs.
    told = shown(judged) + json.dumps(judged.grade.to_json() | {"flags": []})
    assert "S12345" not in told
    graded = [cell for cell in judged.notebook.cells if cell.id.startswith("check_")]
    assert all(len(cell.outputs) == 1 for cell in graded)
    for cell, one in zip(graded, judged.grade.exercises, strict=True):
        assert cell.outputs[0].data["text/plain"] == f"{one.score:g}"


def test_a_cheat_does_not_spoil_the_exercises_beside_it(
    judged_with: Callable[..., Judged],
) -> None:
    """But for cheats that break the whole process, which is theirs to break."""
    for attack in ATTACKS:
        if not attack.alone:
            draw = judged_with(attack).grade.exercises[-1]
            assert (draw.exercise, draw.score) == ("draw", 3)


@pytest.mark.parametrize("name", PERSISTING)
def test_nothing_is_carried_to_the_next_submission(
    name: str, judge: Judge, course: Course, seen: Ledger
) -> None:
    lesson = course.lesson("ps7")
    leaves, looks = PERSISTING[name]
    for source in (leaves, looks):
        cells = {"f1": f"{source}\n{WRONG.replace('NAME', 'f1')}"}
        judged = judge.judge_notebook(submission(lesson, cells), "ps7", name)
    outcome = judged.grade.exercises[0]
    found = "something found" if "LOOT" in shown(judged) else "nothing found"
    row = Row("attack", f"left for the next submission: {name}", NOTHING_FOUND)
    seen.check(row, f"{found}, {points(outcome)}")


@pytest.fixture(scope="module")
def keeping(judge: Judge, course: Course) -> dict[str, ExerciseOutcome]:
    """What right answers with hidden state earn, several in a notebook."""
    outcomes: dict[str, ExerciseOutcome] = {}
    for at in range(0, len(HIDDEN), len(TWICE)):
        names = list(HIDDEN)[at : at + len(TWICE)]
        cells = {
            exercise: keeping_state(name).replace("NAME", exercise)
            for exercise, name in zip(TWICE, names, strict=False)
        }
        grade = judge.grade(submission(course.lesson("ps7"), cells), "ps7", "hidden state")
        outcomes.update(zip(names, grade.exercises, strict=False))
    return outcomes


@pytest.mark.parametrize("name", HIDDEN)
def test_hidden_state_costs_the_points_for_purity(
    name: str, keeping: dict[str, ExerciseOutcome], seen: Ledger
) -> None:
    outcome = keeping[name]
    assert {o.property for o in outcome.checks if o.points == 0} == {"purity"}
    seen.check(Row("hidden", name, "2 of 3"), points(outcome))


@pytest.mark.parametrize("name", BEYOND)
def test_what_is_not_promised_is_known(
    name: str, judge: Judge, course: Course, seen: Ledger
) -> None:
    """When one of these fails for earning less, promise more."""
    cells = {"f1": BEYOND[name].replace("NAME", "f1")}
    grade = judge.grade(submission(course.lesson("ps7"), cells), "ps7", name)
    row = Row("beyond", name, "3 of 3, honest: 2 of 3")
    seen.check(row, f"{points(grade.exercises[0])}, honest: 2 of 3")


def test_an_honest_submission_is_graded_after_all_attacks_as_before(
    judge: Judge, course: Course, honest: Grade, seen: Ledger
) -> None:
    lesson = course.lesson("ps7")
    grade = judge.grade(submission(lesson, right_answers(lesson)), "ps7", "honest")
    same = (grade.exercises, grade.repairs, grade.flags) == (honest.exercises, (), ())
    row = Row("attack", "all of the above, then an honest submission", "graded as before")
    seen.check(row, "graded as before" if same else "graded otherwise")


@pytest.fixture(scope="module")
def timing_judge() -> Iterator[Judge]:
    with Judge(Course(ROOT)) as judge:
        yield judge


@pytest.mark.parametrize("name", TIMED)
def test_a_cheat_at_the_timer_earns_no_points_for_speed(
    name: str, timing_judge: Judge, seen: Ledger
) -> None:
    lesson = Course(ROOT).lesson("ps2")
    notebook = submission(lesson, {"ema": TIMED[name]})
    nbformat.validate(notebook)
    grade = timing_judge.grade(notebook, "ps2", name)
    outcome = next(one for one in grade.exercises if one.exercise == "ema")
    speed = sum(check.points for check in outcome.checks if check.property == "speed")
    seen.check(Row("attack", name, "0 of 1 for speed"), f"{speed:g} of 1 for speed")
    assert outcome.score <= 4
