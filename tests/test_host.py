"""The lock that graders on one host share, across real processes."""

import contextlib
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from jaxercise.checks.outcome import HostError
from jaxercise.grading.racing import host
from jaxercise.grading.racing.host import Host, HostBusy
from jaxercise.sandbox import watchdog
from tests.processes import descendants

HOLD = """
import sys, time
from pathlib import Path
from jaxercise.grading.racing.host import Host
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
    with pytest.raises(HostBusy, match=r"another grader on this host .*kept .*lock"):
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


TAKE_TURNS = """
import sys
from pathlib import Path
from jaxercise.grading.racing.host import Host
print("waiting", flush=True)
with Host(Path(sys.argv[1])).alone():
    Path(sys.argv[2]).touch()
"""


def test_work_gives_way_to_a_timed_check_and_stands_still_meanwhile(tmp_path):
    ours, timed, events = here(tmp_path, patience_s=60), tmp_path / "timed", []

    @contextlib.contextmanager
    def standing_still():
        events.append(("still", timed.exists()))
        yield
        events.append(("on", timed.exists()))

    with ours.working():
        ours.give_way(standing_still)
        assert events == []  # Nobody waits.
        command = [sys.executable, "-c", TAKE_TURNS, str(tmp_path / "lock"), str(timed)]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as other:
            assert other.stdout is not None
            assert other.stdout.readline() == b"waiting\n"
            end = time.monotonic() + 60
            while not events and time.monotonic() < end:
                assert not timed.exists()  # It waits for us, in the middle of our work.
                ours.give_way(standing_still)
                time.sleep(0.01)
        assert events == [("still", False), ("on", True)]
        with pytest.raises(HostBusy):  # We are at work again.
            here(tmp_path).alone().__enter__()
    assert ours.waited_s > 0


def test_who_does_not_work_gives_no_way(tmp_path, holder):
    holder("alone")
    here(tmp_path).give_way(lambda: pytest.fail("stood still"))


def test_waiting_is_announced_with_the_process_that_is_waited_for(
    tmp_path, holder, monkeypatch, caplog
):
    monkeypatch.setattr(host, "_ANNOUNCED_AFTER_S", 0.1)
    process = holder("alone")
    with pytest.raises(HostBusy, match=rf"\(process {process.pid}\) kept .*lock"):
        here(tmp_path, patience_s=0.5).working().__enter__()
    (said,) = caplog.messages
    assert said.startswith("waiting for another grader on this host")
    assert f"(process {process.pid})" in said
    assert str(tmp_path / "lock") in said


def test_a_command_that_waits_says_so_on_its_terminal(tmp_path, holder):
    process = holder("alone")
    script = (
        "import sys\nfrom pathlib import Path\nfrom jaxercise.grading.racing import host\n"
        "host._ANNOUNCED_AFTER_S = 0.1\n"
        "try: host.Host(Path(sys.argv[1]), 0.5).working().__enter__()\n"
        "except host.HostBusy: pass"
    )
    command = [sys.executable, "-c", script, str(tmp_path / "lock")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert re.match(rf"waiting for another grader .*\(process {process.pid}\)", done.stderr)


def as_a_link(path):
    path.symlink_to("/etc/hostname")


def as_a_pipe(path):
    os.mkfifo(path)


def as_a_folder(path):
    path.mkdir()


@pytest.mark.parametrize("name", ["lock", "lock.gate"])
@pytest.mark.parametrize("put", [as_a_link, as_a_pipe, as_a_folder])
def test_something_else_in_the_place_of_the_lock_is_named_at_once(tmp_path, put, name):
    put(tmp_path / name)
    with pytest.raises(HostError, match=rf"{re.escape(str(tmp_path / name))}: .*JAXERCISE_LOCK"):
        here(tmp_path, patience_s=60).working().__enter__()


@pytest.mark.skipif(os.geteuid() == 0, reason="root opens everybody's files")
def test_a_lock_that_this_user_may_not_open_is_named(tmp_path):
    (tmp_path / "lock").touch(mode=0)
    with pytest.raises(HostError, match=r"lock: Permission denied.*JAXERCISE_LOCK"):
        here(tmp_path).working().__enter__()


def test_a_folder_that_everybody_may_write_to_holds_no_lock(tmp_path):
    tmp_path.chmod(0o777)
    with pytest.raises(HostError, match=r"everybody may write there.*JAXERCISE_LOCK"):
        here(tmp_path).working().__enter__()


def test_a_link_to_a_folder_holds_no_lock(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    with pytest.raises(HostError, match=r"link: a link\."):
        Host(tmp_path / "link" / "lock").working().__enter__()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
def test_another_users_folder_holds_no_lock_but_where_it_was_configured(tmp_path, monkeypatch):
    monkeypatch.delenv("JAXERCISE_LOCK", raising=False)
    folder = tmp_path / "folder"
    folder.mkdir(mode=0o755)
    os.chown(folder, 12345, 12345)
    with pytest.raises(HostError, match=r"belongs to another user \(12345\)"):
        Host(folder / "lock").working().__enter__()
    monkeypatch.setenv("JAXERCISE_LOCK", str(folder / "lock"))
    with Host().working():
        pass


def test_by_default_the_lock_lies_where_no_other_user_may_look(monkeypatch):
    monkeypatch.delenv("JAXERCISE_LOCK", raising=False)
    with Host().working():
        folder = host.lock_file().parent
        assert folder.stat().st_uid == os.geteuid()
        assert folder.stat().st_mode & 0o077 == 0
    assert folder.parent in (Path("/run"), Path(f"/run/user/{os.geteuid()}"), Path("/tmp"))


def test_graders_of_one_group_share_a_lock_whatever_their_umask(tmp_path):
    before = os.umask(0o077)
    try:
        with here(tmp_path).working():
            assert (tmp_path / "lock").stat().st_mode & 0o777 == 0o660
    finally:
        os.umask(before)


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
        while watchdog.cpu_s_of(process.pid) < 0.5:
            assert time.monotonic() < limit
            time.sleep(0.05)
    finally:
        for child in descendants(process.pid):
            child.kill()
        process.kill()
        process.wait()
    assert watchdog.cpu_s_of(process.pid) == 0.0
