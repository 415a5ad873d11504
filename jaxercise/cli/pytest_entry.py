"""The entry point by which pytest finds the plugin for hidden tests.

pytest imports this module in every project of an environment with jaxercise. It does nothing
but where the hidden tests of a course are about to be collected.
"""

from __future__ import annotations

from pathlib import Path

import pytest

_PLUGIN = "jaxercise.cli.pytest_plugin"
_FOLDER = "grader_tests"


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Load the plugin, whose options pytest parses after this hook."""
    if any(holds_hidden_tests(place) for place in _places(early_config)):
        early_config.pluginmanager.import_plugin(_PLUGIN)


def _places(config: pytest.Config) -> list[Path]:
    """Where pytest is going to collect tests."""
    here = config.invocation_params.dir
    named: list[str] = config.known_args_namespace.file_or_dir
    if not named and here == config.rootpath:
        named = config.getini("testpaths")
    return [(here / each.partition("::")[0]).resolve() for each in named] or [here]


def holds_hidden_tests(place: Path) -> bool:
    """Whether it lies among the hidden tests of a course, or holds all of them."""
    for folder in (place, *place.parents):
        tests = folder / _FOLDER
        if tests.is_dir() and (place.is_relative_to(tests) or place == folder):
            return _is_course(folder)
    return False


def _is_course(folder: Path) -> bool:
    # Only here: it imports other libraries, which an unrelated project should not wait for.
    from jaxercise.checks.outcome import CourseError
    from jaxercise.course.lesson import Course

    try:
        return Course.find(folder).root == folder
    except CourseError:
        return False
