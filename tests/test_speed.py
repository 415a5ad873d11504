"""The verdict on speed, on contenders with scripted times and a scripted machine."""

import contextlib

import numpy as np
import pytest

from jaxercise.checks.decision import CLEAR_ROUNDS, OBVIOUS_ROUNDS
from jaxercise.checks.outcome import CheckFailed, Inconclusive, StudentDied, Verdict
from jaxercise.grading.racing import race as racing
from jaxercise.grading.racing.host import Host, HostBusy
from jaxercise.grading.racing.race import Contenders
from jaxercise.wire import records


class ScriptedKernel:
    """Uses no CPU; knows whether it was paused."""

    paused = False

    def cpu_s(self):
        return 0.0

    def pause(self):
        self.paused = True

    def resume(self):
        self.paused = False


class Scripted:
    """A contender that takes `seconds` a call (after `compile_s` for the first)."""

    def __init__(self, seconds, compile_s=0.0, answer=lambda x: x, dies=()):
        self.seconds, self.compile_s, self.answer = seconds, compile_s, answer
        self.dies = iter(dies)
        self.inputs = []
        self.claims = {}
        self.kernel = ScriptedKernel()

    def ask(self, message, timeout_s):
        if message["op"] == "threads":
            return {"xla": 2, "evil": "text", **self.claims}
        if message["mode"] == "nothing":
            return {}
        if next(self.dies, False):
            raise StudentDied(Verdict.TIMED_OUT, "it did not finish within 5 s")
        x = message["args"][0]
        self.inputs.append(x.data.tobytes())
        return {"value": records.Array(self.answer(x.data)), "error": None}


class QuietHost(Host):
    """Nobody else is there; counts how often an attempt waited for that."""

    def __init__(self):
        super().__init__()
        self.waits = []

    @contextlib.contextmanager
    def alone(self):
        yield

    def await_calm(self, share, patience_s):
        self.waits.append(patience_s)
        return 0.0


@pytest.fixture(autouse=True)
def scripted_clock(monkeypatch):
    """Contenders say what the clock shows, and the machine is calm."""

    def timed(contender, message, limit_s):
        report = contender.ask(message, limit_s)
        if message.get("mode") == "nothing":
            return 0.0004, report
        elapsed = next(contender.seconds) if hasattr(contender.seconds, "__next__") else None
        elapsed = contender.seconds if elapsed is None else elapsed
        elapsed += contender.compile_s
        contender.compile_s = 0.0
        return elapsed, report

    monkeypatch.setattr(racing, "_timed", timed)
    others(monkeypatch, 0.0)


def others(monkeypatch, share):
    """Other programs use this share of the CPUs."""
    now = iter(range(10**9))
    monkeypatch.setattr(racing.time, "monotonic", lambda: float(next(now)))
    monkeypatch.setattr(racing.time, "process_time", lambda: 0.0)
    monkeypatch.setattr(racing, "BUDGET_S", 1e9)
    # Between two looks the scripted clock goes on by the same number of seconds as this does.
    monkeypatch.setattr(racing.host, "cpus", lambda: [0])
    monkeypatch.setattr(
        racing.host, "busy_s", lambda: share * racing.time.monotonic() if share else 0.0
    )


REPORTS = []


def race(student, baseline_s=0.02, reference_s=0.001, minimum=4.0, host=None):
    REPORTS.clear()
    contenders = Contenders(
        student,
        Scripted(baseline_s),
        Scripted(reference_s),
        np.random.default_rng(0),
        host or QuietHost(),
        REPORTS.append,
    )
    contenders.race("f", make_arguments=lambda rng: (rng.random(3),), minimum=minimum, rtol=1e-6)
    return REPORTS[0]


def test_a_fast_answer_passes_however_long_it_compiles():
    timing = race(Scripted(0.001, compile_s=30.0))
    assert timing.speedup == pytest.approx(20)
    assert timing.first_call_s == pytest.approx(30)
    assert len(timing.student_s) == len(timing.numpy_s) == CLEAR_ROUNDS
    assert timing.empty_s == 0.0004
    assert timing.threads == {who: {"xla": 2} for who in ("baseline", "reference", "student")}


def test_the_record_repeats_no_name_that_only_the_students_process_gives_a_library():
    student = Scripted(0.001)
    student.claims = {"secret 12345": 1, "xla": 2**40, 10**5000: 3}
    assert race(student).threads["student"] == {}


def test_a_slow_answer_fails_with_the_measured_speedup():
    words = r"f is 2 times as fast as the NumPy version \(2 to 2 at 98% confidence, 9 rounds\)"
    with pytest.raises(CheckFailed, match=words) as failure:
        race(Scripted(0.01))
    assert "where 4 is asked: 10 ms a call against 20 ms" in str(failure.value)
    assert "Likely cause: a Python loop" in str(failure.value)
    assert REPORTS[0].high == pytest.approx(2)


def test_a_hopeless_answer_fails_after_three_rounds():
    with pytest.raises(CheckFailed, match="after 3 rounds"):
        race(Scripted(0.2))
    assert len(REPORTS[0].student_s) == OBVIOUS_ROUNDS


def test_an_answer_that_never_comes_fails_once_it_has_not_come_twice():
    with pytest.raises(CheckFailed, match="takes much longer than the NumPy version") as failure:
        race(Scripted(0.001, dies=[True, True]))
    assert "it did not finish within 5 s" in str(failure.value)


def test_one_call_that_does_not_come_back_is_tried_again_when_the_machine_is_calm():
    host = QuietHost()
    race(Scripted(0.001, dies=[False, False, True]), host=host)
    assert host.waits == list(racing.WAITS_S[:2])


def test_where_the_reference_is_slow_too_nothing_is_decided():
    host = QuietHost()
    with pytest.raises(Inconclusive, match=r"the reference itself was only 1\.0 times") as nothing:
        race(Scripted(0.02), reference_s=0.02, host=host)
    assert "a person will look at it" in str(nothing.value)
    assert host.waits == list(racing.WAITS_S)
    assert REPORTS[0].reference == pytest.approx(1)


def test_an_answer_at_the_minimum_itself_is_left_to_a_person():
    around = np.random.default_rng(0).choice([0.0049, 0.0051], 1000).tolist()
    with pytest.raises(Inconclusive, match="the rounds lie on both sides of what is asked"):
        race(Scripted(iter(around)))


def test_on_a_busy_machine_a_small_lag_is_left_to_a_person(monkeypatch):
    others(monkeypatch, 0.5)
    with pytest.raises(Inconclusive, match=r"other programs used \d+% of the processors"):
        race(Scripted(0.006))


def test_on_a_busy_machine_a_clear_lag_fails_when_found_twice(monkeypatch):
    others(monkeypatch, 0.5)
    host = QuietHost()
    with pytest.raises(CheckFailed, match=r"f is 1\.8 times as fast"):
        race(Scripted(0.011), host=host)
    assert host.waits == list(racing.WAITS_S[:2])


def test_where_another_grader_keeps_the_host_nothing_is_decided():
    class TakenHost(QuietHost):
        def alone(self):
            raise HostBusy("another grader has it")

    with pytest.raises(Inconclusive, match="Speed was not measured: another grader has it"):
        race(Scripted(0.001), host=TakenHost())


@pytest.mark.parametrize("dies", [False, True])
def test_what_a_notebook_started_stands_still_but_for_its_turn(dies):
    stands_still = []

    class Watched(Scripted):
        def __init__(self, who, **options):
            super().__init__(0.02 if who == "baseline" else 0.001, **options)
            self.who = who

        def ask(self, message, timeout_s):
            stands_still.append((self.who, student.kernel.paused))
            return super().ask(message, timeout_s)

    student = Watched("student", dies=[dies])
    contenders = Contenders(
        student,
        Watched("baseline"),
        Watched("reference"),
        np.random.default_rng(0),
        QuietHost(),
    )
    contenders.race("f", make_arguments=lambda rng: (rng.random(3),), minimum=4, rtol=1e-6)
    assert set(stands_still) == {("student", False), ("baseline", True), ("reference", True)}
    assert not student.kernel.paused


def test_every_timed_answer_is_checked():
    answers = iter([1.0, 1.0, 2.0] + [1.0] * 20)
    with pytest.raises(CheckFailed, match="wrong values"):
        race(Scripted(0.001, answer=lambda x: x * next(answers)))


def test_inputs_are_fresh_in_every_round():
    student = Scripted(0.001)
    race(student)
    assert len(set(student.inputs)) == len(student.inputs) == CLEAR_ROUNDS + 1


def test_the_order_of_the_contenders_changes():
    order = []

    class Heard(Scripted):
        def __init__(self, who):
            super().__init__(0.001 if who != "baseline" else 0.02)
            self.who = who

        def ask(self, message, timeout_s):
            if message.get("mode") == "call":
                order.append(self.who)
            return super().ask(message, timeout_s)

    contenders = Contenders(
        Heard("student"),
        Heard("baseline"),
        Heard("reference"),
        np.random.default_rng(0),
        QuietHost(),
    )
    contenders.race("f", make_arguments=lambda rng: (rng.random(3),), minimum=4, rtol=1e-6)
    rounds = {tuple(order[i : i + 3]) for i in range(0, len(order), 3)}
    assert len(rounds) >= 3  # of a warm-up and four rounds
    assert all(set(each) == {"student", "baseline", "reference"} for each in rounds)
