"""Whole notebooks through the judge and its sandbox: who earns what, and what is shown."""

import contextlib
import time

import nbformat
import pytest

from jaxercise.checks.outcome import CourseError, SubmissionError
from jaxercise.course.build import release_notebook, source_notebook
from jaxercise.grading import outputs
from jaxercise.grading.judge import Judge
from jaxercise.grading.testing import seeded
from jaxercise.sandbox.limits import Limits
from tests.small_course import DRAW, RIGHT, make_course

_SHOWS = """
```{code-cell} ipython3
:tags: [show]
print("the end")
```
"""
DOUBLE = RIGHT.replace("NAME", "double")


@pytest.fixture(scope="module")
def small_course(tmp_path_factory):
    course = make_course(tmp_path_factory.mktemp("course"), ("double", "draw"))
    with (course.root / "lessons" / "ps7.md").open("a") as lesson:
        lesson.write(_SHOWS)
    return course


@pytest.fixture(scope="module")
def judge(small_course):
    with Judge(small_course, limits=Limits(cell_s=8, call_s=30, notebook_s=200)) as judge:
        yield judge


@pytest.fixture
def notebook(small_course):
    return release_notebook(small_course.lesson("ps7"))


def fill(notebook, **sources):
    for cell in notebook.cells:
        if cell.id in sources:
            cell.source = sources[cell.id]
    return notebook


def insert(notebook, before, source):
    at = next(i for i, cell in enumerate(notebook.cells) if cell.id == before)
    notebook.cells.insert(at, nbformat.v4.new_code_cell(source))
    return notebook


def verdicts(grade):
    return {c.check: c.verdict.value for e in grade.exercises for c in e.checks}


def messages(grade):
    return " ".join(c.message for e in grade.exercises for c in e.checks)


def text_of(notebook):
    return nbformat.writes(notebook)


def test_an_untouched_notebook_earns_nothing_and_is_not_called_wrong(judge, notebook):
    grade = judge.grade(notebook, "ps7", "untouched")
    assert grade.score == 0
    assert set(verdicts(grade).values()) == {"not_attempted"}


SPINS = """
import threading

def spin():
    while True:
        pass

threading.Thread(target=spin, daemon=True).start()
"""


def test_between_any_two_steps_the_notebook_may_have_to_stand_still(
    judge, notebook, small_course, monkeypatch
):
    """As when other graders time their checks: it costs the student neither time nor points."""
    host, used = judge.cache.host, []

    def give_way(standing_still):
        with standing_still():
            kernel = standing_still.__self__
            before = kernel.cpu_s()
            time.sleep(0.2)
            used.append(kernel.cpu_s() - before)
        host.waited_s += 1000  # Far more than a notebook may take.

    monkeypatch.setattr(host, "give_way", give_way)
    fill(notebook, double=DOUBLE, draw=DRAW)
    insert(notebook, "double", SPINS)
    judged = judge.judge_notebook(notebook, "ps7", "spins")
    assert judged.grade.score == judged.grade.max_score
    checks = [c for e in judged.grade.exercises for c in e.checks]
    shown = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert len(used) >= len(checks) + len(shown) - 2
    assert max(used) < 0.1  # Of 0.2 s, while its thread would take them all.


@pytest.mark.parametrize(
    ("source", "lasts"),
    [
        (DOUBLE, True),
        (DOUBLE.replace("2", "3"), True),
        (f"{DOUBLE}\nimport os\nos._exit(1)", False),
        (f"{DOUBLE}\nwhile True:\n    pass", False),
    ],
    ids=["right", "wrong", "ends its process", "does not end"],
)
def test_a_verdict_lasts_where_no_process_was_lost(judge, notebook, source, lasts):
    judged = judge.judge_notebook(fill(notebook, double=source), "ps7", "a student")
    assert judged.is_repeatable is lasts


def test_the_solved_notebook_earns_everything(judge, small_course):
    solved = source_notebook(small_course.lesson("ps7"))
    judged = judge.judge_notebook(solved, "ps7", "solved")
    assert judged.grade.score == judged.grade.max_score == 6
    cells = {cell.id: cell for cell in judged.notebook.cells}
    assert cells["check_double"].outputs[0].data["text/plain"] == "3"
    assert "Nothing else." in cells["check_double"].outputs[0].data["text/html"]
    assert any("the end" in str(cell.get("outputs")) for cell in judged.notebook.cells)


def test_an_impure_answer_loses_purity_alone(judge, notebook):
    impure = DOUBLE.replace("\n", "\n    calls.append(1)\n", 1)
    grade = judge.grade(fill(notebook, double="calls = []\n" + impure), "ps7", "impure")
    assert verdicts(grade)["doubles"] == "passed"
    assert verdicts(grade)["is_pure"] == "failed"


def test_a_reader_of_a_planted_global_is_caught_in_a_fresh_run(judge, notebook):
    reader = "def double(x):\n    return jnp.asarray(x) * (1.9 + rate)"
    grade = judge.grade(fill(notebook, double=reader), "ps7", "reader")
    assert verdicts(grade)["doubles"] == "passed"
    assert verdicts(grade)["is_pure"] == "failed"
    assert "reads a global" in messages(grade)


def test_a_constant_and_a_helper_of_ones_own_are_welcome(judge, notebook):
    own = "TWO = 2\ndef times(x, n):\n    return jnp.asarray(x) * n\ndef double(x):\n"
    grade = judge.grade(fill(notebook, double=own + "    return times(x, TWO)"), "ps7", "own")
    assert grade.exercises[0].score == 3


def test_an_answer_in_an_extra_cell_counts(judge, notebook):
    grade = judge.grade(insert(notebook, "check_double", DOUBLE), "ps7", "extra cell")
    assert grade.exercises[0].score == 3


def test_a_name_redefined_after_its_check_does_not_matter(judge, notebook):
    fill(notebook, double=DOUBLE, draw="def double(x):\n    return 0\n" + DRAW)
    assert judge.grade(notebook, "ps7", "redefined").score == 6


def test_a_cell_that_ends_the_process_costs_its_exercise_alone(judge, notebook):
    fill(notebook, double=DOUBLE + "\nimport os\nos._exit(0)", draw=DRAW)
    grade = judge.grade(notebook, "ps7", "crashes")
    assert verdicts(grade)["doubles"] == "crashed"
    assert grade.exercises[1].score == 3


def test_a_call_that_ends_the_process_costs_its_exercise_alone(judge, notebook):
    fill(notebook, double="import os\ndef double(x):\n    os._exit(0)", draw=DRAW)
    grade = judge.grade(notebook, "ps7", "crashes in a call")
    assert verdicts(grade)["doubles"] == "crashed"
    assert grade.exercises[1].score == 3


def test_an_interrupt_for_the_first_process_costs_nothing(judge, notebook):
    source = f"import os, signal, time\nos.kill(1, signal.SIGINT)\ntime.sleep(0.5)\n{DOUBLE}"
    grade = judge.grade(fill(notebook, double=source, draw=DRAW), "ps7", "interrupts")
    assert grade.score == grade.max_score == 6


def test_a_shown_integer_that_python_refuses_to_print_costs_its_output_alone():
    event = {"kind": "error", "ename": "E", "evalue": "v", "traceback": [2**16_000, "kept"]}
    (made,) = outputs.of_cell({"events": [event]}, None, 1, outputs.OutputBudget())
    assert made.traceback == ["kept"]


def test_a_cell_that_raises_is_shown_and_the_rest_graded(judge, notebook):
    judged = judge.judge_notebook(fill(notebook, double="1 / 0", draw=DRAW), "ps7", "raises")
    assert "ZeroDivisionError" in text_of(judged.notebook)
    assert judged.grade.exercises[1].score == 3


def test_hidden_inputs_cannot_be_shown_by_a_later_cell(judge, notebook):
    thief = (
        "stolen = []\ndef double(x):\n    stolen.append(np.asarray(x).tolist())\n"
        "    open('/tmp/stolen', 'a').write(str(x))\n    print(x)\n"
        "    raise type(f'E{x[0]:.0f}', (Exception,), {})(str(x))"
    )
    fill(notebook, double=thief, draw=DRAW + "\nprint(stolen)\n!cat /tmp/stolen")
    judged = judge.judge_notebook(notebook, "ps7", "thief")
    everything = text_of(judged.notebook) + str(judged.grade.to_json())
    assert "12345" not in everything.replace("E12345", "12345")
    assert "stolen" in everything


def test_a_sandbox_for_the_next_notebook_is_started_only_where_there_is_one(
    monkeypatch, small_course, notebook
):
    started = []
    monkeypatch.setattr(
        "jaxercise.grading.course_cache.Kernel", lambda *a, **k: started.append(1) or _NoKernel()
    )
    for spare, kernels in ((True, 2), (False, 1)):
        started.clear()
        with (
            contextlib.suppress(NotImplementedError),
            Judge(small_course, confine=False, spare=spare) as judge,
        ):
            judge.grade(notebook, "ps7", "one")
        assert len(started) == kernels


class _NoKernel:
    """A kernel that never gets ready."""

    def await_ready(self):
        raise NotImplementedError

    def kill(self):
        pass


def test_races_of_names_of_one_length_get_other_inputs():
    numbers = {seeded(0, "race", name).integers(2**62) for name in ("halve", "twice", "thirds")}
    assert len(numbers) == 3


def test_a_graded_output_cannot_be_authored_by_the_notebook(judge, notebook):
    forger = (
        "from IPython.display import display, HTML\nip = get_ipython()\n"
        "ip.events.register('post_run_cell', lambda *a: display(HTML('<b>forged</b>')))\n"
        "ip.displayhook(3.0)\n3.0"
    )
    fill(notebook, double=forger)
    judged = judge.judge_notebook(notebook, "ps7", "forger")
    checks = [cell for cell in judged.notebook.cells if cell.id.startswith("check_")]
    assert judged.grade.score == 0
    assert all(len(cell.outputs) == 1 for cell in checks)
    written = [(cell.get("outputs"), cell.metadata) for cell in judged.notebook.cells]
    assert "forged" not in str([written, judged.notebook.metadata, judged.grade.to_json()])


def test_markup_that_code_shows_is_reduced_to_text(judge, notebook):
    shows = "from IPython.display import HTML, SVG, display\ndisplay(HTML('<script>x</script>'))"
    judged = judge.judge_notebook(fill(notebook, double=shows), "ps7", "markup")
    kinds = {
        kind
        for cell in judged.notebook.cells
        if cell.cell_type == "code" and not cell.id.startswith("check_")
        for output in cell.outputs
        for kind in output.get("data", {})
    }
    assert kinds <= {"text/plain", "image/png"}


def test_a_figure_says_what_it_is_to_those_who_cannot_see_it(judge, notebook):
    draws = "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()"
    judged = judge.judge_notebook(fill(notebook, double=draws), "ps7", "figure")
    (figure,) = [
        output
        for cell in judged.notebook.cells
        for output in cell.get("outputs", [])
        if "image/png" in output.get("data", {})
    ]
    assert figure.metadata["image/png"]["alt"]


def test_patching_what_observes_earns_no_more_than_an_honest_answer(judge, notebook):
    cheat = (
        "import jaxercise.inside.observe as o, jaxercise.wire.records as w, numpy.testing, jax\n"
        "numpy.testing.assert_allclose = lambda *a, **k: None\n"
        "o._match = lambda *a, **k: None\n"
        "o.observe = lambda ns, call: {'value': w.Array(np.zeros(3, np.float32)), 'error': None}\n"
        "def double(x):\n    return jnp.asarray(x) * 3"
    )
    assert judge.grade(fill(notebook, double=cheat), "ps7", "cheat").score == 0


def test_a_value_with_lying_methods_is_no_array(judge, notebook):
    liar = (
        "class Yes:\n    dtype = np.dtype('float32')\n    shape = (3,)\n"
        "    __eq__ = lambda s, o: True\n"
        "    def __array__(self, *a, **k): return np.full(3, 24690, np.float32)\n"
        "def double(x):\n    return Yes()"
    )
    grade = judge.grade(fill(notebook, double=liar), "ps7", "liar")
    assert grade.score == 0
    assert "an object of another class where an array is expected" in messages(grade)


def test_garbage_on_the_wire_is_flagged(judge, notebook):
    garbage = (
        "import gc, jaxercise.wire.channel as w\n"
        "c = next(o for o in gc.get_objects() if type(o) is w.Channel)\n"
        "def double(x):\n    c.socket.sendall(b'\\xff' * 64)"
    )
    grade = judge.grade(fill(notebook, double=garbage, draw=DRAW), "ps7", "garbage")
    assert grade.exercises[0].score == 0
    assert grade.exercises[1].score == 3
    assert any("may try to deceive" in flag for flag in grade.flags)


def test_the_same_notebook_gets_the_same_grade(judge, notebook):
    fill(notebook, double=DOUBLE, draw=DRAW.replace("normal", "uniform"))
    first, second = (judge.grade(notebook, "ps7", "again") for _ in range(2))
    assert first.exercises == second.exercises


def test_an_unknown_assignment_is_named(judge, notebook):
    with pytest.raises(CourseError, match="no assignment 'ps8'"):
        judge.grade(notebook, "ps8", "x")


def test_a_notebook_of_nothing_known_is_refused(judge):
    other = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1")])
    with pytest.raises(SubmissionError):
        judge.grade(other, "ps7", "x")


def test_the_record_tells_the_seed_of_the_hidden_inputs(judge, notebook):
    assert judge.grade(notebook, "ps7", "untouched").environment["seed"] == "0"


# Why a function is not there, or its call fails, as a student reads it.
CAUSES = {
    "a module that is not installed": (
        {"double": f"import torch\n{DOUBLE}"},
        "double is not defined: the cell of double (In [4]) stopped at line 1 with "
        "ModuleNotFoundError: No module named 'torch'.",
    ),
    "a name that JAX has moved": (
        {"double": f"from jax.experimental import moved_away\n{DOUBLE}"},
        "stopped at line 1 with ImportError: cannot import name 'moved_away' from "
        "'jax.experimental'",
    ),
    "a no-break space pasted from a web page": (
        {"double": DOUBLE.replace("    return", "    \u00a0return")},
        "the cell of double (In [4]) stopped at line 2 with SyntaxError: invalid non-printable "
        "character U+00A0.",
    ),
    "a renamed function": (
        {"double": DOUBLE.replace("double", "twice")},
        "double is not defined: no cell before this check defines double, but one defines twice; "
        "was it renamed?",
    ),
    "a function deleted": (
        {"double": "answer = 1"},
        "double is not defined: no cell before this check defines double.",
    ),
    "a function that comes too late": (
        {"double": "answer = 1", "before draw": DOUBLE},
        "double is not defined: cell In [6] defines it, but comes too late; cells are executed "
        "from top to bottom.",
    ),
    "a device that is not there, asked for by the cell": (
        {"double": f"gpu = jax.devices('gpu')[0]\n{DOUBLE}"},
        "stopped at line 1 with RuntimeError: Unknown backend: 'gpu' requested",
    ),
    "a device that is not there, asked for by the function": (
        {"double": "def double(x):\n    return jax.device_put(x, jax.devices('gpu')[0])"},
        "double raises RuntimeError at line 2 of its cell: it asks for a device of the kind gpu, "
        "and the grader has none.",
    ),
    "an import that failed cells before": (
        {"before double": "import torch\nimport math", "double": "def double(x):\n    math.pi"},
        "double raises NameError at line 2 of its cell: cell In [4] stopped at line 1 with "
        "ModuleNotFoundError: No module named 'torch'.",
    ),
    "a cell that stopped because of an earlier one": (
        {"before double": "import torch\nfast = jax.jit", "double": f"@fast\n{DOUBLE}"},
        "the cell of double (In [5]) stopped at line 1 with NameError: name 'fast' is not defined; "
        "there fast is not defined: cell In [4] stopped at line 1 with ModuleNotFoundError",
    ),
    "a breakpoint": (
        {"double": "def double(x):\n    breakpoint()\n    return x"},
        "a breakpoint() or pdb.set_trace() is still in the code; remove it.",
    ),
    "something that JAX does not implement": (
        {"double": "def double(x):\n    return jnp.mean(x, out=x)"},
        "double raises NotImplementedError at line 2 of its cell: the argument out of jnp.mean is "
        "not supported.",
    ),
    "the starter's raise": (
        {"double": "def double(x):\n    # to do\n    raise NotImplementedError"},
        "double raises NotImplementedError at line 3 of its cell: the starter's `raise "
        "NotImplementedError` is still reached.",
    ),
    "exit() in the function": (
        {"double": "import sys\ndef double(x):\n    sys.exit()"},
        "double raises SystemExit at line 3 of its cell: it calls exit() or sys.exit(); return "
        "instead.",
    ),
    "exit() of IPython in the function": (
        {"double": "def double(x):\n    exit()"},
        "double raises AttributeError at line 2 of its cell: it calls exit() or quit(); return "
        "instead.",
    ),
}


@pytest.mark.parametrize(("sources", "words"), CAUSES.values(), ids=CAUSES)
def test_a_student_reads_why_a_function_is_not_there_or_fails(judge, notebook, sources, words):
    for name, source in sources.items():
        if name.startswith("before "):
            insert(notebook, name.removeprefix("before "), source)
        else:
            fill(notebook, **{name: source})
    assert words in messages(judge.grade(notebook, "ps7", "cause"))
