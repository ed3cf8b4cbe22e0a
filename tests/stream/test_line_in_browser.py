"""The page's own keeper of order, `static/js/live/line.js`, played in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route

from community.kernel.paths import STATIC

pytestmark = pytest.mark.browser

PLAY = """async ({ count, seed, lost, broken, resetAt }) => {
  const { Line } = await import("/static/js/live/line.js");
  let state = seed;
  const chance = () => (state = (state * 1103515245 + 12345) % 2147483648) / 2147483648;
  const story = Array.from({ length: count }, (_, at) => ({ seq: at + 1, id: at % 7 }));
  const shown = [], asked = [];
  let head = 0, fresh = 0;
  const line = new Line({
    last: 0,
    generation: 1,
    fetch: async (after) => {
      asked.push(after);
      await new Promise((done) => setTimeout(done, chance() * 5));
      if (broken && chance() < 0.3) throw new Error("no line");
      if (resetAt && after < resetAt && head >= resetAt) {
        return { reset: true, events: [], next: head, head, generation: 2 };
      }
      const events = story.slice(after, Math.min(head, after + 20));
      const next = events.length ? events.at(-1).seq : head;
      return { events, next, head, generation: 1, reset: false };
    },
    apply: (event, caughtUp) => {
      if (!caughtUp && event.seq % 50 === 0) return false; // pushed without what it says
      shown.push(event.seq);
      return true;
    },
    reset: async () => {
      fresh = head;
      return { last: head, generation: 2 };
    },
  });
  while (head < count) {
    const burst = story.slice(head, head + 1 + Math.floor(chance() * 6));
    head += burst.length;
    burst.sort(() => chance() - 0.5);
    for (const event of burst) if (chance() >= lost) line.take(event);
    if (chance() < 0.3) line.take(story[Math.floor(chance() * head)]); // a double
    if (chance() < 0.1) line.hear(head, 1);
    await new Promise((done) => setTimeout(done, chance() * 3));
  }
  for (let tries = 0; line.last < count && tries < 200; tries += 1) {
    line.hear(head, 1);
    await new Promise((done) => setTimeout(done, 10));
  }
  return { last: line.last, shown, asked: asked.length, fresh, generation: line.generation };
}"""


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A page that has the module, and no server."""

    def serve(route: Route) -> None:
        path = route.request.url.partition("line.test")[2]
        if path.startswith("/static/"):
            file = STATIC / path.removeprefix("/static/")
            route.fulfill(path=file, content_type="text/javascript")
        else:
            route.fulfill(body="<!doctype html><title>Line</title>", content_type="text/html")

    opened = chromium.new_page()
    opened.route("**/*", serve)
    opened.goto("http://line.test/")
    yield opened
    opened.close()


def play(page: Page, **how: Any) -> dict[str, Any]:
    """Tell a story of numbered events and return what became of it."""
    settings = {"count": 300, "seed": 1, "lost": 0, "broken": False, "resetAt": 0, **how}
    result: dict[str, Any] = page.evaluate(PLAY, settings)
    return result


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_everything_is_shown_once_and_in_order_though_pushes_are_lost_and_shuffled(
    page: Page, seed: int
) -> None:
    played = play(page, seed=seed, lost=0.3)
    assert played["last"] == 300
    assert played["shown"] == list(range(1, 301))


def test_asking_that_fails_is_done_again(page: Page) -> None:
    played = play(page, lost=0.5, broken=True)
    assert played["shown"][-1] == 300
    assert sorted(set(played["shown"])) == list(range(1, 301))


def test_where_nothing_is_lost_little_is_asked(page: Page) -> None:
    played = play(page, count=45)
    assert played["shown"] == list(range(1, 46))
    assert played["asked"] <= 6, "only where a heartbeat was ahead of the pushes"


def test_a_number_of_no_use_makes_the_page_anew_and_goes_on_from_there(page: Page) -> None:
    played = play(page, lost=1, resetAt=120)
    assert played["last"] == 300
    assert played["fresh"] >= 120
    after_reset = [seq for seq in played["shown"] if seq > played["fresh"]]
    assert after_reset == list(range(played["fresh"] + 1, 301))
