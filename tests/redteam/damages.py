"""Notebooks as they arrive: damaged by hand, by editors, on their way. And hostile ones.

Each case takes the JSON of a solved notebook and gives the bytes of the file handed in.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import nbformat

from jaxercise.nbgrader.marks import checksum
from tests.releases import named_by_position
from tests.small_course import RIGHT

Raw = dict[str, Any]
RATE = "ps7-97624fc0"  # the cell that sets the rate
F1, F2 = (RIGHT.replace("NAME", name) for name in ("f1", "f2"))
ALL, ALL_TOLD = "9 of 9", "9 of 9, mended and told"
OTHER_RELEASE = "The lesson has changed since"
LOST, REFUSED = "6 of 9, mended and told", "not graded, reported by name"


@dataclass(frozen=True)
class Damage:
    """What was done to a solved notebook, what it earns, and words of the report."""

    name: str
    make: Callable[[Raw], bytes]
    expected: str
    says: str = ""
    file: str = "ps7.ipynb"


def written(notebook: Raw) -> bytes:
    return json.dumps(notebook, indent=1).encode()


def edited(change: Callable[[Raw], object]) -> Callable[[Raw], bytes]:
    def make(notebook: Raw) -> bytes:
        notebook = copy.deepcopy(notebook)
        change(notebook)
        return written(notebook)

    return make


def at(notebook: Raw, name: str) -> int:
    return next(i for i, cell in enumerate(notebook["cells"]) if cell["id"] == name)


def cell(notebook: Raw, name: str) -> Raw:
    return notebook["cells"][at(notebook, name)]


def marks(notebook: Raw, name: str) -> Raw:
    return cell(notebook, name)["metadata"]["nbgrader"]


def paste(name: str, **changes: Any) -> Callable[[Raw], object]:
    """Copy and paste as JupyterLab does it: the marks stay, the cell id is new."""

    def change(notebook: Raw) -> None:
        twin = copy.deepcopy(cell(notebook, name)) | {"id": "pasted"} | changes
        notebook["cells"].insert(at(notebook, name) + 1, twin)

    return change


def delete(name: str) -> Callable[[Raw], object]:
    return lambda notebook: notebook["cells"].remove(cell(notebook, name))


def put(name: str, **changes: Any) -> Callable[[Raw], object]:
    return lambda notebook: cell(notebook, name).update(changes)


def turn(name: str, kind: str) -> Callable[[Raw], object]:
    def change(notebook: Raw) -> None:
        for field in ("outputs", "execution_count"):
            cell(notebook, name).pop(field)
        cell(notebook, name)["cell_type"] = kind

    return change


def flip_flags(notebook: Raw) -> None:
    for one in ("f1", "check_f1"):
        found = marks(notebook, one)
        found["grade"], found["solution"] = found["solution"], found["grade"]


def forget(*fields: str) -> Callable[[Raw], object]:
    def change(notebook: Raw) -> None:
        for one in notebook["cells"]:
            for field in fields:
                one.pop(field, None)
            one.setdefault("metadata", {})

    return change


def merge(notebook: Raw) -> None:
    put("f1", source=f"{F1}\n\n\n{F2}")(notebook)
    delete("f2")(notebook)


def merge_down(notebook: Raw) -> None:
    below = cell(notebook, "check_f1")
    below["source"] = f"{F1}\n\n{below['source']}"
    delete("f1")(notebook)


def split(notebook: Raw) -> None:
    put("f1", source="SCALE = 2")(notebook)
    own = {"cell_type": "code", "id": "own", "metadata": {}, "outputs": []}
    source = "def f1(x):\n    return jnp.asarray(x) * SCALE"
    notebook["cells"].insert(at(notebook, "f1") + 1, own | {"source": source} | _NOT_RUN)


_NOT_RUN = {"execution_count": None}


def as_format_3(notebook: Raw) -> bytes:
    cells = []
    for one in notebook["cells"]:
        if one["cell_type"] == "code":
            code = {"cell_type": "code", "language": "python", "outputs": [], "collapsed": False}
            cells.append(code | {"input": one["source"], "metadata": one["metadata"]})
        else:
            cells.append({"cell_type": "markdown", "source": one["source"], "metadata": {}})
    metadata = {"name": "ps7"}
    sheet = {"cells": cells, "metadata": {}}
    return written(
        {"nbformat": 3, "nbformat_minor": 0, "metadata": metadata, "worksheets": [sheet]}
    )


def as_lines(notebook: Raw) -> None:
    for one in notebook["cells"]:
        one["source"] = one["source"].splitlines(keepends=True)


def by_jupyterlab(notebook: Raw) -> None:
    as_lines(notebook)
    notebook["metadata"] |= {"toc-autonumbering": False, "toc-showtags": True}
    for one in notebook["cells"]:
        one["metadata"] |= {"editable": True, "slideshow": {"slide_type": ""}, "scrolled": True}
        one["metadata"]["jupyter"] = {"source_hidden": True, "outputs_hidden": False}
        one["metadata"]["tags"] = []


def by_notebook(notebook: Raw) -> None:
    as_lines(notebook)
    notebook["nbformat_minor"] = 4
    notebook["metadata"]["varInspector"] = {"cols": {"lenName": 16}}
    for one in notebook["cells"]:
        one.pop("id")
        one["metadata"] |= {"ExecuteTime": {"end_time": "2026-01-01T00:00:00"}, "hidden": True}


def by_vscode(notebook: Raw) -> None:
    as_lines(notebook)
    notebook["nbformat_minor"] = 2
    notebook["metadata"]["vscode"] = {"interpreter": {"hash": "0" * 64}}
    notebook["metadata"]["orig_nbformat"] = 4
    for one in notebook["cells"]:
        one.pop("id")
        one["metadata"]["vscode"] = {"languageId": "python"}


def by_colab(notebook: Raw) -> None:
    """Colab keeps its own ids in the metadata, and drops what it does not know."""
    as_lines(notebook)
    notebook["nbformat_minor"] = 0
    notebook["metadata"] = {
        "colab": {"provenance": [], "toc_visible": True},
        "kernelspec": {"name": "python3", "display_name": "Python 3"},
        "accelerator": "GPU",
    }
    for number, one in enumerate(notebook["cells"]):
        one.pop("id")
        one["metadata"] = {"id": f"AbCdEfGh{number}", "colab": {"base_uri": "https://localhost/"}}


def node(raw: Raw) -> Any:
    return nbformat.from_dict(raw)


def as_lines_without_ends(notebook: Raw) -> None:
    for one in notebook["cells"]:
        one["source"] = one["source"].splitlines()


def as_one_line(notebook: Raw) -> None:
    for one in notebook["cells"]:
        one["source"] = one["source"].replace("\n", "")


def of_the_first_releases(notebook: Raw) -> bytes:
    return written(named_by_position(node(notebook), "ps7"))


def of_another_release(notebook: Raw) -> None:
    notebook["metadata"]["jaxercise"]["release"] = "0" * 16


def with_another_check(notebook: Raw) -> None:
    of_another_release(notebook)
    put("check_f1", source="print('other checks of f1')")(notebook)
    marks(notebook, "check_f1")["checksum"] = checksum(node(cell(notebook, "check_f1")))


def without_the_rate(notebook: Raw) -> None:
    of_another_release(notebook)
    delete(RATE)(notebook)


def with_one_more_given(notebook: Raw) -> None:
    """What it gives is used, though today's lesson lacks it."""
    of_another_release(notebook)
    more: Raw = copy.deepcopy(cell(notebook, RATE))
    more |= {"id": "ps7-00000000", "source": "TWO = 2"}
    more["metadata"]["nbgrader"]["grade_id"] = "ps7-00000000"
    notebook["cells"].insert(at(notebook, RATE), more)
    put("f1", source="def f1(x):\n    return jnp.asarray(x) * TWO")(notebook)


def large_outputs(notebook: Raw) -> None:
    text = [{"output_type": "stream", "name": "stdout", "text": "x" * (25 << 20)}]
    for name in ("f1", "f2", "draw", "check_f1"):
        put(name, outputs=text)(notebook)


def reverse(notebook: Raw) -> None:
    notebook["cells"].reverse()


def paste_everything(notebook: Raw) -> None:
    twins = copy.deepcopy(notebook["cells"])
    for number, twin in enumerate(twins):
        twin["id"] = f"twin-{number}"
    notebook["cells"] += twins


def of_another_assignment(notebook: Raw) -> None:
    for number, one in enumerate(notebook["cells"]):
        one["id"] = f"ps9-{number:02}"
        one["metadata"] = {}
        one["source"] = "print(1)"


def no_text(notebook: Raw) -> None:
    cell(notebook, "f1")["source"] = {"text": F1}


def more(*sources: str, kind: str = "code") -> Callable[[Raw], object]:
    """Cells of one's own at the end."""
    cells = [{"cell_type": kind, "metadata": {}, "source": text} for text in sources]
    return lambda notebook: notebook["cells"].extend(copy.deepcopy(cells))


DAMAGES: tuple[Damage, ...] = (
    Damage("nothing at all", written, ALL),
    Damage("a graded cell copied", edited(paste("check_f1")), ALL_TOLD, "had been copied"),
    Damage(
        "a solution copied and its copy changed: the last edit counts",
        lambda raw: edited(paste("f1", source=F1))(
            json.loads(edited(put("f1", source=F1.replace("2", "3")))(raw))
        ),
        ALL_TOLD,
        "was there 2 times",
    ),
    Damage("a cell copied with its cell id", edited(paste("f1", id="f1")), ALL_TOLD, "2 times"),
    Damage("everything pasted once more", edited(paste_everything), ALL_TOLD, "had been copied"),
    Damage("a graded cell deleted", edited(delete("check_f1")), ALL_TOLD, "was put back"),
    Damage("a solution deleted", edited(delete("f1")), LOST, "starter code was put back"),
    Damage("a read-only cell deleted", edited(delete(RATE)), ALL_TOLD, "it was put back"),
    Damage(
        "a grade_id changed",
        edited(lambda raw: marks(raw, "f1").update(grade_id="mine")),
        ALL_TOLD,
        "grading marks of f1",
    ),
    Damage("grade and solution flags flipped", edited(flip_flags), ALL_TOLD, "grading marks"),
    Damage(
        "points of a check changed",
        edited(lambda raw: marks(raw, "check_f1").update(points=1000)),
        ALL_TOLD,
        "grading marks of check_f1",
    ),
    Damage(
        "marks of an old schema of nbgrader",
        edited(lambda raw: marks(raw, "f1").update(schema_version=0)),
        ALL,
    ),
    Damage("tests edited", edited(put("check_f1", source="assert True")), ALL_TOLD, "changed"),
    Damage(
        "a read-only cell edited",
        edited(put(RATE, source="rate = 9")),
        ALL_TOLD,
        "had been changed",
    ),
    Damage("two solutions merged into one cell", edited(merge), ALL_TOLD, "that defines f2"),
    Damage(
        "a solution merged into the graded cell below",
        edited(merge_down),
        ALL_TOLD,
        "that defines f1 took its place",
    ),
    Damage("a solution split into two cells", edited(split), ALL),
    Damage(
        "a solution turned into markdown", edited(turn("f1", "markdown")), ALL_TOLD, "code again"
    ),
    Damage("a solution turned into raw text", edited(turn("f1", "raw")), ALL_TOLD, "code again"),
    Damage("a graded cell turned into markdown", edited(turn("check_f1", "markdown")), ALL_TOLD),
    Damage("cells in reverse order", edited(reverse), ALL_TOLD, "had been moved"),
    Damage("all metadata lost", edited(forget("metadata")), ALL_TOLD, "grading marks"),
    Damage(
        "metadata and cell ids lost", edited(forget("metadata", "id")), ALL_TOLD, "recognised by"
    ),
    Damage("notebook format 3", as_format_3, ALL),
    Damage("notebook format 4.99", edited(lambda raw: raw.update(nbformat_minor=99)), ALL),
    Damage("saved by JupyterLab 4", edited(by_jupyterlab), ALL),
    Damage("saved by classic Notebook 7", edited(by_notebook), ALL),
    Damage("saved by VS Code", edited(by_vscode), ALL),
    Damage("saved by Colab", edited(by_colab), ALL_TOLD, "recognised by"),
    Damage("line ends of Windows", lambda raw: written(raw).replace(b"\\n", b"\\r\\n"), ALL),
    Damage("a byte order mark", lambda raw: b"\xef\xbb\xbf" + written(raw), ALL),
    Damage("100 MB of outputs", edited(large_outputs), ALL),
    Damage(
        "invalid UTF-8", lambda raw: written(raw).replace(b"Twice", b"Tw\xff\xfe"), REFUSED, "UTF-8"
    ),
    Damage("UTF-16", lambda raw: written(raw).decode().encode("utf-16"), ALL),
    Damage("UTF-16 unmarked", lambda raw: written(raw).decode().encode("utf-16-le"), ALL),
    Damage("UTF-32", lambda raw: written(raw).decode().encode("utf-32"), ALL),
    Damage("zero bytes at the end", lambda raw: written(raw) + b"\0" * 4096, ALL),
    Damage("notebook format 4.0", edited(lambda raw: raw.update(nbformat=4.0)), ALL),
    Damage("notebook format '4'", edited(lambda raw: raw.update(nbformat="4")), ALL),
    Damage("no word on the format", edited(lambda raw: raw.pop("nbformat")), ALL),
    Damage("lines without line breaks", edited(as_lines_without_ends), ALL_TOLD, "were put back"),
    Damage("line breaks lost", edited(as_one_line), REFUSED, "line breaks in its cells are lost"),
    Damage("a web page in its place", lambda raw: b"<!DOCTYPE html>\n<p>", REFUSED, "a web page"),
    Damage("a ZIP archive in its place", lambda raw: b"PK\x03\x04", REFUSED, "a ZIP archive"),
    Damage("a browser's second download", written, ALL_TOLD, "handed in as", "ps7 (1).ipynb"),
    Damage("another file name", written, ALL_TOLD, "handed in as", "solution.ipynb"),
    Damage("another name, JSON cut off", lambda raw: b"{", REFUSED, "was it cut off", "mine.ipynb"),
    Damage("of a release with ids by position", of_the_first_releases, ALL),
    Damage("of a release with another check", edited(with_another_check), ALL_TOLD, OTHER_RELEASE),
    Damage("of a release without a given cell", edited(without_the_rate), ALL_TOLD, OTHER_RELEASE),
    Damage("of a release with one more given cell", edited(with_one_more_given), ALL),
    Damage("a cell of 200,000 characters", edited(more("a\n" * 100_000)), ALL_TOLD, "left out"),
    Damage("2,000 cells", edited(more(*["1"] * 2_000)), REFUSED, "at most 1,000 are graded"),
    Damage("data of 2 MB", edited(more(*["a = 1\n" * 5_000] * 67)), REFUSED, "at most 1,000,000"),
    Damage(
        "a formula that does not end, 7,000 times",
        edited(more(r"\begin{a}" * 7_000, kind="markdown")),
        ALL,
    ),
    Damage(
        "a tag given twice",
        edited(lambda raw: cell(raw, "f1")["metadata"].update(tags=["a", "a"])),
        ALL_TOLD,
        "grading marks",
    ),
    Damage("JSON cut off", lambda raw: written(raw)[:-200], REFUSED, "was it cut off"),
    Damage("an empty file", lambda raw: b"", REFUSED, "the file is empty"),
    Damage(
        "marks of a merge conflict",
        lambda raw: written(raw).replace(b'"cells"', b'<<<<<<< HEAD\n"cells"'),
        REFUSED,
        "merge conflict",
    ),
    Damage("JSON that is no notebook", lambda raw: b"[1, 2]", REFUSED, "not a notebook"),
    Damage("notebook format 5", edited(lambda raw: raw.update(nbformat=5)), REFUSED, "format 5"),
    Damage("a cell without text", edited(no_text), REFUSED, "has no text"),
    Damage(
        "a notebook of another assignment",
        edited(of_another_assignment),
        REFUSED,
        "not a notebook of ps7|notebook of ps9",
    ),
)
