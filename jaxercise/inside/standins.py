"""Functions and other values that tests send by name, since they cannot be sent themselves.

Each builder takes plain arguments and returns the value that student code is called with.
"""

from __future__ import annotations

import builtins
import functools
import inspect
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from jaxercise.wire.records import Standin

_BUILDERS: dict[str, Callable[..., Any]] = {}


def build(standin: Standin) -> Any:
    """The value that `standin` names; raises KeyError, which lists the names there are."""
    if standin.name not in _BUILDERS:
        raise KeyError(f"no stand-in {standin.name!r}; there are {sorted(_BUILDERS)}")
    return _BUILDERS[standin.name](*standin.arguments)


def standin(builder: Callable[..., Any]) -> Callable[..., Any]:
    """Register a builder under its own name; each `Named` that it builds can be sent."""

    @functools.wraps(builder)
    def build_named(*args: Any, **kwargs: Any) -> Any:
        bound = inspect.signature(builder).bind(*args, **kwargs)
        built = builder(*bound.args)
        if isinstance(built, Named):
            built.standin = Standin(builder.__name__, bound.args)
        return built

    _BUILDERS[builder.__name__] = build_named
    return build_named


class Named:
    """A callable that is sent as `standin`, from which the other side builds it again."""

    standin: Standin


@standin
def read_only_array(*values: float) -> np.ndarray:
    """A float32 array that raises ValueError on writing; arrays that are sent arrive writable."""
    array = np.array(values, np.float32)
    array.flags.writeable = False
    return array


@standin
def refusing_tuple(values: tuple[Any, ...], error: str, message: str) -> tuple[Any, ...]:
    """A tuple that raises `error` when an entry that it has is assigned.

    That is a built-in exception, or else a kind of RuntimeError that has this name. It has a
    cause, which is no matter of the caller.
    """
    own = type(error, (RuntimeError,), {})
    exception: Callable[[str], Exception] = getattr(builtins, error, own)

    class Refusing(tuple[Any, ...]):
        def __setitem__(self, index: Any, value: Any) -> None:
            self[index]
            cause = LookupError("Instead of this cause, name the exception.")
            raise exception(message) from cause

    return Refusing(values)


class _Machine:
    """A simulated computer on which time passes only when a stand-in says so.

    `now` is the time on its clock in seconds. Its device works on one task after the other and
    has finished all of them at `done_at`; the host need not wait for that.
    """

    def __init__(self) -> None:
        self.now = 1000.0
        self.done_at = 0.0

    def wait_until(self, moment: float) -> None:
        self.now = max(self.now, moment)


# One for all, like time.perf_counter: a function and a clock are sent separately but must agree
# on the time.
_MACHINE = _Machine()

# What starting the device costs the host. A power of two, as all times in tests should be, so
# that differences of clock readings are exact.
DISPATCH_S = 2.0**-10


class _Pending:
    """A result that the device is still working on, like a jax array just after a call."""

    def __init__(self, done_at: float):
        self._done_at = done_at

    def block_until_ready(self) -> _Pending:
        _MACHINE.wait_until(self._done_at)
        return self

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        self.block_until_ready()
        return np.zeros((), dtype or np.float32)

    def __float__(self) -> float:
        return float(self.__array__())

    item = __float__


class _Clock(Named):
    __name__ = "fake_clock"

    def __call__(self) -> float:
        return _MACHINE.now


@standin
def fake_clock() -> _Clock:
    """A clock to use like time.perf_counter; it advances only while stand-ins work."""
    _MACHINE.wait_until(_MACHINE.done_at)
    return _Clock()


class _Inputs(Named):
    __name__ = "fake_inputs"

    def __init__(self, seconds: float, n_arrays: int, growth: int, dtype: str):
        self._seconds, self._n_arrays, self._growth = seconds, n_arrays, growth
        self._dtype = dtype
        self._calls = 0

    def __call__(self, n: int) -> tuple[np.ndarray, ...]:
        _MACHINE.now += self._seconds
        items = n + self._growth * self._calls
        self._calls += 1
        return tuple(np.ones(items, self._dtype) for _ in range(self._n_arrays))


@standin
def fake_inputs(
    seconds: float, n_arrays: int = 1, growth: int = 0, dtype: str = "float32"
) -> _Inputs:
    """A function of n that takes `seconds` to return a tuple of `n_arrays` NumPy arrays, n ones.

    Each call's arrays have `growth` more entries than those of the call before, so the number of
    calls shows.
    """
    return _Inputs(seconds, n_arrays, growth, dtype)


class _Timed(Named):
    __name__ = "fake_call"

    def __init__(self, compile_s: float, run_s: tuple[float, ...], per_item_s: float, result: str):
        self._compile_s, self._run_s, self._per_item_s = compile_s, run_s, per_item_s
        self._result = result
        self.forget()

    def forget(self) -> None:
        """Let the next call be the first one."""
        self._calls = 0
        self._compiled: set[tuple[Any, ...]] = set()

    def __call__(self, *args: Any) -> Any:
        if any(isinstance(arg, tuple | list | dict) for arg in args):
            raise TypeError("fake_call takes arrays one by one; spread a tuple as in fn(*args)")
        shapes = tuple(np.shape(arg) for arg in args)
        if shapes not in self._compiled:
            self._compiled.add(shapes)
            _MACHINE.now += self._compile_s
        work_s = self._run_s[min(self._calls, len(self._run_s) - 1)]
        work_s += self._per_item_s * sum(np.asarray(arg).nbytes / 4 for arg in args)
        self._calls += 1
        _MACHINE.now += DISPATCH_S
        started = max(_MACHINE.now, _MACHINE.done_at)
        _MACHINE.done_at = started + work_s
        return self._answer(started + work_s / 2, started + work_s)

    def _answer(self, half_done_at: float, done_at: float) -> Any:
        if self._result == "array":
            return _Pending(done_at)
        if self._result == "dict":
            return {"first": _Pending(half_done_at), "second": _Pending(done_at)}
        _MACHINE.wait_until(done_at)
        return np.zeros((), np.float32)


@standin
def fake_call(
    compile_s: float, run_s: tuple[float, ...], per_item_s: float = 0.0, result: str = "array"
) -> _Timed:
    """A function with a known cost in seconds, on the clock of `fake_clock`.

    The first call with arguments of new shapes takes `compile_s`. The first call runs for
    `run_s[0]`, the second for `run_s[1]` and so on; further calls run as long as the last entry.
    Every item of the arguments adds `per_item_s`, and one of 8 bytes twice as much. With `result`
    "array" or "dict" (of two arrays), it returns before the result is ready, as JAX does; with
    "numpy", when it is ready.
    """
    if result not in ("array", "dict", "numpy"):
        raise ValueError(f"no result {result!r}; there are array, dict and numpy")
    built = _timed(compile_s, tuple(run_s), per_item_s, result)
    built.forget()
    return built


# The same arguments give the same function, so it shows who remembers a function.
@functools.cache
def _timed(compile_s: float, run_s: tuple[float, ...], per_item_s: float, result: str) -> _Timed:
    return _Timed(compile_s, run_s, per_item_s, result)


_ELEMENTWISE: dict[str, Callable[[Any], Any]] = {
    "sin": jnp.sin,
    "cos": jnp.cos,
    "tanh": jnp.tanh,
    "double": lambda x: x + x,
    "relu": jax.nn.relu,
    "ravel": jnp.ravel,
    "unused sin": lambda x: (jnp.sin(x), x)[1],
}


class _Program(Named):
    """A function of one array; its jitted parts stay the same objects between calls."""

    __name__ = "program"
    compiled: Callable[[Any], Any]

    def __init__(self, steps: tuple[Any, ...]):
        self._steps = [_step(step) for step in steps]

    def __call__(self, x: Any) -> Any:
        for step in self._steps:
            x = step(x)
        return x


def _step(step: str | tuple[Any, ...]) -> Callable[[Any], Any]:
    if isinstance(step, tuple):
        return _block(*step)
    if step not in _ELEMENTWISE:
        raise ValueError(f"no step {step!r}; there are {', '.join(_ELEMENTWISE)}, and tuples")
    return _ELEMENTWISE[step]


def _block(kind: str, *bodies: tuple[Any, ...]) -> Callable[[Any], Any]:
    inner = [_Program(body) for body in bodies]
    match kind, inner:
        case "jit", [body]:
            return jax.jit(body)
        case "twice", [body]:
            jitted = jax.jit(body)
            return lambda x: jitted(jitted(x))
        case "scan", [body]:
            return lambda x: lax.scan(lambda x, _: (body(x), None), x, length=3)[0]
        case "while", [body]:
            return lambda x: lax.while_loop(lambda x: jnp.max(x) > 5, body, x)
        case "checkpoint", [body]:
            return jax.checkpoint(body)
        case "cond", [yes, no]:
            return lambda x: lax.cond(jnp.max(x) > 0, yes, no, x)
    raise ValueError(f"no block {kind!r} of {len(bodies)} bodies")


# The same arguments give the same function, so that its compiled programs are found again.
@standin
@functools.cache
def program(steps: tuple[Any, ...], compiled_for: tuple[int, ...] = ()) -> _Program:
    """A jax function of one array, composed of steps.

    A step is one of "sin", "cos", "tanh", "double", "relu", "ravel" and "unused sin", or a tuple
    of a kind and the steps inside: ("jit", steps), ("twice", steps) for two calls of one jitted
    function, ("scan", steps), ("while", steps), ("checkpoint", steps), ("cond", steps, steps). The
    function is compiled for, and run on, float32 arrays of the lengths in `compiled_for`.
    """
    built = _Program(steps)
    # Keep the jitted function alive: its cache of compiled programs ends with it.
    built.compiled = jax.jit(built)
    for n in compiled_for:
        built.compiled(jnp.ones(n, jnp.float32))
    return built


@standin
@functools.cache
def jitted_program(steps: tuple[Any, ...]) -> Callable[[Any], Any]:
    """A jitted function of one array, composed of the steps of `program`."""
    return jax.jit(_Program(steps))
