"""Renders a student's Markdown as HTML, in time that is linear in its length.

nbconvert's renderer tries some of its patterns again at each character. This one renders
CommonMark with tables, strikethrough and formulas. It passes raw HTML through, so its result must
still be sanitised.
"""

from __future__ import annotations

import html
import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.token import Token
from mdit_py_plugins.dollarmath import dollarmath_plugin

# Browsers and sanitisers look at all open elements whenever one begins.
_MAX_TAGS = 4_000
# A link that is defined once and used often makes long HTML of a short text.
_MAX_ADDRESSES = 1_000_000
_BEGIN = re.compile(r"\\begin\{([a-zA-Z]+\*?)\}")
_END = re.compile(r"\\end\{([a-zA-Z]+\*?)\}")


def rendered(source: str) -> str:
    """A cell as HTML; as plain text if it has very many tags or repeated addresses."""
    env: dict[str, Any] = {}
    tokens = _PARSER.parse(source, env) if source.count("<") <= _MAX_TAGS else []
    if not tokens or sum(_addresses(tokens)) > _MAX_ADDRESSES:
        return plain(source)
    return _PARSER.renderer.render(tokens, _PARSER.options, env)


def plain(source: str) -> str:
    """The source as preformatted text, without newlines at its ends (a <pre> drops the first)."""
    text = html.escape(source.strip("\r\n"))
    return f"<pre>{text}</pre>"


def _addresses(tokens: Sequence[Token]) -> Iterator[int]:
    """The lengths of the addresses of links and pictures."""
    for token in tokens:
        yield sum(len(str(value)) for value in token.attrs.values())
        yield from _addresses(token.children or ())


def _formula(self: Any, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    token = tokens[index]
    mark = token.markup
    return html.escape(f"{mark}{token.content}{mark}") + ("\n" if token.block else "")


def _environment(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A rule: LaTeX from a line with \\begin{name} to the next with \\end{name} stays as it is."""
    first = state.src[state.bMarks[start] + state.tShift[start] : state.eMarks[start]]
    begin = _BEGIN.match(first)
    if begin is None:
        return False
    ends = _ends(state)[begin[1]]
    position = bisect_right(ends, start - 1)
    if position == len(ends) or ends[position] >= end:
        return False
    if not silent:
        last = ends[position]
        token = state.push("math_block", "", 0)
        token.content = state.getLines(start, last + 1, state.blkIndent, False)
        token.map = [start, last + 1]
        state.line = last + 1
    return True


def _ends(state: StateBlock) -> Mapping[str, list[int]]:
    """The lines on which each environment ends, by its name; searched once per cell."""
    if "ends" not in state.env:
        ends = state.env["ends"] = defaultdict(list)
        for number, line in enumerate(state.src.split("\n")):
            for name in _END.findall(line):
                ends[name].append(number)
    return state.env["ends"]


def _picture(self: Any, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    """A picture, or a word for one that was attached: attachments do not get through mending."""
    token = tokens[index]
    if str(token.attrs.get("src", "")).startswith("attachment:"):
        return html.escape(f"[picture: {token.content}]")
    return self.image(tokens, index, options, env)


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    # The sanitiser checks addresses; this check would drop pictures.
    parser.validateLink = lambda url: True
    parser.use(dollarmath_plugin, allow_digits=False, allow_labels=False)
    parser.block.ruler.before("fence", "environment", _environment, {"alt": ["paragraph"]})
    for kind in ("math_inline", "math_inline_double", "math_block"):
        parser.add_render_rule(kind, _formula)
    parser.add_render_rule("image", _picture)
    return parser


_PARSER = _parser()
