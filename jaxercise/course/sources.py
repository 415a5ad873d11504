"""What Python source tells without being run.

The course's own files are trusted, but reading them must be quick and import no JAX; a
submission's cells must never run here. So this module only looks at syntax.
"""

from __future__ import annotations

import ast
import functools
import re
import warnings
from collections.abc import Iterator
from pathlib import Path

from jaxercise.checks.outcome import PROPERTIES, CourseError, DeclaredCheck

_SECTION = re.compile(r"^# %%(?P<title>.*)$", re.MULTILINE)
# A test with one of these marks may run several times or not at all.
_UNCOUNTABLE = ("parametrize", "skip", "skipif", "xfail")
# Fixtures of the grader, and those of pytest that make sense in a hidden test.
_FIXTURES = ("student", "reference", "rng", "new_key", "race")
_FIXTURES_OF_PYTEST = ("request", "tmp_path", "monkeypatch", "recwarn")
_Function = ast.FunctionDef | ast.AsyncFunctionDef


def sections(text: str, path: Path | str = "source") -> tuple[str, dict[str, str]]:
    """Split a source on its `# %% title` lines into what stands before and title to section.

    Blank lines around each part are dropped. `path` is for the message only.

    Raises:
        CourseError: a section without a title, or two with the same one.
    """
    text = text.replace("\r\n", "\n")
    marks = list(_SECTION.finditer(text))
    preamble = text[: marks[0].start()] if marks else text
    found: dict[str, str] = {}
    for mark, following in zip(marks, [*marks[1:], None], strict=False):
        end = following.start() if following else len(text)
        title = mark["title"].strip()
        where = f"{path}:{text.count(chr(10), 0, mark.start()) + 1}"
        if not title:
            raise CourseError(f"{where}: a section needs a title, as in '# %% add_tax'")
        if title in found:
            raise CourseError(f"{where}: there is a section '{title}' already; rename one")
        found[title] = text[mark.end() : end].strip("\n").rstrip()
    return preamble.strip("\n").rstrip(), found


def section_lines(text: str) -> dict[str, int]:
    """The lines on which the text of each section begins, by title."""
    text = text.replace("\r\n", "\n")
    lines = {}
    for mark in _SECTION.finditer(text):
        blank = len(text[mark.end() :]) - len(text[mark.end() :].lstrip("\n"))
        lines[mark["title"].strip()] = text.count("\n", 0, mark.end()) + blank + 1
    return lines


def parse(source: str) -> ast.Module | None:
    """The syntax tree, or None if the source does not parse; safe on hostile text."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about "\\d" in student code
            return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None  # nesting beyond the parser's stack is reported as MemoryError


def function_in(source: str, name: str) -> ast.FunctionDef | None:
    """The last definition of the function `name` at the source's top level."""
    tree = parse(source)
    found = [
        node
        for node in (tree.body if tree else [])
        if isinstance(node, ast.FunctionDef) and node.name == name
    ]
    return found[-1] if found else None


def parameters(function: ast.FunctionDef) -> tuple[str, ...]:
    """The parameter names in order, marked `/`, `*` and `**` as in a signature."""
    arguments = function.args
    names = [argument.arg for argument in arguments.posonlyargs]
    names += ["/"] * bool(names)
    names += [argument.arg for argument in arguments.args]
    if arguments.vararg:
        names.append(f"*{arguments.vararg.arg}")
    elif arguments.kwonlyargs:
        names.append("*")
    names += [argument.arg for argument in arguments.kwonlyargs]
    if arguments.kwarg:
        names.append(f"**{arguments.kwarg.arg}")
    return tuple(names)


def defined_functions(source: str) -> frozenset[str]:
    """Names that top-level `def`s of student code define, as far as syntax tells.

    A cell that does not parse, because of a magic or a half-typed line, is searched by pattern.
    """
    return _names(source)[0]


def assigned_names(source: str) -> frozenset[str]:
    """Names assigned at the top level, in `x = ...`, `x, y = ...` or `x: float = ...`."""
    return _names(source)[1]


@functools.lru_cache(maxsize=1024)
def _names(source: str) -> tuple[frozenset[str], frozenset[str]]:
    """The functions that a source defines and the names that it assigns.

    Cached, since the same cells are asked about often. The syntax tree is not, since it is about a
    thousand times as large as the text.
    """
    tree = parse(source)
    if tree is None:
        pattern = re.compile(r"^(?:async[ \t]+)?def[ \t]+(\w+)[ \t]*\(", re.MULTILINE)
        return frozenset(pattern.findall(source)), frozenset()
    functions = frozenset(node.name for node in tree.body if isinstance(node, _Function))
    names = set()
    for node in tree.body:
        if isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for part in (part for target in targets for part in ast.walk(target)):
                if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store):
                    names.add(part.id)
    return functions, frozenset(names)


def is_expression(text: str) -> bool:
    """Whether the text is one Python expression."""
    try:
        ast.parse(text, mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def declared_checks(test_file: Path) -> tuple[DeclaredCheck, ...]:
    """The checks that a file of hidden tests declares, in order, without importing it.

    Raises:
        CourseError: the file cannot be read, declares no correctness check, or a test in it
            lacks its marker, points or docstring. The message names the file and the line.
    """
    tree = _parse_course_file(test_file)
    _assert_fixtures_exist(tree, test_file)
    checks: dict[str, DeclaredCheck] = {}
    for node in _tests(tree, test_file):
        check = _declared_check(node, test_file)
        if check.check in checks:
            raise CourseError(f"{test_file}:{node.lineno}: a second '{node.name}'; rename it")
        checks[check.check] = check
    if not any(check.property == "correctness" for check in checks.values()):
        raise CourseError(
            f"{test_file}: no test is marked @pytest.mark.correctness, and without one the "
            "other properties would reward a wrong answer; add one"
        )
    return tuple(checks.values())


def _parse_course_file(path: Path) -> ast.Module:
    try:
        return ast.parse(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise CourseError(f"{path}: cannot be read: {error}") from error
    except SyntaxError as error:
        raise CourseError(f"{path}:{error.lineno}: not valid Python: {error.msg}") from error


def _tests(tree: ast.Module, path: Path) -> Iterator[ast.FunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and node.name.startswith("Test"):
            raise CourseError(
                f"{path}:{node.lineno}: class '{node.name}': write hidden tests as plain functions"
            )
        if isinstance(node, _Function) and node.name.startswith("test_"):
            if node not in tree.body or isinstance(node, ast.AsyncFunctionDef):
                raise CourseError(
                    f"{path}:{node.lineno}: '{node.name}' must be a plain function at the top "
                    "level of the file, neither nested nor async"
                )
            yield node


def _assert_fixtures_exist(tree: ast.Module, path: Path) -> None:
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    own = [f for f in functions if any(_name_of(d) == "pytest.fixture" for d in f.decorator_list)]
    known = {*_FIXTURES, *_FIXTURES_OF_PYTEST, *(fixture.name for fixture in own)}
    tests = [function for function in functions if function.name.startswith("test_")]
    for function in own + tests:
        optional = len(function.args.defaults)
        arguments = function.args.posonlyargs + function.args.args
        for argument in arguments[: len(arguments) - optional]:
            if argument.arg not in known:
                raise CourseError(
                    f"{path}:{argument.lineno}: '{function.name}' asks for a fixture "
                    f"'{argument.arg}', and there is none; there are {', '.join(_FIXTURES)}"
                )


def _declared_check(test: ast.FunctionDef, path: Path) -> DeclaredCheck:
    where = f"{path}:{test.lineno}: '{test.name}'"
    marks = [(_mark_name(decorator), decorator) for decorator in test.decorator_list]
    for name, _ in marks:
        if name in _UNCOUNTABLE:
            raise CourseError(
                f"{where}: @pytest.mark.{name} would make its check run several times or "
                "not at all; use a loop inside the test, or remove it"
            )
    named = [(name, decorator) for name, decorator in marks if name in PROPERTIES]
    choices = ", ".join(f"@pytest.mark.{name}(points=...)" for name in PROPERTIES)
    if len(named) != 1:
        got = " and ".join(str(name) for name, _ in named) or "none"
        raise CourseError(f"{where} needs exactly one marker, has {got}; choose from {choices}")
    property_, decorator = named[0]
    title = (ast.get_docstring(test) or "").strip().partition("\n")[0].strip()
    if not title:
        raise CourseError(
            f"{where} has no docstring; its first line is what a student reads as the check's name"
        )
    check = test.name.removeprefix("test_")
    return DeclaredCheck(check, str(property_), _points(decorator, where), title)


def _mark_name(decorator: ast.expr) -> str | None:
    """`speed` of `@pytest.mark.speed` and `@pytest.mark.speed(points=2)`."""
    prefix, _, name = _name_of(decorator).rpartition(".")
    return name if prefix in ("pytest.mark", "mark") else None


def _name_of(decorator: ast.expr) -> str:
    return ast.unparse(decorator.func if isinstance(decorator, ast.Call) else decorator)


def _points(decorator: ast.expr, where: str) -> float:
    given = decorator.keywords if isinstance(decorator, ast.Call) else []
    value = next((keyword.value for keyword in given if keyword.arg == "points"), None)
    number = value.value if isinstance(value, ast.Constant) else None
    if isinstance(number, bool) or not isinstance(number, int | float) or number <= 0:
        got = "nothing" if value is None else f"'{ast.unparse(value)}'"
        raise CourseError(
            f"{where}: points must be a positive number written out, as in points=2; got {got}"
        )
    return float(number)
