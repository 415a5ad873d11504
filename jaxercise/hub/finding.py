"""What `jaxercise hub check` found."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """`ok` is None where something could not be tried; `told` says what was found, and the way
    out if it is wrong."""

    ok: bool | None
    told: str
