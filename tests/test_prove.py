"""What prove calls a solution that did not come out as filed."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import pytest

from jaxercise.checks.outcome import CheckOutcome, CourseError, Verdict
from jaxercise.course.lesson import Course
from jaxercise.grading.prove import prove
from jaxercise.grading.solutions import Solution, known_solutions
from jaxercise.grading.trials import Proof, complaint_about, undecided_race
from jaxercise.sandbox.kernel import Kernel
from tests.processes import descendants, still_alive
from tests.small_course import make_course


def outcome(check, prop, verdict, message=""):
    return CheckOutcome(check, prop, verdict, float(verdict is Verdict.PASSED), 1, message)


ROOT = Path(__file__).resolve().parent.parent
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
    assert complaint_about(solution, outcomes) == complaint


def test_a_race_that_nobody_could_decide_is_left_open_and_anything_else_is_not():
    race = outcome("fast", "speed", Verdict.INCONCLUSIVE, "busy")
    assert undecided_race(race)
    assert not undecided_race(outcome("fast", "speed", Verdict.FAILED))
    assert not undecided_race(outcome("value", "correctness", Verdict.INCONCLUSIVE))
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


@pytest.mark.parametrize("assignment", Course(ROOT).assignments())
def test_each_check_has_a_wrong_answer_that_dies_in_it(assignment):
    course = Course(ROOT)
    for exercise in course.lesson(assignment).exercises:
        known = known_solutions(course, assignment, exercise)
        wrong = [solution for solution in known if solution.title.startswith("wrong")]
        right = [solution for solution in known if solution.title.startswith("right")]
        assert len(wrong) >= 4, exercise.name
        assert len(right) >= 2, exercise.name
        killing = {check for solution in wrong for check in solution.dies_in}
        assert {check.check for check in exercise.checks} == killing, exercise.name


def test_an_unknown_exercise_is_named(course):
    with pytest.raises(CourseError, match="no exercise 'nothing' in ps2"):
        prove(course, ["ps2"], only="nothing")


class _FakeWorkshop:
    """Proves what it is told; `raced` says in which order it was asked to race."""

    def __init__(self, tried):
        self.tried, self.raced = tried, []

    def prove(self, assignment, name):
        return iter(self.tried)

    def race(self, solution, proof):
        self.raced.append(solution.title)
        return replace(proof, verdicts=proof.verdicts | {"is_fast": "passed"})


def test_only_what_passes_everything_else_is_raced_and_last_of_all(monkeypatch):
    def proof(solution, ok):
        return Proof("ps2", "ema", solution.title, solution.expected, {"value": "passed"}, ok)

    slow = Solution("wrong: slow", "", ("beats_the_loop",))
    impure = Solution("wrong: impure", "", ("is_pure",))
    broken = Solution("right: broken", "")
    right = Solution("right: r", "")
    tried = [
        (slow, proof(slow, ok=True)),
        (right, proof(right, ok=True)),
        (broken, proof(broken, ok=False)),
        (None, proof(impure, ok=True)),
    ]
    prover = _FakeWorkshop(tried)
    monkeypatch.setattr("jaxercise.grading.prove.prover", lambda root, seed: nullcontext(prover))
    proofs = prove(Course(ROOT), ["ps2"], only="ema")
    assert prover.raced == ["wrong: slow", "right: r"]
    assert [p.solution for p in proofs[:2]] == ["right: broken", "wrong: impure"]
    assert all("is_fast" in p.verdicts for p in proofs[2:])


ONE_AFTER_THE_OTHER = """\
# %% wrong: counts its calls -> is_pure
calls = []

def f1(x):
    calls.append(1)
    return jnp.asarray(x) * 2

# %% wrong: three times -> doubles
def f1(x):
    return jnp.asarray(x) * 3

# %% right: a helper
def twice(x):
    return jnp.asarray(x) * 2

def f1(x):
    return twice(x)

# %% right: a helper that only another answer has
def f1(x):
    return twice(x)

# %% right: a note in a module
np.f1_was_here = True

def f1(x):
    return jnp.asarray(x) * 2

# %% right: led astray by the note
def f1(x):
    return jnp.asarray(x) * (3 if hasattr(np, "f1_was_here") else 2)
"""


def test_answers_share_processes_and_nothing_else(tmp_path, monkeypatch):
    course = make_course(tmp_path, ("f1",))
    path = course.solutions_file("ps7", "f1")
    path.parent.mkdir(parents=True)
    path.write_text(ONE_AFTER_THE_OTHER)
    forks, found = [], {}
    fork = Kernel.fork
    monkeypatch.setattr(Kernel, "fork", lambda *args: (forks.append(1), fork(*args))[1])

    def report(proof):
        found[proof.solution.partition(": ")[2] or proof.solution] = (proof.ok, len(forks))
        forks.clear()

    proofs = prove(course, ["ps7"], jobs=1, report=report)
    assert found == {
        "starter": (True, 1),
        "reference": (True, 1),  # The fresh run's process; the starter's serves on.
        "a helper": (True, 0),
        "a helper that only another answer has": (False, 1),  # Once more by itself.
        "a note in a module": (True, 1),
        "led astray by the note": (True, 2),  # By itself it is right.
        "counts its calls": (True, 0),
        "three times": (True, 2),  # Not where an impure one has been.
    }
    (failed,) = [proof for proof in proofs if not proof.ok]
    assert "no cell before this check defines twice" in failed.message


VISIBLE = """
# %% right: float32 whatever comes
def f1(x):
    return jnp.asarray(x, jnp.float32) * 2

# %% wrong: three times -> doubles
def f1(x):
    return jnp.asarray(x) * 3
"""


@pytest.mark.parametrize(
    ("visible", "complaints"),
    [
        ("check(f1, example(np.ones(2, np.float32), gives=jnp.full(2, 2.0)))", {}),
        (
            "shown = 2\ncheck(\n    f1, example(np.ones(2, np.float32), gives=jnp.full(2, 3.0)))",
            {
                "reference": "ps7.md:{1}: SAID: f1: f1 returns wrong values",
                "right: float32 whatever comes": "ps7.md:{1}: SAID: f1: f1 returns wrong",
            },
        ),
        (
            "check(f1, example(np.ones(2, np.int32), gives=jnp.full(2, 2)))",
            {"right: float32 whatever comes": "ps7.md:{0}: SAID: f1: f1 returns "},
        ),
        (
            "check(f1, exmple=1)",
            {
                "reference": "ps7.md:{0}: SAID: TypeError: check() got an unexpected",
                "right: float32 whatever comes": "ps7.md:{0}: SAID: TypeError: ",
            },
        ),
    ],
    ids=["right", "a wrong value", "too strict for a right answer", "a misspelt option"],
)
def test_right_answers_pass_the_visible_checks(tmp_path, visible, complaints):
    course = make_course(tmp_path, ("f1",))
    lesson = course.lesson_file("ps7")
    text = lesson.read_text().replace(
        'print("visible checks of f1")', f"from jaxercise import check, example\n{visible}"
    )
    lesson.write_text(text)
    first = text.splitlines().index("from jaxercise import check, example") + 2
    path = course.solutions_file("ps7", "f1")
    path.parent.mkdir(parents=True)
    path.write_text(VISIBLE)
    found = {proof.solution: proof.message for proof in prove(course, ["ps7"], jobs=1)}
    told = {solution: message for solution, message in found.items() if message}
    assert set(told) == set(complaints)
    for solution, message in complaints.items():
        said = message.replace("SAID", "the visible checks of a right answer")
        assert said.format(first, first + 1) in told[solution]


STOPS = """\
# %% right: stops before it defines f1
factor = jnp.asarray(2)
rate_of_growth = np.no_such_name


def f1(x):
    return jnp.asarray(x) * factor


# %% right: right
def f1(x):
    return jnp.asarray(x) * 2
"""


def test_a_cell_that_stops_is_named_with_its_line_and_error(tmp_path):
    course = make_course(tmp_path, ("f1",))
    path = course.solutions_file("ps7", "f1")
    path.parent.mkdir(parents=True)
    path.write_text(STOPS)
    found = {proof.solution: proof.message for proof in prove(course, ["ps7"], jobs=1)}
    assert (
        "f1 is not defined: the cell of f1 (In [4]) stopped at line 2 with AttributeError: module "
        "'numpy' has no attribute 'no_such_name'."
    ) in found["right: stops before it defines f1"]
    assert not found["right: right"]


WAITS = """
import time
from pathlib import Path

from jaxercise.grading.prove import in_a_pool


def wait(root, assignment, name):
    Path(root, name).touch()
    time.sleep(600)


if __name__ == "__main__":
    import sys

    folder = Path(sys.argv[1])
    list(in_a_pool(wait, [(folder, "ps7", "first"), (folder, "ps7", "second")], jobs=2))
"""


def test_the_processes_of_a_killed_proof_end(tmp_path):
    script = tmp_path / "waits.py"
    script.write_text(WAITS)
    proof = subprocess.Popen([sys.executable, script, tmp_path], start_new_session=True)
    try:
        for _ in range(600):
            if all((tmp_path / name).exists() for name in ("first", "second")):
                break
            time.sleep(0.1)
        workers = descendants(proof.pid)
        assert len(workers) >= 2
        proof.kill()
        proof.wait()
        assert not still_alive(lambda: workers, patience_s=60)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(proof.pid, signal.SIGKILL)


SHOWS_AN_INPUT = '''
import pytest

from jaxercise.checks.outcome import fail


@pytest.mark.correctness(points=3)
def test_doubles(student, rng):
    """Twice as much."""
    fail(f"saw {rng.integers(2**31)}")
'''


def test_the_seed_decides_the_hidden_inputs(tmp_path):
    course = make_course(tmp_path, ("f1",))
    path = course.solutions_file("ps7", "f1")
    path.parent.mkdir(parents=True)
    path.write_text("# %% right: right\ndef f1(x):\n    return x\n")
    (course.tests_folder("ps7") / "test_f1.py").write_text(SHOWS_AN_INPUT)

    def seen(seed):
        proofs = prove(course, ["ps7"], jobs=1, seed=seed)
        return next(proof.message for proof in proofs if proof.solution == "right: right")

    assert "saw" in seen(0)
    assert seen(0) == seen(0) != seen(1)
