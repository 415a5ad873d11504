"""How much of the CPUs is in use. Needs psutil, which a kernel of Jupyter's brings along."""

from __future__ import annotations

import os
from typing import Any

import psutil

# guest is part of user; what a hypervisor took counts as busy too.
_NOT_BUSY = ("iowait", "guest", "guest_nice")


def cpus() -> list[int]:
    """The CPUs that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return sorted(os.sched_getaffinity(0))
    return list(range(os.cpu_count() or 1))


def busy_s() -> float:
    """CPU seconds used so far, by whatever program, on the CPUs that this process may use."""
    times = psutil.cpu_times(percpu=True)
    return sum(_busy(times[cpu]) for cpu in cpus() if cpu < len(times))


def _busy(times: Any) -> float:
    """CPU seconds of one entry of `psutil.cpu_times`, a tuple of seconds by name."""
    return sum(times) - times.idle - sum(getattr(times, n, 0) for n in _NOT_BUSY)
