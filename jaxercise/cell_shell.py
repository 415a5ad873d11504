"""A notebook's cells, executed in IPython's shell: what each shows goes on a tape."""

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

MAX_TEXT = 100_000
MAX_EVENTS = 200
MAX_IMAGE = 2_000_000


class Tape:
    """What one cell shows, in order, up to a bounded volume; what is over is dropped."""

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
        kept = {k: v for k, v in data.items() if k in ("text/plain", "image/png")}
        image = kept.get("image/png")
        if isinstance(image, bytes):
            kept["image/png"] = image = base64.b64encode(image).decode()
        if isinstance(image, str) and len(image) > self.bytes_left:
            self.cut = True
            del kept["image/png"]
        self.bytes_left -= len(kept.get("image/png", ""))
        kept = {k: v[:MAX_TEXT] if k == "text/plain" else v for k, v in kept.items()}
        if kept and self._room():
            self.events.append({"kind": kind, "data": kept})

    def error(self, name: str, value: str, traceback: list[str]) -> None:
        if self._room():
            lines = [str(line)[:5000] for line in traceback[-50:]]
            self.events.append(
                {"kind": "error", "ename": name, "evalue": value[:2000], "traceback": lines}
            )

    def _room(self) -> bool:
        self.cut = self.cut or len(self.events) >= MAX_EVENTS
        return len(self.events) < MAX_EVENTS


class _Stream:
    """A text stream that writes on the tape of the cell that is running."""

    encoding = "utf-8"
    errors = "replace"

    def __init__(self, shell: CellShell, name: str):
        self.shell, self.name = shell, name

    def write(self, text: str) -> int:
        self.shell.tape.stream(self.name, str(text))
        return len(text)

    def writelines(self, lines: Any) -> None:
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        pass

    def isatty(self) -> bool:
        return False

    def fileno(self) -> int:
        raise OSError("this stream is no file")


class _Publisher(DisplayPublisher):
    shell: CellShell

    def publish(self, data: dict, metadata: Any = None, **kwargs: Any) -> None:
        self.shell.tape.show("display_data", data)

    def clear_output(self, wait: bool = False) -> None:
        self.shell.tape.events.clear()


class _Hook(DisplayHook):
    shell: CellShell

    def write_output_prompt(self) -> None:
        pass

    def write_format_data(self, format_dict: dict, md_dict: Any = None) -> None:
        self.shell.tape.show("execute_result", format_dict)

    def finish_displayhook(self) -> None:
        pass


class _Forgetful(dict):
    """Takes the place of IPython's record of all outputs, which keeps what the tape drops."""

    def __missing__(self, key: int) -> list:
        return []


class CellShell(InteractiveShell):
    """IPython's shell, showing everything on a tape."""

    def __init__(self, *args: Any, **kwargs: Any):
        self.tape = Tape()
        super().__init__(*args, **kwargs)
        if self.history_manager is not None:
            self.history_manager.outputs = _Forgetful()

    def enable_gui(self, gui: str | None = None) -> None:
        pass

    def _showtraceback(self, etype: Any, evalue: Any, stb: list[str]) -> None:
        self.tape.error(etype.__name__, str(evalue), stb)


def new_shell() -> CellShell:
    """A shell with a namespace of its own, that is `__main__`'s."""
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
    """Open figures appear at the end of the cell that drew them, as in a notebook."""
    backend = os.environ["MPLBACKEND"] = "module://matplotlib_inline.backend_inline"
    if "matplotlib.pyplot" in sys.modules:  # which does as much where it is imported later
        from IPython.core.pylabtools import activate_matplotlib
        from matplotlib_inline.backend_inline import configure_inline_support

        activate_matplotlib(backend)
        configure_inline_support(shell, backend)


def run_cell(shell: CellShell, source: str) -> dict[str, Any]:
    """Execute one cell; what it showed and whether it ended well."""
    shell.tape = Tape()
    streams = _Stream(shell, "stdout"), _Stream(shell, "stderr")
    with contextlib.redirect_stdout(streams[0]), contextlib.redirect_stderr(streams[1]):
        result = shell.run_cell(source, store_history=True)
    return {"ok": bool(result.success), "events": shell.tape.events, "cut": shell.tape.cut}
