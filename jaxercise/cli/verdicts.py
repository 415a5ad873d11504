"""`jaxercise verdicts`: the verdicts that are kept."""

from __future__ import annotations

import datetime

from jaxercise.grading.kept import VARIABLE, default_folder
from jaxercise.grading.store import RecordStore, StoreError


def show_verdicts(clear: bool = False) -> int:
    """Print where verdicts are kept, how many and how old they are; with `clear`, remove them."""
    folder = default_folder()
    if folder is None:
        print(f"verdicts are not kept: {VARIABLE} says so")
        return 0
    try:
        store = RecordStore(folder)
    except StoreError as error:
        print(f"verdicts are not kept: {error}")
        return 1
    if clear:
        print(f"{folder}: {_counted(store.clear())} removed")
        return 0
    held = store.contents()
    print(f"{folder}: {_counted(held.records)}, {held.size_bytes / 2**20:.1f} MiB")
    print(f"at most {store.max_bytes / 2**20:.0f} MiB: the least recently used are removed first")
    if held.oldest_use is not None and held.newest_use is not None:
        first, last = map(_day, (held.oldest_use, held.newest_use))
        print(f"last used between {first} and {last}")
    return 0


def _day(seconds: float) -> str:
    return datetime.datetime.fromtimestamp(seconds).strftime("%Y-%m-%d %H:%M")


def _counted(records: int) -> str:
    return "1 record" if records == 1 else f"{records} records"
