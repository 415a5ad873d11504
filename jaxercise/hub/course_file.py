"""Reads hub.toml, which names what an operator decides; everything else follows from it.

[hub]
address = "http://127.0.0.1:8000"     # where the proxy listens
folder = "/srv/jaxercise"             # everything that init makes

[[course]]
name = "jax"
grader = "grader-jax"                 # the Unix account that owns the course's folder
port = 9101                           # of its formgrader, on loopback
instructors = ["ines"]
roster = "jax.csv"                    # relative to this file
from = "/usr/local/src/jaxercise"     # a course to copy, where there is none yet

[course.settings]                     # of nbgrader, for this course
JudgeSubmission.seed = 4711
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jaxercise.checks.outcome import CourseError
from jaxercise.nbgrader.roster import read_roster

# What useradd accepts; JupyterHub would write other names in lower case.
_ACCOUNT = re.compile(r"[a-z_][a-z0-9_-]{0,31}")
_COURSE = re.compile(r"[a-z][a-z0-9_-]{0,31}")
_JSON = Mapping[str, Any]


@dataclass(frozen=True)
class HubTable:
    """The table [hub]. `accounts` is "create" (local accounts are made for graders, instructors
    and students) or "existing"; `extra_config` is read by JupyterHub after our settings."""

    address: str = "http://127.0.0.1:8000"
    folder: Path = Path("/srv/jaxercise")
    python: Path = Path("/usr/bin/python3")
    accounts: str = "create"
    hub_port: int = 8081
    proxy_api_port: int = 8001
    unit: Path = Path("/etc/systemd/system/jaxercise-hub.service")
    extra_config: Path | None = None


@dataclass(frozen=True)
class CourseTable:
    """One table [[course]]: a course, or a section of one with a grader of its own."""

    name: str
    grader: str
    port: int
    instructors: tuple[str, ...]
    roster: Path
    root: Path
    section: str = ""
    copied_from: Path | None = None
    settings: _JSON = field(default_factory=dict[str, Any])
    students: tuple[str, ...] = ()
    line: int = 0


@dataclass(frozen=True)
class CourseFile:
    path: Path
    hub: HubTable
    courses: tuple[CourseTable, ...]

    def line_of(self, key: str, course: CourseTable | None = None) -> int:
        """The line on which a key stands, or its table begins."""
        return _Text(self.path.read_text(encoding="utf-8")).line(key, course and course.line)


def read_course_file(path: Path) -> CourseFile:
    """Read and check the file, and the rosters that it names.

    Raises:
        CourseError: a mistake; the message names file, line and key.
    """
    path = path.absolute()
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise CourseError(f"{path}: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise CourseError(f"{path}: not UTF-8") from error
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"at line (\d+)", str(error))
        raise CourseError(f"{path}:{line[1] if line else text.count(chr(10))}: {error}") from error
    return _Reader(path, _Text(text)).read(tables)


class _Text:
    """Finds the lines of keys, which tomllib does not tell."""

    def __init__(self, text: str) -> None:
        self.lines = text.splitlines()

    def tables(self, header: str) -> list[int]:
        pattern = re.compile(rf"\s*{re.escape(header)}\s*(#.*)?")
        return [n for n, line in enumerate(self.lines, 1) if pattern.fullmatch(line)]

    def line(self, key: str, begin: int | None) -> int:
        """The first line of a table, which begins at `begin`, that sets the key; else `begin`."""
        for number, line in enumerate(self.lines[(begin or 1) - 1 :], begin or 1):
            if begin and number > begin and re.match(r"\s*\[\[?(course|hub)\]", line):
                break
            if re.match(rf"""\s*(?:\w+\.)*["']?{re.escape(key)}["']?\s*[.=]""", line):
                return number
        return begin or 1


@dataclass
class _Reader:
    path: Path
    text: _Text

    def read(self, tables: _JSON) -> CourseFile:
        for key in tables.keys() - {"hub", "course"}:
            raise self.wrong(key, None, f"unknown key '{key}'; known are [hub] and [[course]]")
        hub_line = (self.text.tables("[hub]") or [1])[0]
        given = tables.get("hub", {})
        hub = HubTable(**self.values(HubTable, given, hub_line, "[hub]"))
        self.check_hub(hub, hub_line)
        listed = tables.get("course", [])
        if not isinstance(listed, list) or not listed:
            raise self.wrong("course", None, "no [[course]]; a hub needs one at least")
        begins = self.text.tables("[[course]]")
        begins += [1] * (len(listed) - len(begins))  # Written inline.
        courses = [self.course(hub, t, n) for t, n in zip(listed, begins, strict=True)]
        self.check_distinct(hub, courses)
        return CourseFile(self.path, hub, tuple(courses))

    def wrong(self, key: str, begin: int | None, why: str) -> CourseError:
        return CourseError(f"{self.path}:{self.text.line(key, begin)}: {why}")

    def values(self, table: type, given: Any, begin: int, title: str) -> dict[str, Any]:
        """The table's values by the names of the fields, each of its field's type."""
        kinds = {f.name: str(f.type) for f in fields(table) if f.name not in ("students", "line")}
        if not isinstance(given, dict):
            raise self.wrong(title, begin, f"{title} is not a table")
        values: dict[str, Any] = {}
        for key, value in given.items():
            name = {"from": "copied_from"}.get(key, key)
            if name not in kinds or key == "copied_from":
                known = ", ".join({"copied_from": "from"}.get(kind, kind) for kind in kinds)
                raise self.wrong(key, begin, f"unknown key '{key}' in {title}; known are {known}")
            values[name] = self.value(key, value, kinds[name], begin)
        for one in fields(table):
            needed = one.default is MISSING and one.default_factory is MISSING
            if needed and one.name != "root" and one.name not in values:
                raise self.wrong(title, begin, f"{title} has no key '{one.name}'")
        return values

    def value(self, key: str, value: Any, kind: str, begin: int) -> Any:
        if kind == "int" and type(value) is int and 1 <= value <= 65535:
            return value
        if kind == "str" and isinstance(value, str):
            return value
        if kind.startswith("Path") and isinstance(value, str) and value:
            return self.path.parent / value
        if kind == "_JSON" and isinstance(value, dict):
            return value
        names: list[Any] = value if kind.startswith("tuple") and isinstance(value, list) else [None]
        if all(isinstance(name, str) for name in names):
            return tuple(self.account(key, name, begin) for name in names)
        wanted = {"int": "a port, 1 to 65535", "_JSON": "a table"}
        wanted |= {"tuple[str, ...]": 'a list of accounts, such as ["ines"]'}
        told = wanted.get(kind, "a text in quotes")
        raise self.wrong(key, begin, f"'{key}' is {value!r}, and should be {told}")

    def account(self, key: str, name: str, begin: int) -> str:
        if not _ACCOUNT.fullmatch(name):
            raise self.wrong(
                key,
                begin,
                f"'{name}' in '{key}' cannot be a Unix account: lower-case letters, digits, - and "
                "_, at most 32, a letter first",
            )
        return name

    def check_hub(self, hub: HubTable, begin: int) -> None:
        split = urlsplit(hub.address)
        if split.scheme != "http" or not split.hostname or split.path not in ("", "/"):
            raise self.wrong(
                "address",
                begin,
                f"'address' is {hub.address!r}, and should be like http://127.0.0.1:8000; TLS "
                "ends at a web server in front of it (docs/operators.md)",
            )
        if hub.accounts not in ("create", "existing"):
            raise self.wrong(
                "accounts",
                begin,
                f'\'accounts\' is {hub.accounts!r}, and should be "create" or "existing"',
            )

    def course(self, hub: HubTable, given: _JSON, begin: int) -> CourseTable:
        values = self.values(CourseTable, given, begin, "[[course]]")
        name = values["name"]
        if not _COURSE.fullmatch(name):
            raise self.wrong(
                "name",
                begin,
                f"'{name}' cannot be a course's name: lower-case letters, digits, - and _, at "
                "most 32, a letter first",
            )
        self.account("grader", values["grader"], begin)
        self.check_settings(values.get("settings", {}), begin)
        values.setdefault("root", hub.folder / "courses" / name)
        table = CourseTable(**values, line=begin)
        students = tuple(self.students(table))
        for staff in {table.grader, *table.instructors}.intersection(students):
            raise self.wrong(
                "roster", begin, f"'{staff}' grades the course '{name}' and is on its roster"
            )
        return CourseTable(**values, line=begin, students=students)

    def check_settings(self, settings: _JSON, begin: int) -> None:
        """They are of the form CLASS.NAME = VALUE."""
        for name, options in settings.items():
            if not re.fullmatch(r"[A-Z]\w*", name) or not isinstance(options, dict):
                told = f"'{name}' in [course.settings]; they are like JudgeSubmission.seed = 4711"
                raise self.wrong(name, begin, told)

    def students(self, course: CourseTable) -> list[str]:
        """The ids of the course's section on its roster; all must be accounts."""
        listed = read_roster(course.roster)
        chosen = [s for s in listed if not course.section or s.section == course.section]
        for student in chosen:
            if not _ACCOUNT.fullmatch(student.id):
                raise CourseError(
                    f"{course.roster}:{student.line}: the id '{student.id}' cannot be a Unix "
                    "account: lower-case letters, digits, - and _, at most 32, a letter first"
                )
        if not chosen:
            known = ", ".join(sorted({s.section for s in listed} - {""})) or "none"
            raise self.wrong(
                "section",
                course.line,
                f"nobody on {course.roster} is in the section '{course.section}'; sections "
                f"there: {known}",
            )
        return [student.id for student in chosen]

    def check_distinct(self, hub: HubTable, courses: list[CourseTable]) -> None:
        """No two courses, nor a course and the hub, may have a name, folder or port in common."""
        ports: dict[int, str] = {}
        used: list[tuple[int, str, int, str]] = [
            (urlsplit(hub.address).port or 80, "address", 0, "the hub's address"),
            (hub.hub_port, "hub_port", 0, "'hub_port'"),
            (hub.proxy_api_port, "proxy_api_port", 0, "'proxy_api_port'"),
            *((c.port, "port", c.line, f"the course '{c.name}'") for c in courses),
        ]
        for port, key, line, owner in used:
            if port in ports:
                raise self.wrong(key, line or None, f"port {port} is taken by {ports[port]}")
            ports[port] = owner
        for what in ("name", "root"):
            seen: dict[Any, CourseTable] = {}
            for course in courses:
                value = getattr(course, what)
                earlier = seen.setdefault(value, course)
                if earlier is not course:
                    told = f"the {what} '{value}' is that of the course in line {earlier.line}"
                    raise self.wrong(what, course.line, told)
