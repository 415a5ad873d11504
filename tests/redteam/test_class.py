"""A whole class through nbgrader at once: damaged notebooks, hostile ones, honest ones.

One batch for all, as an instructor runs it: that each gets what it is worth shows also that
none stops or changes another.
"""

from __future__ import annotations

import html
import json
import logging
import os
import re
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbgrader.api import Gradebook
from nbgrader.converters import Autograde, GenerateAssignment, GenerateFeedback
from nbgrader.converters.base import NbGraderException
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

from jaxercise.course.lesson import Course
from jaxercise.grading import worker
from jaxercise.nbgrader.marks import marked_release
from jaxercise.nbgrader.release import build
from tests.redteam import browser
from tests.redteam.damages import ALL, DAMAGES, REFUSED, Damage, Raw, written
from tests.redteam.hostile import PAYLOADS, SUBMISSIONS, Hostile, page_of_all, wrong
from tests.redteam.ledger import Ledger, Row
from tests.small_course import handed_in, make_course, right_answers

CONFIG = Path(__file__).parent.parent.parent / "nbgrader_config.py"
pytestmark = pytest.mark.filterwarnings("ignore:Object of type:sqlalchemy.exc.SAWarning")


def convert(converter: Any, root: Path) -> None:
    """Run one of nbgrader's converters with this course's settings."""
    config = Config(PyFileConfigLoader(CONFIG.name, path=str(CONFIG.parent)).load_config())
    database = f"sqlite:///{root}/gradebook.db"
    coursedir = CourseDirectory(
        root=str(root), course_id="jax", assignment_id="ps7", db_url=database
    )
    converter(coursedir=coursedir, config=config).start()


@dataclass(frozen=True)
class Batch:
    """What a batch left behind, and what it said."""

    root: Path
    log: str

    def total(self, student: str) -> tuple[float, bool] | None:
        """Points in the gradebook and whether a person must look; None where there are none."""
        with Gradebook(f"sqlite:///{self.root}/gradebook.db", "jax") as gradebook:
            found: Any = gradebook.find_submission_notebook("ps7", "ps7", student)
            scores = [one.auto_score for one in found.grades]
            by_hand = any(one.needs_manual_grade for one in found.grades)
        return None if set(scores) == {None} else (sum(filter(None, scores)), by_hand)

    def page(self, student: str) -> str:
        path = self.root / "feedback" / student / "ps7" / "ps7.html"
        return path.read_text(encoding="utf-8") if path.exists() else ""

    def notes(self, student: str) -> str:
        """What the instructor reads above the notebook."""
        path = self.root / "autograded" / student / "ps7" / "ps7.ipynb"
        cells = nbformat.read(path, as_version=4).cells if path.exists() else []
        return html.unescape(" ".join(c.source for c in cells if c.id.startswith("jaxercise-")))


def student_of(case: Damage | Hostile) -> str:
    return "s-" + re.sub(r"[^a-z0-9]+", "-", case.name.lower())


def hand_in(root: Path, student: str) -> Path:
    folder = root / "submitted" / student / "ps7"
    folder.mkdir(parents=True)
    return folder


@pytest.fixture(scope="module")
def batch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Batch]:
    root = tmp_path_factory.mktemp("class") / "course"
    course = make_course(root, ("f1", "f2", "draw"))
    build(course)
    shutil.rmtree(root / "release")
    with pytest.MonkeyPatch.context() as patch:
        # nbgrader starts `alembic`, by that name, to make its tables.
        patch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)
        convert(GenerateAssignment, root)
    fill(course, root)
    heard: list[str] = []
    listener = logging.Handler()
    listener.emit = lambda record: heard.append(record.getMessage())  # type: ignore[method-assign]
    logging.getLogger().addHandler(listener)
    try:
        with pytest.raises(NbGraderException):  # some cannot be read
            convert(Autograde, root)
        convert(GenerateFeedback, root)
    finally:
        logging.getLogger().removeHandler(listener)
        for shared in worker._shared:
            shared.close()
    yield Batch(root, "\n".join(heard))
    shutil.rmtree(root)


def fill(course: Course, root: Path) -> None:
    """Hand in for everybody."""
    lesson = course.lesson("ps7")
    solved: Raw = json.loads(json.dumps(handed_in(lesson, right_answers(lesson))))
    answered = wrong(json.loads(json.dumps(marked_release(lesson))))
    for student in ("aa-honest", "zz-honest"):
        (hand_in(root, student) / "ps7.ipynb").write_bytes(written(solved))
    for damage in DAMAGES:
        (hand_in(root, student_of(damage)) / damage.file).write_bytes(damage.make(solved))
    two = hand_in(root, "two-notebooks")
    (two / "ps7.ipynb").write_bytes(written(solved))
    (two / "my copy of ps7.ipynb").write_bytes(written(solved))
    neither = hand_in(root, "two-of-other-names")
    for name in ("a.ipynb", "b.ipynb"):
        (neither / name).write_bytes(written(solved))
    for case in SUBMISSIONS:
        case.hand_in(hand_in(root, student_of(case)), answered)
    (hand_in(root, "page") / "ps7.ipynb").write_bytes(written(page_of_all(answered)))


def seen_of(batch: Batch, student: str, words: str) -> str:
    """What became of a submission, in the table's words."""
    total = batch.total(student)
    if total is None:
        lines = [line for line in batch.log.splitlines() if f"{student}/" in line]
        told = any(re.search(words, line) for line in lines)
        gone = not (batch.root / "autograded" / student).exists() or not batch.notes(student)
        return "not graded, reported by name" if told and gone else "not graded, nobody is told"
    points, by_hand = total
    text = f"{points:g} of 9" + ", left to a person" * by_hand
    if "Mended before grading" in batch.notes(student):
        told_student = "Mended before grading" in batch.page(student)
        text += ", mended and told" if told_student else ", mended"
    return text + ", flagged" * ("For the instructor" in batch.notes(student))


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.name)
def test_a_damaged_notebook_is_graded_or_reported(
    damage: Damage, batch: Batch, seen: Ledger
) -> None:
    student = student_of(damage)
    row = Row("damage", damage.name, damage.expected)
    seen.check(row, seen_of(batch, student, damage.says))
    if damage.expected.endswith("told"):
        assert re.search(damage.says, batch.notes(student))


def test_of_two_notebooks_the_right_one_is_graded(batch: Batch, seen: Ledger) -> None:
    row = Row("damage", "two notebooks", f"{ALL}, flagged")
    seen.check(row, seen_of(batch, "two-notebooks", ""))


def test_of_two_notebooks_of_other_names_none_is_graded(batch: Batch, seen: Ledger) -> None:
    row = Row("damage", "two notebooks of other names", REFUSED)
    told = "several notebooks, and none is called ps7.ipynb: a.ipynb, b.ipynb"
    seen.check(row, seen_of(batch, "two-of-other-names", told))


@pytest.mark.parametrize("case", SUBMISSIONS, ids=lambda case: case.name)
def test_a_hostile_submission_earns_nothing(case: Hostile, batch: Batch, seen: Ledger) -> None:
    student = student_of(case)
    found = seen_of(batch, student, case.says).replace(", mended and told", "")
    seen.check(Row("attack", case.name, case.expected), found)
    if "flagged" in case.expected:
        assert case.says in batch.notes(student)
    folder = batch.root / "autograded" / student / "ps7"
    kept = [path.name for path in folder.rglob("*")] if folder.exists() else []
    assert set(kept) <= {"ps7.ipynb"}
    assert "LOOT" not in batch.page(student)


def test_honest_students_get_the_same_before_and_after(batch: Batch, seen: Ledger) -> None:
    both = [seen_of(batch, student, "") for student in ("aa-honest", "zz-honest")]
    row = Row("attack", "honest students first and last in that class", f"{ALL} and {ALL}")
    seen.check(row, " and ".join(both))


class Acting(HTMLParser):
    """Finds what would act on a page, by the name of its payload."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "style", "iframe", "svg", "object", "embed", "title", "template"):
            self.inside = tag
        for name, value in attrs:
            value = value or ""
            url = re.match(r"\s*(javascript|data:(?!image/png)|vbscript)", value, re.IGNORECASE)
            if name.startswith("on") or url or name in ("srcdoc", "formaction") or tag == "base":
                self.found.append(f"<{tag} {name}={value}>")

    def handle_endtag(self, tag: str) -> None:
        self.inside = "" if tag == self.inside else self.inside

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.found.append(f"<{self.inside}>{data}")

    @classmethod
    def on(cls, page: str) -> list[str]:
        parser = cls()
        parser.feed(page)
        parser.close()
        return parser.found


@pytest.fixture(scope="module")
def formgrader(batch: Batch) -> Iterator[browser.Formgrader]:
    with browser.formgrader(batch.root, CONFIG) as running:
        yield running


@pytest.fixture(scope="module")
def pages(batch: Batch, formgrader: browser.Formgrader) -> dict[str, tuple[str, str]]:
    """The hostile page and an honest one, as nbgrader shows them to either side."""
    return {
        student: (batch.page(student), formgrader.page(student))
        for student in ("page", "aa-honest")
    }


@pytest.mark.parametrize("name", PAYLOADS)
def test_nothing_that_a_student_wrote_acts_on_a_page(
    name: str, pages: dict[str, tuple[str, str]], seen: Ledger
) -> None:
    acting = [what for page in pages["page"] for what in Acting.on(page) if f"PWNED-{name}" in what]
    row = Row("attack", f"on the page: {PAYLOADS[name][0]}", "nothing acts")
    seen.check(row, "nothing acts" if not acting else f"acts: {acting[0][:60]}")


def test_a_hostile_page_holds_no_more_that_acts_than_an_honest_one(
    pages: dict[str, tuple[str, str]],
) -> None:
    for hostile, honest in zip(pages["page"], pages["aa-honest"], strict=True):
        assert "This cell was left out" not in hostile
        handlers = [
            {what for what in Acting.on(page) if " on" in what} for page in (hostile, honest)
        ]
        assert handlers[0] <= handlers[1]
        assert len(re.findall("<script", hostile)) == len(re.findall("<script", honest))


def test_in_a_browser_nothing_acts(
    batch: Batch, formgrader: browser.Formgrader, tmp_path: Path
) -> None:
    chromium = browser.find()
    if chromium is None:
        pytest.skip("no Chromium here; the structure of the pages is tested all the same")
    proof = tmp_path / "proof.html"
    proof.write_text("<title>a</title><img src=x onerror=\"document.title+='PWNED-proof'\">")
    assert "PWNED-proof</title>" in browser.rendered(chromium, proof.as_uri())
    feedback = batch.root / "feedback" / "page" / "ps7" / "ps7.html"
    for url in (feedback.as_uri(), formgrader.url("page")):
        page = browser.rendered(chromium, url)
        title = re.search(r"<title>(.*?)</title>", page, re.DOTALL)
        assert title is not None
        assert "f1" in page
        assert "PWNED" not in title[1]
        assert '/formgrader/api"' not in page
