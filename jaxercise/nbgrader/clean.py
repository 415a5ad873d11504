"""Makes a student's notebook safe to show in a browser session that has cookies.

Formgrader renders the autograded notebook in the instructor's session, where a script could raise
a grade; students open feedback. nbconvert renders whatever a notebook contains: HTML outputs, raw
HTML in markdown, `javascript:` links, widget state. All of that is removed here.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import Any

import nbformat
import nh3
from nbformat import NotebookNode

from jaxercise.course.pictures import png_in_base64
from jaxercise.nbgrader import templates
from jaxercise.nbgrader.markdown import plain, rendered

_TABLE_TAGS = {"div", "b", "br", "img", "table", "tbody", "tr", "td"}
_TABLE_STYLES = {
    *("border-collapse", "color", "margin-top", "max-width", "padding", "text-align"),
    *("vertical-align", "white-space"),
}
_PROSE_TAGS = {
    *("a", "b", "blockquote", "br", "code", "dd", "del", "details", "div", "dl", "dt", "em"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "li", "ol", "p", "pre", "s", "span"),
    *("strong", "sub", "summary", "sup", "table", "tbody", "td", "th", "thead", "tr", "u", "ul"),
}
_PROSE_ATTRIBUTES = {"a": {"href", "title"}, "img": {"src", "alt", "title"}, "ol": {"start"}}
_CELL_METADATA = ("nbgrader", "tags", "deletable", "editable", "jaxercise")
# What one Markdown parser or another takes for the end of a line.
_NEWLINES = re.compile(r"\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_ESCAPE = re.compile(r"\x1b(?:\[[0-9;]*m?)?")
_BLANKS = re.compile(r"\s+")
_TAG = re.compile(r"<(/?)(\w+)")
_EMPTY_TAGS = {"br", "hr", "img"}
# BeautifulSoup, with which nbconvert finishes a page, compares an element with all in it.
_MAX_DEPTH = 60
# Characters of code that are coloured in one cell: each word becomes an element.
MAX_COLOURED_CELL = 20_000
_MAX_COPIED = 100_000_000
# Raise it when the rules become stricter: what was cleaned by others is cleaned again.
_RULES = 1
# MathJax would typeset what is between dollar signs, and its \href makes javascript: links.
_NO_MATHJAX = "tex2jax_ignore mathjax_ignore"


def cleaned(notebook: NotebookNode, trusted: Collection[str]) -> NotebookNode:
    """A copy that holds text, PNG pictures and our own tables, and nothing that acts.

    `trusted` are sources of markdown cells that may stay as they are: the lesson's own. The
    copy says in its metadata that it is clean, which no submission can: mending drops that entry.
    """
    metadata = {
        key: notebook.metadata[key]
        for key in ("kernelspec", "jaxercise")
        if key in notebook.metadata
    }
    code = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    # For nbconvert, which colours all cells of a notebook by the same rules.
    metadata["language_info"] = {
        "name": "python" if all(map(_is_quick_to_colour, code)) else "text"
    }
    clean = nbformat.v4.new_notebook(metadata=nbformat.from_dict(metadata))
    clean.nbformat_minor = 5
    clean.metadata.setdefault("jaxercise", NotebookNode())["cleaned"] = _RULES
    clean.cells = [
        _cleaned_cell(cell, position, trusted) for position, cell in enumerate(notebook.cells)
    ]
    return clean


def is_clean(notebook: NotebookNode) -> bool:
    """Whether a notebook in autograded/ was cleaned by the rules of today."""
    return notebook.metadata.get("jaxercise", {}).get("cleaned") == _RULES


def note(title: str, sentences: Sequence[str], name: str) -> NotebookNode:
    """A markdown cell with a list of sentences, which may quote a student's text."""
    text = templates.render("note.html.j2", title=title, sentences=sentences)
    cell = nbformat.v4.new_markdown_cell(inert(text))
    cell.id = name
    return cell


def _cleaned_cell(cell: NotebookNode, position: int, trusted: Collection[str]) -> NotebookNode:
    if cell.cell_type == "code":
        clean = nbformat.v4.new_code_cell(cell.source)
        clean.execution_count = _count(cell.get("execution_count"))
        keep = _scored if _is_graded(cell) else _shown
        clean.outputs = [kept for output in cell.outputs for kept in [keep(output)] if kept]
    else:
        clean = nbformat.v4.new_markdown_cell(cell.source)
        if cell.cell_type != "markdown" or cell.source not in trusted:
            clean.source = sanitised_markdown(cell.source)
        elif pictures := _attached(cell):
            clean.attachments = nbformat.from_dict(pictures)
    named = re.fullmatch(r"[A-Za-z0-9_-]{1,64}", cell.get("id", ""))
    clean.id = named[0] if named else f"cell-{position}"
    kept = {key: cell.metadata[key] for key in _CELL_METADATA if key in cell.metadata}
    clean.metadata = nbformat.from_dict(kept)
    return clean


def _attached(cell: NotebookNode) -> dict[str, dict[str, str]]:
    """The PNG pictures among a cell's attachments."""
    pictures = {
        name: png_in_base64(kinds.get("image/png"))
        for name, kinds in cell.get("attachments", {}).items()
    }
    return {name: {"image/png": png} for name, png in pictures.items() if png}


def sanitised_markdown(source: str) -> str:
    """Markdown that renders as `source` does, without anything that acts; idempotent.

    It is rendered here and now: what a sanitiser leaves of Markdown's source could still
    turn into a script when rendered.
    """
    ours = source.startswith(_OPENING) and _depth(source) <= _MAX_DEPTH + 1
    if ours and source == inert(_sanitised(source.removeprefix(_OPENING).removesuffix(_CLOSING))):
        return source
    safe = _sanitised(rendered(source))
    return inert(safe if _depth(safe) <= _MAX_DEPTH else plain(source))


def _depth(clean_html: str) -> int:
    """How many elements lie in each other at most; nh3 leaves no < or > but those of tags."""
    depth = deepest = 0
    for closing, name in _TAG.findall(clean_html):
        if name not in _EMPTY_TAGS:
            depth += -1 if closing else 1
            deepest = max(deepest, depth)
    return deepest


_OPENING, _CLOSING = f'<div class="{_NO_MATHJAX}">', "</div>"


def inert(clean_html: str) -> str:
    """HTML as Markdown that every renderer passes through unchanged: one block on one line."""
    line = _NEWLINES.sub("&#10;", clean_html.strip())
    # nbconvert looks for the end of a link from each bracket that opens one.
    line = line.replace("[", "&#91;")
    return f"{_OPENING}{line}{_CLOSING}"


def _sanitised(text: str) -> str:
    return nh3.clean(
        text,
        tags=_PROSE_TAGS,
        clean_content_tags={"script", "style", "svg", "math", "iframe", "template", "noscript"},
        attributes=_PROSE_ATTRIBUTES,
        attribute_filter=_safe_attribute,
        url_schemes={"http", "https", "mailto", "data"},
        url_relative="deny",
    )


def _safe_attribute(tag: str, attribute: str, value: str) -> str | None:
    """Only links to other sites, and pictures that are in the notebook itself."""
    if attribute == "href":
        return value if re.match(r"(https?://|mailto:)", value, re.IGNORECASE) else None
    if attribute == "src":
        encoded = value.removeprefix("data:image/png;base64,")
        png = png_in_base64(encoded) if encoded != value else None
        return f"data:image/png;base64,{png}" if png else None
    return value


def _is_graded(cell: NotebookNode) -> bool:
    return bool(cell.metadata.get("nbgrader", {}).get("grade"))


def _scored(output: NotebookNode) -> NotebookNode | None:
    """The score and the table of a graded cell, which only the judge writes."""
    if output.output_type != "execute_result":
        return None
    data = {}
    if isinstance(output.data.get("text/plain"), str):
        data["text/plain"] = output.data["text/plain"]
    if isinstance(output.data.get("text/html"), str):
        table = nh3.clean(
            output.data["text/html"],
            tags=_TABLE_TAGS,
            attributes={"*": {"style"}, "img": _PROSE_ATTRIBUTES["img"]},
            attribute_filter=_safe_attribute,
            url_schemes={"data"},
            filter_style_properties=_TABLE_STYLES,
        )
        # A message may quote a student, and MathJax reads tables.
        data["text/html"] = f'<div class="{_NO_MATHJAX}">{table}</div>'
    count = _count(output.get("execution_count"))
    return nbformat.v4.new_output("execute_result", data, execution_count=count)


def _shown(output: NotebookNode) -> NotebookNode | None:
    """Text and PNG pictures of any other cell."""
    match output.output_type:
        case "stream":
            name = "stderr" if output.get("name") == "stderr" else "stdout"
            return nbformat.v4.new_output("stream", name=name, text=_text(output.get("text", "")))
        case "error":
            lines = output.get("traceback", [])
            return nbformat.v4.new_output(
                "error",
                ename=_text(output.get("ename", "")),
                evalue=_text(output.get("evalue", "")),
                traceback=[_text(line) for line in lines],
            )
        case "display_data" | "execute_result" as kind:
            data = _text_and_png(output.get("data", {}))
            count = _count(output.get("execution_count"))
            extra = {"execution_count": count} if kind == "execute_result" else {}
            return nbformat.v4.new_output(kind, data, **extra) if data else None
    return None


def _text_and_png(data: Any) -> dict[str, str]:
    kept = {}
    if isinstance(data.get("text/plain"), str):
        kept["text/plain"] = _text(data["text/plain"])
    if png := png_in_base64(data.get("image/png")):
        kept["image/png"] = png
    return kept


def _text(value: Any) -> str:
    """The text, without colours where it has so many that nbconvert would take minutes.

    It copies the rest of a text at each escape.
    """
    text = str(value)
    many = text.count("\x1b") * len(text) > _MAX_COPIED
    return _ESCAPE.sub("", text) if many else text


def _is_quick_to_colour(source: str) -> bool:
    """Whether Pygments colours a cell in a time that grows as its length.

    Its rules for Python try again from each character of a line, and from each of several
    blank lines.
    """
    if len(source) > MAX_COLOURED_CELL:
        return False
    longest_line = max(map(len, source.split("\n")))
    return longest_line <= 1_000 and max(map(len, _BLANKS.findall(source)), default=0) <= 200


def _count(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None
