"""No address asks the database more often because there is more in it: all of them, one by one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest
from flask import Flask

from community.guardrails import services as guardrails
from community.guardrails.models import SetDraft
from community.kernel import kept_pages, paths
from community.kernel.db import db
from community.library import services as library
from community.responses import services as responses
from community.threads import services as threads
from community.threads.models import Post
from tests.home.doors import WHO_PASSES, Place, Visit, is_marked, rules_of, set_up
from tests.home.test_questions_a_page import counting, fill, grow
from tests.stage import Stage, Visitor

SEES_MOST_FIRST = ("mika", "olga", "paul", "ada", "vera", "dora", "safi", "rosa", "amara")

# Why the statements of these are not counted.
LEFT_OUT = {
    "desk.came_back": "leads to a page that is counted",
    "members.own_photo": "a picture: one row by its name",
    "members.waiting": "closed to whoever is through the gate, and about one person",
    "spaces.own_place": "asks about leaving one seat",
    "threads.catch_up": "asks after which number; counted in test_questions_a_page.py",
    "threads.first_unread": "leads to a page that is counted",
    "threads.post": "leads to a page that is counted",
    "use_policies.accept": "closed to whoever has accepted",
    "use_policies.accepted": "one text that was accepted",
    "use_policies.accepted_file": "one text that was accepted",
    "use_policies.declined": "closed to whoever has accepted",
}


@pytest.fixture
def place(stage: Stage) -> Place:
    """Things that exist behind the addresses."""
    return set_up(stage)


def fill_more(stage: Stage, place: Place, round_: int) -> None:
    """Add to the things that have an address of their own."""
    draft = db.session.get_one(SetDraft, place.values["draft_id"])
    post = db.session.get_one(Post, place.values["post_id"])
    for number in range(3):
        name = f"Round {round_}, number {number}"
        for who, rule in (("olga", "disclosure.ghost"), ("mika", "")):
            guardrails.add_comment(
                actor=stage.member(who), draft=draft, text=f"{name}: why?", rule_id=rule
            )
        stage.commit()
        place_of = stage.membership("amara")
        threads.edit_post(
            actor=stage.member("amara"), membership=place_of, post=post,
            text=f"{name}: two weeks, I should say.",
            client_key=f"edit-{round_}-{number}",
        )  # fmt: skip
        stage.commit()
    code = str(place.values["code"])
    text = (paths.POLICIES / "responses" / f"{code}.md").read_text("utf-8")
    source = text.replace('version = "1.0"', f'version = "1.{round_ + 1}"')
    version = library.add_version(actor=stage.member("dora"), source=source, code=code)
    responses.confirm_version(actor=stage.member("olga"), version=version)
    stage.commit()


def pages(app: Flask, place: Place) -> Iterator[tuple[str, str, str]]:
    """Yield endpoint, address, and who gets past it, of several the one who sees most."""
    for rule, method in rules_of(app):
        if method != "GET" or is_marked(app, rule, "is_public"):
            continue
        passes = WHO_PASSES.get(rule.endpoint, {"amara"})
        for who in [each for each in SEES_MOST_FIRST if each in passes][:1]:
            yield rule.endpoint, place.address(rule, app), who


def asked_by(visitor: Visitor, address: str) -> tuple[int, Counter[str]]:
    """Have a page drawn twice; return its status, and what the second time asked."""
    visitor.get(address)
    kept_pages.forget(visitor.app)
    with counting() as asked:
        answer = visitor.get(address)
    return answer.status_code, Counter(asked)


def test_no_address_asks_more_often_where_there_is_more(
    app: Flask, place: Place, visit: Visit, stage: Stage
) -> None:
    thread = stage.start("amara", title="The thread that grows")
    wanted = list(pages(app, place))
    visitors = {who: visit(who) for who in sorted({who for _, _, who in wanted})}
    rounds = []
    for round_ in range(2):
        fill(stage, round_)
        grow(stage, thread.id, round_)
        fill_more(stage, place, round_)
        rounds.append({each: asked_by(visitors[each[2]], each[1]) for each in wanted})
    few, many = rounds
    seen = {endpoint for (endpoint, _, _), (status, _) in many.items() if status == 200}
    assert {endpoint for endpoint, _, _ in wanted} - seen == set(LEFT_OUT)
    assert {
        (who, address): more
        for endpoint, address, who in wanted
        if (more := many[endpoint, address, who][1] - few[endpoint, address, who][1])
    } == {}
