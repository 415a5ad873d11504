"""The note with the due date in a notebook that is handed out, and the date for programs.

It is put into the copy in the exchange, so it says what the gradebook says on that day, and
release/ stays as `jaxercise build` makes it.
"""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Any

from jaxercise.nbgrader.marks import DUE_NOTE
from jaxercise.nbgrader.times import shown_time


def add_note(path: Path, due: datetime.datetime | None, zone: datetime.tzinfo) -> None:
    """Put the note at the top of a notebook; `due` is in UTC without a zone."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    page = f"feedback/{path.name.removesuffix('.ipynb')}.html"
    sentences = [f"Your feedback, once you have fetched it: [{page}]({page})."]
    if due is not None:
        sentences.insert(0, f"**Due {shown_time(due, zone)}.**")
        ours = notebook["metadata"].setdefault("jaxercise", {})
        ours["due"] = due.replace(tzinfo=datetime.UTC).isoformat()
    note: dict[str, Any] = {
        "cell_type": "markdown",
        "id": DUE_NOTE,
        "metadata": {"deletable": False, "editable": False},
        "source": " ".join(sentences),
    }
    notebook["cells"] = [note, *(c for c in notebook["cells"] if c.get("id") != DUE_NOTE)]
    text = json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"
    path.write_text(text, encoding="utf-8")


def read_due(folder: Path) -> datetime.datetime | None:
    """The due date in the notebooks of a folder, in UTC without a zone; None if none says one."""
    for path in sorted(folder.glob("*.ipynb")):
        try:
            said = json.loads(path.read_text(encoding="utf-8"))["metadata"]["jaxercise"]["due"]
            moment = datetime.datetime.fromisoformat(said).astimezone(datetime.UTC)
        except (OSError, ValueError, KeyError, TypeError):
            continue
        return moment.replace(tzinfo=None)
    return None
