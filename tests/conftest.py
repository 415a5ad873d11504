"""A small course of one assignment with two exercises, built where a test may spoil it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from jaxercise.checks.outcome import PROPERTIES
from jaxercise.course.lesson import Course

LESSON = '''\
---
kernelspec:
  name: python3
  display_name: Python 3
---

# Pure functions

Some prose about taxes.

```{code-cell} ipython3
import numpy as np
```

```{code-cell} ipython3
:planted: {tax_rate: "0.37"}

tax_rate = 0.2
```

## add_tax

Add the tax.

```{code-cell} ipython3
:exercise: add_tax

def add_tax(prices, tax_rate):
    """Prices with tax."""
    # YOUR CODE HERE
    raise NotImplementedError
```

```{code-cell} ipython3
:check: add_tax
:points: 3

print("visible checks of add_tax")
```

```{code-cell} ipython3
:tags: [show]

print(add_tax(np.ones(2), 0.1))
```

## halve

```{code-cell} ipython3
:exercise: halve

def halve(x):
    raise NotImplementedError
```

```{code-cell} ipython3
:check: halve
:points: 2.5

print("visible checks of halve")
```

What to remember.
'''

REFERENCE = '''\
"""Solutions."""

import numpy as np

# %% add_tax

FACTOR = 1


def add_tax(prices, tax_rate):
    return prices * (FACTOR + tax_rate)


# %% halve

def halve(x):
    return x / 2


# %% halve: numpy baseline

def halve_numpy(x):
    return np.divide(x, 2)
'''

TESTS_OF_ADD_TAX = '''\
"""Hidden tests of add_tax."""

import pytest


@pytest.mark.correctness(points=2)
def test_adds_the_tax(student, reference):
    """Prices grow by the rate.

    More that no student reads.
    """


@pytest.mark.purity(points=1)
def test_is_pure(student):
    """Nothing else is touched."""
'''

TESTS_OF_HALVE = '''\
import pytest


@pytest.mark.correctness(points=1.5)
def test_halves(student):
    """Half of it."""


@pytest.mark.speed(points=1)
def test_is_fast(student, race):
    """Twice as fast as NumPy."""
'''


# A file goes to one process as a whole: those that take minutes go first, the longest of all
# at their head, so that none of them is left to run alone at the end.
_LONGEST = ("test_class", "test_attacks", "test_faults", "test_limits", "test_judge", "test_bounds")


# Files that start sandboxes, judges or nbgrader, or compile a lot; `make check` leaves them out.
_SLOW = {
    *("test_benchmarks", "test_bounds", "test_class", "test_confinement", "test_exchange"),
    *("test_grader", "test_host", "test_judge", "test_kernel", "test_keys"),
    *(
        "test_library_faults",
        "test_mend",
        "test_nbgrader_plugin",
        "test_odd_answers",
        "test_prove",
        "test_releases",
        "test_speed",
    ),
    *("test_worker",),
}


@pytest.hookimpl(tryfirst=True)  # before "-m" selects
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    def turn(item: pytest.Item) -> int:
        return _LONGEST.index(item.path.stem) if item.path.stem in _LONGEST else len(_LONGEST)

    for item in items:
        if item.path.stem in _SLOW or "redteam" in item.path.parts:
            item.add_marker("slow")
    items.sort(key=lambda item: (turn(item), len(item.path.parts)))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--pictures",
        type=Path,
        metavar="FOLDER",
        help="where the walk through a hub puts pictures of its pages; default: a temporary folder",
    )


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """A course whose files a test may change before it reads them."""
    files = {
        "lessons/ps2.md": LESSON,
        "reference/ps2.py": REFERENCE,
        "grader_tests/ps2/test_add_tax.py": TESTS_OF_ADD_TAX,
        "grader_tests/ps2/test_halve.py": TESTS_OF_HALVE,
    }
    root = tmp_path / "course"
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    return Course(root)


def pytest_configure(config: pytest.Config) -> None:
    """Nothing that an earlier run has kept is used; tests of what is kept name a folder.

    And the marks of hidden tests, for those tests that import some."""
    os.environ["JAXERCISE_VERDICTS"] = "none"
    os.environ["JAXERCISE_COMPILED"] = "none"
    for name in PROPERTIES:
        config.addinivalue_line("markers", f"{name}(points): a check of {name}")
