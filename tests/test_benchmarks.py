"""The replay behind docs/speed_verdict.md, on traces whose outcome is known."""

import json
import os
import subprocess
import sys
from pathlib import Path

import jax
import numpy as np
import pytest
from scipy.stats import kstest

from jaxercise.checks.decision import CLEAR_ROUNDS, MIN_ROUNDS
from jaxercise.sandbox import cgroup

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "benchmarks"))

from grading_page import write  # noqa: E402
from meter import measured  # noqa: E402
from pricers import (  # noqa: E402
    _PAIRS,
    N_STEPS,
    PARAMS,
    closed_form,
    jax_blocked,
    jax_clear,
    numpy_loop,
    numpy_vectorised,
)
from replay import replay  # noqa: E402
from traces import Recording, Trace  # noqa: E402


def trace(speedup, reference=20.0, foreign=0.0, rounds=40, sigma=0.1):
    noise = np.exp(np.random.default_rng(0).normal(0, sigma, (2, rounds)))
    return Trace(
        "right: a",
        True,
        "idle",
        "digest",
        1.0,
        (0.1,) * rounds,
        tuple(0.1 / (reference * noise[0])),
        tuple(0.1 / (speedup * noise[1])),
        (foreign,) * rounds,
        (0.2,) * rounds,
    )


@pytest.mark.parametrize("block", [1, 12])
def test_replays_decide_as_races_do(block):
    def rates(*args, **options):
        return replay(trace(*args, **options), 8.0, 400, block)

    fast = rates(16.0)
    assert (fast.fast, fast.slow, fast.undecided, fast.replays) == (1, 0, 0, 400)
    assert fast.median_rounds == CLEAR_ROUNDS
    assert fast.median_s == pytest.approx(1 + 0.2 * CLEAR_ROUNDS)
    assert rates(16.0, foreign=0.5).median_rounds == MIN_ROUNDS
    assert rates(4.0).slow == 1
    assert rates(5.5, foreign=0.5).undecided == 1
    assert rates(2.5, foreign=0.5).slow == 1
    assert rates(2.5, foreign=0.5).median_rounds == 2 * MIN_ROUNDS
    assert rates(2.5, reference=4.0).undecided == 1


def test_replays_are_the_same_for_the_same_seed():
    some = trace(8.3, sigma=0.3)
    assert replay(some, 8.0, 300, 4, seed=1) == replay(some, 8.0, 300, 4, seed=1)


def test_recordings_survive_their_file(tmp_path):
    kept = Recording("ps2/ema", 5.0, "a machine", [trace(16.0, sigma=0)])
    kept.save(tmp_path / "traces" / "x.json")
    read = Recording.load(tmp_path / "traces" / "x.json")
    assert read.traces[0].solution == "right: a"
    assert np.allclose(read.traces[0].student, kept.traces[0].student, rtol=1e-3)
    assert not read.lacks("idle", "digest")
    assert read.lacks("bursts", "digest")


LIST = """
import json, sys
sys.path.insert(0, "benchmarks")
from traces import ROOT, Course, timed_exercises
print(json.dumps({
    timed.name: [timed.task.minimum, [not solution.dies_in for solution in timed.solutions]]
    for timed in timed_exercises(Course(ROOT))
}))
"""


def test_every_timed_exercise_is_benchmarked_with_right_and_slow_solutions():
    # In a process of its own: this pytest does not know the hidden tests' markers.
    done = subprocess.run([sys.executable, "-c", LIST], capture_output=True, check=True, cwd=ROOT)
    found = json.loads(done.stdout)
    assert "ps2/ema" in found
    for name, (minimum, right) in found.items():
        assert minimum > 1, name
        assert sum(right) >= 2, name
        assert not all(right), name


@pytest.mark.parametrize("normals", ["inverse", "polar", "quadrant"])
def test_the_jax_pricers_agree_with_the_closed_form(normals):
    key, expected = jax.random.key(0), closed_form(PARAMS, N_STEPS)
    whole = PARAMS, N_STEPS, 200_000, np.float32
    for price in (
        jax_clear(key, *whole),
        jax_blocked(key, *whole, block=16384, normals=normals),
    ):
        assert abs(float(price) - expected) < 6 * 1.4 / 200_000**0.5


@pytest.mark.parametrize("normals", ["inverse", "polar", "quadrant"])
def test_pairs_of_normals_are_normal_and_independent(normals):
    n = 400_000
    xi, eta = np.asarray(_PAIRS[normals](jax.random.key(1), n, np.float32), np.float64)
    for sample in (xi, eta):
        assert kstest(sample, "norm").pvalue > 1e-6
    # Uncorrelated, and so are their squares: six standard errors.
    assert abs(np.mean(xi * eta)) < 6 / n**0.5
    assert abs(np.mean((xi**2 - 1) * (eta**2 - 1))) < 6 * 2 / n**0.5


def test_the_numpy_pricers_agree_with_the_closed_form():
    expected = closed_form(PARAMS, N_STEPS)
    # Standard error below 1.4 / sqrt(n); six of them.
    for pricer, n in ((numpy_vectorised, 100_000), (numpy_loop, 500)):
        assert abs(pricer(0, PARAMS, N_STEPS, n, np.float32) - expected) < 6 * 1.4 / n**0.5


def costs(*cpu_s):
    """A measurement with these CPU seconds so far after each notebook, twice that of wall clock."""
    whole = {"wall_s": 2 * cpu_s[-1], "cpu_s": cpu_s[-1], "peak_mb": 700.0}
    return {"whole": whole, "notebooks": [[2 * s, s] for s in cpu_s]}


def test_the_page_of_costs_has_a_row_for_each_way_and_leaves_out_what_is_not_measured(tmp_path):
    results = tmp_path / "throughput.json"
    found = {
        "ps2, judged, 1 judges": costs(20, 30, 40, 46, 50, 57),
        "ps2, kept, 1 judges": costs(1, 1.1, 1.2),
        "ps3, judged, 2 judges": costs(30, 40),
        "ps2, stock nbgrader": costs(2, 10, 19),
    }
    results.write_text(json.dumps({"machine": "2 CPUs", "measured": found}))
    write(results)
    text = results.with_suffix(".md").read_text()
    rows = [line for line in text.splitlines() if line.startswith("| ps")]
    assert rows == [
        "| ps2 | cold, 1 judge | 40.00 | 20.00 | 700 |",
        "| ps2 | warm, 1 judge | 12.00 | 6.00 | 700 |",
        "| ps2 | all 6, 1 judge | 19.00 | 9.50 | 700 |",
        "| ps2 | kept, 1 judge | 0.20 | 0.10 | 700 |",
        "| ps2 | stock nbgrader | 18.00 | 9.00 | 700 |",
        "| ps3 | all 2, 2 judges | 40.00 | 20.00 | 700 |",
    ]
    assert "against the size" not in text
    found |= {"curve, judged": costs(10, 20), "curve, kept": costs(1, 2, 3, 4)}
    results.write_text(json.dumps({"machine": "2 CPUs", "measured": found}))
    write(results)
    assert "The first 2 submissions are judged; up to 4" in results.with_suffix(".md").read_text()
    assert results.with_suffix(".png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.skipif(cgroup._home() is None, reason="this host lets us make no control group")
def test_a_meter_counts_processes_that_nobody_waits_for(tmp_path):
    burn = "import time\nwhile time.process_time() < 0.5: pass"
    leaves = (
        "import os, sys, time\n"
        f"if os.fork() == 0:\n    os.execv(sys.executable, [sys.executable, '-c', {burn!r}])\n"
        "os.waitpid(-1, 0)\nprint('done')"
    )
    cost, said = measured([sys.executable, "-c", leaves], tmp_path, dict(os.environ))
    assert said == "done\n"
    assert cost.cpu_s > 0.5
    assert 1 < cost.peak_mb < 1000
    with pytest.raises(RuntimeError, match="no good"):
        measured([sys.executable, "-c", "raise SystemExit('no good')"], tmp_path, dict(os.environ))
