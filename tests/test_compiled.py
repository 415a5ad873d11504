"""Compiled programs: served by key and no other way, kept on disk whole or not at all."""

from __future__ import annotations

import contextlib
import logging
import os
import socket
import stat
import struct
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator

import pytest

from jaxercise.grading.program_store import (
    VARIABLE,
    CompiledPrograms,
    ProgramStore,
    ReferencePrograms,
    open_program_store,
)
from jaxercise.grading.store import StoreError
from jaxercise.sandbox.served import socket_for
from jaxercise.sandbox.view import LIBRARY
from jaxercise.wire import compiled
from jaxercise.wire.compiled import Asker, answer, is_key

KEY, OTHER = "jit_f-" + "0" * 64, "jit__multi_slice-" + "a" * 64
PROGRAMS = CompiledPrograms({KEY: b"shown" * 99_999}, {OTHER: b"checked"})


@pytest.fixture
def connect() -> Iterator[Callable[..., socket.socket]]:
    """Start a server and give the other end of its socket."""
    threads: list[threading.Thread] = []
    ends: list[socket.socket] = []

    def connected(lookup: compiled.Lookup = PROGRAMS.shown.get) -> socket.socket:
        ours, theirs = socket.socketpair()
        threads.append(threading.Thread(target=answer, args=(ours, lookup)))
        threads[-1].start()
        ends.append(theirs)
        theirs.settimeout(20)
        return theirs

    yield connected
    for end in ends:
        end.close()
    for thread in threads:
        thread.join(20)
        assert not thread.is_alive()


def question(name: bytes) -> bytes:
    return struct.pack(">H", len(name)) + name


def test_a_program_is_found_by_its_key_and_nothing_by_another(connect):
    asker = Asker(connect())
    assert asker.get(KEY) == PROGRAMS.shown[KEY]
    assert asker.get(OTHER) is None
    assert asker.get(KEY) == PROGRAMS.shown[KEY]


@pytest.mark.parametrize("name", [b"", b"*", KEY[:-1].encode(), b"../" + KEY.encode(), b"\xff"])
def test_what_is_no_key_is_not_even_looked_up(connect, name):
    asked: list[str] = []
    end = connect(asked.append)
    end.sendall(question(name))
    assert end.recv(4) == b"\0\0\0\0"
    assert asked == []


def test_a_question_that_is_too_long_ends_the_service(connect):
    end = connect()
    end.sendall(struct.pack(">H", 65_000) + b"x" * 65_000)
    with contextlib.suppress(ConnectionError):  # closed with a question unread
        assert end.recv(1) == b""


def test_the_number_of_questions_is_limited(connect, monkeypatch):
    monkeypatch.setattr(compiled, "MAX_QUESTIONS", 3)
    asker = Asker(connect())
    assert [asker.get(KEY) is not None for _ in range(5)] == [True] * 3 + [False] * 2


def test_one_that_never_takes_its_answer_is_left(connect, monkeypatch):
    monkeypatch.setattr(compiled, "_PATIENCE_S", 0.1)
    end = connect(lambda key: b"x" * (8 << 20))
    for _ in range(9):
        end.sendall(question(KEY.encode()))
    seen = len(end.recv(1 << 20))
    threading.Event().wait(1.0)  # More than its patience.
    with contextlib.suppress(ConnectionError):  # closed with questions unread
        while part := end.recv(1 << 20):
            seen += len(part)
    assert 0 < seen < 9 * (8 << 20)


def test_a_run_goes_on_without_a_server(connect):
    ours, theirs = socket.socketpair()
    ours.close()
    asker = Asker(theirs)
    assert asker.get(KEY) is None
    assert asker.get(KEY) is None


@pytest.mark.filterwarnings(r"ignore:os\.fork\(\) was called:RuntimeWarning")
def test_a_forked_process_does_not_take_its_parents_answers(connect):
    asker = Asker(connect())
    reader, writer = os.pipe()
    if (child := os.fork()) == 0:
        os.write(writer, b"n" if asker.get(KEY) is None else b"y")
        os._exit(0)
    os.waitpid(child, 0)
    assert os.read(reader, 1) == b"n"
    assert asker.get(KEY) == PROGRAMS.shown[KEY]


def test_threads_share_a_socket(connect):
    asker = Asker(connect())
    seen: list[bytes | None] = []
    threads = [
        threading.Thread(target=lambda: seen.extend(asker.get(KEY) for _ in range(20)))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [PROGRAMS.shown[KEY]] * 80


def test_a_run_gets_what_it_is_for_and_a_race_gets_nothing():
    found: dict[str, list[bytes | None]] = {}
    for purpose in ("show", "check"):
        (end,) = socket_for(purpose, PROGRAMS)
        asker = Asker(end)
        found[purpose] = [asker.get(KEY), asker.get(OTHER)]
        end.close()
    shown = PROGRAMS.shown[KEY]
    assert found == {"show": [shown, None], "check": [shown, b"checked"]}
    assert socket_for("time", PROGRAMS) == []
    assert socket_for("show", None) == []


def test_programs_are_kept_and_found_by_another_store(tmp_path):
    store = ProgramStore(tmp_path / "compiled")
    assert store.get("a") is None
    store.put("a", PROGRAMS)
    assert ProgramStore(store.folder).get("a") == PROGRAMS
    assert stat.S_IMODE(store.folder.stat().st_mode) == 0o700
    assert [path.name for path in store.folder.iterdir()] == ["a.zip"]


@pytest.mark.parametrize("damage", [lambda c: c[:300_000], lambda c: b"", lambda c: b"PK" + c[9:]])
def test_a_damaged_file_counts_as_missing(tmp_path, caplog, damage):
    store = ProgramStore(tmp_path / "compiled")
    store.put("a", PROGRAMS)
    path = store.folder / "a.zip"
    path.write_bytes(damage(path.read_bytes()))
    with caplog.at_level(logging.WARNING):
        assert store.get("a") is None
    assert "damaged" in caplog.text
    assert not path.exists()


def test_a_changed_program_is_noticed(tmp_path):
    store = ProgramStore(tmp_path / "compiled")
    store.put("a", PROGRAMS)
    path = store.folder / "a.zip"
    content = bytearray(path.read_bytes())
    content[250_000] ^= 1
    path.write_bytes(content)
    assert store.get("a") is None


def test_what_was_used_least_recently_goes_first(tmp_path):
    size = len(PROGRAMS.to_bytes())
    store = ProgramStore(tmp_path / "compiled", max_bytes=2 * size + 10)
    for age, key in ((30, "a"), (20, "b")):
        store.put(key, PROGRAMS)
        os.utime(store.folder / f"{key}.zip", (age, age))
    assert store.get("a") is not None  # used now
    store.put("c", PROGRAMS)
    assert {path.stem for path in store.folder.glob("*.zip")} == {"a", "c"}


def test_one_process_makes_the_programs_and_others_do_not_wait(tmp_path):
    store, other = ProgramStore(tmp_path / "compiled"), ProgramStore(tmp_path / "compiled")
    with store.making("a") as ours, other.making("a") as theirs, other.making("b") as of_another:
        assert (ours, theirs, of_another) == (True, False, True)
    with other.making("a") as theirs:
        assert theirs


def test_a_full_disk_costs_only_time(tmp_path, caplog, monkeypatch):
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("jaxercise.grading.program_store.write_whole", full)
    store = ProgramStore(tmp_path / "compiled")
    store.put("a", PROGRAMS)
    ReferencePrograms(tmp_path / "compiled" / "references").put(KEY, b"program")
    assert "No space left" in caplog.text


def test_a_folder_that_others_may_write_to_is_refused(tmp_path, monkeypatch, caplog):
    folder = tmp_path / "compiled"
    folder.mkdir(mode=0o777)
    folder.chmod(0o777)
    with pytest.raises(StoreError, match="others may write"):
        ProgramStore(folder)
    monkeypatch.setenv(VARIABLE, str(folder))
    assert open_program_store() is None
    assert "No compiled programs are kept" in caplog.text


def test_a_folder_that_a_sandbox_shows_is_refused(monkeypatch, caplog):
    monkeypatch.setenv(VARIABLE, str(LIBRARY / "checks" / "compiled"))
    assert open_program_store() is None
    assert "could read it" in caplog.text


def test_nothing_is_kept_where_the_environment_says_so(monkeypatch):
    monkeypatch.setenv(VARIABLE, "none")
    assert open_program_store() is None


def test_references_compiled_once_are_found_by_the_next_judge(tmp_path):
    kept = ReferencePrograms(tmp_path / "compiled" / "references")
    kept.put(KEY, b"program")
    assert ReferencePrograms(kept.folder).get(KEY) == b"program"
    assert kept.get(OTHER) is None
    assert stat.S_IMODE(kept.folder.stat().st_mode) == 0o700
    ReferencePrograms(kept.folder, max_bytes=0).put(OTHER, b"a later one")
    ReferencePrograms(kept.folder, max_bytes=0)
    assert len(list(kept.folder.iterdir())) == 1


def test_keys_are_whole_digests():
    assert is_key(KEY)
    assert not any(is_key(text) for text in ("", "f", KEY + "0", KEY[:-1] + "G", "a/" + KEY))


PROCESS = """
import sys
from jaxercise.wire import private_jax
from jaxercise.grading.program_store import keep_references_compiled
keep_references_compiled()
import jax, jax.numpy as jnp
from jax._src import monitoring
seen = []
monitoring.register_event_listener(lambda event, **_: seen.append(event.rpartition("/")[2]))
value = float(jax.jit(lambda x: jnp.sin(x).sum() * 3)(jnp.ones(5)))
print(value, seen.count("cache_hits"), seen.count("cache_misses"))
"""


def test_a_judge_compiles_no_reference_that_an_earlier_one_has_compiled(tmp_path):
    environment = os.environ | {VARIABLE: str(tmp_path / "compiled"), "JAX_PLATFORMS": "cpu"}
    command = [sys.executable, "-c", PROCESS]
    told = [
        subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
        for _ in range(2)
    ]
    (value, hits, misses), (again, later_hits, later_misses) = (one.stdout.split() for one in told)
    assert value == again
    assert (hits, later_misses) == ("0", "0")
    assert int(later_hits) == int(misses) > 0
