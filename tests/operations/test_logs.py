"""Nothing that people wrote, and nothing that opens a door, is found in a log."""

from __future__ import annotations

import io
import json
import logging
import sqlite3
import uuid
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask

from community.jobs import services as jobs
from community.kernel import housekeeping, logs
from community.kernel.db import db
from community.members.models import MemberSession
from tests.cast import PASSWORD, address_of
from tests.operations.heard import records
from tests.stage import Stage, Visitor, new_key
from tests.threads.said import STAFF_HELD

Visit = Callable[[str | None], Visitor]
CLINICAL = "haemoptysis-after-third-dose"
NAME = "Wilhelmina Testpatient"


def wrote(text: str = "") -> str:
    return f"A patient, {NAME}, had {CLINICAL} on Ortelvane. {text}"


def test_no_page_leaves_a_trace_of_what_was_sent_to_it(
    app: Flask, stage: Stage, visit: Visit, lines: io.StringIO
) -> None:
    token, password = "tok3n-" + uuid.uuid4().hex, "pass-W0rd-that-nobody-has"
    thread = stage.start("amara", f"What would you do about {CLINICAL}?")
    amara, stranger = visit("amara"), visit(None)
    text = {"text": wrote(), "client_key": new_key()}
    amara.get(f"/threads/{thread.id}?q={CLINICAL}")
    amara.get(f"/no/such/{CLINICAL}")
    amara.send(f"/threads/{thread.id}/posts", text)
    amara.send(f"/threads/{thread.id}/preview", text)
    amara.post(f"/threads/{thread.id}/posts", text)
    amara.post("/spaces/cardiology/threads", {"title": CLINICAL, **text})
    amara.send("/drafts", {"text": wrote(), "place": f"thread-{thread.id}"})
    visit("rosa").send(f"/threads/{thread.id}/posts",
                       {"text": f"{STAFF_HELD} {CLINICAL}", "client_key": new_key()})  # fmt: skip
    amara.post("/profile", {"name": NAME, "about": wrote()})
    amara.post("/members/1", {"reason": wrote()})
    stranger.post("/sign-in", {"email": address_of("amara"), "password": password})
    stranger.post("/sign-in", {"email": address_of("bruno"), "password": PASSWORD})
    for path in (f"/invitations/{token}", f"/join/{token}", f"/links/{token}", f"/sign-in/{token}"):
        stranger.get(path)
        stranger.post(path, {"password": password})
    telling = {"Authorization": f"Bearer {token}", "Cookie": f"x={token}"}
    stranger.get("/", headers={**telling, "Referer": f"https://x/{token}", "User-Agent": CLINICAL})
    with app.app_context():
        jobs.work_off()
    written = lines.getvalue()
    assert len(records(lines)) > 20
    for secret in (CLINICAL, "Wilhelmina", "Testpatient", token, password, PASSWORD,
                   address_of("amara"), "@", amara.token):  # fmt: skip
        assert secret not in written, secret


@pytest.mark.parametrize("broken", ["post", "member_session", "draft"])
def test_a_failure_tells_its_place_and_not_what_it_was_about(
    app: Flask, stage: Stage, visit: Visit, lines: io.StringIO, broken: str
) -> None:
    thread = stage.start("amara")
    amara = visit("amara")
    token = amara.token
    with app.app_context():
        db.session.execute(sa.text(f"alter table {broken} rename to gone"))
        db.session.commit()
    headers = {"X-CSRFToken": token, "Accept": "application/json"}
    sent = {"text": wrote(), "client_key": new_key()}
    with app.app_context():
        amara.client.post(f"/threads/{thread.id}/posts", json=sent, headers=headers)
        amara.client.post("/drafts", json={"text": wrote()}, headers=headers)
    faults = [each for each in records(lines) if each["level"] == "error"]
    assert faults
    assert CLINICAL not in lines.getvalue()
    told = [fault for each in faults for fault in each["faults"]]
    assert any(fault["kind"] == "sqlite3.OperationalError" for fault in told)
    places = [place for fault in told for place in fault["places"]]
    asked = ("kernel/web.py", "members/session", "threads/queries")
    assert any(part in place for part in asked for place in places), places


def raised(error: BaseException) -> BaseException:
    """Return an exception that comes from an exception, as they do."""
    cause = ValueError(wrote())
    with pytest.raises(type(error)) as caught:
        raise error from cause
    return caught.value


@pytest.mark.parametrize(
    "error",
    [
        RuntimeError(wrote()),
        OSError(2, wrote(), wrote()),
        sqlite3.IntegrityError(wrote()),
        sa.exc.IntegrityError("insert", {"text": wrote()}, RuntimeError(wrote())),
        UnicodeDecodeError("utf-8", wrote().encode(), 0, 1, wrote()),
        KeyError(wrote()),
    ],
)
def test_the_words_of_an_exception_are_not_told(lines: io.StringIO, error: BaseException) -> None:
    logging.getLogger("community.kernel.web").error("a request failed", exc_info=raised(error))
    (line,) = records(lines)
    assert [fault["kind"] for fault in line["faults"]][-1] == "builtins.ValueError"
    assert CLINICAL not in lines.getvalue()


def test_another_library_may_say_its_own_words_and_numbers_only(lines: io.StringIO) -> None:
    stranger = logging.getLogger("some.library")
    stranger.error("could not handle %s after %d tries", wrote(), 3)
    stranger.error("said %(what)s", {"what": wrote()})
    stranger.error("asked /x?token=abc&q=1 by amara@example.org at smtp://me:secret@mail.example")
    said = [each["message"] for each in records(lines)]
    assert said[0] == "could not handle … after 3 tries"
    assert CLINICAL not in lines.getvalue()
    for secret in ("abc", "amara", "secret"):
        assert secret not in lines.getvalue()


def test_a_template_that_cannot_be_filled_is_told_as_it_is() -> None:
    record = logging.LogRecord("some.library", logging.ERROR, "x", 1, "wants %d", (wrote(),), None)
    assert logs.facts_of(record)["message"] == "wants %d"


def test_a_chore_that_fails_is_told_with_a_number_and_without_words(
    app: Flask, lines: io.StringIO
) -> None:
    def fail() -> None:
        raise RuntimeError(wrote())

    housekeeping.do_once(app, housekeeping.Chore("tidy", 1, fail, per_site=False))
    (line,) = records(lines)
    assert line["message"] == "chore tidy failed"
    assert line["request"]
    assert CLINICAL not in lines.getvalue()


def test_a_line_break_makes_no_line_of_its_own(lines: io.StringIO) -> None:
    logging.getLogger("community").warning('broken\n{"level": "error"}')
    (line,) = records(lines)
    assert line["message"] == "broken"


def test_a_terminal_reads_the_same_in_plain_lines() -> None:
    record = logging.LogRecord("community", logging.ERROR, "x", 1, "it broke", (), None)
    error = raised(OSError(28, wrote()))
    record.exc_info = (type(error), error, error.__traceback__)
    line = logs.PlainLines().format(record)
    assert "error   it broke" in line
    assert "No space left on device" in line
    assert json.dumps(CLINICAL) not in line
    assert CLINICAL not in line


@pytest.mark.parametrize(("path", "sent", "said"), [
    ("/sign-in", {"email": address_of("amara"), "password": "of somebody else"}, "of member"),
    ("/sign-in", {"email": "nobody@example.org", "password": PASSWORD}, "of nobody"),
    ("/sign-in/link/no-such-link", {}, "a link was not taken"),
])  # fmt: skip
def test_a_sign_in_that_is_refused_says_of_whom_and_from_where_and_gives_no_address(
    visit: Visit, lines: io.StringIO, path: str, sent: dict[str, str], said: str
) -> None:
    for place in ("203.0.113.5", "203.0.113.5", "203.0.113.9"):
        stranger = visit(None)
        stranger.post(path, sent, environ_overrides={"REMOTE_ADDR": place})
    told = [record for record in records(lines) if said in record["message"]]
    first, again, elsewhere = (record["client"] for record in told)
    assert first == again != elsewhere
    assert "203.0.113" not in lines.getvalue()
    assert "example" not in lines.getvalue()


def test_a_refused_deed_says_in_which_session_and_whoever_only_reads_leaves_no_trail(
    stage: Stage, visit: Visit, lines: io.StringIO
) -> None:
    ada = visit("ada")
    assert ada.post(f"/members/{stage.member('ada').id}/sign-out").status_code == 403
    told = {record["message"]: record for record in records(lines)}
    session = db.session.scalars(sa.select(MemberSession.id)).one()
    assert told["refused: oneself"]["session"] == session
    assert told["refused: oneself"]["client"]
    assert not {"session", "client"} & set(told["GET /session.json 200"])
