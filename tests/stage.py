"""What tests stand on: a filled database, members who act, and visitors who browse."""

from __future__ import annotations

import re
import secrets
import uuid
from dataclasses import dataclass
from html import unescape
from http import HTTPStatus
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask
from werkzeug.test import TestResponse

from community import create_app
from community.config import Settings
from community.guardrails import queries as sets
from community.guardrails import services as guardrails
from community.guardrails.models import GuardrailSetVersion
from community.inquiries import services as inquiries
from community.inquiries.models import Inquiry
from community.jobs import services as jobs
from community.kernel import clock, mail, migrations, paths, tokens, unit_of_work
from community.kernel.db import db
from community.kernel.mail import Laid
from community.library import services as library
from community.members.models import Member, MemberSession
from community.members.services.passwords import hash_password
from community.spaces.models import Membership, Space
from community.threads import services as threads
from community.threads.models import Post, Thread
from community.threads.services import Blocked, Published, Unconfirmed
from community.threads.services.routing import question_of
from tests import cast


def settings_for(database_url: str, folder: Path) -> Settings:
    """Return settings for a test: cheap passwords, letters into a folder."""
    return Settings(
        database_url=database_url,
        redis_url="",
        secret_key="a secret for tests and nothing else",
        mail_url=f"mailbox:{folder / 'mail'}",
        mail_from="Roundtable <roundtable@example.org>",
        base_url="http://localhost",
        mode="development",
        data_dir=folder,
        host_name="Alderwick",
        policies_dir=None,
        trusted_proxies=0,
        fast_passwords=True,
    )


def hurry(app: Flask) -> None:
    """Let SQLite not wait for the disk: what a test has written need not outlive the machine."""
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            sa.event.listen(db.engine, "connect", _without_waiting)
            db.engine.dispose()


def _without_waiting(connection: Any, _record: object) -> None:
    connection.execute("pragma synchronous=off")


def build_database(url: str) -> None:
    """Migrate an empty database, put the cast on it and sign the standard guardrails."""
    app = create_app(settings_for(url, Path("var/tests").resolve()))
    hurry(app)
    with app.app_context():
        migrations.upgrade()
        with unit_of_work.transaction() as session:
            cast.set_the_stage(session, hash_password(cast.PASSWORD))
        with unit_of_work.transaction():
            sign_standard_set(Stage(app))
        with unit_of_work.transaction():
            library.add_files(files=sorted((paths.POLICIES / "responses").glob("*.md")))
        jobs.work_off()  # letters about all that are behind us where a test begins
        db.session.remove()
        db.engine.dispose()


def sign_standard_set(stage: Stage) -> None:
    """Bring the shipped rules into force."""
    folder = paths.POLICIES
    version = guardrails.add_set(
        actor=None,
        source=(folder / "guardrails" / "standard.toml").read_text("utf-8"),
        products={p.name: p.read_text("utf-8") for p in (folder / "products").glob("*.toml")},
    )
    signers = {"medical": "olga", "legal": "paul", "regulatory": "dora", "safety": "safi",
               "compliance": "paul", "quality": "safi", "privacy": "paul"}  # fmt: skip
    for duty in version.needs:
        signer = stage.member(signers[duty])
        guardrails.sign(actor=signer, version=version, duty=duty, printed_name=signer.name)
    for who in ("cora", "rosa"):
        stage.acknowledge(who, version)


@dataclass
class Stage:
    """The cast, by name, and what they do."""

    app: Flask

    def member(self, who: str) -> Member:
        """Return a member of the cast."""
        return db.session.scalars(
            sa.select(Member).where(Member.email == cast.address_of(who))
        ).one()

    def space(self, slug: str = "cardiology") -> Space:
        """Return a space."""
        return db.session.scalars(sa.select(Space).where(Space.slug == slug)).one()

    def membership(self, who: str, slug: str = "cardiology") -> Membership:
        """Return a member's place in a space."""
        return db.session.scalars(
            sa.select(Membership).where(
                Membership.member_id == self.member(who).id,
                Membership.space_id == self.space(slug).id,
            )
        ).one()

    def start(
        self, who: str, text: str = "What do you take away first?", *, slug: str = "cardiology",
        title: str = "Pressure of 95 and feeling fine", **more: Any,
    ) -> Thread:  # fmt: skip
        """Have a member start a thread that goes out at once, advice confirmed, and commit."""
        result = self.try_start(who, text, slug=slug, title=title, **more)
        assert isinstance(result, Published), result
        return result.post.thread

    def try_start(
        self, who: str, text: str, *, slug: str = "cardiology", title: str = "A thread", **more: Any
    ) -> Published | Blocked:
        """Have a member try to start a thread, and commit."""
        more = {"client_key": new_key(), **more}
        result = threads.start_thread(
            actor=self.member(who), membership=self.membership(who, slug), title=title, text=text,
            **more,
        )  # fmt: skip
        self.commit()
        if isinstance(result, Unconfirmed) and "confirmed" not in more:
            advised = result.judgement.advised
            return self.try_start(who, text, slug=slug, title=title, confirmed=advised, **more)
        return result

    def reply(self, who: str, thread: Thread, text: str = "I agree.", **more: Any) -> Post:
        """Have a member reply, at once or held, and commit."""
        result = self.try_reply(who, thread, text, **more)
        assert isinstance(result, Published), result
        return result.post

    def try_reply(self, who: str, thread: Thread, text: str, **more: Any) -> Published | Blocked:
        """Have a member try to reply, and commit; without `confirmed`, advice is confirmed."""
        more = {"client_key": new_key(), **more}
        result = threads.publish_post(
            actor=self.member(who), membership=self.membership(who, thread.space.slug),
            thread=thread, text=text, **more,
        )  # fmt: skip
        self.commit()
        if isinstance(result, Unconfirmed) and "confirmed" not in more:
            return self.try_reply(who, thread, text, confirmed=result.judgement.advised, **more)
        return result

    def acknowledge(self, who: str, version: GuardrailSetVersion | None = None) -> None:
        """Have one of the company's people acknowledge a set, or the one in force."""
        version = version or sets.find_set_in_force()
        assert version is not None
        member = self.member(who)
        changes = sets.changes_for(member, version)
        answers = {each.id: each.answer for each in sets.scenarios_for(member, version, changes)}
        guardrails.acknowledge(actor=member, version=version, answers=answers)

    def ask_in_private(self, who: str, post: Post, text: str = "Where is it written?") -> Inquiry:
        """Have a member ask Medical Information about a post, and commit."""
        asked = inquiries.ask_in_private(
            actor=self.member(who),
            question=question_of(post, text, member=self.member(who)),
            client_key=new_key(),
        )
        self.commit()
        assert isinstance(asked, Inquiry)
        return asked

    def commit(self) -> None:
        """End the transaction as a request would."""
        unit_of_work.commit()

    def work(self) -> list[Laid]:
        """Do all work that is due; return the letters so far, the newest first."""
        self.commit()
        jobs.work_off()
        return self.letters()

    def letters(self) -> list[Laid]:
        """Return the letters so far, the newest first."""
        return list(mail.laid_down(self.app.config["SETTINGS"].mail_url))


def new_key() -> str:
    """Return a fresh client key."""
    return str(uuid.uuid4())


def asks_who_one_is(answer: TestResponse) -> bool:
    """Whether a form that was sent waits until its sender has shown who they are."""
    return answer.status_code == HTTPStatus.FORBIDDEN and "Is it you?" in answer.text


def carried_by(page: TestResponse) -> dict[str, str]:
    """Return the hidden fields of a page, by name."""
    hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page.text)
    return {name: unescape(value) for name, value in hidden if name != "csrf_token"}


class Visitor:
    """A browser without script: keeps cookies, sends the token with each form."""

    def __init__(self, app: Flask, who: str | None) -> None:
        self.app = app
        self.client = app.test_client()
        if who is not None:
            self.sign_in_as(who)

    def sign_in_as(self, who: str) -> None:
        """Start a session for a member of the cast, as the sign-in page would."""
        key = secrets.token_urlsafe(32)
        with self.app.app_context(), unit_of_work.transaction() as session:
            member = session.scalars(
                sa.select(Member).where(Member.email == cast.address_of(who))
            ).one()
            now = clock.now()
            session.add(
                MemberSession(
                    member=member, key_hash=tokens.digest(key), created_at=now, seen_at=now
                )
            )
        with self.client.session_transaction() as cookie:
            cookie["_user_id"] = key
            cookie["_fresh"] = True

    @property
    def token(self) -> str:
        """The forgery token of this browser's session."""
        return str(self.get("/session.json").get_json()["csrf_token"])

    def get(self, path: str, **more: Any) -> TestResponse:
        """Open a page."""
        with self.app.app_context():  # a request of its own, though the stage has one open
            return self.client.get(path, **more)

    def post(self, path: str, data: dict[str, Any] | None = None, **more: Any) -> TestResponse:
        """Send a form."""
        data = {"csrf_token": self.token, **(data or {})}
        with self.app.app_context():
            return self.client.post(path, data=data, **more)

    def send(self, path: str, json: dict[str, Any], **more: Any) -> TestResponse:
        """Send JSON as the page's script would, and want JSON back."""
        headers = {
            "X-CSRFToken": self.token,
            "Accept": "application/json",
            **more.pop("headers", {}),
        }
        with self.app.app_context():
            return self.client.post(path, json=json, headers=headers, **more)
