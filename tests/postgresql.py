"""A PostgreSQL server for tests: a folder and a Unix socket of its own, and gone afterwards."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

_START_S = 60.0


def binaries() -> Path | None:
    """The folder of the server's programs; None where no server is installed."""
    if found := shutil.which("postgres"):
        return Path(found).resolve().parent
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    return installed[-1].parent if installed else None


@contextlib.contextmanager
def running(programs: Path) -> Iterator[str]:
    """Run a server with an empty database; the address of that database."""
    folder = Path(tempfile.mkdtemp(prefix="jaxercise-postgresql-"))
    user = pwd.getpwuid(os.geteuid())
    as_user = ["setpriv", "--pdeathsig", "INT"]  # The server ends with us, however we end.
    if os.geteuid() == 0:
        user = _unprivileged()
        os.chown(folder, user.pw_uid, user.pw_gid)
        as_user += [f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
    settings = ["listen_addresses=", f"unix_socket_directories={folder}", "fsync=off"]
    options = [word for setting in settings for word in ("-c", setting)]
    data = folder / "data"
    with (folder / "log").open("w") as log:
        subprocess.run(
            [*as_user, programs / "initdb", "-D", data, "-U", "grader", "--auth=trust", "-E=UTF8"],
            check=True,
            stdout=log,
            stderr=log,
            cwd=folder,
        )
        server = subprocess.Popen(
            [*as_user, programs / "postgres", "-D", data, *options],
            stdout=log,
            stderr=log,
            cwd=folder,
        )
    try:
        _await_ready([str(programs / "pg_isready"), "-h", str(folder)], server, folder / "log")
        yield f"postgresql+psycopg://grader@/postgres?host={folder}"
    finally:
        server.send_signal(signal.SIGINT)  # Without waiting for clients.
        server.wait(60)
        shutil.rmtree(folder)


def _unprivileged() -> pwd.struct_passwd:
    """PostgreSQL refuses to run as root."""
    with contextlib.suppress(KeyError):
        return pwd.getpwnam("postgres")
    return pwd.getpwnam("nobody")


def _await_ready(asks: list[str], server: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + _START_S
    while subprocess.run(asks, capture_output=True).returncode != 0:
        assert server.poll() is None, log.read_text()
        assert time.monotonic() < end, log.read_text()
        time.sleep(0.1)
