"""The page and what it asks for. Who may ask is Jupyter's to say, as for formgrader."""

from __future__ import annotations

import asyncio
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jupyter_server.auth.decorator import authorized
from jupyter_server.base.handlers import APIHandler, JupyterHandler
from jupyter_server.utils import url_path_join
from tornado import web

from jaxercise.server.batch import Batch, BatchError

_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
)
# The report holds what students wrote; it is escaped, and no script of it would run.
_REPORT_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"


class _OfACourse(JupyterHandler):
    """Answers only where there is a course to grade."""

    auth_resource = "jaxercise"

    @property
    def class_page(self) -> Any:
        """The extension's ClassPage."""
        return self.settings["jaxercise_class"]

    async def prepare(self, **kwargs: Any) -> None:
        """Ask Jupyter who it is, then refuse where there is nothing to grade."""
        await super().prepare(**kwargs)
        if self.class_page.problem:
            raise web.HTTPError(403, self.class_page.problem)

    def assignment(self, name: str) -> str:
        """The name, if it is an assignment's; else 404."""
        if name not in self.class_page.course.assignments():
            raise web.HTTPError(404, f"there is no assignment {name!r}")
        return name


class PageHandler(_OfACourse):
    @web.authenticated
    @authorized
    def get(self) -> None:
        """The page."""
        assert self.xsrf_token  # Sets the cookie that the page sends back.
        course = self.class_page.course
        self.finish(
            _TEMPLATES.get_template("page.html.j2").render(
                base_url=self.base_url,
                course=self.class_page.submissions.course_id,
                assignments=course.assignments(),
                collects=self.class_page.submissions.collects,
                settings=_settings(self.class_page),
                script=(Path(__file__).parent / "templates" / "page.js").read_text("utf-8"),
            )
        )


class StateHandler(_OfACourse, APIHandler):
    @web.authenticated
    @authorized
    async def get(self) -> None:
        """What there is to grade, and how far the batch is."""
        loop = asyncio.get_running_loop()
        counts = await loop.run_in_executor(None, self.class_page.submissions.counts)
        batch: Batch | None = self.class_page.batches.latest()
        self.finish({"assignments": counts, "batch": asdict(batch) if batch else None})


class BatchHandler(_OfACourse, APIHandler):
    @web.authenticated
    @authorized
    def post(self) -> None:
        """Start a batch: JSON with `assignment`, and perhaps `again` and `collect`."""
        asked = self.get_json_body() or {}
        name = self.assignment(str(asked.get("assignment", "")))
        try:
            batch = self.class_page.batches.start(
                name, again=asked.get("again") is True, collect=asked.get("collect") is True
            )
        except BatchError as error:
            raise web.HTTPError(409, str(error)) from error
        self.finish(asdict(batch))

    @web.authenticated
    @authorized
    def delete(self) -> None:
        """Cancel the batch that runs."""
        try:
            self.class_page.batches.cancel()
        except BatchError as error:
            raise web.HTTPError(409, str(error)) from error
        self.finish({})


class LogHandler(_OfACourse):
    @web.authenticated
    @authorized
    def get(self, name: str) -> None:
        """All that nbgrader printed in the last batch of an assignment, as text."""
        path: Path = self.class_page.batches.log_file(self.assignment(name))
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.finish(path.read_text(encoding="utf-8") if path.is_file() else "")


class ReportHandler(_OfACourse):
    @web.authenticated
    @authorized
    async def get(self, name: str) -> None:
        """The class at a glance, made anew in a process of its own."""
        page = self.class_page
        target: Path = page.batches.folder / f"{self.assignment(name)}.html"
        async with page.report_lock:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-P", "-m", "jaxercise", "report", name, "--html", str(target)),
                *("--formgrader", url_path_join(self.base_url, "formgrader")),
                cwd=page.course.root,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.PIPE,
            )
            _, told = await process.communicate()
        self.set_header("Content-Security-Policy", _REPORT_POLICY)
        if process.returncode == 0:
            self.set_header("Content-Type", "text/html; charset=utf-8")
            self.finish(target.read_text(encoding="utf-8"))
        else:
            self.set_header("Content-Type", "text/plain; charset=utf-8")
            self.finish(told.decode(errors="replace").removeprefix("jaxercise: "))


def _settings(page: Any) -> str:
    """What is graded without being asked, in words."""
    told = []
    if page.grade_every_min > 0:
        told.append(f"What is new is graded every {page.grade_every_min:g} minutes.")
    if page.judge_ahead:
        told.append("Submissions are judged as they arrive.")
    return " ".join(told)


def handlers(base_url: str) -> list[tuple[str, Any]]:
    """The addresses of the page, as tornado takes them."""
    routes = [
        (r"jaxercise/?", PageHandler),
        (r"jaxercise/api/state", StateHandler),
        (r"jaxercise/api/batch", BatchHandler),
        (r"jaxercise/log/([^/]+)", LogHandler),
        (r"jaxercise/report/([^/]+)", ReportHandler),
    ]
    return [(url_path_join(base_url, route), handler) for route, handler in routes]
