"""Programs that trusted code of a course has compiled, kept on disk for this host's sandboxes.

What is kept is native code, so nothing that student code compiled ever gets in: precompile.py
makes these programs from the lesson and the reference alone. The folder can be entered by its
owner only, and no sandbox shows it. A file holds the programs of a part of one lesson: a digest,
which is verified when the file is read, and a zip archive.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import io
import logging
import os
import zipfile
from collections.abc import Generator, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import platformdirs

from jaxercise.grading.store import StoreError, make_private, write_whole
from jaxercise.sandbox.view import visible_inside
from jaxercise.wire import private_jax
from jaxercise.wire.channel import Purpose
from jaxercise.wire.compiled import Lookup

# A folder, or "none": keep nothing.
VARIABLE = "JAXERCISE_COMPILED"
MAX_BYTES = 2**30
_DIGEST_BYTES = hashlib.sha256().digest_size
_SHOWN, _CHECKED = "shown/", "checked/"
_log = logging.getLogger("jaxercise")


@dataclass(frozen=True)
class CompiledPrograms:
    """Programs by JAX's key: of the run that is shown, and of those that hidden tests call.

    The former were compiled for what the notebook itself calls. The latter tell which shapes
    hidden inputs have, so a run whose outputs are shown must not get them. A run in which hidden
    tests call executes the notebook's cells too, and gets both. A race gets none.
    """

    shown: Mapping[str, bytes] = field(default_factory=dict[str, bytes])
    checked: Mapping[str, bytes] = field(default_factory=dict[str, bytes])

    def for_purpose(self, purpose: Purpose) -> Lookup | None:
        if purpose == "show":
            return self.shown.get
        if purpose == "check":
            return lambda key: self.checked.get(key) or self.shown.get(key)
        return None

    @classmethod
    def together(cls, parts: Iterable[CompiledPrograms]) -> CompiledPrograms:
        """All programs of several parts."""
        shown: dict[str, bytes] = {}
        checked: dict[str, bytes] = {}
        for part in parts:
            shown |= part.shown
            checked |= part.checked
        return cls(shown, checked)

    def to_bytes(self) -> bytes:
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w") as archive:  # Uncompressed: JAX has compressed them.
            for prefix, programs in ((_SHOWN, self.shown), (_CHECKED, self.checked)):
                for key, program in programs.items():
                    archive.writestr(prefix + key, program)
        content = file.getvalue()
        return hashlib.sha256(content).digest() + content

    @classmethod
    def from_bytes(cls, content: bytes) -> CompiledPrograms:
        """Raises ValueError where this is not what `to_bytes` gave."""
        digest, zipped = content[:_DIGEST_BYTES], content[_DIGEST_BYTES:]
        if hashlib.sha256(zipped).digest() != digest:
            raise ValueError("its digest is not that of its content")
        found: dict[str, dict[str, bytes]] = {_SHOWN: {}, _CHECKED: {}}
        with zipfile.ZipFile(io.BytesIO(zipped)) as archive:
            for name in archive.namelist():
                prefix, _, key = name.partition("/")
                found[f"{prefix}/"][key] = archive.read(name)
        return cls(found[_SHOWN], found[_CHECKED])


class ProgramStore:
    """A folder of such files, each named by a SHA-256 in hex; of the least used, some go.

    Raises:
        StoreError: the folder cannot be made, or others than its owner could write to it.
    """

    def __init__(self, folder: Path, max_bytes: int = MAX_BYTES) -> None:
        self.folder, self.max_bytes = folder, max_bytes
        make_private(folder)

    def get(self, key: str) -> CompiledPrograms | None:
        """The programs of this key; None where there are none, or only damaged ones."""
        path = self._path(key)
        try:
            programs = CompiledPrograms.from_bytes(path.read_bytes())
        except (FileNotFoundError, NotADirectoryError):
            return None
        except (OSError, ValueError) as error:
            _log.warning("%s: damaged, and removed: %s", path, error)
            with contextlib.suppress(OSError):
                path.unlink()
            return None
        with contextlib.suppress(OSError):
            os.utime(path)  # The time of its last use.
        return programs

    def put(self, key: str, programs: CompiledPrograms) -> None:
        """Store them; if the disk is full or fails, warn and go on without."""
        try:
            write_whole(self._path(key), programs.to_bytes())
            _make_room(self.folder, "*.zip", self.max_bytes)
        except OSError as error:
            _log.warning("%s: nothing is kept there: %s", self.folder, error.strerror)

    @contextlib.contextmanager
    def making(self, key: str) -> Generator[bool]:
        """Whether no other process is making the programs of this key while the block runs."""
        try:
            descriptor = os.open(
                self._path(key).with_suffix(".lock"), os.O_CREAT | os.O_RDWR, 0o600
            )
        except OSError:
            yield True
            return
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
        finally:
            os.close(descriptor)

    def _path(self, key: str) -> Path:
        return self.folder / f"{key}.zip"


class ReferencePrograms:
    """What the judge's own process has compiled for references, a file each, for the next judge.

    Files used last go last when the folder has outgrown `max_bytes`; that is looked at once.

    Raises:
        StoreError: the folder cannot be made, or others than its owner could write to it.
    """

    def __init__(self, folder: Path, max_bytes: int = MAX_BYTES // 2) -> None:
        self.folder = folder
        make_private(folder.parent)
        make_private(folder)
        _make_room(folder, "*.jax", max_bytes)

    def get(self, key: str) -> bytes | None:
        path = self._path(key)
        try:
            program = path.read_bytes()
            os.utime(path)  # The time of its last use.
        except OSError:
            return None
        return program

    def put(self, key: str, program: bytes) -> None:
        with contextlib.suppress(OSError):  # A full disk costs time, nothing else.
            write_whole(self._path(key), program)

    def _path(self, key: str) -> Path:
        return self.folder / f"{hashlib.sha256(key.encode()).hexdigest()}.jax"


def _make_room(folder: Path, pattern: str, max_bytes: int) -> None:
    """Remove the least recently used files, never the last one, down to a size in bytes."""
    found: list[tuple[float, int, Path]] = []
    for path in folder.glob(pattern):
        with contextlib.suppress(OSError):  # removed by another process meanwhile
            status = path.stat()
            found.append((status.st_mtime, status.st_size, path))
    size = sum(nbytes for _, nbytes, _ in found)
    for _, nbytes, path in sorted(found)[:-1]:
        if size <= max_bytes:
            return
        path.unlink(missing_ok=True)
        size -= nbytes


def host_features() -> str:
    """A digest of what this host's processors can do: native code of another host may fail."""
    features = "unknown"
    with contextlib.suppress(OSError):
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        features = next(line for line in lines if line.startswith(("flags", "Features")))
    return hashlib.sha256(features.encode()).hexdigest()


def open_program_store() -> ProgramStore | None:
    """The store in the user's cache; None where it is not wanted or cannot be used."""
    try:
        folder = _folder()
        return ProgramStore(folder) if folder is not None else None
    except StoreError as error:
        _log.warning("No compiled programs are kept: %s", error)
        return None


def keep_references_compiled() -> None:
    """Let this process, which holds the references, find what an earlier judge has compiled."""
    try:
        folder = _folder()
        if folder is not None:
            kept = ReferencePrograms(folder / f"references-{host_features()[:16]}")
            private_jax.keep_compiled(kept.get, kept.put)
    except (StoreError, ImportError, AttributeError) as error:
        _log.warning("References are compiled anew: %s", error)


def _folder() -> Path | None:
    configured = os.environ.get(VARIABLE)
    if configured == "none":
        return None
    folder = platformdirs.user_cache_path("jaxercise") / "compiled"
    if configured:
        folder = Path(configured).expanduser().absolute()
    if visible_inside(folder):
        raise StoreError(f"{folder}: students' notebooks could read it there")
    return folder
