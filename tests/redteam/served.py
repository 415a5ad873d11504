"""Cheats through the compiled programs that a sandbox is served.

Each is a cell as in attacks.py. `CHECKED` are keys that nobody could know: those of what hidden
tests compile.
"""

from __future__ import annotations

from tests.redteam.attacks import code
from tests.small_course import WRONG

_WRONG = WRONG.replace("NAME", "f1")
_CACHE = code(
    """
    jnp.ones(3) + 1
    from jax._src import compilation_cache
    programs = compilation_cache._cache
    def get(key):
        try: return programs.get(key)
        except Exception: return None
    """
)
_LISTS = code(
    """
    digest = '0' * 64
    names = ['', '*', '%', '.', '..', '/', 'jit_f', 'jit__multiply', 'checked/', 'a' * 60_000]
    for name in names:
        for key in (name, f'{name}-', f'{name}-{digest}', f'{name}-*'):
            if get(key): print('LOOT', key)
    for key in CHECKED:
        for part in (key[:-1], key[:-8], key[:20], key.upper(), key + '0', f'../checked/{key}'):
            if get(part): print('LOOT', part)
    """
)
_PROBES = code(
    """
    for key in CHECKED:
        if get(key): print('LOOT', key)
    """
)
_REPLACES = code(
    """
    for key in CHECKED:
        try: programs.put(key, b'not a program')
        except Exception: pass
    """
)
_FLOODS = code(
    """
    for number in range(6000):
        if get(f'jit_f-{number:064x}'): print('LOOT', number)
    """
)

# What they do -> their cell, all with a wrong answer.
CHEATS = {
    "served programs: lists them, and asks by parts of keys": f"{_CACHE}\n{_LISTS}\n{_WRONG}",
    "served programs: asks in a shown cell for what hidden tests compile": (
        f"{_CACHE}\n{_PROBES}\n{_WRONG}"
    ),
    "served programs: puts others under the same keys": f"{_CACHE}\n{_REPLACES}\n{_WRONG}",
    "served programs: asks without end": f"{_CACHE}\n{_FLOODS}\n{_WRONG}",
}
AFTERWARDS = "served programs: an honest student after all of these"
EXPECTED = "nothing found, 0 of 3"
