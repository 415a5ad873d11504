"""Import borders, each proven in a process of its own."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
GRADER_ONLY = ("nbgrader", "pytest", "jupytext", "nbclient", "nbconvert", "psutil", "rich", "nh3")


def imported_by(statement):
    code = f"{statement}\nimport sys\nprint(' '.join(sorted(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    return set(done.stdout.split())


@pytest.mark.parametrize(
    "statement", ["from jaxercise import check, example", "import jaxercise.inside.shell"]
)
def test_what_a_student_runs_imports_nothing_of_the_grader(statement):
    modules = imported_by(statement)
    assert not modules & set(GRADER_ONLY)
    assert not [
        m for m in modules if re.match(r"jaxercise\.(sandbox|course|grading|nbgrader|cli)", m)
    ]


def test_visible_checks_import_nothing_that_only_unix_has():
    assert not imported_by("from jaxercise import check") & {
        "resource",
        "fcntl",
        "pwd",
        "termios",
    } - (imported_by("import jax, numpy, IPython"))


def test_the_library_and_the_references_do_not_know_each_other():
    for path in (ROOT / "jaxercise").rglob("*.py"):
        assert "import reference" not in path.read_text()
        assert "from reference" not in path.read_text()
    for path in (ROOT / "reference").glob("*.py"):
        assert "jaxercise" not in path.read_text(), path


def test_what_only_nbgrader_says_stands_behind_its_package():
    """Its words in code; docs/architecture.md says why these modules cannot do without."""
    words = re.compile(
        r"NBGRADER|(BEGIN|END) (SOLUTION|HIDDEN TESTS)|grade_id|metadata\W{1,2}nbgrader"
    )
    knowing = {
        path.relative_to(ROOT / "jaxercise").as_posix()
        for path in (ROOT / "jaxercise").rglob("*.py")
        if path.parent.name != "nbgrader" and words.search(path.read_text())
    }
    assert knowing == {"notebook/check.py", "grading/tamper_hints.py"}


def test_everything_that_runs_inside_the_sandbox_is_bound_into_it():
    from jaxercise.sandbox.view import library_paths

    ours = {m for m in imported_by("import jaxercise.inside.shell") if m.startswith("jaxercise.")}
    bound = {path.stem for path in library_paths()}
    assert {module.split(".")[1] for module in ours} <= bound


def test_a_sandbox_starts_where_jaxlib_keeps_its_modules_elsewhere():
    gone = ("jaxlib.mlir.dialects.mhlo", "jax.experimental.multihost_utils")
    code = f"import sys; sys.modules.update(dict.fromkeys({gone}))\n"
    code += "from jaxercise.inside import shell; shell._preload(False); print('ready')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert "ready" in done.stdout, done.stderr
