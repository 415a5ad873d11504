"""Finds the cells of a lesson in a submitted notebook, whatever was done to either since.

A submission may come from an earlier release of the lesson. Cells of that release that the lesson
no longer has count as the student's own, because a solution may rely on them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from nbformat import NotebookNode

from jaxercise.course.cells import LessonCell, id_by_text, trimmed
from jaxercise.course.first_cells import SETUP
from jaxercise.course.lesson import Lesson
from jaxercise.course.sources import defined_functions
from jaxercise.course.submission import description, is_named_by_position, name_of


@dataclass(frozen=True)
class Match:
    """Where in the submission a lesson cell is; all numbers are positions of submitted cells.

    The cell at `taken` is used. Those at `copies` have the same name and are kept as the student's
    own. Those at `dropped` only repeat the lesson. `named` is false if the cell was recognised by
    its content.
    """

    cell: LessonCell
    taken: int | None = None
    copies: tuple[int, ...] = ()
    dropped: tuple[int, ...] = ()
    named: bool = True

    @property
    def counts(self) -> bool:
        """Whether the cell matters for the grade."""
        return self.cell.kind in ("starter", "check", "given")


def match_cells(theirs: Sequence[NotebookNode], lesson: Lesson) -> tuple[Match, ...]:
    """Find every lesson cell: by the name it carries, else by its id, else by its content."""
    ids = {cell.id: cell for cell in lesson.cells}
    named: dict[str, list[int]] = defaultdict(list)
    free: list[int] = []
    for position, cell in enumerate(theirs):
        name = name_of(cell)
        name = name if name in ids else cell.id
        known = name in ids and not _holds_a_solution(cell, ids[name], lesson)
        (named[name] if known else free).append(position)
    matches = [_by_name(cell, named[cell.id], theirs) for cell in lesson.cells]
    solutions = [match.taken for match in matches if match.cell.kind == "starter"]
    for look_alike in (_by_content, _by_heading):
        for index, match in enumerate(matches):
            if match.taken is None:
                searched = free + [position for position in solutions if position is not None]
                matches[index] = found = look_alike(match, searched, theirs)
                # A cell may solve several exercises, but repeats no more than one lesson cell.
                if found.taken in free and match.cell.kind != "starter":
                    free.remove(found.taken)
    return tuple(matches)


def outdated(
    theirs: Sequence[NotebookNode], matches: Collection[Match], lesson: Lesson
) -> frozenset[int]:
    """Positions of unchanged prose and of unchanged set-up of an earlier release.

    The id identifies it, since it is made from the text. What a student changed is kept.
    """
    taken = {match.taken for match in matches}
    untaken = [
        position
        for position, cell in enumerate(theirs)
        if cell.cell_type == "markdown" or SETUP in cell.metadata.get("tags", ())
        if position not in taken
    ]
    return frozenset(
        position
        for position in untaken
        for type_ in [theirs[position].cell_type]
        for name in [id_by_text(lesson.assignment, type_, theirs[position].source)]
        if theirs[position].id == name or theirs[position].id.startswith(f"{name}-")
    )


def is_of_another_release(
    submitted: NotebookNode, matches: Collection[Match], release_notebook: NotebookNode
) -> bool:
    """Whether the submission was made from another release of the lesson than today's.

    Notebooks name their release. Otherwise cells named by position tell (the first releases had
    those), or an unchanged starter or check cell whose text differs from today's.
    """
    release = submitted.metadata.get("jaxercise", {}).get("release")
    if release is not None:
        return release != release_notebook.metadata["jaxercise"]["release"]
    theirs = submitted.cells
    return any(map(is_named_by_position, theirs)) or any(
        as_released(theirs[match.taken]) and not same(theirs[match.taken].source, match.cell.source)
        for match in matches
        if match.taken is not None and match.cell.kind in ("starter", "check")
    )


def as_released(cell: NotebookNode) -> bool:
    """Whether a submitted cell is known to be what it was in some release."""
    return description(cell).get("as_released") is True


def same(one: str, other: str) -> bool:
    """Whether two texts are equal apart from blanks around them and at the ends of lines."""
    return trimmed(one) == trimmed(other)


def _holds_a_solution(cell: NotebookNode, ours: LessonCell, lesson: Lesson) -> bool:
    """Whether a given or check cell, whose text is restored, now also contains an answer."""
    if ours.kind not in ("given", "check") or same(cell.source, ours.source):
        return False
    defined = defined_functions(cell.source) - defined_functions(ours.source)
    return any(exercise.name in defined for exercise in lesson.exercises)


def _by_name(cell: LessonCell, positions: Sequence[int], theirs: Sequence[NotebookNode]) -> Match:
    """Choose among the submitted cells that carry the lesson cell's name."""
    type_ = "markdown" if cell.kind in ("prose", "written") else "code"
    # An editor gives a pasted cell another id, so the original goes first.
    positions = sorted(positions, key=lambda position: theirs[position].id != cell.id)
    typed = [position for position in positions if theirs[position].cell_type == type_]
    repeating = [
        p for p in positions if same(theirs[p].source, cell.source) or as_released(theirs[p])
    ]
    if cell.kind == "starter":
        pool = typed or list(positions)
        pool = [p for p in pool if cell.exercise in defined_functions(theirs[p].source)] or pool
        chosen = sorted([p for p in pool if p not in repeating] or pool)[-1:]
    elif cell.kind in ("given", "check"):
        chosen = (repeating or typed or list(positions))[:1]
    elif cell.kind == "written":
        pool = typed or list(positions)
        chosen = sorted([p for p in pool if p not in repeating] or pool)[-1:]
    else:
        chosen = typed[:1]
    rest = [position for position in positions if position not in chosen]
    return Match(
        cell,
        chosen[0] if chosen else None,
        tuple(position for position in rest if position not in repeating),
        tuple(position for position in rest if position in repeating),
    )


def _by_content(match: Match, positions: Sequence[int], theirs: Sequence[NotebookNode]) -> Match:
    """Recognise a solution by its function (the last one counts), other cells by their text."""
    cell = match.cell
    type_ = "markdown" if cell.kind in ("prose", "written") else "code"
    typed = [position for position in positions if theirs[position].cell_type == type_]
    if cell.kind == "starter":
        alike = [p for p in typed if cell.exercise in defined_functions(theirs[p].source)][::-1]
    else:
        alike = [p for p in typed if same(theirs[p].source, cell.source)]
    taken = alike[0] if alike else None
    return Match(cell, taken, match.copies, match.dropped, named=False)


def _by_heading(match: Match, positions: Sequence[int], theirs: Sequence[NotebookNode]) -> Match:
    """Recognise prose that has changed since, in notebooks whose cells are named by position."""
    heading = _first_line(match.cell.source)
    if match.cell.kind != "prose" or not heading.startswith("#"):
        return match
    alike = [
        p
        for p in positions
        if theirs[p].cell_type == "markdown" and is_named_by_position(theirs[p])
        if _first_line(theirs[p].source) == heading
    ]
    return Match(match.cell, alike[0] if alike else None, match.copies, match.dropped, named=False)


def _first_line(source: str) -> str:
    return source.strip().partition("\n")[0].strip()
