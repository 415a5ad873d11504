"""HTML of feedback, as Jinja templates that escape what they are given."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

_FOLDER = Path(__file__).parent
_ENVIRONMENT = Environment(
    loader=FileSystemLoader(_FOLDER), autoescape=True, undefined=StrictUndefined
)


def render(name: str, **values: object) -> str:
    """The HTML of the template `name`, without the file's last newline.

    Raises:
        jinja2.TemplateNotFound: there is no such template.
        jinja2.UndefinedError: it uses a name that is not among `values`.
    """
    return _ENVIRONMENT.get_template(name).render(values)


def source(name: str) -> str:
    """The text of the template `name`, for a page that another library renders."""
    return (_FOLDER / name).read_text(encoding="utf-8")
