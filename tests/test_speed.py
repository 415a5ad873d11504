"""The speed verdict on contenders with scripted times."""

import time

import numpy as np
import pytest

from jaxercise import wire
from jaxercise.kernel import StudentDied
from jaxercise.outcome import CheckFailed, Verdict
from jaxercise.speed import Arena
from jaxercise.testing import Inconclusive


class Scripted:
    """A contender that takes `seconds` a call (after `compile_s` for the first)."""

    def __init__(self, seconds, compile_s=0.0, answer=lambda x: x, dies=False):
        self.seconds, self.compile_s, self.answer, self.dies = seconds, compile_s, answer, dies
        self.inputs = []

    def ask(self, message, timeout_s):
        x = message["args"][0]
        self.inputs.append(x.data.tobytes())
        time.sleep(self.seconds + self.compile_s)
        self.compile_s = 0.0
        if self.dies:
            raise StudentDied(Verdict.TIMED_OUT, "it did not finish")
        return {"value": wire.Array(self.answer(x.data)), "error": None}


def race(student, baseline_s=0.02, reference_s=0.001, minimum=4.0):
    arena = Arena(student, Scripted(baseline_s), Scripted(reference_s), np.random.default_rng(0))
    arena.race("f", make_arguments=lambda rng: (rng.random(3),), minimum=minimum, rtol=1e-6)


def test_a_fast_answer_passes_however_long_it_compiles():
    race(Scripted(0.001, compile_s=0.3))


def test_a_slow_answer_fails_with_the_measured_speedup():
    with pytest.raises(
        CheckFailed, match=r"f is \d\.\d times as fast as the NumPy version, where 4"
    ):
        race(Scripted(0.02))


def test_an_answer_that_never_comes_fails():
    with pytest.raises(CheckFailed, match="takes longer than the NumPy version"):
        race(Scripted(0.0, dies=True))


def test_where_the_reference_is_slow_too_nothing_is_decided():
    with pytest.raises(Inconclusive, match="the reference itself was only"):
        race(Scripted(0.02), reference_s=0.02)


def test_every_timed_answer_is_checked():
    answers = iter([1.0, 1.0, 2.0] + [1.0] * 20)
    with pytest.raises(CheckFailed, match="wrong values"):
        race(Scripted(0.001, answer=lambda x: x * next(answers)))


def test_inputs_are_fresh_in_every_round():
    student = Scripted(0.001)
    race(student)
    assert len(set(student.inputs)) == len(student.inputs) >= 4
