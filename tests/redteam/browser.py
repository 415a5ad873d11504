"""A running formgrader, and a headless Chromium to look at its pages where there is one."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook

_TOKEN = "redteam"
_START_S = 60.0


def find() -> str | None:
    """The browser's program, if there is one."""
    for name in ("chromium", "chromium-browser", "google-chrome", "chrome"):
        if found := shutil.which(name):
            return found
    return None


def rendered(chromium: str, url: str) -> str:
    """The page after its scripts had some seconds to act."""
    with tempfile.TemporaryDirectory() as profile:
        done = subprocess.run(
            [
                *(chromium, "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom"),
                *("--virtual-time-budget=5000", f"--user-data-dir={profile}"),
                url,
            ],
            capture_output=True,
            text=True,
            timeout=120,
            check=True,
        )
    return done.stdout


@dataclass(frozen=True)
class Formgrader:
    """An instructor's server."""

    base: str
    root: Path

    def url(self, student: str) -> str:
        with Gradebook(f"sqlite:///{self.root}/gradebook.db", "jax") as gradebook:
            found: Any = gradebook.find_submission_notebook("ps7", "ps7", student)
            return f"{self.base}/formgrader/submissions/{found.id}/?token={_TOKEN}"

    def page(self, student: str) -> str:
        with urllib.request.urlopen(self.url(student), timeout=60) as answer:
            return answer.read().decode()


@contextlib.contextmanager
def formgrader(root: Path, config: Path) -> Iterator[Formgrader]:
    """Serve formgrader for the course in `root` until the context ends."""
    shutil.copy(config, root)
    settings = {
        "ServerApp": {"jpserver_extensions": {"nbgrader.server_extensions.formgrader": True}}
    }
    (root / "jupyter_server_config.json").write_text(json.dumps(settings))
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environment = {
        **os.environ,
        "JUPYTER_CONFIG_DIR": str(root),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    }
    options = [f"--port={port}", f"--IdentityProvider.token={_TOKEN}", "--allow-root"]
    with (root / "server.log").open("w") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "jupyter_server", "--no-browser", *options],
            cwd=root,
            env=environment,
            stdout=log,
            stderr=log,
        )
    try:
        base = f"http://127.0.0.1:{port}"
        end = time.monotonic() + _START_S
        while True:
            try:
                urllib.request.urlopen(f"{base}/api/status?token={_TOKEN}", timeout=5).close()
                break
            except OSError:
                assert server.poll() is None, (root / "server.log").read_text()[-2000:]
                assert time.monotonic() < end, "the server did not start"
                time.sleep(0.2)
        yield Formgrader(base, root)
    finally:
        server.terminate()
        server.wait(20)
