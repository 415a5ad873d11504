"""What was timed, in words, as a picture, and in the record of a grade."""

import json
import re

import pytest
from nbformat import v4

from jaxercise.checks.outcome import CheckOutcome, ExerciseOutcome, Grade, Timing, Verdict
from jaxercise.checks.timing import caption, in_words, picture, timing_of
from jaxercise.grading import outputs
from jaxercise.nbgrader.clean import cleaned

TIMING = timing_of([0.01] * 9, [0.1] * 8 + [0.12], 4.0, first_call_s=0.51, empty_s=0.001)


def test_the_words_say_all_that_was_measured():
    assert in_words("f", TIMING) == (
        "f is 10 times as fast as the NumPy version (10 to 12 at 98% confidence, 9 rounds), where "
        "4 is asked: 10 ms a call against 100 ms, of which a call that does nothing takes 1 ms. "
        "The first call took 500 ms longer (compilation), which does not count."
    )


def test_too_few_rounds_have_no_interval():
    few = timing_of([2.0], [1.0], 4.0, first_call_s=1.0, empty_s=0.001)
    assert (few.low, few.high, few.first_call_s) == (0.0, None, 0.0)
    assert "is 0.5 times as fast as the NumPy version (after 1 round), where 4" in in_words(
        "f", few
    )


def test_the_picture_is_a_png_with_its_content_in_words():
    assert picture(TIMING).startswith(b"\x89PNG")
    assert caption(TIMING) == "Times of 9 rounds: NumPy 100 ms to 120 ms, yours 10 ms to 10 ms"


@pytest.mark.parametrize("high", [None, 12.0])
def test_a_grade_with_a_timing_survives_json(high):
    timing = Timing(10.0, 9.0, high, 4.0, 0.5, 0.001, (0.01,), (0.1,), 20.0, 0.02, {"a": {"b": 2}})
    check = CheckOutcome("c", "speed", Verdict.PASSED, 1, 1, "m", "t", timing)
    grade = Grade("ps2", "n", (ExerciseOutcome("f", (check,)),), {})
    text = json.dumps(grade.to_json(), allow_nan=False)
    assert Grade.from_json(json.loads(text)) == grade


def test_the_page_of_a_graded_cell_shows_the_picture():
    check = CheckOutcome("c", "speed", Verdict.PASSED, 1, 1, in_words("f", TIMING), "t", TIMING)
    cell = v4.new_code_cell("check(f)", metadata={"nbgrader": {"grade": True}})
    cell.outputs = [outputs.scored(ExerciseOutcome("f", (check,)), 1)]
    (shown,) = cleaned(v4.new_notebook(cells=[cell]), ()).cells[0].outputs
    page = shown.data["text/html"]
    assert re.search('<img [^>]*src="data:image/png;base64,', page)
    assert 'alt="Times of 9 rounds' in page
    assert "f is 10 times as fast" in page
