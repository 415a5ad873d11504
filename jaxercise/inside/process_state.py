"""State of the whole process: default settings during a call, and what the call changed.

Options of jax, NumPy and warnings that a notebook sets apply in its cells but not in a checked
call, so that no verdict depends on them.
"""

from __future__ import annotations

import contextlib
import locale
import logging
import os
import random
import sys
import warnings
from collections.abc import Collection, Generator
from typing import Any

import jax
import numpy as np

from jaxercise.inside import files
from jaxercise.inside.contents import is_library_file
from jaxercise.wire import private_jax

RNGS = ("numpy.random", "random")
FILES = "the files in the notebook's folder"
ENVIRONMENT = "os.environ"
FOLDER = "the current folder"
SETTINGS = (
    *(FILES, ENVIRONMENT, FOLDER, "np.seterr", "np.set_printoptions"),
    *("the locale", "the recursion limit"),
)
# Options of jax that change values, raise errors, cause retracing or log.
OPTION_NAMES = (
    *("jax_array_garbage_collection_guard", "jax_check_tracer_leaks", "jax_debug_infs"),
    *("jax_debug_key_reuse", "jax_debug_log_modules", "jax_debug_nans", "jax_default_device"),
    *("jax_default_matmul_precision", "jax_default_prng_impl", "jax_disable_jit"),
    *("jax_enable_checks", "jax_enable_custom_prng", "jax_explain_cache_misses"),
    *("jax_high_dynamic_range_gumbel", "jax_legacy_prng_key", "jax_log_compiles"),
    *("jax_logging_level", "jax_numpy_dtype_promotion", "jax_numpy_rank_promotion"),
    *("jax_random_seed_offset", "jax_softmax_custom_jvp", "jax_threefry_partitionable"),
    *("jax_transfer_guard", "jax_transfer_guard_device_to_device"),
    *("jax_transfer_guard_device_to_host", "jax_transfer_guard_host_to_device"),
)
_AT_START = private_jax.options()
_OPTIONS = {name: _AT_START[name] for name in OPTION_NAMES if name in _AT_START}
_ERRORS: dict[str, Any] = dict(np.geterr())
_PRINTING: dict[str, Any] = dict(np.get_printoptions())


def cpu_beside_accelerator() -> Any:
    """The CPU where JAX would use a GPU or TPU; None where it uses the CPU anyway, or has none.

    Checks run there, as in grading: an accelerator rounds differently. Many multiply float32
    matrices with ten bits of precision unless they are asked for more.
    """
    if private_jax.options().get("jax_platforms") == "cpu" or jax.default_backend() == "cpu":
        return None
    try:
        return jax.local_devices(backend="cpu")[0]
    except RuntimeError:  # JAX_PLATFORMS leaves it out
        return None


@contextlib.contextmanager
def on_cpu() -> Generator[None]:
    """Within, what is not put on a device by name is computed on the CPU."""
    device = cpu_beside_accelerator()
    with jax.default_device(device) if device is not None else contextlib.nullcontext():
        yield


@contextlib.contextmanager
def default_settings(x64: bool) -> Generator[list[str]]:
    """Within, default settings of jax, NumPy and warnings apply; afterwards, those from before.

    Yields a list that in the end holds the options of jax that were changed within. Options are
    set globally and not by a context manager, so that a function that changes one for good can
    do so without affecting the next exercise.
    """
    outside = private_jax.options()
    wanted = {**_OPTIONS, "jax_enable_x64": x64, "jax_default_device": cpu_beside_accelerator()}
    wanted = {name: value for name, value in wanted.items() if outside[name] != value}
    _set(wanted)
    before, changed = {**outside, **wanted}, []
    printing = np.get_printoptions()
    with np.errstate(**_ERRORS), warnings.catch_warnings():
        # A correct function may cause warnings of JAX or NumPy, for example by asking for float64
        # where only float32 is enabled.
        warnings.simplefilter("ignore")
        _set_printing(_PRINTING)
        try:
            yield changed
        finally:
            _set_printing(printing)
            after = private_jax.options()
            if after != before:
                # Importing a module may add options; those were not there before.
                changed += [name for name in before if after.get(name) != before[name]]
            if after != outside:
                _set({n: value for n, value in outside.items() if after.get(n) != value})


def _set_printing(options: Any) -> None:
    if np.get_printoptions() != options:
        np.set_printoptions(**options)


def _set(options: dict[str, Any]) -> None:
    for name, value in options.items():
        with contextlib.suppress(Exception):
            jax.config.update(name, value)


def current() -> dict[str, Any]:
    """The random states and settings of the process by name, to compare with `changes`."""
    name, words, *rest = np.random.get_state(legacy=True)
    found = [
        (name, np.asarray(words).tobytes(), *rest),
        random.getstate(),
        files.in_current_folder(),
        dict(os.environ),
        _current_folder(),
        np.geterr(),
        np.get_printoptions(),
        locale.setlocale(locale.LC_ALL),
        sys.getrecursionlimit(),
    ]
    return dict(zip((*RNGS, *SETTINGS), found, strict=True))


def changes(
    before: dict[str, Any], after: dict[str, Any], written: Collection[str] | None = None
) -> list[str]:
    """The names of what differs; files are compared only if the folder is still the same.

    With `written`, other files than those of these paths may have changed.
    """
    changed = [name for name in before if before[name] != after[name]]
    if FILES in changed and (
        FOLDER in changed or not files.changed(before[FILES], after[FILES], before[FOLDER], written)
    ):
        changed.remove(FILES)
    return changed


def restore(before: dict[str, Any]) -> None:
    """Restore the environment variables and the folder of an earlier state."""
    if dict(os.environ) != before[ENVIRONMENT]:
        os.environ.clear()
        os.environ.update(before[ENVIRONMENT])
    if (folder := before[FOLDER]) and folder != _current_folder():
        with contextlib.suppress(OSError):
            os.chdir(folder)


def _current_folder() -> str:
    try:
        return os.getcwd()
    except OSError:  # removed
        return ""


class Logs(logging.Filter):
    """Drops log records of libraries, and notes whether the notebook's own code logged any."""

    def __init__(self) -> None:
        super().__init__()
        self.of_notebook = False

    def filter(self, record: logging.LogRecord) -> bool:
        if is_library_file(record.pathname):
            return False
        self.of_notebook = True
        return True


@contextlib.contextmanager
def only_logs_of_notebook() -> Generator[Logs]:
    """Within, only log records of the notebook's code are written."""
    logs = Logs()
    handlers = [*logging.root.handlers, *filter(None, [logging.lastResort])]
    for handler in handlers:
        handler.addFilter(logs)
    try:
        yield logs
    finally:
        for handler in handlers:
            handler.removeFilter(logs)
