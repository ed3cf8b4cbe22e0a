"""What people do in the journeys, in the words of the pages."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from playwright.sync_api import Locator, Page, expect

from community.kernel import clock
from community.kernel.db import db
from community.members.models import Member, MemberSession
from tests import cast
from tests.site import Site

TODAY = re.compile(r"^\d\d:\d\d$")  # as times.js says an hour of today
LONG = "\n\n".join(
    f"Line {number}: I start low, wait for two weeks and look at the pressure again."
    for number in range(12)
)


def begin(site: Site, title: str, *replies: tuple[str, str], slug: str = "cardiology") -> int:
    """Lay a thread of mika's with replies by (who, text) into the database; return its id."""
    with site.app.app_context():
        thread = site.stage.start("mika", title=title, slug=slug)
        for who, text in replies:
            site.stage.reply(who, thread, text)
        return thread.id


def open_thread(page: Page, thread_id: int) -> None:
    """Open a thread and wait until it is there."""
    answer = page.goto(f"/threads/{thread_id}")
    assert answer is not None
    assert answer.status == 200
    expect(page.get_by_label("Your reply")).to_be_visible()


def write(page: Page, text: str) -> None:
    """Write into the reply field, and leave it there."""
    page.get_by_label("Your reply").fill(text)


def reply(page: Page, text: str) -> None:
    """Write a reply and send it."""
    write(page, text)
    send(page)


def send(page: Page) -> None:
    """Press the button under the reply field."""
    page.get_by_role("button", name="Reply", exact=True).click()


def say(page: Page, thread_id: int, text: str) -> dict[str, Any]:
    """Reply as this browser's member from elsewhere, without touching the page."""
    answer = page.request.post(
        f"/threads/{thread_id}/posts",
        data={"text": text, "client_key": str(uuid.uuid4())},
        headers={"Accept": "application/json", "X-CSRFToken": token_of(page)},
    )
    assert answer.status == 201, answer.text()
    said: dict[str, Any] = answer.json()
    return said


def token_of(page: Page) -> str:
    """Return the forgery token of this browser's session."""
    return str(page.request.get("/session.json").json()["csrf_token"])


def post_with(page: Page, text: str) -> Locator:
    """Find the posts of a thread's page that hold these words."""
    return page.locator("[data-posts] .post").filter(has_text=text)


def mark(page: Page) -> None:
    """Leave a mark that a reload would wipe away."""
    page.evaluate("window.markOfTheTest = true")


def is_marked(page: Page) -> bool:
    """Whether the page was never loaded again since it was marked."""
    return bool(page.evaluate("window.markOfTheTest === true"))


def make_long_ago(site: Site, who: str) -> None:
    """Let it be an hour since somebody showed in any browser who they are."""
    with site.app.app_context():
        an_hour_ago = clock.now() - timedelta(hours=1)
        ids = sa.select(Member.id).where(Member.email == cast.address_of(who))
        db.session.execute(
            sa.update(MemberSession)
            .where(MemberSession.member_id.in_(ids))
            .values(dict.fromkeys(("created_at", "strong_at", "confirmed_at"), an_hour_ago))
        )
        db.session.commit()


def invite_staff(page: Page, email: str) -> None:
    """Fill in the invitation of a liaison, and send it."""
    page.goto("/spaces/cardiology/invitations")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Works").select_option("company")
    page.get_by_label("As", exact=True).select_option("msl")
    page.get_by_role("button", name="Invite", exact=True).click()
