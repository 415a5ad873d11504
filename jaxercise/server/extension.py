"""What the server extension sets up, and its settings."""

from __future__ import annotations

import asyncio
import atexit
import subprocess
import sys
from pathlib import Path
from typing import Any

from jupyter_server.utils import url_path_join
from tornado.ioloop import PeriodicCallback
from traitlets import Bool, Float
from traitlets.config import Config, LoggingConfigurable

from jaxercise.course.lesson import Course
from jaxercise.nbgrader.enrolment import settings
from jaxercise.server import formgrader
from jaxercise.server.batch import BatchError, Batches
from jaxercise.server.handlers import handlers
from jaxercise.server.submissions import Count, Submissions

_MINUTE_MS = 60_000.0
_TRIES, _TRY_AGAIN_S = 60, 0.5


class ClassPage(LoggingConfigurable):
    """The instructors' page, as `c.ClassPage` in jupyter_server_config.py."""

    grade_every_min = Float(
        0.0,
        help="Every so many minutes, collect what was handed in through the exchange and grade "
        "what is new; 0: never.",
    ).tag(config=True)
    judge_ahead = Bool(
        False,
        help="Judge each submission as it arrives in submitted/ or in the exchange, so that "
        "grading finds the verdicts kept: runs `jaxercise grade --watch` while the server runs.",
    ).tag(config=True)

    def __init__(self, nbgrader_settings: Config, **kwargs: Any):
        super().__init__(**kwargs)
        root = Path(nbgrader_settings.CourseDirectory.root)
        self.course, self.batches = Course(root), Batches(root)
        self.submissions = Submissions(self.course, nbgrader_settings)
        self.report_lock = asyncio.Lock()
        self._tried: dict[str, Count] = {}
        self._clock: PeriodicCallback | None = None
        self._watching: subprocess.Popen[bytes] | None = None

    @property
    def problem(self) -> str:
        """Why nothing can be graded here; "" if all is well."""
        root = self.course.root
        if not (root / "lessons").is_dir() or not (root / "grader_tests").is_dir():
            return f"{root} is not the folder of a course that is graded"
        return ""

    def start(self) -> None:
        """Go on with a batch that was interrupted, and do what the settings ask for."""
        if batch := self.batches.go_on():
            self.log.info("jaxercise: grading of %s goes on", batch.assignment)
        if self.grade_every_min > 0:
            self._clock = PeriodicCallback(self._grade_new, self.grade_every_min * _MINUTE_MS)
            self._clock.start()
        if self.judge_ahead:
            self._watching = self._watch()

    def stop(self) -> None:
        """End what runs beside the server; a batch goes on."""
        if self._clock is not None:
            self._clock.stop()
        if self._watching is not None:
            self._watching.terminate()

    async def _grade_new(self) -> None:
        """Start a batch for the first assignment in which there is something new.

        What a batch left as it was, since it could not be graded, is not tried again.
        """
        loop = asyncio.get_running_loop()
        for one in await loop.run_in_executor(None, self.submissions.counts):
            if (one["new"] or one["inbound"]) and self._tried.get(one["name"]) != one:
                try:
                    self.batches.start(one["name"], collect=one["inbound"] > 0)
                    self._tried[one["name"]] = one
                except BatchError:
                    self.log.info("jaxercise: grading by the clock waits: a batch is under way")
                return

    def _watch(self) -> subprocess.Popen[bytes]:
        folders = [folder for folder in self.submissions.folders() if folder.is_dir()]
        self.log.info("jaxercise: judging ahead what arrives in %s", ", ".join(map(str, folders)))
        return subprocess.Popen(
            [sys.executable, "-P", "-m", "jaxercise", "grade", "--watch", *map(str, folders)],
            cwd=self.course.root,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )


def load(serverapp: Any) -> None:
    """Add the page to a Jupyter server that runs in the course's root."""
    page = ClassPage(settings(Path.cwd()), parent=serverapp)
    web_app = serverapp.web_app
    web_app.settings["jaxercise_class"] = page
    base_url = web_app.settings["base_url"]
    web_app.add_handlers(".*$", handlers(base_url))
    if page.problem:
        page.log.warning("jaxercise: %s; the class page answers nobody", page.problem)
        return
    formgrader.put_first(web_app, base_url)
    address = url_path_join(base_url, "jaxercise")
    # JupyterLab's launcher shows the page where this is set (labextension/static/launcher.js).
    web_app.settings.setdefault("page_config_data", {})["jaxerciseClass"] = address

    def add_link(tries_left: int = _TRIES) -> None:
        if not formgrader.add_link(web_app, address) and tries_left:
            serverapp.io_loop.call_later(_TRY_AGAIN_S, add_link, tries_left - 1)

    # Formgrader is loaded after this; on a hub the loop runs in between.
    serverapp.io_loop.add_callback(add_link)
    serverapp.io_loop.add_callback(page.start)
    atexit.register(page.stop)
