"""Executes a notebook's cells in IPython's shell and records what each one shows."""

from __future__ import annotations

import base64
import contextlib
import os
import sys
from typing import Any

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from jaxercise.inside.raised import cell_lines, text_of
from jaxercise.wire.records import name_of

MAX_TEXT = 100_000
MAX_EVENTS = 200
MAX_IMAGE = 2_000_000


class OutputRecorder:
    """What one cell shows, in order; output beyond the limits is dropped and sets `cut`."""

    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []
        self.text_left = MAX_TEXT
        self.bytes_left = MAX_IMAGE
        self.cut = False

    def stream(self, name: str, text: str) -> None:
        last = self.events[-1] if self.events else {}
        if len(text) > self.text_left:
            text, self.cut = text[: self.text_left], True
        self.text_left -= len(text)
        if last.get("kind") == "stream" and last["name"] == name:
            last["text"] += text
        elif text and self._room():
            self.events.append({"kind": "stream", "name": name, "text": text})

    def show(self, kind: str, data: dict[str, Any]) -> None:
        kept = {}
        text, image = data.get("text/plain"), data.get("image/png")
        if isinstance(text, str):
            kept["text/plain"] = text[:MAX_TEXT]
        if isinstance(image, bytes):
            image = base64.b64encode(image).decode()
        if isinstance(image, str) and len(image) > self.bytes_left:
            self.cut = True
        elif isinstance(image, str):
            kept["image/png"] = image
            self.bytes_left -= len(image)
        if kept and self._room():
            self.events.append({"kind": kind, "data": kept})

    def error(self, name: str, value: str, traceback: Any) -> None:
        if self._room():
            # An exception may supply its own traceback, which need not be a list of texts.
            given = traceback[-50:] if isinstance(traceback, list) else []
            lines = [line[:5000] for line in given if isinstance(line, str)]
            self.events.append(
                {"kind": "error", "ename": name, "evalue": value, "traceback": lines}
            )

    def _room(self) -> bool:
        self.cut = self.cut or len(self.events) >= MAX_EVENTS
        return len(self.events) < MAX_EVENTS


class _Stream:
    """A text stream that writes to the recorder of the running cell."""

    encoding = "utf-8"
    errors = "replace"

    def __init__(self, shell: CellShell, name: str):
        self.shell, self.name = shell, name

    def write(self, text: str) -> int:
        self.shell.record("stream", self.name, str(text))
        return len(text)

    def writelines(self, lines: Any) -> None:
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        pass

    def isatty(self) -> bool:
        return False

    def fileno(self) -> int:
        raise OSError("this stream has no file descriptor")


class _Publisher(DisplayPublisher):
    shell: CellShell

    def publish(self, data: Any, metadata: Any = None, source: Any = None, **options: Any) -> None:
        if isinstance(data, dict):
            self.shell.record("show", "display_data", data)

    def clear_output(self, wait: bool = False) -> None:
        self.shell.recorder.events.clear()


class _Hook(DisplayHook):
    shell: CellShell

    def write_output_prompt(self) -> None:
        pass

    def write_format_data(self, format_dict: dict[str, Any], md_dict: Any = None) -> None:
        self.shell.record("show", "execute_result", format_dict)

    def finish_displayhook(self) -> None:
        pass


class _NoHistory(dict[int, Any]):
    """Replaces IPython's history of outputs, which would keep what the recorder drops."""

    def __missing__(self, key: int) -> list[Any]:
        return []


class CellShell(InteractiveShell):
    """IPython's shell, with all output going to a recorder.

    `fault` is an exception of the recorder itself, which is not an error of the cell.
    """

    def __init__(self, *args: Any, **kwargs: Any):
        self.recorder = OutputRecorder()
        self.fault: Exception | None = None
        super().__init__(*args, **kwargs)
        if self.history_manager is not None:
            self.history_manager.outputs = _NoHistory()

    def enable_gui(self, gui: str | None = None) -> None:
        pass

    def record(self, what: str, *shown: Any) -> None:
        """Record what the cell shows; `what` names the recorder's method."""
        try:
            getattr(self.recorder, what)(*shown)
        except Exception as fault:
            self.fault = self.fault or fault

    def _showtraceback(self, etype: Any, evalue: Any, stb: list[str]) -> None:
        self.record("error", name_of(etype), text_of(evalue, 2_000), stb)


def new_shell() -> CellShell:
    """A new shell whose namespace is that of a new module `__main__`."""
    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "nocolor"
    main = sys.modules["__main__"] = type(sys)("__main__")
    return CellShell.instance(
        config=config,
        user_module=main,
        user_ns=main.__dict__,
        displayhook_class=_Hook,
        display_pub_class=_Publisher,
    )


def show_figures(shell: CellShell) -> None:
    """From now on, figures appear at the end of the cell that drew them, as in a notebook."""
    backend = os.environ["MPLBACKEND"] = "module://matplotlib_inline.backend_inline"
    if "matplotlib.pyplot" in sys.modules:  # If imported later, it does the same itself.
        from IPython.core.pylabtools import activate_matplotlib
        from matplotlib_inline.backend_inline import configure_inline_support

        activate_matplotlib(backend)
        configure_inline_support(shell, backend)


def run_cell(shell: CellShell, source: str) -> dict[str, Any]:
    """Execute one cell; returns what it showed and how it ended. Raises faults of the library."""
    shell.recorder, shell.fault = OutputRecorder(), None
    streams = _Stream(shell, "stdout"), _Stream(shell, "stderr")
    with contextlib.redirect_stdout(streams[0]), contextlib.redirect_stderr(streams[1]):
        result = shell.run_cell(source, store_history=True)
    if shell.fault is not None:
        raise shell.fault
    stopped = _stopped(result.error_before_exec or result.error_in_exec)
    return {"stopped": stopped, "events": shell.recorder.events, "cut": shell.recorder.cut}


def _stopped(error: BaseException | None) -> dict[str, Any] | None:
    """The error that stopped the cell and its line; None if the cell ran to its end."""
    if error is None:
        return None
    lines = [line for line in cell_lines(error) if line is not None]
    line = lines[0] if lines else getattr(error, "lineno", None)  # of a SyntaxError
    return {"line": line, "type": name_of(type(error)), "message": text_of(error, 300)}
