"""What prove calls a solution that did not come out as filed."""

import pytest

from jaxercise.outcome import CheckOutcome, CourseError, Verdict
from jaxercise.prove import (
    Proof,
    Solution,
    _complaint,
    _undecided_race,
    known_solutions,
    prove,
)


def outcome(check, prop, verdict, message=""):
    return CheckOutcome(check, prop, verdict, float(verdict is Verdict.PASSED), 1, message)


RIGHT = Solution("right: r", "")
WRONG = Solution("wrong: w", "", ("value",))
PASSED = outcome("value", "correctness", Verdict.PASSED)
FAILED = outcome("value", "correctness", Verdict.FAILED, "off")
IMPURE = outcome("pure", "purity", Verdict.FAILED, "prints")
BLOCKED = outcome("pure", "purity", Verdict.BLOCKED)


@pytest.mark.parametrize(
    ("solution", "outcomes", "complaint"),
    [
        (RIGHT, (PASSED,), ""),
        (RIGHT, (FAILED,), "value failed: off"),
        (RIGHT, (PASSED, BLOCKED), "pure blocked: "),
        (WRONG, (FAILED, BLOCKED), ""),
        (WRONG, (PASSED,), "survives value (passed)"),
        (WRONG, (FAILED, IMPURE), "also fails pure (purity): prints"),
        (Solution("starter", ""), (FAILED,), ""),
        (Solution("starter", ""), (PASSED,), "the starter earns points in value"),
        (
            WRONG,
            (FAILED, outcome("pure", "purity", Verdict.GRADER_ERROR, "broke")),
            "pure is grader_error: broke",
        ),
    ],
)
def test_complaints_say_what_is_not_as_filed(solution, outcomes, complaint):
    assert _complaint(solution, outcomes) == complaint


def test_a_race_that_nobody_could_decide_is_left_open_and_anything_else_is_not():
    race = outcome("fast", "speed", Verdict.INCONCLUSIVE, "busy")
    assert _undecided_race(race)
    assert not _undecided_race(outcome("fast", "speed", Verdict.FAILED))
    assert not _undecided_race(outcome("value", "correctness", Verdict.INCONCLUSIVE))
    assert Proof("ps2", "add_tax", "right: r", "full marks").left_open
    assert not Proof("ps2", "add_tax", "right: r", "full marks", message="survives").left_open


def write_solutions(course, text):
    path = course.solutions_file("ps2", "add_tax")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("# %% good: one\n", "a title is 'right: ...' or 'wrong: ... -> check"),
        ("# %% wrong: one\n", "a title is 'right: ...' or 'wrong: ... -> check"),
        ("# %% wrong: one -> no_such\n", "no check no_such; there are "),
    ],
)
def test_misfiled_solutions_are_named(course, text, words):
    write_solutions(course, text)
    lesson = course.lesson("ps2")
    with pytest.raises(CourseError, match=words):
        known_solutions(course, "ps2", lesson.by_name["add_tax"])


def test_an_exercise_without_known_solutions_is_named(course):
    with pytest.raises(CourseError, match="every exercise has known right and wrong solutions"):
        known_solutions(course, "ps2", course.lesson("ps2").by_name["halve"])


def test_an_unknown_exercise_is_named(course):
    with pytest.raises(CourseError, match="no exercise 'nothing' in ps2"):
        prove(course, ["ps2"], only="nothing")
