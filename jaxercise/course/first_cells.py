"""The cells that `build` puts into every notebook: a link to Colab, and one that sets it up.

They come from the course's settings and not from the lesson, so they may change while students
work: a submission may lack them or have those of an earlier release, and nobody is told. They
are of the kinds that students may change, and take no part in grading.
"""

from __future__ import annotations

from collections.abc import Sequence

from jaxercise.course.cells import LessonCell, id_by_text
from jaxercise.course.settings import CourseSettings

# The tag by which the set-up cell of any release is known.
SETUP = "setup"

_TELL = """\
# Says what to do where jaxercise is not installed; elsewhere it does nothing.
import importlib.util

if importlib.util.find_spec("jaxercise") is None:
    raise ModuleNotFoundError(
        "jaxercise is not installed for this kernel: choose the kernel of the "
        "environment that you made for this course, or install jaxercise as the "
        "course's instructions say and restart the kernel."
    )"""

# The jax that is there was built for this machine's GPU or TPU, and pip would replace it by one
# that was not: whatever pip installs must suit it.
_INSTALL = """\
# Installs jaxercise where it is missing, as on Colab; elsewhere it does nothing.
def install_jaxercise(source):
    import importlib
    import subprocess
    import sys
    from importlib.metadata import version
    from importlib.util import find_spec

    if find_spec("jaxercise") is not None:
        return
    # The jax that is here may have been built for this machine's GPU or TPU, so it stays.
    kept = [f"{{name}}=={{version(name)}}" for name in ("jax", "jaxlib") if find_spec(name)]
    command = [sys.executable, "-m", "pip", "install", "--quiet", source, *kept]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        print(done.stdout, done.stderr)
        raise RuntimeError(
            "jaxercise could not be installed, for the reason above. It needs Python 3.11 "
            f"and jax 0.8, or newer (found: {{', '.join(kept) or 'no jax'}}), and the "
            "internet, which Kaggle's notebooks have to be given in their settings."
        )
    importlib.invalidate_caches()


install_jaxercise({source!r})"""


def with_first_cells(
    cells: Sequence[LessonCell], assignment: str, settings: CourseSettings
) -> list[LessonCell]:
    """The lesson's cells, with the link before all of them and the set-up before the code."""
    first_code = next(
        (n for n, cell in enumerate(cells) if cell.kind not in ("prose", "written")), len(cells)
    )
    setup = _INSTALL.format(source=settings.install) if settings.install else _TELL
    named = id_by_text(assignment, "code", setup)
    made = [*cells[:first_code], LessonCell(named, "show", setup, tags=(SETUP,))]
    made += cells[first_code:]
    if address := settings.colab_address(assignment):
        link = f"[Open this notebook in Colab]({address})"
        made.insert(0, LessonCell(id_by_text(assignment, "markdown", link), "prose", link))
    return made
