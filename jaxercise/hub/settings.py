"""JupyterHub's settings for courses: accounts, servers, and a formgrader for each course."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jaxercise.hub.spec import CourseSpec, HubSpec

CHECK_SERVICE = "jaxercise-check"
# A class that logs in at once starts slowly.
_START_S = 120


def configure(c: Any, spec: HubSpec) -> None:
    """Fill `c`, JupyterHub's configuration."""
    state = Path(spec.state)
    c.JupyterHub.bind_url = spec.address
    c.JupyterHub.hub_bind_url = f"http://127.0.0.1:{spec.hub_port}"
    c.JupyterHub.db_url = f"sqlite:///{state / 'jupyterhub.sqlite'}"
    c.JupyterHub.cookie_secret_file = str(state / "cookie_secret")
    c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{spec.proxy_api_port}"
    c.ConfigurableHTTPProxy.command = list(spec.proxy_command)
    c.ConfigurableHTTPProxy.pid_file = str(state / "proxy.pid")
    _accounts(c, spec)
    _servers(c, spec)
    _courses(c, spec)


def _accounts(c: Any, spec: HubSpec) -> None:
    people = {name for course in spec.courses for name in (*course.instructors, *course.students)}
    c.Authenticator.allowed_users = people
    # Who is no longer named may no longer log in.
    c.Authenticator.allow_existing_users = False
    if spec.demonstration is None:
        c.JupyterHub.authenticator_class = "pam"
        c.PAMAuthenticator.open_sessions = False
    else:
        c.JupyterHub.authenticator_class = "jaxercise.hub.demo_accounts.PasswordList"
        c.PasswordList.passwords = spec.demonstration.passwords


def _servers(c: Any, spec: HubSpec) -> None:
    instructors = {name for course in spec.courses for name in course.instructors}

    def role(spawner: Any) -> str:
        return "instructor" if spawner.user.name in instructors else "student"

    def config_path(spawner: Any) -> str:
        folders = [f"{spec.roles}/{role(spawner)}"]
        if spec.demonstration:
            folders.insert(0, f"{spec.roles}/{spawner.user.name}")
        return os.pathsep.join(folders)

    # Servers outlive a restart of the hub.
    c.JupyterHub.cleanup_servers = False
    c.Spawner.cmd = [f"{spec.bin}/jupyterhub-singleuser"]
    c.Spawner.default_url = "/lab"
    c.Spawner.http_timeout = _START_S
    c.Spawner.start_timeout = _START_S
    c.Spawner.environment = {"PATH": _path(spec), "JUPYTER_CONFIG_PATH": config_path}
    # What nbgrader's plugins ask the hub: my groups, and the course services that I may open.
    c.Spawner.server_token_scopes = [
        "users:activity!user",
        "access:servers!server",
        "read:users!user",
        "list:services",
        *(f"read:services!service={course.name}" for course in spec.courses),
    ]
    if spec.demonstration is None:
        c.JupyterHub.spawner_class = "jupyterhub.spawner.LocalProcessSpawner"
    else:
        c.JupyterHub.spawner_class = "jupyterhub.spawner.SimpleLocalProcessSpawner"
        c.SimpleLocalProcessSpawner.home_dir_template = f"{spec.demonstration.homes}/{{username}}"
        c.Spawner.args = list(_as_root())


def _as_root() -> Iterator[str]:
    if os.geteuid() == 0:
        yield "--allow-root"


def _path(spec: HubSpec) -> str:
    return os.pathsep.join([spec.bin, "/usr/local/bin", "/usr/bin", "/bin"])


def _courses(c: Any, spec: HubSpec) -> None:
    groups: dict[str, Any] = {}
    services: list[dict[str, Any]] = []
    roles: list[dict[str, Any]] = []
    for course in spec.courses:
        name = course.name
        # nbgrader finds courses by these two names.
        groups[f"formgrade-{name}"] = {"users": [course.grader, *course.instructors]}
        groups[f"nbgrader-{name}"] = {"users": list(course.students)}
        services.append(_formgrader(spec, course))
        opens = [
            "list:services",
            f"read:services!service={name}",
            f"access:services!service={name}",
        ]
        asks = ["list:groups", "read:users", f"groups!group=nbgrader-{name}"]
        roles += [
            {"name": f"formgrade-{name}", "groups": [f"formgrade-{name}"], "scopes": opens},
            {"name": f"course-{name}", "services": [name], "scopes": asks},
        ]
    if spec.check_token:
        services.append({"name": CHECK_SERVICE, "api_token": spec.check_token})
        scopes = ["admin:users", "tokens", "access:services", "access:servers"]
        roles.append({"name": CHECK_SERVICE, "services": [CHECK_SERVICE], "scopes": scopes})
    c.JupyterHub.load_groups = groups
    c.JupyterHub.services = services
    c.JupyterHub.load_roles = roles


def _formgrader(spec: HubSpec, course: CourseSpec) -> dict[str, Any]:
    """A Jupyter server in the course's folder, as the grader's account."""
    environment = {
        "PATH": _path(spec),
        "JUPYTER_CONFIG_PATH": f"{spec.roles}/grader",
        "JUPYTERHUB_DEFAULT_URL": "/lab?formgrader=true",
    }
    command = [f"{spec.bin}/jupyterhub-singleuser"]
    user = course.grader
    if spec.lock:
        environment["JAXERCISE_LOCK"] = spec.lock
    if spec.demonstration:
        home = Path(spec.demonstration.homes) / course.grader
        environment |= {"HOME": str(home), "USER": course.grader, "JUPYTERHUB_USER": course.grader}
        environment["JAXERCISE_VERDICTS"] = str(home / "verdicts")
        command += _as_root()
        user = ""  # As the hub itself.
    return {
        "name": course.name,
        "url": f"http://127.0.0.1:{course.port}",
        "command": command,
        "user": user,
        "cwd": course.root,
        "environment": environment,
        # No page that asks for consent between an instructor and formgrader.
        "oauth_no_confirm": True,
    }
