"""What the library itself raises beside student code: told to the judge, and nobody's zero."""

from __future__ import annotations

import importlib
import inspect
import socket
import subprocess
import sys

import pytest

from jaxercise.checks.outcome import GraderFault, Verdict
from jaxercise.course.lesson import Course
from jaxercise.grading.checking import check_exercise
from jaxercise.grading.course_cache import CourseCache
from jaxercise.grading.judge import Judge
from jaxercise.grading.session import PlannedCell, Session
from jaxercise.sandbox.limits import Limits
from jaxercise.sandbox.run import Cell, Deadline
from jaxercise.wire.channel import PURPOSES, Channel, Fault
from tests.small_course import RIGHT, make_course, submission

LIMITS = Limits(cell_s=30, call_s=30, notebook_s=300)
# Asks for everything that a hidden test can ask of a function.
_TEST = '''\
import jax
import numpy as np
import pytest
from jaxercise.inside import standins
from jaxercise.checks.assertions import assert_returns

@pytest.mark.correctness(points=3)
def test_all(student):
    """Everything."""
    x = np.ones(2, np.float32)
    f = student.f1
    for seen in (f(x), f.traced()(x), f.x64()(x)):
        assert_returns(seen, {"y": jax.numpy.full(2, 2.0)}, rtol=1e-6)
    assert_returns(student.doubled.times(3.0)(x), jax.numpy.full(2, 6.0), rtol=1e-6)
    f.without_tracing()(x)
    f.watching_keys()(jax.random.key(1))
    f.watching_keys()(jax.random.PRNGKey(1))
    sent = (b"bytes", [1, 2.5, 1j, None], {"a": "b"}, jax.random.key(0), standins.fake_clock())
    assert student.takes(*sent, standins.read_only_array(1.0)).error is None
    assert student.shows(x).error is None
    assert student.counts(x).error is None
    assert student.missing(x).error.type == "NameError"
    assert f.jaxpr(x).value["equations"] == 1
    assert f.traces([(x,)]).value == [1]
'''
_ANSWER = """\
import itertools, functools, collections
import jax, jax.numpy as jnp, numpy as np
class Own: pass
class Odd: standin = property(lambda self: 1 / 0)
counter, state = itertools.count(), [Own(), {1, 2}, np.zeros(2), collections.deque([1])]
def f1(x):
    if isinstance(x, jax.Array) and jnp.issubdtype(x.dtype, jax.dtypes.prng_key) or x.ndim != 1:
        return jax.random.normal(jax.random.fold_in(x, 1))
    if x.dtype == np.uint32:
        def draw(key, n): return jax.random.normal(jax.random.fold_in(key, n))
        return jax.vmap(draw)(jax.random.split(x, 2), jnp.arange(2))
    return {"y": jnp.asarray(x) * 2}
def doubled(x):
    return jnp.asarray(x) * 2
def takes(*values):
    return list(values[:4]), Odd(), np.float32(1), (1, b"x"), [jnp.ones(1), jax.random.key(1)]
def shows(x):
    print("shown")
def counts(x):
    next(counter)
print("a cell")
np.ones(2)
from IPython.display import display
display(3)
1 / 0
"""
_PLANT = """\
import importlib, sys
def planted(*args, **kwargs):
    raise RuntimeError("planted in " + {path!r})
module = importlib.import_module({module!r})
owner, name = module, {path!r}
while "." in name:
    first, name = name.split(".", 1)
    owner = getattr(owner, first)
original = vars(owner)[name]
if isinstance(owner, type):
    kind = type(original) if isinstance(original, (classmethod, staticmethod)) else lambda f: f
    setattr(owner, name, kind(planted))
else:
    spaces = [vars(m) for n, m in sys.modules.items() if n.startswith("jaxercise")]
    frame = sys._getframe()
    while frame is not None:  # the module that was started has no name of its own
        spaces += [frame.f_globals] * ("serve" in frame.f_globals)
        frame = frame.f_back
    for space in spaces:
        for key, value in list(space.items()):
            if value is original:
                space[key] = planted
            if isinstance(value, dict) and original in value.values():
                value.update((k, planted) for k, v in list(value.items()) if v is original)
"""

# What runs beside student code, and what of it is left out here, with the reason.
MODULES = {
    **dict.fromkeys(("observe", "keys", "fingerprint", "contents", "process_state"), "inside"),
    **dict.fromkeys(("cells", "raised"), "inside"),
    **dict.fromkeys(("records", "codec", "channel", "calls", "private_jax"), "wire"),
}
ELSEWHERE = {
    "of the judge's side": (
        *("calls.Call.to_message", "keys.in_words"),
        "codec.printable",
        "channel.Channel.close",
    ),
    "before any cell, see the tests of the start": (
        *("cells.new_shell", "cells.show_figures", "cells.CellShell.__init__"),
        *("channel.Channel.__init__", "cells._Stream.__init__", "private_jax.compile_quickly"),
        *("private_jax.keep_compiled", "private_jax.cache_folder"),
    ),
    "of a visible check, which no sandbox judges by": ("process_state.on_cpu",),
    "what tells of a fault": ("channel.report_fault",),
    "called by what a student calls, and seen as the student's": (
        *("cells._Stream.write", "cells._Stream.writelines", "observe._Bounded.write"),
        *("cells._Stream.flush", "cells._Stream.isatty", "cells._Stream.fileno"),
        *("cells._Publisher.publish", "cells._Publisher.clear_output"),
        *("cells._Hook.write_output_prompt", "cells._Hook.write_format_data"),
        *("cells._Hook.finish_displayhook", "cells.CellShell.enable_gui"),
        *("cells.CellShell.record", "cells.CellShell._showtraceback"),
        *("cells._NoHistory.__missing__", "process_state.Logs.filter"),
    ),
    "looks at what may refuse anything, which then counts as unchanged": (
        *("fingerprint._Walk.function", "fingerprint._Walk.inline", "contents.is_library_file"),
        *("contents.of_class", "contents.of_module", "contents._is_special", "contents.inner"),
        *("contents._frame", "contents._itertool", "contents._position"),
    ),
    "reads what JAX keeps to itself, and may fail: keys are then told apart by address": (
        *("keys._unmapped", "private_jax.unmapped"),
    ),
    "raises on purpose": ("observe._call_student", "observe._StudentRaised.__init__"),
}


def calls() -> list[str]:
    """Every function and method of the modules, as module.name."""
    found = []
    for module_name in MODULES:
        module = importlib.import_module(f"jaxercise.{MODULES[module_name]}.{module_name}")
        for name, value in vars(module).items():
            if getattr(value, "__module__", "") != module.__name__:
                continue
            if inspect.isfunction(value):
                found.append(f"{module_name}.{name}")
            elif inspect.isclass(value):
                for part, member in vars(value).items():
                    function = getattr(member, "__func__", member)
                    own = inspect.isfunction(function) and function.__module__ == module.__name__
                    written = own and function.__code__.co_filename == module.__file__
                    if written and not isinstance(member, property):
                        found.append(f"{module_name}.{name}.{part}")
    return found


LEFT_OUT = {name for names in ELSEWHERE.values() for name in names}


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    course = make_course(tmp_path_factory.mktemp("course"), ("f1",))
    (course.root / "grader_tests" / "ps7" / "test_f1.py").write_text(_TEST)
    return course


@pytest.fixture(scope="module")
def cache(course: Course):
    cache = CourseCache(course, LIMITS, confine=False)
    yield cache
    cache.close()


@pytest.fixture(scope="module")
def kernel(cache: CourseCache):
    with cache.new_kernel() as kernel:
        yield kernel


def checked(cache: CourseCache, kernel, *sources: str):
    """The outcome of the one check, and details, after these cells; the last is the exercise's."""
    cells = [
        PlannedCell(i, Cell(f"c{i}", text), starter_of="f1" if text is sources[-1] else None)
        for i, text in enumerate(sources)
    ]
    session = Session(kernel, cells, Deadline.after(300))
    exercise = cache.lesson("ps7")[0].by_name["f1"]
    try:
        session.advance_to(len(cells))
        result = check_exercise(cache, session, "ps7", exercise, seed=0)
        return result.outcomes[0].verdict, " ".join(result.details)
    except GraderFault as fault:
        return fault.verdict, fault.details
    finally:
        session.close()


def test_without_a_fault_everything_passes(cache, kernel):
    assert checked(cache, kernel, "pass", _ANSWER) == (Verdict.PASSED, "")


def test_what_is_left_out_exists():
    assert {*calls()} >= LEFT_OUT


@pytest.mark.parametrize("call", [call for call in calls() if call not in LEFT_OUT])
def test_what_the_library_raises_beside_student_code_is_the_graders_fault(call, cache, kernel):
    module, _, path = call.partition(".")
    plant = _PLANT.format(module=f"jaxercise.{MODULES[module]}.{module}", path=path)
    verdict, details = checked(cache, kernel, plant, _ANSWER)
    assert verdict is Verdict.GRADER_ERROR
    assert f"planted in {path}" in details


_START = """\
import sys, tempfile
import jaxercise.inside.shell as shell
def planted(*args, **kwargs):
    raise RuntimeError("planted at the start")
setattr({owner}, {name!r}, planted)
sys.argv = ["shell", "--fd", sys.argv[1]]
shell.main()
"""


@pytest.mark.parametrize(
    ("owner", "name"),
    [
        ("shell", "_set_up_run"),
        ("shell", "serve"),
        ("shell", "show_figures"),
        ("shell.Channel", "send"),
        ("tempfile", "mkdtemp"),
    ],
)
def test_a_fault_at_the_start_of_a_run_is_told(owner, name):
    ours, theirs = socket.socketpair()
    source = _START.format(owner=owner, name=name)
    command = [sys.executable, "-c", source, str(theirs.fileno())]
    with ours, subprocess.Popen(command, pass_fds=[theirs.fileno()]) as process:
        theirs.close()
        ours.settimeout(120)
        assert ours.recv(1) == b"r"
        run, its_end = socket.socketpair()
        with run, its_end:
            socket.send_fds(ours, [PURPOSES["show"]], [its_end.fileno()])
            with pytest.raises(Fault, match="planted at the start"):
                Channel(run).receive(60)
        ours.shutdown(socket.SHUT_RDWR)
        process.wait(60)


def test_a_fault_told_at_one_exercise_costs_that_exercise_alone(tmp_path):
    course = make_course(tmp_path / "course", ("f1", "f2"))
    plant = _PLANT.format(module="jaxercise.inside.fingerprint", path="Snapshot.of")
    sources = {"f1": f"{plant}\n{RIGHT.replace('NAME', 'f1')}", "f2": RIGHT.replace("NAME", "f2")}
    with Judge(course, limits=LIMITS) as judge:
        judged = judge.judge_notebook(submission(course.lesson("ps7"), sources), "ps7", "x")
    first, second = judged.grade.exercises
    assert {check.verdict for check in first.checks} == {Verdict.GRADER_ERROR}
    assert second.score == 3
    assert any("planted in Snapshot.of" in flag for flag in judged.grade.flags)
    pages = [cell.get("outputs") for cell in judged.notebook.cells]
    assert "planted in" not in str(pages)
    assert first.checks[0].message == "The grader itself failed here; a person will look at it."
