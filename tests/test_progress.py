"""How far a batch is: a bar on a terminal, a line a notebook elsewhere."""

from __future__ import annotations

import io
import logging
import re
import sys
from contextlib import closing

import pytest
from rich.console import Console

from jaxercise.grading.progress import BatchProgress


def test_without_a_terminal_each_notebook_has_a_line_with_the_time_left() -> None:
    said: list[str] = []
    console = Console(file=io.StringIO(), force_terminal=False)
    with closing(BatchProgress(3, console, said.append)) as progress:
        for name in ("ada", "bob", "cyd"):
            assert not progress.at_last
            progress.begin(name)
        assert progress.at_last
    assert said[0] == "1 of 3: ada"
    assert re.fullmatch(r"2 of 3: bob \(\d+:\d\d:\d\d left\)", said[1])
    assert re.fullmatch(r"3 of 3: cyd \(\d+:\d\d:\d\d left\)", said[2])


def test_on_a_terminal_there_is_a_bar_and_the_log_goes_above_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    terminal = io.StringIO()
    monkeypatch.setattr(sys, "stderr", terminal)
    logger = logging.Logger("nbgrader's")
    handler = logging.StreamHandler(terminal)
    logger.addHandler(handler)
    console = Console(file=terminal, force_terminal=True, width=80)
    with closing(BatchProgress(2, console, pytest.fail, logger)) as progress:
        progress.begin("ada/ps2")
        logger.warning("two cells were mended")
        assert handler.stream is not terminal
        progress.begin("bob/ps2")
    assert handler.stream is terminal
    shown = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", terminal.getvalue())
    assert "0/2" in shown
    assert "1/2" in shown
    assert "bob/ps2" in shown
    assert "\rtwo cells were mended\n" in shown
