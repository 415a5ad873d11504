"""Hostile submissions: what lies in the folder, what the file claims, what acts on a page."""

from __future__ import annotations

import copy
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.redteam.damages import Raw, cell, edited, marks, put, written
from tests.small_course import WRONG

NOT_GRADED, NOTHING = "not graded, reported by name", "0 of 9"
FLAGGED = f"{NOTHING}, flagged"


@dataclass(frozen=True)
class Hostile:
    """What is put into a student's folder, given an answer that is worth nothing."""

    name: str
    hand_in: Callable[[Path, Raw], object]
    expected: str
    says: str = ""


def file_of(change: Callable[[Raw], object]) -> Callable[[Path, Raw], object]:
    return lambda folder, raw: (folder / "ps7.ipynb").write_bytes(edited(change)(raw))


def beside(*put_there: Callable[[Path], object]) -> Callable[[Path, Raw], object]:
    def hand_in(folder: Path, raw: Raw) -> None:
        (folder / "ps7.ipynb").write_bytes(written(raw))
        for act in put_there:
            act(folder)

    return hand_in


def text(name: str, content: str = "print('LOOT')\n1 / 0\n") -> Callable[[Path], object]:
    return lambda folder: (folder / name).write_text(content)


def link(name: str, to: str | Path) -> Callable[[Path], object]:
    return lambda folder: (folder / name).symlink_to(to)


def another_students_notebook(folder: Path, raw: Raw) -> None:
    (folder / "ps7.ipynb").symlink_to("../../aa-honest/ps7/ps7.ipynb")


def another_students_folder(folder: Path, raw: Raw) -> None:
    folder.rmdir()
    folder.symlink_to("../aa-honest/ps7")


def a_pipe(folder: Path, raw: Raw) -> None:
    os.mkfifo(folder / "ps7.ipynb")


def tag_everything(raw: Raw) -> None:
    for one in raw["cells"]:
        one["metadata"]["tags"] = ["skip-execution", "raises-exception", "hide_input", "show"]


def another_kernel(raw: Raw) -> None:
    raw["metadata"]["kernelspec"] = {"name": "bash", "display_name": "Bash", "language": "bash"}
    raw["metadata"]["language_info"] = {"name": "javascript"}


def own_graded_cells(raw: Raw) -> None:
    twin = copy.deepcopy(cell(raw, "check_f1"))
    twin["metadata"]["nbgrader"] |= {"grade_id": "bonus", "points": 1000}
    raw["cells"].append(twin | {"id": "bonus", "source": "1000.0", "outputs": _result("1000.0")})


def forged_record(raw: Raw) -> None:
    """Outputs and records as a graded notebook has them."""
    grade = {"assignment": "ps7", "notebook": "x", "score": 9, "max_score": 9, "exercises": []}
    grade |= {"environment": {}, "repairs": [], "flags": [], "seconds": {}}
    raw["metadata"]["jaxercise"] = {"grade": grade, "repairs": []}
    for name in ("f1", "f2", "draw"):
        put(f"check_{name}", outputs=_result("3.0"), execution_count=1)(raw)
        cell(raw, f"check_{name}")["metadata"]["jaxercise"] = {"needs_a_person": False}


def _result(value: str) -> list[Raw]:
    data = {"text/plain": value}
    kind = "execute_result"
    return [{"output_type": kind, "data": data, "metadata": {}, "execution_count": 1}]


def swapped_ids(raw: Raw) -> None:
    """The check of f1 under the name of the solution, and the other way round."""
    for one, other in (("f1", "check_f1"), ("f2", "check_f2")):
        marks(raw, one)["grade_id"], marks(raw, other)["grade_id"] = other, one


def forged_checksums(raw: Raw) -> None:
    for one in raw["cells"]:
        if "nbgrader" in one["metadata"]:
            one["metadata"]["nbgrader"] |= {"checksum": "0" * 32, "points": 100.0, "locked": False}


def other_cell_types(raw: Raw) -> None:
    for name in ("check_f1", "check_f2"):
        cell(raw, name)["cell_type"] = "raw"


SUBMISSIONS: tuple[Hostile, ...] = (
    Hostile(
        "a link to another student's notebook", another_students_notebook, NOT_GRADED, "a link"
    ),
    Hostile("a link to another student's folder", another_students_folder, NOT_GRADED, "a link"),
    Hostile("a pipe in the place of the notebook", a_pipe, NOT_GRADED, "not an ordinary file"),
    Hostile(
        "links to /dev/zero, the gradebook and other work beside the notebook",
        beside(
            link("zero.csv", "/dev/zero"),
            link("book.db", "../../../gradebook.db"),
            link("friend", "../../aa-honest"),
            lambda folder: os.mkfifo(folder / "pipe.txt"),
        ),
        FLAGGED,
        "Handed in beside the notebook",
    ),
    Hostile(
        "files that shadow modules beside the notebook",
        beside(
            *map(text, ("ipykernel_launcher.py", "numpy.py", "sitecustomize.py", "jaxercise.py"))
        ),
        FLAGGED,
        "sitecustomize.py",
    ),
    Hostile(
        "a page, a picture with scripts and odd names beside the notebook",
        beside(
            text("index.html", "<script>document.title+='PWNED-file'</script>"),
            text("<img src=x onerror=document.title+='PWNED-name'>.svg", "<svg/>"),
            text("-rf"),
            text("two\nlines.txt"),
        ),
        FLAGGED,
        "index.html",
    ),
    Hostile("tags that skip the graded cells", file_of(tag_everything), NOTHING),
    Hostile("another kernel and language", file_of(another_kernel), NOTHING),
    Hostile("graded cells of one's own, worth 1000", file_of(own_graded_cells), NOTHING),
    Hostile("outputs and records of a graded notebook", file_of(forged_record), NOTHING),
    Hostile("ids of checks and solutions exchanged", file_of(swapped_ids), NOTHING),
    Hostile("forged checksums, points and locks", file_of(forged_checksums), NOTHING),
    Hostile("graded cells turned into raw text", file_of(other_cell_types), NOTHING),
)


def js(name: str) -> str:
    return f"document.title+='PWNED-{name}'"


def script(name: str) -> str:
    return f'<script>{js(name)}</script><img src=x onerror="{js(name)}">'


def code(source: str) -> Raw:
    return {
        "cell_type": "code",
        "metadata": {},
        "source": source,
        "outputs": [],
        "execution_count": None,
    }


def markdown(source: str, **more: object) -> Raw:
    return {"cell_type": "markdown", "metadata": {}, "source": source, **more}


_PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGD4DwABBAEAX+XDSwAAAABJRU5E"
_XMLNS = 'xmlns="http://www.w3.org/2000/svg"'
_LINK = f"\x1b]8;;javascript:{js('ansi')}\x07here\x1b]8;;\x07\x1b[31m"
_FORMULA = f"$\\href{{javascript:{js('math')}}}{{x}}$"


def shows(expression: str) -> Raw:
    names = "HTML, SVG, Javascript, Math, display"
    return code(f"from IPython.display import {names}\ndisplay({expression})")


# Everything on one page, told apart by the names in what would act.
PAYLOADS: dict[str, tuple[str, list[Raw]]] = {
    "html": ("HTML in an output", [shows(f"HTML({script('html')!r})")]),
    "svg": (
        "SVG in an output",
        [shows(f'SVG({f"""<svg {_XMLNS} onload="{js("svg")}"></svg>"""!r})')],
    ),
    "js": ("JavaScript as an output", [shows(f"Javascript({js('js')!r})")]),
    "mime": (
        "markdown, LaTeX and widget types in an output",
        [
            code(
                f"display({{'text/markdown': {script('mime')!r}, 'text/latex': "
                f"{script('mime')!r}, 'application/vnd.jupyter.widget-view+json': "
                "{'model_id': 'a'}}, raw=True)"
            )
        ],
    ),
    "repr": (
        "an object's _repr_html_",
        [code(f"type('R', (), {{'_repr_html_': lambda s: {script('repr')!r}}})()")],
    ),
    "png": (
        "a picture whose base64 ends its attribute",
        [code(f"display({{'image/png': '{_PNG}\">' + {script('png')!r}}}, raw=True)")],
    ),
    "text": (
        "markup in text and stderr",
        [
            code(f"print({script('text')!r})"),
            code(f"import sys\nprint({script('text')!r}, file=sys.stderr)\n{script('text')!r}"),
        ],
    ),
    "error": (
        "markup in an exception's name and text",
        [code(f"raise type({script('error')!r}, (Exception,), {{}})({script('error')!r})")],
    ),
    "ansi": (
        "terminal escapes with a link",
        [code(f"print({_LINK + script('ansi')!r})")],
    ),
    "source": ("markup in the source of a cell", [code(f"# </pre></div>{script('source')}")]),
    "markdown": (
        "scripts and handlers in markdown",
        [
            markdown(script("markdown")),
            markdown(
                f'<details open ontoggle="{js("markdown")}">x</details>\n\n'
                f'<svg onload="{js("markdown")}"></svg><iframe srcdoc="{script("markdown")}">'
                f"</iframe><math><mtext><table><mglyph><style><img src=x onerror="
                f'"{js("markdown")}">'
            ),
        ],
    ),
    "link": (
        "javascript: links in markdown",
        [
            markdown(
                f"[a](javascript:{js('link')}) [b](data:text/html,{script('link')}) [c][d]\n\n"
                f"[d]: javascript:{js('link')}\n\n<javascript:{js('link')}>\n\n"
                f'<a href="&#106;avascript:{js("link")}">e</a> <base href="https://localhost/">'
                '<form action="/formgrader/api"><button>f</button></form>'
            )
        ],
    ),
    "math": (
        "a formula with a javascript: link",
        [markdown(_FORMULA), code(f"print({_FORMULA!r})"), shows(f"Math({_FORMULA!r})")],
    ),
    "attachment": (
        "an SVG as an attachment",
        [
            markdown(
                "![x](attachment:x.svg) ![y](y.svg)",
                attachments={"x.svg": {"image/svg+xml": f'<svg onload="{js("attachment")}"/>'}},
            )
        ],
    ),
    "raw": (
        "a raw cell that says it is HTML",
        [
            {
                "cell_type": "raw",
                "metadata": {"format": "text/html", "raw_mimetype": "text/html"},
                "source": script("raw"),
            }
        ],
    ),
    "tag": (
        "tags and metadata that end their attribute",
        [code("1") | {"metadata": {"tags": [f'">{script("tag")}'], "name": script("tag")}}],
    ),
}


def page_of_all(raw: Raw) -> Raw:
    """One notebook with every payload, in its metadata too."""
    raw = copy.deepcopy(raw)
    for _, cells in PAYLOADS.values():
        for one in cells:
            raw["cells"].append(one | {"id": f"payload-{len(raw['cells'])}"})
    raw["metadata"] |= {
        "title": f"</title>{script('title')}",
        "authors": [{"name": script("title")}],
        "widgets": {
            "application/vnd.jupyter.widget-state+json": {
                "version_major": 2,
                "version_minor": 0,
                "state": {"a": {"model_name": "HTMLModel", "state": {"value": script("widget")}}},
            }
        },
    }
    return raw


PAYLOADS |= {
    "title": ("markup in the notebook's title and authors", []),
    "widget": ("HTML in the state of a widget", []),
}


def wrong(raw: Raw) -> Raw:
    """An answer worth nothing in f1, nothing elsewhere."""
    raw = json.loads(json.dumps(raw))
    put("f1", source=WRONG.replace("NAME", "f1"))(raw)
    return raw
