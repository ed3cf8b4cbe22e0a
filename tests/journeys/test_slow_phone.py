"""The first visit on a slow phone: light, without jumps, and of use before all of it is there."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import APIResponse, Page, Response, expect

from tests.journeys.steps import LONG, begin, open_thread, post_with
from tests.site import PHONE, Site

pytestmark = pytest.mark.browser
Browse = Callable[..., Page]

# As Lighthouse has it for a phone: four times slower, 1.6 Mbit/s down, 150 ms there and back.
SLOWER = 4
SLOW_NETWORK = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1_600_000 / 8,
    "uploadThroughput": 750_000 / 8,
}
MOST_BYTES = 120_000
NGINX = (Path(__file__).resolve().parents[2] / "deploy" / "nginx.conf").read_text()
WATCH_JUMPS = """
window.jumps = [];
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) {
    const moved = String(entry.sources?.[0]?.node?.className);
    if (!entry.hadRecentInput) window.jumps.push([entry.value, moved]);
  }
}).observe({ type: "layout-shift", buffered: true });
"""
POSTS = 19


def slow_phone(browse: Browse, who: str) -> Page:
    """Open a browser on a slow phone, which notes whatever jumps."""
    page = browse(who, size=PHONE, is_mobile=True, has_touch=True, device_scale_factor=2)
    page.context.set_default_timeout(60_000)
    page.add_init_script(WATCH_JUMPS)
    talk = page.context.new_cdp_session(page)
    talk.send("Network.enable")
    talk.send("Network.emulateNetworkConditions", SLOW_NETWORK)
    talk.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    return page


def nginx_says(name: str) -> list[str]:
    """Return what deploy/nginx.conf gives as one setting."""
    (said,) = re.findall(rf"^ *{name} (.+);", NGINX, re.MULTILINE)
    return str(said).split()


def weight(answer: APIResponse) -> int:
    """Return how many bytes of a body nginx sends as it is shipped: pages are compressed."""
    body, kind = answer.body(), answer.headers["content-type"].partition(";")[0]
    compressed = {"text/html", *nginx_says("gzip_types")}
    if kind not in compressed or len(body) < int(nginx_says("gzip_min_length")[0]):
        return len(body)
    return len(gzip.compress(body, int(nginx_says("gzip_comp_level")[0])))


def long_thread(site: Site) -> int:
    """Lay a thread of twenty long posts by several people."""
    people = ("amara", "bruno", "rosa", "mika")
    return begin(site, "On a slow phone", *((people[n % 4], f"{n}. {LONG}") for n in range(POSTS)))


def test_all_that_a_first_visit_loads_is_light_and_nothing_jumps(
    site: Site, browse: Browse
) -> None:
    thread, page = long_thread(site), slow_phone(browse, "amara")
    addresses: set[str] = set()

    def note(answer: Response) -> None:
        addresses.add(answer.url)

    page.on("response", note)

    with page.expect_websocket(timeout=60_000):  # the last that a page does by itself
        open_thread(page, thread)

    # Asked for once more: a browser that is short of memory lets go of what it was answered.
    loaded = sorted(addresses)
    sizes = {each: weight(page.request.get(each)) for each in loaded}
    assert len(sizes) > POSTS // 4, "the page came without what it is made of"
    assert sum(sizes.values()) < MOST_BYTES, sorted(sizes.items(), key=lambda each: -each[1])
    jumps = page.evaluate("window.jumps")
    assert sum(value for value, _ in jumps) < 0.01, jumps


def test_one_writes_and_sends_while_the_scripts_are_still_on_their_way(
    site: Site, browse: Browse
) -> None:
    thread, page = long_thread(site), slow_phone(browse, "bruno")
    page.route("**/static/js/**", lambda _route: None)  # they never come

    page.goto(f"/threads/{thread}", wait_until="commit")
    page.get_by_label("Your reply").fill("Sent on the way down to the ward.")
    page.get_by_role("button", name="Reply", exact=True).click()

    expect(post_with(page, "Sent on the way down to the ward.")).to_be_visible(timeout=60_000)
