"""Inside the sandbox: one process that imports, then forks runs that execute cells.

`python -m jaxercise.inside.shell --fd N` imports what notebooks need, touches no device, says so
with one byte on the socket N, and then waits. With the byte that orders a run comes a socket:
it forks a child, which executes cells (inside/cells.py) and answers calls on that socket
until it closes. The byte `CLEAR` ends whatever runs have left behind, `PAUSE` stops all that
they started until `RESUME`. The parent never executes a student's code, and keeps its memory
to itself.
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import gc
import importlib
import os
import random
import signal
import socket
import sys
import tempfile
import traceback

from jaxercise.inside import observe
from jaxercise.inside.cells import CellShell, new_shell, run_cell, show_figures
from jaxercise.wire import private_jax, records
from jaxercise.wire.channel import CLEAR, PAUSE, PURPOSES, RESUME, Channel, Closed, report_fault


def serve(channel: Channel, shell: CellShell) -> None:
    """Answer requests in the order they come until the judge closes the channel."""
    channel.send({"id": 0, "reply": "ready"})
    while True:
        message = channel.receive()
        if message["op"] == "cell":
            reply = run_cell(shell, message["source"])
        elif message["op"] == "threads":
            reply = threads()
        else:
            reply = observe.observe(shell.user_ns, observe.Call.from_message(message))
        channel.send({"id": message["id"], "reply": records.describe(reply)})


def threads() -> dict[str, int]:
    """How many threads XLA and each BLAS or OpenMP library of this process may use."""
    # XLA makes a thread for each CPU that the process may use, and says nowhere how many.
    available = hasattr(os, "sched_getaffinity")
    found = {"xla": len(os.sched_getaffinity(0)) if available else os.cpu_count() or 0}
    try:
        from threadpoolctl import threadpool_info
    except ImportError:
        return found
    for library in threadpool_info():
        found[f"{library['internal_api']} {os.path.basename(library['filepath'])}"] = int(
            library["num_threads"]
        )
    return found


def _run(sock: socket.socket, order: bytes, shell: CellShell) -> None:
    """The life of a forked run, which ends with the process.

    What student code raises is reported where it is called. Whatever arrives here is a fault of
    the library: the judge is told, and no student pays for it.
    """
    status = 0
    try:
        _settle(order, shell)
        serve(Channel(sock), shell)
    except Closed:
        pass
    except BaseException:
        status = 1
        with contextlib.suppress(BaseException):
            report_fault(sock, traceback.format_exc())
    os._exit(status)


def _settle(order: bytes, shell: CellShell) -> None:
    """Make a forked process one for student code, in a folder of its own."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    _set_readable_by_others(True)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)
    os.chdir(tempfile.mkdtemp(prefix="run-"))
    sys.path[:] = ["", *(entry for entry in sys.path if entry)]
    import jax
    import numpy as np

    if order == PURPOSES["time"]:
        jax.config.update("jax_enable_compilation_cache", False)
    elif order == PURPOSES["check"]:
        # What hidden checks call runs once or twice, and took longer to compile than to run.
        private_jax.compile_quickly()
    # Forked twins would otherwise draw the same "random" numbers.
    random.seed()
    np.random.seed()
    if order == PURPOSES["show"]:
        show_figures(shell)


def _preload(plots: bool) -> CellShell:
    """Import and set up all that runs have in common, once, before they are forked."""
    gc.disable()  # All of it stays; to look again and again for what does not takes 0.1 s.
    # They only save time: another version of JAX may have them elsewhere.
    for module in private_jax.IMPORTED_AT_FIRST_USE:
        with contextlib.suppress(ImportError):
            importlib.import_module(module)
    importlib.import_module("jaxtyping")
    # Only to have it loaded.
    from jaxercise import check  # noqa: F401 # pyright: ignore[reportUnusedImport]

    os.environ["MPLBACKEND"] = "agg"  # until show_figures
    if plots:
        importlib.import_module("matplotlib.pyplot")
    shell = new_shell()
    gc.collect()
    gc.enable()
    gc.freeze()  # A collection in a run need not touch, and so copy, what they share.
    return shell


def _set_readable_by_others(readable: bool) -> None:
    """Whether processes of the same user may open this one's memory; Linux only."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(4, int(readable), 0, 0, 0)  # PR_SET_DUMPABLE


def _handle_no_signals() -> None:
    """Leave every signal to the kernel.

    It delivers none from inside to the first process of a PID namespace, but those that this
    process handles; Python handles SIGINT.
    """
    for number in signal.valid_signals():
        if signal.getsignal(number) not in (signal.SIG_DFL, signal.SIG_IGN):
            with contextlib.suppress(OSError):
                signal.signal(number, signal.SIG_DFL)


def _signal_all(number: int) -> None:
    """Signal every process but this one, where it is the first of a PID namespace of its own.

    All at once: the kernel hands the signal to a child that is being forked meanwhile too.
    """
    if os.getpid() == 1:
        with contextlib.suppress(ProcessLookupError):
            os.kill(-1, number)


def _reap(*_: object) -> None:
    """Take leave of children that ended, one by one, so that their CPU time adds up here."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


_SIGNALS = {CLEAR: signal.SIGKILL, PAUSE: signal.SIGSTOP, RESUME: signal.SIGCONT}


def main() -> None:
    parser = argparse.ArgumentParser(description="inside the sandbox: fork runs of a notebook")
    parser.add_argument("--fd", type=int, required=True, help="the judge's control socket")
    parser.add_argument("--plots", action="store_true", help="import matplotlib for all runs")
    options = parser.parse_args()
    control = socket.socket(fileno=options.fd)
    shell = _preload(options.plots)
    _set_readable_by_others(False)
    _handle_no_signals()
    signal.signal(signal.SIGCHLD, _reap)
    control.send(b"r")
    while True:
        order, fds, _, _ = socket.recv_fds(control, 1, 1)
        if not order:
            break
        if order in _SIGNALS:
            _signal_all(_SIGNALS[order])
            if order != CLEAR:
                control.send(order)
            continue
        if os.fork() == 0:
            control.close()
            _run(socket.socket(fileno=fds[0]), order, shell)
        os.close(fds[0])


if __name__ == "__main__":
    main()
