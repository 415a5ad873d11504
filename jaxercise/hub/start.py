"""`jaxercise hub start`: checks the ports, resolves hub.toml and becomes JupyterHub."""

from __future__ import annotations

import json
import logging
import os
import secrets
import socket
from contextlib import suppress
from pathlib import Path
from typing import NoReturn
from urllib.parse import urlsplit

import psutil

from jaxercise.checks.outcome import CourseError
from jaxercise.hub import proxy
from jaxercise.hub.course_file import CourseFile, CourseTable
from jaxercise.hub.spec import VARIABLE, CourseSpec, HubSpec, places

_CONFIG = Path(__file__).with_name("jupyterhub_config.py")
_SERVER = "jupyterhub-singleuser"
_LEAVES_S = 10


def start(file: CourseFile) -> NoReturn:
    """Replace this process by JupyterHub.

    Raises:
        CourseError: this is not root's process, init has not been run, or a port is in use.
    """
    if os.geteuid() != 0:
        raise CourseError(
            "hub start runs servers as other accounts, and must be run by root; for a hub without "
            "accounts: make hub"
        )
    there = places(file)
    if not (there.installation / "bin" / "jupyterhub").exists() or not there.state.is_dir():
        raise CourseError(f"{there.folder}: not set up; first run jaxercise hub init {file.path}")
    for course in file.courses:
        _end_left_over(course)
    assert_ports_free(file)
    spec = resolve(file)
    _forget_groups(spec)
    os.umask(0o022)
    descriptor = os.open(there.spec, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as written:
        written.write(spec.to_json())
    os.chdir(there.state)
    program = str(there.installation / "bin" / "jupyterhub")
    os.execve(program, hub_command(there.installation), {**os.environ, VARIABLE: str(there.spec)})


def hub_command(prefix: Path) -> list[str]:
    """JupyterHub of an installation, with this package's configuration."""
    return [str(prefix / "bin" / "jupyterhub"), "--config", str(_CONFIG)]


def resolve(file: CourseFile) -> HubSpec:
    """What JupyterHub needs to know of the file, with a new secret for `hub check`."""
    there = places(file)
    return HubSpec(
        address=file.hub.address,
        hub_port=file.hub.hub_port,
        proxy_api_port=file.hub.proxy_api_port,
        bin=str(there.installation / "bin"),
        proxy_command=proxy.command(there.installation),
        roles=str(there.roles),
        state=str(there.state),
        lock=str(there.lock),
        courses=tuple(
            CourseSpec(c.name, c.grader, str(c.root), c.port, c.instructors, c.students)
            for c in file.courses
        ),
        check_token=secrets.token_hex(32),
        extra_config=str(file.hub.extra_config or ""),
    )


def assert_ports_free(file: CourseFile) -> None:
    """Refuse a port that another program listens on, but for a proxy that the hub replaces.

    Raises:
        CourseError: the message names key, line and process.
    """
    address = urlsplit(file.hub.address)
    used: list[tuple[str, int, str, CourseTable | None]] = [
        (address.hostname or "", address.port or 80, "address", None),
        ("127.0.0.1", file.hub.proxy_api_port, "proxy_api_port", None),
        ("127.0.0.1", file.hub.hub_port, "hub_port", None),
        *(("127.0.0.1", course.port, "port", course) for course in file.courses),
    ]
    old_proxy = None
    with suppress(OSError, ValueError):
        old_proxy = int((places(file).state / "proxy.pid").read_text())
    for host, port, key, course in used:
        if is_free(host, port):
            continue
        holder = _listener(port)
        if holder is not None and holder.pid == old_proxy:
            continue
        raise CourseError(
            f"{file.path}:{file.line_of(key, course)}: {in_use(port)}; end that process, or name "
            f"another port at '{key}'"
        )


def in_use(port: int) -> str:
    """That a port is in use, and by which process, as far as this account may know it."""
    told = f"port {port} is in use"
    holder = _listener(port)
    with suppress(psutil.Error):
        return f"{told} by process {holder.pid} ({holder.name()})" if holder else told
    return told


def is_free(host: str, port: int) -> bool:
    """Whether a server could listen there."""
    with socket.socket() as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind((host, port))
        except OSError:
            return False
    return True


def _listener(port: int) -> psutil.Process | None:
    """The process that listens on a port, as far as this account may know it."""
    with suppress(psutil.Error):
        for connection in psutil.net_connections("tcp"):
            listens = connection.status == psutil.CONN_LISTEN and connection.pid
            if listens and connection.laddr and connection.laddr.port == port:
                return psutil.Process(connection.pid)
    return None


def _end_left_over(course: CourseTable) -> None:
    """End a formgrader that a hub which was killed has left on its port."""
    holder = _listener(course.port)
    if holder is None:
        return
    with suppress(psutil.Error):
        ours = any(_SERVER in word for word in holder.cmdline())
        if ours and holder.username() == course.grader:
            holder.terminate()
            holder.wait(_LEAVES_S)


def _forget_groups(spec: HubSpec) -> None:
    """Empty the hub's groups, which it fills again: else who left a course would stay in it."""
    from jupyterhub import dbutil, orm

    if not (Path(spec.state) / "jupyterhub.sqlite").exists():
        return
    url = f"sqlite:///{spec.state}/jupyterhub.sqlite"
    # Of an earlier JupyterHub; it keeps a copy.
    dbutil.upgrade_if_needed(url, log=logging.getLogger("jaxercise"))
    session = orm.new_session_factory(url)()
    for group in session.query(orm.Group):
        group.users = []
    session.commit()
    session.close()


def read_running(file: CourseFile) -> HubSpec | None:
    """What the hub was started with last, if ever."""
    with suppress(OSError, json.JSONDecodeError, TypeError, KeyError):
        return HubSpec.from_json(places(file).spec.read_text(encoding="utf-8"))
    return None
