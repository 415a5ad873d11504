"""What a notebook could change on the host: nothing, whoever the grader is."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from jaxercise.checks.outcome import ConfinementError
from jaxercise.inside import walk
from jaxercise.sandbox import bubblewrap
from jaxercise.sandbox.kernel import Kernel
from jaxercise.sandbox.limits import Limits
from jaxercise.sandbox.run import Cell, Deadline, Run
from tests import ordinary

ROOT = Path(__file__).resolve().parent.parent

# In a cell: what opens, of the processes only this one. Others are the notebook's too.
LOOK = f"""
import json, os
{Path(walk.__file__).read_text().partition("if __name__")[0].replace("from __future__", "# from")}
print(json.dumps({{"me": os.getpid(), "opens": sorted(writable())}}))
"""
# As in docs/security.md: devices without effect, terminals and memory of the sandbox's own, the
# files of the notebook's own processes, and of its first process, which is not the notebook's,
# those that the kernel opens to all and then refuses to have written.
EXPLAINED = re.compile(
    r"/dev/(full|null|random|urandom|zero|tty|(pts|shm)(/.*)?)"
    r"|/proc/(?!1/)\d+/.*|/proc/1/(task/1/)?(attr/\w+|timerslack_ns)"
)


def what_a_cell_can_open() -> dict:
    with Kernel(Limits()) as kernel:
        run = Run(kernel, [Cell("look", LOOK)], Deadline.after(60))
        run.advance(1)
        return json.loads(run.results[0]["events"][0]["text"])


def unexplained(seen: dict) -> list[str]:
    assert f"/proc/{seen['me']}/comm" in seen["opens"], "it saw nothing"
    return [path for path in seen["opens"] if not EXPLAINED.fullmatch(path)]


def test_a_cell_opens_nothing_of_the_kernel_for_writing():
    assert unexplained(what_a_cell_can_open()) == []


def test_a_cell_opens_nothing_of_the_kernel_for_writing_when_the_grader_is_an_ordinary_user():
    script = (
        "import json, os\n"
        "from tests.test_confinement import what_a_cell_can_open\n"
        "print(json.dumps([os.getuid(), what_a_cell_can_open()]))"
    )
    done = subprocess.run(
        ordinary.command(sys.executable, "-c", script),
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    user, seen = json.loads(done.stdout)
    assert user != 0
    assert unexplained(seen) == []


def users_behind(kernel: Kernel) -> set[int]:
    """The users, as the host counts them, of what runs in a sandbox."""
    kernel.await_ready()
    assert kernel.process is not None
    inside = psutil.Process(kernel.process.pid).children(recursive=True)
    return {one.uids().real for one in inside if "bwrap" not in one.name()}


def test_the_user_behind_a_sandbox_is_never_the_hosts_root():
    with Kernel(Limits()) as one, Kernel(Limits()) as other:
        users = users_behind(one), users_behind(other)
    if os.geteuid() == 0:
        assert all(id >= 1_900_000_000 for id in users[0] | users[1])
        assert users[0] != users[1]
    else:
        assert users == ({os.geteuid()}, {os.geteuid()})


def test_a_root_folder_for_another_user_holds_what_every_bubblewrap_needs():
    options = " ".join(bubblewrap.as_unused_user([]))
    assert "--dir /tmp " in options  # whether or not anything below it is bound


@pytest.fixture
def unchecked_host():
    bubblewrap.preflight.cache_clear()
    yield
    bubblewrap.preflight.cache_clear()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_where_root_cannot_become_another_user_nothing_opens_either(
    monkeypatch, unchecked_host, caplog
):
    monkeypatch.setattr(bubblewrap, "as_unused_user", lambda readable: ["/usr/bin/false"])
    assert bubblewrap.preflight() is False
    (said,) = caplog.messages
    assert said.startswith("notebooks run with the user that started this grader, root: this host")
    # The files of the first process would open, were they not root's on the host as well.
    found = unexplained(what_a_cell_can_open())
    assert [path for path in found if not path.startswith("/proc/1/")] == []


@pytest.mark.skipif(os.geteuid() != 0, reason="nothing of the kernel's is an ordinary user's")
def test_a_host_where_something_opens_is_told_what_and_what_to_do(monkeypatch, unchecked_host):
    monkeypatch.setattr(bubblewrap, "as_unused_user", lambda readable: [])
    monkeypatch.setattr(bubblewrap, "_without_settings", lambda: "")
    with pytest.raises(ConfinementError, match=r"open \d+ files .*/proc/.* ordinary user") as told:
        bubblewrap.preflight()
    assert "docs/security.md" in str(told.value)


def test_options_that_hide_the_kernels_settings_know_every_kind_of_entry(tmp_path, monkeypatch):
    options = bubblewrap._without_settings()
    for name in os.listdir("/proc"):
        path = Path("/proc", name)
        hidden = f" {path} " in f" {options} "
        if name.isdigit() or path.is_symlink():
            assert not hidden
        elif path.is_dir():
            assert hidden
