"""A small course: some exercises that all ask for twice x, and one that draws beside them."""

from __future__ import annotations

from pathlib import Path

import nbformat
from nbformat import NotebookNode

from jaxercise.course.build import release_notebook
from jaxercise.course.lesson import Course, Lesson
from jaxercise.nbgrader.marks import marked_release

TWICE = ("f1", "f2", "f3", "f4", "f5", "f6")
POINTS = 3
_HEAD = """\
---
kernelspec: {name: python3, display_name: Python 3, language: python}
---

# Twice

```{code-cell} ipython3
import jax
import jax.numpy as jnp
import numpy as np
```

```{code-cell} ipython3
:planted: {rate: "0.37"}
rate = 0.1
```
"""
_EXERCISE = '''
## NAME

```{code-cell} ipython3
:exercise: NAME
def NAME(x):
    """Return the answer."""
    raise NotImplementedError
```

```{code-cell} ipython3
:check: NAME
:points: 3
print("visible checks of NAME")
```
'''
_TEST_TWICE = '''\
import numpy as np
import pytest
from jaxercise.checks.assertions import assert_pure, assert_returns

@pytest.mark.correctness(points=2)
def test_doubles(student, reference):
    """Twice as much."""
    x = np.full(3, 12345.0, np.float32)
    assert_returns(student.NAME(x), reference.NAME(x), rtol=1e-6, hint="times two")

@pytest.mark.purity(points=1)
def test_is_pure(student):
    """Nothing else."""
    assert_pure(student.NAME, [(np.ones(2, np.float32),)], jit=False)
'''
_TEST_DRAW = '''\
import pytest
from jaxercise.checks.assertions import assert_reproducible, assert_returns

@pytest.mark.correctness(points=1)
def test_draws(student, reference, new_key):
    """One normal."""
    key = new_key()
    assert_returns(student.draw(key), reference.draw(key), rtol=1e-5)

@pytest.mark.reproducibility(points=2)
def test_is_reproducible(student, new_key):
    """The key decides."""
    assert_reproducible(student.draw, new_key)
'''
RIGHT = "def NAME(x):\n    return jnp.asarray(x) * 2"
WRONG = "def NAME(x):\n    return jnp.asarray(x) * 3"
DRAW = "def draw(x):\n    return jax.random.normal(x)"


def make_course(root: Path, names: tuple[str, ...] = (*TWICE, "draw")) -> Course:
    """Write the files of an assignment `ps7` with these exercises under `root`."""
    reference = "import jax\nimport jax.numpy as jnp\n"
    lesson = _HEAD
    files = {}
    for name in names:
        answer = DRAW if name == "draw" else RIGHT.replace("NAME", name)
        reference += f"\n# %% {name}\n\n{answer}\n"
        lesson += _EXERCISE.replace("NAME", name)
        test = _TEST_DRAW if name == "draw" else _TEST_TWICE.replace("NAME", name)
        files[f"grader_tests/ps7/test_{name}.py"] = test
    files |= {"lessons/ps7.md": lesson, "reference/ps7.py": reference}
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    return Course(root)


def submission(lesson: Lesson, sources: dict[str, str]) -> NotebookNode:
    """A notebook with sources in cells, as it is judged; `before NAME` is a cell of its own."""
    return _answered(release_notebook(lesson), sources)


def handed_in(lesson: Lesson, sources: dict[str, str]) -> NotebookNode:
    """The same as a student hands it in, with nbgrader's marks."""
    return _answered(marked_release(lesson), sources)


def _answered(notebook: NotebookNode, sources: dict[str, str]) -> NotebookNode:
    for name, source in sources.items():
        at = next(
            i for i, cell in enumerate(notebook.cells) if cell.id == name.removeprefix("before ")
        )
        if name.startswith("before "):
            notebook.cells.insert(at, nbformat.v4.new_code_cell(source))
        else:
            notebook.cells[at].source = source
    return notebook


def right_answers(lesson: Lesson) -> dict[str, str]:
    return {exercise.name: exercise.solution for exercise in lesson.exercises}
