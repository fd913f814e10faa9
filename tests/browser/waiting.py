"""Waiting for a page, without the eval that its content security policy forbids, and for its server."""

import threading
import time

from playwright.sync_api import Page

PATIENCE = 20.0


def wait_until(page: Page, expression: str) -> None:
    """Return when the JavaScript expression is true; fail after PATIENCE seconds."""
    deadline = time.monotonic() + PATIENCE
    while not page.evaluate(expression):
        assert time.monotonic() < deadline, f"still false: {expression}"
        page.wait_for_timeout(50)


def connections() -> set[threading.Thread]:
    """The connections that servers in this process answer."""
    return {each for each in threading.enumerate() if "process_request_thread" in each.name}


def wait_for_the_server(before: set[threading.Thread]) -> None:
    """Return when no connection is answered that was not there `before`: what it asks of the database would
    lock the tables that the end of the test empties. Fails after PATIENCE seconds."""
    deadline = time.monotonic() + PATIENCE
    while answered := connections() - before:
        assert time.monotonic() < deadline, f"still answered: {answered}"
        time.sleep(0.01)
