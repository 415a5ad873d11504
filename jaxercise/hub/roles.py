"""Jupyter's configuration for each role: which extensions a server loads, and nbgrader's settings.

A server reads the folder that JUPYTER_CONFIG_PATH names, so nothing is written into homes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ROLES = ("student", "instructor", "grader")

# Server extensions of this project, for servers in a course's folder. A new one is added here.
OUR_EXTENSIONS: tuple[str, ...] = ("jaxercise.server",)

_EXTENSIONS = "nbgrader.server_extensions"
# The server extensions of nbgrader, and the plugins of JupyterLab that belong to them.
_SERVER = {
    "student": ("assignment_list", "validate_assignment"),
    "instructor": ("assignment_list", "validate_assignment", "course_list"),
    "grader": ("formgrader", "validate_assignment"),
}
_LAB = {
    "assignment_list": ("@jupyter/nbgrader:assignment-list",),
    "course_list": ("@jupyter/nbgrader:course-list",),
    "formgrader": ("@jupyter/nbgrader:formgrader", "@jupyter/nbgrader:create-assignment"),
    "validate_assignment": ("@jupyter/nbgrader:validate-assignment",),
}
# News from the web, an installer of extensions, and jupytext's saving of every notebook twice.
_UNWANTED = (
    "@jupyterlab/apputils-extension:announcements",
    "@jupyterlab/extensionmanager-extension:plugin",
    "jupyterlab-jupytext",
)


def role_files(role: str, exchange: Path, more: Mapping[str, Any]) -> dict[str, str]:
    """The files of a role's folder, by their paths in it; `more` are further nbgrader settings."""
    wanted = _SERVER[role]
    server = {f"{_EXTENSIONS}.{name}": name in wanted for name in _LAB}
    server |= {"jupyterlab_jupytext": False}
    server |= dict.fromkeys(OUR_EXTENSIONS, role == "grader")
    app: dict[str, Any] = {"jpserver_extensions": server}
    if role == "grader":
        # Formgrader is a frame in JupyterLab, and JupyterHub forbids frames by default.
        policy = {"Content-Security-Policy": "frame-ancestors 'self'"}
        app["tornado_settings"] = {"headers": policy}
    disabled = {plugin: name not in wanted for name, plugins in _LAB.items() for plugin in plugins}
    disabled |= dict.fromkeys(_UNWANTED, True)
    nbgrader: dict[str, Any] = {
        "Exchange": {"root": str(exchange), "path_includes_course": True},
        "ExchangeFactory": {
            "list": "jaxercise.nbgrader.due_dates.ListAssignments",
            "fetch_feedback": "jaxercise.nbgrader.due_dates.FetchFeedback",
        },
        "Authenticator": {"plugin_class": "nbgrader.auth.JupyterHubAuthPlugin"},
    }
    contents = {
        "jupyter_server_config.json": {"ServerApp": app},
        "nbgrader_config.json": nbgrader | dict(more),
        "labconfig/page_config.json": {"disabledExtensions": disabled},
    }
    return {path: json.dumps(content, indent=1) + "\n" for path, content in contents.items()}


def course_settings(
    course: str, exchange: Path, lock: Path | None, settings: Mapping[str, Any], author: str
) -> str:
    """The text of a course's `nbgrader_local.py`, which its `nbgrader_config.py` reads last."""
    lines = [f'"""Written by {author}."""', ""]
    if lock is not None:
        lines += ["import os", "", f'os.environ.setdefault("JAXERCISE_LOCK", {str(lock)!r})']
    lines += [
        "c = get_config()",
        f"c.CourseDirectory.course_id = {course!r}",
        f"c.Exchange.root = {str(exchange)!r}",
        "c.Exchange.path_includes_course = True",
    ]
    for name, options in settings.items():
        lines += [f"c.{name}.{option} = {value!r}" for option, value in options.items()]
    return "\n".join(lines) + "\n"
