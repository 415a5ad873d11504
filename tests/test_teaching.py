"""How the lessons teach: hints in steps, and links to the documentation of JAX."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LESSONS = sorted((ROOT / "lessons").glob("ps*.md"))
_TEXT_OF_EXERCISE = re.compile(
    r"^### (?:Exercise|Mend|Puzzle)[^`\n]*`(\w+)`\n(.*?)^:check: \1$", re.M | re.S
)
EXERCISES = [found for path in LESSONS for found in _TEXT_OF_EXERCISE.findall(path.read_text())]


def test_every_exercise_is_found() -> None:
    assert len(EXERCISES) == sum(path.read_text().count("\n:exercise: ") for path in LESSONS)


@pytest.mark.parametrize(("name", "text"), EXERCISES, ids=[name for name, _ in EXERCISES])
def test_hints_come_in_steps_each_inside_the_one_before_and_the_first_asks(
    name: str, text: str
) -> None:
    tags = re.findall(r"</?details>", text)
    steps = tags.count("<details>")
    assert steps >= 2
    assert tags == ["<details>"] * steps + ["</details>"] * steps
    titles = re.findall(r"<details>\n<summary>(.*)</summary>\n\n", text)
    assert titles == [f"Hint {number + 1}" for number in range(steps)]
    first = text.split("</summary>")[1].split("<details>")[0]
    assert "?" in first


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_every_section_begins_with_a_link_to_the_documentation_of_jax(path: Path) -> None:
    sections = re.findall(r"^## \d+\. (.*)\n\n(.*)", path.read_text(), re.MULTILINE)
    assert sections
    for heading, first in sections:
        link = r"\*In JAX's documentation: \[.+\]\(https://docs\.jax\.dev/en/latest/\S+\.html\)\.\*"
        assert re.fullmatch(link, first), heading
