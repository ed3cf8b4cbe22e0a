"""Every address of the program: what stands behind it in a test, and who gets past it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import sqlalchemy as sa
from flask import Flask
from werkzeug.routing import Rule

from community.guardrails import services as guardrails
from community.kernel.db import db
from community.reviews.models import Review
from tests.cast import CAST
from tests.insights.drawn import draw_reply
from tests.stage import Stage, Visitor
from tests.threads.said import STAFF_HELD

Visit = Callable[[str | None], Visitor]

SHUT_OUT = {"rex": "/closed", "nora": "/use-policies/accept", "pia": "/waiting"}
EVERYBODY = frozenset(CAST) - set(SHUT_OUT)
READERS = frozenset({"amara", "bruno", "mika", "cora", "rosa", "sven"})
MODERATORS = frozenset({"mika", "cora"})
COMPANY = frozenset({"cora", "rosa", "safi", "paul", "dora", "olga", "ada", "vera"})
ADMIN, VERIFIER, COMPLIANCE = frozenset({"ada"}), frozenset({"vera"}), frozenset({"paul"})
POSTING = frozenset({"paul", "olga", "ada"})  # who may pause what the company posts
KEEPERS = frozenset({"dora", "olga"})
MEDICAL = frozenset({"olga"})
NOBODY: frozenset[str] = frozenset()
DRAFTERS = frozenset({"paul", "olga", "dora"})
CO_AUTHORS = DRAFTERS | MODERATORS | frozenset({"safi"})

# Who of those whom the gate lets through gets past an address; the rest read 404, or 403 where
# they may see the thing but not do this. What is open before the gate is one's own.
WHO_PASSES: dict[str, frozenset[str]] = {
    "desk.came_back": frozenset({"olga"}),
    "desk.case_file": frozenset(),  # only Safety and Quality save a case as a file
    "desk.cover": frozenset({"olga"}),
    "desk.decide": frozenset({"olga"}),
    "desk.desk": EVERYBODY,
    "desk.open_case": frozenset({"olga"}),
    "desk.settle_step": frozenset(),  # a held text has no steps
    "desk.take_up_again": frozenset(),  # nor is a decision on it taken back
    "guardrails.acknowledge": frozenset({"cora", "rosa"}),
    "guardrails.add_comment": CO_AUTHORS,
    "guardrails.changes": COMPANY,
    "guardrails.comments": CO_AUTHORS,
    "guardrails.compare": CO_AUTHORS,
    "guardrails.download": CO_AUTHORS,
    "guardrails.draft": CO_AUTHORS,
    "guardrails.draft_file": CO_AUTHORS,
    "guardrails.drafts": CO_AUTHORS,
    "guardrails.file": COMPANY,
    "guardrails.head": DRAFTERS,
    "guardrails.new_rule": DRAFTERS,
    "guardrails.offer": DRAFTERS,
    "guardrails.remove_rule": DRAFTERS,
    "guardrails.rule": CO_AUTHORS,
    "guardrails.rules": COMPANY,
    "guardrails.sets": COMPANY,
    "guardrails.settle_comment": NOBODY,  # there is none
    "guardrails.sign": NOBODY,  # everybody has signed
    "guardrails.start_draft": DRAFTERS,
    "guardrails.take_acknowledgement": frozenset({"cora", "rosa"}),
    "guardrails.take_file": DRAFTERS,
    "guardrails.take_head": DRAFTERS,
    "guardrails.take_new_rule": DRAFTERS,
    "guardrails.take_offer": DRAFTERS,
    "guardrails.take_rule": DRAFTERS,
    "guardrails.take_signature": NOBODY,
    "guardrails.try_out": CO_AUTHORS,
    "guardrails.withdraw": DRAFTERS,
    "home.audit": COMPLIANCE,
    "home.audit_file": COMPLIANCE,
    "home.home": EVERYBODY,
    "home.verify_audit": COMPLIANCE,
    "inquiries.answer": frozenset({"dora"}),
    "inquiries.close": frozenset({"dora"}),
    "inquiries.inquiries": EVERYBODY,
    "inquiries.inquiry": frozenset({"amara", "dora"}),
    "inquiries.open_inquiry": frozenset({"dora"}),
    "inquiries.write": frozenset({"amara"}),
    "insights.answer": NOBODY,  # there is none
    "insights.cover": COMPLIANCE | MEDICAL,
    "insights.give_back": COMPLIANCE | MEDICAL,
    "insights.judge": COMPLIANCE | MEDICAL,
    "insights.notes": COMPANY,
    "insights.notice": frozenset({"rosa"}),
    "insights.open_reading": COMPLIANCE | MEDICAL,
    "insights.proposals": COMPLIANCE | MEDICAL | MODERATORS | {"safi", "dora"},
    "insights.rates": COMPLIANCE | ADMIN,
    "insights.readings": COMPLIANCE | MEDICAL,
    "insights.replies": COMPLIANCE | MEDICAL,
    "insights.replies_file": COMPLIANCE | MEDICAL,
    "insights.rules": COMPLIANCE | MEDICAL,
    "insights.rules_file": COMPLIANCE | MEDICAL,
    "insights.set_rate": COMPLIANCE | ADMIN,
    "invitations.accept_own": NOBODY,  # there is none
    "invitations.decline_own": NOBODY,
    "invitations.invite": MODERATORS | ADMIN,
    "invitations.own": EVERYBODY,
    "invitations.resend": NOBODY,
    "invitations.revoke": NOBODY,
    "invitations.several": MODERATORS | ADMIN,
    "invitations.space_list": MODERATORS | ADMIN,
    "invitations.take_several": MODERATORS | ADMIN,
    "library.confirm_version": NOBODY,  # no version is named
    "library.library": COMPANY,
    "library.new_response": KEEPERS,
    "library.new_version": KEEPERS,
    "library.response": COMPANY,
    "library.search": NOBODY,  # no thread is named
    "library.withdraw": KEEPERS,
    "members.check": VERIFIER,
    "members.close": ADMIN,
    "members.credentials": VERIFIER,
    "members.member": READERS | ADMIN | VERIFIER,
    "members.members": ADMIN,
    "members.new_member": ADMIN,
    "members.photo": NOBODY,  # there is none
    "members.reopen": ADMIN,
    "members.take_check": VERIFIER,
    "members.take_duties": ADMIN,
    "members.take_job": ADMIN,
    "members.take_new_member": ADMIN,
    "members.take_refusal": VERIFIER,
    "members.take_reset": ADMIN,
    "members.sign_out_everywhere": ADMIN,
    "replays.replay": CO_AUTHORS,
    "replays.start_replay": DRAFTERS,
    "notifications.choices": EVERYBODY,
    "notifications.choose": EVERYBODY,
    "search.search": EVERYBODY,
    "spaces.archive": ADMIN,
    "spaces.charter": READERS | ADMIN,
    "spaces.decide_pause": NOBODY,  # there is none
    "spaces.edit": MODERATORS | ADMIN,
    "spaces.leave": READERS,
    "spaces.members": READERS | ADMIN,
    "spaces.new_space": ADMIN,
    "spaces.pause_everywhere": POSTING,
    "spaces.pause_posting": POSTING | MODERATORS,
    "spaces.posting": POSTING | MODERATORS,
    "spaces.posting_board": POSTING,
    "spaces.resume_everywhere": POSTING,
    "spaces.resume_posting": POSTING | MODERATORS,
    "spaces.pause": MODERATORS,
    "spaces.remove": MODERATORS | ADMIN,
    "spaces.spaces": ADMIN,
    "spaces.take_archive": ADMIN,
    "spaces.take_edit": MODERATORS | ADMIN,
    "spaces.take_leave": READERS,
    "spaces.take_new_space": ADMIN,
    "spaces.take_pause": MODERATORS,
    "spaces.take_remove": MODERATORS | ADMIN,
    "spaces.take_role": ADMIN,
    "spaces.unarchive": ADMIN,
    "status.status": ADMIN,
    "threads.ask_in_private": frozenset({"amara", "bruno", "mika", "sven"}),
    "threads.catch_up": READERS,
    "threads.correct": frozenset({"mika", "cora", "rosa"}),
    "threads.cover_wording": MODERATORS | {"amara"},
    "threads.create_post": READERS,
    "threads.draft": NOBODY,  # no place is named
    "threads.edit_post": frozenset({"amara"}),
    "threads.first_unread": READERS,
    "threads.lift_mark": MODERATORS,
    "threads.lock_thread": MODERATORS,
    "threads.new_thread": READERS,
    "threads.note_read": READERS,
    "threads.pin_thread": MODERATORS,
    "threads.post": READERS,
    "threads.preview_reply": READERS,
    "threads.preview_thread": READERS,
    "threads.remove_post": MODERATORS | {"amara"},
    "threads.report_post": READERS - {"amara"},
    "threads.restore_post": MODERATORS,
    "threads.revisions": READERS,
    "threads.row": READERS,
    "threads.save_draft": NOBODY,
    "threads.send_pointer": frozenset({"cora", "rosa"}),
    "threads.space": READERS,
    "threads.thread": READERS,
    "threads.unlock_thread": MODERATORS,
    "threads.unpin_thread": MODERATORS,
    "threads.withdraw_post": frozenset({"amara"}),
}


@dataclass(frozen=True)
class Place:
    """Values for the parts of addresses: things that exist, of the cardiology space."""

    values: dict[str, object]

    def address(self, rule: Rule, app: Flask) -> str:
        """Return the address of a rule with these things in it."""
        values = {name: self.values[name] for name in rule.arguments}
        with app.test_request_context():
            return str(app.url_map.bind("localhost").build(rule.endpoint, values))


def set_up(stage: Stage) -> Place:
    """Return a thread with a post of Amara's and a held one, and whatever else has an address."""
    thread = stage.start("amara")
    post = stage.reply("amara", thread)
    stage.reply("rosa", thread, STAFF_HELD)
    case = db.session.scalars(sa.select(Review)).one()
    reading = draw_reply(stage)
    inquiry = stage.ask_in_private("amara", post)
    credential = stage.member("bruno").credential
    draft = guardrails.start_draft(actor=stage.member("paul"), purpose="Look.", based_on=None)
    stage.commit()
    assert credential is not None
    return Place(
        {
            "slug": "cardiology", "thread_id": thread.id, "post_id": post.id,
            "review_id": case.id, "step_id": case.deadlines[0].id,
            "member_id": stage.member("bruno").id,
            "membership_id": stage.membership("bruno").id, "credential_id": credential.id,
            "session_id": 999, "passkey_id": 999, "acceptance_id": 999, "pause_id": 999,
            "invitation_id": 999,
            "version_id": 1, "draft_id": draft.id, "rule_id": "disclosure.ghost", "comment_id": 999,
            "kind": "csv", "name": "standard.toml", "key": "nothing", "token": "nothing",
            "inquiry_id": inquiry.id, "code": "SR-ORT-001",
            "reading_id": reading.id, "proposal_id": 999,
            "deed": "confirm", "policy": "members", "version": "1", "language": "en",
        }
    )  # fmt: skip


def rules_of(app: Flask) -> list[tuple[Rule, str]]:
    """Return every address with each of its methods, static files aside."""
    return [
        (rule, method)
        for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.endpoint)
        for method in sorted((rule.methods or set()) & {"GET", "POST"})
        if rule.endpoint != "static"
    ]


def is_marked(app: Flask, rule: Rule, mark: str) -> bool:
    return bool(getattr(app.view_functions[rule.endpoint], mark, False))


def inner_rules(app: Flask) -> list[tuple[Rule, str]]:
    """Return the addresses that are open only behind the whole gate."""
    return [
        (rule, method)
        for rule, method in rules_of(app)
        if not is_marked(app, rule, "is_public") and not is_marked(app, rule, "is_before_the_gate")
    ]
