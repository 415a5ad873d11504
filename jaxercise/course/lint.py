"""Finds mistakes in a lesson's code without running it.

These are code that does not compile, and names that a solution uses but no earlier cell defines.
The reference works all the same, since its file begins with imports that the notebook lacks.
"""

from __future__ import annotations

import ast
import builtins
import re
import symtable
import warnings
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

from jaxercise.checks.outcome import CourseError
from jaxercise.course.cells import LessonCell
from jaxercise.course.sources import section_lines

_MAGIC = re.compile(r"^\s*[%!?]|^[^#\n]*\?\s*$|=\s*[%!]", re.MULTILINE)
# What IPython and Python put into a notebook's namespace.
_GIVEN = {*vars(builtins), "display", "get_ipython", "In", "Out", "_", "__name__", "__doc__"}


def assert_compiles(source: str, path: Path, line: int, what: str) -> None:
    """Raise CourseError if a source, which begins at `line` of `path`, is not valid Python.

    The message calls the source `what`.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(_python(source), str(path), "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    except SyntaxError as error:
        at = line + (error.lineno or 1) - 1
        raise CourseError(f"{path}:{at}: {what} is not valid Python: {error.msg}") from error
    except (ValueError, RecursionError, MemoryError) as error:
        raise CourseError(f"{path}:{line}: {what} is not valid Python: {error}") from error


def assert_names_are_defined(
    cells: Sequence[LessonCell], lesson: Path, solutions: Mapping[str, str], reference: Path
) -> None:
    """Raise CourseError if code uses a name that no earlier cell of the notebook defines.

    A solution may use what the cells before its check define, except experiments, which grading
    leaves out. Visible checks may use experiments too.
    """
    starts = section_lines(reference.read_text(encoding="utf-8"))
    known: set[str] = set()
    shown: set[str] = set()
    for cell in cells:
        solution = solutions.get(cell.exercise or "", "")
        if cell.kind == "show":
            shown |= names_defined(cell.source)
        elif cell.kind in ("given", "starter"):
            _assert_known(cell.source, known, lesson, cell.line)
            known |= names_defined(solution if cell.kind == "starter" else cell.source)
        elif cell.kind == "check":
            _assert_known(cell.source, known | shown, lesson, cell.line)
            advice = "; what stands at the head of this file is not in the notebook"
            _assert_known(solution, known, reference, starts[cell.exercise or ""], advice)


def experiments_for(check: LessonCell, cells: Sequence[LessonCell]) -> list[LessonCell]:
    """The experiments that define names used by a cell of visible checks, in order."""
    before = cells[: cells.index(check)]
    given = [names_defined(c.source) for c in before if c.kind in ("given", "starter")]
    known = frozenset().union(*given)
    missing = {name for name, _ in undefined_names(check.source, known)}
    found = []
    for cell in reversed(before):
        if cell.kind == "show" and missing & names_defined(cell.source):
            found.append(cell)
            missing |= {name for name, _ in undefined_names(cell.source, known)}
    return found[::-1]


def _assert_known(source: str, known: set[str], path: Path, line: int, advice: str = "") -> None:
    for name, at in undefined_names(source, known):
        raise CourseError(
            f"{path}:{line + at - 1}: no cell before this defines the name '{name}'{advice}"
        )


def names_defined(source: str) -> frozenset[str]:
    """Names that a source binds at its top level, or as `global` in a function.

    They include `*` if the source has a star import.
    """
    stars = {"*"} if re.search(r"^\s*from\s.*\bimport\s+\*", source, re.MULTILINE) else set()
    return frozenset(stars.union(*map(_bound, _tables(source))))


def undefined_names(source: str, known: Collection[str]) -> Iterator[tuple[str, int]]:
    """Names that a source uses but neither it nor `known` defines, each with its first line."""
    defined = names_defined(source) | {*known} | _GIVEN
    if "*" in defined:
        return
    used = {
        symbol.get_name()
        for table in _tables(source)
        for symbol in table.get_symbols()
        if symbol.is_referenced() and (symbol.is_global() or table.get_type() == "module")
    }
    lines: dict[str, int] = {}
    for node in ast.walk(ast.parse(_python(source))):
        if isinstance(node, ast.Name):
            lines[node.id] = min(node.lineno, lines.get(node.id, node.lineno))
    for name in sorted(used - defined, key=lambda name: lines.get(name, 1)):
        yield name, lines.get(name, 1)


def _python(source: str) -> str:
    """A cell's source with IPython's own syntax translated to Python."""
    if not _MAGIC.search(source):
        return source
    from IPython.core.inputtransformer2 import TransformerManager

    return TransformerManager().transform_cell(source)


def _tables(source: str) -> Iterator[symtable.SymbolTable]:
    waiting = [symtable.symtable(_python(source), "cell", "exec")]
    while waiting:
        table = waiting.pop()
        waiting += table.get_children()
        yield table


def _bound(table: symtable.SymbolTable) -> set[str]:
    top = table.get_type() == "module"
    return {
        symbol.get_name()
        for symbol in table.get_symbols()
        if (top or symbol.is_declared_global())
        and (symbol.is_assigned() or symbol.is_imported() or symbol.is_namespace())
    }
