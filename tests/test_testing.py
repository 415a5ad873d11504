"""Hidden tests as verdicts: what each ending of a test means."""

import numpy as np
import pytest

from jaxercise.checks.outcome import CheckOutcome, StudentDied, Verdict
from jaxercise.checks.proxy import Student
from jaxercise.course.sources import declared_checks
from jaxercise.grading.reference import Reference
from jaxercise.grading.testing import CheckContext, blocked, run_checks
from jaxercise.inside.observe import observe

HEADER = """\
import pytest
from jaxercise.checks.outcome import Verdict
from jaxercise.checks.outcome import StudentDied
from jaxercise.checks.assertions import CallRaised, fail
from jaxercise.checks.outcome import Inconclusive

"""
RIGHT = '''
@pytest.mark.correctness(points=2)
def test_is_right():
    """It is right."""
'''


def outcomes_of(tmp_path, text, declared_from=None):
    path = tmp_path / "test_f.py"
    path.write_text(HEADER + text)
    declared = declared_checks(path)
    if declared_from is not None:
        path.write_text(HEADER + declared_from)
    namespace = {"f": lambda x: x}
    student = Student(lambda call, run: observe(namespace, call))
    context = CheckContext("f", student, Reference(np), race=lambda *a, **k: None)
    checked = run_checks(path, declared, context)
    return {o.check: o for o in checked.outcomes}, checked.details


def ending(tmp_path, body):
    text = f'@pytest.mark.correctness(points=2)\ndef test_c():\n    """C."""\n    {body}\n'
    outcomes, details = outcomes_of(tmp_path, text)
    return outcomes["c"], details


def test_a_test_that_ends_well_earns_its_points(tmp_path):
    outcome, details = ending(tmp_path, "pass")
    assert (outcome.verdict, outcome.points, outcome.title) == (Verdict.PASSED, 2, "C.")
    assert details == ()


@pytest.mark.parametrize(
    ("body", "verdict", "message"),
    [
        ("fail('off by one')", Verdict.FAILED, "off by one"),
        ("raise Inconclusive('too noisy')", Verdict.INCONCLUSIVE, "too noisy"),
        (
            "raise StudentDied(Verdict.CRASHED, 'it ended')",
            Verdict.CRASHED,
            "When f is called, it ended.",
        ),
        (
            "raise StudentDied(Verdict.TIMED_OUT, 'it hangs')",
            Verdict.TIMED_OUT,
            "When f is called, it hangs.",
        ),
    ],
)
def test_what_a_test_raises_is_its_verdict(tmp_path, body, verdict, message):
    outcome, _ = ending(tmp_path, body)
    assert (outcome.verdict, outcome.message, outcome.points) == (verdict, message, 0)


@pytest.mark.parametrize(
    "body",
    ["assert 1 == 2", "raise ValueError('secret 42')", "pytest.skip('no')", "import nothing_such"],
)
def test_a_fault_of_the_test_is_the_graders_and_tells_the_student_nothing(tmp_path, body):
    outcome, details = ending(tmp_path, body)
    assert outcome.verdict is Verdict.GRADER_ERROR
    assert outcome.message == "The grader itself failed here; a person will look at it."
    assert body == "pytest.skip('no')" or "f: c:" in details[0]


def test_a_file_that_does_not_import_is_the_graders_fault(tmp_path):
    outcomes, details = outcomes_of(tmp_path, RIGHT, declared_from="import nothing_such\n" + RIGHT)
    assert outcomes["is_right"].verdict is Verdict.GRADER_ERROR
    assert "nothing_such" in details[0]


def test_another_set_of_checks_than_declared_is_the_graders_fault(tmp_path):
    other = RIGHT.replace("is_right", "is_other")
    outcomes, details = outcomes_of(tmp_path, RIGHT, declared_from=other)
    assert outcomes["is_right"].verdict is Verdict.GRADER_ERROR
    assert details


PURE = '''
@pytest.mark.purity(points=1)
def test_is_pure():
    """It is pure."""
    {body}
'''
WRONG = RIGHT + "    fail('wrong')\n"


def purity_beside(tmp_path, correctness, body):
    outcomes, _ = outcomes_of(tmp_path, correctness + PURE.format(body=body))
    return outcomes["is_pure"]


def test_a_pure_wrong_answer_earns_nothing(tmp_path):
    outcome = purity_beside(tmp_path, WRONG, "pass")
    assert (outcome.verdict, outcome.points) == (Verdict.BLOCKED, 0)
    assert outcome.message == "counts once this passes: It is right."


def test_an_impurity_of_a_wrong_answer_is_still_told(tmp_path):
    assert purity_beside(tmp_path, WRONG, "fail('prints')").verdict is Verdict.FAILED


def test_purity_of_a_call_that_raises_waits_for_correctness(tmp_path):
    assert purity_beside(tmp_path, WRONG, "raise CallRaised('no')").verdict is Verdict.BLOCKED


def test_a_right_impure_answer_loses_purity_alone(tmp_path):
    outcomes, _ = outcomes_of(tmp_path, RIGHT + PURE.format(body="fail('prints')"))
    assert outcomes["is_right"].points == 2
    assert outcomes["is_pure"].points == 0


SPEED = '''
@pytest.mark.speed(points=1)
def test_is_fast():
    """It is fast."""
    raise AssertionError("ran")
'''


def test_speed_is_not_measured_before_all_else_passes(tmp_path):
    outcomes, details = outcomes_of(tmp_path, SPEED + RIGHT + PURE.format(body="fail('prints')"))
    assert outcomes["is_fast"].verdict is Verdict.BLOCKED
    assert details == ()


def test_after_a_check_that_hangs_the_others_are_not_tried(tmp_path):
    text = RIGHT + "    raise StudentDied(Verdict.TIMED_OUT, 'it hangs')\n"
    outcomes, details = outcomes_of(tmp_path, text + PURE.format(body="raise ValueError('ran')"))
    assert outcomes["is_pure"].verdict is Verdict.TIMED_OUT
    assert details == ()


def test_undecided_correctness_blocks_nothing():
    undecided = CheckOutcome("a", "correctness", Verdict.GRADER_ERROR, 0, 1)
    pure = CheckOutcome("b", "purity", Verdict.PASSED, 1, 1)
    assert blocked([undecided, pure])[1].points == 1


def test_inputs_depend_on_seed_exercise_and_check_alone():
    context = CheckContext("f", Student(lambda c, r: None), Reference(np), lambda: None, seed=1)
    again = CheckContext("f", Student(lambda c, r: None), Reference(np), lambda: None, seed=1)
    other = CheckContext("g", Student(lambda c, r: None), Reference(np), lambda: None, seed=1)
    assert context.rng("a").random() == again.rng("a").random() != context.rng("b").random()
    assert context.rng("a").random() != other.rng("a").random()


def test_a_reference_value_is_computed_once(tmp_path):
    path = tmp_path / "ps9.py"
    path.write_text("calls = []\ndef f(x):\n    calls.append(x)\n    return x + 1\n")
    reference = Reference.load(path)
    assert [reference.f(np.ones(2)).tolist() for _ in range(2)] == [[2, 2], [2, 2]]
    assert reference.f(np.zeros(2)).tolist() == [1, 1]
    assert len(reference._module.calls) == 2


def test_a_died_student_carries_its_verdict():
    assert StudentDied(Verdict.CRASHED, "why").verdict is Verdict.CRASHED
