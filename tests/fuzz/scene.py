"""The scene of the fuzz: two closed rooms with a secret in each corner, and everybody at the door.

After a request that changed something the scene is laid again, so who may see what stands fixed.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa
from flask import Flask

from community.guardrails import services as guardrails
from community.kernel.db import db
from community.reviews.models import Deadline, Review
from tests import cast
from tests.house import forget
from tests.insights.drawn import draw_reply
from tests.stage import Stage, Visitor
from tests.threads.said import STAFF_HELD

CARDIOLOGY = frozenset({"amara", "bruno", "mika", "cora", "rosa", "sven"})
NEUROLOGY = frozenset({"ines", "cora"})
PEOPLE: tuple[str | None, ...] = (None, *cast.CAST)

# A word that stands nowhere else, and who may read it. Whoever is handed a case, a question or a
# drawn reply sees the thread around it, and no other.
SECRETS = {
    "zqplain": CARDIOLOGY,
    "zqtitle": CARDIOLOGY,
    "zqaround": CARDIOLOGY | {"olga", "dora"},
    "zqheld": frozenset({"rosa", "olga"}),
    "zqdrawn": CARDIOLOGY | {"paul", "olga"},
    "zqprivate": frozenset({"amara", "dora"}),
    "zqelsewhere": NEUROLOGY,
    "zqelsetitle": NEUROLOGY,
    "zqelsearound": NEUROLOGY | {"olga"},
    "zqelseheld": frozenset({"cora", "olga"}),
}


@dataclass
class Scene:
    """The program on its database, and the browsers of everybody, signed in."""

    app: Flask
    database: Path
    browsers: dict[str | None, Visitor]
    cookies: dict[str | None, str]
    tokens: dict[str | None, str]
    places: dict[str, list[object]]
    first: dict[str, list[tuple[object, ...]]] = field(default_factory=dict)
    _watch: sqlite3.Connection | None = None
    _version: int = 0

    def __post_init__(self) -> None:
        """Keep how everything is now."""
        self.kept = sqlite3.connect(":memory:")
        self._watch = sqlite3.connect(self.database)
        self._watch.backup(self.kept)
        self.first = _rows(self.kept)
        self._version = self._now()

    def changes(self) -> set[str]:
        """Return the tables that differ from how they were; most requests write nothing."""
        if self._now() == self._version:
            return set()
        assert self._watch is not None
        now = _rows(self._watch)
        return {table for table, rows in now.items() if rows != self.first[table]}

    def lay_again(self) -> None:
        """Put everything back, in the database and in memory."""
        if self._now() != self._version:
            with self.app.app_context():
                db.session.remove()
                db.engine.dispose()
            assert self._watch is not None
            self.kept.backup(self._watch)
            self._version = self._now()
        forget(self.app)

    def _now(self) -> int:
        assert self._watch is not None
        return int(self._watch.execute("pragma data_version").fetchone()[0])


def _rows(connection: sqlite3.Connection) -> dict[str, list[tuple[object, ...]]]:
    """Return all rows by table, without when a session was last seen."""
    names = connection.execute("select name from sqlite_master where type = 'table'").fetchall()
    found = {}
    for (table,) in names:
        rows = connection.execute(f'select * from "{table}"')  # noqa: S608 - its own names
        kept = [place for place, column in enumerate(rows.description) if column[0] != "seen_at"]
        found[table] = [tuple(row[place] for place in kept) for row in rows]
    return found


def lay(app: Flask, database: Path) -> Scene:
    """Lay the scene: texts with secrets, a case, an inquiry, a draft; and let everybody in."""
    with app.app_context():
        places = _lay_rooms(Stage(app))
        browsers = {who: Visitor(app, who) for who in PEOPLE}
        tokens = {who: browser.token for who, browser in browsers.items()}
        cookies = {who: _cookie(browser) for who, browser in browsers.items()}
        db.session.remove()
        db.engine.dispose()
    return Scene(app, database, browsers, cookies, tokens, places)


def _cookie(browser: Visitor) -> str:
    kept = browser.client.get_cookie("roundtable")
    assert kept is not None
    return f"roundtable={kept.value}"


def _lay_rooms(stage: Stage) -> dict[str, list[object]]:
    thread = stage.start("amara", "Who takes zqplain away first?", title="The zqtitle of it")
    post = stage.reply("amara", thread, "I wrote zqplain, too.")
    case = stage.start("bruno", "And zqaround?", title="About zqaround")
    held = stage.reply("rosa", case, f"{STAFF_HELD} And zqheld.")
    asked = stage.reply("amara", case, "What is known of zqaround?")
    other = stage.start("ines", "Is zqelsewhere known?", slug="neurology", title="On zqelsetitle")
    away = stage.reply("ines", other, "There is more of zqelsewhere.")
    there = stage.start("ines", "And zqelsearound?", slug="neurology", title="On zqelsearound")
    stage.reply("cora", there, "Brenquive works better than zqelseheld and levodopa.")
    reading = draw_reply(stage, "The label says zqdrawn.")
    inquiry = stage.ask_in_private("amara", asked, "Where is zqprivate written?")
    draft = guardrails.start_draft(actor=stage.member("paul"), purpose="Look.", based_on=None)
    stage.commit()
    cases = list(db.session.scalars(sa.select(Review.id)))
    credential = stage.member("bruno").credential
    assert credential is not None
    away_from = [0, 987654, 2**63]
    return {
        "slug": ["cardiology", "neurology", "nowhere"],
        "thread_id": [thread.id, case.id, other.id, reading.post.thread_id, *away_from],
        "post_id": [post.id, held.id, asked.id, away.id, reading.post_id, *away_from],
        "review_id": [*cases, *away_from],
        "step_id": [*db.session.scalars(sa.select(Deadline.id)), *away_from],
        "member_id": [stage.member(who).id for who in ("bruno", "ines", "rosa", "ada", "pia")],
        "membership_id": [stage.membership("bruno").id, stage.membership("gone").id,
                          stage.membership("ines", "neurology").id, *away_from],
        "credential_id": [credential.id, *away_from],
        "inquiry_id": [inquiry.id, *away_from],
        "draft_id": [draft.id, *away_from],
        "version_id": [1, 2, *away_from],
        "reading_id": [reading.id, *away_from],
        "rule_id": ["disclosure.ghost", "no.such"],
        "code": ["SR-ORT-001", "SR-NO-001"],
        "name": ["standard.toml", "ortelvane.toml", "../secret"],
        "deed": ["confirm", "decline", "lift"],
        "policy": ["members", "community", "nothing"],
        "version": ["1", "2026-09"],
        "language": ["en", "de", "xx"],
    }  # fmt: skip
