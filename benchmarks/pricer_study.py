"""How fast the option pricer can be in JAX on this machine's CPUs, and what limits it.

    python benchmarks/pricer_study.py [--paths 2000000] [--out docs]

Writes pricer.md: what each change to the clear pricer gives, and how far the fastest is from
what the machine can do at best: draw the random bits, turn them into normal numbers, and
move the arrays through memory.
"""

from __future__ import annotations

import argparse
import os
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import jax

# One virtual device a core: set before anything asks JAX for its devices.
_CPUS = len(os.sched_getaffinity(0))
jax.config.update("jax_platforms", "cpu")
jax.config.update("jax_num_cpu_devices", _CPUS)

import jax.numpy as jnp  # noqa: E402
import numpy as np  # noqa: E402
from experiments import machine  # noqa: E402
from jax import random  # noqa: E402
from pricers import N_STEPS, PARAMS, fastest, jax_blocked, jax_clear, numpy_vectorised  # noqa: E402

_REPEATS = 7
_DRAWS = 8_000_000
_BLOCK = fastest(np.float32)["block"]


def seconds(call: Callable[[], object]) -> float:
    """Median of the calls after the first."""
    call()
    taken = []
    for _ in range(_REPEATS):
        started = time.perf_counter()
        jax.block_until_ready(call())
        taken.append(time.perf_counter() - started)
    return statistics.median(taken)


def variants(n_paths: int) -> dict[str, Callable[[], object]]:
    whole = PARAMS, N_STEPS, n_paths, jnp.float32
    found: dict[str, Callable[[], object]] = {
        "NumPy, vectorised": lambda: numpy_vectorised(0, PARAMS, N_STEPS, n_paths, np.float32)
    }
    for impl in ("threefry2x32", "rbg", "unsafe_rbg"):
        key = random.key(0, impl=impl)
        found[f"clear, {impl}"] = lambda key=key: jax_clear(key, *whole)
    key = random.key(0)
    for normals in ("inverse", "polar", "quadrant"):
        for block in (2048, 8192, 32768, 131072):
            options = {"block": block, "normals": normals}
            found[f"blocks of {block}, {normals}, threefry2x32"] = lambda options=options: (
                jax_blocked(key, *whole, **options)
            )
    rbg = random.key(0, impl="rbg")
    found[f"blocks of {_BLOCK}, quadrant, rbg"] = lambda: jax_blocked(
        rbg, *whole, **fastest(np.float32)
    )
    return found


def limits() -> dict[str, float]:
    """Rates of the parts by themselves, over all cores: a device each, as the pricer does."""
    per_device = _DRAWS // _CPUS // _BLOCK
    keys = random.split(random.key(0), (_CPUS, per_device))

    def rate(draw: Callable) -> float:
        mesh = jax.make_mesh((_CPUS,), ("cpu",), axis_types=(jax.sharding.AxisType.Auto,))
        spec = jax.sharding.PartitionSpec("cpu")

        def of_device(keys):
            # The sum keeps XLA from dropping the work, and nothing is written to memory.
            return jax.lax.map(lambda key: draw(key).sum(), keys[0])[None]

        mapped = jax.shard_map(of_device, mesh=mesh, in_specs=spec, out_specs=spec, check_vma=False)
        compiled = jax.jit(mapped)
        return _CPUS * per_device * _BLOCK / seconds(lambda: compiled(keys))

    x = jnp.ones(2**26, jnp.float32)
    copy = jax.jit(lambda x: x + 1)
    return {
        "random bits": 32 * rate(lambda key: random.bits(key, (_BLOCK,), jnp.uint32)),
        "normals": rate(lambda key: random.normal(key, (_BLOCK,))),
        "bytes of memory": 2 * x.nbytes / seconds(lambda: copy(x)),
    }


def page(n_paths: int, times: dict[str, float], rates: dict[str, float]) -> str:
    normals = 2 * N_STEPS * n_paths
    # s and h, read and written once a step, in the clear pricer; blocks stay in the cache.
    moved = 4 * 4 * N_STEPS * n_paths
    clear_s, best_name = times["clear, threefry2x32"], min(times, key=lambda name: times[name])
    best_s = times[best_name]
    about = ", ".join(f"{name} {value}" for name, value in machine("").items())
    rows = "\n".join(
        f"| {name} | {s:.3f} | {clear_s / s:.2f} | {normals / s / 1e6:.0f} |"
        for name, s in times.items()
    )
    floor = {
        "random bits": 32 * normals / rates["random bits"],
        "normals": normals / rates["normals"],
    }
    return f"""# How fast the option pricer can be

Made by `python benchmarks/pricer_study.py` on: {about}. {n_paths:,} paths of {N_STEPS} steps in float32, so {normals:,} normal numbers.

| variant | seconds | times the clear one's speed | million normals a second |
|---|---|---|---|
{rows}

*Clear* is the pricer of the course: whole arrays, two keys a step. *Blocks* runs the same steps for a block of paths that stays in a core's cache, block after block, each core on its own share. *Inverse* is `jax.random.normal`, which inverts the error function; *polar* is Box and Muller's pair of a logarithm, a root, a sine and a cosine; *quadrant* the same with short polynomials in the place of sine and cosine.

| limit, all cores | rate | the pricer would take |
|---|---|---|
| random bits (threefry2x32), summed and thrown away | {rates["random bits"] / 1e9:.2f} Gbit/s | {floor["random bits"]:.3f} s |
| normals (`jax.random.normal`), summed and thrown away | {rates["normals"] / 1e6:.0f} million/s | {floor["normals"]:.3f} s |
| memory, read and written | {rates["bytes of memory"] / 1e9:.1f} GB/s | {moved / rates["bytes of memory"]:.3f} s for the state of the clear pricer, none for blocks |

The fastest, {best_name}, takes {best_s:.3f} s: {best_s / floor["normals"]:.2f} times what its normal numbers alone take, and {best_s / floor["random bits"]:.2f} times what their bits take.
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--paths", type=int, default=2_000_000)
    parser.add_argument("--out", type=Path, default=Path(__file__).resolve().parent.parent / "docs")
    options = parser.parse_args()
    times = {}
    for name, call in variants(options.paths).items():
        times[name] = seconds(call)
        print(f"{name}: {times[name]:.3f} s", flush=True)
    (options.out / "pricer.md").write_text(page(options.paths, times, limits()), encoding="utf-8")


if __name__ == "__main__":
    main()
