"""The Jupyter server extension for instructors: grade a class from the browser."""

from __future__ import annotations

from typing import Any


def _jupyter_server_extension_points() -> list[dict[str, Any]]:  # pyright: ignore[reportUnusedFunction]
    """Where Jupyter finds the extension `jaxercise.server`."""
    return [{"module": "jaxercise.server"}]


def _load_jupyter_server_extension(serverapp: Any) -> None:  # pyright: ignore[reportUnusedFunction]
    """Called by Jupyter when the extension is enabled."""
    # Nobody else shall import what the page needs.
    from jaxercise.server.extension import load

    load(serverapp)
