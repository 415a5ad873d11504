"""How fast the option pricer can be in JAX on this machine's CPUs, and what limits it.

    python benchmarks/pricer_study.py [--paths 2000000] [--out docs]

Writes pricer.md: what each change to the clear pricer gives, and how far the fastest is from
what the machine can do at best: draw the random bits, turn them into normal numbers, and
move the arrays through memory.
"""

from __future__ import annotations

import argparse
import functools
import os
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

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

_ROUNDS = 9
BITS, NORMALS, MEMORY = "random bits", "normals", "bytes of memory"
_BLOCKS = (2048, 8192, 32768, 131072)


def seconds(calls: dict[str, Callable[[], object]]) -> dict[str, float]:
    """Median seconds of each call over rounds in which all take their turn, after a first one."""
    taken: dict[str, list[float]] = {name: [] for name in calls}
    order, shuffle = list(calls), np.random.default_rng(0).shuffle
    for number in range(_ROUNDS + 1):
        print(f"round {number} of {_ROUNDS}", flush=True)
        for name in order:
            started = time.perf_counter()
            jax.block_until_ready(calls[name]())
            if number:
                taken[name].append(time.perf_counter() - started)
        shuffle(order)
    return {name: statistics.median(found) for name, found in taken.items()}


def variants(n_paths: int) -> dict[str, Callable[[], object]]:
    """The pricers, by name."""
    whole = PARAMS, N_STEPS, n_paths, jnp.float32
    found: dict[str, Callable[[], object]] = {
        "NumPy, vectorised": lambda: numpy_vectorised(0, PARAMS, N_STEPS, n_paths, np.float32)
    }
    for impl in ("threefry2x32", "rbg", "unsafe_rbg"):
        key = random.key(0, impl=impl)
        found[f"clear, {impl}"] = lambda key=key: jax_clear(key, *whole)
    key = random.key(0)
    for normals in ("inverse", "polar", "quadrant"):
        for block in _BLOCKS:
            found[f"blocks of {block}, {normals}, threefry2x32"] = functools.partial(
                jax_blocked, key, *whole, block=block, normals=normals
            )
    rbg, options = random.key(0, impl="rbg"), fastest(np.float32)
    found[f"blocks of {options['block']}, {options['normals']}, rbg"] = lambda: jax_blocked(
        rbg, *whole, **options
    )
    return found


def limits(n_paths: int) -> dict[str, Callable[[], object]]:
    """What cannot be left out, by itself: the pricer's draws, and a pass over memory.

    The draws are added up in a block of paths, as the pricer adds them to its prices, so that
    they neither go through memory nor are dropped by XLA.
    """
    block, key = fastest(np.float32)["block"], random.key(0)
    keys = random.split(key, (_CPUS, -(-n_paths // (block * _CPUS))))
    mesh = jax.make_mesh((_CPUS,), ("cpu",), axis_types=(jax.sharding.AxisType.Auto,))
    spec = jax.sharding.PartitionSpec("cpu")

    def drawn(draw: Callable, dtype: Any) -> Callable[[], object]:
        def of_block(key):
            def step(t, total):
                first, second = draw(random.fold_in(key, t))
                return total + (first ^ second if dtype == jnp.uint32 else first + second)

            return jax.lax.fori_loop(0, N_STEPS, step, jnp.zeros(block, dtype)).sum()

        def of_device(keys):
            return jax.lax.map(of_block, keys[0])[None]

        mapped = jax.shard_map(of_device, mesh=mesh, in_specs=spec, out_specs=spec, check_vma=False)
        compiled = jax.jit(mapped)
        return lambda: compiled(keys)

    x = jnp.ones(2**26, jnp.float32)
    copy = jax.jit(lambda x: x + 1)
    return {
        BITS: drawn(lambda key: random.bits(key, (2, block), jnp.uint32), jnp.uint32),
        NORMALS: drawn(lambda key: random.normal(key, (2, block)), jnp.float32),
        MEMORY: lambda: copy(x),
    }


def page(n_paths: int, times: dict[str, float], least: dict[str, float]) -> str:
    normals = 2 * N_STEPS * n_paths
    # s and h, read and written once a step, in the clear pricer; blocks stay in the cache.
    moved, copied = 4 * 4 * N_STEPS * n_paths, 2 * 4 * 2**26
    clear_s, best_name = times["clear, threefry2x32"], min(times, key=lambda name: times[name])
    best_s = times[best_name]
    about = ", ".join(f"{name} {value}" for name, value in machine("").items())
    rows = "\n".join(
        f"| {name} | {s:.3f} | {clear_s / s:.2f} | {normals / s / 1e6:.0f} |"
        for name, s in times.items()
    )
    return f"""# How fast the option pricer can be

Made by `python benchmarks/pricer_study.py` on: {about}. {n_paths:,} paths of {N_STEPS} steps in float32, which take {normals:,} normal numbers. Medians of {_ROUNDS} rounds; each round runs every variant once, in shuffled order.

| variant | seconds | speed relative to the clear one | million normals a second |
|---|---|---|---|
{rows}

*Clear* is the pricer of the course: whole arrays, two keys a step. *Blocks* runs the same steps for a block of paths that stays in a core's cache, block after block, each core on its own share. *Inverse* is `jax.random.normal`, which inverts the error function; *polar* is the method of Box and Muller, which makes a pair of normal numbers with a logarithm, a root, a sine and a cosine; *quadrant* is the same with short polynomials instead of sine and cosine.

| limit, on all cores | rate | seconds for what the pricer needs |
|---|---|---|
| {BITS} (threefry2x32), added up in blocks | {32 * normals / least[BITS] / 1e9:.1f} Gbit/s | {least[BITS]:.3f} |
| {NORMALS} (`jax.random.normal`), added up in blocks | {normals / least[NORMALS] / 1e6:.0f} million/s | {least[NORMALS]:.3f} |
| {MEMORY}, read and written | {copied / least[MEMORY] / 1e9:.1f} GB/s | {moved * least[MEMORY] / copied:.3f} for the state of the clear pricer, none for blocks |

The fastest, {best_name}, takes {best_s:.3f} s: {best_s / least[BITS]:.2f} times as long as its random bits alone. Turning bits into normal numbers by `jax.random.normal` takes another {least[NORMALS] - least[BITS]:.3f} s.
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--paths", type=int, default=2_000_000)
    parser.add_argument("--out", type=Path, default=Path(__file__).resolve().parent.parent / "docs")
    options = parser.parse_args()
    pricers, least = variants(options.paths), limits(options.paths)
    found = seconds(pricers | least)
    for name, s in found.items():
        print(f"{name}: {s:.3f} s")
    times = ({name: found[name] for name in calls} for calls in (pricers, least))
    (options.out / "pricer.md").write_text(page(options.paths, *times), encoding="utf-8")


if __name__ == "__main__":
    main()
