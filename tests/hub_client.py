"""A browser's part in a walk through a hub: cookies, forms, and the requests of its pages."""

from __future__ import annotations

import time
from typing import Any

import requests

from jaxercise.course.lesson import Lesson

_PATIENCE_S = 300


class Visitor:
    """Somebody who has logged in to the hub."""

    def __init__(self, address: str, name: str, password: str) -> None:
        self.address, self.name = address, name
        self.session = requests.Session()
        self.login_status = self._log_in(password)

    def _log_in(self, password: str) -> int:
        login = f"{self.address}/hub/login"
        self.session.get(login).raise_for_status()
        form = {"username": self.name, "password": password, "_xsrf": self._token("/hub/")}
        return self.session.post(login, data=form, params={"next": "/hub/home"}).status_code

    def _token(self, path: str) -> str:
        tokens = [c.value for c in self.session.cookies if c.name == "_xsrf" and c.path == path]
        return tokens[0] or "" if tokens else ""

    def start_server(self) -> None:
        """Have the hub start this account's server, and wait until it answers."""
        self.session.get(f"{self.address}/hub/spawn")
        deadline = time.monotonic() + _PATIENCE_S
        while True:
            answer = self.session.get(f"{self.address}/user/{self.name}/lab", allow_redirects=True)
            if answer.ok and f"/user/{self.name}/lab" in answer.url:
                return
            assert time.monotonic() < deadline, answer.text[-2000:]
            time.sleep(0.5)

    def get(self, path: str, **query: str) -> requests.Response:
        return self.session.get(f"{self.address}{path}", params=query, timeout=_PATIENCE_S)

    def post(self, path: str, **form: str) -> Any:
        """What a page's button gets as JSON."""
        return self._send("POST", path, data=form)

    def post_json(self, path: str, content: Any) -> Any:
        """What a page gets that sends JSON."""
        return self._send("POST", path, json=content)

    def put(self, path: str, content: Any) -> Any:
        return self._send("PUT", path, json=content)

    def _send(self, method: str, path: str, **body: Any) -> Any:
        base = "/".join(path.split("/")[:3]) + "/"
        headers = {"X-XSRFToken": self._token(base)}
        url = f"{self.address}{path}"
        answer = self.session.request(method, url, headers=headers, timeout=_PATIENCE_S, **body)
        assert answer.ok, f"{method} {path}: {answer.status_code} {answer.text[-2000:]}"
        return answer.json()


def hand_in(student: Visitor, lesson: Lesson) -> dict[str, str]:
    """Fetch, solve and submit, by the requests of the pages' buttons; the form that they send."""
    student.start_server()
    here, name = f"/user/{student.name}", lesson.assignment
    which = {"course_id": "jax", "assignment_id": name}
    fetched = student.post(f"{here}/assignments/fetch", **which)
    assert [one["status"] for one in fetched["value"]] == ["fetched"]
    work = f"{here}/api/contents/jax/{name}/{name}.ipynb"
    notebook = student.get(work).json()["content"]
    for cell in notebook["cells"]:
        if cell["id"] in lesson.by_name:
            cell["source"] = lesson.by_name[cell["id"]].solution
    student.put(work, {"type": "notebook", "format": "json", "content": notebook})
    handed_in = student.post(f"{here}/assignments/submit", **which)
    assert [one["status"] for one in handed_in["value"]] == ["fetched", "submitted"]
    return which
