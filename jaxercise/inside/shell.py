"""The first process in the sandbox: imports libraries, then forks a process for each run.

`python -m jaxercise.inside.shell --fd N` imports what notebooks need without touching a device,
sends one byte on the socket N when it is ready, and waits. A byte that orders a run comes with
a socket: the process forks a child, which executes cells (inside/cells.py) and answers calls on
that socket until it is closed. With a second socket it is served compiled programs. The byte
`CLEAR` ends whatever earlier runs left running and removes the files they wrote; `PAUSE` suspends
everything that runs have started, until `RESUME`.
The parent never executes student code, and other processes cannot read its memory.
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
import time
import traceback

from jaxercise.inside import observe
from jaxercise.inside.cells import CellShell, new_shell, run_cell, show_figures
from jaxercise.inside.scratch import Scratch
from jaxercise.wire import private_jax, records
from jaxercise.wire.channel import CLEAR, PAUSE, PURPOSES, RESUME, Channel, Closed, report_fault
from jaxercise.wire.compiled import Asker

_ENDS_S = 10.0


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
    # XLA starts a thread for each CPU that the process may use, and does not report how many.
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


def _run(sock: socket.socket, served: list[int], order: bytes, shell: CellShell) -> None:
    """Everything that a forked process does; ends the process.

    `served` has the descriptor of the socket at which it is served compiled programs, if it is.

    Exceptions of student code are reported where it is called. Any exception that arrives here is
    a fault of the library, which costs no student points; the judge is told.
    """
    status = 0
    try:
        _set_up_run(order, shell)
        for descriptor in served:
            _ask_for_programs(Asker(socket.socket(fileno=descriptor)))
        serve(Channel(sock), shell)
    except Closed:
        pass
    except BaseException:
        status = 1
        with contextlib.suppress(BaseException):
            report_fault(sock, traceback.format_exc())
    os._exit(status)


def _set_up_run(order: bytes, shell: CellShell) -> None:
    """Prepare a forked process for student code, in a folder of its own."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    _set_readable_by_others(True)
    _end_with_parent()
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
        # Hidden checks call most programs once or twice; compiling would take longer than running.
        private_jax.compile_quickly()
    # Otherwise all forked processes would draw the same "random" numbers.
    random.seed()
    np.random.seed()
    if order == PURPOSES["show"]:
        show_figures(shell)


def _ask_for_programs(asker: Asker) -> None:
    """Have JAX ask the judge for what an earlier run of this sandbox has not compiled either."""
    with contextlib.suppress(ImportError, AttributeError):  # This JAX compiles all by itself.
        get, put = private_jax.cache_folder()
        private_jax.keep_compiled(lambda key: get(key) or asker.get(key), put)


def _preload(plots: bool) -> CellShell:
    """Import and set up what all runs need, once, before they are forked."""
    gc.disable()  # Nothing becomes garbage here, and collections would take 0.1 s.
    # This only saves time: another version of JAX may not have these modules.
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
    gc.freeze()  # A collection in a run then does not touch, and so copy, shared memory.
    return shell


def _set_readable_by_others(readable: bool) -> None:
    """Set whether processes of the same user may read this one's memory; Linux only."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(4, int(readable), 0, 0, 0)  # PR_SET_DUMPABLE


def _end_with_parent() -> None:
    """Have the kernel kill this process when its parent ends, also while it is suspended.

    On Linux only. Elsewhere a run ends by itself once its socket is closed.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGKILL, 0, 0, 0)  # PR_SET_PDEATHSIG


def _handle_no_signals() -> None:
    """Restore the default action of every signal.

    The kernel delivers no signal from inside to the first process of a PID namespace unless that
    process handles it, and Python handles SIGINT.
    """
    for number in signal.valid_signals():
        if signal.getsignal(number) not in (signal.SIG_DFL, signal.SIG_IGN):
            with contextlib.suppress(OSError):
                signal.signal(number, signal.SIG_DFL)


def _signal_all(number: int) -> None:
    """Signal every other process, if this one is the first of its own PID namespace.

    All at once, so that the kernel also signals a child that is being forked meanwhile.
    """
    if os.getpid() == 1:
        with contextlib.suppress(ProcessLookupError):
            os.kill(-1, number)


def _await_the_end_of_all() -> None:
    """Wait until no other process is left; raises TimeoutError if one does not end."""
    end = time.monotonic() + _ENDS_S
    while time.monotonic() < end:
        _reap()
        try:
            os.kill(-1, signal.SIGKILL)
        except ProcessLookupError:
            return
        time.sleep(0.001)
    raise TimeoutError("a process that was killed does not end")


def _reap(*_: object) -> None:
    """Reap children that have ended, so that their CPU time is added to this process's."""
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
    scratch = Scratch() if os.getpid() == 1 else None
    control.send(b"r")
    while True:
        order, fds, _, _ = socket.recv_fds(control, 1, 2)
        if not order:
            break
        if order in _SIGNALS:
            _signal_all(_SIGNALS[order])
            if order == CLEAR and scratch is not None:
                _await_the_end_of_all()
                scratch.empty()
            control.send(order)
            continue
        if os.fork() == 0:
            control.close()
            _run(socket.socket(fileno=fds[0]), fds[1:], order, shell)
        for descriptor in fds:
            os.close(descriptor)


if __name__ == "__main__":
    main()
