"""Cheats on one exercise, each a cell that pretends to answer twice x; all answers are wrong.

`NAME` in a source is the exercise. A case with `alone` changes the process that it shares
with the notebook's other exercises, so it gets a notebook to itself; the others share one.
What code finds that it should not have, it shows after the word LOOT.
"""

from __future__ import annotations

import textwrap
from dataclasses import dataclass

from tests.redteam.ledger import Row
from tests.small_course import WRONG


def code(text: str) -> str:
    """A cell's source, written indented."""
    return textwrap.dedent(text).strip("\n")


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


def patching(name: str, patch: str, flagged: bool = False, earns: str = "0 of 3") -> Attack:
    """Something in the student's process is replaced; the answer stays wrong."""
    return Attack(name, f"{patch}\n{WRONG}", alone=True, flagged=flagged, earns=earns)


def returning(name: str, expression: str, setup: str = "", earns: str = "0 of 3") -> Attack:
    """The answer is an object that lies."""
    return Attack(name, f"{setup}\ndef NAME(x):\n    return {expression}", earns=earns)


def searching(name: str, search: str, flagged: bool = False) -> Attack:
    """Code looks for what is not the student's and shows what it finds."""
    return Attack(name, f"{search}\n{WRONG}", flagged=flagged)


# What a function sees of the process that calls it: the channel and the question's number.
_CHANNEL = """\
import sys, struct, os, time
import jaxercise.wire.records as w
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


# Every report is forged as FORGE says, in which `word` spells the hidden input.
_FORGING = """\
import jaxercise.inside.observe as o
real = o.observe
def forged(namespace, call):
    report = real(namespace, call)
    word = 'S' + str(int(np.ravel(call.args[0].data)[0])) if call.args else 'S'
    FORGE
    return report
o.observe = forged
"""


def forging(name: str, forge: str, earns: str = "0 of 3") -> Attack:
    """What is reported of each call says what it should not."""
    return patching(name, _FORGING.replace("FORGE", forge), flagged=True, earns=earns)


_ANYTHING = "type('Any', (), {'__call__': lambda s, *a, **k: True, '__getattr__': lambda s, n: s})"

ATTACKS: tuple[Attack, ...] = (
    # What shows and runs cells is replaced.
    patching(
        "a hook after each cell clears it and shows 10.0",
        code(
            """
            from IPython.display import clear_output, display
            ip = get_ipython()
            ip.events.register('post_run_cell', lambda *a: (clear_output(), display(10.0)))
            ip.displayhook(10.0)
            """
        ),
    ),
    patching(
        "IPython's run_cell and run_cell_async are replaced",
        code(
            """
            from IPython.core.interactiveshell import InteractiveShell as S
            old = S.run_cell
            S.run_cell = lambda self, raw, **k: old(self, '3.0', **k)
            S.run_cell_async = S.run_cell
            """
        ),
        flagged=True,
    ),
    patching(
        "input and AST transformers empty every later cell",
        code(
            r"""
            import ast
            ip = get_ipython()
            ip.input_transformers_post.append(lambda lines: ['3.0\n'])
            class Empty(ast.NodeTransformer):
                def visit_Assert(self, node): return None
            ip.ast_transformers.append(Empty())
            """
        ),
    ),
    patching(
        "a comm message and a display update claim the score",
        code(
            """
            from IPython.display import display
            handle = display(1, display_id='check_NAME')
            handle.update(3.0)
            try:
                from comm import create_comm
                create_comm(target_name='grade', data={'score': 3}).send({'score': 3})
            except Exception: pass
            """
        ),
    ),
    patching(
        "a thread and a timer of an earlier cell show 3.0 late",
        code(
            """
            import threading, time
            from IPython.display import display
            def late():
                while True:
                    display(3.0); print(3.0); time.sleep(0.01)
            threading.Thread(target=late, daemon=True).start()
            """
        ),
    ),
    patching(
        "an asyncio task and a signal handler act during the call",
        code(
            """
            import asyncio, signal
            async def later():
                await asyncio.sleep(0)
                print(3.0)
            asyncio.get_event_loop_policy().new_event_loop()
            signal.signal(signal.SIGALRM, lambda *a: print(3.0))
            signal.setitimer(signal.ITIMER_REAL, 0.01, 0.01)
            """
        ),
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
        code(
            """
            import numpy.testing as t
            for n in dir(t):
                if n.startswith('assert'):
                    setattr(t, n, lambda *a, **k: None)
            """
        ),
    ),
    patching(
        "numpy.testing is patched only where NBGRADER_EXECUTION is set",
        code(
            """
            import os, numpy.testing as t
            if os.environ.get('NBGRADER_EXECUTION'):
                t.assert_allclose = t.assert_array_equal = lambda *a, **k: None
            """
        ),
        flagged=True,
    ),
    patching("np and jnp are rebound to something agreeable", f"np = jnp2 = {_ANYTHING}()"),
    patching(
        "a fake of the tests' modules is put into sys.modules",
        "import sys\n"
        "for n in ('jaxercise.checks.assertions', 'jaxercise.checks.compare', 'pytest'):\n"
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
        code(
            """
            import builtins
            builtins.all = lambda *a: True
            builtins.abs = lambda *a: 0
            """
        ),
        flagged=True,
    ),
    patching(
        "jax.jit does nothing, block_until_ready does not wait",
        code(
            """
            jax.jit = lambda f=None, **k: f
            jax.block_until_ready = lambda x: x
            jax.vmap = jax.grad = lambda f, **k: f
            """
        ),
    ),
    patching(
        "the clocks stand still",
        "import time\ntime.perf_counter = time.monotonic = time.time = lambda: 0.0",
    ),
    patching(
        "the observer reports a made-up value",
        "import jaxercise.inside.observe as o, jaxercise.wire.records as w\n"
        "o.observe = lambda ns, call: {'value': w.Array(np.full(3, 2, np.float32)), 'error': None}",
        flagged=True,
        earns="0 of 3, crashed",
    ),
    patching(
        "the observer never sees a change",
        code(
            """
            import jaxercise.inside.observe as o
            o.Snapshot.changes = o.process_state.changes = lambda *a: []
            """
        ),
        flagged=True,
    ),
    patching(
        "the wire describes every value as NaN",
        "import jaxercise.wire.records as w\n"
        "w.describe = lambda v, depth=0: v if isinstance(v, dict) else w.Array("
        "np.full(3, np.nan, np.float32))",
        flagged=True,
    ),
    patching(
        "the wire's decoder hands the function other inputs",
        "import jaxercise.wire.records as w\nw.revive = lambda record, build=None: record",
        flagged=True,
    ),
    # Exceptions and the end of the process as an answer.
    Attack(
        "SystemExit(0) as an answer",
        code(
            """
        import sys
        def NAME(x):
            sys.exit(0)
        """
        ),
    ),
    Attack(
        "the process ends with status 0",
        code(
            """
            import os
            def NAME(x):
                os._exit(0)
            """
        ),
        alone=True,
        earns="0 of 3, crashed",
    ),
    Attack(
        "an exit handler speaks for the function",
        code(
            """
            import atexit
            atexit.register(print, 3.0)
            def NAME(x):
                atexit._run_exitfuncs()
            """
        ),
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
    ),
    # Answers whose methods lie.
    returning(
        "an object whose __array__, __eq__ and dtype lie",
        "Yes()",
        code(
            """
            class Yes:
                dtype = np.dtype('float32')
                shape = (3,)
                ndim = 1
                __eq__ = lambda s, o: True
                def __array__(self, *a, **k): return np.full(3, 24690, np.float32)
            """
        ),
    ),
    returning(
        "a subclass of ndarray whose operators agree with everything",
        "np.ones(3, np.float32).view(Sub)",
        code(
            """
            class Sub(np.ndarray):
                def __array_ufunc__(self, *a, **k): return True
                def __array_function__(self, *a, **k): return True
                __eq__ = lambda s, o: True
            """
        ),
    ),
    returning(
        "a class that claims to be jax.Array",
        "Fake()",
        code(
            """
            class Fake:
                __class__ = property(lambda s: jax.Array)
                dtype = np.dtype('float32')
                weak_type = False
                def __array__(self, *a, **k): return np.zeros(3, np.float32)
            """
        ),
    ),
    returning(
        "a dict and a list with lying lengths and keys",
        "Bag([1.0])",
        code(
            """
            class Bag(list):
                __len__ = lambda s: 3
                __eq__ = lambda s, o: True
            """
        ),
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
        code(
            """
            import pickle
            class Bomb:
                def __reduce__(self): return (print, ('LOOT',))
            """
        ),
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
        "w = __import__('jaxercise').records",
    ),
    returning("a generator, a coroutine, a lazy object", "(v for v in x)"),
    # Answers out of turn, twice, never, cut short, without end, malformed.
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
    answering(
        "sizes that sum to more digits than Python writes",
        "size = b'9' * 4290\n"
        "header = b'{\"tree\": null, \"sizes\": [' + b', '.join([size] * 999) + b']}'\n"
        "channel.socket.sendall(struct.pack('>I', len(header)) + header)",
    ),
    answering(
        "a dict of a hundred thousand keys that collide",
        "import json\npairs = [[['i', hex(k * (2**61 - 1))], None] for k in range(90_000)]\n"
        "header = json.dumps({'tree': ['d', pairs], 'sizes': []}).encode()\n"
        "channel.socket.sendall(struct.pack('>I', len(header)) + header)",
    ),
    answering(
        "an answer to a question whose number is a text",
        "channel.send({'id': str(number), 'reply': {'value': 1}})",
    ),
    replying("an int of five thousand digits in a report", "{'value': 1 << 16000}"),
    replying("a report nested as deep as may cross", "{'error': eval('[' * 60 + ']' * 60)}"),
    replying("a report whose error has an int for a type", "{'error': {'type': 3, 'line': 'x'}}"),
    replying("a report that names a hundred thousand inputs", "{'changed_inputs': ['x'] * 90_000}"),
    answering(
        "the grader's own fault is claimed, with the inputs for a traceback",
        "text = b'S' + str(int(np.asarray(x)[0])).encode()\n"
        "channel.socket.sendall(b'FALT' + struct.pack('>I', len(text)) + text)",
        earns="0 of 3, grader error",
    ),
    answering(
        "the grader's own fault is claimed, of four gigabytes",
        "channel.socket.sendall(b'FALT' + b'\\xff' * 64)\nos._exit(0)",
        earns="0 of 3, crashed",
    ),
    # What a report says, in form, that a page might repeat: the hidden input in each field.
    forging(
        "hidden inputs in the names of changed inputs",
        "report['changed_inputs'] = [word]",
        earns="0 of 3, crashed",
    ),
    forging(
        "hidden inputs in the names of random generators",
        "report['moved_rngs'] = [word]",
        earns="0 of 3, crashed",
    ),
    forging("hidden inputs in the names of options", "report['changed_config'] = [word]"),
    forging("hidden inputs in the names of variables", "report['changed_globals'] = [word]"),
    forging("hidden inputs in the names of leaks", "report['leaked_tracers'] = [word]"),
    forging("hidden inputs in what is printed", "report['printed'] = word"),
    forging(
        "hidden inputs in how a key is used twice",
        "report['key_reuse'] = ('normal', word)",
        earns="0 of 3, crashed",
    ),
    forging(
        "hidden inputs in type and text of an error",
        "report['error'] = {'type': word, 'message': word, 'line': 12345, 'in_cell': True}",
    ),
    forging(
        "hidden inputs in the name that a NameError misses",
        "report['error'] = {'type': 'NameError', 'message': f\"name '{word}' is not defined\", "
        "'line': None, 'in_cell': True}",
    ),
    forging(
        "hidden inputs in the name of a module, and of a device",
        "report['error'] = {'type': 'RuntimeError', 'line': None, 'in_cell': False, 'message': "
        "f\"No module named '{word}'\" if len(word) > 4 else f'Unknown backend {word}.'}",
    ),
    forging(
        "halves of surrogate pairs in every text of a report",
        "word = chr(0xd800) + word; report.update(printed=word, changed_globals=[word], "
        "changed_config=[word], leaked_tracers=[word], value={word: word}, error={'type': word, "
        "'message': word, 'line': None, 'in_cell': False})",
    ),
    forging(
        "the library raises, with the inputs in what it says",
        "raise RuntimeError(word)",
        earns="0 of 3, grader error",
    ),
    patching(
        "numbers, halves of surrogate pairs and nothing for texts of an output",
        code(
            """
            odd = [2**13_000, chr(0xd800), None, 1.5, {}, [[]], b'x', True]
            for a in odd:
                for b in odd:
                    get_ipython().recorder.events += [
                        {'kind': 'stream', 'text': a, 'name': b}, {'kind': a, 'data': b},
                        {'kind': 'error', 'ename': 'E', 'evalue': 'v', 'traceback': [a, b]},
                        {'kind': 'display_data', 'data': {'text/plain': a, 'image/png': b}}]
            """
        ),
    ),
    Attack(
        "an odd record of where the cell stopped",
        code(
            """
            import jaxercise.inside.cells as c
            c._stopped = lambda error: {'line': 10**4000, 'type': chr(0xd800), 'message': '<b>'}
            1 / 0
            def NAME(x): pass
            """
        ),
        alone=True,
        flagged=True,
    ),
    Attack(
        "every signal for the process that forks the runs",
        code(
            """
            import os, signal
            def NAME(x):
                for number in range(1, 65):
                    try: os.kill(1, number)
                    except OSError: pass
                return x * 3
            """
        ),
        alone=True,
    ),
    Attack(
        "limits of files, processes and time for the process that forks the runs",
        code(
            """
            import resource
            def NAME(x):
                for what in (resource.RLIMIT_NOFILE, resource.RLIMIT_NPROC, resource.RLIMIT_CPU):
                    try: resource.prlimit(1, what, (0, 0))
                    except OSError: pass
                return x * 3
            """
        ),
        alone=True,
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
        code(
            """
            import os
            for root in ('/', COURSE):
                for d, ds, files in os.walk(root):
                    ds[:] = [n for n in ds if n not in ('proc', 'sys')]
                    hit = {'ps7.py', 'ps7.md', 'test_f1.py', 'ps7.ipynb'} & {*files}
                    if hit: print('LOOT', d, hit)
            """
        ),
    ),
    searching(
        "imports the judge, the tests' helpers and nbgrader's gradebook",
        code(
            """
            import importlib
            for n in ('jaxercise.grading.judge', 'jaxercise.grading.testing',
                      'reference.ps7', 'grader_tests'):
                try: importlib.import_module(n)
                except ImportError: pass
                else: print('LOOT', n)
            """
        ),
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
        code(
            """
            import os, ctypes
            c = ctypes.CDLL(None, use_errno=True)
            tries = {'setuid': lambda: c.setuid(0), 'unshare': lambda: c.unshare(0x10000000),
             'mount': lambda: c.mount(b'none', b'/tmp', b'tmpfs', 0, None),
             'remount': lambda: c.mount(None, b'/usr', None, 32 | 4096, None),
             'chroot': lambda: c.chroot(b'/tmp'), 'reboot': lambda: c.reboot(0),
             'mknod': lambda: c.mknod(b'/tmp/d', 0o60666, 0x800),
             'sethostname': lambda: c.sethostname(b'x', 1)}
            for n, t in tries.items():
                if t() == 0: print('LOOT', n)
            """
        ),
        flagged=True,
    ),
    searching(
        "opens, traces and kills the process that forks the runs",
        code(
            """
            import os, ctypes, signal, time
            try: open('/proc/1/mem', 'r+b'); print('LOOT mem')
            except OSError: pass
            if ctypes.CDLL(None).ptrace(16, 1, 0, 0) == 0: print('LOOT ptrace')
            for s in (signal.SIGKILL, signal.SIGTERM, signal.SIGSTOP): os.kill(1, s)
            time.sleep(0.2)
            if os.getppid() != 1: print('LOOT killed')
            """
        ),
        flagged=True,
    ),
    searching(
        "hides memory where no limit looks: memfd, SysV segments",
        code(
            """
            import os, ctypes
            c = ctypes.CDLL(None)
            try: os.memfd_create('x'); print('LOOT memfd')
            except OSError: pass
            if c.shmget(0, 1 << 30, 0o1600) >= 0: print('LOOT shm')
            if c.msgget(0, 0o1600) >= 0: print('LOOT msg')
            """
        ),
        flagged=True,
    ),
    searching(
        "files that shadow modules: sitecustomize.py, numpy.py, ipykernel_launcher.py",
        code(
            """
            import os
            home = '/tmp/.local/lib/python3.11/site-packages'
            os.makedirs(home)
            for d in ('.', '/tmp', home):
                for n in ('sitecustomize', 'usercustomize', 'numpy', 'jax', 'jaxercise', 'conftest',
                          'ipykernel_launcher', 'pytest'):
                    open(f'{d}/{n}.py', 'w').write('print("LOOT"); 1 / 0')
            """
        ),
        flagged=True,
    ),
    Attack(
        "hidden inputs leave in names of types, errors and variables",
        code(
            """
            def NAME(x):
                word = 'S' + str(int(np.asarray(x).ravel()[0]))
                globals()[word] = 1
                if int(np.asarray(x).ravel()[0]) == 1:
                    return type(word, (), {})()
                raise type(word, (Exception,), {'__module__': 'builtins'})(word)
            """
        ),
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
        code(
            """
            import os, pathlib
            for d in ('/tmp', '/dev/shm', '/tmp/compiled', '/var/tmp'):
                try:
                    os.makedirs(d, exist_ok=True)
                    pathlib.Path(d, 'left').write_text('answer')
                except OSError: pass
            jax.jit(lambda x: x * 2)(1.0)
            """
        ),
        "import os\nfor d in ('/tmp', '/dev/shm', '/tmp/compiled', '/var/tmp'):\n"
        "    if os.path.exists(d + '/left'): print('LOOT', d)\n"
        "if os.path.isdir('/tmp/compiled') and os.listdir('/tmp/compiled'): print('LOOT programs')",
    ),
    "a detached server on an abstract socket": (
        code(
            r"""
            import os, socket, time
            if os.fork() == 0:
                os.setsid()
                s = socket.socket(socket.AF_UNIX)
                s.bind('\0left')
                s.listen()
                time.sleep(300)
                os._exit(0)
            """
        ),
        code(
            r"""
            import socket
            s = socket.socket(socket.AF_UNIX)
            try: s.connect('\0left'); print('LOOT server')
            except OSError: pass
            """
        ),
    ),
    "the process that forks the runs is killed, its modules patched": (
        code(
            """
            import os, signal, jax
            jax.numpy.asarray = lambda x: x * 3
            os.kill(os.getppid(), signal.SIGKILL)
            """
        ),
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
        code(
            """
            def ema(x, alpha):
                if len(x) > 100_000: return jnp.zeros(len(x), jnp.float32)
                return slow(x, alpha)
            """
        )
    ),
    "timed: right in the warm-up, the same answer again while timed": (
        code(
            """
            kept = []
            def ema(x, alpha):
                if len(x) < 100_000: return slow(x, alpha)
                if not kept: kept.append(slow(x, alpha))
                return kept[0]
            """
        )
    ),
    "timed: a lazy object in place of the answer": (
        code(
            """
            class Lazy:
                def __init__(self, *a): self.a = a
                def __array__(self, *a, **k): return np.asarray(slow(*self.a))
            def ema(x, alpha):
                return Lazy(x, alpha) if len(x) > 100_000 else slow(x, alpha)
            """
        )
    ),
    "timed: the clock is patched": (
        code(
            """
            import time
            time.perf_counter = time.monotonic = time.time = lambda: 0.0
            def ema(x, alpha):
                return slow(x, alpha)
            """
        )
    ),
    "timed: threads keep the processors busy beside NumPy's turn": (
        code(
            """
            import threading
            def burn():
                block = np.ones((300, 300), np.float32)
                while True: block @ block
            for _ in range(2): threading.Thread(target=burn, daemon=True).start()
            def ema(x, alpha):
                return slow(x, alpha)
            """
        )
    ),
    "timed: processes of a moment that fork each other beside NumPy's turn": (
        code(
            """
            import os, time
            def burn():
                while True:
                    end = time.monotonic() + 0.04
                    while time.monotonic() < end: pass
                    if os.fork(): os._exit(0)
            for _ in range(2):
                if os.fork() == 0: os.setsid(); burn()
            def ema(x, alpha):
                return slow(x, alpha)
            """
        )
    ),
    "timed: a process without end starts each time the function is called": (
        code(
            """
            import os
            def ema(x, alpha):
                if len(x) > 100_000 and os.fork() == 0:
                    while True: pass
                return slow(x, alpha)
            """
        )
    ),
    "timed: processes that wake each other up, should anybody stop them": (
        code(
            """
            import os, signal
            def wake():
                while True:
                    try: os.kill(-1, signal.SIGCONT)
                    except OSError: pass
            signal.signal(signal.SIGCONT, lambda *a: None)
            for _ in range(2):
                if os.fork() == 0: os.setsid(); wake()
            def ema(x, alpha):
                return slow(x, alpha)
            """
        )
    ),
    "timed: answers cached by content": (
        code(
            """
            def ema(x, alpha, cache={}):
                key = np.asarray(x).tobytes(), alpha
                if key not in cache: cache[key] = slow(x, alpha)
                return cache[key]
            """
        )
    ),
}
TIMED = {name: _SLOW + source for name, source in TIMED.items()}

# Right values with lies about side effects. An honest answer of the kind earns 2 of 3.
BEYOND: dict[str, str] = {
    "a right answer hides its side effect from the observer beside it": (
        code(
            """
            import jaxercise.inside.observe as o
            o.Snapshot.changes = lambda *a: []
            calls = []
            def NAME(x):
                calls.append(1)
                return jnp.asarray(x) * 2
            """
        )
    ),
    "a right answer reads a global, and files tell the fresh run what it was": (
        code(
            """
            import os
            def NAME(x):
                path = '/tmp/' + np.asarray(x).tobytes().hex()[:40] + '.npy'
                if not os.path.exists(path):
                    np.save(path, np.asarray(x) * np.float32(1.9 + rate))
                return jnp.asarray(np.load(path))
            """
        )
    ),
}
