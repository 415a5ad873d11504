"""What grading needs, tried as the grader's account in the course's folder, told as JSON."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from jaxercise.checks.outcome import ConfinementError, HostError
from jaxercise.grading.racing.host import Host
from jaxercise.nbgrader.enrolment import settings
from jaxercise.sandbox import bubblewrap


def main() -> None:
    """Print the course's effective name, the lock file, and what of sandbox and lock fails."""
    told: dict[str, str] = {"sandbox": "", "lock_fails": ""}
    told["course"] = str(settings(Path.cwd()).CourseDirectory.course_id)
    told["lock"] = os.environ.get("JAXERCISE_LOCK", "")
    try:
        bubblewrap.preflight()
    except ConfinementError as error:
        told["sandbox"] = str(error)
    try:
        with Host(patience_s=5).working():
            pass
    except HostError as error:
        told["lock_fails"] = str(error)
    json.dump(told, sys.stdout)


if __name__ == "__main__":
    main()
