"""Code that takes more than its share: what it costs, and the words that say so.

The exercise is f1; `draw`, further down in the same notebook, is right and must stay so.
"""

from __future__ import annotations

from dataclasses import dataclass

from tests.redteam.attacks import code
from tests.redteam.ledger import Row
from tests.small_course import RIGHT

F1 = RIGHT.replace("NAME", "f1")


@dataclass(frozen=True)
class Limit:
    """The cell of f1, what it earns, and words that a reader of the page finds.

    `cell_s` is what a cell gets: twice as long where a bomb needs its time to go off.
    """

    name: str
    source: str
    earns: str
    says: str
    cell_s: float = 8

    @property
    def row(self) -> Row:
        return Row("limit", self.name, f"{self.earns}; the rest graded, nothing left running")


def in_a_cell(name: str, source: str, earns: str, says: str, cell_s: float = 8) -> Limit:
    return Limit(name, f"{source}\n{F1}", earns, says, cell_s)


def in_a_call(name: str, source: str, earns: str, says: str, before: str = "") -> Limit:
    body = "\n    ".join(source.splitlines())
    return Limit(name, f"{before}\ndef f1(x):\n    {body}\n    return x * 2", earns, says)


_SAYS_CELL, _SAYS_CALL = "did not finish within 4 s", "did not finish within 5 s"
_LATE, _DEAD = "0 of 3, timed out", "0 of 3, crashed"

LIMITS: tuple[Limit, ...] = (
    in_a_cell("an endless loop in a cell", "while True: pass", _LATE, _SAYS_CELL, 4),
    in_a_cell(
        "an endless loop that swallows exceptions and ignores signals",
        code(
            """
            import signal
            for s in set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP}:
                signal.signal(s, signal.SIG_IGN)
            while True:
                try:
                    while True: pass
                except BaseException: pass
            """
        ),
        _LATE,
        _SAYS_CELL,
        4,
    ),
    in_a_call("an endless loop in a call", "while True: pass", _LATE, _SAYS_CALL),
    in_a_call("sleeping forever in a call", "time.sleep(1e9)", _LATE, _SAYS_CALL, "import time"),
    in_a_call(
        "a compilation that takes minutes",
        code(
            """
            def many(v):
                for i in range(20_000): v = jnp.sin(v) * i + jnp.cos(v @ v)
                return v
            jax.jit(many)(jnp.ones((3, 3)))
            """
        ),
        _LATE,
        _SAYS_CALL,
    ),
    in_a_cell(
        "a memory bomb of ordinary arrays",
        "bomb = []\nwhile True: bomb.append(np.zeros(1 << 25))",
        "0 of 3",
        "MemoryError",
    ),
    in_a_cell(
        "a memory bomb of shared mappings",
        # MAP_POPULATE: the pages are there at once, which is quicker than to write each.
        "import mmap\nbomb, flags = [], mmap.MAP_SHARED | 0x8000\n"
        "while True: bomb.append(mmap.mmap(-1, 1 << 27, flags=flags))",
        _DEAD,
        "MiB of memory",
    ),
    in_a_call(
        "a memory bomb in a call",
        "bomb = []\nwhile True: bomb.append(np.zeros(1 << 25))",
        "0 of 3",
        "MemoryError",
    ),
    in_a_cell(
        "a fork bomb",
        code(
            """
            import os, time
            while True:
                try: os.fork()
                except OSError: time.sleep(0.01)
            """
        ),
        _DEAD,
        "more than 60 processes|MiB of memory",
    ),
    in_a_cell(
        "processes of a moment that fork each other without end",
        code(
            """
            import os, time
            if os.fork() == 0:
                os.setsid()
                while True:
                    time.sleep(0.02)
                    if os.fork(): os._exit(0)
            """
        ),
        "3 of 3",
        "",
    ),
    in_a_cell(
        "a thread bomb",
        "import threading, time\nwhile True: threading.Thread(target=time.sleep, args=(99,), "
        "daemon=True).start()",
        "0 of 3",
        "can&#39;t start new thread|can't start new thread|MemoryError",
    ),
    in_a_cell(
        "a gigabyte of output", "for _ in range(10): print('x' * (100 << 20))", "3 of 3", "too long"
    ),
    in_a_cell("a million small outputs", "print(*range(500_000), sep='\\n')", "3 of 3", "too long"),
    in_a_cell(
        "filling the disk",
        "with open('big', 'wb') as f:\n    while True: f.write(bytes(1 << 20))",
        "0 of 3",
        "No space left|File too large",
    ),
    in_a_cell(
        "filling shared memory",
        "with open('/dev/shm/big', 'wb') as f:\n    while True: f.write(bytes(1 << 20))",
        "0 of 3",
        "No space left",
    ),
    in_a_cell(
        "opening ten thousand files",
        "kept = [open('/dev/null') for _ in range(10_000)]",
        "0 of 3",
        "Too many open files",
    ),
    in_a_call("deep recursion", "return f1(x)", "0 of 3", "calls itself without end"),
    in_a_call(
        "a segmentation fault", "ctypes.string_at(0)", _DEAD, "ended the Python", "import ctypes"
    ),
    in_a_call(
        "a tree of pairs of pairs without end",
        code(
            """
            tree = x
            for _ in range(60): tree = (tree, tree)
            return tree
            """
        ),
        "0 of 3",
        "MemoryError|TooLarge",
    ),
    in_a_cell("input()", "name = input('name? ')", "0 of 3", "not defined|raw_input|input"),
    in_a_cell("the process ends at a cell", "import os\nos._exit(1)", _DEAD, "ended the Python"),
    in_a_call("the process ends at a check", "os._exit(1)", _DEAD, "ended the Python", "import os"),
    in_a_cell(
        "the process ends between cell and check",
        code(
            """
            import os, threading, time
            def end_before_the_next_check():
                while 'draw' not in globals(): time.sleep(0.01)
                os._exit(1)
            threading.Thread(target=end_before_the_next_check, daemon=True).start()
            """
        ),
        "3 of 3",
        "",
    ),
    in_a_cell(
        "the process is killed at its start, each time",
        code(
            """
            import os, signal
            os.kill(os.getppid(), signal.SIGKILL)
            os.kill(os.getpid(), 9)
            """
        ),
        _DEAD,
        "ended the Python process",
    ),
)
