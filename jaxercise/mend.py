"""Puts a student's cells into our own copy of the lesson.

What comes out has exactly the lesson's cells, in its order, with its ids and marks, and the
student's own cells in between. Grading then trusts nothing of a submission but the text of
its cells.
"""

from __future__ import annotations

import copy
import functools
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import nbformat
from nbformat import NotebookNode

from jaxercise.bounds import notice
from jaxercise.cells import LessonCell
from jaxercise.lesson import Lesson
from jaxercise.outcome import SubmissionError
from jaxercise.sources import defined_functions
from jaxercise.submission import grade_id, named_assignment, read_notebook, tidy

__all__ = ["Mended", "mend", "read_notebook"]

_MARKS = ("grade", "solution", "locked", "points", "grade_id")


@dataclass(frozen=True)
class Mended:
    """A submission put right, and a sentence for everything that was wrong with it."""

    notebook: NotebookNode
    repairs: tuple[str, ...]


@dataclass(frozen=True)
class _Match:
    """Where in the submission a lesson cell is.

    The cell at `taken` stands for it; those at `copies` have its name too and are kept as the
    student's own; those at `dropped` only repeat what the lesson holds anyway.
    """

    cell: LessonCell
    taken: int | None = None
    copies: tuple[int, ...] = ()
    dropped: tuple[int, ...] = ()
    named: bool = True


def mend(submitted: NotebookNode, lesson: Lesson, release_notebook: NotebookNode) -> Mended:
    """Put the cells of `submitted` into a copy of `release_notebook`.

    Raises:
        SubmissionError: it is no notebook, or one of another assignment.
    """
    submitted = tidy(submitted)
    theirs: list[NotebookNode] = submitted.cells
    matches = _matched(theirs, lesson)
    _assert_belongs(submitted, matches, lesson)
    originals = {cell.id: cell for cell in release_notebook.cells}
    notebook = copy.deepcopy(release_notebook)
    notebook.cells = list(_woven(matches, theirs, originals))
    repairs = [sentence for match in matches for sentence in _repairs(match, theirs)]
    repairs += [
        f"Cell {n}: {said}" for n, cell in enumerate(theirs, 1) if (said := notice(cell.source))
    ]
    return Mended(notebook, (*repairs, *_remarked(matches, theirs, originals), *_moved(matches)))


def _matched(theirs: Sequence[NotebookNode], lesson: Lesson) -> tuple[_Match, ...]:
    """Find every lesson cell: by nbgrader's id, else by the cell's id, else by its content."""
    ids = {cell.id: cell for cell in lesson.cells}
    named: dict[str, list[int]] = defaultdict(list)
    free: list[int] = []
    for position, cell in enumerate(theirs):
        name = grade_id(cell)
        name = name if name in ids else cell.id
        known = name in ids and not _holds_a_solution(cell, ids[name], lesson)
        (named[name] if known else free).append(position)
    matches = [_by_name(cell, named[cell.id], theirs) for cell in lesson.cells]
    solutions = [match.taken for match in matches if match.cell.kind == "starter"]
    for index, match in enumerate(matches):
        if match.taken is None:
            searched = free + [position for position in solutions if position is not None]
            matches[index] = found = _by_content(match, searched, theirs)
            # A cell may solve several exercises, but repeats no more than one lesson cell.
            if found.taken in free and match.cell.kind != "starter":
                free.remove(found.taken)
    return tuple(matches)


def _holds_a_solution(cell: NotebookNode, ours: LessonCell, lesson: Lesson) -> bool:
    """Whether a cell whose text would be restored has an answer merged or written into it."""
    if ours.kind not in ("given", "check") or _same(cell.source, ours.source):
        return False
    defined = defined_functions(cell.source) - defined_functions(ours.source)
    return any(exercise.name in defined for exercise in lesson.exercises)


def _by_name(cell: LessonCell, positions: Sequence[int], theirs: Sequence[NotebookNode]) -> _Match:
    """Choose among the submitted cells that carry the lesson cell's name."""
    type_ = "markdown" if cell.kind == "prose" else "code"
    # An editor gives a pasted cell another id, so the original goes first.
    positions = sorted(positions, key=lambda position: theirs[position].id != cell.id)
    typed = [position for position in positions if theirs[position].cell_type == type_]
    repeating = [p for p in positions if _same(theirs[p].source, cell.source)]
    if cell.kind == "starter":
        pool = typed or list(positions)
        pool = [p for p in pool if cell.exercise in defined_functions(theirs[p].source)] or pool
        chosen = sorted([p for p in pool if p not in repeating] or pool)[-1:]
    elif cell.kind in ("given", "check"):
        chosen = (repeating or typed or list(positions))[:1]
    else:
        chosen = typed[:1]
    rest = [position for position in positions if position not in chosen]
    return _Match(
        cell,
        chosen[0] if chosen else None,
        tuple(position for position in rest if position not in repeating),
        tuple(position for position in rest if position in repeating),
    )


def _by_content(match: _Match, positions: Sequence[int], theirs: Sequence[NotebookNode]) -> _Match:
    """Recognise a solution by its function, the last one counting, others by their text."""
    cell = match.cell
    type_ = "markdown" if cell.kind == "prose" else "code"
    typed = [position for position in positions if theirs[position].cell_type == type_]
    if cell.kind == "starter":
        alike = [p for p in typed if cell.exercise in defined_functions(theirs[p].source)][::-1]
    else:
        alike = [p for p in typed if _same(theirs[p].source, cell.source)]
    taken = alike[0] if alike else None
    return _Match(cell, taken, match.copies, match.dropped, named=False)


def _same(one: str, other: str) -> bool:
    """Whether two texts differ in nothing but blanks at the ends of lines."""
    return _without_blanks(one) == _without_blanks(other)


@functools.lru_cache(maxsize=2048)  # A cell is held against every cell of the lesson.
def _without_blanks(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.strip().split("\n"))


def _assert_belongs(submitted: NotebookNode, matches: Collection[_Match], lesson: Lesson) -> None:
    """Refuse a notebook in which nothing that counts is of this assignment."""
    if not submitted.cells:
        raise SubmissionError(f"the notebook has no cells; {lesson.assignment} was expected")
    counting = [match for match in matches if match.cell.kind in ("starter", "check", "given")]
    if any(match.named and match.taken is not None for match in counting):
        return
    other = named_assignment(submitted)
    if other not in (None, lesson.assignment):
        raise SubmissionError(
            f"this is a notebook of {other}, not of {lesson.assignment}; hand in the right one, "
            f"or grade it as {other}"
        )
    if not any(match.cell.kind == "starter" and match.taken is not None for match in matches):
        names = ", ".join(exercise.name for exercise in lesson.exercises)
        raise SubmissionError(
            f"this is no notebook of {lesson.assignment}: it has neither a cell of it nor a "
            f"definition of any of {names}"
        )


def _woven(
    matches: Sequence[_Match], theirs: Sequence[NotebookNode], originals: Mapping[str, NotebookNode]
) -> Iterator[NotebookNode]:
    """The lesson's cells in order, each followed by the student's own ones that followed it."""
    anchors = {match.taken: match.cell.id for match in reversed(matches)}
    dropped = {position for match in matches for position in match.dropped}
    own: dict[str, list[NotebookNode]] = defaultdict(list)
    anchor = ""
    for position, cell in enumerate(theirs):
        if position in anchors:
            anchor = anchors[position]
        elif position not in dropped:
            own[anchor].append(cell)
    extras = 0
    for match in (None, *matches):
        if match is not None:
            yield _restored(match, theirs, originals[match.cell.id])
        for cell in own["" if match is None else match.cell.id]:
            extras += 1
            yield _own(cell, f"extra-{extras:02}")


def _restored(
    match: _Match, theirs: Sequence[NotebookNode], original: NotebookNode
) -> NotebookNode:
    cell = copy.deepcopy(original)
    if match.taken is not None and match.cell.kind in ("starter", "show", "prose"):
        cell.source = theirs[match.taken].source
    return cell


def _own(cell: NotebookNode, name: str) -> NotebookNode:
    """A cell that the student added; raw ones become prose, which is shown more safely."""
    code = cell.cell_type == "code"
    made = (nbformat.v4.new_code_cell if code else nbformat.v4.new_markdown_cell)(cell.source)
    made.id = name
    return made


def _repairs(match: _Match, theirs: Sequence[NotebookNode]) -> Iterator[str]:
    """What was done to one lesson cell, as far as it can matter for the grade."""
    cell, label = match.cell, _label(match.cell)
    if cell.kind in ("prose", "show"):
        return
    if match.taken is None:
        text = "its starter code" if cell.kind == "starter" else "it"
        yield f"{label} was missing; {text} was put back."
        return
    taken = theirs[match.taken]
    if not match.named and cell.kind == "starter":
        yield f"{label} was missing; the cell that defines {cell.exercise} took its place."
    if cell.kind == "starter" and (match.copies or match.dropped):
        yield (
            f"{label} was there {1 + len(match.copies) + len(match.dropped)} times; the last "
            "copy with a changed definition counts."
        )
    elif match.copies or match.dropped:
        yield f"{label} had been copied; only the original counts."
    if taken.cell_type != "code":
        yield f"{label} had been turned into {taken.cell_type}; it is code again."
    if cell.kind in ("given", "check") and not _same(taken.source, cell.source):
        yield f"{label} had been changed; its text was restored. Own code goes into own cells."


def _remarked(
    matches: Sequence[_Match], theirs: Sequence[NotebookNode], originals: Mapping[str, NotebookNode]
) -> Iterator[str]:
    """Names the cells whose grading marks or tags are not ours."""
    changed = [
        match.cell.id
        for match in matches
        if match.cell.kind in ("starter", "check", "given") and match.taken is not None
        if _marks(theirs[match.taken]) != _marks(originals[match.cell.id])
    ]
    if changed:
        yield f"The grading marks of {', '.join(changed)} were changed or lost; they are restored."


def _marks(cell: NotebookNode) -> tuple[object, ...]:
    marks = cell.metadata.get("nbgrader", {})
    return *(marks.get(key) for key in _MARKS), sorted(cell.metadata.get("tags", []))


def _moved(matches: Sequence[_Match]) -> Iterator[str]:
    positions = [
        match.taken
        for match in matches
        if match.taken is not None and match.named and match.cell.kind != "prose"
        if not match.copies and not match.dropped
    ]
    if positions != sorted(positions):
        yield "Cells had been moved; they are in the lesson's order again."


def _label(cell: LessonCell) -> str:
    if cell.kind == "starter":
        return f"The cell of {cell.exercise}"
    if cell.kind == "check":
        return f"The cell that checks {cell.exercise}"
    first = cell.source.strip().partition("\n")[0]
    return f"The read-only cell {cell.id} ('{first}')"
