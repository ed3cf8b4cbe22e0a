"""A right that ends: an open page says so, shows nothing new, and stored links are dead."""

from __future__ import annotations

import io
import re
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from community.kernel import paths
from tests.journeys.steps import begin, open_thread, post_with, say, write
from tests.site import Site, free_port, running_site, serving

pytestmark = pytest.mark.browser
Browse = Callable[..., Page]
NEXT = Path(__file__).parent.parent / "fixtures" / "policies" / "use" / "community"


def test_a_removed_member_sees_nothing_new(site: Site, browse: Browse) -> None:
    thread = begin(site, "Before it happened")
    amara, bruno, mika = browse("amara"), browse("bruno"), browse("mika")
    photo = put_up_a_photo(bruno)
    amara.goto(f"/members/{member_id(bruno)}")
    link = amara.get_by_role("img", name="Photo of Dr Bruno Lefèvre").get_attribute("src")
    assert link is not None
    assert photo != link
    assert amara.request.get(link).status == 200
    open_thread(amara, thread)
    say(bruno, thread, "Said while you were here.")
    expect(post_with(amara, "Said while you were here.")).to_be_visible()

    mika.goto("/spaces/cardiology/members")
    mika.get_by_role("link", name="Remove Dr Amara Okafor").click()
    mika.get_by_label("Why").fill("Shared screenshots of this space.")
    mika.get_by_role("button", name="Remove from this space").click()
    expect(mika.get_by_role("link", name="Remove Dr Amara Okafor")).to_have_count(0)

    expect(amara.get_by_text("There is nothing for you here any more.")).to_be_visible()
    say(bruno, thread, "Said after you were gone.")
    expect(amara.get_by_role("heading", name="There is nothing for you here")).to_be_visible()
    expect(amara.get_by_text("Said after you were gone.")).to_have_count(0)
    for address in (link, f"/threads/{thread}", "/spaces/cardiology",
                    "/spaces/cardiology/stream?after=0"):  # fmt: skip
        answer = amara.request.get(address)
        assert answer.status == 404, address
        assert "Said" not in answer.text()
    amara.goto("/")
    amara.get_by_role("link", name="Why, and what you can do").click()
    expect(amara.get_by_text("Shared screenshots of this space.")).to_be_visible()


def put_up_a_photo(page: Page) -> str:
    """Give a member a photo by their profile page; return its address."""
    raw = io.BytesIO()
    Image.new("RGB", (200, 200), "teal").save(raw, "PNG")
    page.goto("/profile")
    page.locator("input[name=photo]").set_input_files(
        {"name": "me.png", "mimeType": "image/png", "buffer": raw.getvalue()}
    )
    page.get_by_role("button", name="Use this photo").click()
    own = page.locator("img.portrait")
    expect(own).to_be_visible()
    return str(own.get_attribute("src"))


def member_id(page: Page) -> int:
    """Return who this browser is signed in as."""
    return int(page.request.get("/session.json").json()["member"]["id"])


def test_a_new_policy_while_a_page_is_open_asks_with_the_difference(
    sqlite_template: Path, tmp_path: Path, chromium: Browser
) -> None:
    policies = with_a_version_of_today(tmp_path)
    port = free_port()
    with running_site(sqlite_template, tmp_path, port=port) as site:
        thread = begin(site, "Before the new version")
        amara = site.browse(chromium, "amara")
        open_thread(amara, thread)
        write(amara, "Half a thought")
        amara.locator("[data-kept]").filter(has_text="Kept at").wait_for()
    with serving(tmp_path, port=port, COMMUNITY_POLICIES_DIR=str(policies)) as site:
        expect(amara.get_by_text("The use policy has changed.")).to_be_visible()
        expect(amara).to_have_url(re.compile(r"/use-policies/accept"), timeout=15_000)
        expect(amara.get_by_role("heading", name="What is new for you")).to_be_visible()
        expect(amara.get_by_text("You now get an answer to an appeal within")).not_to_have_count(0)
        amara.get_by_text("Compare it with version 2026-11, word by word").click()
        expect(amara.locator("ins").first).to_be_visible()
        assert amara.request.get(f"/threads/{thread}", max_redirects=0).status == 303
        asked = amara.request.get(
            "/spaces/cardiology/stream?after=0", headers={"Accept": "application/json"}
        )
        assert asked.status == 403

        amara.get_by_role("checkbox").check()
        amara.get_by_role("button", name="Accept and enter").click()
        expect(amara).to_have_url(re.compile(rf"/threads/{thread}$"))
        expect(amara.get_by_label("Your reply")).to_have_value("Half a thought")
        amara.context.close()


def with_a_version_of_today(folder: Path) -> Path:
    """Copy the policies and add the next version of the use policy, in force from today on."""
    policies = folder / "policies"
    shutil.copytree(paths.POLICIES, policies)
    today = datetime.now(UTC).date().isoformat()
    for source in NEXT.glob("*.md"):
        text = re.sub(r"(?m)^effective = .*$", f"effective = {today}", source.read_text("utf-8"))
        (policies / "use" / "community" / source.name).write_text(text, "utf-8")
    return policies
