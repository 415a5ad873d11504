"""What the documents say of the project holds: links, modules, lessons and exercises."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from jaxercise.course.lesson import Course

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text(encoding="utf-8"))
    local = [link for link in links if not link.startswith("http")]
    assert [link for link in local if not (page.parent / link).exists()] == []


def test_the_architecture_names_every_module() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    named = set(re.findall(r"\b(\w+)\.py\b", text))
    library = (ROOT / "jaxercise").rglob("*.py")
    modules = {path.stem for path in library if "template" not in path.parts}
    assert modules - named - {"__init__", "__main__"} == set()


def test_the_readme_names_every_exercise_in_its_set() -> None:
    course = Course(ROOT)
    rows = dict(re.findall(r"^\| (ps\d) \|[^|]*\|([^|]*)\|$", readme(), re.MULTILINE))
    named = {assignment: re.findall(r"`(\w+)`", row) for assignment, row in rows.items()}
    there = {a: [e.name for e in course.lesson(a).exercises] for a in course.assignments()}
    assert named == there


def test_the_readme_leads_to_sections_and_exercises_that_exist() -> None:
    course = Course(ROOT)
    for assignment, sections, exercises in re.findall(
        r"^\|[^|]+\| (ps\d)(?:, ([^|]*))? \|([^|]*)\|$", readme(), re.MULTILINE
    ):
        lesson = (ROOT / "lessons" / f"{assignment}.md").read_text(encoding="utf-8")
        for section in re.split(r"; | to (?=\d)", sections):
            if re.match(r"\d+\. \w", section):
                assert f"\n## {section}" in lesson
        named = set(re.findall(r"`(\w+)`", exercises))
        assert named <= {exercise.name for exercise in course.lesson(assignment).exercises}


def readme() -> str:
    return (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", sorted(ROOT.glob("grader_tests/ps*/*.py")), ids=lambda p: p.stem)
def test_the_lesson_asks_for_the_speed_that_the_hidden_check_asks_for(path: Path) -> None:
    minima = re.findall(r"\bminimum=([\d.]+)", path.read_text(encoding="utf-8"))
    name = path.stem.removeprefix("test_")
    lesson = (ROOT / "lessons" / f"{path.parent.name}.md").read_text(encoding="utf-8")
    checks = re.findall(rf"^:check: {name}$.*?^```$", lesson, re.MULTILINE | re.DOTALL)
    assert re.findall(r"\btimes=([\d.]+)", "".join(checks)) == minima
