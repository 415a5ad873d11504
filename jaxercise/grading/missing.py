"""Why a name is not defined where a check needs it: which cell stopped, where and why.

The explanation comes from the run that shows the notebook. That run is over before any hidden
input enters the sandbox, so it may quote the texts of errors. Known answers are not
shown first; nothing in them is secret, so theirs comes from the run that checks them.
"""

from __future__ import annotations

import ast
import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jaxercise.checks.outcome import StudentDied
from jaxercise.course.sources import assigned_names, defined_functions, parse
from jaxercise.grading.outputs import clean
from jaxercise.grading.session import PlannedCell

_MAX_ERROR = 200
_MAX_STEPS = 4
# What Python appends to the text of a SyntaxError.
_PLACE = re.compile(r" \([^()]*, line \d+\)$")
_UNDEFINED = re.compile(r"NameError: name '(\w+)' is not defined.*")


@dataclass(frozen=True)
class Missing:
    """Explains names that are not defined.

    `planned` are all code cells of the notebook; `stops` says for some of them, by their place
    in the notebook, how they ended early, and `failed_cells` which ones had to be left out.
    """

    planned: Sequence[PlannedCell]
    stops: Mapping[int, str]
    failed_cells: Mapping[int, StudentDied]

    @classmethod
    def after(
        cls,
        planned: Sequence[PlannedCell],
        stops: Mapping[int, str],
        failed_cells: Mapping[int, StudentDied],
        executed: Sequence[PlannedCell] | None = None,
    ) -> Missing:
        """What is known after a run of the cells `executed`, which it knows by their position.

        By default, that is the run that shows the notebook.
        """
        shown = [p.index for p in executed or planned if executed or p.check_of is None]
        by_place = {shown[at]: text for at, text in stops.items()}
        return cls(planned, by_place, {shown[at]: death for at, death in failed_cells.items()})

    def why(self, name: str, check: int) -> str:
        """Why `name` is not defined at the notebook's cell `check`; empty where that is unclear."""
        return self._why(name, check, _MAX_STEPS)

    def _why(self, name: str, before: int, steps: int) -> str:
        cells = [p for p in self.planned if p.check_of is None]
        defining = [p for p in cells if p.starter_of == name or name in bound(p.cell.source)]
        for p in reversed([p for p in defining if p.index < before]):
            if p.index in self.failed_cells:
                return f"{self._called(p)} was left out, since {self.failed_cells[p.index]}"
            if p.index in self.stops:
                return self._stopped(p, name, steps)
        there = [p for p in defining if name in bound(p.cell.source)]
        if any(p.index < before for p in there):
            return ""
        if there:
            return (
                f"{self._called(there[0])} defines it, but comes too late; cells are executed "
                "from top to bottom"
            )
        return self._nowhere(name, [p for p in cells if p.index < before])

    def _stopped(self, p: PlannedCell, name: str, steps: int) -> str:
        text = f"{self._called(p)} stopped {self.stops[p.index]}"
        undefined = _UNDEFINED.search(self.stops[p.index])
        if undefined is not None and undefined[1] != name and steps:
            cause = self._why(undefined[1], p.index, steps - 1)
            text += f"; there {undefined[1]} is not defined: {cause}" if cause else ""
        return text

    def _nowhere(self, name: str, cells: list[PlannedCell]) -> str:
        own = [f for p in cells if p.starter_of == name for f in defined_functions(p.cell.source)]
        names = sorted({n for p in cells for n in bound(p.cell.source)})
        similar = own[:1] or difflib.get_close_matches(name, names, 1, 0.75)
        text = f"no cell before this check defines {name}"
        return f"{text}, but one defines {similar[0]}; was it renamed?" if similar else text

    def _called(self, p: PlannedCell) -> str:
        number = 1 + [q.index for q in self.planned].index(p.index)
        return (
            f"the cell of {p.starter_of} (In [{number}])" if p.starter_of else f"cell In [{number}]"
        )


def stops(results: Mapping[int, Any]) -> dict[int, str]:
    """How cells ended early, by position: "at line 3 with ValueError: ..."."""
    found = {at: _stop(result.get("stopped")) for at, result in results.items()}
    return {at: text for at, text in found.items() if text is not None}


def _stop(stopped: Any) -> str | None:
    match stopped:
        case {"type": str(kind), "message": str(message)}:
            told = " ".join(_PLACE.sub("", clean(f"{kind}: {message}")).split())
            line = stopped.get("line")
            where = f"at line {line} " if type(line) is int and 0 < line < 10**6 else ""
            return f"{where}with {told[:_MAX_ERROR].removesuffix(':').rstrip('.')}"
    return None


def bound(source: str) -> frozenset[str]:
    """Names that a cell's top level defines, assigns or imports, as far as can be told."""
    tree = parse(source)
    imported = set()
    for node in tree.body if tree else []:
        if isinstance(node, ast.Import | ast.ImportFrom):
            imported |= {(one.asname or one.name).partition(".")[0] for one in node.names}
        elif isinstance(node, ast.ClassDef):
            imported.add(node.name)
    return defined_functions(source) | assigned_names(source) | imported
