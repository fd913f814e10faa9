"""A real Chromium against a live server."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.cache import cache
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from dam.collections.models import Library
from dam.sharing.models import Role, User
from tests.browser.showcase import Media, Showcase, furnish, make_media
from tests.browser.waiting import connections, wait_for_the_server
from tests.factories import make_library, make_member

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--autoplay-policy=no-user-gesture-required",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.django_db(transaction=True))


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser of the environment variable CHROMIUM, else Debian's."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
    if not Path(path).exists():
        pytest.skip(f"no Chromium at {path}; install it or set CHROMIUM")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(autouse=True)
def _no_remembered_attempts() -> None:
    cache.clear()


@pytest.fixture
def context(chromium: Browser, live_server) -> Iterator[BrowserContext]:
    """A fresh browser profile at desktop width. A script error or a refused resource fails the test."""
    before = connections()
    context = chromium.new_context(base_url=live_server.url, viewport={"width": 1440, "height": 900})
    context.set_default_timeout(20_000)
    yield context
    context.close()
    wait_for_the_server(before)


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on(
        "console", lambda said: problems.append(said.text) if "Content Security Policy" in said.text else None
    )
    yield page
    assert not problems, problems


@pytest.fixture
def library() -> Library:
    return make_library("Harbour archive")


@pytest.fixture
def sign_in(context: BrowserContext, live_server) -> Callable[[User], User]:
    """sign_in(user): the browser holds that user's session."""

    def signed_in(user: User) -> User:
        client = Client()
        client.force_login(user)
        session = client.cookies[django_settings.SESSION_COOKIE_NAME].value
        context.add_cookies(
            [{"name": django_settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}]
        )
        return user

    return signed_in


@pytest.fixture
def archivist(library: Library, sign_in: Callable[[User], User]) -> User:
    return sign_in(make_member(library, Role.ARCHIVIST))


@pytest.fixture(scope="session")
def media(tmp_path_factory: pytest.TempPathFactory) -> Media:
    """A film, a recording and photographs with all their renditions, made once."""
    return make_media(tmp_path_factory.mktemp("showcase"))


@pytest.fixture
def showcase(media: Media, library: Library, archivist: User) -> Showcase:
    return furnish(media, library)
