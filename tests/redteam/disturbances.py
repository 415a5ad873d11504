"""Ways in which a batch of `nbgrader autograde` is disturbed, each by a patch in its process.

A disturbance runs in a process of its own, which it may kill: `grade(root, "name")` patches
what it needs and then grades as the command does.
"""

from __future__ import annotations

import contextlib
import errno
import functools
import logging
import os
import resource
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from nbconvert.writers.files import FilesWriter
from nbgrader.converters import Autograde
from nbgrader.converters.base import NbGraderException
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

from jaxercise.grading import store, worker
from jaxercise.nbgrader import intake, plugin
from tests.processes import descendants, name_of

CONFIG = Path(__file__).parent.parent.parent / "nbgrader_config.py"
# In the course's root, where nbgrader works: the disturbance did take place.
MARK = Path("disturbed")


def grade(root: Path, name: str = "") -> None:
    """`nbgrader autograde ps7` in the course at `root`, disturbed as `name` says."""
    os.chdir(root)
    if (root / "verdicts").exists():
        _keep_verdicts(root)  # Of the run that was disturbed.
    logging.basicConfig(filename=root / "grading.log", level=logging.WARNING)
    undo = DISTURBANCES[name](root) if name else None
    config = Config(PyFileConfigLoader(CONFIG.name, path=str(CONFIG.parent)).load_config())
    # Five seconds is how long SQLite waits for a lock by itself.
    database = f"sqlite:///{root}/gradebook.db?timeout=1"
    coursedir = CourseDirectory(
        root=str(root), course_id="jax", assignment_id="ps7", db_url=database
    )
    try:
        Autograde(coursedir=coursedir, config=config).start()
    except (NbGraderException, KeyboardInterrupt):
        sys.exit(1)
    finally:
        if callable(undo):
            undo()
        for shared in worker._shared:
            shared.close()


def kill_9(*_: Any, **__: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def around(owner: Any, name: str, act: Callable[..., Any], calls: int = 1) -> None:
    """Have `act(original, *args)` take the place of the given call of a function."""
    original, count = getattr(owner, name), 0

    def patched(*args: Any, **kwargs: Any) -> Any:
        nonlocal count
        count += 1
        if count == calls:
            MARK.touch()
            return act(original, *args, **kwargs)
        return original(*args, **kwargs)

    setattr(owner, name, patched)


def killed_before_anything_is_written(root: Path) -> None:
    around(intake.SubmissionReader, "_claim", kill_9, calls=2)


def killed_when_the_copy_is_written(root: Path) -> None:
    around(plugin.JudgeSubmission, "preprocess", kill_9, calls=2)


def killed_while_the_judge_works(root: Path) -> None:
    def act(send: Any, *args: Any) -> None:
        send(*args)
        time.sleep(0.5)
        kill_9()

    around(worker, "send_frame", act, calls=2)


def killed_between_score_and_comment(root: Path) -> None:
    around(plugin.SaveGrades, "_add_comment", kill_9, calls=2)


def killed_in_the_middle_of_a_file(root: Path) -> None:
    def act(write: Any, writer: Any, output: str, resources: Any, notebook_name: str) -> None:
        write(writer, output[: len(output) // 2], resources, notebook_name=notebook_name)
        kill_9()

    around(FilesWriter, "write", act, calls=4)


def ctrl_c(root: Path) -> None:
    def act(send: Any, *args: Any) -> None:
        send(*args)
        os.kill(os.getpid(), signal.SIGINT)

    signal.signal(signal.SIGINT, signal.default_int_handler)
    around(worker, "send_frame", act, calls=2)


def judge_killed(times: int) -> Callable[[Path], None]:
    """The process of the judge ends while it works on a submission, so many times."""

    def disturb(root: Path) -> None:
        original = worker._Process.ask
        left = [times]

        def ask(process: Any, request: Any, timeout_s: float) -> Any:
            process._await_ready()
            if left[0] > 0 and request["name"].startswith("b/"):
                left[0] -= 1
                worker.send_frame(process.stream, request)
                time.sleep(0.3)
                process.popen.kill()
                MARK.touch()
            return original(process, request, timeout_s)

        setattr(worker._Process, "ask", ask)  # noqa: B010

    return disturb


def kernel_killed(root: Path) -> None:
    """Something outside ends the sandbox of b in the middle of a cell, as the system may."""
    original = worker.send_frame

    def send(stream: Any, request: dict) -> None:
        original(stream, request)
        if str(request.get("name", "")).startswith("b/"):
            pid = os.fork()
            if pid == 0:
                _kill_first_sandbox(os.getppid())
                os._exit(0)

    setattr(worker, "send_frame", send)  # noqa: B010


def _kill_first_sandbox(parent: int) -> None:
    end = time.monotonic() + 20
    while time.monotonic() < end:
        found = [one for one in descendants(parent) if "bwrap" in name_of(one)]
        busy = [one for one in found if len(descendants(one.pid)) > 1]
        if busy:
            busy[0].kill()
            MARK.touch()
            return
        time.sleep(0.02)


def disk_full_in_the_middle_of_a_file(root: Path) -> None:
    def act(write: Any, writer: Any, output: str, resources: Any, notebook_name: str) -> None:
        write(writer, output[: len(output) // 2], resources, notebook_name=notebook_name)
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    around(FilesWriter, "write", act, calls=4)


def no_file_may_grow(root: Path) -> None:
    """A real limit of the system's: neither gradebook nor notebooks can be written."""
    MARK.touch()
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))


def gradebook_locked(root: Path) -> Callable[[], None]:
    connection = sqlite3.connect(root / "gradebook.db")

    def act(original: Any, *args: Any, **kwargs: Any) -> Any:
        connection.execute("BEGIN EXCLUSIVE")
        return original(*args, **kwargs)

    around(plugin.SaveGrades, "preprocess", act, calls=2)
    return connection.close


def hidden_test_raises(root: Path) -> Callable[[], object]:
    MARK.touch()
    path = root / "grader_tests" / "ps7" / "test_f1.py"
    text = path.read_text()
    path.write_text(text.replace("assert_returns(student", "1 / 0\n    assert_returns(student"))
    return functools.partial(path.write_text, text)


def reference_does_not_load(root: Path) -> Callable[[], object]:
    MARK.touch()
    path = root / "reference" / "ps7.py"
    text = path.read_text()
    path.write_text(text.replace("import jax\n", "import jax\nimport no_such_module\n", 1))
    return functools.partial(path.write_text, text)


def sandbox_does_not_start(root: Path) -> Callable[[], None]:
    """The judge's host lacks bubblewrap for a while."""
    MARK.touch()
    fake = root / "fake"
    with contextlib.suppress(FileExistsError):
        fake.mkdir()
    (fake / "bwrap").write_text("#!/bin/sh\nexit 1\n")
    (fake / "bwrap").chmod(0o755)
    os.environ["PATH"] = f"{fake}:{os.environ['PATH']}"
    return lambda: None


def lock_replaced(root: Path) -> None:
    """A pipe in the place of the lock that graders share: who opens it the plain way hangs."""
    MARK.touch()
    os.mkfifo(_own_lock(root))


_HOLDS = """
import sys, time
from pathlib import Path
from jaxercise.grading.racing.host import Host
with Host(Path(sys.argv[1])).alone():
    print("held", flush=True)
    time.sleep(5)
"""


def lock_held(root: Path) -> Callable[[], object]:
    """Another grader is in the middle of a check of speed."""
    MARK.touch()
    command = [sys.executable, "-c", _HOLDS, str(_own_lock(root))]
    holder = subprocess.Popen(command, stdout=subprocess.PIPE)
    assert holder.stdout is not None
    holder.stdout.readline()
    return holder.communicate


def _keep_verdicts(root: Path) -> None:
    os.environ["JAXERCISE_VERDICTS"] = str(root / "verdicts")


def disk_of_the_store_full(root: Path) -> None:
    """Every write of a record fails after half of it."""
    _keep_verdicts(root)

    def full(path: Path, content: bytes) -> None:
        MARK.touch()
        _half_written(path, content)
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    setattr(store, "write_whole", full)  # noqa: B010


def killed_while_a_verdict_is_kept(root: Path) -> None:
    _keep_verdicts(root)

    def act(_: Any, path: Path, content: bytes) -> None:
        _half_written(path, content)
        kill_9()

    around(store, "write_whole", act)


def _half_written(path: Path, content: bytes) -> None:
    (path.parent / f"{store._UNFINISHED}half").write_bytes(content[: len(content) // 2])


def records_damaged(damage: Callable[[bytes], bytes]) -> Callable[[Path], None]:
    """All that is kept is damaged, and the batch killed, before a submission is in the book."""

    def disturb(root: Path) -> None:
        _keep_verdicts(root)

        def act(*_: Any, **__: Any) -> None:
            for path in (root / "verdicts").glob("*/*.json"):
                path.write_bytes(damage(path.read_bytes()))
            kill_9()

        around(plugin.SaveGrades, "_add_comment", act)

    return disturb


def _own_lock(root: Path) -> Path:
    folder = root / "lock"
    folder.mkdir(mode=0o700)
    os.environ["JAXERCISE_LOCK"] = str(folder / "timing.lock")
    return folder / "timing.lock"


DISTURBANCES: dict[str, Callable[[Path], Any]] = {
    "kill -9 before anything of a submission is written": killed_before_anything_is_written,
    "kill -9 between sanitising and judging": killed_when_the_copy_is_written,
    "kill -9 while the judge works": killed_while_the_judge_works,
    "kill -9 between score and comment of a submission": killed_between_score_and_comment,
    "kill -9 in the middle of a file": killed_in_the_middle_of_a_file,
    "an interrupt from the keyboard": ctrl_c,
    "the judge killed once": judge_killed(1),
    "the judge killed each time": judge_killed(2),
    "the kernel killed from outside": kernel_killed,
    "the disk full in the middle of a file": disk_full_in_the_middle_of_a_file,
    "no file may grow, the gradebook neither": no_file_may_grow,
    "the gradebook locked": gradebook_locked,
    "a hidden test raises": hidden_test_raises,
    "the reference does not load": reference_does_not_load,
    "no sandbox can be started": sandbox_does_not_start,
    "a pipe in the place of the graders' lock": lock_replaced,
    "another grader holds the lock for a while": lock_held,
    "the disk of the kept verdicts full": disk_of_the_store_full,
    "kill -9 while a verdict is kept": killed_while_a_verdict_is_kept,
    "kept verdicts cut in half, then kill -9": records_damaged(lambda c: c[: len(c) // 2]),
    "points raised in kept verdicts, then kill -9": records_damaged(
        lambda c: c.replace(b'"points": 0.0', b'"points": 2.0')
    ),
}
# After these the first run is complete already; after the others the second is.
AT_ONCE = {
    "the judge killed once",
    "the kernel killed from outside",
    "another grader holds the lock for a while",
    "the disk of the kept verdicts full",
}
