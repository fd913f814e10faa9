"""Waiting for a page, without the eval that its content security policy forbids."""

import time

from playwright.sync_api import Page

PATIENCE = 20.0


def wait_until(page: Page, expression: str) -> None:
    """Return when the JavaScript expression is true; fail after PATIENCE seconds."""
    deadline = time.monotonic() + PATIENCE
    while not page.evaluate(expression):
        assert time.monotonic() < deadline, f"still false: {expression}"
        page.wait_for_timeout(50)
