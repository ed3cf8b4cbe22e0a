"""Fills an empty database with the demo, each deed by its own service and at its own time."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import sqlalchemy as sa

from community.audit.services import record
from community.demo import afterwards, content, inquiring
from community.demo.content import Saying
from community.desk import services as desk
from community.guardrails import queries as guardrail_queries
from community.guardrails import services as guardrails
from community.guardrails.models import GuardrailSetVersion
from community.invitations import services as invitations
from community.kernel import clock, paths
from community.kernel.db import session
from community.kernel.unit_of_work import transaction
from community.library import services as library
from community.members import queries as members
from community.members.models import Affiliation, Credential, CredentialState, Duty, Member
from community.members.services import hash_password
from community.reviews import queries as reviews
from community.reviews import services as review_services
from community.reviews.models import DecisionKind, ReviewKind, Settled
from community.reviews.services import steps
from community.spaces import queries as spaces
from community.spaces.models import Membership, Pause, PauseState, Role, Space
from community.stream.services import open_stream
from community.threads import services as threads
from community.threads.models import Post, Thread
from community.threads.services import Published, Unconfirmed
from community.use_policies import queries as use_policies
from community.use_policies import services as use_policy_services

PASSWORD = "roundtable-demo-2026"  # noqa: S105 - told to everyone who starts the demo
NAMESPACE = uuid.UUID("6f1d1c1e-3a55-4c0b-9a86-6d8f2d5a7c10")
READ_BEFORE = timedelta(days=4)
OLD = timedelta(days=6)
PINNED = {"heart-failure-01": "ashworth", "cidp-12": "macallan"}  # by whom


@dataclass
class _Scene:
    """What has been made so far, by the names of the files."""

    now: datetime
    members: dict[str, int] = field(default_factory=dict)
    spaces: dict[str, int] = field(default_factory=dict)
    threads: dict[str, int] = field(default_factory=dict)

    def member(self, name: str) -> Member:
        return session().get_one(Member, self.members[name])

    def place(self, name: str, slug: str) -> Membership:
        found = spaces.find_membership_of(member_id=self.members[name], space_id=self.spaces[slug])
        if found is None:
            raise LookupError(f"{name} has no place in {slug}")
        return found


def fill(*, say: Callable[[str], None]) -> None:
    """Put the whole demo into an empty database.

    Args:
        say: told what is being done, a line at a time.
    """
    scene = _Scene(now=clock.now())
    say("members, spaces and charters")
    _make_people_and_rooms(scene)
    say("guardrails, signed by their duty holders")
    _sign_guardrails(scene)
    say("the library of approved responses")
    _fill_library(scene)
    say("threads and posts")
    with clock.moved(scene.now - timedelta(days=63)):
        afterwards.draw_more(find=scene.member)
    _say_everything(scene)
    say("an invitation, a pause, two held drafts")
    _set_afoot(scene)
    say("second readings of what was drawn")
    afterwards.read_again(find=scene.member, now=scene.now)
    afterwards.pause_and_resume(find=scene.member, now=scene.now)
    _read_up(scene)


def _make_people_and_rooms(scene: _Scene) -> None:
    with clock.moved(scene.now - timedelta(days=90)), transaction():
        password = hash_password(PASSWORD)
        for person in content.cast():
            scene.members[person["id"]] = _make_member(person, password).id
    for room in content.spaces():
        with clock.moved(scene.now - timedelta(days=room["opened_days_ago"])), transaction():
            scene.spaces[room["id"]] = _make_space(scene, room).id
    for person in content.cast():
        for slug, role in person["roles"].items():
            room = next(room for room in content.spaces() if room["id"] == slug)
            joined = scene.now - timedelta(days=room["opened_days_ago"] - 1)
            with clock.moved(joined), transaction():
                _seat(scene, person["id"], slug, Role(role))
        if person["accepted"]:
            with clock.moved(scene.now - timedelta(days=63)), transaction():
                _accept(scene.member(person["id"]))


def _make_member(person: dict[str, Any], password_hash: str) -> Member:
    is_company = person["affiliation"] == "company"
    member = Member(
        email=f"{person['id']}@example.org",
        name=person["name"],
        affiliation=Affiliation(person["affiliation"]),
        created_at=clock.now(),
        title=person.get("position", ""),
        profession=person["profession"],
        specialty="" if is_company else person["specialty"],
        institution="" if is_company else person["works_at"],
        job=person.get("job", ""),
        country=person["country"],
        interests=person.get("interests", ""),
        time_zone=person["time_zone"],
        password_hash=password_hash,
        duties=list(person.get("duties", [])),
    )
    session().add(member)
    session().flush()
    if not is_company:
        session().add(_credential(member, person))
    record(
        actor=None,
        action="member.created",
        subject_kind="member",
        subject_id=member.id,
        new={"affiliation": person["affiliation"], "duties": member.duties},
    )
    return member


def _credential(member: Member, person: dict[str, Any]) -> Credential:
    checked = person["credential"] == "checked"
    now = clock.now()
    return Credential(
        member=member,
        profession=person["profession"],
        licence_number=f"DEMO-{member.id:05d}",
        issuing_body="The register of the demo",
        country=person["country"],
        state=CredentialState.CHECKED if checked else CredentialState.PENDING,
        submitted_at=now,
        note=person.get("credential_note", ""),
        decided_at=now if checked else None,
        recheck_on=(now + timedelta(days=365)).date() if checked else None,
    )


def _make_space(scene: _Scene, room: dict[str, Any]) -> Space:
    charter = room["charter"]
    space = Space(
        slug=room["id"],
        name=room["name"],
        created_at=clock.now(),
        purpose=charter["purpose"].strip(),
        value=charter["value"].strip(),
        offline=charter["offline"].strip(),
        goals=list(charter["goals"]),
        company_use=charter["company_use"].strip(),
        not_for=charter["not_for"].strip(),
        topics=list(room["topics"]),
        countries=list(room["countries"]),
        products=list(room["products"]),
        time_zone="Europe/London",
    )
    session().add(space)
    session().flush()
    open_stream(session(), space_id=space.id)
    record(
        actor=scene.member("wilk"),
        action="space.created",
        subject_kind="space",
        subject_id=space.id,
        space_id=space.id,
        new={"slug": space.slug, "name": space.name},
    )
    return space


def _seat(scene: _Scene, name: str, slug: str, role: Role) -> None:
    member, space = scene.member(name), session().get_one(Space, scene.spaces[slug])
    membership = Membership(space=space, member=member, role=role, joined_at=clock.now())
    session().add(membership)
    session().flush()
    record(
        actor=member,
        action="membership.joined",
        subject_kind="membership",
        subject_id=membership.id,
        space_id=space.id,
        new={"role": role.value},
    )


def _accept(member: Member) -> None:
    for text in use_policies.current_texts(
        language="de" if member.country == "DE" else "en", audience=member.affiliation.value
    ):
        use_policy_services.accept(
            actor=member,
            policy=text.id,
            version=text.version,
            language=text.language,
            sha256=text.sha256,
            shown_as="page",
        )


def _sign_guardrails(scene: _Scene) -> None:
    with clock.moved(scene.now - timedelta(days=89)), transaction():
        folder = paths.POLICIES
        version = guardrails.add_set(
            actor=None,
            source=(folder / "guardrails" / "standard.toml").read_text("utf-8"),
            products={
                path.name: path.read_text("utf-8")
                for path in sorted((folder / "products").glob("*.toml"))
            },
        )
        for duty in guardrail_queries.missing_signatures(version):
            signer = next(iter(members.holders(Duty(duty))))
            guardrails.sign(actor=signer, version=version, duty=duty, printed_name=signer.name)
    with clock.moved(scene.now - timedelta(days=88)), transaction():
        for member in guardrail_queries.members_who_must_acknowledge(version):
            _acknowledge(member, version)


def _acknowledge(member: Member, version: GuardrailSetVersion) -> None:
    """Answer the questions about a set rightly, as each liaison did."""
    changes = guardrail_queries.changes_for(member, version)
    asked = guardrail_queries.scenarios_for(member, version, changes)
    answers = {each.id: each.answer for each in asked}
    guardrails.acknowledge(actor=member, version=version, answers=answers)


def _fill_library(scene: _Scene) -> None:
    with clock.moved(scene.now - timedelta(days=34)), transaction():
        library.add_files(files=sorted((paths.POLICIES / "responses").glob("*.md")))


# --- what is said ------------------------------------------------------------------------------


def _say_everything(scene: _Scene) -> None:
    decisions: list[tuple[datetime, Saying, int]] = []
    for saying in content.sayings(scene.now):
        while decisions and decisions[0][0] <= saying.at:
            _decide(scene, *decisions.pop(0))
        post_id = _say(scene, saying)
        if post_id is not None and "review" in saying.post:
            due = saying.at + timedelta(minutes=saying.post["review"]["minutes_after"])
            decisions.append((due, saying, post_id))
            decisions.sort(key=lambda entry: entry[0])
    for decision in decisions:
        _decide(scene, *decision)


def _say(scene: _Scene, saying: Saying) -> int | None:
    """Send one text through the guardrails; return its post, where one came of it.

    A text that the file shows as blocked by a detector still to come is left out: the room
    never saw it.
    """
    author, slug = saying.post["author"], saying.thread["space"]
    if saying.expects.get("outcome") == "block":
        return None
    with clock.moved(saying.at), transaction():
        actor, membership = scene.member(author), scene.place(author, slug)
        common: dict[str, Any] = {
            "actor": actor,
            "membership": membership,
            "text": saying.post["text"],
            "client_key": _key(saying),
            "origin": "demo",
            "reply_type": saying.post.get("reply_type", ""),
        }
        opens = saying.thread["id"] not in scene.threads  # the first may have been stopped
        if opens:
            send = partial(
                threads.start_thread,
                title=saying.thread["title"],
                kind=saying.thread["kind"],
                tags=saying.thread["tags"],
                **common,
            )
        else:
            thread = session().get_one(Thread, scene.threads[saying.thread["id"]])
            asked = _asked(thread) if common["reply_type"] == "pointer" else None
            send = partial(threads.publish_post, thread=thread, reply_to=asked, **common)
        result = send()
        if isinstance(result, Unconfirmed):  # they read the advice, and send it as it stands
            result = send(confirmed=result.judgement.advised)
        if not isinstance(result, Published):
            return None
        if opens:
            scene.threads[saying.thread["id"]] = result.post.thread_id
        _pass_on(saying, result.post)
        return result.post.id


def _asked(thread: Thread) -> Post:
    """Return the question that a thread begins with."""
    return session().scalars(sa.select(Post).where(Post.thread == thread, Post.number == 1)).one()


def _key(saying: Saying) -> str:
    name = f"{saying.thread['id']}:{saying.post['author']}:{saying.post['minutes_after']}"
    return str(uuid.uuid5(NAMESPACE, name))


def _pass_on(saying: Saying, post: Post) -> None:
    """Open the cases that the file names and that no rule in force has opened by itself."""
    for desk_name in saying.expects.get("routes", []):
        review_services.open_review(
            kind=ReviewKind.ROUTED,
            desk=desk_name,
            author=post.author,
            space=post.thread.space,
            thread_id=post.thread_id,
            subject_kind="post",
            subject_id=post.id,
            text=post.text,
            client_key=post.client_key,
            findings=[],
            clock_from=post.created_at,
        )


def _decide(scene: _Scene, at: datetime, saying: Saying, post_id: int) -> None:
    decision = saying.post["review"]
    with clock.moved(at), transaction():
        review = reviews.find_open_for(subject_kind="post", subject_id=post_id)
        decider = scene.member(decision["by"])
        if review is None:
            return
        if decider not in reviews.owners_of(review):
            decider = next(iter(reviews.owners_of(review)))
        desk.decide(
            actor=decider,
            review_id=review.id,
            version=review.version,
            decision=DecisionKind(decision["decision"]),
            reason=decision["reason"],
        )


# --- what is under way -------------------------------------------------------------------------


def _set_afoot(scene: _Scene) -> None:
    answered = scene.now - OLD
    inquiring.answer_earlier(answerer=scene.member("durand"), before=answered)
    _close_old_cases(scene)
    asked = scene.threads["heart-failure-03"]
    inquiring.ask_in_private(
        asker=scene.member("reyes"), thread_id=asked, at=scene.now - timedelta(minutes=40)
    )
    _pause(scene)
    for person in content.cast():
        if person.get("invited_to"):
            _invite(scene, person)
    _pin(scene)
    _hold_drafts(scene)


def _pin(scene: _Scene) -> None:
    for name, moderator in PINNED.items():
        with clock.moved(scene.now - OLD), transaction():
            thread = session().get_one(Thread, scene.threads[name])
            place = scene.place(moderator, thread.space.slug)
            threads.pin_thread(
                actor=scene.member(moderator), membership=place, thread=thread, pinned=True
            )


def _close_old_cases(scene: _Scene) -> None:
    """Cases of weeks ago have long been dealt with; the last ones still wait."""
    for name in ("solheim", "durand", "osei", "maddox"):
        for review in reviews.open_reviews(viewer=scene.member(name)):
            if review.opened_at < scene.now - OLD:
                at = review.opened_at + timedelta(hours=5)
                with clock.moved(at), transaction():
                    desk.decide(
                        actor=scene.member(name),
                        review_id=review.id,
                        version=review.version,
                        decision=DecisionKind.CLOSE,
                        reason="Handed over and answered in private.",
                        said=steps.all_alike(review, Settled.DONE),
                    )


def _pause(scene: _Scene) -> None:
    for person in content.cast():
        pause = person.get("suspended")
        if pause is None:
            continue
        first, second = pause["by"]
        days = pause["days_ago"] + pause["until_days_ahead"]
        for slug in person["roles"]:
            with clock.moved(scene.now - timedelta(days=pause["days_ago"])), transaction():
                place = scene.place(person["id"], slug)
                session().add(
                    Pause(
                        membership=place,
                        proposed_by_id=scene.members[first],
                        proposed_at=clock.now() - timedelta(hours=2),
                        days=days,
                        reason=pause["reason"],
                        state=PauseState.CONFIRMED,
                        decided_by_id=scene.members[second],
                        decided_at=clock.now(),
                    )
                )
                place.paused_until = clock.now() + timedelta(days=days)
                place.pause_reason = pause["reason"]
                record(
                    actor=scene.member(second),
                    action="pause.confirmed",
                    subject_kind="membership",
                    subject_id=place.id,
                    space_id=place.space_id,
                    reason=pause["reason"],
                    new={"days": days, "proposed_by": scene.member(first).name},
                )


def _invite(scene: _Scene, person: dict[str, Any]) -> None:
    with clock.moved(scene.now - timedelta(days=2)), transaction():
        invitations.issue(
            actor=scene.member("ashworth"),
            email=f"{person['id']}@example.org",
            places=[(slug, Role.MEMBER) for slug in person["invited_to"]],
            note="Dr Marchal told me about your heart failure clinic. We would be glad of you.",
        )
    with clock.moved(scene.now - timedelta(days=1)), transaction():
        invitations.issue(
            actor=scene.member("ashworth"),
            email="ferrand@example.org",
            places=[("heart-failure", Role.MEMBER)],
            note="You asked in Lille how others titrate in the elderly. This is where we talk.",
        )


HELD_DRAFTS = (
    # One for the desk that answers for the rule, one for those who moderate.
    (
        "prescott",
        20,
        (
            "On your question about the two trials: Ortelvane works better than "
            "sacubitril/valsartan in people with a low pressure, if you put TIDEWATER-HF beside "
            "PARADIGM-HF."
        ),
    ),
    (
        "reyes",
        35,
        (
            "Oh come on. Only an idiot would swallow that. Read the run-in before you tell the "
            "rest of us how to titrate."
        ),
    ),
)


def _hold_drafts(scene: _Scene) -> None:
    for author, minutes, text in HELD_DRAFTS:
        with clock.moved(scene.now - timedelta(minutes=minutes)), transaction():
            threads.publish_post(
                actor=scene.member(author),
                membership=scene.place(author, "heart-failure"),
                thread=session().get_one(Thread, scene.threads["heart-failure-03"]),
                text=text,
                client_key=str(uuid.uuid5(NAMESPACE, f"held-draft-{author}")),
                origin="demo",
            )


def _read_up(scene: _Scene) -> None:
    """Members have read what is older than a few days, so that the news is what is new."""
    with transaction():
        for person in content.cast():
            for slug in person["roles"]:
                for name, thread_id in scene.threads.items():
                    thread = session().get_one(Thread, thread_id)
                    old = thread.news_at < scene.now - READ_BEFORE
                    if name.startswith(slug) and old and person["accepted"]:
                        threads.note_read(
                            actor=scene.member(person["id"]),
                            thread=thread,
                            number=thread.last_number,
                        )
