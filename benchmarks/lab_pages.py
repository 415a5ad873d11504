"""Every notebook as a page in JupyterLab: pictures to look at, and the faults a script can find.

    python benchmarks/lab_pages.py build/pages            # all sets; --only ps3 for one of them

Runs all cells of each set as it is handed out and as it is solved, opens both in JupyterLab by a
headless Chromium, unfolds every hint by a click, and takes build/pages/ps3-solved-04.png and so
on, piece by piece from top to bottom. Tells cells that raise or take long, formulas that are not
set, pictures that do not load, hints that stay closed, links within the page that lead nowhere,
and what is wider than the page. Whether a page reads well, only a person can tell.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbformat.sign import NotebookNotary
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
_FOLDERS = {"untouched": "release", "solved": "source"}
_WIDTH, _HEIGHT = 1050, 1500
_OVERLAP = 60
_TOKEN = "pages"
_PATIENCE_S = 120.0
_LONG_S = 8.0
# All cells are on the page at once, and nothing asks for the news.
_SETTINGS = {
    "@jupyterlab/notebook-extension/tracker": {"windowingMode": "none"},
    "@jupyterlab/apputils-extension/notification": {"fetchNews": "false"},
}
_FAULTS = """() => {
    const found = []
    const tell = (what, element) => {
        const cell = element.closest('.jp-Cell')
        const number = [...document.querySelectorAll('.jp-Cell')].indexOf(cell)
        found.push(`cell ${number}: ${what}: ${element.textContent.trim().slice(0, 90)}`)
    }
    const all = (selector, where = document) => [...where.querySelectorAll(selector)]
    for (const each of all('mjx-merror, [data-mjx-error]')) tell('a formula', each)
    for (const each of all('.jp-Notebook img')) if (!each.naturalWidth) tell('a picture', each)
    for (const each of all('.jp-Notebook details')) if (!each.open) tell('a closed hint', each)
    for (const each of all('.jp-Notebook a[href^="#"]')) {
        const name = decodeURIComponent(each.getAttribute('href').slice(1))
        const is_mark = each.classList.contains('jp-InternalAnchorLink')
        if (!is_mark && name && !all('[id], [data-jupyter-id]').some(
            there => there.id === name || there.dataset.jupyterId === name)) tell('a link', each)
    }
    const wide = '.jp-RenderedMarkdown, .jp-OutputArea-output, .cm-scroller'
    for (const each of all(wide)) if (each.scrollWidth > each.clientWidth + 1) tell('too wide', each)
    for (const each of all('.jp-RenderedMarkdown')) {
        const copy = each.cloneNode(true)
        for (const part of all('code, pre, mjx-container', copy)) part.remove()
        if (copy.textContent.includes('$')) tell('a dollar sign', each)
    }
    return found
}"""


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path, help="where the pictures go")
    parser.add_argument("--only", metavar="SET", help="one set, such as ps3")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home:
        for name in ("DATA", "CONFIG", "RUNTIME"):
            os.environ[f"JUPYTER_{name}_DIR"] = f"{home}/{name.lower()}"
        pages = Path(home) / "pages"
        pages.mkdir()
        names = [
            _made(path, kind, pages)
            for path in sorted(ROOT.glob(f"lessons/{options.only or '*'}.md"))
            for kind in _FOLDERS
        ]
        with _serving(pages, Path(home)) as address, _browsing() as browser:
            for name in names:
                _look_at(browser, f"{address}/doc/tree/{name}.ipynb?token={_TOKEN}", name, options)


def _made(lesson: Path, kind: str, pages: Path) -> str:
    """Put the notebook into `pages` with its output, trusted as a student's own; its name."""
    name = f"{lesson.stem}-{kind}"
    built = ROOT / _FOLDERS[kind] / lesson.stem / f"{lesson.stem}.ipynb"
    notebook: Any = nbformat.read(built, as_version=4)
    started = time.monotonic()
    NotebookClient(notebook, timeout=600, allow_errors=True, record_timing=True).execute()
    print(f"{name}: all cells in {time.monotonic() - started:.0f} s", flush=True)
    for number, cell in enumerate(notebook.cells):
        if cell.cell_type == "code":
            _tell_of(number, cell)
    nbformat.write(notebook, pages / f"{name}.ipynb")
    NotebookNotary().sign(notebook)
    return name


def _tell_of(number: int, cell: Any) -> None:
    """Print that a cell raised, wrote to stderr or took long."""
    first = cell.source.strip().splitlines()[0]
    times = cell.metadata.execution
    started, ended = (
        datetime.fromisoformat(times[f"iopub.status.{state}"]) for state in ("busy", "idle")
    )
    if (taken := (ended - started).total_seconds()) > _LONG_S:
        print(f"    cell {number} took {taken:.0f} s: {first}")
    for output in cell.outputs:
        if output.output_type == "error" or output.get("name") == "stderr":
            text = output.get("evalue") or output.text
            print(f"    cell {number} {output.output_type}: {text[:200]}")


@contextlib.contextmanager
def _serving(pages: Path, home: Path) -> Iterator[str]:
    """JupyterLab on the notebooks in `pages`, on this machine only; its address."""
    for name, values in _SETTINGS.items():
        file = home / "settings" / f"{name}.jupyterlab-settings"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(values))
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"]
    command += [
        "--ServerApp.ip=127.0.0.1",
        f"--ServerApp.port={port}",
        "--ServerApp.port_retries=0",
    ]
    command += [f"--ServerApp.root_dir={pages}", f"--IdentityProvider.token={_TOKEN}"]
    command += [f"--LabApp.user_settings_dir={home}/settings"]
    command += [f"--LabApp.workspaces_dir={home}/workspaces"]
    with (home / "server.log").open("w") as log:
        server = subprocess.Popen(command, cwd=pages, stdout=log, stderr=log)
    try:
        address = f"http://127.0.0.1:{port}"
        deadline = time.monotonic() + _PATIENCE_S
        while not _answers(f"{address}/api/status?token={_TOKEN}"):
            if server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError((home / "server.log").read_text()[-2000:])
            time.sleep(0.3)
        yield address
    finally:
        server.terminate()
        server.wait(30)


def _answers(address: str) -> bool:
    try:
        urllib.request.urlopen(address, timeout=5).close()
    except OSError:
        return False
    return True


@contextlib.contextmanager
def _browsing() -> Iterator[Browser]:
    """Debian's Chromium or one on PATH; it needs no sandbox for pages of our own."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        try:
            yield browser
        finally:
            browser.close()


def _look_at(browser: Browser, address: str, name: str, options: argparse.Namespace) -> None:
    """Open a notebook, unfold its hints, tell its faults and take its pictures."""
    page = browser.new_page(viewport={"width": _WIDTH, "height": _HEIGHT})
    page.set_default_timeout(1000 * _PATIENCE_S)
    page.goto(address)
    page.locator(".jp-Notebook .jp-MarkdownCell .jp-RenderedMarkdown h1").first.wait_for()
    page.wait_for_function("() => document.querySelector('.jp-NotebookPanel-toolbar')")
    page.wait_for_timeout(5000)  # MathJax sets one formula after the other.
    _unfold(page)
    faults = page.evaluate(_FAULTS)
    count = _take_pictures(page, options.folder / name)
    print(f"{name}: {count} pictures, {len(faults)} faults", *faults, sep="\n    ", flush=True)
    page.close()


def _unfold(page: Page) -> None:
    """Click on every hint and solution, those inside others after them."""
    closed = page.locator(".jp-Notebook details:not([open]) > summary:visible")
    for _ in range(page.locator(".jp-Notebook details").count()):
        if closed.count():
            closed.first.click()


def _take_pictures(page: Page, stem: Path) -> int:
    """Pictures of the notebook from top to bottom, each a window high; how many."""
    panel = page.locator(".jp-Notebook .jp-WindowedPanel-outer, .jp-WindowedPanel-outer").first
    box = panel.bounding_box()
    assert box is not None
    height, step = panel.evaluate("panel => panel.scrollHeight"), int(box["height"]) - _OVERLAP
    tops = range(0, max(height - _OVERLAP, 1), step)
    for number, top in enumerate(tops, start=1):
        panel.evaluate("(panel, top) => { panel.scrollTop = top }", top)
        page.wait_for_timeout(300)
        page.screenshot(
            path=stem.with_name(f"{stem.name}-{number:02}.png"),
            clip={"x": box["x"], "y": box["y"], "width": box["width"], "height": box["height"]},
        )
    return len(tops)


if __name__ == "__main__":
    main()
