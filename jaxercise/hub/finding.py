"""What `jaxercise hub check` found."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """`ok` is None where something could not be tried; `told` says what was found, and the way
    out if it is wrong."""

    ok: bool | None
    told: str


def count(number: int, what: str) -> str:
    """Such as "1 student" or "2 students"."""
    return f"{number} {what}{'' if number == 1 else 's'}"
