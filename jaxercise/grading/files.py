"""Digests of files and folders; a file that did not change is not read again."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path

import jaxercise

LIBRARY = Path(jaxercise.__file__).parent
COURSE_PARTS = ("grader_tests", "reference", "lessons", "course.toml")


class Files:
    """Digests of contents, kept until a file's size, inode or times change."""

    def __init__(self) -> None:
        self._known: dict[Path, tuple[tuple[int, ...], bytes]] = {}

    def digest(self, paths: Iterable[Path], root: Path) -> str:
        """One digest of all files in `paths`, with their places below `root`.

        A folder stands for everything in it but compiled Python. A path that does not exist
        counts as such.
        """
        whole = hashlib.sha256()
        for path in sorted(_all_files(paths)):
            name = os.fsencode(path.relative_to(root))
            whole.update(len(name).to_bytes(4, "big") + name + self._content(path))
        return whole.hexdigest()

    def listed(self, paths: Iterable[Path], root: Path) -> dict[str, str]:
        """The digest of each file in `paths`, in hex, by its place below `root`."""
        files = sorted(_all_files(paths))
        return {str(path.relative_to(root)): self._content(path).hex() for path in files}

    def library(self) -> str:
        """The digest of this library's own files."""
        return self.digest([LIBRARY], LIBRARY)

    def course(self, root: Path) -> str:
        """The digest of everything in a course that grading may read."""
        return self.digest([root / part for part in COURSE_PARTS], root)

    def _content(self, path: Path) -> bytes:
        try:
            status = path.stat()
            stamp = (status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino)
            known = self._known.get(path)
            if known is None or known[0] != stamp:
                known = self._known[path] = (stamp, hashlib.sha256(path.read_bytes()).digest())
        except OSError:  # missing, or removed between listing and reading
            return b"gone".ljust(32)
        return known[1]


def _all_files(paths: Iterable[Path]) -> set[Path]:
    found: set[Path] = set()
    for path in paths:
        inside = path.rglob("*") if path.is_dir() else [path]
        found.update(file for file in inside if file.suffix != ".pyc" and not file.is_dir())
    return found
