"""The texts of a new set and a new exercise: a small exercise that works, to be filled in.

Every place that an author has to change holds `FILL_IN`. There are three kinds, by what the
exercises are written with: JAX, NumPy, or Python alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from string import Template

FILL_IN = "FILL IN"


@dataclass(frozen=True)
class Kind:
    """How exercises of one kind are written; `needs` is the name that their code uses.

    `imports` is the first cell of a lesson and the head of its reference, `solution` what the
    function returns, `other` the same in another way and `wrong` something else. `options`
    are those of assert_returns and of check, `pure` those of assert_pure.
    """

    needs: str
    imports: str
    argument: str
    gives: str
    solution: str
    other: str
    wrong: str
    drawn: str
    options: str
    pure: str


KINDS = {
    "jax": Kind(
        needs="jnp",
        imports="import jax\nimport jax.numpy as jnp\nimport numpy as np",
        argument="jnp.array([1.0, 2.0])",
        gives="jnp.array([2.0, 4.0])",
        solution="2 * jnp.asarray(x)",
        other="jnp.asarray(x) + jnp.asarray(x)",
        wrong="jnp.asarray(x) ** 2",
        drawn="rng.uniform(3, 5, n).astype(np.float32)",
        options="",
        pure="",
    ),
    "numpy": Kind(
        needs="np",
        imports="import numpy as np",
        argument="np.array([1.0, 2.0])",
        gives="np.array([2.0, 4.0])",
        solution="2 * np.asarray(x)",
        other="np.asarray(x) + np.asarray(x)",
        wrong="np.asarray(x) ** 2",
        drawn="rng.uniform(3, 5, n)",
        options=', kind="numpy"',
        pure=", jit=False",
    ),
    "python": Kind(
        needs="",
        imports="import math",
        argument="[1.0, 2.0]",
        gives="[2.0, 4.0]",
        solution="[2 * each for each in x]",
        other="[each + each for each in x]",
        wrong="[each**2 for each in x]",
        drawn="rng.uniform(3, 5, n).tolist()",
        options="",
        pure=", jit=False",
    ),
}

LESSON = Template("""\
---
kernelspec: {name: python3, display_name: Python 3 (ipykernel), language: python}
---

# $set: FILL IN a title

FILL IN: what this set teaches, and what a student should know before it.

```{code-cell} ipython3
$imports

from jaxercise import check, example, progress

progress(...)
```
""")

REFERENCE = Template('''\
"""Solutions of $set."""

$imports
''')

EXERCISE = Template('''\

### Exercise: `$name`

FILL IN the task: return twice `x`. Say what `x` can be and what is returned.

```{code-cell} ipython3
:exercise: $name
def $name(x):
    """Return twice `x` (FILL IN)."""
    raise NotImplementedError
```

```{code-cell} ipython3
:check: $name
:points: 3
${check_import}check($name, example($argument, gives=$gives)$options$pure)  # FILL IN
```
''')

SOLUTION = Template('''\

# %% $name


def $name(x):
    """Return twice `x` (FILL IN)."""
    return $solution
''')

HIDDEN_TESTS = Template('''\
"""Hidden tests of $name."""

import numpy as np
import pytest

from jaxercise.checks.assertions import assert_pure, assert_returns


# FILL IN: inputs that tell right from wrong, a tolerance and where it comes from, a hint.
@pytest.mark.correctness(points=2)
def test_returns_twice_x(student, reference, rng):
    """Every number is doubled (FILL IN: students read this line)."""
    for n in (1, 5, 100):
        x = $drawn
        assert_returns(
            student.$name(x),
            reference.$name(x),
            rtol=1e-6,
            hint="multiply by 2"$options,
        )


@pytest.mark.purity(points=1)
def test_is_pure(student, rng):
    """Same input, same answer, and nothing else is touched."""
    assert_pure(student.$name, [($drawn,) for n in (2, 9)]$pure)
''')

KNOWN_SOLUTIONS = Template("""\
# FILL IN: right answers in other styles, and the mistakes that you expect of students. Each
# check needs a wrong answer that fails it.

# %% right: by addition
def $name(x):
    return $other


# %% wrong: the square -> returns_twice_x
def $name(x):
    return $wrong


# %% wrong: prints -> is_pure
def $name(x):
    print(x)
    return $solution
""")
