"""A class through the whole of nbgrader: the demonstration, looked at closely."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from jaxercise.demo import read_grade, run_demo, stored_scores
from jaxercise.lesson import Course
from jaxercise.outcome import CourseError, Grade, Verdict
from jaxercise.sources import declared_checks

# One set: the others take the same path, and the known answers of all are proven elsewhere.
ASSIGNMENTS = ["ps2"]
# nbgrader reads attributes of objects that SQLAlchemy has not put into the session yet; the
# scores come out right.
pytestmark = pytest.mark.filterwarnings("ignore:Object of type:sqlalchemy.exc.SAWarning")


@pytest.fixture(scope="module")
def repository() -> Course:
    return Course(Path(__file__).resolve().parent.parent)


@pytest.fixture(scope="module")
def folder(repository: Course, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration's folder after a run."""
    folder = tmp_path_factory.mktemp("class") / "demo"
    assert run_demo(repository, folder, ASSIGNMENTS) == 0
    return folder


def grade(folder: Path, student: str, assignment: str) -> Grade:
    return read_grade(folder, student, assignment)


def verdicts(folder: Path, student: str, assignment: str, property_: str) -> set[Verdict]:
    exercises = grade(folder, student, assignment).exercises
    checks = [check for exercise in exercises for check in exercise.checks]
    return {check.verdict for check in checks if check.property == property_}


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_every_submission_is_in_the_gradebook(folder: Path, assignment: str) -> None:
    rows = stored_scores(folder, assignment)
    handed_in = {path.parent.name for path in folder.glob(f"submitted/*/{assignment}")}
    assert {student for student, *_ in rows} == handed_in
    assert len(rows) >= 8
    for student, score, max_score, by_hand in rows:
        judged = grade(folder, student, assignment)
        assert max_score == judged.max_score
        assert by_hand == any(exercise.needs_a_person for exercise in judged.exercises)
        decided = [one.score for one in judged.exercises if not one.needs_a_person]
        assert score == pytest.approx(sum(decided))


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_right_answers_lose_nothing(folder: Path, assignment: str) -> None:
    for student in ("perfect", "pastes-a-cell-twice"):
        judged = grade(folder, student, assignment)
        lost = [c for e in judged.exercises for c in e.checks if c.verdict is not Verdict.PASSED]
        # A host too busy for a stopwatch leaves a timed check to a person: no point is lost.
        assert {check.verdict for check in lost} <= {Verdict.INCONCLUSIVE}
        assert {check.property for check in lost} <= {"speed"}


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_nothing_done_earns_nothing(folder: Path, assignment: str) -> None:
    judged = grade(folder, "untouched", assignment)
    assert judged.score == 0
    verdicts = {check.verdict for exercise in judged.exercises for check in exercise.checks}
    assert verdicts == {Verdict.NOT_ATTEMPTED}


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_half_the_work_earns_what_it_is_worth(folder: Path, assignment: str) -> None:
    exercises = grade(folder, "half-done", assignment).exercises
    half = len(exercises) // 2
    assert all(one.score == one.max_score or one.needs_a_person for one in exercises[:half])
    assert all(one.score == 0 for one in exercises[half:])


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_a_crash_costs_its_own_exercise_only(folder: Path, assignment: str) -> None:
    exercises = grade(folder, "crashes-the-kernel", assignment).exercises
    lost = [one for one in exercises if one.score < one.max_score and not one.needs_a_person]
    assert len(lost) == 1
    assert {check.verdict for check in lost[0].checks} == {Verdict.CRASHED}


@pytest.mark.parametrize(
    ("student", "assignment", "property_"),
    [
        ("mutates-its-input", "ps2", "purity"),
        ("leaks-a-global", "ps2", "purity"),
    ],
)
def test_a_mistake_fails_the_property_it_breaks(
    folder: Path, student: str, assignment: str, property_: str
) -> None:
    assert Verdict.FAILED in verdicts(folder, student, assignment, property_)
    lost = [
        one.exercise
        for one in grade(folder, student, assignment).exercises
        if any(check.verdict is Verdict.FAILED for check in one.checks)
    ]
    assert len(lost) == 1


def test_too_slow_is_never_right_by_accident(folder: Path) -> None:
    assert verdicts(folder, "too-slow", "ps2", "speed") <= {Verdict.FAILED, Verdict.INCONCLUSIVE}


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_feedback_tells_titles_and_messages_and_no_hidden_test(
    folder: Path, repository: Course, assignment: str
) -> None:
    pages = {
        path.parts[-3]: path.read_text(encoding="utf-8")
        for path in folder.glob(f"feedback/*/{assignment}/*.html")
    }
    assert len(pages) == len(stored_scores(folder, assignment))
    tests = sorted(repository.tests_folder(assignment).glob("*.py"))
    titles = {
        c.title for path in tests if path.stem.startswith("test_") for c in declared_checks(path)
    }
    lines = {line for path in tests for line in hidden_lines(path)} - titles
    for student, page in pages.items():
        assert "<script>pwned" not in page
        assert [line for line in lines if line in text_of(page)] == [], student


def hidden_lines(path: Path) -> set[str]:
    """Lines that stand in a hidden test and tell it from any other code."""
    lines = (line.strip() for line in path.read_text(encoding="utf-8").splitlines())
    return {line for line in lines if re.match(r"def test_|assert_|@pytest|race\(", line)}


def text_of(page: str) -> str:
    """What a reader of the page can see: highlighted source is full of tags."""
    text = re.sub(r"<[^>]*>", "", page)
    return (
        text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&amp;", "&")
    )


def test_every_page_is_linked_from_the_index(folder: Path) -> None:
    index = folder / "feedback" / "index.html"
    links = re.findall(r'href="([^"]+)"', index.read_text(encoding="utf-8"))
    assert {index.parent / link for link in links} == set(folder.glob("feedback/*/*/*.html"))


def test_runs_again_in_the_same_folder(folder: Path, repository: Course) -> None:
    (folder / "submitted" / "left-over").mkdir()
    assert run_demo(repository, folder, ["ps2"]) == 0
    assert not (folder / "submitted" / "left-over").exists()
    assert len(stored_scores(folder, "ps2")) >= 8


def test_leaves_a_folder_alone_that_is_not_its_own(tmp_path: Path, repository: Course) -> None:
    (tmp_path / "gradebook.db").write_text("an instructor's")
    with pytest.raises(CourseError, match="not made by the demonstration"):
        run_demo(repository, tmp_path, ["ps2"])
    assert (tmp_path / "gradebook.db").read_text() == "an instructor's"
