"""A real browser for tests of pages, where there is one."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome")
     if (path := shutil.which(name))),
    None,
)  # fmt: skip
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
NEEDED = pytest.mark.skipif(
    CHROMIUM is None, reason="no Chromium on this machine: apt-get install chromium"
)
DRAWN = """() => {
  const wanted = [...document.querySelectorAll("figure.chart")]
    .filter((figure) => !figure.closest("details:not([open])"));
  return wanted.length > 0 && wanted.every((figure) => figure.dataset.drawn);
}"""


@contextmanager
def chromium(profile: Path) -> Iterator[Any]:
    """Open a browser."""
    playwright = pytest.importorskip(
        "playwright.sync_api", reason="playwright is not installed: pip install -e '.[dev]'"
    )
    with playwright.sync_playwright() as driver:
        context = driver.chromium.launch_persistent_context(
            profile, executable_path=CHROMIUM, args=FLAGS, viewport=DESK
        )
        yield context
        context.close()


@contextmanager
def watched(browser: Any, allowed: tuple[str, ...]) -> Iterator[Any]:
    """Open a page; nothing on it may fail, and nothing be asked for elsewhere."""
    page, trouble, requests = browser.new_page(), [], []
    page.set_default_timeout(60_000)
    page.on("console", lambda note: trouble.append(note.text) if note.type == "error" else None)
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.on("dialog", lambda dialog: trouble.append(dialog.message))
    page.on("request", lambda request: requests.append(request.url))
    yield page
    page.close()
    assert trouble == []
    assert [url for url in requests if not url.startswith((*allowed, "data:", "blob:"))] == []
