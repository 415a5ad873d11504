"""The cells of a lesson, and the options that say what each is for."""

from __future__ import annotations

import functools
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from jaxercise.checks.outcome import CourseError
from jaxercise.course.sources import assigned_names, is_expression

# An exercise is named as its function is, and the cell of its check is check_ and that name.
EXERCISE_NAME = re.compile(r"(?!check_)[A-Za-z]\w{0,55}", re.ASCII)
_OPTIONS = ("check", "exercise", "extra", "planted", "points", "tags", "written")

Kind = Literal["prose", "given", "show", "starter", "check", "written"]


@dataclass(frozen=True)
class LessonCell:
    """One cell of the lesson, as students get it.

    Students may change cells of kind `prose` and `show`. They fill in `starter` cells, and
    `written` cells with prose that a person grades. `given` and `check` cells are restored when
    changed. The points of an `extra` check are extra credit. The text begins at `line` of the
    lesson's file. `pictures` are names and PNG files in base64, which prose shows as attachments.
    """

    id: str
    kind: Kind
    source: str
    exercise: str | None = None
    tags: tuple[str, ...] = ()
    points: float | None = None
    extra: bool = False
    line: int = field(default=1, compare=False)
    pictures: tuple[tuple[str, str], ...] = ()


def id_by_text(assignment: str, cell_type: str, source: str) -> str:
    """A cell's id, made from its text, so that adding cells elsewhere does not change it.

    Trailing blanks do not count. The id identifies the text that the cell was released with,
    whatever the lesson says today.
    """
    text = f"{cell_type}\0{trimmed(source)}"
    return f"{assignment}-{hashlib.sha256(text.encode()).hexdigest()[:8]}"


@functools.lru_cache(maxsize=2048)  # A submitted cell is compared with each lesson cell.
def trimmed(source: str) -> str:
    """The text without blanks around it and at the ends of its lines."""
    return "\n".join(line.rstrip() for line in source.strip().split("\n"))


def read_cell(raw: Any, derived_id: str, where: str) -> LessonCell:
    """Read a cell and its options as jupytext parsed them; messages begin with `where`.

    `derived_id` becomes the id of a cell that belongs to no exercise.

    Raises:
        CourseError: an option is unknown or missing, or two of them exclude each other.
    """
    options = raw.metadata
    tags = tuple(options.get("tags", ()))
    if unknown := sorted(set(options) - set(_OPTIONS)):
        raise CourseError(
            f"{where}: unknown option {', '.join(map(repr, unknown))}; there are "
            + ", ".join(_OPTIONS)
        )
    if raw.cell_type != "code":
        if raw.cell_type == "markdown" and "written" in options:
            return _written_cell(raw, tags, where)
        if raw.cell_type != "markdown" or set(options) - {"tags"}:
            raise CourseError(
                f"{where}: only code cells and written answers take options, and raw cells are "
                "not taught"
            )
        return LessonCell(derived_id, "prose", raw.source, tags=tags)
    return _code_cell(raw, tags, derived_id, where)


def _written_cell(raw: Any, tags: tuple[str, ...], where: str) -> LessonCell:
    options = raw.metadata
    if set(options) - {"tags", "written", "points"} or "points" not in options:
        raise CourseError(
            f"{where}: a written answer states its name and its points and nothing else, as in "
            '+++ {"written": "why_float32", "points": 2}'
        )
    points = _points(options["points"], where)
    return LessonCell(_name(options["written"], where), "written", raw.source, None, tags, points)


def _points(points: Any, where: str) -> float:
    if isinstance(points, bool) or not isinstance(points, int | float) or points <= 0:
        raise CourseError(f"{where}: points must be a positive number; got {points!r}")
    return points


def _name(name: Any, where: str) -> str:
    if not isinstance(name, str) or not EXERCISE_NAME.fullmatch(name):
        raise CourseError(f"{where}: an exercise is named as its function is; got {name!r}")
    return name


def _code_cell(raw: Any, tags: tuple[str, ...], derived_id: str, where: str) -> LessonCell:
    options = raw.metadata
    roles = [option for option in ("exercise", "check", "planted") if option in options]
    roles += ["tags: [show]"] * ("show" in tags)
    if "written" in options:
        raise CourseError(
            f"{where}: a written answer is prose: put its options before a paragraph, as in "
            '+++ {"written": "why_float32", "points": 2}'
        )
    if len(roles) > 1:
        raise CourseError(f"{where}: {' and '.join(roles)} exclude each other; split the cell")
    points = options.get("points")
    if ("points" in options) != ("check" in options):
        raise CourseError(f"{where}: points go with check: a graded cell states both")
    if points is not None:
        points = _points(points, where)
    extra = options.get("extra", False)
    if "extra" in options and (extra is not True or "check" not in options):
        raise CourseError(
            f"{where}: 'extra: true' goes with check: it makes its points extra credit"
        )
    name = options.get("exercise", options.get("check"))
    if name is None:
        return LessonCell(derived_id, "show" if "show" in tags else "given", raw.source, None, tags)
    name = _name(name, where)
    if "exercise" in options:
        return LessonCell(name, "starter", raw.source, name, tags)
    return LessonCell(f"check_{name}", "check", raw.source, name, tags, points, extra)


def read_planted(raw: Any, cell: LessonCell, where: str) -> Mapping[str, str]:
    """The planted names that a cell defines, with the source of each one's value in the fresh run.

    Raises:
        CourseError: the cell does not assign a name, or a value is not an expression.
    """
    given = raw.metadata["planted"]
    if not isinstance(given, dict) or not given:
        raise CourseError(
            f'{where}: planted must map names to expressions, as in {{tax_rate: "0.37"}}; '
            f"got {given!r}"
        )
    for name, value in given.items():
        if name not in assigned_names(cell.source):
            raise CourseError(
                f"{where}: planted '{name}' is not assigned in the cell; give the cell a line "
                f"'{name} = ...' or drop the option"
            )
        if not isinstance(value, str) or not is_expression(value):
            raise CourseError(
                f"{where}: planted '{name}' must be a Python expression in quotes, such as "
                f'"0.37"; got {value!r}'
            )
    return dict(given)
