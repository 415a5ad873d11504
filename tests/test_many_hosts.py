"""Judging by a real dask scheduler and its workers, processes on loopback."""

from __future__ import annotations

import copy
import shutil
import time
from collections import Counter
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat import NotebookNode

from benchmarks.many_hosts import simulate
from jaxercise.checks.outcome import HostError
from jaxercise.course.lesson import Course
from jaxercise.grading.dask_judges import DaskJudges
from jaxercise.grading.grader import Grader, Submission, judges_of
from jaxercise.grading.host_facts import differences
from jaxercise.grading.store import RecordStore
from jaxercise.grading.worker import WorkerError
from jaxercise.grading.worker_server import WorkerOptions
from jaxercise.nbgrader import commands
from jaxercise.nbgrader.release import build
from tests.clusters import Cluster
from tests.records import whole_verdicts
from tests.small_course import RIGHT, WRONG, handed_in, make_course, submission

STUBS = Path(__file__).parent / "stubs"
CONFIG = Path(__file__).parent.parent / "nbgrader_config.py"
OPTIONS = WorkerOptions(judge="passing_judge:PassingJudge")
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", autouse=True)
def _stubs() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(STUBS))
        patch.syspath_prepend(STUBS)
        yield


@pytest.fixture
def course(tmp_path: Path) -> Course:
    return make_course(tmp_path / "course", ("f1",))


@pytest.fixture
def cluster(tmp_path: Path) -> Generator[Cluster]:
    folder = tmp_path / "cluster"
    folder.mkdir()
    # Fewer lives, so that the test of a deadly notebook takes less time.
    with Cluster(folder, DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES="1") as cluster:
        yield cluster


def class_of(course: Course, count: int, words: str = "") -> list[Submission]:
    notebook = submission(course.lesson("ps7"), {"f1": RIGHT.replace("NAME", "f1")})
    found: list[Submission] = []
    for n in range(count):
        own = copy.deepcopy(notebook)
        answer(own).source += f"\n# of student {n}\n{words}"
        found.append(Submission(own, "ps7", f"s{n}"))
    return found


def answer(notebook: NotebookNode) -> NotebookNode:
    (found,) = [cell for cell in notebook.cells if cell.id == "f1"]
    return found


def asked(root: Path) -> Counter[str]:
    """How often a judge was asked for each submission."""
    path = root / "asked"
    return (
        Counter(line.split()[1] for line in path.read_text().splitlines())
        if path.exists()
        else Counter()
    )


def pids(root: Path) -> set[str]:
    return {line.split()[0] for line in (root / "asked").read_text().splitlines()}


def grader_of(
    course: Course, cluster: Cluster, store: RecordStore | None, **options: Any
) -> Grader:
    judges = DaskJudges(cluster.address, **options)
    return Grader(course.root, OPTIONS, store=store, executor=judges)


def test_two_workers_judge_a_class_once_and_what_they_say_is_kept(
    course: Course, cluster: Cluster, tmp_path: Path
) -> None:
    for _ in range(2):
        cluster.worker()
    store = RecordStore(tmp_path / "records")
    handed_in = class_of(course, 6, "# wait")
    grader = grader_of(course, cluster, store)
    assert grader.judge_ahead(handed_in) == 6
    for one in handed_in:
        grade, notebook = grader.grade(*one)
        assert (grade.notebook, grade.score) == (one.name, 3)
        assert f"of student {one.name[1:]}\n" in answer(notebook).source
    grader.close()
    assert asked(course.root) == Counter(f"s{n}" for n in range(6))
    assert len(pids(course.root)) == 2
    here = Grader(course.root, OPTIONS, store=store)
    assert here.judge_ahead(handed_in) == 0
    for one in handed_in:
        assert here.grade(*one)[0].score == 3
    assert asked(course.root).total() == 6


def test_a_worker_that_is_killed_loses_nothing(
    course: Course, cluster: Cluster, tmp_path: Path
) -> None:
    first = cluster.worker()
    cluster.worker()
    handed_in = class_of(course, 8, "# wait")
    grader = grader_of(course, cluster, RecordStore(tmp_path / "records"))
    grader.judge_ahead(handed_in)
    grader.grade(*handed_in[0])
    first.kill()
    grades = [grader.grade(*one)[0] for one in handed_in]
    grader.close()
    assert [(grade.notebook, grade.score) for grade in grades] == [(f"s{n}", 3) for n in range(8)]
    # What the two workers had may have been judged twice, and each verdict is kept once.
    assert asked(course.root).total() <= 8 + 4
    assert whole_verdicts(tmp_path / "records") == 8


def test_a_notebook_that_kills_workers_is_left_to_a_person_and_the_others_are_graded(
    course: Course, cluster: Cluster
) -> None:
    from remote_stub import deadly  # pyright: ignore[reportMissingImports]

    for _ in range(2):
        cluster.worker("--nanny")
    handed_in = class_of(course, 6)
    answer(handed_in[1].notebook).source += "\n# kill the worker"
    grader = grader_of(course, cluster, None, judge=deadly)
    grader.judge_ahead(handed_in)
    for one in handed_in:
        if one.name == "s1":
            with pytest.raises(WorkerError, match="died, again and again"):
                grader.grade(*one)
        else:
            assert grader.grade(*one)[0].score == 3
    grader.close()


def test_a_host_whose_hidden_tests_differ_judges_nothing_and_is_named(
    course: Course, cluster: Cluster, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    other = tmp_path / "other"
    shutil.copytree(course.root, other)
    hidden = other / "grader_tests/ps7/test_f1.py"
    hidden.write_text(hidden.read_text().replace("times two", "twice"))
    cluster.worker(JAXERCISE_COURSE=str(other))
    cluster.await_workers(1)
    grader = grader_of(course, cluster, None, patience_s=20)
    handed_in = class_of(course, 4)
    grader.judge_ahead(handed_in)
    what = r"course file grader_tests/ps7/test_f1\.py is another one"
    for one in handed_in:
        with pytest.raises(HostError, match=what):
            grader.grade(*one)
    assert "a dask worker may not judge" in caplog.text
    # One that agrees joins, at another place.
    shutil.copytree(course.root, tmp_path / "same")
    cluster.worker(JAXERCISE_COURSE=str(tmp_path / "same"))
    again = grader_of(course, cluster, None)
    again.judge_ahead(handed_in)
    assert [again.grade(*one)[0].score for one in handed_in] == [3] * 4
    again.close()
    grader.close()
    assert not (other / "asked").exists()
    assert asked(tmp_path / "same").total() == 4


def test_a_scheduler_that_dies_is_told_and_the_same_again_completes_the_class(
    course: Course, cluster: Cluster, tmp_path: Path
) -> None:
    cluster.worker()
    store = RecordStore(tmp_path / "records")
    handed_in = class_of(course, 4, "# wait")
    grader = grader_of(course, cluster, store)
    grader.judge_ahead(handed_in)
    assert grader.grade(*handed_in[0])[0].score == 3
    cluster.scheduler.kill()
    with pytest.raises(HostError, match=r"the scheduler at tcp://.* went away; grade again"):
        grader.grade(*handed_in[-1])
    grader.close()
    here = Grader(course.root, OPTIONS, store=store)
    assert [here.grade(*one)[0].score for one in handed_in] == [3] * 4


def test_nbgrader_grades_through_the_scheduler_as_it_does_alone(
    course: Course, cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lesson = course.lesson("ps7")
    build(course)
    shutil.copy(CONFIG, course.root)
    commands.run(course.root, "generate_assignment", "ps7")
    for name, answer in {"ada": RIGHT, "bob": WRONG, "cy": "1 / 0", "di": RIGHT}.items():
        path = course.root / "submitted" / name / "ps7" / "ps7.ipynb"
        path.parent.mkdir(parents=True)
        sources = {"f1": answer.replace("NAME", "f1") + f"\n# {name}"}
        nbformat.write(handed_in(lesson, sources), path)
    monkeypatch.setenv("JAXERCISE_VERDICTS", str(tmp_path / "alone"))
    commands.run(course.root, "autograde", "ps7")
    alone = commands.stored_scores(course.root, "ps7")
    assert [score for _, score, *_ in alone] == [3, 0, 0, 3]
    shutil.rmtree(course.root / "autograded")
    (course.root / "gradebook.db").unlink()
    commands.run(course.root, "generate_assignment", "ps7")

    first = cluster.worker()
    cluster.worker()
    with (course.root / "nbgrader_config.py").open("a") as config:
        config.write(f"\nc.JudgeSubmission.scheduler = {cluster.address!r}\n")
    monkeypatch.setenv("JAXERCISE_VERDICTS", str(tmp_path / "spread"))
    lines: list[str] = []

    def heard(line: str) -> None:
        if "Setting destination file permissions" in line:  # nbgrader's last step for each
            lines.append(line)
            first.kill()

    commands.run(course.root, "autograde", "ps7", heard)
    assert len(lines) == 4
    assert commands.stored_scores(course.root, "ps7") == alone
    assert whole_verdicts(tmp_path / "spread") == whole_verdicts(tmp_path / "alone")


def test_nobody_at_the_address_is_told(course: Course) -> None:
    grader = Grader(course.root, OPTIONS, executor=DaskJudges("tcp://127.0.0.1:9", patience_s=2))
    with pytest.raises(HostError, match=r"no scheduler answers at tcp://127\.0\.0\.1:9"):
        grader.grade(*class_of(course, 1)[0])
    grader.close()


def test_an_address_of_another_kind_is_refused() -> None:
    with pytest.raises(HostError, match="begins with tcp:// or tls://"):
        judges_of("localhost:8786")
    assert judges_of("") is None


def test_what_differs_is_told_in_words() -> None:
    here = {"jax": "0.10.0", "course file a.py": "1", "package x-1.dist-info": "installed"}
    there = {"jax": "0.10.1", "course file a.py": "2", "course file b.py": "3"}
    assert differences(here, there) == [
        "course file a.py is another one",
        "course file b.py is only there",
        "jax is '0.10.0' here and '0.10.1' there",
        "package x-1.dist-info is only here",
    ]
    many = {f"course file {n}": "1" for n in range(20)}
    assert differences(many, {})[-1] == "and 12 more"


def test_a_simulated_class_is_graded_once_each(tmp_path: Path) -> None:
    started = time.monotonic()
    result = simulate(tmp_path, submissions=300, workers=4, mean_s=0.2, hosts=2)
    assert (result.lost, result.doubled, result.booked) == (0, 0, 300)
    # No figure of a loaded machine is asserted but that it is one.
    assert 0 < result.efficiency <= 1
    assert result.wall_s <= time.monotonic() - started
