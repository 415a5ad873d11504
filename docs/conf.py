"""Sphinx builds the documentation site from this folder: `make docs`."""

from importlib.metadata import version as installed

project = "jaxercise"
author = "The jaxercise authors"
copyright = author
release = version = installed("jaxercise")

root_doc = "index"
extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
]
myst_heading_anchors = 3
myst_enable_extensions = ["dollarmath"]

autodoc_member_order = "bysource"
autodoc_typehints = "description"

# Blocks without a language are trees and commands, not Python.
highlight_language = "text"

html_theme = "furo"
html_title = "jaxercise"
html_theme_options = {"navigation_with_keys": True}
html_copy_source = False
html_show_sphinx = False
