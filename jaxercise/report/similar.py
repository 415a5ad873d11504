"""Answers of two students that resemble each other more than independent answers do.

What the starter code, the reference, the known right answers and many of the class have in common
is taken out first; the rest is compared by fingerprints (report/winnow.py). The limits below are
such that of answers written independently almost none are named: docs/class_report.md tells how
many, and benchmarks/similarity.py measures it. Two students may still have had the same idea, or
the same book: this is a hint to look, never a verdict.
"""

from __future__ import annotations

import itertools
import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jaxercise.report.winnow import GRAM, Fingerprint, Token, fingerprints, tokens

# Of one exercise's cells: tokens that both share, and their share of what either wrote.
MIN_TOKENS = 30
MIN_SHARE = 0.5
# Of whole notebooks, where each answer by itself is too short.
MIN_TOKENS_NOTEBOOK = 60
MIN_SHARE_NOTEBOOK = 0.5
# Code that more of the class than this has in common is what the exercise leads to.
_COMMON_SHARE = 0.25
_COMMON_COUNT = 5


@dataclass(frozen=True)
class Overlap:
    """What two answers to one exercise share: tokens of the student's own on either side.

    `lines` are the line numbers, from 1, in which shared tokens stand.
    """

    exercise: str
    shared: tuple[int, int]
    own: tuple[int, int]
    lines: tuple[tuple[int, ...], tuple[int, ...]]

    @property
    def tokens(self) -> int:
        return min(self.shared)

    @property
    def share(self) -> float:
        """The lower of the two shares of own tokens that are shared, 0 to 1."""
        return _share(self.shared, self.own)

    @property
    def is_striking(self) -> bool:
        return self.tokens >= MIN_TOKENS and self.share >= MIN_SHARE


@dataclass(frozen=True)
class Resemblance:
    """Two students whose answers resemble each other; `share` is of their whole notebooks."""

    students: tuple[str, str]
    overlaps: tuple[Overlap, ...]
    share: float

    @property
    def tokens(self) -> int:
        return sum(overlap.tokens for overlap in self.overlaps)

    def to_json(self) -> dict[str, Any]:
        exercises = [
            {"exercise": one.exercise, "tokens": one.tokens, "share": round(one.share, 3)}
            for one in self.overlaps
        ]
        return {"students": list(self.students), "tokens": self.tokens, "exercises": exercises}


@dataclass(frozen=True)
class Prepared:
    """An answer's tokens, and its fingerprints that nothing common explains."""

    read: tuple[Token, ...]
    own: tuple[Fingerprint, ...]

    @property
    def values(self) -> frozenset[int]:
        return frozenset(one.value for one in self.own)

    def covered(self, values: Collection[int]) -> set[int]:
        """The positions of tokens that fingerprints among `values` cover."""
        return {
            position
            for one in self.own
            if one.value in values
            for position in range(one.start, one.start + GRAM)
        }


def values_of(texts: Iterable[str]) -> frozenset[int]:
    """The values of all fingerprints of some texts."""
    return frozenset(one.value for text in texts for one in fingerprints(tokens(text)))


def prepare(answers: Mapping[str, str], common: frozenset[int]) -> dict[str, Prepared]:
    """The answers to one exercise by student, without the fingerprints `common`.

    What many of these answers have in common is left out as well.
    """
    read = {student: tuple(tokens(source)) for student, source in answers.items()}
    marks = {student: fingerprints(found) for student, found in read.items()}
    held = Counter(value for found in marks.values() for value in {one.value for one in found})
    limit = max(_COMMON_COUNT, math.ceil(_COMMON_SHARE * len(answers)))
    base = common | {value for value, count in held.items() if count > limit}
    return {
        student: Prepared(read[student], tuple(one for one in found if one.value not in base))
        for student, found in marks.items()
    }


def overlap(exercise: str, one: Prepared, other: Prepared) -> Overlap:
    """What two prepared answers share."""
    values = one.values & other.values
    covered = [side.covered(values) for side in (one, other)]
    own = [side.covered(side.values) for side in (one, other)]
    lines = [
        tuple(sorted({side.read[position].line for position in positions}))
        for side, positions in zip((one, other), covered, strict=True)
    ]
    return Overlap(
        exercise,
        (len(covered[0]), len(covered[1])),
        (len(own[0]), len(own[1])),
        (lines[0], lines[1]),
    )


def resemblances(
    answers: Mapping[str, Mapping[str, str]], common: Mapping[str, Sequence[str]]
) -> list[Resemblance]:
    """The pairs of students worth a look, those that share most first.

    `answers` holds each student's by exercise, `common` the texts to take out by exercise.
    """
    prepared: dict[str, dict[str, Prepared]] = {}
    for exercise, texts in common.items():
        given = {student: own[exercise] for student, own in answers.items() if exercise in own}
        prepared[exercise] = prepare(given, values_of(texts))
    found = [
        pair
        for students, exercises in _pairs(prepared).items()
        if (pair := _compare(students, exercises, prepared))
    ]
    return sorted(found, key=lambda pair: -pair.tokens)


def _pairs(prepared: Mapping[str, Mapping[str, Prepared]]) -> dict[tuple[str, str], list[str]]:
    """The pairs that share any fingerprint, and in which exercises."""
    pairs: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
    for exercise, answers in prepared.items():
        holders: dict[int, list[str]] = defaultdict(list)
        for student, answer in answers.items():
            for value in answer.values:
                holders[value].append(student)
        for students in holders.values():
            for one, other in itertools.combinations(sorted(students), 2):
                pairs[one, other][exercise] = None
    return {pair: list(exercises) for pair, exercises in pairs.items()}


def _compare(
    students: tuple[str, str],
    exercises: Sequence[str],
    prepared: Mapping[str, Mapping[str, Prepared]],
) -> Resemblance | None:
    one, other = students
    overlaps = [overlap(name, prepared[name][one], prepared[name][other]) for name in exercises]
    share = notebook_share(students, overlaps, prepared)
    striking = [found for found in overlaps if found.is_striking]
    together = sum(found.tokens for found in overlaps)
    if together >= MIN_TOKENS_NOTEBOOK and share >= MIN_SHARE_NOTEBOOK:
        striking = [found for found in overlaps if found.tokens]
    return Resemblance(students, tuple(striking), share) if striking else None


def notebook_share(
    students: tuple[str, str],
    overlaps: Sequence[Overlap],
    prepared: Mapping[str, Mapping[str, Prepared]],
) -> float:
    """The lower of the two students' shares, over all exercises that both answered."""
    shared = [sum(found.shared[side] for found in overlaps) for side in (0, 1)]
    own = [0, 0]
    for answers in prepared.values():
        if all(student in answers for student in students):
            for side, student in enumerate(students):
                own[side] += len(answers[student].covered(answers[student].values))
    return _share(shared, own)


def _share(shared: Sequence[int], own: Sequence[int]) -> float:
    return min(part / whole if whole else 0.0 for part, whole in zip(shared, own, strict=True))
