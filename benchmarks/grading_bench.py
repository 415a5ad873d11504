"""What grading costs: judges cold, warm and with kept verdicts, and stock nbgrader and otter-grader.

    python benchmarks/grading_bench.py [--sets ps2 ps3 ps5] [--students 6] [--class-of 30]
    python benchmarks/grading_bench.py --page

Everybody hands in the solved notebook, each with a comment of their own. Every measurement is
put into docs/throughput.json as soon as it is made, and one that is there is not made again
(--fresh makes all anew), so this can be stopped and started. At the end docs/throughput.md and
its picture are written; --page does only that. grading_children.py has what is measured.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from grading_page import write
from meter import measured

from jaxercise.grading.program_store import VARIABLE as COMPILED
from jaxercise.grading.racing.host import cpus

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "docs" / "throughput.json"
# Of the class whose cost is drawn against its size; the first ones are judged, later ones kept.
CURVE_SET = "ps2"


class Results:
    """Measurements by name, in a file that is written after each."""

    def __init__(self, path: Path, fresh: bool) -> None:
        self.path = path
        known = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
        self.measured: dict[str, Any] = {} if fresh else known.get("measured", {})

    def measure(self, name: str, how: Callable[[], Any]) -> None:
        if name in self.measured:
            return
        print(name, end=": ", file=sys.stderr, flush=True)
        self.measured[name] = found = how()
        content = {"machine": machine(), "measured": self.measured}
        self.path.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
        whole = found["whole"]
        print(f"{whole['wall_s']:.1f} s, {whole['cpu_s']:.1f} CPU s", file=sys.stderr, flush=True)


def machine() -> str:
    return f"{len(cpus())} CPUs, {platform.machine()}, Python {platform.python_version()}"


def child(compiled: Path, *arguments: str) -> dict[str, Any]:
    """Run one of grading_children.py; its cost, and that after each notebook as it says."""
    command = [sys.executable, str(Path(__file__).with_name("grading_children.py")), *arguments]
    cost, said = measured(command, ROOT, {**os.environ, COMPILED: str(compiled)})
    return {"whole": asdict(cost), "notebooks": json.loads(said.splitlines()[-1])}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--sets", nargs="+", default=["ps2", "ps3", "ps5"], metavar="psN")
    parser.add_argument("--students", type=int, default=6, help="of each set (default 6)")
    parser.add_argument("--class-of", type=int, default=30, help="judged for the curve (30)")
    parser.add_argument("--curve-to", type=int, default=300, help="submissions in all (300)")
    parser.add_argument("--results", type=Path, default=RESULTS)
    parser.add_argument("--fresh", action="store_true", help="measure everything anew")
    parser.add_argument("--page", action="store_true", help="only write the page")
    options = parser.parse_args()
    if not options.page:
        measure_all(Results(options.results, options.fresh), options)
    write(options.results)


def measure_all(results: Results, options: argparse.Namespace) -> None:
    students, class_of = str(options.students), str(options.class_of)
    for assignment in options.sets:
        with tempfile.TemporaryDirectory(prefix="jaxercise-bench-") as name:
            folder = Path(name)
            # One after the other, and from nothing: the first measurement compiles.
            for jobs in ("1", "2"):
                kept, compiled = folder / f"kept-{jobs}", folder / "compiled"
                ways = {
                    "judged": ("ours", assignment, students, jobs, str(kept)),
                    "kept": ("ours", assignment, students, jobs, str(kept)),
                }
                for way, arguments in ways.items():
                    results.measure(
                        f"{assignment}, {way}, {jobs} judges",
                        lambda compiled=compiled, a=arguments: child(compiled, *a),
                    )
            few = str(min(options.students, 3))
            for peer, way in (("stock nbgrader", "stock"), ("otter-grader", "otter")):
                arguments = (way, assignment, few, str(folder / way))
                results.measure(
                    f"{assignment}, {peer}",
                    lambda folder=folder, a=arguments: child(folder / "compiled", *a),
                )
    with tempfile.TemporaryDirectory(prefix="jaxercise-bench-") as name:
        kept, compiled = Path(name, "kept"), Path(name, "compiled")
        first = ("ours", CURVE_SET, class_of, "1", str(kept))
        rest = ("ours", CURVE_SET, str(options.curve_to), "1", str(kept), "--answers", class_of)
        results.measure("curve, judged", lambda: child(compiled, *first))
        results.measure("curve, kept", lambda: child(compiled, *rest))


if __name__ == "__main__":
    main()
