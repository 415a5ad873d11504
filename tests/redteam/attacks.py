"""Cheats on one exercise, each a cell that pretends to answer twice x; all answers are wrong.

`NAME` in a source is the exercise. A case with `alone` changes the process that it shares
with the notebook's other exercises, so it gets a notebook to itself; the others share one.
What code finds that it should not have, it shows after the word LOOT.
"""

from __future__ import annotations

from dataclasses import dataclass

from tests.redteam.course import WRONG
from tests.redteam.ledger import Row


@dataclass(frozen=True)
class Attack:
    """A cell of an exercise, what it should earn, and whether the instructor should hear."""

    name: str
    source: str
    alone: bool = False
    flagged: bool = False
    earns: str = "0 of 3"
    before: str = ""  # an own cell before the exercise's

    @property
    def row(self) -> Row:
        return Row("attack", self.name, self.earns + ", flagged" * self.flagged)


def patching(name: str, patch: str, flagged: bool = False) -> Attack:
    """Something in the student's process is replaced; the answer stays wrong."""
    return Attack(name, f"{patch}\n{WRONG}", alone=True, flagged=flagged)


def returning(name: str, expression: str, setup: str = "", earns: str = "0 of 3") -> Attack:
    """The answer is an object that lies."""
    return Attack(name, f"{setup}\ndef NAME(x):\n    return {expression}", earns=earns)


def searching(name: str, search: str, flagged: bool = False) -> Attack:
    """Code looks for what is not the student's and shows what it finds."""
    return Attack(name, f"{search}\n{WRONG}", flagged=flagged)


# What a function sees of the process that calls it: the channel and the question's number.
_CHANNEL = """\
import sys, struct, os, time
import jaxercise.wire as w
def there():
    frame = sys._getframe()
    while 'message' not in frame.f_locals or 'channel' not in frame.f_locals:
        frame = frame.f_back
    return frame.f_locals['channel'], frame.f_locals['message']['id']
"""


def answering(name: str, body: str, earns: str = "0 of 3, crashed") -> Attack:
    """The function writes to the judge's socket itself."""
    lines = "\n    ".join(body.splitlines())
    source = f"{_CHANNEL}def NAME(x):\n    channel, number = there()\n    {lines}\n    return x * 3"
    return Attack(name, source, alone=True, flagged=True, earns=earns)


def replying(name: str, reply: str, earns: str = "0 of 3, crashed") -> Attack:
    return answering(name, f"channel.send({{'id': number, 'reply': {reply}}})", earns)


_ANYTHING = "type('Any', (), {'__call__': lambda s, *a, **k: True, '__getattr__': lambda s, n: s})"

ATTACKS: tuple[Attack, ...] = (
    # What shows and runs cells is replaced.
    patching(
        "a hook after each cell clears it and shows 10.0",
        "from IPython.display import clear_output, display\nip = get_ipython()\n"
        "ip.events.register('post_run_cell', lambda *a: (clear_output(), display(10.0)))\n"
        "ip.displayhook(10.0)",
    ),
    patching(
        "IPython's run_cell and run_cell_async are replaced",
        "from IPython.core.interactiveshell import InteractiveShell as S\n"
        "old = S.run_cell\n"
        "S.run_cell = lambda self, raw, **k: old(self, '3.0', **k)\n"
        "S.run_cell_async = S.run_cell",
    ),
    patching(
        "input and AST transformers empty every later cell",
        "import ast\nip = get_ipython()\n"
        "ip.input_transformers_post.append(lambda lines: ['3.0\\n'])\n"
        "class Empty(ast.NodeTransformer):\n    def visit_Assert(self, node): return None\n"
        "ip.ast_transformers.append(Empty())",
    ),
    patching(
        "a comm message and a display update claim the score",
        "from IPython.display import display\n"
        "handle = display(1, display_id='check_NAME')\nhandle.update(3.0)\n"
        "try:\n    from comm import create_comm\n"
        "    create_comm(target_name='grade', data={'score': 3}).send({'score': 3})\n"
        "except Exception: pass",
    ),
    patching(
        "a thread and a timer of an earlier cell show 3.0 late",
        "import threading, time\nfrom IPython.display import display\n"
        "def late():\n    while True:\n        display(3.0); print(3.0); time.sleep(0.01)\n"
        "threading.Thread(target=late, daemon=True).start()",
    ),
    patching(
        "an asyncio task and a signal handler act during the call",
        "import asyncio, signal\n"
        "async def later():\n    await asyncio.sleep(0)\n    print(3.0)\n"
        "asyncio.get_event_loop_policy().new_event_loop()\n"
        "signal.signal(signal.SIGALRM, lambda *a: print(3.0))\n"
        "signal.setitimer(signal.ITIMER_REAL, 0.01, 0.01)",
    ),
    Attack(
        "a detached process writes to every descriptor it inherits",
        "import os, time\nif os.fork() == 0:\n    os.setsid()\n    for _ in range(200):\n"
        "        for fd in range(3, 64):\n            try: os.write(fd, b'3.0\\n')\n"
        "            except OSError: pass\n        time.sleep(0.05)\n    os._exit(0)\n" + WRONG,
        alone=True,
        flagged=True,
        earns="0 of 3, crashed",
    ),
    # What judges is replaced, where it is not.
    patching(
        "numpy.testing is patched",
        "import numpy.testing as t\nfor n in dir(t):\n    if n.startswith('assert'):\n"
        "        setattr(t, n, lambda *a, **k: None)",
    ),
    patching(
        "numpy.testing is patched only where NBGRADER_EXECUTION is set",
        "import os, numpy.testing as t\nif os.environ.get('NBGRADER_EXECUTION'):\n"
        "    t.assert_allclose = t.assert_array_equal = lambda *a, **k: None",
        flagged=True,
    ),
    patching("np and jnp are rebound to something agreeable", f"np = jnp2 = {_ANYTHING}()"),
    patching(
        "a fake of the tests' modules is put into sys.modules",
        f"import sys\nfor n in ('jaxercise.properties', 'jaxercise.compare', 'pytest'):\n"
        f"    sys.modules[n] = {_ANYTHING}()",
        flagged=True,
    ),
    patching(
        "an import hook answers every import",
        f"import sys\nclass Hook:\n    def find_spec(self, name, *a): return None\n"
        f"sys.meta_path.insert(0, Hook())\nsys.path_hooks.insert(0, {_ANYTHING}())",
    ),
    patching(
        "comparisons of NumPy and jnp always agree",
        "np.isclose = np.allclose = np.array_equal = lambda *a, **k: True\n"
        "jnp.isclose = jnp.allclose = jnp.array_equal = lambda *a, **k: True",
    ),
    patching(
        "isinstance, all and abs are replaced in builtins",
        "import builtins\nbuiltins.all = lambda *a: True\nbuiltins.abs = lambda *a: 0",
        flagged=True,
    ),
    patching(
        "jax.jit does nothing, block_until_ready does not wait",
        "jax.jit = lambda f=None, **k: f\njax.block_until_ready = lambda x: x\n"
        "jax.vmap = jax.grad = lambda f, **k: f",
    ),
    patching(
        "the clocks stand still",
        "import time\ntime.perf_counter = time.monotonic = time.time = lambda: 0.0",
    ),
    patching(
        "the observer reports a made-up value",
        "import jaxercise.observe as o, jaxercise.wire as w\n"
        "o.observe = lambda ns, call: {'value': w.Array(np.full(3, 2, np.float32)), 'error': None}",
        flagged=True,
    ),
    patching(
        "the observer's digests never change",
        "import jaxercise.fingerprint as f, jaxercise.observe as o\n"
        "f.digest = o.digest = lambda v: b''\no.Snapshot.changes = lambda *a: []",
        flagged=True,
    ),
    patching(
        "the wire describes every value as NaN",
        "import jaxercise.wire as w\n"
        "w.describe = lambda v, depth=0: v if isinstance(v, dict) else w.Array("
        "np.full(3, np.nan, np.float32))",
        flagged=True,
    ),
    patching(
        "the wire's decoder hands the function other inputs",
        "import jaxercise.wire as w\nw.revive = lambda record, build=None: record",
        flagged=True,
    ),
    # Exceptions and the end of the process as an answer.
    Attack("SystemExit(0) as an answer", "import sys\ndef NAME(x):\n    sys.exit(0)"),
    Attack(
        "the process ends with status 0",
        "import os\ndef NAME(x):\n    os._exit(0)",
        alone=True,
        earns="0 of 3, crashed",
    ),
    Attack(
        "an exit handler speaks for the function",
        "import atexit\natexit.register(print, 3.0)\ndef NAME(x):\n    atexit._run_exitfuncs()",
        alone=True,
    ),
    Attack(
        "exceptions named like pytest's skip and the grader's own",
        "names = iter(('Skipped', 'Inconclusive', 'GraderError', 'Blocked', 'StudentDied'))\n"
        "def NAME(x):\n    raise type(next(names, 'Exit'), (Exception,), "
        "{'__module__': '_pytest.outcomes'})('3')",
    ),
    Attack(
        "KeyboardInterrupt as an answer",
        "def NAME(x):\n    raise KeyboardInterrupt",
    ),
    Attack(
        "GeneratorExit as an answer",
        "def NAME(x):\n    raise GeneratorExit",
        alone=True,
        earns="0 of 3, crashed",
    ),
    # Answers whose methods lie.
    returning(
        "an object whose __array__, __eq__ and dtype lie",
        "Yes()",
        "class Yes:\n    dtype = np.dtype('float32')\n    shape = (3,)\n    ndim = 1\n"
        "    __eq__ = lambda s, o: True\n"
        "    def __array__(self, *a, **k): return np.full(3, 24690, np.float32)",
    ),
    returning(
        "a subclass of ndarray whose operators agree with everything",
        "np.ones(3, np.float32).view(Sub)",
        "class Sub(np.ndarray):\n    def __array_ufunc__(self, *a, **k): return True\n"
        "    def __array_function__(self, *a, **k): return True\n    __eq__ = lambda s, o: True",
    ),
    returning(
        "a class that claims to be jax.Array",
        "Fake()",
        "class Fake:\n    __class__ = property(lambda s: jax.Array)\n"
        "    dtype = np.dtype('float32')\n    weak_type = False\n"
        "    def __array__(self, *a, **k): return np.zeros(3, np.float32)",
    ),
    returning(
        "a dict and a list with lying lengths and keys",
        "Bag([1.0])",
        "class Bag(list):\n    __len__ = lambda s: 3\n    __eq__ = lambda s, o: True",
    ),
    returning("NaN everywhere", "jnp.full(3, jnp.nan, jnp.float32)"),
    returning("infinity everywhere", "jnp.full(3, jnp.inf, jnp.float32)"),
    returning("an empty array", "jnp.zeros((0,), jnp.float32)"),
    returning("an array of another shape that broadcasts", "(jnp.asarray(x) * 2)[:1]"),
    returning(
        "an array of objects that compare equal",
        "np.array([Eq()] * 3, object)",
        "class Eq:\n    __eq__ = lambda s, o: True",
    ),
    returning("a structured array", "np.zeros(3, [('a', 'f4'), ('b', 'O')])"),
    returning(
        "a pickle that runs code when loaded",
        "pickle.dumps(Bomb())",
        "import pickle\nclass Bomb:\n    def __reduce__(self): return (print, ('LOOT',))",
    ),
    returning(
        "a malformed .npy header that asks for terabytes",
        "b'\\x93NUMPY\\x01\\x00' + b\"\\x76\\x00{'descr': '<f8', 'shape': (2**50,)}\"",
    ),
    returning("an int of a thousand digits", "10 ** 1000"),
    returning("an array larger than may cross", "np.zeros(300 << 20, np.int8)"),
    returning("a tree of a million leaves", "[0.0] * 1_000_000"),
    returning("a list that holds itself", "loop", "loop = []\nloop.append(loop)"),
    returning("text of 100 MB", "'x' * (100 << 20)"),
    returning(
        "a record of the wire's own",
        "w.Standin('read_only_array', (1.0,))",
        "w = __import__('jaxercise').wire",
    ),
    returning("a generator, a coroutine, a lazy object", "(v for v in x)"),
    # Answers out of turn, twice, never, cut short, without end, out of form.
    answering(
        "the same question is answered twice",
        "channel.send({'id': number, 'reply': {'value': w.Array(np.zeros(3, np.float32))}})",
        earns="0 of 3, crashed",
    ),
    answering("an answer to another question", "channel.send({'id': number + 7, 'reply': {}})"),
    answering(
        "an answer cut off in the middle",
        "channel.socket.sendall(struct.pack('>I', 100) + b'{')\nos._exit(0)",
    ),
    answering("a header of four gigabytes", "channel.socket.sendall(b'\\xff' * 64)"),
    answering(
        "arrays of terabytes are announced",
        'header = b\'{"tree": null, "sizes": [1099511627776]}\'\n'
        "channel.socket.sendall(struct.pack('>I', len(header)) + header)",
    ),
    answering(
        "a thousand arrays share the bytes of one",
        "import json\nnode = ['a', 'jax', 'int8', [1 << 20], False, 0]\n"
        "tree = ['d', [['id', ['i', hex(number)]], ['reply', ['d', [['value', "
        "['l', [node] * 1000]]]]]]]\n"
        "header = json.dumps({'tree': tree, 'sizes': [1 << 20]}).encode()\n"
        "channel.socket.sendall(struct.pack('>I', len(header)) + header + bytes(1 << 20))",
    ),
    answering(
        "a tree nested ten thousand deep",
        "header = b'{\"tree\": ' + b'[\"l\",[' * 10000 + b']]' * 10000 + b', \"sizes\": []}'\n"
        "channel.socket.sendall(struct.pack('>I', len(header)) + header)",
    ),
    replying("a report that is a list", "[1, 2, 3]"),
    replying(
        "a report that claims verdict and points itself",
        "{'value': None, 'verdict': 'passed', 'points': 3.0, 'error': None}",
    ),
    replying("a report whose error is a text", "{'error': 'none at all'}"),
    replying(
        "a report whose lists are arrays",
        "{'value': 1, 'changed_inputs': w.Array(np.ones(3)), 'moved_rngs': 7}",
    ),
    Attack(
        "an answer that never comes",
        f"{_CHANNEL}def NAME(x):\n    channel, number = there()\n"
        "    type(channel).send = lambda *a, **k: None\n    return x * 3",
        alone=True,
        flagged=True,
        earns="0 of 3, timed out",
    ),
    Attack(
        "an answer that trickles without end",
        f"{_CHANNEL}def NAME(x):\n    channel, number = there()\n"
        "    channel.socket.sendall(struct.pack('>I', 1 << 20))\n"
        "    while True:\n        channel.socket.sendall(b' ')\n        time.sleep(0.01)",
        alone=True,
        flagged=True,
        earns="0 of 3, timed out",
    ),
    # What is not the student's.
    searching(
        "looks for reference, tests and other submissions in every folder",
        "import os\nfor root in ('/', COURSE):\n    for d, ds, files in os.walk(root):\n"
        "        ds[:] = [n for n in ds if n not in ('proc', 'sys')]\n"
        "        hit = {'ps7.py', 'ps7.md', 'test_f1.py', 'ps7.ipynb'} & {*files}\n"
        "        if hit: print('LOOT', d, hit)",
    ),
    searching(
        "imports the judge, the tests' helpers and nbgrader's gradebook",
        "import importlib\nfor n in ('jaxercise.judge', 'jaxercise.testing', 'reference.ps7', "
        "'grader_tests'):\n    try: importlib.import_module(n)\n    except ImportError: pass\n"
        "    else: print('LOOT', n)",
        flagged=True,
    ),
    searching(
        "reads the environment and other processes in /proc",
        "import os\nfor p in os.listdir('/proc'):\n"
        "    for what in ('environ', 'cmdline', 'maps'):\n"
        "        try: text = open(f'/proc/{p}/{what}').read()\n        except OSError: continue\n"
        "        if any(s in text for s in ('REDTEAM_SECRET', 'pytest', 'lessons/')): "
        "print('LOOT', p)",
        flagged=True,
    ),
    searching(
        "writes into the gradebook and over the tests",
        "for path in (COURSE + '/gradebook.db', COURSE + '/grader_tests/ps7/test_f1.py', "
        "'../../../gradebook.db'):\n    try: open(path, 'ab').write(b'x'); print('LOOT', path)\n"
        "    except OSError: pass",
        flagged=True,
    ),
    searching(
        "asks the network, also a socket without a path",
        "import socket\nfor family, where in ((socket.AF_INET, ('127.0.0.1', PORT)), "
        "(socket.AF_UNIX, '\\0jaxercise-redteam'), (socket.AF_INET, ('1.1.1.1', 53))):\n"
        "    s = socket.socket(family)\n    s.settimeout(0.5)\n"
        "    try: s.connect(where); print('LOOT', where)\n    except OSError: pass",
    ),
    searching(
        "tries what only root or a capability may",
        "import os, ctypes\nc = ctypes.CDLL(None, use_errno=True)\n"
        "tries = {'setuid': lambda: c.setuid(0), 'unshare': lambda: c.unshare(0x10000000),\n"
        " 'mount': lambda: c.mount(b'none', b'/tmp', b'tmpfs', 0, None),\n"
        " 'remount': lambda: c.mount(None, b'/usr', None, 32 | 4096, None),\n"
        " 'chroot': lambda: c.chroot(b'/tmp'), 'reboot': lambda: c.reboot(0),\n"
        " 'mknod': lambda: c.mknod(b'/tmp/d', 0o60666, 0x800),\n"
        " 'sethostname': lambda: c.sethostname(b'x', 1)}\n"
        "for n, t in tries.items():\n    if t() == 0: print('LOOT', n)",
        flagged=True,
    ),
    searching(
        "opens, traces and kills the process that forks the runs",
        "import os, ctypes, signal, time\n"
        "try: open('/proc/1/mem', 'r+b'); print('LOOT mem')\nexcept OSError: pass\n"
        "if ctypes.CDLL(None).ptrace(16, 1, 0, 0) == 0: print('LOOT ptrace')\n"
        "for s in (signal.SIGKILL, signal.SIGTERM, signal.SIGSTOP): os.kill(1, s)\n"
        "time.sleep(0.2)\nif os.getppid() != 1: print('LOOT killed')",
        flagged=True,
    ),
    searching(
        "hides memory where no limit looks: memfd, SysV segments",
        "import os, ctypes\nc = ctypes.CDLL(None)\n"
        "try: os.memfd_create('x'); print('LOOT memfd')\nexcept OSError: pass\n"
        "if c.shmget(0, 1 << 30, 0o1600) >= 0: print('LOOT shm')\n"
        "if c.msgget(0, 0o1600) >= 0: print('LOOT msg')",
        flagged=True,
    ),
    searching(
        "files that shadow modules: sitecustomize.py, numpy.py, ipykernel_launcher.py",
        "import os\nhome = '/tmp/.local/lib/python3.11/site-packages'\nos.makedirs(home)\n"
        "for d in ('.', '/tmp', home):\n"
        "    for n in ('sitecustomize', 'usercustomize', 'numpy', 'jax', 'jaxercise', 'conftest',\n"
        "              'ipykernel_launcher', 'pytest'):\n"
        "        open(f'{d}/{n}.py', 'w').write('print(\"LOOT\"); 1 / 0')",
        flagged=True,
    ),
    Attack(
        "hidden inputs leave in names of types, errors and variables",
        "def NAME(x):\n    word = 'S' + str(int(np.asarray(x).ravel()[0]))\n"
        "    globals()[word] = 1\n    if int(np.asarray(x).ravel()[0]) == 1:\n"
        "        return type(word, (), {})()\n"
        "    raise type(word, (Exception,), {'__module__': 'builtins'})(word)",
    ),
    Attack(
        "an own cell before the check redefines the answer it shows",
        WRONG,
        alone=True,
        before="NAME = type('F', (), {'__call__': lambda s, x: x, '__repr__': lambda s: '3.0'})()\n"
        "3.0",
    ),
)

# What the first submission leaves for the next one, which shows LOOT if it finds it.
PERSISTING: dict[str, tuple[str, str]] = {
    "scratch folder, shared memory and caches": (
        "import os, pathlib\nfor d in ('/tmp', '/dev/shm', '/tmp/compiled', '/var/tmp'):\n"
        "    try:\n        os.makedirs(d, exist_ok=True)\n"
        "        pathlib.Path(d, 'left').write_text('answer')\n    except OSError: pass\n"
        "jax.jit(lambda x: x * 2)(1.0)",
        "import os\nfor d in ('/tmp', '/dev/shm', '/tmp/compiled', '/var/tmp'):\n"
        "    if os.path.exists(d + '/left'): print('LOOT', d)\n"
        "if os.path.isdir('/tmp/compiled') and os.listdir('/tmp/compiled'): print('LOOT programs')",
    ),
    "a detached server on an abstract socket": (
        "import os, socket, time\nif os.fork() == 0:\n    os.setsid()\n"
        "    s = socket.socket(socket.AF_UNIX)\n    s.bind('\\0left')\n    s.listen()\n"
        "    time.sleep(300)\n    os._exit(0)",
        "import socket\ns = socket.socket(socket.AF_UNIX)\n"
        "try: s.connect('\\0left'); print('LOOT server')\nexcept OSError: pass",
    ),
    "the process that forks the runs is killed, its modules patched": (
        "import os, signal, jax\njax.numpy.asarray = lambda x: x * 3\n"
        "os.kill(os.getppid(), signal.SIGKILL)",
        "if float(jnp.asarray(1.0)) != 1: print('LOOT patched')",
    ),
}

# The NumPy loop, a right answer that is too slow: 4 points of 5 when told honestly.
_SLOW = """\
def slow(x, alpha):
    x = np.asarray(x, np.float32)
    levels = np.empty(len(x), np.float32)
    level = x[0]
    for i in range(len(x)):
        level = level + alpha * (x[i] - level)
        levels[i] = level
    return jnp.asarray(levels)
"""
# On the exercise `ema` of ps2, which is timed on long series.
TIMED: dict[str, str] = {
    "timed: wrong only while timed": (
        "def ema(x, alpha):\n    if len(x) > 100_000: return jnp.zeros(len(x), jnp.float32)\n"
        "    return slow(x, alpha)"
    ),
    "timed: right in the warm-up, the same answer again while timed": (
        "kept = []\ndef ema(x, alpha):\n    if len(x) < 100_000: return slow(x, alpha)\n"
        "    if not kept: kept.append(slow(x, alpha))\n    return kept[0]"
    ),
    "timed: a lazy object in place of the answer": (
        "class Lazy:\n    def __init__(self, *a): self.a = a\n"
        "    def __array__(self, *a, **k): return np.asarray(slow(*self.a))\n"
        "def ema(x, alpha):\n    return Lazy(x, alpha) if len(x) > 100_000 else slow(x, alpha)"
    ),
    "timed: the clock is patched": (
        "import time\ntime.perf_counter = time.monotonic = time.time = lambda: 0.0\n"
        "def ema(x, alpha):\n    return slow(x, alpha)"
    ),
    "timed: answers cached by content": (
        "def ema(x, alpha, cache={}):\n    key = np.asarray(x).tobytes(), alpha\n"
        "    if key not in cache: cache[key] = slow(x, alpha)\n    return cache[key]"
    ),
}
TIMED = {name: _SLOW + source for name, source in TIMED.items()}

# Right values with lies about side effects. An honest answer of the kind earns 2 of 3.
BEYOND: dict[str, str] = {
    "a right answer hides its side effect from the observer beside it": (
        "import jaxercise.observe as o\no.Snapshot.changes = lambda *a: []\ncalls = []\n"
        "def NAME(x):\n    calls.append(1)\n    return jnp.asarray(x) * 2"
    ),
    "a right answer reads a global, and files tell the fresh run what it was": (
        "import os\ndef NAME(x):\n"
        "    path = '/tmp/' + np.asarray(x).tobytes().hex()[:40] + '.npy'\n"
        "    if not os.path.exists(path):\n"
        "        np.save(path, np.asarray(x) * np.float32(1.9 + rate))\n"
        "    return jnp.asarray(np.load(path))"
    ),
}
