"""A control group of a sandbox's own: what it counts, what it ends, and hosts without one."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from jaxercise.sandbox import cgroup, watchdog
from jaxercise.sandbox.cgroup import Group
from jaxercise.sandbox.kernel import Kernel
from jaxercise.sandbox.limits import Limits, tasks
from jaxercise.sandbox.run import Cell, Deadline, Run
from jaxercise.sandbox.watchdog import Watchdog, out_of_memory
from tests.processes import members, still_alive

LIMITS = Limits(cell_s=60, call_s=30, notebook_s=120)

needs_groups = pytest.mark.skipif(
    cgroup._home() is None, reason="this host lets us make no control group"
)

# Children of a process that ignores SIGCHLD are reaped by the kernel: nobody's CPU time
# includes theirs.
NOBODY_WAITS = """
import os, signal, time
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
def brood(seconds):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if os.fork() == 0:
            stop = time.process_time() + 0.02
            while time.process_time() < stop: pass
            os._exit(0)
        time.sleep(0.02)
brood(4)
"""


@needs_groups
def test_processes_of_a_moment_count_also_where_nobody_waits_for_them():
    with Kernel(LIMITS) as kernel:
        kernel.await_ready()
        before = kernel.cpu_s()
        run = Run(kernel, [Cell("brood", NOBODY_WAITS)], Deadline.after(60))
        run.advance(1)
        assert run.results[0]["events"] == []
        assert kernel.process is not None
        assert kernel.cpu_s() - before > 0.5
        assert kernel.cpu_s() > watchdog.cpu_s_of(kernel.process.pid) + 0.5


@needs_groups
def test_all_of_a_sandbox_is_in_its_group_which_goes_with_it():
    with Kernel(LIMITS) as kernel:
        kernel.await_ready()
        group, process = kernel._group, kernel.process
        assert group is not None
        assert process is not None
        inside = set(group.pids())
        assert process.pid in inside
        assert len(inside) >= 2
        kernel.kill()
        assert not group.path.exists()
        assert still_alive(lambda: members([process.pid]), patience_s=5) == []


@needs_groups
def test_removing_a_group_ends_everything_in_it():
    group = made()
    detach = "setsid sleep 1234 & setsid sh -c 'kill -STOP $$' & exec sleep 1234"
    process = subprocess.Popen(group.entering(["/bin/sh", "-c", detach]))
    limit = time.monotonic() + 20
    while len(group.pids()) < 3:
        assert time.monotonic() < limit
        time.sleep(0.01)
    group.remove()
    assert process.wait(20) == -9
    assert not group.path.exists()


def made() -> Group:
    group = Group.make(LIMITS)
    assert group is not None
    return group


@needs_groups
def test_a_command_that_cannot_enter_its_group_does_not_run():
    group = made()
    group.remove()
    done = subprocess.run(group.entering(["/bin/echo", "outside"]), capture_output=True)
    assert done.returncode != 0
    assert done.stdout == b""


@needs_groups
def test_a_sandbox_whose_group_vanished_is_started_again(monkeypatch):
    make, gone = Group.make, []

    def make_and_lose_the_first(limits):
        group = make(limits)
        assert group is not None
        if not gone:
            gone.append(group)
            group.remove()
        return group

    monkeypatch.setattr(Group, "make", make_and_lose_the_first)
    with Kernel(LIMITS) as kernel:
        kernel.await_ready()
        assert kernel.generation == 2


@needs_groups
def test_groups_that_killed_graders_left_are_removed():
    home = cgroup._home()
    assert home is not None
    with subprocess.Popen(["/bin/true"]) as ended:
        pass
    stale, ours = home / f"jaxercise-{ended.pid}-abc", home / f"jaxercise-{os.getpid()}-abc"
    stale.mkdir()
    ours.mkdir()
    made().remove()
    assert not stale.exists()
    assert ours.exists()
    ours.rmdir()


@needs_groups
def test_nothing_of_control_groups_is_seen_inside():
    look = "print(open('/proc/self/cgroup').read().split('0::')[1].strip(), end=' ')\n"
    look += "import os\nprint(os.path.exists('/sys'), 'cgroup' in open('/proc/mounts').read())"
    with Kernel(LIMITS) as kernel:
        run = Run(kernel, [Cell("look", look)], Deadline.after(60))
        run.advance(1)
        text = "".join(event["text"] for event in run.results[0]["events"])
    assert text == "/ False False\n"


@pytest.fixture
def forgotten():
    cgroup._home.cache_clear()
    yield
    cgroup._home.cache_clear()


@pytest.mark.parametrize("folder", [None, Path("/nowhere"), Path("/proc/self")])
def test_a_grader_that_may_not_make_groups_does_without(folder, monkeypatch, forgotten):
    monkeypatch.setattr(cgroup, "_own", lambda: folder)
    with Kernel(LIMITS) as kernel:
        kernel.await_ready()
        assert kernel._group is None
        assert kernel.cpu_s() > 0
        assert kernel._watchdog is not None
        assert kernel._watchdog.outgrown() == ""


def test_a_folder_where_no_process_can_enter_is_not_used(tmp_path, monkeypatch, forgotten):
    (tmp_path / "cgroup.subtree_control").write_text("")
    monkeypatch.setattr(cgroup, "_own", lambda: tmp_path)
    monkeypatch.setattr(Group, "entering", lambda self, command: ["/bin/false"])
    assert Group.make(LIMITS) is None
    assert [path.name for path in tmp_path.iterdir()] == ["cgroup.subtree_control"]
    assert (tmp_path / "cgroup.subtree_control").read_text() != ""


FILES = "memory.max memory.swap.max memory.oom.group pids.max cpu.stat cgroup.procs memory.events"


@pytest.fixture
def fake(tmp_path: Path) -> Group:
    """A group with all controllers, as a folder of plain files."""
    for name in FILES.split():
        (tmp_path / name).write_text("max\n" if name == "memory.max" else "")
    return Group(tmp_path)


def test_the_kernel_gets_the_limits_that_it_offers_to_hold(fake, monkeypatch):
    monkeypatch.setattr(cgroup, "_home", lambda: fake.path.parent)
    monkeypatch.setattr(cgroup, "_new", lambda home: fake)
    (fake.path / "memory.swap.max").unlink()
    limits = Limits(resident_mb=100, scratch_mb=20, shared_mb=3)
    assert not fake.limits_memory()
    Group.make(limits)
    assert fake.limits_memory()
    assert (fake.path / "memory.max").read_text() == f"{123 << 20}"
    assert (fake.path / "memory.oom.group").read_text().startswith("1")
    assert (fake.path / "pids.max").read_text() == f"{tasks(limits)}"
    assert not (fake.path / "memory.swap.max").exists()


def watchdog_of(group: Group) -> Watchdog:
    return Watchdog(os.getpid(), Limits(processes=2, resident_mb=7), lambda reason: None, group)


def test_a_watchdog_counts_the_processes_of_a_group(fake):
    (fake.path / "cgroup.procs").write_text(f"{os.getpid()}\n4000000\n4000001\n")
    assert watchdog_of(fake).outgrown() == ""
    (fake.path / "cgroup.procs").write_text(f"{os.getpid()}\n4000000\n4000001\n4000002\n")
    assert watchdog_of(fake).outgrown() == "it started more than 2 processes"


FAMILY = """
import subprocess, sys, threading
def start(): subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
thread = threading.Thread(target=start)
thread.start()
thread.join()
middle = [sys.executable, "-c", "import subprocess, sys, time; "
    "subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']); "
    "print(flush=True); time.sleep(60)"]
subprocess.Popen(middle, stdout=subprocess.PIPE).stdout.readline()
print(flush=True)
threading.Event().wait(60)
"""


@pytest.mark.parametrize("listed", [True, False])
def test_descendants_are_all_processes_below_one_also_those_of_threads(monkeypatch, listed):
    monkeypatch.setattr(watchdog, "_kernel_lists_children", lambda: listed)
    with subprocess.Popen([sys.executable, "-c", FAMILY], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        family = psutil.Process(process.pid).children(recursive=True)
        assert len(family) == 3
        assert sorted(watchdog.descendants(process.pid)) == sorted(one.pid for one in family)
        for one in family:
            one.kill()
        process.kill()
    with pytest.raises(psutil.NoSuchProcess):
        watchdog.descendants(process.pid)


def test_a_watchdog_asks_the_kernel_for_memory_where_that_holds_the_limit(fake):
    (fake.path / "cgroup.procs").write_text(f"1\n{os.getppid()}\n")
    (fake.path / "memory.max").write_text("7340032\n")
    # What the kernel ended since the whole host was short of memory went beyond no limit.
    (fake.path / "memory.events").write_text("low 0\nmax 9\noom 0\noom_kill 1\n")
    assert watchdog_of(fake).outgrown() == ""
    (fake.path / "memory.events").write_text("low 0\nmax 9\noom 1\noom_kill 3\n")
    assert watchdog_of(fake).outgrown() == "it used more than 7 MiB of memory"


def test_a_watchdog_adds_memory_up_where_the_kernel_does_not(fake):
    (fake.path / "cgroup.procs").write_text(f"{os.getppid()}\n")
    watchdog = Watchdog(os.getpid(), Limits(resident_mb=0), lambda reason: None, fake)
    assert watchdog.outgrown() == "it used more than 0 MiB of memory"


def test_why_a_sandbox_ended_is_known_before_the_watchdog_looks(fake):
    with Kernel(LIMITS, confine=False) as kernel:
        assert kernel.ended_because == ""
        kernel._group = fake
        (fake.path / "memory.events").write_text("oom 1\n")
        assert kernel.ended_because == out_of_memory(fake, LIMITS) != ""
        kernel._group = None


def test_numbers_of_a_group_that_is_gone_are_zero(tmp_path):
    group = Group(tmp_path / "gone")
    assert (group.cpu_s(), group.pids(), group.ran_out_of_memory()) == (0, [], False)
    group.remove()


@pytest.mark.parametrize(
    ("groups", "mounts", "folder"),
    [
        ("0::/user.slice/a.scope", "30 23 0:26 / /sys/fs/cgroup rw shared:4 - cgroup2 none rw",
         "/sys/fs/cgroup/user.slice/a.scope"),
        ("9:pids:/x\n0::/", "31 23 0:2 / /sys/fs/cgroup rw - tmpfs tmpfs rw\n"
         "39 31 0:36 / /sys/fs/cgroup/pids rw - cgroup cgroup rw,pids\n"
         "41 31 0:38 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw", "/sys/fs/cgroup/unified"),
        ("0::/docker/ab/in", "41 31 0:38 /docker/ab /sys/fs/cgroup rw - cgroup2 cgroup2 rw",
         "/sys/fs/cgroup/in"),
        ("0::/elsewhere", "41 31 0:38 /docker/ab /sys/fs/cgroup rw - cgroup2 cgroup2 rw", None),
        ("0::/../a", "41 31 0:38 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw", None),
        ("9:pids:/x", "41 31 0:38 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw", None),
        ("0::/", "39 31 0:36 / /sys/fs/cgroup/pids rw - cgroup cgroup rw,pids", None),
    ],
)  # fmt: skip
def test_our_own_group_is_found(groups, mounts, folder, tmp_path):
    (tmp_path / "cgroup").write_text(groups + "\n")
    (tmp_path / "mountinfo").write_text(mounts + "\n")
    assert cgroup._own(tmp_path) == (Path(folder) if folder else None)


def test_where_there_is_no_proc_there_is_no_group(tmp_path):
    assert cgroup._own(tmp_path) is None


@pytest.mark.parametrize(("user", "controllers", "found"), [
    (1000, "memory pids", ["app.slice", "terminal.scope"]),
    (1000, "cpu", ["terminal.scope"]),
    (1001, "memory pids", ["terminal.scope"]),
    (0, "memory pids", ["terminal.scope"]),
])  # fmt: skip
def test_an_ordinary_user_makes_groups_beside_its_own_where_they_count_more(
    user, controllers, found, tmp_path, monkeypatch
):
    own = tmp_path / "app.slice" / "terminal.scope"
    own.mkdir(parents=True)
    (own.parent / "cgroup.subtree_control").write_text(controllers)
    offset = os.geteuid() - 1000  # the folder is ours, which stands for user 1000's
    monkeypatch.setattr(cgroup, "_own", lambda: own)
    monkeypatch.setattr(os, "geteuid", lambda: user)
    stat = Path.stat

    def as_user(path, **options):
        seen = list(stat(path, **options))
        seen[4] -= offset
        return os.stat_result(seen)

    monkeypatch.setattr(Path, "stat", as_user)
    assert [path.name for path in cgroup._candidates()] == found
