"""A site for each module of journeys; browsers are closed after each test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.site import Site, running_site

WAIT_MS = 15_000  # a machine that does other things at the same time

expect.set_options(timeout=WAIT_MS)


@pytest.fixture(scope="module")
def module_site(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The program as its own process."""
    with running_site(sqlite_template, tmp_path_factory.mktemp("site")) as site:
        yield site


@pytest.fixture
def site(module_site: Site) -> Iterator[Site]:
    """The running program, without browsers of earlier tests."""
    yield module_site
    module_site.close_browsers()


@pytest.fixture
def browse(site: Site, chromium: Browser) -> Callable[..., Page]:
    """Open a browser: `browse("amara", size=PHONE, dark=True)`."""

    def as_member(who: str | None, **more: Any) -> Page:
        return site.browse(chromium, who, **more)

    return as_member
