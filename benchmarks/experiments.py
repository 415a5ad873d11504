"""The two texts' experiments, timed: `make bench`, or

    python benchmarks/experiments.py [--out docs] [--quick] [--only pricer]

Each measurement runs in a process of its own, so that its peak memory is its own; what does
not fit into the memory that is free is left out. Writes experiments.json and a page,
experiments.md, with a picture. Where JAX sees a GPU, everything in JAX is measured there too.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import psutil

HERE = Path(__file__).resolve().parent
_LIMIT_S = 600.0
_ENOUGH_S, _REPEATS = 3.0, 15
LOOP_PATHS = 10_000
REFERENCE = HERE.parent / "reference" / "ps6.py"


@dataclass(frozen=True)
class Case:
    """One measurement: an experiment, how it is done, in which dtype, at which size, where."""

    experiment: str
    style: str
    dtype: str
    size: int
    device: str = "cpu"
    work: int = 0  # What `size` would be for the whole experiment, where a part was timed.

    @property
    def bytes_needed(self) -> int:
        """Roughly: six arrays of the size at once."""
        elements = self.size**2 if self.experiment in ("product", "chain") else self.size
        return 6 * elements * (8 if self.dtype == "float64" else 4)


@dataclass(frozen=True)
class Measured:
    """Median and least seconds of the later calls, what the first took longer, peak memory."""

    median_s: float
    least_s: float
    compile_s: float
    repeats: int
    peak_mb: float
    value: float


def cases(quick: bool, gpu: bool) -> Iterator[Case]:
    """Every measurement; `quick` divides the sizes, to try the programs out."""
    shrink = 100 if quick else 1
    side = 3000 // (10 if quick else 1)
    for dtype in ("float32", "float64"):
        for experiment in ("product", "chain"):
            for style in ("numpy", "jnp", "jit"):
                yield from _on_devices(Case(experiment, style, dtype, side), gpu)
        for experiment in ("cos", "f"):
            for style in ("numpy", "jnp", "jit"):
                yield from _on_devices(Case(experiment, style, dtype, 50_000_000 // shrink), gpu)
        for power in range(3, 8 if not quick else 6):
            for style in ("numpy", "jit"):
                yield from _on_devices(Case("f by size", style, dtype, 10**power), gpu)
        paths = 10_000_000 // shrink
        styles = ["numpy", "numpy loop", "numba", "jit", "jit blocked"]
        # The course's own works in float32, as its text says.
        styles += ["reference"] if dtype == "float32" and REFERENCE.is_file() else []
        for style in styles:
            case = Case("pricer", style, dtype, paths)
            if style == "numpy loop":
                case = replace(case, size=LOOP_PATHS // (10 if quick else 1), work=paths)
            yield from _on_devices(case, gpu)


def _on_devices(case: Case, gpu: bool) -> Iterator[Case]:
    yield case
    if gpu and case.style in ("jnp", "jit", "reference"):
        yield replace(case, device="gpu")


# --- one measurement, in a process of its own ------------------------------------------


def measure(case: Case) -> Measured:
    """Time one case in this process, which does nothing else."""
    os.environ["JAX_PLATFORMS"] = "cuda" if case.device == "gpu" else "cpu"
    import jax

    jax.config.update("jax_enable_x64", case.dtype == "float64")
    if case.style == "jit blocked":
        jax.config.update("jax_num_cpu_devices", len(psutil.Process().cpu_affinity() or [0]))
    prepared = _prepared(case)

    def call() -> Any:
        return jax.block_until_ready(prepared())

    started = time.perf_counter()
    value = call()
    first_s = time.perf_counter() - started
    seconds: list[float] = []
    while len(seconds) < _REPEATS and (sum(seconds) < _ENOUGH_S or len(seconds) < 3):
        started = time.perf_counter()
        call()
        seconds.append(time.perf_counter() - started)
    seconds.sort()
    median_s = seconds[len(seconds) // 2]
    compile_s = max(0.0, first_s - median_s)
    return Measured(median_s, seconds[0], compile_s, len(seconds), _peak_mb(), _number(value))


def _number(value: Any) -> float:
    """One number of the result, to compare styles by."""
    import numpy as np

    return float(np.ravel(np.asarray(value))[0])


def _peak_mb() -> float:
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _prepared(case: Case) -> Callable[[], Any]:
    """A call that does the work."""
    if case.experiment == "pricer":
        return _pricer(case)
    import jax
    import jax.numpy as jnp
    import numpy as np

    rng = np.random.default_rng(0)
    square = case.experiment in ("product", "chain")
    shapes = [(case.size, case.size)] * 2 if square else [(case.size,)]
    inputs = [rng.random(shape, np.dtype(case.dtype)) for shape in shapes]
    functions: dict[str, Callable] = {
        "product": lambda xp, x, y: x @ y,
        "chain": lambda xp, x, y: xp.exp(-xp.sum(x @ y) / x.size**1.5),
        "cos": lambda xp, x: xp.cos(x),
        "f": _f,
        "f by size": _f,
    }
    function = functions[case.experiment]
    if case.style == "numpy":
        return lambda: function(np, *inputs)
    on_device = [jnp.asarray(x) for x in inputs]
    compiled = jax.jit(lambda *args: function(jnp, *args))
    chosen = compiled if case.style == "jit" else lambda *args: function(jnp, *args)
    return lambda: chosen(*on_device)


def _f(xp: Any, x: Any) -> Any:
    return xp.cos(2 * x**2) + xp.sqrt(xp.abs(x)) + 2 * xp.sin(x**4) - x**2


def _pricer(case: Case) -> Callable[[], Any]:
    import jax
    import numpy as np
    import pricers

    dtype = np.dtype(case.dtype).type
    whole = pricers.PARAMS, pricers.N_STEPS, case.size, dtype
    if case.style in ("numpy", "numpy loop", "numba"):
        styles = {"numpy": pricers.numpy_vectorised, "numpy loop": pricers.numpy_loop}
        price = pricers.numba_parallel(dtype) if case.style == "numba" else styles[case.style]
        return lambda: price(0, *whole)
    key = jax.random.key(0)
    if case.style == "reference":
        from jaxercise.grading.reference import load_module

        call_price = load_module(REFERENCE).call_price
        return lambda: call_price(key, pricers.PARAMS, pricers.N_STEPS, case.size)[0]
    if case.style == "jit":
        return lambda: pricers.jax_clear(key, *whole)
    return lambda: pricers.jax_blocked(key, *whole, **pricers.fastest(dtype))


# --- all of them ------------------------------------------------------------------------


def run(case: Case) -> dict[str, Any]:
    """Measure one case in a process; the record, with an error where there is no figure."""
    record: dict[str, Any] = asdict(case)
    free = psutil.virtual_memory().available
    if case.device == "cpu" and case.bytes_needed > 0.7 * free:
        return {**record, "error": f"needs about {case.bytes_needed >> 20} MiB of memory"}
    command = [sys.executable, str(HERE / "experiments.py"), "--one", json.dumps(record)]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=_LIMIT_S, cwd=HERE.parent
        )
    except subprocess.TimeoutExpired:
        return {**record, "error": f"not done after {_LIMIT_S:g} s"}
    if done.returncode != 0:
        last = (done.stderr.strip() or f"ended with {done.returncode}").splitlines()[-1]
        return {**record, "error": last[:300]}
    return {**record, **json.loads(done.stdout.splitlines()[-1])}


def machine(gpu: str) -> dict[str, str]:
    """What the figures depend on."""
    from importlib.metadata import version

    about = {
        "cpus": str(len(psutil.Process().cpu_affinity() or [])),
        "processor": _processor(),
        "memory": f"{psutil.virtual_memory().total / 2**30:.0f} GiB",
        "python": platform.python_version(),
    }
    about |= {name: version(name) for name in ("jax", "jaxlib", "numpy")}
    return about | ({"gpu": gpu} if gpu else {})


def _processor() -> str:
    with open("/proc/cpuinfo", encoding="utf-8") as lines:
        return next(line.split(":")[1].strip() for line in lines if line.startswith("model name"))


def find_gpu() -> str:
    """The GPU that JAX sees, or nothing; asked in a process, since it would keep the memory."""
    code = "import jax; print(jax.devices('gpu')[0].device_kind)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    return done.stdout.strip() if done.returncode == 0 else ""


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split(":")[0])
    parser.add_argument("--out", type=Path, default=HERE.parent / "docs")
    parser.add_argument("--quick", action="store_true", help="small sizes, to try it out")
    parser.add_argument("--only", help="one experiment: product, chain, cos, f, pricer ...")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        print(json.dumps(asdict(measure(Case(**json.loads(options.one))))))
        return
    from experiments_page import write

    gpu = find_gpu()
    records = []
    for case in cases(options.quick, bool(gpu)):
        if options.only in (None, case.experiment):
            records.append(run(case))
            figure = records[-1].get("error") or f"{records[-1]['median_s']:.4g} s"
            print(*asdict(case).values(), figure, flush=True)
    options.out.mkdir(parents=True, exist_ok=True)
    result = {"machine": machine(gpu), "quick": options.quick, "measured": records}
    (options.out / "experiments.json").write_text(json.dumps(result, indent=1) + "\n")
    write(options.out, result)


if __name__ == "__main__":
    main()
