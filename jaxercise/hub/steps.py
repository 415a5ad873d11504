"""Steps that set up a machine; each knows whether it is needed, so a second run does nothing."""

from __future__ import annotations

import grp
import os
import pwd
import secrets
import stat
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from jaxercise.checks.outcome import CourseError
from jaxercise.nbgrader.copies import CONFIG, assert_gradable, copy_parts

_NOTEBOOKS = ("source", "release")


class Step(Protocol):
    """`needed` says what is to be done, or "" where nothing is; `do` does it."""

    def needed(self) -> str: ...
    def do(self) -> None: ...


def run(command: Sequence[str], text: str = "") -> None:
    """Run a program of the system.

    Raises:
        CourseError: it failed; the message ends with what it said.
    """
    try:
        done = subprocess.run(command, input=text, capture_output=True, text=True)
    except OSError as error:
        raise CourseError(f"{command[0]}: {error.strerror}") from error
    if done.returncode != 0:
        raise CourseError(f"{' '.join(command)} failed: {(done.stderr or done.stdout).strip()}")


def account_exists(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True


@dataclass(frozen=True)
class Account:
    """A local account with a home that is closed to others, and a first password that is written
    into `passwords`. With `make` false it must exist."""

    name: str
    what: str
    passwords: Path
    make: bool = True

    def needed(self) -> str:
        if account_exists(self.name):
            return ""
        if not self.make:
            raise CourseError(
                f"the account '{self.name}' ({self.what}) does not exist; make it, or write "
                'accounts = "create" into [hub]'
            )
        return f"account {self.name} ({self.what}), with a password in {self.passwords}"

    def do(self) -> None:
        run(["useradd", "--create-home", "--shell", "/bin/bash", "-K", "HOME_MODE=0700", self.name])
        password = secrets.token_urlsafe(9)
        run(["chpasswd"], f"{self.name}:{password}\n")
        descriptor = os.open(self.passwords, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        with os.fdopen(descriptor, "a", encoding="utf-8") as file:
            file.write(f"{self.name},{password}\n")


@dataclass(frozen=True)
class Group:
    """A group with these members; nobody is removed from it."""

    name: str
    members: tuple[str, ...]

    def missing(self) -> list[str]:
        try:
            there = set(grp.getgrnam(self.name).gr_mem)
        except KeyError:
            there = set()
        return [member for member in self.members if member not in there]

    def needed(self) -> str:
        missing = self.missing()
        return f"group {self.name} with {', '.join(missing)}" if missing else ""

    def do(self) -> None:
        run(["groupadd", "--force", "--system", self.name])
        for member in self.missing():
            run(["gpasswd", "--add", member, self.name])


@dataclass(frozen=True)
class Folder:
    """A folder with an owner and a mode; what is in it is left alone."""

    path: Path
    mode: int
    owner: str = "root"
    group: str = ""

    def needed(self) -> str:
        if self.path.is_symlink() or (self.path.exists() and not self.path.is_dir()):
            raise CourseError(f"{self.path}: should be a folder, and is something else; remove it")
        told = f"folder {self.path}, mode {self.mode:04o}, of {self.owner}"
        told += f":{self.group}" if self.group else ""
        wrong = _wrong(self.path, self.mode, self.owner, self.group)
        return f"{told} ({wrong})" if wrong else ""

    def do(self) -> None:
        self.path.mkdir(parents=True, exist_ok=True)
        os.chown(self.path, *_ids(self.owner, self.group))
        self.path.chmod(self.mode)


@dataclass(frozen=True)
class TextFile:
    """A file that the set-up owns, and overwrites."""

    path: Path
    text: str
    mode: int = 0o644
    owner: str = "root"

    def needed(self) -> str:
        wrong = _wrong(self.path, self.mode, self.owner, "")
        if not wrong:
            try:
                same = self.path.read_text(encoding="utf-8") == self.text
            except (OSError, UnicodeDecodeError):
                same = False
            wrong = "" if same and not self.path.is_symlink() else "another text"
        return f"file {self.path} ({wrong})" if wrong else ""

    def do(self) -> None:
        """Write beside it and move, so that a link in its place is replaced and not followed."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, written = tempfile.mkstemp(dir=self.path.parent, prefix=".jaxercise-")
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(self.text)
            os.fchown(file.fileno(), *_ids(self.owner, ""))
            os.fchmod(file.fileno(), self.mode)
        os.replace(written, self.path)


@dataclass(frozen=True)
class EnrolledRoster(TextFile):
    """A roster in the course's folder, whose students go into the gradebook when it changes."""

    program: Path = Path("jaxercise")

    def do(self) -> None:
        super().do()
        command = [str(self.program), "roster", self.path.name]
        done = run_as(self.owner, command, self.path.parent)
        if done.returncode != 0:
            self.path.unlink()  # So that the next run tries again.
            raise CourseError(f"jaxercise roster {self.path} failed: {done.stderr.strip()}")


@dataclass(frozen=True)
class CopiedCourse:
    """The course's files, where its folder has none yet."""

    source: Path
    target: Path
    owner: str

    def needed(self) -> str:
        if (self.target / CONFIG).exists():
            return ""
        assert_gradable(self.source)
        return f"copy of the course {self.source} in {self.target}"

    def do(self) -> None:
        ids = _ids(self.owner, "")
        copy_parts(self.source, self.target, _NOTEBOOKS)
        for folder, folders, files in os.walk(self.target):
            for name in (*folders, *files):
                os.chown(os.path.join(folder, name), *ids, follow_symlinks=False)


def run_as(
    name: str, command: Sequence[str], cwd: Path, text: str = "", timeout_s: float | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a program as an account, with its groups and an environment that has only its home.

    Raises:
        OSError: the account cannot run it.
        TimeoutExpired: it took longer than `timeout_s`.
    """
    entry = pwd.getpwnam(name)
    other = entry.pw_uid != os.geteuid()
    return subprocess.run(
        command,
        cwd=cwd,
        input=text,
        capture_output=True,
        text=True,
        timeout=timeout_s,
        env={"HOME": entry.pw_dir, "USER": name, "PATH": os.defpath, "LANG": "C.UTF-8"},
        user=entry.pw_uid if other else None,
        group=entry.pw_gid if other else None,
        extra_groups=os.getgrouplist(name, entry.pw_gid) if other else None,
    )


def _wrong(path: Path, mode: int, owner: str, group: str) -> str:
    """What of a file's or folder's mode and owner is not as it should be."""
    try:
        seen = path.lstat()
    except OSError:
        return "missing"
    user, group_id = _ids(owner, group)
    if stat.S_IMODE(seen.st_mode) != mode:
        return f"its mode is {stat.S_IMODE(seen.st_mode):04o}"
    if seen.st_uid != user or (group and seen.st_gid != group_id):
        return "it belongs to another account"
    return ""


def _ids(owner: str, group: str) -> tuple[int, int]:
    """Numbers of an owner and a group, -1 for those that a dry run has not made."""
    try:
        entry = pwd.getpwnam(owner)
        return entry.pw_uid, grp.getgrnam(group).gr_gid if group else entry.pw_gid
    except KeyError:
        return -1, -1
