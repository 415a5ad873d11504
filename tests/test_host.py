"""The lock that graders on one host share, across real processes."""

import subprocess
import sys
import time

import pytest

from jaxercise import host
from jaxercise.host import Host, HostBusy
from tests.processes import descendants

HOLD = """
import sys, time
from pathlib import Path
from jaxercise.host import Host
with getattr(Host(Path(sys.argv[1])), sys.argv[2])():
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def holder(tmp_path):
    """Starts a process that holds the lock of `tmp_path`, and waits until it does."""
    started = []

    def start(how):
        command = [sys.executable, "-c", HOLD, str(tmp_path / "lock"), how]
        started.append(subprocess.Popen(command, stdout=subprocess.PIPE))
        assert started[-1].stdout.readline() == b"held\n"
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()
        process.stdout.close()


def here(tmp_path, patience_s=0.2):
    return Host(tmp_path / "lock", patience_s)


def test_a_timed_check_waits_for_work_and_work_for_a_timed_check(tmp_path, holder):
    holder("working")
    with pytest.raises(HostBusy, match=r"another grader on this host kept .*lock"):
        here(tmp_path).alone().__enter__()
    with here(tmp_path).working():
        pass


def test_nothing_of_ours_runs_beside_a_timed_check(tmp_path, holder):
    holder("alone")
    for how in ("alone", "working"):
        with pytest.raises(HostBusy):
            getattr(here(tmp_path), how)().__enter__()


def test_a_killed_holder_lets_go(tmp_path, holder):
    process = holder("alone")
    process.kill()
    with here(tmp_path, patience_s=10).alone():
        pass


def test_a_timed_check_inside_work_takes_the_host_and_gives_it_back(tmp_path, holder):
    ours = here(tmp_path)
    with ours.working():
        with ours.alone():
            pass
        holder("working")
    holder("working")


def test_waiting_adds_up(tmp_path, holder, monkeypatch):
    ours = here(tmp_path)
    loads = iter([0.9, 0.5, 0.05])
    monkeypatch.setattr(ours, "load", lambda: next(loads))
    assert ours.await_calm(0.1, patience_s=60) == 0.05
    assert ours.waited_s > 0
    monkeypatch.setattr(ours, "load", lambda: 0.9)
    assert ours.await_calm(0.1, patience_s=0) == 0.9


def test_cpu_time_of_a_process_and_its_children_is_seen():
    spin = "import time\nwhile True: pass"
    nested = f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {spin!r}])"
    process = subprocess.Popen([sys.executable, "-c", nested])
    try:
        limit = time.monotonic() + 30
        while host.cpu_s_of(process.pid) < 0.5:
            assert time.monotonic() < limit
            time.sleep(0.05)
    finally:
        for child in descendants(process.pid):
            child.kill()
        process.kill()
        process.wait()
    assert host.cpu_s_of(process.pid) == 0.0
