"""The line goes, and comes back: nothing is lost, nothing is doubled, the reader is told."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.journeys.steps import begin, is_marked, mark, open_thread, post_with, reply, say, write
from tests.site import PHONE, Site

pytestmark = pytest.mark.browser
Browse = Callable[..., Page]
OFFLINE = re.compile(r"^Offline since \d\d:\d\d\. Write on; your words are kept here")


def test_a_phone_in_the_lift_writes_on_and_hears_what_it_missed(site: Site, browse: Browse) -> None:
    thread = begin(site, "From the lift", ("bruno", "This one goes while you are away."))
    amara, bruno, mika = browse("amara", size=PHONE), browse("bruno"), browse("mika")
    open_thread(amara, thread)
    mark(amara)
    open_thread(bruno, thread)
    expect(bruno.get_by_text("Dr Amara Okafor is reading")).to_be_visible()  # her line stands

    amara.context.set_offline(True)
    status = amara.locator("[data-live-status]")
    expect(status.locator("[data-live-text]")).to_have_text(OFFLINE)
    expect(status).to_be_visible()
    reply(amara, "Written between two floors.")
    expect(amara.get_by_text("No connection. It goes out when the line is back.")).to_be_visible()
    expect(amara.get_by_label("Your reply")).to_have_value("Written between two floors.")

    say(bruno, thread, "The first while you were away.")
    say(mika, thread, "The second while you were away.")
    take_down(bruno, "This one goes while you are away.")
    expect(bruno.get_by_text("Written between two floors.")).to_have_count(0)
    expect(amara.get_by_text("while you were away")).to_have_count(0)

    amara.context.set_offline(False)
    expect(status).to_contain_text(re.compile(r"Back\. Offline \d\d:\d\d to \d\d:\d\d: "))
    expect(status).to_contain_text("2 new, 1 removed.")
    for page in (amara, bruno):
        expect(post_with(page, "Written between two floors.")).to_have_count(1)
        expect(post_with(page, "while you were away.")).to_have_count(2)
        expect(page.get_by_text("Post 2 was taken down by its author.")).to_have_count(1)
    expect(amara.get_by_label("Your reply")).to_have_value("")
    assert is_marked(amara)
    amara.reload()
    expect(amara.locator("[data-posts] .post")).to_have_count(4)


def take_down(page: Page, text: str) -> None:
    """Take down one's own post by the page."""
    post_with(page, text).get_by_role("link", name="Take down").click()
    page.get_by_role("button", name="Take it down").click()
    expect(page.get_by_text("was taken down by its author.")).to_be_visible()


def test_a_reply_whose_answer_was_lost_is_sent_again_and_stays_one(
    site: Site, browse: Browse
) -> None:
    thread = begin(site, "Once only")
    amara, bruno = browse("amara"), browse("bruno")
    open_thread(bruno, thread)
    open_thread(amara, thread)
    answers: list[int] = []

    def lose_the_first_answer(route: Route) -> None:
        answer = route.fetch()
        answers.append(answer.status)
        if len(answers) == 1:
            route.abort("connectionreset")
        else:
            route.fulfill(response=answer)

    amara.route("**/threads/*/posts", lose_the_first_answer)
    reply(amara, "Said once, sent twice.")
    expect(amara.get_by_label("Your reply")).to_have_value("")
    assert answers == [201, 200]
    for page in (amara, bruno):
        expect(post_with(page, "Said once, sent twice.")).to_have_count(1)
        page.reload()
        expect(post_with(page, "Said once, sent twice.")).to_have_count(1)
        expect(page.locator("[data-posts] .post")).to_have_count(2)


def test_without_a_websocket_posts_arrive_by_asking(site: Site, browse: Browse) -> None:
    thread = begin(site, "Behind the proxy of a hospital")
    amara, bruno = browse("amara"), browse("bruno")
    sockets: list[str] = []

    def refuse(route: Route) -> None:
        sockets.append(route.request.url)
        route.abort()

    amara.route("**/socket.io/**", refuse)
    amara.route_web_socket("**/socket.io/**", lambda socket: sockets.append(socket.url))
    open_thread(amara, thread)
    mark(amara)
    say(bruno, thread, "Can you read this?")
    expect(post_with(amara, "Can you read this?")).to_be_visible()
    reply(amara, "Every word.")
    expect(post_with(amara, "Every word.")).to_have_count(1)
    say(bruno, thread, "And now?")
    expect(post_with(amara, "And now?")).to_be_visible()
    expect(post_with(amara, "Every word.")).to_have_count(1)
    expect(amara.locator("[data-live-status]")).to_be_hidden()
    expect(amara.locator("[data-presence]")).to_be_hidden()
    assert sockets, "the page never tried a socket, so this showed nothing"
    assert is_marked(amara)


def test_two_windows_never_overwrite_each_others_draft(site: Site, browse: Browse) -> None:
    thread = begin(site, "Two windows")
    first = browse("amara")
    second = first.context.new_page()
    open_thread(first, thread)
    open_thread(second, thread)
    write(first, "Begun in the first window.")
    first.locator("[data-kept]").filter(has_text="Kept at").wait_for()
    write(second, "Begun in the second window.")
    told = second.locator("[data-kept]")
    expect(told).to_contain_text("You have written more in another window.")
    expect(second.get_by_label("Your reply")).to_have_value("Begun in the second window.")

    second.get_by_role("button", name="Take those words").click()
    expect(second.get_by_label("Your reply")).to_have_value("Begun in the first window.")
    second.get_by_label("Your reply").press_sequentially(" And more.")
    expect(told).to_contain_text("Kept at")
    third = first.context.new_page()
    open_thread(third, thread)
    expect(third.get_by_label("Your reply")).to_have_value("Begun in the first window. And more.")


def test_a_page_loaded_again_is_no_other_window(site: Site, browse: Browse) -> None:
    thread = begin(site, "Loaded again")
    amara = browse("amara")
    reply_box, told = amara.get_by_label("Your reply"), amara.locator("[data-kept]")
    open_thread(amara, thread)
    write(amara, "Kept before.")
    told.filter(has_text="Kept at").wait_for()
    amara.evaluate("""() => {
      const send = window.fetch;
      window.fetch = (url, how) => {
        if (url !== "/drafts" || !how.keepalive) return send(url, how);
        localStorage.setItem("late", JSON.stringify(how));
        return Promise.reject(new Error("still on its way"));
      };
    }""")
    reply_box.press_sequentially(" And not yet kept.")
    amara.reload()  # drawn again before the last words of this very page arrive
    came = amara.evaluate(
        "async () => (await fetch('/drafts', JSON.parse(localStorage.getItem('late')))).status"
    )
    assert came == 200
    expect(reply_box).to_have_value("Kept before. And not yet kept.")
    reply_box.press_sequentially(" Nor this.")
    expect(told).to_contain_text("Kept at")
    expect(told).not_to_contain_text("another window")
