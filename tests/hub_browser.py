"""A real browser, Debian's Chromium, on the pages of a hub."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    FloatRect,
    Page,
    ViewportSize,
    sync_playwright,
)

_PATIENCE_MS = 120_000
_PHONE: ViewportSize = {"width": 390, "height": 844}
_DESK: ViewportSize = {"width": 1200, "height": 800}
_NAMES = ("chromium", "chromium-browser", "google-chrome")


def chromium() -> str | None:
    """Where the browser is; None where it is not installed."""
    return next((path for name in _NAMES if (path := shutil.which(name))), None)


def missing() -> str:
    """What to do where there is no browser; "" where there is one."""
    if chromium():
        return ""
    return f"no browser: {', '.join(_NAMES)} are not on the PATH; Debian: apt-get install chromium"


needs_a_browser = pytest.mark.skipif(bool(missing()), reason=missing() or "there is one")


@contextlib.contextmanager
def browsing() -> Iterator[Browser]:
    """A browser without a window; it needs no sandbox for pages of our own."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        try:
            yield browser
        finally:
            browser.close()


@dataclass
class Person:
    """Somebody at a browser, who has logged in; `shots` is a folder for pictures."""

    address: str
    name: str
    context: BrowserContext
    page: Page
    shots: Path

    def open(self, path: str) -> None:
        self.page.goto(f"{self.address}{path}")

    def shot(self, name: str, height: int = _DESK["height"]) -> None:
        """A picture of what the window shows, down to `height` pixels."""
        clip: FloatRect = {"x": 0, "y": 0, "width": _DESK["width"], "height": height}
        self.page.screenshot(path=self.shots / f"{name}.png", clip=clip)

    def menu(self, *names: str) -> None:
        for name in names:
            self.page.get_by_role("menuitem", name=name).click()

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def told(self, dialog: str) -> str:
        """The text of a dialog that opens; it is closed by its last button."""
        box = self.page.locator(dialog)
        box.wait_for()
        text = box.inner_text()
        box.locator("button").last.click()
        box.wait_for(state="hidden")
        self.page.locator(".modal-backdrop").wait_for(state="detached")  # Fades out.
        return text


def log_in(
    browser: Browser, address: str, name: str, password: str, path: str, shots: Path
) -> Person:
    """Open a page of the hub, which asks for name and password first."""
    context = browser.new_context(viewport=_DESK)
    context.set_default_timeout(_PATIENCE_MS)
    page = context.new_page()
    person = Person(address, name, context, page, shots)
    person.open(path)
    page.fill("#username_input", name)
    page.fill("#password_input", password)
    page.click("#login_submit")
    return person


def on_a_phone(person: Person, path: str) -> Page:
    """The page at a phone's width, with the person's cookies."""
    page = person.context.new_page()
    page.set_viewport_size(_PHONE)
    page.goto(f"{person.address}{path}")
    return page


def is_wider_than_the_screen(page: Page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth > window.innerWidth + 1")
