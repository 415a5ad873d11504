"""Stand-ins for what a dask worker does with a notebook."""

from __future__ import annotations

import os
import signal
from collections.abc import Mapping

from jaxercise.grading.dask_worker import judge_here
from jaxercise.grading.pool import JudgeRequest


def deadly(request: JudgeRequest, resource: str, variables: Mapping[str, str]) -> str:
    """Judge, unless the notebook says to kill the worker."""
    if "# kill the worker" in str(request.notebook):
        os.kill(os.getpid(), signal.SIGKILL)
    return judge_here(request, resource, variables)
