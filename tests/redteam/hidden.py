"""Right answers that keep something between calls, each where one might not look.

They are no cheats: the tests of purity should see them, and withhold their points alone.
`NAME` in a source is the exercise.
"""

from __future__ import annotations

HIDDEN: dict[str, tuple[str, str]] = {
    "a namespace object": (
        "import types\nNAME_state = types.SimpleNamespace(n=0)",
        "NAME_state.n += 1",
    ),
    "a slot of a dataclass": (
        "import dataclasses\n@dataclasses.dataclass(slots=True)\nclass NAMEState:\n    n: int = 0\n"
        "NAME_state = NAMEState()",
        "NAME_state.n += 1",
    ),
    "an attribute of NumPy": ("np.NAME_calls = 0", "np.NAME_calls += 1"),
    "a bytearray": ("NAME_state = bytearray(1)", "NAME_state[0] += 1"),
    "a generator": (
        "def NAME_numbers():\n    n = 0\n    while True:\n        yield n\n        n += 1\n"
        "NAME_state = NAME_numbers()",
        "next(NAME_state)",
    ),
    "an iterator": ("NAME_state = iter([1] * 9999)", "next(NAME_state)"),
    "a callable object in a dict": (
        "class NAMECount:\n    n = 0\n    def __call__(self): self.n += 1\n"
        "NAME_tools = {'count': NAMECount()}",
        "NAME_tools['count']()",
    ),
    "a reference of JAX": (
        "NAME_state = jax.new_ref(jnp.zeros(()))",
        "NAME_state[...] = NAME_state[...] + 1",
    ),
    "the environment": ("import os", "os.environ['NAME'] = 'called'"),
    "a file that grows": ("", "open('NAME.txt', 'a').write('x')"),
    "NumPy's error state": ("", "np.seterr(divide='raise')"),
    "a log of the standard library": ("import logging", "logging.warning('called')"),
}


def keeping_state(name: str) -> str:
    """The cell of a right answer that keeps something there."""
    setup, step = HIDDEN[name]
    return f"{setup}\ndef NAME(x):\n    {step}\n    return jnp.asarray(x) * 2"
