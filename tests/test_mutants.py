"""Answers changed by machine: which changes there are, and what becomes of them."""

import ast
from pathlib import Path

import pytest

from jaxercise.checks.outcome import CourseError
from jaxercise.cli.mutants import write_table
from jaxercise.course.lesson import Course
from jaxercise.grading.mutants import mutants
from jaxercise.grading.mutation import Equivalent, Tally, most_different, tally
from jaxercise.grading.solutions import Solution
from jaxercise.grading.trials import TrialNotebook, prover
from tests.small_course import make_course

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.parametrize(
    ("rule", "source", "change"),
    [
        ("constant", "y = x + 2", "2 -> 3"),
        ("constant", "y = f(x, True)", "True -> False"),
        ("operator", "y = x + z", "x + z -> x - z"),
        ("operator", "y = x < z", "x < z -> x <= z"),
        ("operator", "y = x < z", "x < z -> x > z"),
        ("operator", "y = -x", "-x -> x"),
        ("operand", "y = x + z", "x + z -> x"),
        ("operand", "y = x - z", "x - z -> z - x"),
        ("another function", "y = jnp.sum(x)", "jnp.sum(x) -> jnp.mean(x)"),
        ("another function", "y = x.max()", "x.max() -> x.min()"),
        ("narrower dtype", "y = jnp.float32(x)", "jnp.float32 -> jnp.float16"),
        ("narrower dtype", "y = x.astype('int32')", "'int32' -> 'int8'"),
        ("no conversion", "y = jnp.asarray(x, d)", "jnp.asarray(x, d) -> x"),
        ("no conversion", "y = jnp.asarray(x, d)", "jnp.asarray(x, d) -> jnp.asarray(x)"),
        ("no conversion", "y = x.astype(d)", "x.astype(d) -> x"),
        ("forgotten call", "y = jnp.clip(x, a, b)", "jnp.clip(x, a, b) -> x"),
        ("forgotten call", "y = jax.lax.stop_gradient(x)", "jax.lax.stop_gradient(x) -> x"),
        ("forgotten call", "y = x.copy()", "x.copy() -> x"),
        ("forgotten call", "y = x.T", "x.T -> x"),
        ("forgotten option", "y = f(x, axis=n)", "f(x, axis=n) -> f(x)"),
        ("other arm", "y = jnp.where(c, a, b)", "jnp.where(c, a, b) -> jnp.where(c, b, a)"),
        ("other arm", "y = jnp.where(c, a, b)", "jnp.where(c, a, b) -> b"),
        ("other arm", "y = a if c else b", "a if c else b -> a"),
        ("off by one", "y = x[:n]", ":n -> :n + 1"),
        ("off by one", "y = range(n)", "range(n) -> range(n - 1)"),
        ("sign", "def f(x):\n    return g(x)", "return g(x) -> return -g(x)"),
        ("forgotten step", "x = f(x)", "x = f(x) -> pass"),
        ("forgotten step", "x += 1", "x += 1 -> pass"),
        ("keys", "a, b = split(k)\ny = normal(a)", "a -> b"),
        ("keys", "def f(key):\n    key, sub = split(key)\n    return g(sub)", "sub -> key"),
    ],
)
def test_each_rule_errs_as_people_do(rule, source, change):
    assert (rule, change) in {(mutant.rule, mutant.change) for mutant in mutants(source)}


def test_a_derivative_is_lost():
    (lost,) = (m for m in mutants("def f(x):\n    return g(x)") if m.rule == "no derivative")
    assert lost.source.endswith("stop_gradient(g(x))")


def test_what_no_hidden_test_runs_stays():
    source = 'import a\n@jit\ndef f(x: "n 2") -> 3:\n    """Add 1."""\n    raise E(1 + 2)'
    assert list(mutants(source)) == []


def test_every_mutant_of_the_course_is_another_program_and_valid():
    course = Course(ROOT)
    for assignment in course.assignments():
        for exercise in course.lesson(assignment).exercises:
            original = ast.unparse(ast.parse(exercise.solution))
            sources = [mutant.source for mutant in mutants(exercise.solution)]
            assert len({original, *sources}) == len(sources) + 1
            for source in sources:
                compile(source, exercise.name, "exec")


@pytest.fixture
def course(tmp_path):
    course = make_course(tmp_path, ("f1",))
    folder = tmp_path / "tests" / "solutions" / "ps7"
    folder.mkdir(parents=True)
    (folder / "f1.py").write_text(
        "# %% right: flat\ndef f1(x):\n    x = jnp.asarray(x)\n    return (2 * x).ravel()\n"
    )
    return course


@pytest.mark.slow
def test_a_mutant_that_no_check_notices_is_told_until_it_is_listed(course):
    with prover(course.root) as own:
        found = tally(own, "ps7", "f1")
        changes = {(answer, mutant.change) for answer, mutant in found.alive}
        assert ("right: flat", "(2 * x).ravel() -> 2 * x") in changes
        assert not any("return -" in change for _, change in changes)
        assert found.tried == found.died + len(found.alive) > 10
        assert (found.equivalent, found.faults) == (0, [])

        listed = course.root / "tests/solutions/ps7/equivalent.toml"
        listed.write_text(
            '[[f1]]\nrule = "no derivative"\nreason = "none is asked for"\n'
            '[[f1]]\nchange = "(2 * x).ravel() -> 2 * x"\nreason = "the input is flat"\n'
        )
        again = tally(own, "ps7", "f1")
        assert again.equivalent == 3  # the derivative is lost in both answers
        assert again.died == found.died
        assert again.caught > found.caught


def test_no_check_runs_after_the_first_that_fails(course):
    with prover(course.root) as own:
        lesson, _ = own.cache.lesson("ps7")
        exercise = lesson.by_name["f1"]
        first, *later = (check.check for check in exercise.checks)
        assert later
        wrong = Solution("wrong: zero", "def f1(x):\n    return 0 * x", (first,))
        trial = TrialNotebook(own, lesson, exercise)
        stopped = trial.proof(wrong, exercise.checks, until_lost=True)
        trial.close()
    assert stopped.verdicts == {first: "failed", **dict.fromkeys(later, "blocked")}


def test_the_answers_to_change_are_those_least_alike():
    reference = Solution("reference", "def f(x):\n    return jnp.sum(x)")
    alike = Solution("right: alike", "def f(y):\n    return jnp.sum(y)")
    loop = Solution("right: loop", "def f(x):\n    for a in x:\n        b += a\n    return b")
    method = Solution("right: method", "def f(x):\n    return x.dot(1)")
    answers = [reference, alike, method, loop]
    assert most_different(answers, 3) == [reference, loop, method]
    assert most_different(answers, 9) == [reference, loop, method, alike]


@pytest.mark.slow
def test_as_many_answers_are_changed_as_asked(course):
    with prover(course.root) as own:
        few = tally(own, "ps7", "f1", answers=1)
        many = tally(own, "ps7", "f1", answers=9)
    assert {answer for answer, _ in few.alive} == {"reference"}
    assert "right: flat" in {answer for answer, _ in many.alive}
    assert many.tried > few.tried > 0
    assert (few.answers, many.answers) == (1, 2)


def test_the_table_keeps_the_rows_of_other_exercises(tmp_path):
    page = tmp_path / "mutants.md"
    page.write_text("# Page\n\nText.\n")
    write_table(page, [Tally("ps2", "b", 3, tried=10, equivalent=2, died=8)])
    page.write_text(page.read_text() + "\nWhat lives.\n")
    write_table(
        page, [Tally("ps1", "a", 3, tried=10, died=9), Tally("ps2", "b", 2, tried=4, died=4)]
    )
    assert page.read_text() == (
        "# Page\n\nText.\n\n"
        "| set | exercise | answers | tried | make no difference | died | of those that do |\n"
        "|---|---|--:|--:|--:|--:|--:|\n"
        "| ps1 | a | 3 | 10 | 0 | 9 | 90.0% |\n"
        "| ps2 | b | 2 | 4 | 0 | 4 | 100.0% |\n"
        "| all | 2 | 5 | 14 | 0 | 13 | 92.9% |\n"
        "\nWhat lives.\n"
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[[f1]\n", "equivalent.toml"),
        ('[[f2]]\nrule = "sign"\nreason = "r"\n', "no exercise 'f2' in ps7"),
        ('[[f1]]\nrule = "sign"\n', "a change or a rule, and a reason"),
        ('[[f1]]\nrule = "sgin"\nreason = "r"\n', "there is no rule 'sgin'"),
    ],
)
def test_a_wrong_list_is_named(course, text, words):
    (course.root / "tests/solutions/ps7/equivalent.toml").write_text(text)
    with pytest.raises(CourseError, match=words):
        Equivalent.load(course, "ps7")
