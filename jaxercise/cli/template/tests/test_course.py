"""The notebooks are up to date, and every known answer is graded as it should be."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def jaxercise(*arguments):
    command = [sys.executable, "-m", "jaxercise", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True)


def test_the_notebooks_are_up_to_date():
    done = jaxercise("build", "--check")
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_known_answer_comes_out_as_expected():
    done = jaxercise("prove")
    assert done.returncode == 0, done.stdout + done.stderr
