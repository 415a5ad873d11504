"""A class through the whole of nbgrader: the demonstration, looked at closely."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from jaxercise.checks.outcome import CourseError, Grade, Verdict
from jaxercise.cli.demo import run_demo
from jaxercise.course.lesson import Course
from jaxercise.course.sources import declared_checks
from jaxercise.nbgrader.commands import read_grade, stored_scores

# Between them they have room for every student; the other sets take the same path, and the
# known answers of all are proven elsewhere.
ASSIGNMENTS = ["ps2", "ps3"]
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


def grades(folder: Path, student: str) -> list[Grade]:
    """The grades of what a student handed in."""
    return [
        grade(folder, student, assignment)
        for assignment in ASSIGNMENTS
        if (folder / "submitted" / student / assignment).is_dir()
    ]


def only_grade(folder: Path, student: str) -> Grade:
    (found,) = grades(folder, student)
    return found


def test_each_trait_is_in_the_gradebook_once_and_the_perfect_one_everywhere(folder: Path) -> None:
    students = {path.name for path in (folder / "submitted").iterdir()}
    assert len(students) >= 8
    assert len(grades(folder, "perfect")) == len(ASSIGNMENTS)
    assert all(len(grades(folder, student)) == 1 for student in students - {"perfect"})
    for assignment in ASSIGNMENTS:
        rows = stored_scores(folder, assignment)
        handed_in = {path.parent.name for path in folder.glob(f"submitted/*/{assignment}")}
        assert {student for student, *_ in rows} == handed_in
        for student, score, max_score, by_hand in rows:
            judged = grade(folder, student, assignment)
            assert max_score == judged.max_score
            assert by_hand == any(exercise.needs_a_person for exercise in judged.exercises)
            decided = [one.score for one in judged.exercises if not one.needs_a_person]
            assert score == pytest.approx(sum(decided))


@pytest.mark.parametrize("student", ["perfect", "pastes-a-cell-twice"])
def test_right_answers_lose_nothing(folder: Path, student: str) -> None:
    for judged in grades(folder, student):
        lost = [c for e in judged.exercises for c in e.checks if c.verdict is not Verdict.PASSED]
        # A host too busy for a stopwatch leaves a timed check to a person: no point is lost.
        assert {check.verdict for check in lost} <= {Verdict.INCONCLUSIVE}
        assert {check.property for check in lost} <= {"speed"}


def test_nothing_done_earns_nothing(folder: Path) -> None:
    judged = only_grade(folder, "untouched")
    assert judged.score == 0
    verdicts = {check.verdict for exercise in judged.exercises for check in exercise.checks}
    assert verdicts == {Verdict.NOT_ATTEMPTED}


def test_half_the_work_earns_what_it_is_worth(folder: Path) -> None:
    exercises = only_grade(folder, "half-done").exercises
    half = len(exercises) // 2
    assert all(one.score == one.max_score or one.needs_a_person for one in exercises[:half])
    assert all(one.score == 0 for one in exercises[half:])


def test_a_crash_costs_its_own_exercise_only(folder: Path) -> None:
    exercises = only_grade(folder, "crashes-the-kernel").exercises
    lost = [one for one in exercises if one.score < one.max_score and not one.needs_a_person]
    assert len(lost) == 1
    assert {check.verdict for check in lost[0].checks} == {Verdict.CRASHED}


@pytest.mark.parametrize(
    ("student", "property_"),
    [
        ("mutates-its-input", "purity"),
        ("leaks-a-global", "purity"),
        ("reuses-a-key", "reproducibility"),
        ("numpy-random", "reproducibility"),
    ],
)
def test_a_mistake_fails_the_property_it_breaks(folder: Path, student: str, property_: str) -> None:
    lost = {
        one.exercise: {c.property for c in one.checks if c.verdict is Verdict.FAILED}
        for one in only_grade(folder, student).exercises
        if one.score < one.max_score and not one.needs_a_person
    }
    assert len(lost) == 1
    assert property_ in next(iter(lost.values()))


def test_too_slow_is_never_right_by_accident(folder: Path) -> None:
    checks = [c for e in only_grade(folder, "too-slow").exercises for c in e.checks]
    timed = {check.verdict for check in checks if check.property == "speed"}
    assert timed <= {Verdict.FAILED, Verdict.INCONCLUSIVE}


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


def test_runs_again_in_the_same_folder(course: Course, repository: Course, tmp_path: Path) -> None:
    shutil.copy(repository.root / "nbgrader_config.py", course.root)
    for exercise in course.lesson("ps2").exercises:
        known = course.solutions_file("ps2", exercise.name)
        known.parent.mkdir(parents=True, exist_ok=True)
        known.write_text("# %% right: the reference\n" + exercise.solution)
    folder = tmp_path / "demo"
    for _ in range(2):
        assert run_demo(course, folder, ["ps2"]) == 0
        assert not (folder / "submitted" / "left-over").exists()
        (folder / "submitted" / "left-over").mkdir()
    scores = {student: score for student, score, *_ in stored_scores(folder, "ps2")}
    assert scores["perfect"] > scores["half-done"] > scores["untouched"] == 0


def test_leaves_a_folder_alone_that_is_not_its_own(tmp_path: Path, repository: Course) -> None:
    (tmp_path / "gradebook.db").write_text("an instructor's")
    with pytest.raises(CourseError, match="not made by the demonstration"):
        run_demo(repository, tmp_path, ["ps2"])
    assert (tmp_path / "gradebook.db").read_text() == "an instructor's"
