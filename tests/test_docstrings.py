"""The examples in docstrings give what they say."""

import doctest
import importlib
import pkgutil

import pytest

import jaxercise

MODULES = [
    module.name
    for module in pkgutil.walk_packages(jaxercise.__path__, "jaxercise.")
    if not module.name.endswith("__main__")
]
WITH_EXAMPLES = {
    *("jaxercise.notebook.check", "jaxercise.checks.assertions", "jaxercise.checks.mismatch"),
    *("jaxercise.wire.records", "jaxercise.wire.codec", "jaxercise.inside.keys"),
}


def examples_of(module):
    found = doctest.DocTestFinder(exclude_empty=True).find(importlib.import_module(module))
    return [test for test in found if test.examples]


@pytest.mark.parametrize("module", MODULES)
def test_examples_in_docstrings_are_true(module):
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS)
    said = []
    for test in examples_of(module):
        runner.run(test, out=said.append)
    assert runner.summarize(verbose=False).failed == 0, "".join(said)


@pytest.mark.parametrize("module", sorted(WITH_EXAMPLES))
def test_what_authors_and_students_call_has_examples(module):
    assert examples_of(module)
