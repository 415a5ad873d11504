"""What is wrong with random draws: statistics for hidden tests.

Each rejects right draws less than once in ten million runs, given a few thousand of them or more.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import stats

Draws = np.ndarray[Any, np.dtype[Any]]


def law_fault(draws: Draws) -> str:
    """Why draws do not look standard normal, as the end of a sentence about them; or nothing.

    From 100,000 on, their fourth moment counts too: it tells a sum of twelve uniform numbers,
    and a normal distribution that is cut off at three.
    """
    draws = np.asarray(draws, float).ravel()
    n = draws.size
    # random.normal has 2**23 values, so 260,000 draws share 2% of them.
    values = np.unique(draws).size
    if values < 0.9 * n:
        return (
            f"take only {values} values among {n}. Likely cause: rounding, a dtype of half the "
            "width, or a small number made of the key"
        )
    # The sum of squares is chi-square.
    squares = stats.chi2(n)
    total = np.sum(draws**2)
    # Within 6: the inverse of the distribution function makes -13 of the smallest float32, as one
    # uniform number in eight million is, and that alone would add 0.1.
    bounded = np.clip(draws, -6, 6)
    excess = np.mean((bounded - bounded.mean()) ** 4) / bounded.var() ** 2 - 3
    # Kolmogorov-Smirnov at 1e-8; of an excess of normal draws, 24 / n is the variance.
    if (
        stats.kstest(draws, "norm").pvalue < 1e-8
        or min(squares.sf(total), squares.cdf(total)) < 1e-9
        or (n >= 100_000 and abs(excess) > 6.5 * np.sqrt(24 / n))
    ):
        return (
            f"have mean {draws.mean():.3f}, standard deviation {draws.std():.3f} and a fourth "
            f"moment of {excess + 3:.2f} (of a standard normal distribution 0, 1 and 3). Use "
            "random.normal"
        )
    return ""


def depend(first: Draws, second: Draws) -> bool:
    """Whether two samples, of any law, depend on each other, in whatever way.

    Each is cut into eight parts of equal size; chi-square on the 64 pairs of parts.
    """
    n = first.size
    parts = [8 * np.argsort(np.argsort(sample)) // n for sample in (first, second)]
    counts = np.bincount(8 * parts[0] + parts[1], minlength=64)
    statistic = np.sum((counts - n / 64) ** 2) / (n / 64)
    return bool(stats.chi2(49).sf(statistic) < 1e-8)


def largest_lag(draws: Draws) -> float:
    """The largest correlation of a series with itself, shifted by any number of places.

    In standard deviations: with up to 200,000 independent draws, 7.5 has a chance below 2e-8.
    Copies, mirror images and sums of neighbours give far more, whatever the distance.
    """
    series = np.asarray(draws, float).ravel()
    # Of an odd number, so that no shift meets each pair twice.
    series = series[: series.size - (series.size + 1) % 2]
    centred = (series - series.mean()) / max(series.std(), 1e-6)
    spectrum = np.abs(np.fft.rfft(centred)) ** 2
    products = np.fft.irfft(spectrum, series.size)[1:]
    return float(np.abs(products).max() / np.sqrt(series.size))
