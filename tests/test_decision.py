"""The decision on synthetic rounds: rates of error, stopping, and what busy machines change."""

import numpy as np
import pytest

from jaxercise.checks.decision import (
    ALPHA,
    CLEAR_FACTOR,
    CLEAR_ROUNDS,
    MAX_ROUNDS,
    MIN_ROUNDS,
    OBVIOUS_ROUNDS,
    Decision,
    Finding,
    findings,
    interval,
    needed,
    settle,
)

CALM, BUSY = 0.0, 0.5


def first(student, reference=20.0, foreign=CALM, minimum=8.0):
    """The first finding of each race that is not open, and after how many rounds."""
    student = np.atleast_2d(np.asarray(student, float))
    full = np.ones_like(student)
    each = findings(student, full * reference, full * foreign, full, minimum)
    at = np.argmax(each != Finding.OPEN, axis=1)
    return each[np.arange(len(each)), at], at + 1


def noise(seed, sigma, races=2000, rounds=MAX_ROUNDS):
    return np.exp(np.random.default_rng(seed).normal(0, sigma, (races, rounds)))


def test_the_fewest_rounds_that_decide_are_nine_of_nine():
    assert MIN_ROUNDS == 9 == needed(9)
    assert np.isinf(needed(8))
    assert (needed(14), needed(60)) == (13, 44)


def test_an_answer_at_the_minimum_passes_no_more_often_than_stated():
    each, _ = first(8.0 * noise(1, 0.3))
    assert np.mean(each == Finding.FAST) <= ALPHA
    assert np.mean(each == Finding.SLOW) <= ALPHA


@pytest.mark.parametrize("sigma", [0.05, 0.3])
def test_answers_with_a_margin_are_told_apart_soon(sigma):
    fast, rounds = first(16.0 * noise(2, sigma), foreign=BUSY)
    assert (fast == Finding.FAST).all()
    assert np.median(rounds) == MIN_ROUNDS
    slow, rounds = first(4.0 * noise(3, sigma))
    assert (slow == Finding.SLOW).all()
    assert np.median(rounds) == MIN_ROUNDS


def test_one_wild_round_in_six_changes_nothing():
    student = 16.0 * noise(4, 0.1)
    student[:, ::6] = 0.01
    assert (first(student)[0] == Finding.FAST).all()
    student = 3.0 * noise(5, 0.1)
    student[:, ::6] = 1000.0
    assert (first(student)[0] == Finding.SLOW).all()


def test_where_the_reference_is_slow_too_nobody_fails():
    assert (first(4.0 * noise(6, 0.1), reference=7.0)[0] == Finding.OPEN).all()
    assert (first(0.1 * noise(6, 0.1), reference=7.0)[0] == Finding.OPEN).all()


def test_hopeless_answers_are_found_at_once():
    each, rounds = first(0.5 * noise(7, 0.1))
    assert (each == Finding.SLOW).all()
    assert (rounds == OBVIOUS_ROUNDS).all()


def test_an_answer_far_beyond_the_minimum_passes_early_on_a_calm_machine():
    each, rounds = first(8.0 * 1.01 * CLEAR_FACTOR * np.ones((3, MAX_ROUNDS)))
    assert (each == Finding.FAST).all()
    assert (rounds == CLEAR_ROUNDS).all()
    busy, rounds = first(8.0 * 1.01 * CLEAR_FACTOR * np.ones((3, MAX_ROUNDS)), foreign=BUSY)
    assert (busy == Finding.FAST).all()
    assert (rounds == MIN_ROUNDS).all()


def test_one_of_the_first_rounds_that_is_not_far_beyond_takes_all_rounds():
    for short in range(CLEAR_ROUNDS):
        student = 8.0 * 1.01 * CLEAR_FACTOR * np.ones((1, MAX_ROUNDS))
        student[0, short] = 8.0 * 0.99 * CLEAR_FACTOR
        each, rounds = first(student)
        assert (each[0], rounds[0]) == (Finding.FAST, MIN_ROUNDS)


@pytest.mark.parametrize("share", [0.07, 0.25])
def test_a_slow_answer_passes_early_as_rarely_as_stated(share):
    """Its rounds are far beyond the minimum in this share, and below it in all others."""
    races = 20_000
    far = np.random.default_rng(11).random((races, MAX_ROUNDS)) < share
    each, rounds = first(np.where(far, 8.0 * 2 * CLEAR_FACTOR, 4.0))
    passed = np.mean(each == Finding.FAST)
    early = np.mean((each == Finding.FAST) & (rounds == CLEAR_ROUNDS))
    expected = share**CLEAR_ROUNDS
    spread = 4 * np.sqrt(expected * (1 - expected) / races)
    assert abs(early - expected) <= spread + 1 / races
    assert passed <= expected + spread + ALPHA


def test_on_a_busy_machine_only_a_clear_lag_counts_and_not_for_good():
    assert (first(6.0 * noise(8, 0.05), foreign=BUSY)[0] == Finding.OPEN).all()
    assert (first(3.0 * noise(8, 0.05), foreign=BUSY)[0] == Finding.SLOW_BUT_BUSY).all()
    assert (first(16.0 * noise(8, 0.05), foreign=BUSY)[0] == Finding.FAST).all()


@pytest.mark.parametrize(
    ("attempts", "decision"),
    [
        ([Finding.FAST], Decision.FAST),
        ([Finding.SLOW], Decision.SLOW),
        ([Finding.OPEN], Decision.UNDECIDED),
        ([Finding.SLOW_BUT_BUSY], Decision.UNDECIDED),
        ([Finding.SLOW_BUT_BUSY, Finding.FAST], Decision.FAST),
        ([Finding.SLOW_BUT_BUSY, Finding.SLOW_BUT_BUSY], Decision.SLOW),
        ([Finding.SLOW_BUT_BUSY, Finding.OPEN, Finding.SLOW_BUT_BUSY], Decision.SLOW),
        ([Finding.SLOW_BUT_BUSY, Finding.OPEN, Finding.OPEN], Decision.UNDECIDED),
        ([Finding.OPEN, Finding.SLOW, Finding.FAST], Decision.SLOW),
    ],
)
def test_attempts_settle_in_their_order(attempts, decision):
    assert settle(np.array(attempts)) == decision
    assert (settle(np.array([attempts, attempts])) == decision).all()


def test_the_interval_holds_the_median_as_often_as_stated_whenever_one_looks():
    ratios = noise(9, 0.4, races=500)
    missed = [
        any(not low <= 1.0 <= high for low, high in (interval(race[:n]) for n in (9, 20, 60)))
        for race in ratios
    ]
    assert np.mean(missed) <= 2 * ALPHA
    assert interval(ratios[0, :5]) == (0.0, np.inf)


def test_passing_is_the_interval_lying_above_the_minimum():
    for race in 8.5 * noise(10, 0.2, races=50):
        for n in (9, 15, 40):
            each = findings(race[:n], np.full(n, 20.0), np.zeros(n), np.ones(n), 8.0)
            assert (each[-1] == Finding.FAST) == (interval(race[:n])[0] >= 8.0)
