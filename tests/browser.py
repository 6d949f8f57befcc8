"""A real Chromium for the tests, watched: what it asks of any network is recorded."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

BINARY = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
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
    """playwright's entry point; the test is skipped loudly without a browser, and fails in CI."""
    missing = ""
    try:
        from playwright.sync_api import sync_playwright
    except ModuleNotFoundError:
        missing = "playwright (requirements-test.lock)"
    if BINARY is None:
        missing = "chromium (apt-get install chromium)"
    if not missing:
        return sync_playwright
    if os.environ.get("CI"):
        pytest.fail(f"NO BROWSER TEST: {missing} is missing")
    pytest.skip(f"NO BROWSER TEST: {missing} is missing")


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
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [
        f"{violation['id']} ({violation['impact']}): {node['html'][:150]}"
        for violation in found
        for node in violation["nodes"]
    ]
