"""Makes `nbgrader generate_assignment` replace solutions by the lesson's starter code.

Set by nbgrader_config.py:

    c.GenerateAssignment.preprocessors = list(GENERATE_PREPROCESSORS)

Without it nbgrader's ClearSolutions replaces a whole solution cell by its stub, which is less
than the starter; no solution is released either way.
"""

from __future__ import annotations

from typing import Any

from nbformat import NotebookNode
from nbgrader.preprocessors import ClearSolutions


class RestoreStarters(ClearSolutions):
    """Replaces a solution by the starter code that `build` left in the cell's metadata."""

    def preprocess_cell(
        self, cell: NotebookNode, resources: Any, cell_index: int
    ) -> tuple[NotebookNode, Any]:
        """Clear one cell; without starter code a solution cell gets nbgrader's stub."""
        cell, resources = super().preprocess_cell(cell, resources, cell_index)
        left = cell.metadata.pop("jaxercise", {})
        if "starter" in left and cell.metadata.get("nbgrader", {}).get("solution"):
            cell.source = left["starter"]
        return cell, resources


# nbgrader's own list, with RestoreStarters in place of ClearSolutions, and StoreCells, which can
# add and remove cells after submissions were graded, in place of SaveCells. Checksums are computed
# twice, as in nbgrader, because ClearHiddenTests changes cells after they were stored.
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
