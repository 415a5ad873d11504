"""Has `nbgrader generate_assignment` put the lesson's starter code where a solution was.

Set by nbgrader_config.py:

    c.GenerateAssignment.preprocessors = list(GENERATE_PREPROCESSORS)

Without that, nbgrader's own ClearSolutions replaces a whole solution cell by its stub:
plainer than the starter, and no solution gets out either way.
"""

from __future__ import annotations

from typing import Any

from nbformat import NotebookNode
from nbgrader.preprocessors import ClearSolutions


class RestoreStarters(ClearSolutions):
    """Clears solutions; where `build` left the starter of a cell, puts that in."""

    def preprocess_cell(
        self, cell: NotebookNode, resources: Any, cell_index: int
    ) -> tuple[NotebookNode, Any]:
        """Clear one cell; a solution cell that `build` did not make gets nbgrader's stub."""
        cell, resources = super().preprocess_cell(cell, resources, cell_index)
        left = cell.metadata.pop("jaxercise", {})
        if "starter" in left and cell.metadata.get("nbgrader", {}).get("solution"):
            cell.source = left["starter"]
        return cell, resources


# nbgrader's own list with the one above in the place of ClearSolutions, and a SaveCells that
# lets cells come and go after submissions were graded. The checksums are
# computed twice because ClearHiddenTests changes cells after SaveCells stored them.
GENERATE_PREPROCESSORS = (
    "nbgrader.preprocessors.IncludeHeaderFooter",
    "nbgrader.preprocessors.InstantiateTests",
    "nbgrader.preprocessors.LockCells",
    "jaxercise.nbgrader.starters.RestoreStarters",
    "nbgrader.preprocessors.ClearOutput",
    "nbgrader.preprocessors.CheckCellMetadata",
    "nbgrader.preprocessors.ComputeChecksums",
    "jaxercise.nbgrader.gradebook.StoreCells",
    "nbgrader.preprocessors.ClearHiddenTests",
    "nbgrader.preprocessors.ClearMarkScheme",
    "nbgrader.preprocessors.ComputeChecksums",
    "nbgrader.preprocessors.CheckCellMetadata",
)
