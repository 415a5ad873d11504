"""Cheats against a batch on two judges, and against the verdicts that are kept.

Each is a cell as in attacks.py, of a student in the class of test_batch.py. `STORE` is the
folder of kept verdicts, `SECRET` stands in the notebooks of the honest students, and `KEPT` is
the key of the first one's verdict.
"""

from __future__ import annotations

from tests.redteam.attacks import code
from tests.small_course import RIGHT, WRONG

_RIGHT, _WRONG = RIGHT.replace("NAME", "f1"), WRONG.replace("NAME", "f1")
SECRET = "the honest student's own words"

_WRITES = code(
    """
    import glob, os
    folders = STORE, os.path.dirname(STORE), os.path.expanduser('~/.cache/jaxercise')
    for folder in folders:
        if glob.glob(folder + '/*'): print('LOOT', folder)
    for folder in folders:
        # In the sandbox's own /tmp this may work.
        for name in (KEPT[:2] + '/' + KEPT + '.json', KEPT[:2] + '/new.json'):
            path = os.path.join(folder, name)
            try:
                os.makedirs(os.path.dirname(path), exist_ok=True)
                open(path, 'w').write('{}')
            except OSError: pass
    """
)
# For as long as another judge is at work on an honest notebook.
_LOOKS = code(
    """
    import os, time
    words = ' '.join(['the', 'honest', "student's", 'own', 'words']).encode()
    ours, end = str(os.getpid()), time.monotonic() + 2
    def texts():
        for folder in ('/tmp', '/dev/shm', '/var/tmp', '/run', '/home', '/root'):
            for at, _, names in os.walk(folder):
                yield from (os.path.join(at, name) for name in names)
        for pid in os.listdir('/proc'):
            if pid.isdigit() and pid != ours:
                yield from (f'/proc/{pid}/{what}' for what in ('cmdline', 'environ'))
    while time.monotonic() < end:
        for path in texts():
            try: found = words in open(path, 'rb').read(1 << 20)
            except OSError: continue
            if found: print('LOOT', path)
            if time.monotonic() > end: break
        time.sleep(0.2)
    """
)
_BREAKS = code(
    """
    import os, signal, threading
    print('x' * 30_000_000)
    for _ in range(40):
        if os.fork() == 0:
            while True: pass
    def f1(x):
        for pid in (os.getppid(), 1, -1):
            try: os.kill(pid, signal.SIGKILL)
            except OSError: pass
        os._exit(1)
    """
)
_LEAVES = code(
    """
    import os, subprocess
    CALLED = []
    def f1(x):
        CALLED.append(x)
        for folder in ('/tmp', '/dev/shm'): open(folder + '/left', 'w').close()
        subprocess.Popen(['/bin/sleep', '300'], start_new_session=True)
        return jnp.asarray(x) * 2
    """
)
_FINDS = code(
    """
    def f2(x):
        others = [pid for pid in os.listdir('/proc') if pid.isdigit()]
        sleeping = any('sleep' in open(f'/proc/{pid}/cmdline').read() for pid in others)
        left = any(os.path.exists(d + '/left') for d in ('/tmp', '/dev/shm'))
        return jnp.asarray(x) * (2 if CALLED or left or sleeping else 3)
    """
)

# Student -> (what they do, their cells by exercise, what they earn in the exercise of the last).
CHEATS: dict[str, tuple[str, dict[str, str], str]] = {
    "writes": (
        "on two judges: reads and writes the folder of kept verdicts",
        {"f1": f"{_WRITES}\n{_WRONG}"},
        "nothing found, 0 of 3",
    ),
    "looks": (
        "on two judges: looks for the notebook that is judged beside it",
        {"f1": f"{_LOOKS}\n{_WRONG}"},
        "nothing found, 0 of 3",
    ),
    "breaks": (
        "on two judges: fills its cell, fills the processors, ends all processes that it can",
        {"f1": _BREAKS},
        "nothing found, 0 of 3",
    ),
    "claims": (
        "kept verdicts: a wrong answer that claims the key of a right one",
        {"f1": f"# {'KEPT'}\n_KEY = KEPT\n{_WRONG}"},
        "nothing found, 0 of 3",
    ),
    "joins": (
        "kept verdicts: the text of a right notebook, cut elsewhere",
        {"before f1": f"# {SECRET}", "f1": f"'''\n{_RIGHT}\n'''\n{_WRONG}"},
        "nothing found, 0 of 3",
    ),
    "carries": (
        "kept by exercise: leaves files, a process and objects for the next exercise",
        {"f1": _LEAVES, "f2": _FINDS},
        "nothing found, 0 of 3",
    ),
}
# What the class as a whole shows.
TOGETHER = (
    "on two judges: honest students beside all of these",
    "kept verdicts: all of these again",
)
