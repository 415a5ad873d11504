"""`jaxercise hub`: what it reads and refuses, what it sets up, and what its check finds."""

from __future__ import annotations

import json
import os
import pwd
import socket
import stat
import sys
import tempfile
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from traitlets.config import Config

from jaxercise.checks.outcome import CourseError
from jaxercise.cli.commands import main
from jaxercise.cli.new_course import new_course
from jaxercise.hub import check_web, proxy
from jaxercise.hub.check import check_accounts
from jaxercise.hub.course_file import CourseFile, read_course_file
from jaxercise.hub.finding import Finding
from jaxercise.hub.init import steps
from jaxercise.hub.installation import Installation, closed_folder
from jaxercise.hub.roles import role_files
from jaxercise.hub.settings import configure
from jaxercise.hub.spec import HubSpec, places
from jaxercise.hub.start import assert_ports_free, resolve
from jaxercise.hub.steps import Account, Folder, Group, TextFile
from jaxercise.nbgrader.enrolment import settings

ME = pwd.getpwuid(os.geteuid()).pw_name
NEEDS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="becomes other accounts")
COURSE = """\
[[course]]
name = "jax"
grader = "grader-jax"
port = 9101
instructors = ["ines"]
roster = "jax.csv"
"""


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Writes hub.toml and its roster, jax.csv."""

    def written(text: str = COURSE, roster: str = "id,name\nada,Ada\nbob,Bob\n") -> Path:
        (tmp_path / "jax.csv").write_text(roster)
        path = tmp_path / "hub.toml"
        path.write_text(textwrap.dedent(text))
        return path

    return written


def test_a_file_says_what_each_course_is_made_of(write: Callable[..., Path]) -> None:
    path = write(
        f"""\
        [hub]
        folder = "/data/hub"

        {COURSE.replace(chr(10), chr(10) + " " * 8)}
        from = "course"
        [course.settings]
        JudgeSubmission.seed = 4711
        """,
    )
    file = read_course_file(path)
    (course,) = file.courses
    assert (course.name, course.grader, course.port) == ("jax", "grader-jax", 9101)
    assert (course.instructors, course.students) == (("ines",), ("ada", "bob"))
    assert course.root == Path("/data/hub/courses/jax")
    assert (course.roster, course.copied_from) == (path.parent / "jax.csv", path.parent / "course")
    assert course.settings == {"JudgeSubmission": {"seed": 4711}}
    assert (file.hub.address, file.hub.accounts) == ("http://127.0.0.1:8000", "create")


def test_a_section_is_a_course_with_some_of_a_roster(write: Callable[..., Path]) -> None:
    monday = COURSE + 'section = "mon"\n'
    tuesday = monday.replace('"jax"', '"jax-tue"').replace("9101", "9102").replace("mon", "tue")
    roster = "id,section\nada,mon\nbob,tue\ncleo,mon\n"
    file = read_course_file(write(monday + "\n" + tuesday, roster))
    assert [course.students for course in file.courses] == [("ada", "cleo"), ("bob",)]


@pytest.mark.parametrize(
    ("change", "line", "told"),
    [
        (("port = 9101", "prot = 9101"), 4, "unknown key 'prot' in [[course]]; known are name, "),
        (("port = 9101", 'port = "9101"'), 4, "'port' is '9101', and should be a port, 1 to 65535"),
        (("port = 9101\n", ""), 1, "[[course]] has no key 'port'"),
        (("port = 9101", "port = 8081"), 4, "port 8081 is taken by 'hub_port'"),
        (('["ines"]', '"ines"'), 5, "'instructors' is 'ines', and should be a list of accounts"),
        (('["ines"]', '["Ines"]'), 5, "'Ines' in 'instructors' cannot be a Unix account"),
        (('["ines"]', '["bob"]'), 6, "'bob' grades the course 'jax' and is on its roster"),
        (('"jax"', '"Jax 1"'), 2, "'Jax 1' cannot be a course's name"),
        (("port = 9101", "port == 9101"), 4, "Invalid value"),
        (
            ('"jax.csv"', '"jax.csv"\nsection = "x"'),
            7,
            "is in the section 'x'; sections there: non",
        ),
        (("[[course]]", "[courses]"), 1, "unknown key 'courses'; known are [hub] and [[course]]"),
        (("[[course]]", '[hub]\naddress = "https://x"\n[[course]]'), 2, "TLS ends at a web server"),
        (("[[course]]", '[hub]\naccounts = "no"\n[[course]]'), 2, '"create" or "existing"'),
        (("port = 9101", "port = 9101\nsettings.seed = 1"), 5, "'seed' in [course.settings]"),
    ],
)
def test_mistakes_are_told_with_file_and_line(
    write: Callable[..., Path], change: tuple[str, str], line: int, told: str
) -> None:
    path = write(COURSE.replace(*change))
    with pytest.raises(CourseError) as raised:
        read_course_file(path)
    assert str(raised.value).startswith(f"{path}:{line}: "), raised.value
    assert told in str(raised.value)


def test_two_courses_need_names_folders_and_ports_of_their_own(write: Callable[..., Path]) -> None:
    with pytest.raises(CourseError, match=r"hub.toml:11: port 9101 is taken by the course 'jax'"):
        read_course_file(write(COURSE + "\n" + COURSE.replace('"jax"', '"numpy"')))
    with pytest.raises(CourseError, match=r"hub.toml:9: the name 'jax' is that of the course in "):
        read_course_file(write(COURSE + "\n" + COURSE.replace("9101", "9102")))


def test_a_roster_with_a_doubled_name_is_refused_with_its_line(write: Callable[..., Path]) -> None:
    path = write(roster="id,name\nada,Ada\nada,Ada L.\n")
    with pytest.raises(CourseError, match=r"jax.csv:3: the id 'ada' is in line 2 already"):
        read_course_file(path)
    with pytest.raises(CourseError, match=r"jax.csv:3: the id 'Ada' cannot be a Unix account"):
        read_course_file(write(roster="id\nbob\nAda\n"))


def test_a_dry_run_tells_every_step_and_makes_nothing(
    write: Callable[..., Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "srv"
    path = write(f'[hub]\nfolder = "{folder}"\nunit = "{tmp_path}/hub.service"\n{COURSE}')
    assert main(["hub", "init", str(path), "--dry-run"]) == 0
    told = capsys.readouterr().out.splitlines()
    assert all(line.startswith("would make: ") for line in told)
    for part in (
        "account grader-jax (grader), with a password in",
        "account ines (instructor)",
        "account ada (student)",
        f"installation {folder}/venv, by /usr/bin/python3",
        f"file {folder}/jupyter/student/nbgrader_config.json (missing)",
        f"folder {folder}/exchange, mode 1777, of root (missing)",
        f"folder {folder}/locks, mode 0700, of grader-jax (missing)",
        f"folder {folder}/courses/jax, mode 0700, of grader-jax (missing)",
        f"file {folder}/courses/jax/nbgrader_local.py (missing)",
        f"file {tmp_path}/hub.service (missing)",
    ):
        assert any(part in line for line in told), part
    assert not folder.exists()


def test_init_and_check_and_start_ask_for_root(
    write: Callable[..., Path],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    path = str(write())
    for command in ("init", "check", "start"):
        assert main(["hub", command, path]) == 2
        assert "must be run by root" in capsys.readouterr().err


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A temporary folder that every account may enter."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o711)
        yield Path(folder)


@pytest.fixture
def local(write: Callable[..., Path], tmp_path: Path, open_folder: Path) -> CourseFile:
    """A hub in a temporary folder, whose grader is the current user, with this installation."""
    new_course(tmp_path / "course")
    folder = open_folder / "srv"
    folder.mkdir()
    (folder / "venv").symlink_to(sys.prefix)
    text = COURSE.replace("grader-jax", ME).replace('["ines"]', "[]")
    extra = 'from = "course"\n[course.settings]\nJudgeSubmission.seed = 4711\n'
    hub = f'[hub]\nfolder = "{folder}"\naccounts = "existing"\n'
    hub += f'unit = "{tmp_path}/hub.service"\naddress = "http://127.0.0.1:8911"\n'
    return read_course_file(write(hub + text + extra, "id,name\nnobody,No Body\n"))


@NEEDS_ROOT
@pytest.mark.slow
def test_init_makes_it_all_and_a_second_run_does_nothing(
    local: CourseFile, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proxy, "installed", lambda prefix: True)
    monkeypatch.delenv("JAXERCISE_LOCK", raising=False)
    there, root = places(local), local.courses[0].root
    assert main(["hub", "init", str(local.path)]) == 0
    assert "making: copy of the course" in capsys.readouterr().out
    modes = {there.exchange: 0o1777, there.locks: 0o700, there.state: 0o700, root: 0o700}
    assert {path: stat.S_IMODE(path.stat().st_mode) for path in modes} == modes
    assert f"hub start {local.path}" in local.hub.unit.read_text()
    seen = settings(root)
    assert (seen.CourseDirectory.course_id, seen.JudgeSubmission.seed) == ("jax", 4711)
    assert seen.Exchange.root == str(there.exchange)
    assert os.environ.pop("JAXERCISE_LOCK", None) == str(there.lock)
    assert main(["hub", "init", str(local.path)]) == 0
    assert capsys.readouterr().out == f"nothing to do: everything is as {local.path} says\n"
    there.exchange.chmod(0o777)
    assert main(["hub", "init", str(local.path)]) == 0
    told = capsys.readouterr().out
    assert f"making: folder {there.exchange}, mode 1777, of root (its mode is 0777)" in told
    assert told.count("making: ") == 1


@NEEDS_ROOT
def test_check_finds_what_a_student_can_reach(local: CourseFile) -> None:
    there, root = places(local), local.courses[0].root
    for step in steps(local):
        if isinstance(step, Folder):
            step.do()
    (root / "reference").mkdir()
    assert "nobody" not in wrong(local)
    root.chmod(0o755)
    (root / "gradebook.db").write_text("grades")
    there.locks.chmod(0o777)
    there.exchange.chmod(0o777)
    (there.exchange / "jax" / "inbound").mkdir(parents=True)
    told = wrong(local)
    for path in (root, root / "reference", root / "gradebook.db"):
        assert f"nobody can read {path}; chmod 700 {root}" in told
    assert f"nobody can read {there.locks}; chmod o= {there.locks}" in told
    assert f"nobody can move {there.exchange}/jax" in told
    assert f"nobody can read {there.exchange}/jax/inbound" in told
    assert f"{there.exchange}: its mode is 0777 and should be 1777" in told


def wrong(file: CourseFile) -> str:
    return "\n".join(finding.told for finding in check_accounts(file) if finding.ok is False)


def test_check_asks_formgrader_as_everybody(
    local: CourseFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    (finding,) = check_web.check_web(local)
    assert finding.ok is None
    assert "no hub answers at http://127.0.0.1:8911" in finding.told
    places(local).state.mkdir()
    places(local).spec.write_text(resolve(local).to_json())
    monkeypatch.setattr(requests, "get", lambda *_, **__: answer(200))
    answers = {"nobody": 403}
    monkeypatch.setattr(check_web, "_asked_as", lambda *who: answers[who[-1]])
    assert [one.ok for one in check_web.check_web(local)] == [True]
    answers["nobody"] = 200
    (finding,) = check_web.check_web(local)
    assert finding == Finding(
        False, "formgrader of jax answers nobody with 200, and should with 403"
    )


def answer(status: int) -> requests.Response:
    made = requests.Response()
    made.status_code = status
    return made


def test_a_port_in_use_is_named_with_its_key(local: CourseFile) -> None:
    assert_ports_free(local)
    with socket.create_server(("127.0.0.1", 9101)), pytest.raises(CourseError) as raised:
        assert_ports_free(local)
    told = str(raised.value)
    assert f"hub.toml:{local.line_of('port', local.courses[0])}: port 9101 is in use" in told
    assert f"by process {os.getpid()}" in told


def test_an_account_that_must_exist_is_named() -> None:
    step = Account("no-such-account", "grader", Path("/nowhere"), make=False)
    with pytest.raises(CourseError, match=r"'no-such-account' \(grader\) does not exist"):
        step.needed()


def test_steps_leave_alone_what_is_as_it_should_be(tmp_path: Path) -> None:
    folder, file = Folder(tmp_path / "a", 0o750, ME), TextFile(tmp_path / "a/b", "text", 0o640, ME)
    for step in (folder, file):
        assert "(missing)" in step.needed()
        step.do()
        assert step.needed() == ""
    file.path.write_text("another")
    assert file.needed() == f"file {file.path} (another text)"
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text("text")
    file.path.unlink()
    file.path.symlink_to(elsewhere)
    file.do()
    assert not file.path.is_symlink()
    (tmp_path / "c").write_text("")
    with pytest.raises(CourseError, match="should be a folder, and is something else"):
        Folder(tmp_path / "c", 0o700).needed()
    assert Group("no-such-group", ("ada",)).needed() == "group no-such-group with ada"


def test_an_installation_needs_a_python_that_others_can_run(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    (closed / "bin").mkdir(parents=True)
    closed.chmod(0o700)
    (closed / "bin" / "python").write_text("")
    assert closed_folder(closed / "bin" / "python") is not None
    step = Installation(tmp_path / "venv", closed / "bin" / "python")
    assert step.needed().startswith(f"installation {tmp_path}/venv, by {closed}/bin/python")
    with pytest.raises(CourseError, match="other accounts cannot run it"):
        step.do()
    assert not (tmp_path / "venv").exists()


def test_students_get_no_formgrader_and_graders_may_be_framed(tmp_path: Path) -> None:
    def server(role: str) -> dict[str, Any]:
        return json.loads(role_files(role, tmp_path, {})["jupyter_server_config.json"])["ServerApp"]

    on = {
        role: {
            name.rpartition(".")[2]
            for name, is_on in server(role)["jpserver_extensions"].items()
            if is_on
        }
        for role in ("student", "instructor", "grader")
    }
    assert "formgrader" not in on["student"] | on["instructor"]
    assert "formgrader" in on["grader"]
    assert {"assignment_list", "validate_assignment"} <= on["student"]
    headers = server("grader")["tornado_settings"]["headers"]
    assert headers == {"Content-Security-Policy": "frame-ancestors 'self'"}


def test_the_hubs_settings_survive_their_way_as_json(local: CourseFile) -> None:
    spec = resolve(local)
    assert HubSpec.from_json(spec.to_json()) == spec
    c = Config()
    configure(c, spec)
    assert c.Authenticator.allowed_users == {"nobody"}
    assert c.JupyterHub.load_groups["formgrade-jax"] == {"users": [ME]}
    (formgrader, _) = c.JupyterHub.services
    assert (formgrader["user"], formgrader["cwd"]) == (ME, str(local.courses[0].root))
    assert formgrader["environment"]["JAXERCISE_LOCK"] == str(places(local).lock)
