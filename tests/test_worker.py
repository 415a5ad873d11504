"""The grading process: kept, renewed, ended, and honest about what went wrong."""

from __future__ import annotations

import logging
import os
import signal
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from multiprocessing import Pipe
from pathlib import Path

import psutil
import pytest
from nbformat import NotebookNode, v4

from jaxercise.checks.outcome import ConfinementError, HostError
from jaxercise.grading.files import Files
from jaxercise.grading.frames import MAX_BYTES, FrameTooLarge, receive_frame, send_frame
from jaxercise.grading.worker import Worker, WorkerError, shared_worker
from jaxercise.grading.worker_server import WorkerOptions
from tests.processes import is_alive

STUBS = Path(__file__).parent / "stubs"


# Starting Python and nbformat takes seconds, so tests share a worker where they can.


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    root = tmp_path_factory.mktemp("course")
    for part in ("lessons", "reference", "grader_tests"):
        (root / part).mkdir()
    (root / "lessons" / "ps1.md").write_text("# One\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(STUBS))
        yield root


@pytest.fixture(scope="module")
def worker(course: Path) -> Iterator[Worker]:
    worker = Worker(course, stub_options())
    yield worker
    worker.close()


def stub_options(**changes: object) -> WorkerOptions:
    return WorkerOptions(judge="stub_judge:StubJudge", **changes)  # type: ignore[arg-type]


def order(text: str) -> NotebookNode:
    return v4.new_notebook(cells=[v4.new_code_cell(text)])


def ask(worker: Worker, text: str) -> dict[str, str]:
    judged = worker.judge(order(text), "ps1", "ada")
    grade, notebook = judged.grade, judged.notebook
    assert (grade.assignment, grade.notebook) == ("ps1", "ada")
    assert notebook.cells[0].source == text
    return grade.environment


def test_keeps_one_process_for_a_batch(worker: Worker) -> None:
    first, second = ask(worker, "answer"), ask(worker, "answer")
    assert first["pid"] == second["pid"]
    assert int(second["graded"]) == int(first["graded"]) + 1


def test_hands_its_options_to_the_judge(course: Path) -> None:
    worker = Worker(course, stub_options(confine=False, seed=7, cell_s=3.0))
    told = ask(worker, "answer")
    worker.close()
    assert (told["confine"], told["seed"], told["cell_s"]) == ("False", "7", "3.0")


def test_the_judge_does_not_see_hidden_variables(
    course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STUB_SECRET", "set")
    monkeypatch.setenv("STUB", "set")
    worker = Worker(course, stub_options(hidden_variables=("STUB_",)))
    told = ask(worker, "answer")
    worker.close()
    assert (told["STUB_SECRET"], told["STUB"]) == ("unset", "set")


def test_starts_afresh_when_the_course_changed(worker: Worker, course: Path) -> None:
    before = ask(worker, "answer")
    file = course / "grader_tests" / "new.py"
    file.write_text("x = 1\n")
    during = ask(worker, "answer")
    stamp = file.stat().st_mtime_ns
    file.write_text("x = 2\n")
    os.utime(file, ns=(stamp, stamp + 1))
    after = ask(worker, "answer")
    assert len({before["pid"], during["pid"], after["pid"]}) == 3


@pytest.mark.parametrize("folder", ["lessons", "reference", "grader_tests/ps1"])
def test_every_part_of_the_course_counts(course: Path, folder: str) -> None:
    files = Files()
    before = files.course(course)
    (course / folder).mkdir(exist_ok=True)
    (course / folder / "part.py").touch()
    assert files.course(course) != before


def test_starts_afresh_when_a_package_or_a_variable_changed(
    worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = ask(worker, "answer")
    monkeypatch.setenv("JAX_ENABLE_X64", "1")
    assert ask(worker, "answer")["pid"] != before["pid"]


def test_a_file_touched_but_not_changed_renews_nothing(worker: Worker, course: Path) -> None:
    before = ask(worker, "answer")
    os.utime(course / "lessons" / "ps1.md", (1, 1))
    assert ask(worker, "answer")["pid"] == before["pid"]


def test_a_death_costs_one_more_try(worker: Worker, course: Path) -> None:
    (course / "died").unlink(missing_ok=True)
    assert ask(worker, "die once")["graded"] == "1"


def test_a_second_death_is_an_error_with_the_end_of_stderr(worker: Worker) -> None:
    with pytest.raises(WorkerError, match="died twice over one submission: exit status 7") as error:
        ask(worker, "die")
    assert "the last straw" in str(error.value)
    assert len(str(error.value)) < 10_000
    assert ask(worker, "answer")["graded"] == "1"


def test_a_refusal_arrives_as_itself_and_ends_nothing(worker: Worker) -> None:
    before = ask(worker, "answer")
    with pytest.raises(ConfinementError, match=r"^switch on user namespaces$"):
        ask(worker, "refuse")
    assert ask(worker, "answer")["pid"] == before["pid"]


def test_a_host_that_cannot_be_had_is_no_bug_of_the_judge(worker: Worker) -> None:
    before = ask(worker, "answer")
    with pytest.raises(HostError, match=r"^process 7 has it$"):
        ask(worker, "host")
    assert ask(worker, "answer")["pid"] == before["pid"]


def test_what_the_judge_does_and_waits_for_is_announced_before_its_answer(
    worker: Worker, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "jaxercise")
    worker.close()
    ask(worker, "wait")
    assert caplog.messages == [
        "starting a grading process",
        "starting the judge, which imports JAX",
        "waiting for process 7",
        "waiting for process 8",
    ]
    assert [record.levelname for record in caplog.records] == ["INFO"] * 2 + ["WARNING"] * 2
    assert {record.name for record in caplog.records} == {"jaxercise"}


def test_a_bug_of_the_judge_is_told_and_its_judge_replaced(worker: Worker, course: Path) -> None:
    before = ask(worker, "answer")
    with pytest.raises(WorkerError, match="a bug of ours"):
        ask(worker, "break")
    after = ask(worker, "answer")
    assert (course / "closed").exists()
    assert after["pid"] == before["pid"]
    assert after["graded"] == "1"


def test_a_judge_that_never_answers_is_ended(course: Path) -> None:
    worker = Worker(course, stub_options(reply_timeout_s=3.0))
    with pytest.raises(WorkerError, match="gave no answer in 3 s and was ended"):
        ask(worker, "sleep")
    worker.close()
    assert gone(int((course / "asleep").read_text()))


def test_threads_take_turns(worker: Worker) -> None:
    told: list[dict[str, str]] = []
    threads = [threading.Thread(target=lambda: told.append(ask(worker, "answer"))) for _ in "abc"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    graded = sorted(int(one["graded"]) for one in told)
    assert graded == [graded[0], graded[0] + 1, graded[0] + 2]


def test_closing_lets_the_judge_leave_in_good_order(worker: Worker, course: Path) -> None:
    (course / "closed").unlink(missing_ok=True)
    pid = int(ask(worker, "answer")["pid"])
    worker.close()
    assert (course / "closed").read_text() == str(pid)
    assert gone(pid)


def test_ends_when_its_parent_is_killed_in_the_middle_of_a_notebook(course: Path) -> None:
    for mark in ("asleep", "closed"):
        (course / mark).unlink(missing_ok=True)
    script = (
        "import sys; sys.path.insert(0, sys.argv[2])\n"
        "from test_worker import *\n"
        "ask(Worker(Path(sys.argv[1]), stub_options()), 'sleep')\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", script, str(course), str(STUBS.parent)])
    until((course / "asleep").exists)
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    until(lambda: (course / "asleep").read_text())
    pid = int((course / "asleep").read_text())
    until((course / "closed").exists)
    until(lambda: gone(pid))


def test_one_shared_worker_until_options_change(course: Path) -> None:
    first = shared_worker(course, stub_options())
    pid = int(ask(first, "answer")["pid"])
    assert shared_worker(course, stub_options()) is first
    second = shared_worker(course, stub_options(seed=1))
    assert second is not first
    assert gone(pid)
    second.close()


def test_frames_carry_records_and_notice_the_end() -> None:
    ours, theirs = Pipe()
    with ours, theirs:
        send_frame(ours, {"text": "naïve", "list": [1, 2.5, None]})
        assert receive_frame(theirs) == {"text": "naïve", "list": [1, 2.5, None]}
        with pytest.raises(TimeoutError):
            receive_frame(theirs, 0.01)
        ours.close()
        assert receive_frame(theirs) is None


def test_a_frame_that_is_cut_off_is_no_record() -> None:
    ours, theirs = Pipe()
    with ours, theirs:
        os.write(ours.fileno(), struct.pack(">i", 10) + b"cut")
        ours.close()
        with pytest.raises(OSError, match="end of file during message"):
            receive_frame(theirs)


def test_a_frame_of_absurd_length_is_refused() -> None:
    ours, theirs = Pipe()
    with ours, theirs:
        os.write(ours.fileno(), struct.pack(">i", MAX_BYTES + 1))
        with pytest.raises(OSError, match="bad message length"):
            receive_frame(theirs)
        with pytest.raises(FrameTooLarge, match="a frame holds at most"):
            send_frame(ours, {"text": "x" * MAX_BYTES})


def gone(pid: int) -> bool:
    try:
        return not is_alive(psutil.Process(pid))
    except psutil.NoSuchProcess:
        return True


def until(true: Callable[[], object], timeout_s: float = 120.0) -> None:
    end = time.monotonic() + timeout_s
    while not true():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)
