"""What a hub is made of, all resolved: what `hub start` and the demonstration hand to JupyterHub.

It travels as a JSON file, which JupyterHub's configuration reads; VARIABLE names the file.
"""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jaxercise.hub.course_file import CourseFile

VARIABLE = "JAXERCISE_HUB"


@dataclass(frozen=True)
class CourseSpec:
    """A course of a running hub. `grader` is the account that its formgrader runs as."""

    name: str
    grader: str
    root: str
    port: int
    instructors: tuple[str, ...]
    students: tuple[str, ...]


@dataclass(frozen=True)
class Demonstration:
    """A hub whose accounts are made up: all run as the current user, each in a folder below
    `homes`, and log in with these passwords."""

    passwords: dict[str, str]
    homes: str


@dataclass(frozen=True)
class HubSpec:
    """`bin` is the folder of the installation's programs, `roles` holds a folder of Jupyter's
    configuration for each role, `state` the hub's database and secrets. `lock` is the graders'
    timing lock; "" is each account's own. `check_token` lets `hub check` ask for tokens."""

    address: str
    hub_port: int
    proxy_api_port: int
    bin: str
    proxy_command: tuple[str, ...]
    roles: str
    state: str
    lock: str
    courses: tuple[CourseSpec, ...]
    check_token: str = ""
    extra_config: str = ""
    demonstration: Demonstration | None = None

    def to_json(self) -> str:
        return json.dumps(dataclasses.asdict(self), indent=1, sort_keys=True) + "\n"

    @staticmethod
    def from_json(text: str) -> HubSpec:
        read: dict[str, Any] = json.loads(text)
        courses = tuple(
            CourseSpec(**course | {k: tuple(course[k]) for k in ("instructors", "students")})
            for course in read["courses"]
        )
        demonstration = read["demonstration"] and Demonstration(**read["demonstration"])
        changed: dict[str, Any] = {
            "courses": courses,
            "demonstration": demonstration,
            "proxy_command": tuple(read["proxy_command"]),
        }
        return HubSpec(**read | changed)


@dataclass(frozen=True)
class Places:
    """Where things lie below the hub's folder."""

    folder: Path

    @property
    def installation(self) -> Path:
        return self.folder / "venv"

    @property
    def roles(self) -> Path:
        return self.folder / "jupyter"

    @property
    def state(self) -> Path:
        return self.folder / "state"

    @property
    def exchange(self) -> Path:
        return self.folder / "exchange"

    @property
    def locks(self) -> Path:
        return self.folder / "locks"

    @property
    def lock(self) -> Path:
        return self.locks / "timing.lock"

    @property
    def spec(self) -> Path:
        return self.state / "hub.json"

    @property
    def passwords(self) -> Path:
        return self.state / "first_passwords.csv"


def places(file: CourseFile) -> Places:
    return Places(file.hub.folder)
