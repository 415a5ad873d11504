"""Random draws that are what they should be, and such as are not in each way that is told."""

import numpy as np
import pytest
from scipy import stats

from jaxercise.grading.sampling import depend, largest_lag, law_fault

N = 2**17


@pytest.fixture
def normals():
    return lambda *shape: np.random.default_rng(1).standard_normal(shape)


def test_normal_draws_have_no_fault(normals):
    draws = normals(8, N)
    assert [law_fault(row.astype(np.float32)) for row in draws] == 8 * [""]
    assert not any(depend(a, b) for a, b in zip(draws[:4], draws[4:], strict=True))
    assert all(largest_lag(row) < 7.5 and largest_lag(np.abs(row)) < 7.5 for row in draws)
    short = normals(200, 3840)
    assert max(largest_lag(row) for row in short) < 7.5


def test_the_least_uniform_number_is_no_fault(normals):
    draws = normals(N)
    draws[7] = stats.norm.ppf(np.finfo(np.float32).tiny)
    assert draws[7] < -12
    assert not law_fault(draws)


def test_another_law_is_told():
    rng = np.random.default_rng(2)
    for draws in (
        rng.uniform(size=(12, N)).sum(axis=0) - 6,
        stats.truncnorm(-3, 3).rvs(N, random_state=rng),
        1.03 * rng.standard_normal(N),
        0.03 + rng.standard_normal(N),
        rng.laplace(size=N) / np.sqrt(2),
    ):
        assert "fourth moment" in law_fault(draws)


def test_few_values_are_told(normals):
    assert "values among" in law_fault(np.round(normals(N), 3))
    assert "values among" in law_fault(normals(N).astype(np.float16))
    assert "values among" in law_fault(np.resize(normals(1000), N))


def test_dependence_without_correlation_is_seen(normals):
    first, other = normals(2, N)
    assert depend(first, first * np.sign(other))
    assert depend(first, np.abs(other) * np.sign(first))
    assert depend(first, 0.03 * first + other)


def test_a_shift_is_seen_at_any_distance(normals):
    draws = normals(4001)
    for related in (
        np.concatenate([draws, -draws]),
        draws[1:] + draws[:-1],
        draws[700:] + draws[:-700],
    ):
        assert largest_lag(related) > 7.5
    assert largest_lag(np.abs(np.sort(draws))) > 7.5
