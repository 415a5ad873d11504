"""The report on a class: statistics, messages, regrades, resemblances, the page and the command."""

from __future__ import annotations

import dataclasses
import json
import os
import shutil
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import nbformat
import pytest

from jaxercise.checks.outcome import CheckOutcome, CourseError, ExerciseOutcome, Grade, Verdict
from jaxercise.cli.commands import main
from jaxercise.course.lesson import Course
from jaxercise.report.class_report import ClassReport, make_report
from jaxercise.report.items import CheckStatistics, check_statistics
from jaxercise.report.messages import message_groups
from jaxercise.report.page import page
from jaxercise.report.pictures import histogram
from jaxercise.report.records import ClassRecords, Submission
from jaxercise.report.similar import resemblances
from jaxercise.report.winnow import GRAM, WINDOW, fingerprints, tokens
from tests.small_course import make_course, submission

DUE = datetime(2026, 10, 2, 22, 0, tzinfo=UTC)
# As in tests/test_class.py: nbgrader reads what SQLAlchemy has not put into the session yet.
pytestmark = pytest.mark.filterwarnings("ignore:Object of type:sqlalchemy.exc.SAWarning")
P, F, B, N, G = (
    Verdict.PASSED,
    Verdict.FAILED,
    Verdict.BLOCKED,
    Verdict.NOT_ATTEMPTED,
    Verdict.GRADER_ERROR,
)


def outcome(check: str, verdict: Verdict, message: str = "") -> CheckOutcome:
    return CheckOutcome(
        check, "correctness", verdict, float(verdict is P), 1.0, message, f"Title of {check}."
    )


def graded(student: str, **exercises: list[CheckOutcome]) -> Submission:
    outcomes = tuple(ExerciseOutcome(name, tuple(checks)) for name, checks in exercises.items())
    return Submission(student, student.title(), Grade("ps7", student, outcomes, {}))


def one_check(*verdicts: tuple[Verdict, int]) -> CheckStatistics:
    """The statistics of a check `asked`, beside four others of which each student passed some."""
    found = check_statistics(
        [
            graded(
                f"s{number}",
                f1=[outcome("asked", verdict)],
                f2=[outcome(f"other{i}", P if i < others else F) for i in range(12)],
            )
            for number, (verdict, others) in enumerate(verdicts)
        ]
    )
    return found[0]


def test_counts_what_each_check_came_to() -> None:
    found = one_check((P, 4), (F, 1), (Verdict.TIMED_OUT, 1), (B, 2), (N, 0), (G, 2))
    assert (found.passed, found.failed, found.died) == (1, 1, 1)
    assert (found.blocked, found.untried, found.waits) == (1, 1, 1)
    assert found.difficulty == pytest.approx(1 / 3)


def test_a_check_that_strong_students_pass_discriminates() -> None:
    found = one_check(*[(P, 9), (P, 8), (P, 10), (F, 2), (F, 3), (F, 1)])
    assert found.discrimination is not None
    assert found.discrimination > 0.9
    assert not found.suspicions
    assert not found.remarks


def test_discrimination_leaves_the_check_itself_out() -> None:
    # Passing it adds a point to the total, which must not count as agreement.
    found = one_check(*[(P, 3), (F, 4), (P, 5), (F, 4), (P, 4)] * 2)
    assert found.discrimination == pytest.approx(0.0)
    assert found.remarks == ("tells nobody apart: passing it goes with no other points",)


def test_a_check_that_the_strong_fail_looks_broken() -> None:
    weak, strong = [(P, i % 3) for i in range(8)], [(F, 10 + i % 3) for i in range(4)]
    found = one_check(*weak, *strong)
    assert "those who do well elsewhere fail it more often" in found.suspicions[0]
    assert "who do best elsewhere failed it" in found.suspicions[1]


def test_a_check_that_all_fail_or_that_errs_looks_broken() -> None:
    assert one_check((F, 9), (F, 1), (F, 4)).suspicions == ("all 3 who tried it failed",)
    assert one_check((G, 9), (P, 1)).suspicions == (
        "the test or the grader itself failed for 1 of 2",
    )


def test_one_slip_of_a_good_student_is_no_suspicion() -> None:
    assert not one_check((F, 12), *[(P, 12)] * 4, *[(P, 5)] * 5).suspicions


def test_a_check_that_all_pass_tells_nobody_apart() -> None:
    found = one_check(*[(P, i) for i in range(6)])
    assert found.discrimination is None
    assert found.remarks == ("tells nobody apart: all who tried it passed",)


def test_messages_that_differ_in_numbers_are_one_group() -> None:
    found = message_groups(
        [
            graded("ann", f1=[outcome("a", F, "shape (3,) instead of (4,)")]),
            graded("bob", f1=[outcome("a", F, "shape (7,) instead of (8,)")]),
            graded("cem", f1=[outcome("a", F, "dtype float32 instead of float64")]),
            graded("dan", f1=[outcome("a", B), outcome("b", P)]),
        ]
    )
    assert [(group.students, group.variants) for group in found] == [
        (("ann", "bob"), 2),
        (("cem",), 1),
    ]
    assert found[0].message == "shape (3,) instead of (4,)"


def report(course: Course, records: ClassRecords, before: object = None) -> ClassReport:
    return make_report(course, course.lesson("ps7"), records, "2026-10-03 08:00 UTC", before)


def test_a_regrade_is_told_student_by_student(tmp_path: Path) -> None:
    course = make_course(tmp_path, ("f1",))
    first = [
        graded("ann", f1=[outcome("doubles", F), outcome("is_pure", B)]),
        graded("bob", f1=[outcome("doubles", P), outcome("is_pure", P)]),
        graded("cem", f1=[outcome("doubles", P), outcome("is_pure", P)]),
    ]
    earlier = json.loads(json.dumps(report(course, ClassRecords("ps7", tuple(first))).to_json()))
    now = [
        graded("ann", f1=[outcome("doubles", P), outcome("is_pure", P)]),
        first[1],
        graded("cem", f1=[outcome("doubles", F), outcome("is_pure", B)]),
        graded("new", f1=[outcome("doubles", F), outcome("is_pure", B)]),
    ]
    found = report(course, ClassRecords("ps7", tuple(now)), earlier).changes
    assert [(one.student, one.before, one.after) for one in found] == [
        ("cem", 2.0, 0.0),
        ("ann", 0.0, 2.0),
    ]
    change = found[1].checks[0]
    assert (change.name, change.before, change.after) == ("f1/doubles", "failed", "passed")


@pytest.mark.parametrize("wrong", [{"assignment": "ps1", "made": ""}, {}, [1], {"assignment": 3}])
def test_another_file_is_no_earlier_report(tmp_path: Path, wrong: object) -> None:
    course = make_course(tmp_path, ("f1",))
    with pytest.raises(CourseError, match="the earlier report is"):
        report(course, ClassRecords("ps7", ()), wrong)


OWN = """
def f1(x):
    levels = jnp.zeros(x.shape[0] + 1)
    for i in range(x.shape[0]):
        carried = levels[i] * 0.5 + x[i]
        levels = levels.at[i + 1].set(jnp.where(carried > 0, carried, -carried))
    return levels[1:] * 2
"""
COPY = """
# My own idea.
def f1(values):
    '''Answer.'''
    out = jnp.zeros(values.shape[0] + 1)
    for step in range(values.shape[0]):
        new = out[step] * 0.5 + values[step]  # carry on
        out = out.at[step + 1].set(
            jnp.where(new > 0, new, -new)
        )
    return out[1:] * 2
"""
OTHER = """
def f1(x):
    def step(level, value):
        level = jnp.abs(level / 2 + value)
        return level, level
    _, levels = jax.lax.scan(step, jnp.float32(0.0), x)
    return levels + levels
"""


def test_names_comments_and_layout_make_no_difference() -> None:
    assert [t.text for t in tokens(OWN)] == [t.text for t in tokens(COPY)]
    assert tokens("x = jnp.sum(y)")[0].text == "name"
    assert [token.text for token in tokens("jnp.sum")] == ["jnp", ".", "sum"]


def test_a_run_of_equal_tokens_gives_a_common_fingerprint() -> None:
    shared = "jnp.where(a > 1, b[2], c[3])"
    assert len(tokens(shared)) >= GRAM + WINDOW - 1
    one, other = (fingerprints(tokens(f"{head}\n{shared}")) for head in ("if x: y()", "[1, 2]"))
    assert {mark.value for mark in one} & {mark.value for mark in other}
    assert not fingerprints(tokens("a + b"))


@pytest.mark.parametrize("broken", ["def f(:\n  'unclosed", "(", "\tx\n y", "\x00", "f'{"])
def test_code_that_is_no_python_is_read_as_far_as_it_goes(broken: str) -> None:
    assert isinstance(fingerprints(tokens(broken)), list)


def test_a_copy_in_disguise_is_shown_and_another_way_is_not() -> None:
    answers = {"ann": {"f1": OWN}, "bob": {"f1": COPY}, "cem": {"f1": OTHER}}
    (found,) = resemblances(answers, {"f1": []})
    assert found.students == ("ann", "bob")
    assert found.overlaps[0].share == 1.0
    assert found.overlaps[0].lines[0] == tuple(range(2, 8))


def test_what_the_reference_explains_is_no_resemblance() -> None:
    answers = {"ann": {"f1": OWN}, "bob": {"f1": COPY}}
    assert not resemblances(answers, {"f1": [OWN]})


def test_what_much_of_the_class_has_is_no_resemblance() -> None:
    answers = {f"s{i}": {"f1": OWN} for i in range(6)}
    assert not resemblances(answers, {"f1": []})
    assert len(resemblances(dict(list(answers.items())[:4]), {"f1": []})) == 6


def test_scores_fall_into_bins_and_extra_credit_above_the_maximum() -> None:
    found = histogram([0, 9.9, 10, 10.5], 10.0)
    counts = [bar.count for bar in found.bars]
    assert (counts[0], counts[9], counts[10]) == (1, 2, 1)
    assert found.bars[10].words == "1 with more than 10 points"
    assert sum(bar.count for bar in histogram([], 0.0).bars) == 0


def class_of(course: Course) -> ClassRecords:
    wrong = [outcome("doubles", F, "<script>alert(1)</script> <b>3</b>"), outcome("is_pure", B)]
    right = [outcome("doubles", P), outcome("is_pure", P)]
    made = [
        graded("ann", f1=wrong),
        graded("bob", f1=right),
        graded("<i>cem</i>", f1=[outcome("doubles", G, "fault"), outcome("is_pure", P)]),
    ]
    answers = [{"f1": OWN + '# "<script>"'}, {"f1": COPY}, {"f1": OTHER}]
    submissions = [
        dataclasses.replace(
            one, answers=answer, handed_in=DUE + timedelta(hours=i), late_s=3600.0 * i, score=2.5
        )
        for i, (one, answer) in enumerate(zip(made, answers, strict=True))
    ]
    return ClassRecords("ps7", (*submissions, Submission("dan", "Dan")), ("eve",), DUE)


def test_the_page_escapes_what_students_wrote_and_needs_no_network(tmp_path: Path) -> None:
    course = make_course(tmp_path, ("f1",))
    text = page(
        report(course, class_of(course)), lambda student, exercise: f"/{student}#{exercise}"
    )
    assert "<script" not in text
    assert "<i>" not in text.lower()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "http://" not in text
    assert "https://" not in text
    assert text.index("Look at these hidden tests first") < text.index("Exercises and checks")
    for told in ("Waits for a person", "fault", "not graded", "Handed in nothing: eve", "1.0 h"):
        assert told in text


def test_the_page_of_a_class_without_grades_says_what_to_do(tmp_path: Path) -> None:
    course = make_course(tmp_path, ("f1",))
    records = ClassRecords("ps7", (Submission("dan", "Dan"),))
    assert "nbgrader autograde ps7" in page(report(course, records), lambda *_: "")


@pytest.fixture(scope="module")
def gradebook_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A gradebook with four students, three of whom handed in."""
    from nbgrader.api import Gradebook

    path = tmp_path_factory.mktemp("gradebook") / "gradebook.db"
    with pytest.MonkeyPatch.context() as patch:
        # nbgrader makes a gradebook by alembic, which it looks for on the PATH.
        patch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)
        with Gradebook(f"sqlite:///{path}", "jax") as opened:
            gradebook: Any = opened  # Its annotations ask for dicts where it takes values.
            gradebook.add_assignment("ps7", duedate="2026-10-02 22:00:00 UTC")
            gradebook.add_notebook("ps7", "ps7")
            gradebook.add_student("eve")
            for student, first_name in (("ann", "Ann"), ("bob", None), ("cem", None)):
                last_name = "Lee" if first_name else None
                gradebook.add_student(student, first_name=first_name, last_name=last_name)
                gradebook.add_submission("ps7", student, timestamp="2026-10-02 23:00:00 UTC")
    return path


@pytest.fixture
def nbgrader_class(gradebook_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Course:
    """A course with that gradebook, and graded notebooks of two of the three."""
    course = make_course(tmp_path, ("f1",))
    lesson = course.lesson("ps7")
    shutil.copy(gradebook_file, tmp_path)
    records = class_of(course)
    for one, student in zip(records.submissions, ("ann", "bob"), strict=False):
        assert one.grade is not None
        notebook = submission(lesson, dict(one.answers))
        notebook.metadata["jaxercise"] = {"grade": nbformat.from_dict(one.grade.to_json())}
        path = tmp_path / "autograded" / student / "ps7" / "ps7.ipynb"
        path.parent.mkdir(parents=True)
        nbformat.write(notebook, path)
    feedback = tmp_path / "feedback" / "ann" / "ps7" / "ps7.html"
    feedback.parent.mkdir(parents=True)
    feedback.touch()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(tmp_path / "none"))
    return course


def regrade(course: Course, student: str, verdict: Verdict) -> None:
    path = course.root / "autograded" / student / "ps7" / "ps7.ipynb"
    notebook = nbformat.read(path, as_version=4)
    checks = [outcome("doubles", verdict), outcome("is_pure", B)]
    grade = Grade("ps7", student, (ExerciseOutcome("f1", tuple(checks)),), {})
    notebook.metadata["jaxercise"]["grade"] = nbformat.from_dict(grade.to_json())
    nbformat.write(notebook, path)


def test_the_command_reads_gradebook_and_notebooks(nbgrader_class: Course) -> None:
    assert main(["report", "ps7", "--json", "out.json"]) == 0
    found = json.loads(Path("out.json").read_text())
    assert (found["graded"], found["missing"]) == (2, ["eve"])
    students = {one["student"]: one for one in found["students"]}
    assert students["ann"]["name"] == "Ann Lee"
    assert students["bob"]["name"] == "bob"
    assert students["ann"]["late_s"] == 3600
    assert students["ann"]["handed_in"] == "2026-10-02T23:00:00+00:00"
    assert students["cem"]["score"] is None
    assert [pair["students"] for pair in found["resemblances"]] == [["ann", "bob"]]
    text = Path("reports/ps7.html").read_text(encoding="utf-8")
    assert 'href="../feedback/ann/ps7/ps7.html#check_f1"' in text
    assert Path("reports/ps7.html").stat().st_mode & 0o007 == 0


def test_the_last_regrade_stays_in_the_report_until_the_next(nbgrader_class: Course) -> None:
    def changed() -> list[str]:
        assert main(["report", "ps7", "--json", "out.json"]) == 0
        return [one["student"] for one in json.loads(Path("out.json").read_text())["changes"]]

    assert changed() == []
    regrade(nbgrader_class, "bob", F)
    assert changed() == ["bob"]
    assert changed() == ["bob"]
    regrade(nbgrader_class, "ann", G)
    assert changed() == ["ann"]


def test_a_report_can_be_compared_with_a_named_one(
    nbgrader_class: Course, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["report", "ps7", "--json", "first.json"]) == 0
    regrade(nbgrader_class, "bob", F)
    assert main(["report", "ps7", "--before", "first.json", "--json", "-"]) == 0
    printed = capsys.readouterr().out
    found = json.loads(printed[printed.index("{") :])
    assert [one["student"] for one in found["changes"]] == ["bob"]
    assert main(["report", "ps7", "--before", "no.json"]) == 2
    assert "no.json: cannot be read as an earlier report" in capsys.readouterr().err


def test_an_assignment_that_the_gradebook_lacks_is_named(
    nbgrader_class: Course, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("gradebook.db").unlink()
    assert main(["report", "ps7"]) == 2
    assert "run `nbgrader generate_assignment ps7`" in capsys.readouterr().err
