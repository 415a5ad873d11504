"""How many exercises of a set pass their visible checks, as far as this kernel has seen."""

from __future__ import annotations

from collections.abc import Collection


class Progress:
    """Counts exercises by name; knows nothing of files or of other kernels."""

    def __init__(self) -> None:
        self._passes: dict[str, bool] = {}
        self._extra: frozenset[str] = frozenset()

    def name(self, *exercises: str, extra: Collection[str] = ()) -> None:
        """Name the exercises of the set, and those for extra credit; what is known stays."""
        self._passes = {name: self._passes.get(name, False) for name in (*exercises, *extra)}
        self._extra = frozenset(extra)

    def note(self, name: str, passes: bool) -> str:
        """Note how an exercise did; the line to show, empty for a function of no exercise."""
        if name not in self._passes:
            return ""
        self._passes[name] = passes
        extra = f"; for extra credit: {self._count(True)}" if self._extra else ""
        return f"Exercises of this set whose visible checks pass: {self._count(False)}{extra}."

    def _count(self, extra: bool) -> str:
        passes = [done for name, done in self._passes.items() if (name in self._extra) == extra]
        return f"{sum(passes)} of {len(passes)}"


# Of this kernel: a cell that is run again goes on counting.
_progress = Progress()
note = _progress.note


def progress(*exercises: str, extra: Collection[str] = ()) -> None:
    """Name the exercises of this notebook, so that each `check` says how many of them pass.

    Those for extra credit, `extra`, are counted apart.

    Its place is the notebook's first code cell; `jaxercise build` compares the names.
    """
    _progress.name(*exercises, extra=extra)
