"""Puts a student's cells into our own copy of the lesson.

The result has exactly the lesson's cells, in the lesson's order and with its ids, and the
student's own cells between them. Grading then trusts nothing in a submission but the text of its
cells.
"""

from __future__ import annotations

import copy
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import nbformat
from nbformat import NotebookNode

from jaxercise.checks.outcome import CourseError, SubmissionError
from jaxercise.course.bounds import notice
from jaxercise.course.lesson import Lesson
from jaxercise.course.matching import (
    Match,
    as_released,
    is_of_another_release,
    match_cells,
    outdated,
)
from jaxercise.course.repairs import Comparison
from jaxercise.course.submission import named_assignment, tidy


@dataclass(frozen=True)
class Mended:
    """A submission with the lesson's cells, and a sentence for each thing that was repaired."""

    notebook: NotebookNode
    repairs: tuple[str, ...]

    def to_notebook(self) -> NotebookNode:
        """One notebook for both: the repairs go into its metadata, where `mend_once` finds them."""
        notebook = copy.deepcopy(self.notebook)
        notebook.metadata["jaxercise"]["repairs"] = list(self.repairs)
        return notebook


def mend_once(submitted: NotebookNode, lesson: Lesson, release_notebook: NotebookNode) -> Mended:
    """Mend a notebook, or take it as it is if `Mended.to_notebook` made it.

    No file can pass for mended: reading one drops the entry that tells.

    Raises:
        CourseError: it was mended for another state of the lesson.
        SubmissionError: as `mend` does.
    """
    repairs = submitted.metadata.get("jaxercise", {}).get("repairs")
    if repairs is None:
        return mend(submitted, lesson, release_notebook)
    ours = {cell.id for cell in lesson.cells}
    if [cell.id for cell in submitted.cells if cell.id in ours] != [c.id for c in lesson.cells]:
        raise CourseError(
            f"{lesson.assignment}: the lesson changed while this notebook was being graded; "
            "grade it again"
        )
    return Mended(copy.deepcopy(submitted), tuple(repairs))


def mend(submitted: NotebookNode, lesson: Lesson, release_notebook: NotebookNode) -> Mended:
    """Put the cells of `submitted` into a copy of `release_notebook`.

    Raises:
        SubmissionError: it is not a notebook, or is one of another assignment.
    """
    submitted = tidy(submitted)
    theirs: list[NotebookNode] = submitted.cells
    matches = match_cells(theirs, lesson)
    _assert_belongs(submitted, matches, lesson)
    _assert_has_lines(theirs, lesson)
    originals = {cell.id: cell for cell in release_notebook.cells}
    notebook = copy.deepcopy(release_notebook)
    dropped = outdated(theirs, matches, lesson)
    notebook.cells = list(_merged(matches, theirs, originals, dropped))
    other_release = is_of_another_release(submitted, matches, release_notebook)
    told = [
        *submitted.metadata["jaxercise"]["found"],
        *Comparison(theirs, matches, originals, other_release).sentences(),
        *(f"Cell {n}: {said}" for n, cell in enumerate(theirs, 1) if (said := notice(cell.source))),
    ]
    return Mended(notebook, tuple(told))


def _assert_belongs(submitted: NotebookNode, matches: Collection[Match], lesson: Lesson) -> None:
    """Refuse a notebook that has nothing of this assignment that counts."""
    if not submitted.cells:
        raise SubmissionError(f"the notebook has no cells; {lesson.assignment} was expected")
    if any(match.counts and match.named and match.taken is not None for match in matches):
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
            f"this is not a notebook of {lesson.assignment}: it has none of its cells and defines "
            f"none of {names}"
        )


def _assert_has_lines(theirs: Sequence[NotebookNode], lesson: Lesson) -> None:
    """Refuse a notebook whose cells became one line each: their code cannot be recovered."""
    if any("\n" in cell.source for cell in theirs):
        return
    ours = {_squeezed(cell.source) for cell in lesson.cells if "\n" in cell.source.strip()}
    if any(_squeezed(cell.source) in ours for cell in theirs):
        raise SubmissionError(
            "the line breaks in its cells are lost; hand in the notebook as Jupyter saves it"
        )


def _squeezed(source: str) -> str:
    return "".join(source.split())


def _merged(
    matches: Sequence[Match],
    theirs: Sequence[NotebookNode],
    originals: Mapping[str, NotebookNode],
    outdated: Collection[int],
) -> Iterator[NotebookNode]:
    """The lesson's cells in order, each followed by the student's own cells that came after it."""
    anchors = {match.taken: match.cell.id for match in reversed(matches)}
    dropped = {position for match in matches for position in match.dropped}.union(outdated)
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


def _restored(match: Match, theirs: Sequence[NotebookNode], original: NotebookNode) -> NotebookNode:
    cell = copy.deepcopy(original)
    if match.taken is None or match.cell.kind not in ("starter", "show", "prose", "written"):
        return cell
    # An unchanged starter of an earlier release is not an answer.
    if not (match.cell.kind == "starter" and match.named and as_released(theirs[match.taken])):
        cell.source = theirs[match.taken].source
    return cell


def _own(cell: NotebookNode, name: str) -> NotebookNode:
    """A cell that the student added; a raw cell becomes prose, which can be shown safely."""
    code = cell.cell_type == "code"
    made = (nbformat.v4.new_code_cell if code else nbformat.v4.new_markdown_cell)(cell.source)
    made.id = name
    return made
