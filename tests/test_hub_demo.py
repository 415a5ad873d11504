"""`make hub` from the outside: what it refuses, and that Ctrl-C leaves nothing behind."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from jaxercise.cli.commands import main
from jaxercise.cli.new_course import new_course
from jaxercise.course.lesson import Course
from jaxercise.hub.demonstration import free_ports
from jaxercise.nbgrader.release import build
from tests import hub_browser
from tests.processes import below

ROOT = Path(__file__).resolve().parent.parent


def test_the_demonstration_names_a_port_in_use_and_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(new_course(tmp_path / "course"))
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert main(["hub", "demo", "--port", str(port)]) == 2
    told = capsys.readouterr().err
    assert f"port {port} is in use by process {os.getpid()} (" in told
    other = re.search(r"--port (\d+), or with make: PORT=(\d+)", told)
    assert other is not None
    assert other[1] == other[2] != str(port)
    with pytest.raises(SystemExit):
        main(["hub", "demo", "--port", "65536"])
    assert "65536 is no port, which are 1 to 65535" in capsys.readouterr().err


def test_a_missing_browser_is_named_with_the_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    assert hub_browser.chromium() is None
    assert hub_browser.missing() == (
        "no browser: chromium, chromium-browser, google-chrome are not on the PATH; Debian: "
        "apt-get install chromium"
    )


def test_ci_refuses_to_run_without_a_browser(tmp_path: Path) -> None:
    """Where it may not install one: the tests would pass over the walk in silence."""
    for name in ("bash", "dirname"):
        found = shutil.which(name)
        assert found is not None
        (tmp_path / name).symlink_to(found)
    for name, does in {"id": "echo 1000", "postgres": "", "make": "echo made"}.items():
        (tmp_path / name).write_text(f"#!{tmp_path}/bash\n{does}\n")
        (tmp_path / name).chmod(0o755)
    done = subprocess.run(
        [tmp_path / "bash", ROOT / ".ci" / "run"],
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        ".ci/run: the tests walk through a hub in Chromium, which is not installed; Debian: "
        "apt-get install chromium\n"
    )


@pytest.mark.slow
@pytest.mark.filterwarnings(r"ignore:os\.fork\(\) was called:RuntimeWarning")
def test_ctrl_c_ends_the_demonstration_and_removes_it(tmp_path: Path) -> None:
    course = Course(new_course(tmp_path / "course"))
    build(course)
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    port = free_ports(1)[0]
    with subprocess.Popen(
        [sys.executable, "-m", "jaxercise", "hub", "demo", "--port", str(port)],
        cwd=course.root,
        env={**os.environ, "TMPDIR": str(temporary)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        # As a shell does it; a runner in the background may have it ignored.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    ) as process:
        assert process.stdout is not None
        told = []
        for line in process.stdout:
            told.append(line)
            if "Ctrl-C ends the hub" in line:
                break
        said = "".join(told)
        assert f"http://127.0.0.1:{port}" in said
        for name in ("instructor", "alice", "bob", "carol"):
            assert f"{name:<12} password " in said
        assert below(temporary) != []
        process.send_signal(signal.SIGINT)
        process.wait(120)
    assert process.returncode == 0, said
    assert below(temporary) == []
    assert list(temporary.iterdir()) == []
