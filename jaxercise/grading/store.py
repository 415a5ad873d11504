"""A folder of immutable records, each named by the digest of all that it depends on.

Records are JSON, never pickles. Each file begins with the digest of what follows, so that a
damaged record is noticed and counts as missing. A record appears whole or not at all, even
when two processes write it at the same time. When the folder outgrows its limit, the least
recently used records are removed first.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import os
import secrets
import stat
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MAX_BYTES = 2 * 2**30
# Above the limit the folder is emptied to this share of it, so that not every new record has to
# remove an old one.
_FULL_AFTERWARDS = 0.9
# The folder is measured again after so many records, since other processes write too.
_MEASURED_EVERY = 50
# A file that a killed process left half written.
_UNFINISHED, _ABANDONED_S = ".new-", 3600.0
_log = logging.getLogger("jaxercise")


class StoreError(Exception):
    """The folder cannot be used for records; the text says why and what to do."""


@dataclass(frozen=True)
class Contents:
    """What a store holds; times in seconds since 1970, None where it is empty."""

    records: int
    size_bytes: int
    oldest_use: float | None
    newest_use: float | None


class RecordStore:
    """Records by key, which is the SHA-256 in hex of what a record depends on.

    Raises:
        StoreError: the folder cannot be made, or others than its owner could write to it.
    """

    def __init__(self, folder: Path, max_bytes: int = MAX_BYTES) -> None:
        self.folder, self.max_bytes = folder, max_bytes
        self._written_bytes: int | None = None
        self._since_measured = 0
        make_private(folder)

    def get(self, key: str) -> dict[str, Any] | None:
        """The record of this key; None where there is none, or only a damaged one."""
        path = self._path(key)
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            _log.warning("%s: this kept record cannot be read: %s", path, error.strerror)
            return None
        record = _checked(content, key)
        if record is None:
            self.drop(key, "its digest is not that of its content")
            return None
        with contextlib.suppress(OSError):
            os.utime(path)  # The time of its last use.
        return record

    def put(self, key: str, record: dict[str, Any]) -> None:
        """Store a record; if the disk is full or fails, warn and go on without it."""
        body = json.dumps({"key": key, "record": record}).encode()
        content = hashlib.sha256(body).hexdigest().encode() + b"\n" + body
        if len(content) > self.max_bytes:
            return
        path = self._path(key)
        try:
            path.parent.mkdir(mode=0o700, exist_ok=True)
            write_whole(path, content)
            self._make_room(len(content))
        except OSError as error:
            _log.warning("%s: nothing is kept there: %s", self.folder, error.strerror)

    def drop(self, key: str, why: str) -> None:
        """Remove a damaged record, with a warning that says why it is one."""
        path = self._path(key)
        _log.warning("%s: a damaged record, which is removed: %s", path, why)
        with contextlib.suppress(OSError):
            path.unlink()

    def clear(self) -> int:
        """Remove all records and return how many there were."""
        found = self._files()
        for path in (path for path, _ in found):
            with contextlib.suppress(OSError):
                path.unlink()
        self._written_bytes = None
        return sum(not path.name.startswith(_UNFINISHED) for path, _ in found)

    def contents(self) -> Contents:
        """How many records there are, how large, and how long ago they were used."""
        seen = [status for path, status in self._files() if not path.name.startswith(_UNFINISHED)]
        used = [status.st_mtime for status in seen]
        size = sum(status.st_size for status in seen)
        return Contents(len(seen), size, min(used, default=None), max(used, default=None))

    def _path(self, key: str) -> Path:
        return self.folder / key[:2] / f"{key}.json"

    def _files(self) -> list[tuple[Path, os.stat_result]]:
        """Records and unfinished files, the least recently used first."""
        found: list[tuple[Path, os.stat_result]] = []
        for pattern in ("??/*.json", f"??/{_UNFINISHED}*"):
            for path in self.folder.glob(pattern):
                with contextlib.suppress(OSError):  # removed by somebody else meanwhile
                    found.append((path, path.lstat()))
        return sorted(found, key=lambda pair: pair[1].st_mtime)

    def _make_room(self, added_bytes: int) -> None:
        """Remove the least recently used records where the folder has outgrown its limit."""
        self._since_measured += 1
        if self._written_bytes is not None and self._since_measured < _MEASURED_EVERY:
            self._written_bytes += added_bytes
            if self._written_bytes <= self.max_bytes:
                return
        found, now = self._files(), time.time()
        size = sum(status.st_size for _, status in found)
        target = self.max_bytes * _FULL_AFTERWARDS if size > self.max_bytes else size
        for path, status in found:
            half_written = path.name.startswith(_UNFINISHED)
            if half_written and now - status.st_mtime < _ABANDONED_S:
                continue
            if size > target or half_written:
                with contextlib.suppress(OSError):
                    path.unlink()
                size -= status.st_size
        self._written_bytes, self._since_measured = size, 0


def _checked(content: bytes, key: str) -> dict[str, Any] | None:
    """The record in a file, or None where the file is not what was written for this key."""
    digest, _, body = content.partition(b"\n")
    if hashlib.sha256(body).hexdigest().encode() != digest:
        return None
    try:
        read = json.loads(body)
        return read["record"] if read["key"] == key else None
    except (ValueError, KeyError, TypeError):
        return None


def write_whole(path: Path, content: bytes, mode: int = 0o600) -> None:
    """Write a file beside `path` and rename it: a reader finds all of it or nothing."""
    draft = path.with_name(f"{_UNFINISHED}{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        os.replace(draft, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(draft)
        raise


def make_private(folder: Path) -> None:
    """Make the folder where it is missing, and keep everybody but its owner out."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        seen = folder.lstat()
        if not stat.S_ISDIR(seen.st_mode):
            raise StoreError(f"{folder}: a link or no folder; records are not kept there")
        if hasattr(os, "geteuid") and seen.st_uid != os.geteuid():
            raise StoreError(f"{folder}: it belongs to another user ({seen.st_uid})")
        if seen.st_mode & 0o022:
            raise StoreError(
                f"{folder}: others may write there, and what lies there may be theirs; remove it"
            )
        if seen.st_mode & 0o055:
            folder.chmod(0o700)
    except OSError as error:
        raise StoreError(f"{folder}: {error.strerror}") from error
