"""The sandboxed kernel: what is out of reach, what limits cost, how it recovers."""

import contextlib
import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest

from jaxercise.checks.outcome import ConfinementError, StudentDied, Verdict
from jaxercise.grading.session import PlannedCell, Session
from jaxercise.sandbox import bubblewrap
from jaxercise.sandbox import watchdog as watchdog_module
from jaxercise.sandbox.kernel import Kernel
from jaxercise.sandbox.limits import Limits
from jaxercise.sandbox.run import Cell, Deadline, Run
from jaxercise.wire.calls import Call
from tests.processes import descendants, members, name_of, still_alive

ROOT = Path(__file__).resolve().parent.parent
LIMITS = Limits(cell_s=20, call_s=3, processes=40, scratch_mb=64, resident_mb=2500)


@pytest.fixture(scope="module")
def warm_kernel():
    with Kernel(LIMITS) as kernel:
        yield kernel


@pytest.fixture
def kernel(warm_kernel):
    yield warm_kernel
    for channel in warm_kernel._channels:
        channel.close()
    warm_kernel._channels.clear()


def run_cells(kernel, *sources, limit_s=120.0):
    run = Run(kernel, [Cell(str(i), s) for i, s in enumerate(sources)], Deadline.after(limit_s))
    run.advance(len(sources))
    return run


def shown(run, index):
    return "".join(e.get("text", "") for e in run.results[index]["events"])


def call(run, name, *args):
    return run.ask(Call(name, args).to_message(), LIMITS.call_s)


UNREACHABLE = [
    ROOT / "reference",
    ROOT / "grader_tests",
    ROOT / "lessons",
    ROOT / "source",
    ROOT / "gradebook.db",
    ROOT / "submitted",
    ROOT / "nbgrader_config.py",
    ROOT / "jaxercise" / "grading",
    ROOT / "tests",
    Path("/etc/passwd"),
    Path("/etc/shadow"),
    Path("/var"),
    Path("/home"),
    Path("/mnt"),
]


@pytest.mark.parametrize("path", UNREACHABLE, ids=str)
def test_a_cell_cannot_see_what_is_not_the_students(kernel, path):
    if not path.exists() and path.name not in ("gradebook.db", "submitted"):
        pytest.skip(f"{path} does not exist here")
    run = run_cells(kernel, f"import os\nprint(os.path.exists({str(path)!r}))")
    assert shown(run, 0) == "False\n"


def test_a_cell_sees_nothing_in_the_home_folder(kernel, tmp_path):
    home = Path.home()
    run = run_cells(
        kernel,
        "import os\n"
        f"seen = [os.path.join(d, f) for d, _, files in os.walk({str(home)!r}) for f in files]\n"
        f"print([p for p in seen if not p.startswith(({sys.base_prefix!r}, "
        f"{sys.prefix!r}, {str(ROOT / 'jaxercise')!r}))])",
    )
    assert shown(run, 0) == "[]\n"


def test_a_cell_has_no_network(kernel):
    run = run_cells(
        kernel,
        "import os, socket\ntry:\n    socket.create_connection(('127.0.0.1', 22), 1)\n"
        "except OSError as e:\n    print(os.strerror(e.errno))\n"
        "print(open('/proc/net/dev').read().count(':'))",  # the loopback device alone
    )
    assert shown(run, 0) == "Address family not supported by protocol\n1\n"


def test_a_cell_opens_sockets_of_no_family_but_unix(kernel):
    run = run_cells(
        kernel,
        "import socket\n"
        "def opens(family):\n"
        "    for kind in (1, 2, 3, 5):\n"
        "        for make in (socket.socket, socket.socketpair):\n"
        "            try: make(family, kind)\n"
        "            except OSError: continue\n"
        "            return True\n"
        "    return False\n"
        "print([family for family in range(64) if opens(family)])",
    )
    assert shown(run, 0) == "[1]\n"


NAMES_OF_PROCESSES = """
import os
names = set()
for pid in filter(str.isdigit, os.listdir("/proc")):
    try:
        names.add(open(f"/proc/{pid}/comm").read().strip())
    except OSError:  # it has ended since
        pass
print(sorted(names))
"""


def test_a_cell_sees_no_process_but_its_own(kernel):
    run = run_cells(kernel, NAMES_OF_PROCESSES)
    assert "pytest" not in shown(run, 0)
    assert set(eval(shown(run, 0))) <= {"bwrap", "python", "python3", Path(sys.executable).name}


def test_a_cell_is_nobody_without_capabilities(kernel):
    run = run_cells(
        kernel,
        "import os\nprint(os.getuid(), [l.split()[1] for l in open('/proc/self/status') "
        "if l.startswith('CapEff')])",
    )
    assert shown(run, 0) == "65534 ['0000000000000000']\n"


@pytest.mark.parametrize("file", [os.__file__, np.__file__, str(ROOT / "jaxercise/wire/codec.py")])
def test_a_cell_cannot_write_where_it_reads(kernel, file):
    before = Path(file).read_bytes()
    new = str(Path(file).with_name("x.py"))
    run = run_cells(
        kernel,
        f"print(len(open({file!r}).read()) > 0)\n"
        f"try:\n    open({file!r}, 'a').write('#')\nexcept OSError as e:\n    print(e.errno)",
        f"try:\n    open({new!r}, 'w')\nexcept OSError:\n    pass",
    )
    assert shown(run, 0).split() in (["True", "30"], ["True", "13"])
    assert Path(file).read_bytes() == before
    assert not Path(new).exists()


def test_a_cell_sees_no_environment_of_ours(kernel, monkeypatch):
    run = run_cells(kernel, "import os\nprint(sorted(os.environ))")
    assert "PWD" not in os.environ or os.environ.get("LOGNAME", "?") not in shown(run, 0)
    assert not {"USER", "SSH_AUTH_SOCK", "PYTEST_CURRENT_TEST"} & set(eval(shown(run, 0)))


def test_the_clean_environment_hides_a_secret(monkeypatch):
    monkeypatch.setenv("GRADER_SECRET", "1")
    with Kernel(LIMITS) as kernel:
        run = run_cells(kernel, "import os\nprint('GRADER_SECRET' in os.environ)")
    assert shown(run, 0) == "False\n"


def test_two_runs_share_no_state(kernel):
    first = run_cells(kernel, "x = 1", "import numpy as np\nnp.random.randint(2**60)")
    second = run_cells(
        kernel, "print('x' in globals())", "import numpy as np\nnp.random.randint(2**60)"
    )
    assert shown(second, 0) == "False\n"
    assert first.results[1]["events"] != second.results[1]["events"]


def test_runs_draw_other_hidden_randomness(kernel):
    draws = [
        call(run_cells(kernel, "import random\ndef f():\n    return random.random()"), "f").value
        for _ in range(2)
    ]
    assert draws[0] != draws[1]


def test_what_is_printed_beyond_the_limit_takes_no_memory(kernel):
    resident = "int(open('/proc/self/statm').read().split()[1])"
    run = run_cells(
        kernel,
        f"before = {resident}",
        "for _ in range(30): print('x' * (10 << 20))",
        f"print(({resident} - before) * 4096 < 100 << 20)",
    )
    assert run.results[1]["cut"]
    assert shown(run, 2) == "True\n"


def test_a_cell_that_ends_the_process_is_left_out(kernel):
    run = run_cells(kernel, "x = 1", "import os\nos._exit(0)", "print(x)")
    assert run.failed_cells[1].verdict is Verdict.CRASHED
    assert shown(run, 2) == "1\n"


def test_an_endless_cell_is_left_out():
    with Kernel(Limits(cell_s=2)) as kernel:
        run = run_cells(
            kernel,
            "x = 1",
            "while True:\n    try:\n        while True: pass\n    except BaseException: pass",
            "print(x)",
        )
    assert run.failed_cells[1].verdict is Verdict.TIMED_OUT
    assert "2 s" in str(run.failed_cells[1])
    assert shown(run, 2) == "1\n"


def test_an_endless_call_times_out_and_the_next_is_answered(kernel):
    run = run_cells(kernel, "def f():\n    while True: pass\ndef g():\n    return 3")
    with pytest.raises(StudentDied) as caught:
        call(run, "f")
    assert caught.value.verdict is Verdict.TIMED_OUT
    assert call(run, "g").value == 3


def test_a_fatal_call_crashes_and_the_next_is_answered(kernel):
    run = run_cells(kernel, "import os\ndef f():\n    os._exit(1)\ndef g():\n    return 3")
    with pytest.raises(StudentDied) as caught:
        call(run, "f")
    assert caught.value.verdict is Verdict.CRASHED
    assert call(run, "g").value == 3


def test_killing_the_forking_parent_costs_only_a_new_start(kernel):
    run = run_cells(
        kernel, "x = 1", "import os, signal\nos.kill(os.getppid(), signal.SIGKILL)", "x"
    )
    assert shown(run_cells(kernel, "print(7)"), 0) == "7\n"
    assert run.position == 3


def test_a_huge_array_is_an_ordinary_error(kernel):
    run = run_cells(kernel, "import numpy as np\nx = np.ones((2 << 30,))", "print('alive')")
    assert run.results[0]["events"][0]["ename"] in ("MemoryError", "_ArrayMemoryError")
    assert shown(run, 1) == "alive\n"


def test_shared_memory_beyond_the_limit_ends_the_cell(kernel):
    bomb = (
        "import mmap\nkeep = []\nfor _ in range(30):\n    m = mmap.mmap(-1, 256 << 20)\n"
        "    for i in range(0, len(m), 4096): m[i] = 1\n    keep.append(m)"
    )
    run = run_cells(kernel, bomb, "print('alive')")
    assert run.failed_cells[0].verdict is Verdict.CRASHED
    assert "MiB of memory" in str(run.failed_cells[0])
    assert shown(run, 1) == "alive\n"


def test_too_many_processes_end_the_cell(kernel):
    bomb = "import os, time\nfor _ in range(300):\n    if os.fork() == 0:\n        time.sleep(60)"
    run = run_cells(kernel, bomb + "\ntime.sleep(20)", "print('alive')")
    assert 0 in run.failed_cells or run.results[0]["events"][-1]["ename"] == "BlockingIOError"
    assert shown(run, 1) == "alive\n"


def test_a_full_scratch_folder_is_an_ordinary_error(kernel):
    run = run_cells(kernel, "open('big', 'wb').write(bytes(100 << 20))", "print('alive')")
    assert run.results[0]["events"][0]["ename"] == "OSError"
    assert shown(run, 1) == "alive\n"


def test_a_flood_of_output_is_cut(kernel):
    run = run_cells(kernel, "for _ in range(2000): print('x' * 10_000)", "print('alive')")
    assert run.results[0]["cut"]
    assert len(shown(run, 0)) == 100_000
    assert shown(run, 1) == "alive\n"


def test_reading_input_is_an_ordinary_error(kernel):
    run = run_cells(kernel, "input('name? ')")
    assert run.results[0]["events"][-1]["kind"] == "error"


def test_magics_shell_commands_and_await_work(kernel):
    run = run_cells(
        kernel,
        "!echo shell",
        "%timeit -n1 -r1 pass",
        "import asyncio\nawait asyncio.sleep(0)\nprint(1)",
    )
    assert "shell" in shown(run, 0)
    assert "loop" in shown(run, 1)
    assert shown(run, 2) == "1\n"


def test_an_answer_to_another_question_counts_as_forged(kernel):
    source = (
        "import jaxercise.inside.shell, jaxercise.wire.channel as w, gc\n"
        "channel = next(o for o in gc.get_objects() if type(o) is w.Channel)\n"
        "def f():\n    channel.send({'id': 10**6, 'reply': {'value': 1}})"
    )
    run = run_cells(kernel, source)
    with pytest.raises(StudentDied):
        call(run, "f")
    assert run.forgeries


STORM = """
import os, threading, time
log = os.open("/tmp/storm", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
def note():
    os.write(log, b"%f\\n" % time.monotonic())
def spin(seconds):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        pass
def storm():  # each process lives for a moment and starts the next
    while True:
        note()
        spin(0.01)
        if os.fork():
            os._exit(0)
def burn():
    while True:
        note()
        spin(0.01)
for _ in range(2):
    if os.fork() == 0:
        os.setsid()
        storm()
threading.Thread(target=burn, daemon=True).start()
time.sleep(0.3)
"""


def test_all_that_a_notebook_started_stands_still_while_it_is_paused():
    with Kernel(LIMITS) as kernel:
        run = run_cells(kernel, STORM)
        pauses = []
        for _ in range(3):
            kernel.pause()
            began = time.monotonic() + 0.05  # what was running gets as far as the kernel
            time.sleep(0.5)
            pauses.append((began, time.monotonic()))
            kernel.resume()
            time.sleep(0.2)
        run.cells = [*run.cells, Cell("log", "print(open('/tmp/storm').read())")]
        run.advance(2)
        noted = [float(line) for line in shown(run, 1).split()]
    assert [t for t in noted if any(began < t < ended for began, ended in pauses)] == []
    for (_, ended), following in zip(pauses, [*pauses[1:], (noted[-1], 0)], strict=True):
        assert [t for t in noted if ended < t <= following[0]], "it did not go on"


def test_the_time_of_processes_that_live_for_a_moment_counts():
    with Kernel(LIMITS) as kernel:
        run = run_cells(
            kernel, STORM.replace("threading.Thread(", "dict(").replace(").start()", ")")
        )
        before, limit = kernel.cpu_s(), time.monotonic() + 60
        while kernel.cpu_s() - before < 1:
            assert time.monotonic() < limit
            time.sleep(0.05)
        run.close()


def test_a_pause_before_the_start_and_after_the_end_is_harmless():
    kernel = Kernel(LIMITS)
    kernel.pause()
    kernel.resume()
    assert shown(run_cells(kernel, "print(1 + 1)"), 0) == "2\n"
    kernel.kill()
    kernel.pause()
    kernel.resume()


def test_a_sandbox_that_cannot_be_paused_is_started_again():
    with Kernel(LIMITS) as kernel:
        kernel.await_ready()
        assert kernel.process is not None
        os.killpg(kernel.process.pid, signal.SIGKILL)
        kernel.pause()
        assert shown(run_cells(kernel, "print(1 + 1)"), 0) == "2\n"


@contextlib.contextmanager
def suspended_run():
    """An unconfined kernel and its one run, which is suspended."""
    with Kernel(LIMITS, confine=False) as kernel:
        run_cells(kernel, "x = 1")
        assert kernel.process is not None
        kernel.pause()
        (run,) = descendants(kernel.process.pid)
        await_status(run, stopped=True)
        yield kernel, run


def test_runs_without_a_sandbox_are_paused_too():
    with suspended_run() as (kernel, run):
        kernel.resume()
        await_status(run, stopped=False)


@pytest.mark.skipif(sys.platform != "linux", reason="a suspended process is left there")
def test_a_suspended_run_ends_with_its_kernel():
    with suspended_run() as (_, run):
        psutil.Process(run.ppid()).kill()
        assert still_alive(lambda: [run], patience_s=30) == []


def await_status(process, stopped):
    limit = time.monotonic() + 30
    while (process.status() == psutil.STATUS_STOPPED) != stopped:
        assert time.monotonic() < limit
        time.sleep(0.01)


def test_a_watchdog_is_gone_with_its_sandbox_and_acts_on_no_other(monkeypatch):
    monkeypatch.setattr(watchdog_module, "_resident_mb", lambda processes: time.sleep(0.5) or 0.0)
    with Kernel(LIMITS) as kernel:
        kernel.await_ready()
        watchdog = kernel._watchdog
        assert watchdog is not None
        kernel.kill()
        assert not watchdog.is_alive()
        kernel._start()
        kernel.await_ready()
        watchdog.end("it was too large")
        assert kernel.process is not None
        assert kernel.process.poll() is None
        assert kernel.ended_because == ""


def test_no_process_is_left_behind():
    with Kernel(LIMITS) as kernel:
        run_cells(
            kernel, "import subprocess\nsubprocess.Popen(['sleep', '1234'], start_new_session=True)"
        )
        assert kernel.process is not None
        inside = descendants(kernel.process.pid)
        assert any("sleep" in name_of(process) for process in inside)
    assert still_alive(lambda: inside, patience_s=5) == []


def test_a_kernel_that_is_ended_while_it_starts_leaves_nothing_behind():
    groups = []
    for milliseconds in range(0, 30, 2):
        kernel = Kernel(LIMITS)
        assert kernel.process is not None
        groups.append(kernel.process.pid)
        time.sleep(milliseconds / 1000)
        kernel.kill()
    assert still_alive(lambda: members(groups), patience_s=5) == []


def test_a_kernel_that_is_ended_from_outside_while_it_starts_is_started_again():
    with Kernel(LIMITS) as kernel:
        assert kernel.process is not None
        os.killpg(kernel.process.pid, signal.SIGKILL)
        assert shown(run_cells(kernel, "print(1 + 1)"), 0) == "2\n"


def test_a_kernel_that_never_starts_says_what_it_said_last(monkeypatch):
    monkeypatch.setattr(sys, "executable", "/usr/bin/no-such-python")
    with pytest.raises(RuntimeError, match=r"did not start: .*no-such-python"):
        Kernel(LIMITS).await_ready()


def test_a_host_that_cannot_confine_is_told_what_to_allow(monkeypatch, tmp_path):
    fake = tmp_path / "bwrap"
    fake.write_text("#!/bin/sh\necho 'bwrap: No permissions to create new namespace' >&2\nexit 1\n")
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    bubblewrap.preflight.cache_clear()
    with pytest.raises(ConfinementError, match=r"No permissions.*user namespaces are off"):
        bubblewrap.preflight()
    bubblewrap.preflight.cache_clear()


def test_what_a_process_freed_before_does_not_change_where_arrays_come_from(kernel):
    counts = (
        "import resource\nimport numpy as np\n"
        "def faults(mb):\n"
        "    def count():\n"
        "        return resource.getrusage(resource.RUSAGE_SELF).ru_minflt\n"
        "    np.ones(mb << 20, np.uint8)\n"
        "    before = count()\n"
        "    for _ in range(20):\n"
        "        np.ones(mb << 20, np.uint8)\n"
        "    return count() - before >= 20\n"
        "before = faults(4), faults(16)\n"
        "freed = [np.ones(24 << 20, np.uint8) for _ in range(3)]\n"
        "del freed\n"
        "print(before, (faults(4), faults(16)))"
    )
    # Small ones reuse memory, large ones get fresh pages, whatever glibc has seen.
    assert shown(run_cells(kernel, counts), 0) == "(False, True) (False, True)\n"


@pytest.mark.parametrize(
    ("purpose", "quickly"), [("check", True), ("show", False), ("time", False)]
)
def test_only_what_is_neither_shown_nor_timed_is_compiled_quickly(kernel, purpose, quickly):
    # Were an option unknown to the locked jaxlib, the process would end here.
    told = "import os, jax\njax.jit(lambda x: x + 1)(1)\nprint('XLA_FLAGS' in os.environ)"
    run = Run(kernel, [Cell("told", told)], Deadline.after(60), purpose)
    run.advance(1)
    assert shown(run, 0) == f"{quickly}\n"


@pytest.mark.parametrize("plots", [True, False])
def test_figures_are_shown_whether_or_not_matplotlib_was_there_before(plots):
    draw = "import sys\nprint('matplotlib.pyplot' in sys.modules)\n"
    cell = Cell("draw", f"{draw}from matplotlib import pyplot as plt\nplt.plot([1, 2])")
    with Kernel(LIMITS, plots=plots) as kernel:
        run = Run(kernel, [cell], Deadline.after(60), "show")
        run.advance(1)
        first, *others = run.results[0]["events"]
    assert first["text"] == f"{plots}\n"
    assert len([event for event in others if "image/png" in event["data"]]) == 1


def test_the_fresh_run_leaves_out_what_the_main_run_had_to():
    no_kernel: Any = None
    cells = [Cell(name, f"{name} = 1") for name in ("fine", "late")]
    planned = [PlannedCell(i, cell) for i, cell in enumerate(cells)]
    session = Session(no_kernel, planned, Deadline.after(60))
    session.main.failed_cells[1] = StudentDied(Verdict.TIMED_OUT, "it did not finish within 5 s")
    assert session.fresh.failed_cells == session.main.failed_cells
