"""Conditions to measure under: other programs that keep the processors busy, or do so in bursts."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator

CONDITIONS = ("idle", "one core busy", "all cores busy", "bursts")

# Each ends with the program that started it, however that ended.
_SPIN = """
import os, sys
os.sched_setaffinity(0, {int(sys.argv[1])})
parent = os.getppid()
while os.getppid() == parent: pass
"""
# Busy and idle in turn, for exponentially distributed times: 0.4 s and 0.8 s on average.
_BURSTS = """
import os, random, sys, time
os.sched_setaffinity(0, {int(sys.argv[1])})
random.seed(int(sys.argv[1]))
parent = os.getppid()
while os.getppid() == parent:
    end = time.monotonic() + random.expovariate(1 / 0.4)
    while time.monotonic() < end: pass
    time.sleep(random.expovariate(1 / 0.8))
"""


@contextlib.contextmanager
def load(condition: str) -> Iterator[None]:
    """Keep the processors as busy as `condition` says while the block runs."""
    cpus = sorted(os.sched_getaffinity(0))
    programs = {
        "idle": [],
        "one core busy": [(_SPIN, cpus[0])],
        "all cores busy": [(_SPIN, cpu) for cpu in cpus],
        "bursts": [(_BURSTS, cpu) for cpu in cpus],
    }[condition]
    started = [subprocess.Popen([sys.executable, "-c", p, str(cpu)]) for p, cpu in programs]
    try:
        yield
    finally:
        for process in started:
            process.kill()
            process.wait()
