"""How many exercises of a set pass their visible checks, as far as this kernel has seen."""

from __future__ import annotations


class Progress:
    """Counts exercises by name; knows nothing of files or of other kernels."""

    def __init__(self) -> None:
        self._passes: dict[str, bool] = {}

    def name(self, *exercises: str) -> None:
        """Name the exercises of the set; what is known of them stays."""
        self._passes = {name: self._passes.get(name, False) for name in exercises}

    def note(self, name: str, passes: bool) -> str:
        """Note how an exercise did; the line to show, empty for a function of no exercise."""
        if name not in self._passes:
            return ""
        self._passes[name] = passes
        done = sum(self._passes.values())
        return f"Exercises of this set whose visible checks pass: {done} of {len(self._passes)}."


# Of this kernel: a cell that is run again goes on counting.
_progress = Progress()
note = _progress.note


def progress(*exercises: str) -> None:
    """Name the exercises of this notebook, so that each `check` says how many of them pass.

    Its place is the notebook's first code cell; `jaxercise build` compares the names.
    """
    _progress.name(*exercises)
