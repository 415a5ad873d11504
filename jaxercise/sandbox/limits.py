"""What a sandbox may use, whatever confines it."""

from __future__ import annotations

import os
from dataclasses import dataclass

_THREADS_PER_CORE = 16


@dataclass(frozen=True)
class Limits:
    """What one submission may use: memory in MiB, times in seconds of wall clock."""

    data_mb: int = 4096
    resident_mb: int = 6144
    scratch_mb: int = 512
    shared_mb: int = 64
    file_mb: int = 256
    processes: int = 256
    open_files: int = 512
    cell_s: float = 60.0
    call_s: float = 40.0
    notebook_s: float = 600.0


def tasks(limits: Limits) -> int:
    """The limit on processes and threads together, as the kernel counts them."""
    # JAX starts some threads for every core in every run.
    return limits.processes + _THREADS_PER_CORE * (os.cpu_count() or 1)
