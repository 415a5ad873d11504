"""Fingerprints of Python code that survive new names, comments and line breaks.

Winnowing: Schleimer, Wilkerson and Aiken, "Winnowing: Local Algorithms for Document
Fingerprinting", SIGMOD 2003, https://theory.stanford.edu/~aiken/publications/papers/sigmod03.pdf.
Any run of at least `GRAM + WINDOW - 1` equal tokens gives two texts a fingerprint in common; no
run below `GRAM` does.
"""

from __future__ import annotations

import builtins
import hashlib
import io
import keyword
import tokenize
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

GRAM = 8
WINDOW = 4
_KEPT_NAMES = frozenset(dir(builtins)) | {"jax", "jnp", "np", "numpy", "lax", "random"}
_DROPPED = frozenset(
    {
        tokenize.COMMENT,
        tokenize.NL,
        tokenize.NEWLINE,
        tokenize.INDENT,
        tokenize.DEDENT,
        tokenize.ENCODING,
        tokenize.ENDMARKER,
    }
)


@dataclass(frozen=True)
class Token:
    """A token as it is compared, and the line that it stands in, from 1."""

    text: str
    line: int


@dataclass(frozen=True)
class Fingerprint:
    """The hash of the `GRAM` tokens from `start` on."""

    value: int
    start: int


def tokens(source: str) -> list[Token]:
    """The tokens of Python code, as far as it can be read.

    A name is one and the same token, unless it belongs to the language, to NumPy or JAX or
    follows a dot: renaming changes nothing. Comments, docstrings and layout are left out.
    """
    found: list[Token] = []
    before, starts_line = "", True
    for token in _raw(source):
        if token.type in _DROPPED:
            starts_line = starts_line or token.type in (tokenize.NEWLINE, tokenize.INDENT)
            continue
        text = token.string
        if token.type == tokenize.NAME and not _is_kept(text, before):
            text = "name"
        if not (token.type == tokenize.STRING and starts_line):
            found.append(Token(text, token.start[0]))
        before, starts_line = token.string, False
    return found


def _raw(source: str) -> Iterator[tokenize.TokenInfo]:
    try:
        yield from tokenize.generate_tokens(io.StringIO(source).readline)
    except (tokenize.TokenError, SyntaxError):
        return  # What a student handed in need not be Python.


def _is_kept(name: str, before: str) -> bool:
    return before == "." or keyword.iskeyword(name) or name in _KEPT_NAMES


def fingerprints(read: Sequence[Token]) -> list[Fingerprint]:
    """The winnowed fingerprints: in each window of hashes the smallest, of equal ones the last."""
    texts = [token.text for token in read]
    hashes = [_hash(texts[i : i + GRAM]) for i in range(len(texts) - GRAM + 1)]
    chosen: dict[int, int] = {}
    for first in range(max(len(hashes) - WINDOW + 1, min(len(hashes), 1))):
        window = range(first, min(first + WINDOW, len(hashes)))
        smallest = min(window, key=lambda i: (hashes[i], -i))
        chosen[smallest] = hashes[smallest]
    return [Fingerprint(value, start) for start, value in sorted(chosen.items())]


def _hash(gram: Sequence[str]) -> int:
    text = "\0".join(gram).encode()
    return int.from_bytes(hashlib.blake2b(text, digest_size=8).digest())
