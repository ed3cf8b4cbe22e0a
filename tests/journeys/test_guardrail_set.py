"""A set of rules from its draft to the first reply under it, by those who have a hand in it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from playwright.sync_api import Page, expect

from community.guardrails import queries
from community.kernel import clock
from tests.cast import CAST, PASSWORD
from tests.guardrails.drafting import begin as begin_draft
from tests.guardrails.drafting import drafter
from tests.journeys.steps import begin, open_thread, post_with, reply
from tests.site import Site

pytestmark = pytest.mark.browser
Browse = Callable[..., Page]

SIGNERS = {"olga": "Medical", "paul": "Legal", "dora": "Regulatory", "safi": "Safety"}
MILD = "In my view as a liaison, the run-in matters."


def test_a_set_goes_from_its_draft_to_the_first_reply_under_it(site: Site, browse: Browse) -> None:
    thread = begin(site, "How do you titrate?", ("bruno", "As the label says, my umbrella aside."))
    with site.app.app_context():
        drafter(site.stage)
        today = clock.now().date()
    cora = browse("cora")
    path = _draft(cora, today)
    _change_a_rule(cora, path)
    _add_a_rule(cora, path)
    _try_out(cora, path)
    _replay(cora, path)
    _compare(cora, path)
    _remark(browse("mika"), cora, path)
    cora.goto(path)
    cora.get_by_role("link", name="Offer it for signing").click()
    cora.get_by_role("button", name="Close it and ask for signatures").click()
    expect(cora.get_by_text("The set is closed.")).to_be_visible()
    version = cora.url.rpartition("/")[2]
    for who, duty in SIGNERS.items():
        _sign(browse(who), version, who, duty)
    _acknowledge_and_reply(site, browse("rosa"), thread)


def _draft(page: Page, today: date) -> str:
    page.goto("/guardrails/")
    page.get_by_role("link", name="Drafts of guardrails").click()
    page.get_by_label("What is to change, and why?").fill("No umbrellas at the table.")
    page.get_by_role("button", name="Begin").click()
    page.get_by_label("Version").fill("2099-01")
    page.get_by_label("Holds from").fill(today.isoformat())
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("No umbrellas at the table.")).to_be_visible()
    return page.url


def _change_a_rule(page: Page, path: str) -> None:
    page.get_by_role("link", name="Nothing here is off the record.").click()
    page.get_by_label("What the rule says").fill("Nothing that you write is off the record.")
    page.get_by_role("button", name="Save the rule").click()
    expect(page.get_by_text("Saved. All its examples do what they should.")).to_be_visible()
    expect(page.locator("#change + dl ins").first).to_be_visible()


def _add_a_rule(page: Page, path: str) -> None:
    page.goto(path)
    page.get_by_role("link", name="Add a rule").click()
    for label, text in (
        ("What the rule says", "No umbrellas."),
        ("Why", "They drip on the table."),
        ("Found by these words, one phrase a line", "my umbrella"),
        ("Must be found, one example a line", "Take my umbrella."),
        ("Must not be found, one example a line", "Take my coat."),
        ("Id", "other.umbrella"),
    ):
        page.get_by_label(label, exact=True).fill(text)
    page.get_by_label("What follows").select_option("advise")
    page.get_by_label("Everybody's").check()
    page.get_by_role("button", name="Add the rule").click()
    expect(page.get_by_text("Saved. All its examples do what they should.")).to_be_visible()


def _try_out(page: Page, path: str) -> None:
    page.goto(f"{path}/try")
    page.get_by_label("Text", exact=True).fill("Take my umbrella.")
    page.get_by_role("button", name="Try it").click()
    expect(page.locator("mark")).to_contain_text(["my umbrella"])
    expect(page.get_by_text("No rule speaks against it.")).to_be_visible()


def _replay(page: Page, path: str) -> None:
    page.goto(f"{path}/replay")
    page.get_by_role("button", name="Replay it").click()
    expect(page.get_by_role("heading", name="Result")).to_be_visible(timeout=60_000)
    expect(page.get_by_role("link", name="As the label says, my umbrella aside.")).to_be_visible()


def _compare(page: Page, path: str) -> None:
    page.goto(f"{path}/compare")
    expect(page.get_by_text("1 rule is new, 1 is changed, ")).to_be_visible()


def _remark(mika: Page, cora: Page, path: str) -> None:
    mika.goto(f"{path}/rules/other.umbrella")
    expect(mika.get_by_role("button", name="Save the rule")).to_have_count(0)
    mika.get_by_label("Your remark").fill("Only indoors, I hope?")
    mika.get_by_role("button", name="Add the remark").click()
    expect(mika.get_by_text("Only indoors, I hope?")).to_be_visible()
    cora.goto(f"{path}/offer")
    expect(cora.get_by_role("alert")).to_contain_text("still open")
    cora.goto(f"{path}/comments")
    cora.get_by_role("button", name="Settled").click()
    expect(cora.locator(".remark .badge")).to_have_text("Settled")


def _sign(page: Page, version: str, who: str, duty: str) -> None:
    page.goto(f"/guardrails/{version}/changes")
    expect(page.get_by_role("heading", name="No umbrellas.")).to_be_visible()
    page.goto(f"/guardrails/{version}/sign")
    page.get_by_label("You sign for").select_option(label=duty)
    page.get_by_label("Your name, printed").fill(CAST[who].name)
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_label("I have read this set").check()
    page.get_by_role("button", name="Sign").click()
    expect(page.get_by_text("Signed.")).to_be_visible()


def _acknowledge_and_reply(site: Site, page: Page, thread: int) -> None:
    open_thread(page, thread)
    expect(page.get_by_text("New guardrails are in force.")).to_be_visible()
    reply(page, MILD)
    expect(page.get_by_role("heading", name="What changed in the guardrails")).to_be_visible()
    expect(page.get_by_role("heading", name="No umbrellas.")).to_be_visible()
    _answer(site, page, wrong=True)
    expect(page.get_by_role("alert")).to_contain_text("not right yet")
    _answer(site, page, wrong=False)
    expect(page.get_by_text("You can post again")).to_be_visible()
    expect(page.get_by_label("Your reply")).to_have_value(MILD)
    reply(page, "The label names 25 mg as the first dose.")
    expect(post_with(page, "The label names 25 mg as the first dose.")).to_be_visible()


def _answer(site: Site, page: Page, *, wrong: bool) -> None:
    with site.app.app_context():
        rosa, version = site.stage.member("rosa"), queries.find_set_in_force()
        assert version is not None
        due = queries.get_due(viewer=rosa, version_id=version.id)
    for number, scenario in enumerate(due.scenarios):
        right = scenario.answer
        chosen = (right + 1) % len(scenario.options) if wrong and not number else right
        page.locator(f"input[name=answer-{number}]").nth(chosen).check()
    page.get_by_label("I have read the guardrails of this version").check()
    page.get_by_role("button", name="Acknowledge").click()


def test_the_rules_of_a_draft_narrow_while_its_author_types(site: Site, browse: Browse) -> None:
    with site.app.app_context():
        path = f"/guardrails/drafts/{begin_draft(site.stage).id}"
    cora = browse("cora")
    cora.goto(path, timeout=60_000)  # all examples of all rules are run, once
    rows = cora.locator(".rule-row")
    all_of_them = rows.count()
    field = cora.get_by_role("searchbox", name="Find a rule")

    field.press_sequentially("completely safe")

    expect(cora.locator(".rule-row", has_text="completely safe")).to_be_visible()
    expect(cora.get_by_text(f"of {all_of_them} rules")).to_be_visible()
    assert rows.count() < all_of_them / 4
    expect(field).to_be_focused()
    cora.reload()
    assert rows.count() < all_of_them / 4
    field.fill("")
    expect(rows).to_have_count(all_of_them)
    cora.get_by_label("What follows").select_option("block")
    expect(rows.filter(has_not_text="Stops the post")).to_have_count(0)
