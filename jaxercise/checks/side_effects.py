"""The assertion that a call had no side effects."""

from __future__ import annotations

from collections.abc import Iterable

from jaxercise.checks.observation import Observation
from jaxercise.checks.outcome import fail
from jaxercise.inside.process_state import SETTINGS


def assert_no_side_effects(seen: Observation) -> None:
    """The call changed no input, global variable, random state or setting, and printed nothing."""
    name = seen.name
    if seen.changed_inputs:
        fail(
            f"{name} changes its {' and '.join(seen.changed_inputs)}: the caller's data must stay "
            "as it was. Likely cause: an assignment such as x[i] = ... or x += ... on the input, a "
            "method that changes it, such as append or pop, or donate_argnums; build a new value "
            "instead."
        )
    if seen.changed_globals:
        fail(
            f"{name} changes something outside itself: {_names(seen.changed_globals)}. "
            "Likely cause: a `global`, a mutable default argument, or a list, dict or other object "
            "that outlives the call; take state as an argument and return the new state."
        )
    if seen.moved_rngs:
        fail(
            f"{name} draws from the hidden state of {' and '.join(seen.moved_rngs)}; draw only "
            "from the key or the seed that it is given."
        )
    if seen.changed_config:
        fail(
            f"{name} changes {_names(seen.changed_config, 'an option')} of jax for everyone. "
            "Use a context such as `with jax.enable_x64(True):` inside the function."
        )
    if changed := [each for each in SETTINGS if each in seen.changed_settings]:
        fail(
            f"{name} changes {' and '.join(changed)} for everyone. A pure function leaves the "
            "world around it as it was: return what is to be known, and change settings inside a "
            "`with` that brings them back, such as `with np.errstate(...):`."
        )
    if seen.printed:
        fail(f"{name} prints; a pure function only returns. Remove the print.")
    if seen.leaked_tracers:
        fail(
            f"{name} leaves a traced value behind in {_names(seen.leaked_tracers)}. Likely cause: "
            "a variable outside the function is assigned while it is being traced."
        )


def _names(names: Iterable[str], unnamed: str = "a variable") -> str:
    return ", ".join(sorted(n for n in names if n.isidentifier())[:4]) or unnamed
