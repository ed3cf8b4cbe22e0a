"""Every page that a person can reach: no barrier, no sideways scroll, nothing from elsewhere."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Request, Response, ViewportSize

from tests.insights.drawn import draw
from tests.journeys.steps import LONG, begin
from tests.site import DESKTOP, PHONE, Site
from tests.threads import said

pytestmark = pytest.mark.browser
Browse = Callable[..., Page]
MOST_PAGES = 60
NARROWEST: ViewportSize = {"width": 320, "height": 640}
FILES = (".md", ".toml", ".json", ".csv")

# Links of the page that lead on within the site, as paths with their query.
LINKS = """
() => [...document.querySelectorAll('a[href]')]
  .map((link) => new URL(link.href))
  .filter((url) => url.origin === location.origin)
  .map((url) => url.pathname + url.search)
"""
# What a page is made of: two pages of one kind with the same makings hold the same barriers.
MAKINGS = """
() => [...new Set([...document.querySelectorAll('body *')].map((node) =>
  [node.tagName, node.getAttribute('class'), node.getAttribute('role'), node.type].join()))]
  .sort().join(' ')
"""
# What a person sees of it, by kind.
SHOWN = """
() => [...new Set([...document.querySelectorAll('body *')]
  .filter((node) => node.checkVisibility())
  .map((node) => [node.tagName, node.getAttribute('class'), node.getAttribute('role')].join()))]
"""
# Of siblings that are alike to the last attribute within, three tell what all would.
LEAVE_THREE_OF_A_KIND = """
() => {
  const kinds = new Map();
  const told = ({ name, value }) =>
    /^(class|role|type|aria-|data-)/.test(name) && !/\\d/.test(value) ? value : !value;
  const kind = (node) => {
    if (!kinds.has(node)) {
      const attributes = [...node.attributes].map((each) => [each.name, told(each)].join());
      const within = [...node.children].map(kind);
      const is_empty = !node.textContent.trim();
      kinds.set(node, JSON.stringify([node.tagName, attributes, is_empty, within]));
    }
    return kinds.get(node);
  };
  for (const parent of [document.body, ...document.body.querySelectorAll('*')]) {
    const seen = new Map();
    for (const child of [...parent.children]) {
      seen.set(kind(child), (seen.get(kind(child)) ?? 0) + 1);
      if (seen.get(kind(child)) > 3) child.remove();
    }
  }
}
"""
# Rules whose answer depends on how an element is drawn, not on what it is.
OF_THE_LOOK = ("color-contrast", "link-in-text-block", "scrollable-region-focusable", "target-size")
WIDER = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
START = {
    None: ["/sign-in", "/invitations/no-such-token"],
    "amara": ["/", "/no/such/page", "/confirm"],
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
    """Return a path without numbers, slugs and query: pages of one kind are looked at once."""
    named = re.sub(r"^/spaces/(?!new\b)[^/]+", "/spaces/slug", urlsplit(path).path)
    return re.sub(r"/\d+\b", "/1", named)


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
def examined() -> set[str]:
    """Return the makings of the pages that axe has looked at, and what only phones showed."""
    return set()


@pytest.mark.parametrize("who", START, ids=str)
def test_no_page_has_a_barrier_a_fault_or_a_stranger(
    site: Site, browse: Browse, examined: set[str], who: str | None
) -> None:
    lay_the_table(site)
    faults: list[str] = []
    titles: dict[str, str] = {}
    page, phone = browse(who, size=DESKTOP), browse(who, size=PHONE, dark=True)
    watchers = [Watcher(page, site), Watcher(phone, site)]
    for path, is_given in pages_of(page, START[who]):
        found: list[str] = []
        makings = shape(page.url) + page.evaluate(MAKINGS)
        if makings not in examined:
            examined.add(makings)
            phone.goto(path)
            more = set(phone.evaluate(SHOWN)) - set(page.evaluate(SHOWN)) - examined
            examined |= more
            found += widths(phone)
            for each in (page, phone):
                each.evaluate(LEAVE_THREE_OF_A_KIND)
            found += barriers(page)
            found += barriers(phone) if more else barriers(phone, OF_THE_LOOK)
        found += [fault for watcher in watchers for fault in watcher.take()]
        same = titles.setdefault(page.title(), shape(page.url)) if is_given else ""
        if is_given and same != shape(page.url):
            found.append(f"titled like {same}: {page.title()}")
        faults += [f"{who} at {path}: {fault}" for fault in found]
    assert faults == []


def barriers(page: Page, rules: Sequence[str] = ()) -> list[str]:
    """Return what axe finds, each rule with its first place; by all rules where none is named."""
    options = {"resultTypes": ["violations"], **({"runOnly": list(rules)} if rules else {})}
    found = Axe().run(page, options=options).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found]


def widths(phone: Page) -> list[str]:
    """Return where the page scrolls sideways, and leave the phone as it was."""
    found = []
    for size in (NARROWEST, PHONE):
        phone.set_viewport_size(size)
        if phone.evaluate(WIDER) > 0:
            found.append(f"wider than {size['width']} pixels")
    return found


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
