"""What beside-student code sees: side effects of wrong styles, none in right ones."""

import logging
import math
import os
import re
import sys
import textwrap

import jax
import numpy as np
import pytest

from jaxercise.checks.assertions import assert_no_side_effects
from jaxercise.checks.compare import match
from jaxercise.checks.outcome import CheckFailed
from jaxercise.checks.proxy import Student
from jaxercise.inside.fingerprint import Snapshot
from jaxercise.inside.observe import observe
from jaxercise.wire.calls import Call

PRELUDE = """
import collections, contextvars, dataclasses, enum, functools, itertools, os, random, sys, types
import typing
from collections import deque
import jax, jax.numpy as jnp, numpy as np
"""


def student_of(source):
    namespace = {"__name__": "__main__"}
    exec(PRELUDE + textwrap.dedent(source), namespace)

    def transport(call, run):
        return observe(namespace, Call.from_message(call.to_message()))

    return Student(transport)


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def effects(seen):
    assert seen.error is None, seen.error
    return {
        name
        for name in (
            *("changed_inputs", "changed_globals", "moved_rngs", "changed_config"),
            *("changed_settings", "printed", "leaked_tracers"),
        )
        if getattr(seen, name)
    }


WRONG = {
    "writes into its argument": ("def f(x):\n    x[0] = 9\n    return x", "changed_inputs"),
    "scales in place": ("def f(x):\n    x *= 2\n    return x", "changed_inputs"),
    "counts in a global": (
        "n = 0\ndef f(x):\n    global n\n    n += 1\n    return x",
        "changed_globals",
    ),
    "appends to a global list": ("log = []\ndef f(x):\n    log.append(1)", "changed_globals"),
    "fills a cache of results": (
        "cache = {}\ndef f(x):\n    cache[x.shape] = x + 1\n    return cache[x.shape]",
        "changed_globals",
    ),
    "mutable default": ("def f(x, seen=[]):\n    seen.append(1)\n    return x", "changed_globals"),
    "an attribute of the function": (
        "def f(x):\n    f.last = x\n    return x",
        "changed_globals",
    ),
    "a closure's state": (
        "def make():\n    n = 0\n    def f(x):\n        nonlocal n\n        n += 1\n"
        "        return x\n    return f\nf = make()",
        "changed_globals",
    ),
    "a class attribute": (
        "class State:\n    n = 0\ndef f(x):\n    State.n += 1\n    return x",
        "changed_globals",
    ),
    "an instance's attribute": (
        "class State: pass\nstate = State()\nstate.n = 0\ndef f(x):\n    state.n += 1\n"
        "    return x",
        "changed_globals",
    ),
    "a global array written to": (
        "total = np.zeros(3)\ndef f(x):\n    total[:] += x\n    return x",
        "changed_globals",
    ),
    "a global deque": ("d = deque()\ndef f(x):\n    d.append(1)\n    return x", "changed_globals"),
    "a private global": ("_n = [0]\ndef f(x):\n    _n[0] += 1\n    return x", "changed_globals"),
    "NumPy's hidden state": ("def f(x):\n    return x + np.random.randn()", "moved_rngs"),
    "Python's hidden state": ("def f(x):\n    return x + random.random()", "moved_rngs"),
    "a global generator": (
        "rng = np.random.default_rng(0)\ndef f(x):\n    return x + rng.normal()",
        "changed_globals",
    ),
    "an array given away": (
        "@functools.partial(jax.jit, donate_argnums=0)\ndef f(x):\n    return x + 1",
        "changed_inputs",
    ),
    "a result in a global": (
        "last = None\ndef f(x):\n    global last\n    last = x + 1\n    return x",
        "changed_globals",
    ),
    "an option of jax": (
        "def f(x):\n    jax.config.update('jax_enable_x64', True)\n    return x",
        "changed_config",
    ),
    "prints": ("def f(x):\n    print(x)\n    return x", "printed"),
}


@pytest.mark.parametrize(("source", "effect"), WRONG.values(), ids=WRONG.keys())
def test_a_side_effect_is_seen_and_only_that(source, effect):
    x = jax.numpy.ones(3) if "donate" in source else np.ones(3)
    assert effects(student_of(source).f(x)) == {effect}


# What holds a count, how it is counted up, and perhaps what makes it.
HIDDEN = {
    "a namespace object": ("state = types.SimpleNamespace(n=0)", "state.n += 1"),
    "a dataclass": (
        "@dataclasses.dataclass\nclass State:\n    n: int = 0\nstate = State()",
        "state.n += 1",
    ),
    "a dataclass with slots": (
        "@dataclasses.dataclass(slots=True)\nclass State:\n    n: int = 0\nstate = State()",
        "state.n += 1",
    ),
    "a slot of a base class": (
        "class Base:\n    __slots__ = ('n',)\nclass State(Base): pass\nstate = State()\n"
        "state.n = 0",
        "state.n += 1",
    ),
    "an attribute of NumPy": ("np.calls = 0", "np.calls += 1"),
    "a list that is an attribute of NumPy": ("np.kept = []", "np.kept.append(1)"),
    "an attribute of a module that the function imports": (
        "import math\nmath.calls = 0\ndel math",
        "import math; math.calls += 1",
    ),
    "a module made in the notebook": (
        "state = types.ModuleType('state')\nstate.n = 0",
        "state.n += 1",
    ),
    "an attribute of a function of jax": ("sin = jnp.sin\nsin.calls = 0", "sin.calls += 1"),
    "an attribute of a compiled function": (
        "@jax.jit\ndef g(x): return x\ng.calls = 0",
        "g.calls += 1",
    ),
    "a list inside objects inside a tuple": (
        "class Node: pass\nnode = Node()\nnode.next = Node()\nnode.next.log = ([],)\n"
        "kept = (1, [node])",
        "node.next.log[0].append(1)",
    ),
    "a bytearray": ("state = bytearray(1)", "state[0] += 1"),
    "an array of Python's": ("import array\nstate = array.array('i', [0])", "state[0] += 1"),
    "a Counter": ("state = collections.Counter()", "state['n'] += 1"),
    "a defaultdict": ("state = collections.defaultdict(int)", "state[1] += 1"),
    "an OrderedDict": ("state = collections.OrderedDict(n=0)", "state['n'] += 1"),
    "a UserDict": ("state = collections.UserDict(n=0)", "state['n'] += 1"),
    "a set": ("state = set()", "state.add(len(state))"),
    "a chain map": ("state = collections.ChainMap({'n': 0})", "state['n'] += 1"),
    "a counter": ("state = itertools.count()", "next(state)"),
    "a cycle": ("state = itertools.cycle([1, 2])", "next(state)"),
    "an iterator": ("state = iter([1] * 99)", "next(state)"),
    "an enumeration": ("state = enumerate('abcdefghij')", "next(state)"),
    "a generator": (
        "def numbers():\n    n = 0\n    while True:\n        yield n\n        n += 1\n"
        "state = numbers()",
        "next(state)",
    ),
    "a generator expression": ("state = (n for n in range(99))", "next(state)"),
    "a callable object": (
        "class Counter:\n    n = 0\n    def __call__(self): self.n += 1\ncount = Counter()",
        "count()",
    ),
    "a callable object in a dict": (
        "class Counter:\n    n = 0\n    def __call__(self): self.n += 1\n"
        "tools = {'count': Counter()}",
        "tools['count']()",
    ),
    "a bound method": ("state = []\nnote = state.append\ndel state", "note(1)"),
    "a method of an object": (
        "class Log(list): pass\nlog = Log()\nlog.n = 0\n"
        "def note(self): self.n += 1\nlog.note = types.MethodType(note, log)\n"
        "note = log.note\ndel log",
        "note()",
    ),
    "a partial": ("note = functools.partial(list.append, [])", "note(1)"),
    "a default of a helper": (
        "def helper(log=[]):\n    log.append(1)",
        "helper()",
    ),
    "a closure in a dict": (
        "def make():\n    n = 0\n    def count():\n        nonlocal n\n        n += 1\n"
        "    return count\ntools = {'count': make()}",
        "tools['count']()",
    ),
    "what a decorator keeps": (
        "def counted(g):\n    @functools.wraps(g)\n    def inner(x):\n        inner.n += 1\n"
        "        return g(x)\n    inner.n = 0\n    return inner\n"
        "@counted\ndef g(x): return x",
        "g(x)",
    ),
    "an enum's member": (
        "class State(enum.Enum):\n    ONE = 1\nState.ONE.n = 0",
        "State.ONE.n += 1",
    ),
    "a class attribute of a class in a list": (
        "class State: n = 0\nkept = [State]\ndel State",
        "kept[0].n += 1",
    ),
    "a context variable": (
        "state = contextvars.ContextVar('state', default=0)",
        "state.set(state.get() + 1)",
    ),
    "an object of the thread": (
        "import threading\nstate = threading.local()\nstate.n = 0",
        "state.n += 1",
    ),
    "a weak dict": (
        "import weakref\nclass Key: pass\nkey = Key()\nstate = weakref.WeakKeyDictionary({key: 0})",
        "state[key] += 1",
    ),
    "a queue": ("import queue\nstate = queue.Queue()", "state.put(1)"),
    "a text in memory": ("import io\nstate = io.StringIO()", "state.write('x')"),
    "a reference of jax": (
        "state = jax.new_ref(jnp.zeros(()))",
        "state[...] = state[...] + 1",
    ),
    "an array of a class of its own": (
        "state = np.ma.array([0, 0])",
        "state[0] += 1",
    ),
    "a large array": ("state = np.zeros(10**6)", "state[:] += 1"),
    "a seed that gives others": (
        "seeds = np.random.SeedSequence(0)",
        "seeds.spawn(1)",
    ),
    "a generator of Python's": ("rng = random.Random(0)", "rng.random()"),
}


@pytest.mark.parametrize(("setup", "step"), HIDDEN.values(), ids=HIDDEN.keys())
def test_hidden_state_is_seen_in_whatever_holds_it(setup, step):
    if "new_ref" in setup and not hasattr(jax, "new_ref"):
        pytest.skip("this jax has no references")
    student = student_of(f"{setup}\ndef f(x):\n    {step}\n    return x")
    try:
        assert effects(student.f(np.ones(3))) == {"changed_globals"}
        assert effects(student.f(np.ones(3))) == {"changed_globals"}
    finally:
        for module, name in ((np, "calls"), (np, "kept"), (math, "calls")):
            vars(module).pop(name, None)


SETTINGS = {
    "the environment": ("os.environ['CALLS'] = 'x'", "os.environ"),
    "a file that grows": ("open('log.txt', 'a').write('x')", "the files in the notebook's folder"),
    "a new file": ("np.save('x.npy', x)", "the files in the notebook's folder"),
    "NumPy's errors": ("np.seterr(all='raise')", "np.seterr"),
    "NumPy's printing": ("np.set_printoptions(precision=2)", "np.set_printoptions"),
    "the folder": ("os.chdir('/')", "the current folder"),
    "how deep calls may go": ("sys.setrecursionlimit(2345)", "the recursion limit"),
}


@pytest.mark.parametrize(("step", "setting"), SETTINGS.values(), ids=SETTINGS.keys())
def test_a_changed_setting_is_seen_and_brought_back(step, setting):
    student, limit = student_of(f"def f(x):\n    {step}\n    return x"), sys.getrecursionlimit()
    before = {**os.environ}, os.getcwd(), np.geterr(), np.get_printoptions()
    try:
        seen = student.f(np.ones(3))
    finally:
        sys.setrecursionlimit(limit)
    assert effects(seen) == {"changed_settings"}
    assert seen.changed_settings == (setting,)
    with pytest.raises(CheckFailed, match=f"f changes {re.escape(setting)} for everyone"):
        assert_no_side_effects(seen)
    assert before == ({**os.environ}, os.getcwd(), np.geterr(), np.get_printoptions())


RIGHT = {
    "plain": "def f(x):\n    return jnp.asarray(x) * 2",
    "jitted": "@jax.jit\ndef f(x):\n    return x * 2",
    "jitted with static": "@functools.partial(jax.jit, static_argnums=1)\ndef f(x, n=3):\n"
    "    return x * n",
    "constants and helpers": "RATE = 2.0\ndef g(x):\n    return x * RATE\ndef f(x):\n"
    "    return g(x)",
    "a partial": "def g(a, x):\n    return a * x\nf = functools.partial(g, 2.0)",
    "a partial of a library's function": "draw = functools.partial(jax.random.normal, shape=())\n"
    "def f(x):\n    return draw(jax.random.key(0)) * x",
    "lru_cache of a compiled function": "@functools.lru_cache\ndef compiled(n):\n"
    "    return jax.jit(lambda x: x * n)\ndef f(x):\n    return compiled(3)(x)",
    "a dict of compiled functions": "compiled = {}\ndef f(x):\n    if 'f' not in compiled:\n"
    "        compiled['f'] = jax.jit(lambda x: x * 2)\n    return compiled['f'](x)",
    "a lazily compiled global": "g = None\ndef h(x):\n    return x\ng = h\ndef f(x):\n"
    "    global g\n    g = jax.jit(h)\n    return g(x)",
    "a global compiled at the first call": "g = None\ndef f(x):\n    global g\n"
    "    g = g or jax.jit(lambda x: x * 2)\n    return g(x)",
    "an object of a bare class": "class Missing: pass\nMISSING = Missing()\n"
    "def f(x, y=MISSING):\n    return x if y is MISSING else y",
    "an object of an abstract class": "import abc\nclass Base(abc.ABC):\n"
    "    def __call__(self, x): return x\nf = Base()",
    "a method": "class Tax:\n    rate = 2\n    def apply(self, x): return self.rate * x\n"
    "f = Tax().apply",
    "local mutation": "def f(x):\n    y = np.array(x)\n    y[0] = 1\n    return jnp.asarray(y)",
    "vmap": "f = jax.vmap(lambda x: x * 2)",
    "its own generator": "def f(x):\n    return x + np.random.default_rng(0).normal()",
    "a jax context": "def f(x):\n    with jax.enable_x64(True):\n        return jnp.asarray(x) + 1",
    "asks for float64 and is warned": "def f(x):\n    return jnp.asarray(x, jnp.float64)",
    "custom_jvp": "@jax.custom_jvp\ndef f(x):\n    return x * 2\n"
    "f.defjvp(lambda p, t: (f(*p), 2 * t[0]))",
    "a property kept after the first look": "class Model:\n    @functools.cached_property\n"
    "    def weight(self): return jnp.asarray(2.0)\nmodel = Model()\n"
    "def f(x):\n    return model.weight * x",
    "an object that compiles at its first call": "class Model:\n    compiled = None\n"
    "    def __init__(self): self.run = None\n    def __call__(self, x):\n"
    "        self.run = self.run or jax.jit(lambda x: 2 * x)\n        return self.run(x)\n"
    "f = Model()",
    "a list of compiled functions": "compiled = []\ndef f(x):\n    if not compiled:\n"
    "        compiled.append(jax.jit(lambda x: x * 2))\n    return compiled[0](x)",
    "a closure compiled at the first call": "def make():\n    g = None\n    def f(x):\n"
    "        nonlocal g\n        g = g or jax.jit(lambda x: x * 2)\n        return g(x)\n"
    "    return f\nf = make()",
    "single dispatch": "@functools.singledispatch\ndef g(x): return x\n"
    "@g.register\ndef _(x: int): return x + 1\ndef f(x):\n    return g(x) + g(1) + g(1.0)",
    "a dataclass as a pytree": "@jax.tree_util.register_dataclass\n@dataclasses.dataclass\n"
    "class Box:\n    value: object\ndef f(x):\n    return jax.jit(lambda box: box.value)(Box(x))",
    "a generic class": "import typing\nT = typing.TypeVar('T')\nclass Box(typing.Generic[T]):\n"
    "    def __init__(self, x): self.x = x\ndef f(x):\n    return Box[int](x).x",
    "a flag combined": "class Mode(enum.Flag):\n    A = 1\n    B = 2\ndef f(x):\n"
    "    return x if Mode.A | Mode.B else -x",
    "annotations asked for": "class Point(typing.NamedTuple):\n    x: int\ndef f(x):\n"
    "    typing.get_type_hints(Point); typing.get_type_hints(f)\n    return x",
    "a module imported in the function": "def f(x):\n    import fractions, statistics\n"
    "    return x",
    "jaxtyping": "import jaxtyping\n@jaxtyping.jaxtyped(typechecker=None)\n"
    "def f(x: jaxtyping.Float[np.ndarray, 'n']): return x",
    "a pattern, a path, a logger": "import logging, pathlib, re\n"
    "logger = logging.getLogger('mine')\n"
    "pattern, path = re.compile('a'), pathlib.Path('a') / 'b'\ndef f(x):\n"
    "    logger.debug('hush'); pattern.match('a'); hash(path); str(path); path.parts\n    return x",
    "a pool of threads": "from concurrent.futures import ThreadPoolExecutor\n"
    "pool = ThreadPoolExecutor(2)\ndef f(x):\n    return list(pool.map(lambda v: v, [x]))[0]",
    "a file of its own that is gone again": "def f(x):\n    np.save('t.npy', x)\n"
    "    y = np.load('t.npy')\n    os.remove('t.npy')\n    return y",
    "NumPy's errors inside": "def f(x):\n    with np.errstate(all='raise'):\n        return x + 1",
    "restores a list": "log = [1, 2]\ndef f(x):\n    log.append(3)\n    log.pop()\n    return x",
    "custom_vjp": "@jax.custom_vjp\ndef g(x):\n    return x * 2\n"
    "g.defvjp(lambda x: (g(x), None), lambda r, t: (2 * t,))\n"
    "def f(x):\n    return jax.grad(lambda v: g(v).sum())(jnp.asarray(x))",
    "transformations by name": "g = jax.checkpoint(jax.vmap(jax.grad(lambda v: v ** 2)))\n"
    "h = jax.value_and_grad(lambda v: (v ** 2).sum())\n"
    "def f(x):\n    x = jnp.asarray(x)\n    return g(x) + h(x)[1]",
}


@pytest.mark.parametrize("source", RIGHT.values(), ids=RIGHT.keys())
def test_a_right_style_is_accused_of_nothing(source):
    student = student_of(source)
    assert effects(student.f(np.ones(3, np.float32))) == set()
    assert effects(student.f(np.ones(3, np.float32))) == set()


@pytest.mark.parametrize(
    "body",
    [
        "with jax.log_compiles():\n        return jax.jit(lambda v: v + 1)(x)",
        "warnings.warn('odd')\n    return x",
        "logging.getLogger('jax').warning('as jax does')\n    return x",
    ],
    ids=["compilations logged", "a warning", "a logger of jax"],
)
def test_what_libraries_log_is_no_printing(body, monkeypatch):
    student = student_of(f"import logging, warnings\ndef f(x):\n    {body}")
    if "getLogger" in body:  # as if the line stood in a file of jax
        logged = logging.getLogger("jax")
        path = jax.__file__
        monkeypatch.setattr(
            logged,
            "warning",
            lambda text: logged.handle(
                logging.LogRecord("jax", logging.WARNING, path, 1, text, (), None)
            ),
        )
    assert effects(student.f(np.ones(3))) == set()


@pytest.mark.parametrize(
    "step",
    [
        "print('x')",
        "sys.stderr.write('x')",
        "logging.warning('x')",
        "log.warning('x')",
        "jax.debug.print('x')",
    ],
)
def test_what_the_function_itself_writes_is_printing(step):
    setup = "import logging\nlog = logging.getLogger('mine')"
    student = student_of(f"{setup}\ndef f(x):\n    {step}\n    return x")
    assert effects(student.f(np.ones(3))) == {"printed"}


OPTIONS = {
    "compilations logged": "jax.config.update('jax_log_compiles', True)",
    "64 bits": "jax.config.update('jax_enable_x64', True)",
    "NaN an error": "jax.config.update('jax_debug_nans', True)",
    "no compilation": "jax.config.update('jax_disable_jit', True)",
    "no broadcasting": "jax.config.update('jax_numpy_rank_promotion', 'raise')",
    "strict dtypes": "jax.config.update('jax_numpy_dtype_promotion', 'strict')",
    "other keys": "jax.config.update('jax_default_prng_impl', 'rbg')",
    "NumPy's errors raise": "np.seterr(all='raise')",
    "warnings are errors": "import warnings; warnings.simplefilter('error')",
    "NumPy prints two digits": "np.set_printoptions(precision=2)",
}


@pytest.mark.parametrize("option", OPTIONS.values(), ids=OPTIONS.keys())
def test_an_option_that_the_notebook_set_changes_no_verdict(option):
    body = """
        def f(x):
            with np.errstate(divide="ignore"):
                odd = np.float32(0) / np.zeros(1, np.float32)
            y = jnp.log(-jnp.asarray(x)) + jnp.ones((2, 3)) + jnp.arange(3) + odd[0]
            return jax.jit(lambda v: v * 2)(y), jax.random.key(0), repr(np.float64(1 / 3))
    """
    options = dict(jax.config.values), np.geterr(), np.get_printoptions()
    expected = student_of(body).f(np.ones(3, np.float32))
    student = student_of(option + "\n" + textwrap.dedent(body))
    try:
        of_notebook = dict(jax.config.values), np.geterr(), np.get_printoptions()
        seen = student.f(np.ones(3, np.float32))
        assert (dict(jax.config.values), np.geterr(), np.get_printoptions()) == of_notebook
    finally:
        for name, value in options[0].items():
            if jax.config.values[name] != value:
                jax.config.update(name, value)
        np.seterr(**options[1])
        np.set_printoptions(**options[2])
    assert effects(seen) == set()
    match(seen.value, expected.value, "", 0, 0, "any")


def test_the_limits_leave_out_what_is_beyond_them_and_accuse_nobody():
    long = list(range(50_000))
    namespace = {"objects": [[i] for i in range(30_000)], "long": long}
    before = Snapshot.of(namespace)
    assert before.changes(Snapshot.of(namespace)) == []
    assert len(before.states) <= 20_000
    long.append(1)
    assert before.changes(Snapshot.of(namespace)) == ["long"]


def test_a_leaked_tracer_is_seen():
    student = student_of(
        "kept = None\ndef f(x):\n    global kept\n    kept = x + 1\n    return kept"
    )
    assert student.f.jitted()(np.ones(3)).leaked_tracers == ("kept",)


def test_a_traced_call_gives_what_jit_gives():
    student = student_of(
        """
        @functools.partial(jax.jit, static_argnums=2)
        def inner(key, p, n):
            return jax.random.normal(key, (n,)) * p["scale"]

        def f(key, p, n, shift=0.0):
            return {"draws": inner(key, p, n) + shift, "number": 3.0, "whole": 2, "yes": True}
        """
    )
    for key in (jax.random.key(0), jax.random.PRNGKey(1)):
        args, shift = (key, {"scale": 1.5}, 4), np.float32(2)
        seen = student.f.traced(2)(*args, shift=shift)
        compiled = student.f.jitted(2)(*args, shift=shift)
        assert seen.error is None
        np.testing.assert_allclose(seen.numpy()["draws"], compiled.numpy()["draws"], rtol=1e-6)
        assert str(seen.value["number"]) == str(compiled.value["number"])
        assert str(seen.value["whole"]) == str(compiled.value["whole"])
        assert str(seen.value["yes"]) == str(compiled.value["yes"])


TRACED = {
    "constants": "return jnp.int8(3), 2, True, [x, (x, None)], {}",
    "a switch of precision inside": """
        with jax.enable_x64(True):
            return jnp.asarray(x, jnp.float64).sum() + jnp.arange(3)""",
    "a derivative of its own": """
        sine = jax.custom_vjp(jnp.sin)
        sine.defvjp(lambda x: (jnp.sin(x), x), lambda x, g: (7 * g,))
        return jax.grad(lambda x: sine(x).sum())(x)""",
    "derivatives in each other": """
        return jax.hessian(lambda v: (v**3).sum())(x), jax.checkpoint(jnp.sin)(x)""",
    "loops and branches": """
        y = jax.lax.cond(x.sum() > 0, lambda v: v + 1, lambda v: v - 1, x)
        z = jax.vmap(lambda v: jax.lax.while_loop(lambda s: s < 10, lambda s: 2 * s + 1, v))(y)
        return jax.lax.associative_scan(jnp.add, z), jax.lax.map(jnp.sin, y)""",
    "an argument given away": "return jax.jit(lambda v: v + 1, donate_argnums=0)(1.0 * x)",
    "a call of NumPy": "return jax.pure_callback(lambda v: 3 * np.asarray(v), x, x)",
    "spread over a mesh": """
        mesh = jax.make_mesh((1,), ("i",), axis_types=(jax.sharding.AxisType.Auto,))
        spec = jax.sharding.PartitionSpec("i")
        spread = jax.sharding.NamedSharding(mesh, spec)
        total = jax.shard_map(
            lambda v: jax.lax.psum(v.sum(), "i")[None], mesh=mesh, in_specs=spec, out_specs=spec
        )
        return total(x), jax.lax.with_sharding_constraint(2 * x, spread)""",
    "algebra, sorting, other dtypes": """
        solved = jnp.linalg.solve(2 * jnp.eye(4), x)
        return solved, jnp.argsort(x), jnp.fft.fft(x), x.astype(jnp.bfloat16), x.at[1:3].set(0)""",
}


@pytest.mark.parametrize("body", TRACED.values(), ids=TRACED)
def test_a_traced_call_gives_what_jit_gives_in_any_style(body):
    lines = textwrap.indent(textwrap.dedent(body), "    ")
    student = student_of(f"def f(x):\n{lines}")
    x = np.array([3, 1, 2, 0.5], np.float32)
    seen, compiled = student.f.traced()(x), student.f.jitted()(x)
    assert compiled.error is None
    assert seen.error is None
    match(seen.value, compiled.value, "", 1e-5, 1e-6, "jax")


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ("return x if x[0] > 0 else -x", "TracerBoolConversionError"),
        ("return np.sin(x)", "TracerArrayConversionError"),
        ("return 'text'", "TypeError"),
    ],
)
def test_a_traced_call_raises_what_jit_raises(body, error):
    student = student_of(f"def f(x):\n    {body}")
    for function in (student.f.traced(), student.f.jitted()):
        seen = function(np.ones(3, np.float32))
        assert seen.error is not None
        assert seen.error.type == error


def test_a_traced_call_shows_what_tracing_does():
    student = student_of("seen = []\ndef f(x):\n    print(x)\n    seen.append(x)\n    return x")
    seen = student.f.traced()(np.ones(3))
    assert seen.printed
    assert seen.changed_globals == ("seen",)
    assert seen.leaked_tracers == ("seen",)


def test_an_option_changed_for_good_is_undone():
    student = student_of("def f(x):\n    jax.config.update('jax_enable_x64', True)\n    return x")
    student.f(np.ones(2))
    assert jax.config.values["jax_enable_x64"] is False


def test_an_exception_is_reported_with_type_and_message():
    def f(x):
        raise ValueError("odd")

    report = observe({"f": f}, Call("f", (1,)))["error"]
    assert (report["type"], report["message"]) == ("ValueError", "odd")


def test_leaving_the_interpreter_is_an_exception_too():
    seen = student_of("def f(x):\n    raise SystemExit(3)").f(1)
    assert seen.error is not None
    assert seen.error.type == "SystemExit"


@pytest.mark.parametrize("source", ["", "f = 3"])
def test_a_missing_function_is_an_exception(source):
    seen = student_of(source).f(1)
    assert seen.error is not None
    assert seen.error.type in ("NameError", "TypeError")


def test_64_bit_inputs_arrive_as_such_when_asked():
    student = student_of("def f(x):\n    return x")
    with jax.enable_x64(True):
        x = jax.numpy.ones(2, "float64")
    assert student.f.x64()(x).value.dtype == np.float64
    assert student.f(x).value.dtype == np.float32


def test_transforms_compose_from_the_inside_out():
    seen = student_of("def f(x):\n    return x ** 2").f.grad().vmapped()(jax.numpy.arange(3.0))
    assert seen.numpy().tolist() == [0.0, 2.0, 4.0]


def test_a_jaxpr_counts_nested_equations():
    source = "def f(x):\n    return jax.lax.fori_loop(0, 3, lambda i, c: jnp.sin(c), x)"
    summary = student_of(source).f.jaxpr(jax.numpy.ones(2)).value
    assert summary["primitives"]["sin"] == 1
    assert summary["equations"] == sum(summary["primitives"].values()) > 1


WRITES = {
    "an entry of a dict": "old = d['k']; d['k'] = 1.0; out = d['k'] * 2; d['k'] = old",
    "an update of a dict": "old = dict(d); d.update(k=0.0); out = d['k']; d.clear(); d |= old",
    "a list": "l.append(1.0); out = sum(l); l.pop()",
    "a list in a dict": "d['l'].reverse(); out = d['l'][0]; d['l'].reverse()",
    "a NumPy array": "a *= 2; out = a.sum(); a /= 2",
    "a NumPy array in a list": "old = l[0].copy(); l[0].sort(); out = l[0][0]; l[0][:] = old",
}
READS = {
    "copies": "c = {**d, 'k': 1.0}; c['m'] = 2; m = l + [1]; m.append(2); out = c['k'] + len(m)",
    "other copies": "c = d.copy(); c['k'] = 0; e = d | {'k': 3}; e.pop('k'); out = list(l)[0]",
    "deep copies": "import copy; c = copy.deepcopy([d, l]); c[0].clear(); c[1].pop(); out = c",
    "a copied array": "b = a.copy(); b.sort(); out = b[0]",
    "what jit makes of a dict": "out = jax.jit(lambda d: (d.update(k=1.0), d['k'])[1])(d)",
    "an error of its own": "out = a[{}]",
}


def guarded_call(body):
    arguments = {"k": 1.0, "l": [1.0, 2.0]}, [np.array([3.0, 1.0])], np.ones(3, np.float32)
    source = f"def f(d, l, a):\n    {body}\n    return out"
    return student_of(source).f.guarded()(*arguments)


@pytest.mark.parametrize("body", WRITES.values(), ids=WRITES)
def test_a_write_to_an_argument_shows_where_it_is_undone(body):
    assert guarded_call(body).changed_inputs in (("argument 1",), ("argument 2",), ("argument 3",))


@pytest.mark.parametrize("body", READS.values(), ids=READS)
def test_a_write_to_a_copy_is_none_to_the_argument(body):
    assert not guarded_call(body).changed_inputs


SCAN = "jax.lax.scan(lambda x, _: (jnp.sin(jnp.sin(x)), None), x, length={}{})[0]"


@pytest.mark.parametrize("how", ["", ", unroll=1", ", unroll=4"])
def test_a_loop_records_as_much_for_many_steps_as_for_few(how):
    few, many = (
        student_of(f"def f(x):\n    return {SCAN.format(n, how)}").f.jaxpr(jax.numpy.ones(2)).value
        for n in (40, 400)
    )
    assert few["equations"] == many["equations"] < 15
    assert (few["trips"], many["trips"]) == (40, 400)


def test_an_unrolled_loop_counts_once_for_each_copy():
    source = f"def f(x):\n    return jax.jit(lambda x: {SCAN.format(40, ', unroll=True')})(x)"
    summary = student_of(source).f.jaxpr(jax.numpy.ones(2)).value
    assert summary["primitives"]["sin"] == 80
    assert summary["top"] in ({"jit": 1}, {"pjit": 1})


def test_what_is_compiled_in_pieces_shows_at_the_top():
    source = "def f(x):\n    return jax.jit(jnp.sin)(x) + jax.jit(jnp.cos)(x)"
    top = student_of(source).f.jaxpr(jax.numpy.ones(2)).value["top"]
    assert top in ({"jit": 2, "add": 1}, {"pjit": 2, "add": 1})


LARGEST = {
    "intermediates, not the argument": ("return x.sum() + 1", 1),
    "an outer product that no result shows": ("return (x[:, None] * x).sum()", 49),
    "inside a jitted function": ("return jax.jit(lambda x: (x[:, None] * x).sum())(x)", 49),
    "inside a loop": (
        "return jax.lax.scan(lambda c, _: (c * jnp.outer(c, c).sum(), None), x, length=2)[0]",
        49,
    ),
    "under vmap, for every entry": ("return jax.vmap(lambda entry: entry * x)(x).sum()", 49),
    "nothing is computed": ("return x", 0),
}


@pytest.mark.parametrize(("body", "elements"), LARGEST.values(), ids=LARGEST)
def test_a_jaxpr_tells_the_size_of_the_largest_intermediate_array(body, elements):
    summary = student_of(f"def f(x):\n    {body}").f.jaxpr(jax.numpy.ones(7)).value
    assert summary["largest"] == elements


def test_traces_count_shapes_and_dtypes_once():
    x = jax.numpy.ones(2)
    calls = [(x,), (x + 1,), (jax.numpy.ones(3),), (x,), (jax.numpy.ones(2, int),)]
    assert student_of("def f(x):\n    return x * 2").f.traces(calls).value == [1, 0, 1, 0, 1]


def test_no_tracing_forbids_a_first_call_and_allows_a_second():
    source = "@jax.jit\ndef f(x):\n    return x * 2"
    x = jax.numpy.ones(7)
    assert student_of(source).f.without_tracing()(x).error is not None
    warm = student_of(source)
    assert warm.f(x).error is None
    assert warm.f.without_tracing()(x).error is None


@pytest.mark.parametrize(
    ("source", "needs"),
    [
        ("@jax.jit\ndef f(x):\n    return x + 1", True),
        ("@functools.partial(jax.jit, inline=True)\ndef f(x):\n    return x + 1", True),
        ("def f(x):\n    return jnp.linalg.norm(x)", False),
        ("def f(x):\n    return np.sin(x)", False),
    ],
)
def test_a_call_tells_whether_a_function_of_the_notebook_needs_tracing(source, needs):
    seen = student_of(source).f.without_tracing()(np.ones(7, np.float32))
    assert seen.needs_tracing == needs


def test_one_functions_attributes_are_told_from_the_next_ones():
    def first(): ...

    def second(): ...

    vars(first)["calls"], vars(second)["calls"] = 1, 2
    before = Snapshot.of({"first": first, "second": second})
    vars(second)["calls"] = 3
    assert before.changes(Snapshot.of({"first": first, "second": second})) == ["second"]


ODD_OBJECTS = {
    "an int of over 4,300 digits": "import math\nodd = math.factorial(2000)",
    "a counter beyond 4,300 digits": "import itertools\nodd = itertools.count(10**5000)",
    "a name that is no text": "globals()[10**5000] = 1\nodd = 1",
    "a metaclass whose __getattr__ raises": "class Meta(type):\n"
    "    def __getattr__(cls, name): raise RuntimeError(name)\nclass Odd(metaclass=Meta): pass\n"
    "odd = Odd()",
    "a metaclass whose __getattribute__ raises": "class Meta(type):\n"
    "    def __getattribute__(cls, name): raise RuntimeError(name)\n"
    "class Odd(metaclass=Meta): pass\nodd = Odd()",
    "an object whose __getattr__ raises": "class Odd:\n"
    "    def __getattr__(self, name): raise RuntimeError(name)\nodd = Odd()",
    "an object whose class raises when it is asked for": "class Odd:\n"
    "    __class__ = property(lambda self: 1 / 0)\nodd = Odd()",
    "an object whose __repr__, __eq__ and __hash__ raise": "class Odd:\n"
    "    __repr__ = __eq__ = __hash__ = lambda *a: 1 / 0\nodd = Odd()",
    "a dict with such keys": "class Odd:\n    __eq__ = lambda *a: 1 / 0\n"
    "    __hash__ = lambda self: 1\nodd = {Odd(): 1}",
    "a text that UTF-8 cannot write": "odd = '\\ud800'",
    "a list that raises when it is walked": "class Odd(list):\n"
    "    __iter__ = __len__ = lambda self: 1 / 0\nodd = Odd([1])",
}


@pytest.mark.parametrize("source", ODD_OBJECTS.values(), ids=ODD_OBJECTS.keys())
def test_odd_objects_of_the_notebook_break_nothing(source):
    student = student_of(
        f"{source}\nkept = [odd]\ndef f(x, y=odd):\n    return jnp.asarray(x) * 2\n"
        "def g(x):\n    return odd, [odd]\ndef h(x):\n    raise ValueError(odd)"
    )
    for function in (student.f, student.f.jitted(), student.f.watching_keys()):
        assert effects(function(np.ones(2, np.float32))) == set()
    student.g(1)  # JAX itself waits for the answer, and may stumble over it.
    raised = student.h(1).error
    assert raised is not None
    assert (raised.type, raised.line) == ("ValueError", None)
