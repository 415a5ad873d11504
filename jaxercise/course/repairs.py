"""Sentences that tell a student what was repaired in a submission before it was graded.

Each must be true whether an editor damaged the notebook, the student changed it, or it comes from
an earlier release of the lesson.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from nbformat import NotebookNode

from jaxercise.course.cells import LessonCell
from jaxercise.course.matching import Match, same
from jaxercise.course.submission import description, name_of

_MARKS = ("kind", "points", "name")
_OTHER_RELEASE = (
    "The lesson has changed since this notebook was handed out; it was graded with the cells of "
    "the lesson as it is now."
)
_NAMELESS = (
    "The notebook has lost the names and grading marks of its cells; they were recognised by "
    "their text and by the functions that they define."
)


@dataclass(frozen=True)
class Comparison:
    """A submission and the lesson's release; `other_release`: it was made from another one."""

    theirs: Sequence[NotebookNode]
    matches: Sequence[Match]
    originals: Mapping[str, NotebookNode]
    other_release: bool

    def sentences(self) -> Iterator[str]:
        """What was repaired, as far as it can affect the grade."""
        nameless = self._is_nameless()
        if nameless:
            yield _NAMELESS
        if self.other_release and self._differs():
            yield _OTHER_RELEASE
        for match in self.matches:
            if match.counts and match.taken is None:
                yield from self._missing(match, nameless)
            elif match.counts:
                yield from self._repaired(match)
        if not nameless:
            yield from self._remarked()
        if not self.other_release:
            yield from self._moved()

    def _is_nameless(self) -> bool:
        """Whether an editor dropped all names and ids of cells."""
        unmarked = all(name_of(cell) is None for cell in self.theirs)
        return unmarked and not any(m.named and m.taken is not None for m in self.matches)

    def _differs(self) -> bool:
        return any(
            match.taken is None
            or (
                match.cell.kind != "starter"
                and not same(self.theirs[match.taken].source, match.cell.source)
            )
            for match in self.matches
            if match.counts
        )

    def _missing(self, match: Match, nameless: bool) -> Iterator[str]:
        if match.cell.kind == "starter":
            if self.other_release:
                yield f"There was no cell for {match.cell.exercise}; its starter code was put in."
            else:
                yield f"{_label(match.cell)} was missing; its starter code was put back."
        elif not self.other_release and not nameless:
            yield f"{_label(match.cell)} was missing; it was put back."

    def _repaired(self, match: Match) -> Iterator[str]:
        cell, label = match.cell, _label(match.cell)
        assert match.taken is not None
        taken = self.theirs[match.taken]
        if cell.kind == "starter":
            if not match.named and (name_of(taken) or self._has_another_name(match)):
                yield f"{label} was missing; the cell that defines {cell.exercise} took its place."
            if match.copies or match.dropped:
                yield (
                    f"{label} was there {1 + len(match.copies) + len(match.dropped)} times; the "
                    "last copy with a changed definition counts."
                )
        elif match.copies or match.dropped:
            yield f"{label} had been copied; only the original counts."
        if taken.cell_type != "code":
            yield f"{label} had been turned into {taken.cell_type}; it is code again."
        if cell.kind != "starter" and self._was_changed(match):
            yield (
                f"{label} had been changed; its text was restored. Put your own code into cells of "
                "your own."
            )

    def _has_another_name(self, match: Match) -> bool:
        return any(other.named and other.taken == match.taken for other in self.matches)

    def _was_changed(self, match: Match) -> bool:
        """Whether a student changed the text of a cell that students may not change.

        The id of a given cell identifies the text that it was released with. A graded cell's text
        may differ from release to release, and `as_released` says whether it is unchanged.
        """
        assert match.taken is not None
        taken = self.theirs[match.taken]
        if same(taken.source, match.cell.source):
            return False
        if not self.other_release:
            return True
        if match.cell.kind == "given":
            return name_of(taken) is not None  # without, students were free to change it
        return description(taken).get("as_released") is False

    def _remarked(self) -> Iterator[str]:
        """Name the cells whose grading marks or tags differ from the lesson's."""
        changed = [
            _name(match.cell)
            for match in self.matches
            if match.counts and match.taken is not None and self._has_other_marks(match)
        ]
        if changed:
            yield (
                f"The grading marks of {', '.join(changed)} were changed or lost; they are "
                "restored."
            )

    def _has_other_marks(self, match: Match) -> bool:
        assert match.taken is not None
        taken, original = self.theirs[match.taken], self.originals[match.cell.id]
        if not self.other_release:
            return _marks(taken) != _marks(original)
        # Points and tags may differ between releases, and so may the name of a given cell.
        return match.cell.kind == "starter" and _marks(taken)[0] != _marks(original)[0]

    def _moved(self) -> Iterator[str]:
        positions = [
            match.taken
            for match in self.matches
            if match.taken is not None and match.named and match.cell.kind != "prose"
            if not match.copies and not match.dropped
        ]
        if positions != sorted(positions):
            yield "Cells had been moved; they are in the lesson's order again."


def _marks(cell: NotebookNode) -> tuple[object, ...]:
    said = description(cell)
    return *(said.get(key) for key in _MARKS), sorted(cell.metadata.get("tags", []))


def _label(cell: LessonCell) -> str:
    if cell.kind == "starter":
        return f"The cell of {cell.exercise}"
    if cell.kind == "check":
        return f"The cell that checks {cell.exercise}"
    return f"The read-only cell {_name(cell)}"


def _name(cell: LessonCell) -> str:
    return cell.id if cell.exercise else f"'{cell.source.strip().partition(chr(10))[0]}'"
