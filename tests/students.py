"""Run the notebooks as a student would: `python -m tests.students`.

Each set runs as it is handed out, where no cell may raise and every check must come to a verdict,
and solved, where every visible check must pass. It needs only what a student installs, so it
shows on which systems and with which versions of JAX the students' part works. Exit status 1 if
a notebook does not do as it should.

With `--accelerator`, a second CPU device stands in for a GPU that JAX uses by default.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ACCELERATOR = "--accelerator"
# How a check shows that it could not be run; it raises nothing.
NO_VERDICT = "? not checked"
# ps6 wants eight, and the last one is the stand-in.
DEVICES = {"XLA_FLAGS": "--xla_force_host_platform_device_count=9"}


def pretend_accelerator() -> None:
    """Have JAX use its last CPU device by default, and say that this is a GPU."""
    import jax

    jax.config.update("jax_default_device", jax.devices()[-1])
    jax.default_backend = lambda: "gpu"


def run(path: Path) -> int:
    """Run a notebook's cells one after the other, until one raises."""
    if ACCELERATOR in sys.argv:
        pretend_accelerator()
    from IPython.core.interactiveshell import InteractiveShell

    shell = InteractiveShell.instance()
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "code" and not shell.run_cell("".join(cell["source"])).success:
            return 1
    return 0


def main() -> int:
    """Run every notebook in a process of its own, and say how each ended."""
    paths = sorted([*ROOT.glob("release/*/*.ipynb"), *ROOT.glob("source/*/*.ipynb")])
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        ends = list(pool.map(ends_well, paths))
    return 0 if all(ends) else 1


def ends_well(path: Path) -> bool:
    """Run a notebook in a process of its own; prints how it ended, and its output if badly."""
    options = sys.argv[1:]
    environment = {**os.environ, "MPLBACKEND": "agg"} | (DEVICES if options else {})
    solved = path.is_relative_to(ROOT / "source")
    if solved:  # As under nbgrader's Validate, a visible check that fails raises.
        environment["NBGRADER_VALIDATING"] = "1"
    command = [sys.executable, "-m", "tests.students", str(path), *options]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, encoding="utf-8"
    )
    well = done.returncode == 0 and NO_VERDICT not in done.stdout
    told = f"{'ok  ' if well else 'NOT '} {path.stem} {'solved' if solved else 'as handed out'}"
    print(told, *(() if well else (done.stdout[-3000:], done.stderr[-3000:])), flush=True)
    return well


if __name__ == "__main__":
    sys.exit(main() if sys.argv[1:] in ([], [ACCELERATOR]) else run(Path(sys.argv[1])))
