"""The students' part where the default device is not the CPU.

A second CPU device stands in for a GPU. What a GPU rounds differently cannot be shown so, but that
the checks do not run on it can. `make test-students DEVICE=accelerator` does the same with all
notebooks.
"""

from __future__ import annotations

import os
import subprocess
import sys

from jaxercise.inside import process_state
from tests.students import ROOT

AS_ON_A_GPU = """
import jax
import jax.numpy as jnp
import numpy as np
from jaxercise import check, example, faster
from tests.students import pretend_accelerator
pretend_accelerator()
cpu, gpu = jax.devices()
"""
ONE_CHECK = """
weights = jnp.arange(3.0)  # on the GPU, as a notebook's other cells leave it
x = jnp.ones(3)
assert weights.devices() == x.devices() == {gpu}
used = set()

def weigh(x):
    y = x * weights
    if not isinstance(y, jax.core.Tracer):
        used.update(y.devices())
    return y

double = jax.jit(lambda x: 2 * x)

check(
    weigh,
    example(x, gives=jnp.arange(3.0)),
    example(x, where=lambda y: y.devices() == {cpu}, says="a result on the CPU"),
    faster(than=lambda x: x * np.arange(3), times=1e-9, on=lambda rng: (jnp.ones(3),)),
)
check(double, example(x, gives=2 * x))
assert used == {cpu}, used
assert jnp.ones(3).devices() == double(x).devices() == {gpu}, "the cells after it are as before"
"""


def on_two_devices(code: str) -> str:
    environment = {**os.environ, "XLA_FLAGS": "--xla_force_host_platform_device_count=2"}
    environment.pop("JAX_PLATFORMS", None)
    done = subprocess.run(
        [sys.executable, "-c", AS_ON_A_GPU + code],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_checks_and_estimates_run_on_the_cpu() -> None:
    said = on_two_devices(ONE_CHECK)
    assert said.count("✓ passed [correctness]") == 2
    assert said.count("✓ passed [purity]") == 2
    assert "✓ passed [speed]" in said
    assert "✗" not in said


def test_where_jax_has_only_an_accelerator_checks_run_there() -> None:
    said = on_two_devices(
        "def none(**_): raise RuntimeError('Unknown backend cpu')\n"
        "jax.local_devices = none\n"
        "check(lambda x: 2 * x, example(3.0, gives=6.0))\n"
    )
    assert said.count("✓ passed") == 2


def test_where_the_cpu_is_the_default_nothing_is_set() -> None:
    assert process_state.cpu_beside_accelerator() is None
