"""The verdict on speed: a student's function against its NumPy baseline and the reference.

Each contender has a process of its own and gets the same calls over the same kind of socket;
the clock is here. A round calls each contender once, in shuffled order, on new inputs, and every
timed output is checked. While it is not the student's turn, every process that the notebook
started is suspended. Compilation happens in a warm-up call and does not count. A race runs last,
once every other check has passed. rounds.py has what is raced and measured, checks/decision.py
what the rounds decide, host.py the machine that they run on.
"""

from __future__ import annotations

import contextlib
import dataclasses
import statistics
import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np

from jaxercise.checks import decision
from jaxercise.checks.assertions import assert_returns, fail
from jaxercise.checks.decision import Decision, Finding
from jaxercise.checks.outcome import Inconclusive, StudentDied, Timing, Verdict
from jaxercise.checks.proxy import Observation
from jaxercise.checks.timing import in_words, speedups, timing_of
from jaxercise.grading.racing import host
from jaxercise.grading.racing.host import Host, HostBusy
from jaxercise.grading.racing.rounds import Rounds, Task

# Seconds of rounds that one attempt gets, and that it waits beforehand for a calm machine.
BUDGET_S = 20.0
WAITS_S = (2.0, 10.0, 20.0)
_WARM_UP_S = 20.0
# A timed call may take this many times NumPy's time, and a few seconds at least.
_PATIENCE, _PATIENCE_S = 10.0, 5.0
_EMPTY_CALLS = 5
_MAX_THREADS = 4096
_CAUSE = "Likely cause: a Python loop, a missing jax.jit, or a function compiled anew at each call."


class Sandbox(Protocol):
    """What a contender runs in: kernel.Kernel is one."""

    def cpu_s(self) -> float: ...

    def pause(self) -> None: ...

    def resume(self) -> None: ...


class Contender(Protocol):
    """A process that answers calls: run.Run is one."""

    @property
    def kernel(self) -> Sandbox: ...

    def ask(self, message: dict[str, Any], timeout_s: float) -> Any: ...


@dataclass(frozen=True)
class Contenders:
    """The three contenders of one notebook's timed checks; `report` gets what was measured."""

    student: Contender
    baseline: Contender
    reference: Contender
    rng: np.random.Generator
    host: Host = field(default_factory=Host)
    report: Callable[[Timing], None] = lambda timing: None

    def race(self, name: str, **options: Any) -> None:
        """Assert that `student.name` is at least `minimum` times as fast as the NumPy baseline.

        The options are the fields of a Task.

        Raises:
            CheckFailed: it is not, while the reference is; or a timed answer is wrong.
            Inconclusive: that cannot be decided on this machine now.
        """
        task = Task(name, **options)
        attempts: list[Rounds] = []
        findings: list[Finding] = []
        settled = Decision.UNDECIDED
        try:
            # In this order: while this notebook waits, another one may be timed.
            with self._others_turn(), self.host.alone():
                for wait_s in WAITS_S[: decision.ATTEMPTS]:
                    self.host.await_calm(decision.CALM, wait_s)
                    attempts.append(self.attempt(task))
                    findings.append(attempts[-1].finding(task.minimum))
                    settled = Decision(int(decision.settle(np.array(findings))))
                    if settled is not Decision.UNDECIDED:
                        break
                timing = self._timing(task, attempts)
        except HostBusy as busy:
            raise Inconclusive(f"Speed was not measured: {busy}.") from None
        if timing is not None:
            self.report(timing)
        if settled is not Decision.FAST:
            _explain(task, settled, attempts[-1], timing)

    def attempt(self, task: Task) -> Rounds:
        """Rounds until they decide, or until the budget is spent."""
        rounds = Rounds()
        for _ in self.rounds(task, rounds):
            spent = sum(rounds.wall_s) > BUDGET_S or len(rounds.wall_s) >= decision.MAX_ROUNDS
            if spent or rounds.finding(task.minimum) is not Finding.OPEN:
                break
        return rounds

    def rounds(self, task: Task, rounds: Rounds) -> Iterator[None]:
        """Play rounds into `rounds` for as long as the caller wants them."""
        contenders = {
            "baseline": self.baseline,
            "reference": self.reference,
            "student": self.student,
        }
        warm_up = self._play(task, list(contenders), rounds, _WARM_UP_S)
        if rounds.timed_out is not None:
            return
        rounds.first_call_s = warm_up["student"]
        rounds.empty_s = self._empty_call_s(task)
        slowest = warm_up["baseline"]
        while True:
            foreign_s, started = self._foreign_s(), time.monotonic()
            order = [str(who) for who in self.rng.permutation(list(contenders))]
            seconds = self._play(task, order, rounds, max(_PATIENCE_S, _PATIENCE * slowest))
            if rounds.timed_out is not None:
                return
            foreign_s, wall_s = self._foreign_s() - foreign_s, time.monotonic() - started
            rounds.foreign.append(max(0.0, foreign_s) / wall_s / len(host.cpus()))
            rounds.wall_s.append(wall_s)
            for who, elapsed in seconds.items():
                getattr(rounds, who).append(elapsed)
            slowest = max(slowest, seconds["baseline"])
            yield

    @contextlib.contextmanager
    def _others_turn(self) -> Generator[None]:
        """While the block runs, every process that the notebook started is suspended."""
        self.student.kernel.pause()
        try:
            yield
        finally:
            self.student.kernel.resume()

    @contextlib.contextmanager
    def _turn(self, contender: Contender) -> Generator[None]:
        """Within `_others_turn`: the notebook's processes run if it is the contender."""
        if contender is not self.student:
            yield
            return
        self.student.kernel.resume()
        try:
            yield
        finally:
            self.student.kernel.pause()

    def _foreign_s(self) -> float:
        """CPU seconds used so far by programs other than the contenders and the judge."""
        contenders = (self.student, self.baseline, self.reference)
        kernels = {id(c.kernel): c.kernel for c in contenders}
        return host.busy_s() - time.process_time() - sum(k.cpu_s() for k in kernels.values())

    def _play(
        self, task: Task, order: list[str], rounds: Rounds, limit_s: float
    ) -> dict[str, float]:
        """Call each contender once on new inputs, in this order; return seconds by contender.

        The student's answer is compared with the reference's afterwards, off the clock. If the
        student does not answer in time, `rounds.timed_out` says so, and the result is empty.
        """
        args = task.make_arguments(self.rng)
        seconds, seen = {}, {}
        for who in order:
            contender: Contender = getattr(self, who)
            message = task.call(who, args).to_message()
            try:
                with self._turn(contender):
                    seconds[who], report = _timed(contender, message, limit_s)
            except StudentDied as death:
                if death.verdict is not Verdict.TIMED_OUT:
                    raise
                if who != "student":
                    raise Inconclusive(
                        f"On this machine, at this moment, even the {who} did not finish within "
                        f"{limit_s:.0f} s; so nothing is decided."
                    ) from None
                rounds.timed_out = death
                return {}
            seen[who] = Observation.of(task.name, report)
        if (error := seen["reference"].error or seen["baseline"].error) is not None:
            raise RuntimeError(f"{task.name}: {error}")
        assert_returns(
            seen["student"],
            seen["reference"].value,
            rtol=task.rtol,
            atol=task.atol,
            kind=task.kind,
        )
        return seconds

    def _empty_call_s(self, task: Task) -> float:
        """The round trip of a call that takes the arguments and does nothing."""
        call = task.call("reference", task.make_arguments(self.rng))
        message = dataclasses.replace(call, mode="nothing").to_message()
        return statistics.median(
            _timed(self.reference, message, _WARM_UP_S)[0] for _ in range(_EMPTY_CALLS)
        )

    def _timing(self, task: Task, attempts: list[Rounds]) -> Timing | None:
        last = next((rounds for rounds in reversed(attempts) if rounds.student), None)
        if last is None:
            return None
        timing = timing_of(
            last.student,
            last.baseline,
            task.minimum,
            first_call_s=attempts[0].first_call_s,
            empty_s=last.empty_s,
        )
        return dataclasses.replace(
            timing,
            reference=float(np.median(speedups(last.baseline, last.reference))),
            foreign=last.share_of_others,
            threads=self._all_threads(),
        )

    def _all_threads(self) -> dict[str, dict[str, int]]:
        """How many threads each library may use, by contender, as each reports it.

        Of the student's libraries, only those that the two trusted processes have as well: its
        process could give a library any name.
        """
        said = {who: self._threads(getattr(self, who)) for who in ("baseline", "reference")}
        known = {name for libraries in said.values() for name in libraries}
        student = self._threads(self.student).items()
        return {**said, "student": {name: n for name, n in student if name in known}}

    def _threads(self, contender: Contender) -> dict[str, int]:
        try:
            with self._turn(contender):
                said = contender.ask({"op": "threads"}, _WARM_UP_S)
        except StudentDied:
            return {}
        if not isinstance(said, dict):
            return {}
        counts = [(k, v) for k, v in list(said.items())[:20] if type(k) is str and type(v) is int]
        return {name[:40]: n for name, n in counts if 0 <= n <= _MAX_THREADS}


def _timed(contender: Contender, message: dict[str, Any], limit_s: float) -> tuple[float, Any]:
    started = time.perf_counter()
    report = contender.ask(message, limit_s)
    return time.perf_counter() - started, report


def _explain(task: Task, settled: Decision, last: Rounds, timing: Timing | None) -> None:
    """Raise CheckFailed or Inconclusive on an answer that was not found fast enough."""
    measured = in_words(task.name, timing) if timing is not None else ""
    if settled is Decision.SLOW and last.timed_out is not None:
        fail(
            f"{task.name} takes much longer than the NumPy version, where {task.minimum:g} times "
            f"as fast is asked: {last.timed_out}. {_CAUSE}"
        )
    if settled is Decision.SLOW:
        fail(f"{measured} {_CAUSE}")
    if timing is None:
        raise Inconclusive(
            f"{task.name} did not come back in time, on a machine that may be too busy to tell."
        )
    possible, _ = decision.interval(speedups(last.baseline, last.reference))
    if last.student and possible < task.minimum:
        reason = f"the reference itself was only {timing.reference:.1f} times as fast as NumPy"
    elif last.share_of_others > decision.CALM:
        reason = f"other programs used {100 * last.share_of_others:.0f}% of the processors"
    else:
        reason = "the rounds lie on both sides of what is asked"
    raise Inconclusive(
        f"Nothing is decided, and a person will look at it: on this machine, at this moment, "
        f"{reason}. {measured}"
    )
