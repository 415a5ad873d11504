"""What is left of a hostile notebook on the pages that instructors and students open."""

from __future__ import annotations

import base64
from html.parser import HTMLParser

import nbformat
import pytest
from jinja2 import UndefinedError
from nbconvert.exporters import HTMLExporter
from nbconvert.filters import markdown2html
from nbformat import NotebookNode, v4

from jaxercise.nbgrader import templates
from jaxercise.nbgrader.clean import cleaned, is_clean, note, sanitised_markdown

PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"0" * 20).decode()
HOSTILE = [
    "<script>pwned()</script>",
    "<SCRIPT SRC=//pwned></SCRIPT>",
    "<scr<script>ipt>pwned()</script>",
    "<img src=x onerror=pwned()>",
    "<img src='data:image/svg+xml,<svg onload=pwned()>'>",
    "<iframe src=javascript:pwned()></iframe>",
    "<iframe srcdoc='<script>pwned()</script>'></iframe>",
    "<object data=pwned.html></object><embed src=pwned.svg>",
    "<svg><script>pwned()</script></svg>",
    "<svg onload=pwned()>",
    "<svg><a xlink:href=javascript:pwned()><text>x</text></a></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=pwned()>",
    "<form action=//pwned><button formaction=javascript:pwned()>x</button></form>",
    "<base href=//pwned>",
    "<meta http-equiv=refresh content='0;url=//pwned'>",
    "<link rel=stylesheet href=//pwned>",
    "<style>@import '//pwned';</style>",
    "<div style='position:fixed;background:url(//pwned)'>x</div>",
    "<a href='javascript:pwned()'>x</a>",
    "<a href='JaVa&#x09;script:pwned()'>x</a>",
    "<a href='&#1;javascript:pwned()'>x</a>",
    "<a href='data:text/html,<script>pwned()</script>'>x</a>",
    "[x](javascript:pwned())",
    "[x](<java\tscript:pwned()>)",
    "[x][y]\n\n[y]: javascript:pwned()",
    "<javascript:pwned()>",
    "![x](javascript:pwned())",
    "[x](pwned.html)",
    "[x](/formgrader/api/pwned)",
    "[x](//pwned)",
    '```html"onmouseover=pwned()\n\n```',
    "```'><img/src=x/onerror=pwned()>\nx\n```",
    "```mermaid\n<img src=x onerror=pwned()>\n```",
    r"$\href{javascript:pwned()}{x}$",
    r"$$\mmlToken{mi}[href=javascript:pwned()]{x}$$",
    "$x$<script>pwned()</script>$y$",
    r"\begin{a}<script>pwned()</script>\end{a}",
    "a&#13;&#13;[x](javascript:pwned())",
    "a&#8232;&#8232;[x](javascript:pwned())",
    "<div>\n\n[x](javascript:pwned())",
    "</div></div><script>pwned()</script>",
    "<!--><script>pwned()</script>-->",
    "<noscript><p title='</noscript><img src=x onerror=pwned()>'>",
    "<details open ontoggle=pwned()>",
    "<h1 id=submission_id name=pwned>x</h1>",
    "# pwned",
    '<div class="tex2jax_ignore mathjax_ignore"><script>pwned()</script></div>',
    '<div class="tex2jax_ignore mathjax_ignore">\n\n[x](javascript:pwned())</div>',
    '<div class="tex2jax_ignore mathjax_ignore"></div><img src=x onerror=pwned()><div></div>',
]
ACTIVE = {"script", "iframe", "object", "embed", "svg", "math", "form", "base", "meta", "link"}


class Found(HTMLParser):
    """Elements that act, and attributes that hold what a student wrote."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.bad: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ACTIVE | {"style"}:
            self.bad.append(tag)
        for name, value in attrs:
            text = "".join((value or "").split()).lower()
            if name.startswith("on") or name in ("id", "style") or "pwned" in text:
                self.bad.append(f"{tag} {name}={value}")
            if "javascript" in text:
                self.bad.append(f"{tag} {name}={value}")


@pytest.mark.parametrize("source", HOSTILE)
def test_nothing_in_markdown_acts(source: str) -> None:
    safe = sanitised_markdown(source)
    assert Found(markdown2html(safe)).bad == []
    # MathJax, which would turn \href into a link, keeps out of what it finds in here.
    assert safe.startswith('<div class="tex2jax_ignore mathjax_ignore">')
    assert markdown2html(safe).strip() == safe, "must be shown as it was sanitised"
    assert sanitised_markdown(safe) == safe


def test_what_people_write_reads_as_before() -> None:
    source = (
        "# My notes\n\n- *one* `x < y`\n- [two](https://example.org/a?b=1&c=2)\n\n| a |\n|-|\n| b |"
    )
    safe = sanitised_markdown(source)
    for part in ("<h1>My notes</h1>", "<em>one</em>", "<code>x &lt; y</code>", "<td>b</td>"):
        assert part in safe
    assert 'href="https://example.org/a?b=1&amp;c=2"' in safe


def test_a_picture_in_the_text_stays() -> None:
    assert f'src="data:image/png;base64,{PNG}"' in sanitised_markdown(
        f"![p](data:image/png;base64,{PNG})"
    )


def test_the_lessons_own_prose_stays_as_it_is() -> None:
    prose = "# Lesson\n\n$x<y$ <details>hint</details>"
    notebook = v4.new_notebook(cells=[v4.new_markdown_cell(prose), v4.new_markdown_cell("x<b>y")])
    ours, theirs = cleaned(notebook, {prose}).cells
    assert ours.source == prose
    assert theirs.source.startswith("<div class=")


def test_outputs_are_text_and_png() -> None:
    data = {
        "text/plain": "plain",
        "text/html": "<script>pwned()</script>",
        "image/svg+xml": "<svg onload='pwned()'/>",
        "image/png": PNG,
        "image/jpeg": "pwned",
        "application/javascript": "pwned()",
        "text/latex": r"$\href{javascript:pwned()}{x}$",
        "text/markdown": "<script>pwned()</script>",
        "application/vnd.jupyter.widget-view+json": {"model_id": "pwned"},
    }
    (output,) = clean_outputs(
        v4.new_output("display_data", data, metadata={"image/png": {"width": "1 onload=pwned()"}})
    )
    assert output.data == {"text/plain": "plain", "image/png": PNG}
    assert output.metadata == {}


@pytest.mark.parametrize("png", ['x" onerror="pwned()', "bm90IGEgcG5n", 7, None])
def test_a_picture_that_is_none_goes(png: object) -> None:
    output = nbformat.from_dict({"output_type": "display_data", "data": {"image/png": png}})
    cell = v4.new_code_cell("f()")
    notebook = v4.new_notebook(cells=[cell])
    cell.outputs = [output]
    assert cleaned(notebook, ()).cells[0].outputs == []


def test_streams_and_tracebacks_stay_text() -> None:
    stream, error = clean_outputs(
        v4.new_output("stream", name="stderr", text="<b>x"),
        v4.new_output("error", ename="E", evalue="v", traceback=["\x1b[31mline"]),
    )
    assert (stream.name, stream.text) == ("stderr", "<b>x")
    assert (error.ename, error.traceback) == ("E", ["\x1b[31mline"])


def test_a_graded_cell_keeps_its_score_and_table_and_nothing_else() -> None:
    table = "<div><b>f</b><table style='color:#0b6e4f;position:fixed'><tr><td>ok</td></tr></table>"
    cell = v4.new_code_cell("check(f)")
    cell.metadata["nbgrader"] = {"grade": True, "grade_id": "check_f"}
    cell.outputs = [
        v4.new_output("stream", text="pwned"),
        v4.new_output("execute_result", {"text/plain": "2.5", "text/html": table + HOSTILE[3]}),
    ]
    (output,) = cleaned(v4.new_notebook(cells=[cell]), ()).cells[0].outputs
    assert output.data["text/plain"] == "2.5"
    assert "<td>ok</td>" in output.data["text/html"]
    assert "color:#0b6e4f" in output.data["text/html"]
    assert "position" not in output.data["text/html"]
    assert "pwned" not in str(output)


def test_whatever_else_a_notebook_can_hold_goes() -> None:
    raw = v4.new_raw_cell("<script>pwned()</script>", metadata={"raw_mimetype": "text/html"})
    code = v4.new_code_cell("1", metadata={"magics_language": "pwned", "tags": ["fine"]})
    prose = v4.new_markdown_cell("![x](attachment:a.svg)")
    notebook = v4.new_notebook(cells=[raw, code, prose])
    code.id, code.execution_count = 'x" onclick="pwned()', "<script>pwned()</script>"
    prose["attachments"] = {"a.svg": {"image/svg+xml": "pwned"}}
    notebook.metadata.update(
        title="</title><script>pwned()</script>",
        widgets={"application/vnd.jupyter.widget-state+json": {"state": "pwned"}},
        language_info={"name": "pwned", "pygments_lexer": "pwned"},
    )
    clean = cleaned(notebook, ())
    assert "pwned" not in nbformat.writes(clean)
    assert clean.cells[1].metadata == {"tags": ["fine"]}
    nbformat.validate(clean)


def test_a_note_shows_quoted_text_as_text() -> None:
    cell = note("Mended", ["a <script>pwned()</script> $x$"], "mended")
    assert Found(markdown2html(cell.source)).bad == []
    assert "&lt;script&gt;" in cell.source


def test_the_whole_page_holds_no_script_but_the_templates() -> None:
    cells = [v4.new_markdown_cell(source) for source in HOSTILE]
    empty, _ = HTMLExporter().from_notebook_node(v4.new_notebook())
    page, _ = HTMLExporter().from_notebook_node(cleaned(v4.new_notebook(cells=cells), ()))
    assert page.lower().count("<script") == empty.lower().count("<script")


def clean_outputs(*outputs: NotebookNode) -> list[NotebookNode]:
    cell = v4.new_code_cell("f()", outputs=list(outputs))
    return cleaned(v4.new_notebook(cells=[cell]), ()).cells[0].outputs


@pytest.mark.parametrize("source", ["", "\n\n", "\r\n\r\n", "\n" + "<" * 9_000])
def test_text_that_is_shown_as_it_is_stays_the_same_when_it_is_cleaned_again(source: str) -> None:
    once = sanitised_markdown(source)
    assert sanitised_markdown(once) == once


def test_what_other_rules_cleaned_is_cleaned_again() -> None:
    hostile = v4.new_notebook(cells=[v4.new_markdown_cell("<script>pwned()</script>")])
    assert not is_clean(hostile)
    clean = cleaned(hostile, ())
    assert is_clean(clean)
    assert not is_clean(hostile), "the original was marked"
    clean.metadata["jaxercise"]["cleaned"] = 0
    assert not is_clean(clean)


def test_templates_escape_what_they_are_given() -> None:
    page = templates.render("note.html.j2", title="<a>", sentences=["<script>x</script>"])
    assert page == ("<p><b>&lt;a&gt;</b></p><ul><li>&lt;script&gt;x&lt;/script&gt;</li></ul>")
    with pytest.raises(UndefinedError, match="'title' is undefined"):
        templates.render("note.html.j2", sentences=[])
