"""Wrong answers made by machine: a right one, changed in one place as people err.

Annotations, decorators and docstrings stay as they are, since no hidden test runs them.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from jaxercise.grading.mutation_rules import RULES, exchanged_keys


@dataclass(frozen=True)
class Mutant:
    """A changed answer: `before` became `after` on a line of the right one."""

    rule: str
    line: int
    before: str
    after: str
    source: str

    @property
    def change(self) -> str:
        """The change in words, without the line, which other changes to the answer would move."""
        return f"{self.before} -> {self.after}"


def mutants(source: str) -> Iterator[Mutant]:
    """Every answer that differs from `source`, which is valid Python, by one change; none twice."""
    tree = ast.parse(source)
    seen = {ast.unparse(tree)}
    rules = {**RULES, "keys": exchanged_keys(tree)}
    for owner, field, index, node in _places(tree):
        for name, rule in rules.items():
            for new in rule(node):
                _put(owner, field, index, new)
                text = ast.unparse(ast.fix_missing_locations(tree))
                _put(owner, field, index, node)
                if text not in seen:
                    seen.add(text)
                    line = getattr(node, "lineno", 0)
                    yield Mutant(name, line, ast.unparse(node), ast.unparse(new), text)


def _places(node: ast.AST) -> Iterator[tuple[ast.AST, str, int | None, ast.AST]]:
    """Every node that may change: what holds it, in which field, at which place, and itself."""
    for field, value in ast.iter_fields(node):
        if field in ("annotation", "returns", "decorator_list", "bases"):
            continue
        for index, child in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if isinstance(child, ast.AST) and not _is_fixed(child):
                yield node, field, index, child
                yield from _places(child)


def _is_fixed(node: ast.AST) -> bool:
    """Docstrings, imports without which nothing runs, and what only explains an error."""
    is_string = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    return is_string or isinstance(node, ast.Import | ast.ImportFrom | ast.Raise | ast.Assert)


def _put(owner: ast.AST, field: str, index: int | None, node: ast.AST) -> None:
    if index is None:
        setattr(owner, field, node)
    else:
        getattr(owner, field)[index] = node
