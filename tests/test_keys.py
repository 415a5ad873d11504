"""Keys consumed twice, of both kinds, in every style; and none in right ones."""

import jax
import pytest

from jaxercise.wire import private_jax
from tests.test_observe import student_of

WRONG = {
    "two draws": "return jax.random.normal(key), jax.random.normal(key)",
    "draw, then split": "x = jax.random.normal(key)\n    return x, jax.random.split(key)[0]",
    "split, then draw": "a, b = jax.random.split(key)\n    return jax.random.normal(key), a",
    "two laws": "return jax.random.normal(key), jax.random.uniform(key)",
    "a subkey twice": "a, b = jax.random.split(key)\n"
    "    return jax.random.normal(a), jax.random.normal(a)",
    "fold_in with one number twice": "return tuple(jax.random.normal(jax.random.fold_in(key, 1))"
    " for _ in range(2))",
    "in a loop": "return [jax.random.normal(key) for _ in range(3)]",
    "in a scan": "return jax.lax.scan(lambda c, _: (c, jax.random.normal(key)), 0, length=3)[1]",
    "keyword argument": "return jax.random.normal(key=key), jax.random.normal(key=key)",
    "fold_in, then draw": "x = jax.random.normal(jax.random.fold_in(key, 1))\n"
    "    return x, jax.random.normal(key)",
    "split and fold_in": "a = jax.random.split(key)[0]\n"
    "    return jax.random.normal(a), jax.random.normal(jax.random.fold_in(key, 0))",
    "numbers that meet": "i, j = jnp.mgrid[:3, :4]\n"
    "    keys = jax.vmap(lambda c: jax.random.fold_in(key, c))((i + 2 * j).ravel())\n"
    "    return jax.vmap(jax.random.normal)(keys)",
    "numbers that meet, nested": "draw = lambda c: jax.random.normal(jax.random.fold_in(key, c))\n"
    "    return jax.vmap(jax.vmap(draw))(jnp.array([[0, 1, 2], [3, 4, 0]]))",
    "numbers that meet, the key mapped": "keys = jnp.stack([key, key])\n"
    "    return jax.vmap(jax.random.fold_in)(keys, jnp.array([1, 1]))",
    "a key among its own subkeys": "keys = jnp.stack([key, jax.random.split(key)[1]])\n"
    "    return jax.vmap(jax.random.normal)(keys)",
    "imported by name": "from jax.random import normal\n    return normal(key), normal(key)",
}
RIGHT = {
    "split": "a, b = jax.random.split(key)\n    return jax.random.normal(a), jax.random.normal(b)",
    "carried": "out = []\n    for _ in range(3):\n        key, sub = jax.random.split(key)\n"
    "        out.append(jax.random.normal(sub))\n    return out",
    "fold_in": "return [jax.random.normal(jax.random.fold_in(key, i)) for i in range(3)]",
    "vmapped": "return jax.vmap(jax.random.normal)(jax.random.split(key, 4))",
    "scan over keys": "return jax.lax.scan(lambda c, k: (c, jax.random.normal(k)), 0, "
    "jax.random.split(key, 3))[1]",
    "carried in a scan": "def step(k, _):\n        k, s = jax.random.split(k)\n"
    "        return k, jax.random.normal(s)\n    return jax.lax.scan(step, key, length=3)[1]",
    "one large draw": "return jax.random.normal(key, (3, 2))",
    "stacked subkeys": "return jax.vmap(jax.random.normal)(jnp.stack(list(jax.random.split(key))))",
    "numbers in a loop of vmaps": "fold = lambda c: jax.random.normal(jax.random.fold_in(key, c))\n"
    "    return [jax.vmap(fold)(3 * i + jnp.arange(3)) for i in range(50)]",
    "numbers in two vmaps": "fold = lambda c: jax.random.normal(jax.random.fold_in(key, c))\n"
    "    return [jax.vmap(fold)(2 * jnp.arange(3) + i) for i in range(2)]",
    "fold_in twice, nested vmaps": "def draw(key, j):\n"
    "        return jax.random.normal(jax.random.fold_in(key, j))\n"
    "    def walk(i):\n        own = jax.random.fold_in(key, i)\n"
    "        return jax.vmap(lambda j: draw(own, j))(jnp.arange(4))\n"
    "    return jax.vmap(walk)(jnp.arange(4))",
    "the same number for each of many keys": "keys = jax.random.split(key, 3)\n"
    "    return jax.vmap(lambda k: jax.random.fold_in(k, 7))(keys)",
    "as many numbers as keys": "keys = jax.random.split(key, 3)\n"
    "    return jax.vmap(jax.random.fold_in)(keys, jnp.zeros(3, int))",
    "under grad": "a, b = jax.random.split(key)\n"
    "    return jax.grad(lambda x: x * jax.random.normal(a) + jax.random.normal(b))(1.0)",
    "permutation": "a, b = jax.random.split(key)\n"
    "    return jax.random.permutation(a, 5), jax.random.choice(b, 5)",
}


@pytest.mark.parametrize("make", [jax.random.key, jax.random.PRNGKey], ids=["typed", "legacy"])
@pytest.mark.parametrize("decorator", ["", "@jax.jit\n"], ids=["eager", "jitted"])
@pytest.mark.parametrize("body", WRONG.values(), ids=WRONG.keys())
def test_reuse_is_reported(body, decorator, make):
    student = student_of(f"{decorator}def f(key):\n    {body}")
    assert student.f.watching_keys()(make(1)).key_reuse


@pytest.mark.parametrize("make", [jax.random.key, jax.random.PRNGKey], ids=["typed", "legacy"])
@pytest.mark.parametrize("decorator", ["", "@jax.jit\n"], ids=["eager", "jitted"])
@pytest.mark.parametrize("body", RIGHT.values(), ids=RIGHT.keys())
def test_right_use_is_not_reported(body, decorator, make):
    student = student_of(f"{decorator}def f(key):\n    {body}")
    assert student.f.watching_keys()(make(1)).key_reuse is None


@pytest.mark.parametrize("part", ["VMAP", "MAPPED_AXIS", "MAPPED_ARRAY"])
@pytest.mark.parametrize("found", ["renamed", "aval"])
def test_another_jax_whose_tracers_look_otherwise_accuses_nobody(part, found, monkeypatch):
    monkeypatch.setattr(private_jax, part, found)
    for body in RIGHT.values():
        student = student_of(f"def f(key):\n    {body}")
        assert student.f.watching_keys()(jax.random.key(1)).key_reuse is None, body
    for name in ("two draws", "in a scan", "split, then draw"):
        student = student_of(f"def f(key):\n    {WRONG[name]}")
        assert student.f.watching_keys()(jax.random.key(1)).key_reuse


def test_names_imported_into_the_notebook_are_followed_and_put_back():
    student = student_of(
        "from jax.random import normal\noriginal = normal\n"
        "def f(key):\n    return normal(key), normal(key)\n"
        "def g(key):\n    return normal is original and normal is jax.random.normal"
    )
    assert student.f.watching_keys()(jax.random.PRNGKey(0)).key_reuse
    assert student.g(1).value is True


@pytest.mark.parametrize(
    "draw", ["functools.partial(jax.random.normal, shape=())", "jax.jit(jax.random.normal)"]
)
def test_functions_made_of_them_in_the_notebook_are_followed_too(draw):
    student = student_of(
        f"draw = {draw}\n"
        "def f(key):\n    return draw(key), jax.random.split(key)\n"
        "def g(key):\n    a, b = jax.random.split(key)\n    return draw(a), draw(b)"
    )
    assert student.f.watching_keys()(jax.random.key(1)).key_reuse
    assert student.g.watching_keys()(jax.random.key(1)).key_reuse is None
