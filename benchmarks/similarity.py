"""How often answers that were written independently are called similar, and how often copies are.

    python benchmarks/similarity.py

The right answers in benchmarks/unseen/first/ were written by five people for one exercise after the
other, each in a style of its own. What the report (jaxercise/report/similar.py) says of two of
them is a false alarm. Notebooks of a whole set are put together of them at random. Copies are
answers with every name changed, and none, one, two or four operators.
"""

from __future__ import annotations

import itertools
import random
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from fairness import answers as unseen

from jaxercise.course.lesson import Course
from jaxercise.grading.solutions import known_solutions
from jaxercise.report import similar
from jaxercise.report.similar import Overlap, Prepared, notebook_share, overlap, prepare, values_of
from jaxercise.report.winnow import tokens

ROOT = Path(__file__).resolve().parent.parent
_NOTEBOOKS = 400


def main() -> None:
    course = Course(ROOT)
    sets = {name: _prepared(course, name) for name in course.assignments()}
    pairs = [pair for exercises in sets.values() for pair in _independent(exercises)]
    alarms = [pair for pair in pairs if pair.is_striking]
    count = sum(len(answers) for exercises in sets.values() for answers in exercises.values())
    print(f"{count} independent right answers, {len(pairs)} pairs to the same exercise")
    print(f"  called similar: {len(alarms)} ({len(alarms) / len(pairs):.2%})")
    for pair in alarms:
        print(f"    {pair.exercise}: {pair.tokens} tokens, {pair.share:.0%}")
    print("  shares of at least", end="")
    for share in (0.3, 0.4, 0.5, 0.6, 0.7):
        above = sum(p.tokens >= similar.MIN_TOKENS and p.share >= share for p in pairs)
        print(f"  {share:.0%}: {above}", end="")
    print(f"  (with {similar.MIN_TOKENS} tokens or more)")
    chance = random.Random(0)
    for name, exercises in sets.items():
        told, compared, highest = _notebooks(exercises, chance)
        print(f"{name}: {told} of {compared} pairs of notebooks; highest share {highest:.0%}")
    for changed in (0, 1, 2, 4):
        caught, long_enough = _copies(course, changed, chance)
        print(f"copies, names and {changed} operators changed: {caught} of {long_enough} found")


def _common(course: Course, assignment: str, exercise: str) -> frozenset[int]:
    known = known_solutions(course, assignment, course.lesson(assignment).by_name[exercise])
    return values_of(one.source for one in known if one.title == "starter" or not one.dies_in)


def _right(assignment: str, exercise: str) -> dict[str, str]:
    found = unseen("first", assignment, exercise)
    return {one.title: one.source for one in found if one.title.startswith("right")}


def _prepared(course: Course, assignment: str) -> dict[str, dict[str, Prepared]]:
    """By exercise and title; the class's own habits are not taken out, since there is no class."""
    found: dict[str, dict[str, Prepared]] = {}
    for exercise in course.lesson(assignment).exercises:
        common = _common(course, assignment, exercise.name)
        for title, source in _right(assignment, exercise.name).items():
            alone = prepare({title: source}, common)
            found.setdefault(exercise.name, {}).update(alone)
    return found


def _independent(exercises: Mapping[str, Mapping[str, Prepared]]) -> Iterator[Overlap]:
    for name, answers in exercises.items():
        for one, other in itertools.combinations(answers.values(), 2):
            yield overlap(name, one, other)


def _notebooks(
    exercises: Mapping[str, Mapping[str, Prepared]], chance: random.Random
) -> tuple[int, int, float]:
    """Pairs of notebooks of independent answers: called similar, compared, the highest share."""
    told, highest = 0, 0.0
    for _ in range(_NOTEBOOKS):
        two = {
            name: dict(zip("ab", chance.sample(list(answers.values()), 2), strict=True))
            for name, answers in exercises.items()
            if len(answers) > 1
        }
        found = [overlap(name, pair["a"], pair["b"]) for name, pair in two.items()]
        share = notebook_share(("a", "b"), found, two)
        together = sum(one.tokens for one in found)
        if together >= similar.MIN_TOKENS_NOTEBOOK:
            highest = max(highest, share)
            told += share >= similar.MIN_SHARE_NOTEBOOK
    return told, _NOTEBOOKS, highest


def _copies(course: Course, changed: int, chance: random.Random) -> tuple[int, int]:
    """Answers with enough of their own that are found again in a disguised copy, and how many."""
    caught = long_enough = 0
    for assignment in course.assignments():
        for exercise in course.lesson(assignment).exercises:
            common = _common(course, assignment, exercise.name)
            for source in _right(assignment, exercise.name).values():
                two = prepare({"a": source, "b": _disguised(source, changed, chance)}, common)
                if len(two["a"].covered(two["a"].values)) < similar.MIN_TOKENS:
                    continue
                long_enough += 1
                caught += overlap(exercise.name, two["a"], two["b"]).is_striking
    return caught, long_enough


def _disguised(source: str, changed: int, chance: random.Random) -> str:
    """The answer with every name of its own changed, and `changed` of its operators."""
    kept = {token.text for token in tokens(source)}
    names = "|".join(sorted(set(re.findall(r"[a-z_]\w*", source)) - kept)) or "(?!)"
    strings = r"""("[^"\n]*"|'[^'\n]*')"""
    parts = re.split(strings, source)
    for place in range(0, len(parts), 2):
        parts[place] = re.sub(rf"(?<![\w.])({names})\b", r"\1_2", parts[place])
    source = "".join(parts)
    places = [match.start() for match in re.finditer(r"(?<= )[-+*/](?= )", source)]
    for place in chance.sample(places, min(changed, len(places))):
        source = source[:place] + "@" + source[place + 1 :]
    return source


if __name__ == "__main__":
    main()
