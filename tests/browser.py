"""A real Chromium for the tests, watched: what it asks of any network is recorded."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from tests.office import absent

BINARY = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def require_browser():
    """playwright's entry point; without a browser the test is skipped, and says so, or fails in CI."""
    try:
        from playwright.sync_api import sync_playwright  # noqa: PLC0415  # may be absent
    except ModuleNotFoundError:
        absent("playwright（requirements-browser.lock）")
    if BINARY is None:
        absent("Chromium（apt-get install chromium）")
    return sync_playwright


@contextmanager
def chromium() -> Iterator:
    """A browser; each `new_context()` of it is a person of their own."""
    with require_browser()() as playwright:
        browser = playwright.chromium.launch(executable_path=BINARY, args=list(FLAGS))
        try:
            yield browser
        finally:
            browser.close()


def violations(page) -> list[str]:
    """What axe-core finds, rule by rule, at the standards WCAG 2.0 to 2.2 A and AA and best practice."""
    from axe_playwright_python.sync_playwright import Axe  # noqa: PLC0415  # may be absent

    found = Axe().run(page).response["violations"]
    return [
        f"{violation['id']} ({violation['impact']}): {node['html'][:150]}"
        for violation in found
        for node in violation["nodes"]
    ]
