"""What in a notebook's text deserves an instructor's look.

It decides nothing: names can be hidden, and an honest answer may use them. Points are kept
safe by where the tests run, not by what is read here.
"""

from __future__ import annotations

import re

from jaxercise.course.lesson import Lesson
from jaxercise.grading.session import PlannedCell

# The grader's own parts, and ways into a process that no exercise of a course on JAX needs.
_SUSPICIOUS_WORDS = re.compile(
    r"""jaxercise\.(?!(?:notebook|standins|check|example|faster)\b)[a-z]\w* | grader_tests
    | reference[./][A-Za-z]+\d\w* | gradebook
    | NBGRADER\w* | /proc/ | gc\.get_objects | ctypes | sitecustomize | ipykernel_launcher
    | sys\.modules\s*\[ | builtins\.\w+\s*= | _getframe | settrace | setprofile""",
    re.VERBOSE,
)


def tamper_hints(planned: list[PlannedCell], lesson: Lesson) -> list[str]:
    """At most one sentence: which cells of the student's speak of what."""
    ours = {cell.id: cell.source.strip() for cell in lesson.cells}
    found = {
        p.cell.id: set(_SUSPICIOUS_WORDS.findall(p.cell.source))
        for p in planned
        if p.cell.source.strip() != ours.get(p.cell.id)
    }
    cells = [name for name, words in found.items() if words]
    if not cells:
        return []
    words = sorted(set().union(*found.values()))
    return [
        f"Worth a look: {', '.join(cells[:8])} speaks of {', '.join(words[:8])}, which no "
        "exercise needs. This cost no points."
    ]
