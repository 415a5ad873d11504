"""check() in a notebook: functions made in any way, and a folder that others write to."""

import ast
import functools
import subprocess
import sys
import threading
import time
from pathlib import Path

import jax
import jax.numpy as jnp
import nbformat
import numpy as np
import pytest

from jaxercise import check, example

GOOD = example(np.array([1.0, 2.0], np.float32), gives=jnp.array([2.0, 4.0]))


def shown(capsys, function):
    check(function, GOOD)
    return capsys.readouterr().out


def in_notebook(source, capsys, **names):
    """What a notebook prints whose one cell is `source`; it begins with the usual imports."""
    namespace = {"__name__": "__main__", "jax": jax, "jnp": jnp, "np": np, **names}
    namespace |= {"functools": functools, "check": check, "example": example, "GOOD": GOOD}
    for statement in ast.parse(source).body:  # As IPython does, one after the other.
        exec(compile(ast.Module([statement], []), "<cell>", "exec"), namespace)
    return capsys.readouterr().out


HELPER = """\
def _helper(x, by=2):
    return jnp.asarray(x) * by
"""
OBJECT = """\
class _Times:
    def __init__(self, by):
        self.by = by

    def __call__(self, x):
        return jnp.asarray(x) * self.by
"""
FORMS = {
    "jit of a helper": f"{HELPER}\n\ndouble = jax.jit(_helper)",
    "jit with a static name": f"{HELPER}\n\ndouble = jax.jit(_helper, static_argnames='by')",
    "jit of a lambda": "double = jax.jit(lambda x: jnp.asarray(x) * 2)",
    "a lambda": "double = lambda x: jnp.asarray(x) * 2",
    "the helper itself": f"{HELPER}\n\ndouble = _helper",
    "partial": f"{HELPER}\n\ndouble = functools.partial(_helper, by=2)",
    "jit of partial": f"{HELPER}\n\ndouble = jax.jit(functools.partial(_helper, by=2))",
    "vectorize": "double = jnp.vectorize(lambda x: x * 2)",
    "vmap": "double = jax.vmap(lambda x: x * 2)",
    "a callable object": f"{OBJECT}\n\ndouble = _Times(2)",
    "a bound method": f"{OBJECT}\n\ndouble = _Times(2).__call__",
    "a class that is called": "class double:\n    def __new__(cls, x): return jnp.asarray(x) * 2",
}


@pytest.mark.parametrize("form", FORMS)
def test_a_function_may_be_made_in_any_way(form, capsys):
    text = in_notebook(f"{FORMS[form]}\n\ncheck(double, GOOD)", capsys)
    assert text.startswith("double\n")
    assert text.count("✓ passed") == 2, text


@pytest.mark.parametrize("form", FORMS)
def test_a_wrong_answer_is_called_by_its_name_in_the_notebook(form, capsys):
    wrong = FORMS[form].replace("2", "3")
    text = in_notebook(f"{wrong}\n\ncheck(double, GOOD)", capsys)
    assert "double returns wrong values" in text
    assert "The call: double(array(" in text
    assert "_helper" not in text
    assert "_Times" not in text


def test_a_dict_that_a_function_changes_is_called_by_its_own_name(capsys):
    source = """\
memory = {}

def double(x):
    memory[len(memory)] = 1
    return jnp.asarray(x) * 2

check(double, GOOD)"""
    assert "changes something outside itself: memory." in in_notebook(source, capsys)


def test_files_that_other_programs_write_are_not_put_down_to_the_function(
    capsys, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "server.log").write_text("")
    code = "import time\nwhile True: open('server.log', 'a').write('.'); time.sleep(0.001)"
    other = subprocess.Popen([sys.executable, "-c", code])
    try:
        while not (tmp_path / "server.log").stat().st_size:
            time.sleep(0.01)

        def double(x):
            before = (tmp_path / "server.log").stat().st_size
            while (tmp_path / "server.log").stat().st_size == before:
                time.sleep(0.001)
            return jnp.asarray(x) * 2

        text = shown(capsys, double)
    finally:
        other.kill()
        other.wait()
    assert text.count("✓ passed") == 2, text


WRITERS = {
    "write_text": lambda: Path("out.txt").write_text(str(time.time_ns())),
    "append": lambda: append("log.txt"),
    "np.save": lambda: np.save("a.npy", np.zeros(np.random.default_rng().integers(1, 99))),
    "tofile": lambda: np.zeros(3).tofile(f"{time.time_ns()}.bin"),
    "rename": lambda: swap("old.txt", "new.txt"),
    "mkdir": lambda: Path(f"d{time.time_ns()}").mkdir(),
    "in a folder": lambda: Path(f"folder/{time.time_ns()}.txt").write_text(""),
    "in a thread": lambda: start(lambda: Path("t.txt").write_text(str(time.time_ns()))),
}


def swap(one, other):
    there, gone = (one, other) if Path(one).exists() else (other, one)
    Path(there).rename(gone)


def append(path):
    with open(path, "a") as file:
        file.write("x")


def start(run):
    thread = threading.Thread(target=run)
    thread.start()
    thread.join()


@pytest.mark.parametrize("how", WRITERS)
def test_files_that_the_function_writes_are_seen(how, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "old.txt").write_text("")
    (tmp_path / "folder").mkdir()

    def double(x):
        WRITERS[how]()
        return jnp.asarray(x) * 2

    assert "changes the files in the notebook's folder" in shown(capsys, double)


def test_a_file_that_is_only_read_may_change_meanwhile(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data.txt").write_text("2")
    code = "import sys; open('data.txt', 'a').write(' ')"

    def double(x):
        subprocess.run([sys.executable, "-c", code], check=True)
        return jnp.asarray(x) * int(Path("data.txt").read_text())

    assert "✗" not in shown(capsys, double)


@pytest.mark.slow
def test_nbgraders_validate_prints_the_table_and_no_traceback(tmp_path):
    code = "import jax.numpy as jnp\nfrom jaxercise import check, example\n"
    cells = [code + "def double(x): return x + 1", "check(double, example(jnp.ones(2), gives=9))"]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    marks = {"grade": True, "solution": False, "locked": True, "task": False}
    marks |= {"grade_id": "check_double", "points": 1, "schema_version": 3}
    notebook.cells[1].metadata["nbgrader"] = marks
    nbformat.write(notebook, tmp_path / "ps.ipynb")
    options = ["--Validator.ignore_checksums=True", "--Execute.timeout=300", "ps.ipynb"]
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", "validate", *options],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    table = "    double\n      ✗ failed [correctness] the examples come out right\n"
    assert table in done.stdout, done.stdout + done.stderr
    assert "Traceback" not in done.stdout
