"""The store of records: whole or not there, checked, private, and of limited size."""

from __future__ import annotations

import hashlib
import json
import logging
import multiprocessing
import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from jaxercise.cli.commands import main
from jaxercise.grading.kept import VARIABLE, default_folder, open_store
from jaxercise.grading.store import RecordStore, StoreError
from jaxercise.sandbox.view import LIBRARY


def key(text: object) -> str:
    return hashlib.sha256(str(text).encode()).hexdigest()


@pytest.fixture
def store(tmp_path: Path) -> RecordStore:
    return RecordStore(tmp_path / "records")


def file_of(store: RecordStore, name: str) -> Path:
    (path,) = store.folder.glob(f"*/{name}.json")
    return path


def test_what_was_put_is_found_by_another_store_in_the_same_folder(store: RecordStore) -> None:
    record = {"text": "naïve", "numbers": [1, 2.5, None]}
    assert store.get(key("a")) is None
    store.put(key("a"), record)
    assert RecordStore(store.folder).get(key("a")) == record
    assert store.get(key("b")) is None


def _flip(content: bytes) -> bytes:
    return content[:-10] + bytes([content[-10] ^ 1]) + content[-9:]


def _forge(content: bytes) -> bytes:
    """A record of another key, with the right digest, under this name."""
    body = json.dumps({"key": key("other"), "record": {"score": 100}}).encode()
    return hashlib.sha256(body).hexdigest().encode() + b"\n" + body


def _no_record(content: bytes) -> bytes:
    return hashlib.sha256(b"[]").hexdigest().encode() + b"\n[]"


@pytest.mark.parametrize(
    "damage",
    [_flip, _forge, _no_record, lambda c: c[: len(c) // 2], lambda c: b"", lambda c: b"\0" * 99],
    ids=["a bit", "another's", "no record", "half", "nothing", "zeros"],
)
def test_a_damaged_record_is_a_miss_with_a_warning_and_goes(
    store: RecordStore, caplog: pytest.LogCaptureFixture, damage: Callable[[bytes], bytes]
) -> None:
    store.put(key("a"), {"score": 1})
    path = file_of(store, key("a"))
    path.write_bytes(damage(path.read_bytes()))
    assert store.get(key("a")) is None
    assert [record.levelno for record in caplog.records] == [logging.WARNING]
    assert "a damaged record, which is removed" in caplog.text
    assert not path.exists()
    store.put(key("a"), {"score": 1})
    assert store.get(key("a")) == {"score": 1}


def test_a_record_appears_whole_or_not_at_all(
    store: RecordStore, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    store.put(key("a"), {"score": 1})
    assert "nothing is kept there: No space left on device" in caplog.text
    assert store.get(key("a")) is None
    assert [path for path in store.folder.rglob("*") if path.is_file()] == []


def _write_many(folder: Path, start: object) -> None:
    store = RecordStore(folder)
    for round_ in range(200):
        store.put(key(round_ % 7), {"round": round_ % 7, "by": str(start) * 5000})
        found = store.get(key(round_ % 7))
        assert found is not None
        assert found["round"] == round_ % 7


def test_two_writers_never_show_each_other_half_a_record(store: RecordStore) -> None:
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_write_many, args=(store.folder, n)) for n in (1, 2)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert [writer.exitcode for writer in writers] == [0, 0]
    assert store.contents().records == 7


def test_what_was_not_used_for_longest_goes_first(tmp_path: Path) -> None:
    store = RecordStore(tmp_path / "records", max_bytes=10_000)
    for n in range(8):
        store.put(key(n), {"text": "x" * 1000})
        os.utime(file_of(store, key(n)), (n, n))
    assert store.get(key(0)) is not None  # Used again, so no longer the oldest.
    store.put(key("large"), {"text": "x" * 3000})
    kept = {n for n in range(8) if store.get(key(n)) is not None}
    assert 0 in kept
    assert 1 not in kept
    assert 7 in kept
    assert store.get(key("large")) is not None
    assert store.contents().size_bytes <= 10_000


def test_a_record_beyond_the_limit_is_not_kept_and_costs_no_other(tmp_path: Path) -> None:
    store = RecordStore(tmp_path / "records", max_bytes=2_000)
    store.put(key("a"), {"text": "small"})
    store.put(key("b"), {"text": "x" * 3000})
    assert store.get(key("b")) is None
    assert store.get(key("a")) is not None


def test_half_written_files_of_a_killed_process_go(store: RecordStore) -> None:
    store.put(key("a"), {})
    folder = file_of(store, key("a")).parent
    (folder / ".new-old").write_text("half")
    os.utime(folder / ".new-old", (1, 1))
    (folder / ".new-young").write_text("half")
    RecordStore(store.folder).put(key("b"), {})
    assert not (folder / ".new-old").exists()
    assert (folder / ".new-young").exists()


def test_the_folder_is_its_owners_alone(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "records"
    RecordStore(folder)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    folder.chmod(0o755)
    RecordStore(folder)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_folder_that_others_may_write_to_is_not_used(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = tmp_path / "records"
    folder.mkdir()
    folder.chmod(0o777)
    with pytest.raises(StoreError, match="others may write there"):
        RecordStore(folder)
    assert open_store(folder) is None
    assert "No verdicts are kept: " in caplog.text


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
def test_a_folder_of_another_user_is_not_used(tmp_path: Path) -> None:
    folder = tmp_path / "records"
    folder.mkdir(mode=0o700)
    os.chown(folder, 1234, 1234)
    with pytest.raises(StoreError, match=r"it belongs to another user \(1234\)"):
        RecordStore(folder)


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "records").symlink_to(tmp_path)
    with pytest.raises(StoreError, match="a link or no folder"):
        RecordStore(tmp_path / "records")


def test_a_folder_that_a_sandbox_shows_is_not_used(caplog: pytest.LogCaptureFixture) -> None:
    assert open_store(LIBRARY / "checks" / "records") is None
    assert "students' notebooks could read it there" in caplog.text
    assert not (LIBRARY / "checks" / "records").exists()


def test_the_environment_says_where_verdicts_are_kept(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(VARIABLE, "none")
    assert default_folder() is None
    monkeypatch.setenv(VARIABLE, str(tmp_path / "here"))
    assert default_folder() == tmp_path / "here"
    monkeypatch.delenv(VARIABLE)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    assert default_folder() == tmp_path / "cache" / "jaxercise" / "verdicts"


def test_the_command_says_what_is_kept_and_clears_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path / "records"))
    assert main(["verdicts"]) == 0
    assert capsys.readouterr().out == (
        f"{tmp_path}/records: 0 records, 0.0 MiB\n"
        "at most 2048 MiB: the least recently used are removed first\n"
    )
    store = RecordStore(tmp_path / "records")
    store.put(key("a"), {"text": "x" * 200_000})
    assert main(["verdicts"]) == 0
    printed = capsys.readouterr().out
    assert "1 record, 0.2 MiB" in printed
    assert "last used between " in printed
    assert main(["verdicts", "--clear"]) == 0
    assert capsys.readouterr().out == f"{tmp_path}/records: 1 record removed\n"
    assert store.get(key("a")) is None
    monkeypatch.setenv(VARIABLE, "none")
    assert main(["verdicts"]) == 0
    assert capsys.readouterr().out == f"verdicts are not kept: {VARIABLE} says so\n"
