"""Every page that a person can reach: no barrier, no sideways scroll, nothing from elsewhere."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Request, Response

from tests.insights.drawn import draw
from tests.journeys.looking import Examined, faults_of_look
from tests.journeys.steps import LONG, begin
from tests.site import PHONE, Site
from tests.threads import said

pytestmark = pytest.mark.browser
Browse = Callable[..., Page]
MOST_PAGES = 70
FILES = (".md", ".toml", ".json", ".csv")

# Links of the page that lead on within the site, as paths with their query.
LINKS = """
() => [...document.querySelectorAll('a[href]')]
  .map((link) => new URL(link.href))
  .filter((url) => url.origin === location.origin)
  .map((url) => url.pathname + url.search)
"""
START = {
    None: ["/sign-in", "/invitations/no-such-token"],
    "amara": ["/", "/search?q=table+weeks", "/no/such/page", "/confirm"],
    "mika": ["/", "/spaces/cardiology/members", "/spaces/cardiology/invitations"],
    "rosa": ["/", "/guardrails/"],
    "olga": [
        "/",
        "/reviews/",
        "/guardrails/",
        "/insights/",
        "/insights/readings?show=read",
        "/company-posting",
    ],
    "vera": ["/credentials"],
    "paul": ["/audit", "/reviews/?show=closed", "/insights/rates"],
    "ada": ["/spaces/", "/members", "/members/new", "/spaces/new", "/status"],
    "nora": ["/use-policies/accept"],
    "pia": ["/waiting"],
    "sven": ["/spaces/cardiology"],
    "rex": ["/closed"],
    "gone": ["/"],
}


class Watcher:
    """Keeps what a page complains of and asks for."""

    def __init__(self, page: Page, site: Site) -> None:
        self.faults: list[str] = []
        self.site = site
        page.on("console", lambda said: self._heard(said.type, said.text))
        page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))
        page.on("request", self._asked)
        page.on("response", self._answered)

    def take(self) -> list[str]:
        """Return the faults since the last call."""
        taken, self.faults = self.faults, []
        return taken

    def _heard(self, kind: str, text: str) -> None:
        if kind in ("error", "warning") and "status of 4" not in text:
            self.faults.append(f"console: {text}")

    def _asked(self, request: Request) -> None:
        if urlsplit(request.url).netloc != f"localhost:{self.site.port}":
            self.faults.append(f"asked elsewhere: {request.url}")

    def _answered(self, response: Response) -> None:
        is_page = response.request.resource_type == "document"
        if response.status >= (500 if is_page else 400):
            self.faults.append(f"{response.status} for {response.url}")


def shape(path: str) -> str:
    """Return a path without numbers, versions, slugs: each kind of page is looked at once."""
    named = re.sub(r"^/spaces/(?!new\b)[^/]+", "/spaces/slug", urlsplit(path).path)
    return re.sub(r"/\d[\d-]*\b", "/1", named)


def pages_of(page: Page, start: list[str]) -> Iterator[tuple[str, bool]]:
    """Open page after page, as far as links lead, each kind once; say whether it was given."""
    due, known = list(start), {shape(path) for path in start}
    for _ in range(MOST_PAGES):
        if not due:
            return
        path = due.pop(0)
        answer = page.goto(path)
        links = page.evaluate(LINKS)
        yield path, answer is not None and answer.ok
        for link in links:
            if shape(link) not in known and not urlsplit(link).path.endswith(FILES):
                known.add(shape(link))
                due.append(link)
    raise AssertionError(f"more than {MOST_PAGES} kinds of pages; still due: {due}")


@pytest.fixture(scope="module")
def examined() -> Examined:
    """Return what was looked at so far, by whomever."""
    return Examined()


@pytest.mark.parametrize("who", START, ids=str)
def test_no_page_has_a_barrier_a_fault_or_a_stranger(
    site: Site, browse: Browse, examined: Examined, who: str | None
) -> None:
    lay_the_table(site)
    faults: list[str] = []
    titles: dict[str, str] = {}
    page = browse(who, size=PHONE, dark=True)
    watcher = Watcher(page, site)
    for path, is_given in pages_of(page, START[who]):
        found = faults_of_look(page, shape(page.url), examined) + watcher.take()
        same = titles.setdefault(page.title(), shape(page.url)) if is_given else ""
        if is_given and same != shape(page.url):
            found.append(f"titled like {same}: {page.title()}")
        faults += [f"{who} at {path}: {fault}" for fault in found]
    assert faults == []


def lay_the_table(site: Site) -> None:
    """Lay threads, an edit and a held text with its case; once a site."""
    if (site.folder / "laid").exists():
        return
    with site.app.app_context():
        draw(site.stage)
    begin(site, "A table of doses", ("bruno", f"| Week | mg |\n|---|---|\n| 1 | {'5 ' * 90} |"))
    begin(site, "A long thread", *[("amara", LONG)] * 3, ("rosa", said.STAFF_PLAIN),
          ("rosa", said.STAFF_HELD))  # fmt: skip
    (site.folder / "laid").touch()
