"""Formgrader beside the page: a link to the page, and buttons that do not stop the server.

By itself nbgrader 0.9 runs what a button starts inside the web server, which answers nobody until
it is done. Here the same command runs in a process of its own.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
from collections.abc import Callable
from typing import Any

from jinja2 import BaseLoader, Environment
from jupyter_server.utils import url_path_join
from markupsafe import Markup
from nbgrader.server_extensions.formgrader.base import (
    BaseApiHandler,
    check_notebook_dir,
    check_xsrf,
)
from tornado import web

from jaxercise.nbgrader.commands import command_line, environment

# Each command starts a judge; more of them at once would only be slower.
_AT_ONCE = asyncio.Semaphore(max(1, (os.cpu_count() or 1)))
_NOISE = re.compile(r"\[\w+ \| (?:DEBUG|INFO)\] .*")


class _CommandHandler(BaseApiHandler):
    """Runs an nbgrader command on an assignment and perhaps a student."""

    command = ""
    flags: tuple[str, ...] = ()

    @web.authenticated
    @check_xsrf
    @check_notebook_dir
    async def post(self, assignment_id: str, student_id: str = "") -> None:
        """Run it; the answer is what nbgrader's own button gets."""
        arguments = [f"--assignment={assignment_id}", *self.flags, *self._place()]
        if student_id:
            arguments.append(f"--student={student_id}")
        async with _AT_ONCE:
            process = await asyncio.create_subprocess_exec(
                *command_line(self.command, arguments),
                cwd=self.coursedir.root,
                env=environment(),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.STDOUT,
            )
            told, _ = await process.communicate()
        text = told.decode(errors="replace")
        if process.returncode == 0:
            lines = [line for line in text.splitlines() if not _NOISE.fullmatch(line)]
            self._answer({"success": True, "log": "\n".join(lines)})
        else:
            self._answer({"success": False, "log": text, "error": _last_error(text)})

    def _answer(self, told: dict[str, Any]) -> None:
        """As text, which formgrader's pages parse themselves; jQuery would have parsed JSON."""
        self.finish(json.dumps(told))

    def _place(self) -> list[str]:
        """The course and gradebook that formgrader shows."""
        root, db_url = self.coursedir.root, self.coursedir.db_url
        return [f"--CourseDirectory.root={root}", f"--db={db_url}"]


def _last_error(text: str) -> str:
    lines = [line for line in text.splitlines() if re.match(r"\[\w+ \| (?:ERROR|CRITICAL)\]", line)]
    return "\n".join(lines[-5:]) or text[-2000:]


class AutogradeHandler(_CommandHandler):
    command, flags = "autograde", ("--force", "--create")


class FeedbackHandler(_CommandHandler):
    command, flags = "generate_feedback", ("--force",)


def put_first(web_app: Any, base_url: str) -> None:
    """Have these handlers answer in the place of formgrader's, whichever is loaded first."""
    api = "formgrader/api"
    routes = [
        (rf"{api}/submission/([^/]+)/([^/]+)/autograde", AutogradeHandler),
        (rf"{api}/assignment/([^/]+)/generate_feedback", FeedbackHandler),
        (rf"{api}/assignment/([^/]+)/([^/]+)/generate_feedback", FeedbackHandler),
    ]
    web_app.add_handlers(
        ".*$", [(url_path_join(base_url, route), handler) for route, handler in routes]
    )
    # Tornado puts each addition behind the earlier ones, before its last rule.
    rules = web_app.default_router.rules
    rules.insert(0, rules.pop(-2))


def add_link(web_app: Any, address: str) -> bool:
    """Put a link to the page into formgrader's navigation; whether formgrader is there."""
    environment: Environment | None = web_app.settings.get("nbgrader_jinja2_env")
    if environment is None or environment.loader is None:
        return False
    environment.loader = _WithLink(environment.loader, address)
    return True


class _WithLink(BaseLoader):
    """Formgrader's templates, with one more entry below the navigation in `base.tpl`."""

    def __init__(self, original: BaseLoader, address: str) -> None:
        self._original = original
        link = Markup('<li role="presentation"><a href="{}">Grade all, and report</a></li>')
        self._link = link.format(address)

    def get_source(
        self, environment: Environment, template: str
    ) -> tuple[str, str | None, Callable[[], bool] | None]:
        source, name, current = self._original.get_source(environment, template)
        if template == "base.tpl":
            source = source.replace("</ul>", f"{self._link}</ul>", 1)
        return source, name, current
