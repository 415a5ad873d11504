"""What is used of JAX without a promise of JAX's: one test each, which names what is gone."""

import ast
import importlib
import os
import subprocess
import sys
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from jaxercise.inside import keys, process_state
from jaxercise.wire import private_jax

LIBRARY = Path(private_jax.__file__).parents[1]


def gone(part, used_for):
    return f"jax {jax.__version__} no longer has {part}; used for {used_for}"


def test_no_other_module_uses_what_jax_does_not_promise():
    private = ("jax._src", "jax.core", "jax.extend", "jax.interpreters", "jax.lib", "jaxlib")
    users = set()
    for path in LIBRARY.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            match node:
                case ast.Import(names):
                    modules = [alias.name for alias in names]
                case ast.ImportFrom(module=str(module), names=names):
                    modules = [f"{module}.{alias.name}" for alias in names]
                case ast.Attribute():
                    modules = [ast.unparse(node)]
                case _:
                    continue
            if any(f"{module}.".startswith(f"{p}.") for module in modules for p in private):
                users.add(path.relative_to(LIBRARY).as_posix())
    assert users == {"wire/private_jax.py"}


def test_a_value_that_is_being_traced_is_a_tracer():
    seen = []
    jax.make_jaxpr(lambda x: seen.append(isinstance(x, private_jax.Tracer)))(1.0)
    assert seen == [True], gone("jax.core.Tracer", "telling traced values from arrays")


def test_compiled_functions_have_a_class_and_keep_the_original():
    used_for = "following functions of jax.random that a notebook compiles"
    original = lambda x: x  # noqa: E731
    assert private_jax.function_in_jit(jax.jit(original)) is original, gone(
        "__wrapped__ of a function made by jax.jit", used_for
    )
    assert private_jax.function_in_jit(jax.jit(jax.random.normal)) is jax.random.normal, gone(
        "__wrapped__ of a function made by jax.jit", used_for
    )
    assert private_jax.function_in_jit(original) is None


def test_mutable_arrays_have_a_class_whose_value_can_be_read():
    what = gone("jax.Ref", "seeing that a call changes a mutable array of the notebook")
    assert isinstance(private_jax.Ref, type), what
    ref = jax.new_ref(jnp.arange(3.0))
    assert isinstance(ref, private_jax.Ref), what
    assert np.asarray(ref[...]).tolist() == [0.0, 1.0, 2.0], what


@pytest.mark.parametrize("module", private_jax.IMPORTED_AT_FIRST_USE)
def test_what_jax_imports_at_first_use_can_be_imported_before(module):
    try:
        importlib.import_module(module)
    except ImportError:
        pytest.fail(gone(module, "importing it once for all runs of a sandbox"))


KEEPING = """
import pathlib, sys
from jaxercise.wire import private_jax
kept, asked = {}, []
def get(key):
    asked.append(key)
    return kept.get(key)
private_jax.keep_compiled(get, kept.__setitem__)
import jax, jax.numpy as jnp
f = lambda x: jnp.sin(x).sum()
first = float(jax.jit(f)(jnp.ones(3)))
new, kept_at_first = len(kept), dict(kept)
jax.clear_caches()
again = float(jax.jit(f)(jnp.ones(3)))
assert first == again and 0 < new == len(kept) and kept == kept_at_first and asked, (new, kept)
own = private_jax.cache_folder()
own[1]("jit_f-00", b"program")
assert own[0]("jit_f-00") == b"program" and own[0]("jit_f-11") is None
assert any(pathlib.Path(sys.argv[1]).iterdir())
"""


def test_compiled_programs_can_be_kept_elsewhere_than_in_jaxs_folder(tmp_path):
    environment = os.environ | {"JAX_COMPILATION_CACHE_DIR": str(tmp_path / "folder")}
    done = subprocess.run(
        [sys.executable, "-c", KEEPING, str(tmp_path / "folder")],
        env=environment | {"JAX_PLATFORMS": "cpu"},
        capture_output=True,
        text=True,
    )
    part = "jax._src.compilation_cache as it was"
    used_for = "serving sandboxes what trusted code has compiled"
    assert done.returncode == 0, f"{gone(part, used_for)}: {done.stderr[-800:]}"


def test_a_tracer_of_vmap_knows_its_vmap_its_axis_and_its_array():
    used_for = "telling apart the keys and numbers that a vmap maps over"
    seen = []

    def look(x, y):
        seen.append((private_jax.unmapped(x), private_jax.vmap_of(x) is private_jax.vmap_of(y)))
        return x

    rows = jnp.arange(6.0).reshape(2, 3)
    try:
        jax.vmap(look, in_axes=(1, 0))(rows, jnp.arange(3))
    except AttributeError as error:
        pytest.fail(gone(f"{error.name} of a tracer of vmap", used_for))
    ((axis, array), same) = seen[0]
    assert (axis, same) == (1, True), gone("batch_dim or _trace of a tracer of vmap", used_for)
    assert np.array_equal(array, rows), gone("val of a tracer of vmap", used_for)
    assert private_jax.vmap_of(rows) is None


def test_options_are_listed_by_name():
    used_for = "setting options back that a notebook has changed"
    before = private_jax.options()
    assert before["jax_enable_x64"] is False, gone("jax.config.values", used_for)
    with jax.enable_x64(True):
        jax.config.update("jax_log_compiles", True)
        try:
            assert private_jax.options()["jax_log_compiles"] is True
            assert before["jax_log_compiles"] is False, gone("a new dict each time", used_for)
        finally:
            jax.config.update("jax_log_compiles", False)


@pytest.mark.parametrize("name", process_state.OPTION_NAMES)
def test_an_option_that_calls_set_back_exists(name):
    assert name in private_jax.options(), gone(f"the option {name}", "its usual value in a call")


def test_xla_knows_the_options_that_make_it_compile_quickly():
    code = "from jaxercise.wire import private_jax; private_jax.compile_quickly()\n"
    code += "import jax; print(jax.jit(lambda x: x + 1)(1), jax.config.read(OPTION))"
    code = code.replace("OPTION", repr("jax_disable_most_optimizations"))
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    what = f"{private_jax.QUICK_TO_COMPILE} or jax_disable_most_optimizations"
    assert done.stdout == "2 True\n", gone(what, "compiling what hidden checks call") + done.stderr


def test_the_options_for_xla_are_set_for_the_versions_that_are_known_to_take_them(monkeypatch):
    monkeypatch.setattr(jax, "__version_info__", private_jax.QUICK_OPTIONS_KNOWN_BEFORE)
    monkeypatch.setattr(private_jax, "options", dict)
    monkeypatch.delenv("XLA_FLAGS", raising=False)
    private_jax.compile_quickly()
    assert "XLA_FLAGS" not in os.environ


def test_tracing_can_be_forbidden():
    compiled = jax.jit(lambda x: x + 1)
    compiled(1.0)
    raised = ""
    with private_jax.no_tracing():
        compiled(1.0)
        try:
            compiled(1)
        except Exception as error:
            raised = str(error)
    assert "tracing" in raised, gone("jax.no_tracing", "seeing that a function was compiled before")


def test_arrays_of_python_numbers_are_weakly_typed():
    what = gone("jax.Array.weak_type", "dtypes that follow a Python number")
    assert private_jax.is_weakly_typed(jnp.asarray(1.0)), what
    assert not private_jax.is_weakly_typed(jnp.float32(1.0)), what


def test_a_traced_program_runs_equation_by_equation():
    jaxpr = jax.make_jaxpr(lambda x, y: (x + y, x * y))(2.0, 3.0)
    what = gone("jax.extend.core.jaxpr_as_fun", "seeing what tracing does without compiling")
    try:
        outputs = private_jax.jaxpr_as_function()(jaxpr)(4.0, 5.0)
    except ImportError:
        pytest.fail(what)
    assert [float(out) for out in outputs] == [9.0, 20.0], what


def test_equations_of_a_program_are_counted_in_its_parts_too():
    def body(x, _):
        return jnp.sin(x), jnp.outer(x, x).sum()

    jaxpr = jax.make_jaxpr(jax.jit(lambda x: jax.lax.scan(body, x, length=2)))(jnp.ones(5))
    found = {each.primitive: each.size for each in private_jax.equations(jaxpr.jaxpr)}
    what = gone("eqns, params, primitive or outvars of a jaxpr", "counting what a function does")
    assert {"scan", "sin", "mul"} <= found.keys(), what
    assert max(found.values()) == 25, what


def test_the_functions_of_jax_random_take_their_key_first_and_by_name():
    what = gone("a first parameter `key`", "seeing which functions consume a key")
    assert {"split", "fold_in", "normal", "uniform", "choice"} <= {*keys.takers_of_keys()}, what
