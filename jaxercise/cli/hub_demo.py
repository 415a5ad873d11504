"""`jaxercise hub demo`: a hub on loopback with a made-up class, until Ctrl-C."""

from __future__ import annotations

import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path

from rich.console import Console
from rich.text import Text

from jaxercise.checks.outcome import CourseError
from jaxercise.course.lesson import Course
from jaxercise.hub import proxy
from jaxercise.hub.demonstration import INSTRUCTOR, DemonstrationCourse, free_ports, set_up
from jaxercise.hub.running import RunningHub, adopt_orphans, end_orphans
from jaxercise.hub.start import in_use, is_free
from jaxercise.nbgrader.commands import NbgraderError
from jaxercise.sandbox import bubblewrap


def run_hub_demo(course: Course, assignments: list[str], port: int) -> int:
    """Set the course up, start the hub, and end both and everything below at Ctrl-C.

    Raises:
        CourseError: the course is incomplete, the port is in use, or the proxy cannot be had.
        ConfinementError: this host cannot confine student code.
        HostError: the hub did not start, or ended.
    """
    if not is_free("127.0.0.1", port):
        (other,) = free_ports(1)
        raise CourseError(
            f"{in_use(port)}; end that process, or name another port: --port {other}, or with "
            f"make: PORT={other}"
        )
    bubblewrap.preflight()
    console = Console(highlight=False)
    started = time.monotonic()
    # Else a `kill` would leave everything behind.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    adopt_orphans()
    folder = Path(tempfile.mkdtemp(prefix="jaxercise-hub-"))
    hub: RunningHub | None = None
    try:
        with console.status("starting") as status:
            tell = status.update
            if not proxy.installed(Path(sys.prefix)):
                tell("installing the hub's proxy (once)")
                proxy.install()
            address = f"http://127.0.0.1:{port}"
            made = set_up(course, folder, assignments, address, tell)
            hub = RunningHub(Path(sys.prefix), made.spec, folder / "hub.log")
            hub.start(tell)
        _explain(console, made, assignments, folder, time.monotonic() - started)
        hub.wait()
    except NbgraderError as error:
        console.print(Text(f"\n{error}", "red"))
        return 1
    except KeyboardInterrupt:
        console.print("\nending the hub and its servers")
        return 0
    finally:
        if hub is not None:
            hub.stop()
        end_orphans()
        shutil.rmtree(folder, ignore_errors=True)
    return 0


def _explain(
    console: Console,
    made: DemonstrationCourse,
    assignments: list[str],
    folder: Path,
    seconds: float,
) -> None:
    """The address, the accounts, and a round to try."""
    first = assignments[0]
    lines = [f"The hub is ready after {seconds:.0f} s: {made.spec.address}", ""]
    for name, password in made.passwords.items():
        lines.append(f"  {name:<12} password {password}")
    lines += [
        "",
        "To try, in two windows of the browser, one of them private:",
        f"  1. alice: Nbgrader > Assignment List, fetch {first}, solve, Submit",
        f"  2. {INSTRUCTOR}: Nbgrader > Course List, open {made.spec.courses[0].name}; there "
        "Grade all, and report,",
        "     press Grade all that is new; then in formgrader generate and release feedback",
        "  3. alice: Nbgrader > Assignment List, Fetch Feedback",
        "",
        f"All that they do lies in {folder}; hub.log there is the log.",
        "Ctrl-C ends the hub and removes everything.",
    ]
    console.print("\n".join(lines), soft_wrap=True)
