"""Who may open a socket, and when it is closed."""

from __future__ import annotations

import dataclasses
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from socketio.packet import CONNECT, Packet
from werkzeug.test import EnvironBuilder, run_wsgi_app

from community import create_app
from community.kernel import clock, connections, housekeeping, logs, paths, realtime, unit_of_work
from community.members.models import MemberSession
from tests.listening import Listener
from tests.stage import Stage, Visitor, settings_for

NEXT_VERSION = Path(__file__).parents[1] / "fixtures" / "policies" / "use"

Visit = Callable[[str | None], Visitor]


@pytest.mark.parametrize("who", ["amara", "rosa", "ada", "sven"])
def test_members_behind_the_gate_are_let_in(app: Flask, visit: Visit, who: str) -> None:
    assert Listener(app, visit(who)).is_connected


@pytest.mark.parametrize("who", [None, "nora", "pia", "rex"])
def test_a_socket_meets_the_same_gate_as_a_request(
    app: Flask, visit: Visit, who: str | None
) -> None:
    assert not Listener(app, visit(who)).is_connected


@pytest.mark.parametrize("token", ["", "made up"])
def test_another_site_cannot_open_a_socket_in_my_name(app: Flask, visit: Visit, token: str) -> None:
    assert not Listener(app, visit("amara"), token=token).is_connected


def test_one_member_cannot_hold_endless_sockets(app: Flask, visit: Visit) -> None:
    amara = visit("amara")
    for _ in range(connections.MAX_SOCKETS_A_MEMBER):
        assert Listener(app, amara).is_connected
    assert not Listener(app, amara).is_connected
    assert Listener(app, visit("bruno")).is_connected


def test_signing_out_closes_that_browser_alone(app: Flask, visit: Visit, stage: Stage) -> None:
    laptop, phone = visit("amara"), visit("amara")
    on_laptop, on_phone = Listener(app, laptop), Listener(app, phone)
    first = stage_session(stage, "amara", 0)
    realtime.after_commit_disconnect_session(first)
    assert on_laptop.is_connected, "nothing is closed before the commit"
    unit_of_work.commit()
    assert [on_laptop.is_connected, on_phone.is_connected] == [False, True]


def stage_session(stage: Stage, who: str, place: int) -> int:
    """Return the key of a member's session, in the order in which they began."""
    member_id = stage.member(who).id
    with unit_of_work.transaction() as session:
        rows = session.query(MemberSession).filter_by(member_id=member_id)
        return rows.order_by(MemberSession.id).all()[place].id


def test_a_member_who_is_closed_loses_every_socket(app: Flask, visit: Visit, stage: Stage) -> None:
    sockets = [Listener(app, visit("amara")), Listener(app, visit("amara"))]
    bruno = Listener(app, visit("bruno"))
    realtime.after_commit_disconnect_member(stage.member("amara").id)
    unit_of_work.commit()
    assert [socket.is_connected for socket in sockets] == [False, False]
    assert bruno.is_connected


def test_what_was_rolled_back_closes_nobody_and_rings_nobody(
    app: Flask, visit: Visit, stage: Stage
) -> None:
    amara = Listener(app, visit("amara"))
    member_id = stage.member("amara").id
    realtime.after_commit_disconnect_member(member_id)
    realtime.ring_members([member_id], "reviews")
    unit_of_work.rollback()
    unit_of_work.commit()
    assert amara.is_connected
    assert amara.heard("ring") == []


def test_a_ring_reaches_its_members_alone_and_says_no_more_than_what(
    app: Flask, visit: Visit, stage: Stage
) -> None:
    mika, amara = Listener(app, visit("mika")), Listener(app, visit("amara"))
    realtime.ring_members([stage.member("mika").id], "reviews")
    unit_of_work.commit()
    assert mika.heard("ring") == [{"what": "reviews"}]
    assert amara.heard("ring") == []


@pytest.mark.parametrize(
    "said",
    [
        ("watch",),
        ("watch", None),
        ("watch", [1]),
        ("watch", "space"),
        ("watch", {"space": 1}, {"thread": 1}),
        ("unknown", {}),
        ("connect", {}),
        ("disconnect", {}),
    ],
)
def test_what_cannot_be_understood_gets_a_clear_answer(
    app: Flask, visit: Visit, stage: Stage, said: tuple[Any, ...]
) -> None:
    amara = Listener(app, visit("amara"))
    assert amara.say(*said) in ({"ok": False, "error": "bad_request"}, [], None)
    assert amara.is_connected
    realtime.ring_members([stage.member("amara").id], "still here")
    unit_of_work.commit()
    assert amara.heard("ring") == [{"what": "still here"}]


@pytest.mark.parametrize("number", ["1", 1.0, True, 0, -1, 2**60, {}, None])
def test_a_space_is_a_whole_number(app: Flask, visit: Visit, number: object) -> None:
    amara = Listener(app, visit("amara"))
    assert amara.watch(number) == {"ok": False, "error": "invalid"}


def test_a_socket_that_never_stops_talking_is_closed(app: Flask, visit: Visit) -> None:
    amara = Listener(app, visit("amara"))
    for _ in range(61):
        amara.say("unknown", {})
    assert not amara.is_connected


def test_a_session_that_has_ended_grants_nothing_even_if_nobody_closed_the_socket(
    app: Flask, visit: Visit, stage: Stage
) -> None:
    amara = Listener(app, visit("amara"))
    space_id = stage.space().id
    with unit_of_work.transaction() as session:
        for row in session.query(MemberSession).all():
            row.ended_at = clock.now()
    assert amara.watch(space_id)["ok"] is False
    assert not amara.is_connected


def test_a_key_that_was_replaced_grants_nothing_to_a_socket_opened_by_it(
    app: Flask, visit: Visit, stage: Stage
) -> None:
    amara = Listener(app, visit("amara"))
    space_id, first = stage.space().id, stage_session(stage, "amara", 0)
    assert amara.watch(space_id)["ok"] is True
    with unit_of_work.transaction() as session:
        session.get_one(MemberSession, first).key_hash = "of another key"
    assert amara.watch(space_id)["ok"] is False
    assert not amara.is_connected


def test_a_policy_that_comes_into_force_closes_the_sockets_of_those_who_have_not_accepted_it(
    sqlite_template: Path, tmp_path: Path
) -> None:
    shutil.copy(sqlite_template, tmp_path / "community.sqlite3")
    policies = tmp_path / "policies"
    shutil.copytree(paths.POLICIES, policies)
    shutil.copytree(NEXT_VERSION, policies / "use", dirs_exist_ok=True)
    settings = settings_for(f"sqlite:///{tmp_path / 'community.sqlite3'}", tmp_path)
    app = create_app(dataclasses.replace(settings, policies_dir=policies))
    with clock.moved(datetime(2026, 11, 30, 12, 0, tzinfo=UTC)):
        amara = Listener(app, Visitor(app, "amara"))
        with app.app_context():
            realtime.recheck()
            realtime.recheck()
        assert amara.is_connected
    with clock.moved(datetime(2027, 3, 1, 0, 1, tzinfo=UTC)), app.app_context():
        realtime.recheck()
    assert [amara.is_connected] == [False]


def test_a_chore_that_fails_is_done_again(app: Flask) -> None:
    done: list[int] = []

    def fail() -> None:
        done.append(1)
        raise RuntimeError

    chore = housekeeping.Chore("failing", 60, fail, per_site=False)
    housekeeping.do_once(app, chore)
    housekeeping.do_once(app, chore)
    assert done == [1, 1]


def test_a_connection_that_never_comes_in_is_closed(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed: list[str] = []
    transport = SimpleNamespace(close=lambda **_: closed.append("stranger"))
    with app.app_context():
        app.extensions["realtime"].server.eio.sockets["stranger"] = transport
        realtime.close_unseated()
        assert closed == []
        monkeypatch.setattr(realtime, "SEAT_SECONDS", 0.0)
        realtime.close_unseated()
        assert closed == ["stranger"]


def test_who_has_left_comes_in_again_by_a_request_with_cookies_alone(
    app: Flask, visit: Visit
) -> None:
    amara = visit("amara")
    page = Listener(app, amara)
    server, line = app.extensions["realtime"].server, page.socket.eio_sid
    assert "HTTP_COOKIE" not in server.environ[line]
    page.socket.disconnect()
    with app.app_context():
        asked = Packet(CONNECT, {"csrf": amara.token}).encode()
        server._handle_eio_message(line, asked)  # noqa: SLF001 - as its transports do
    assert server.manager.sid_from_eio_sid(line, "/") is None
    assert not page.is_connected
    assert Listener(app, amara).is_connected


def logged_of(app: Flask, path: str, **more: str) -> tuple[str, dict[str, object]]:
    """Ask for a path; give the number and the whereabouts that the log has from then on."""
    run_wsgi_app(app.wsgi_app, EnvironBuilder(path=path, environ_overrides=more).get_environ())
    return logs.request_number(), logs.whence()


SOCKET = "/socket.io/?EIO=4&transport=none"


def test_a_socket_on_a_kept_connection_bears_neither_number_nor_mark_of_what_came_before(
    app: Flask,
) -> None:
    number, client = logged_of(app, "/sign-in", REMOTE_ADDR="203.0.113.5")
    logs.note_session(17)
    other_number, other_client = logged_of(app, SOCKET, REMOTE_ADDR="203.0.113.9")
    assert number != other_number
    assert other_client.keys() == {"client"}
    assert other_client != client
    _, again = logged_of(app, SOCKET, REMOTE_ADDR="203.0.113.5")
    assert again == client


def test_a_socket_behind_a_proxy_bears_its_number_and_the_mark_of_the_browser(
    database_url: str, premises: Path
) -> None:
    app = create_app(dataclasses.replace(settings_for(database_url, premises), trusted_proxies=1))
    told = {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_REQUEST_ID": "number-of-the-proxy"}
    first, again, elsewhere = (
        logged_of(app, path, HTTP_X_FORWARDED_FOR=address, **told)
        for path, address in (
            ("/sign-in", "203.0.113.5"),
            (SOCKET, "203.0.113.5"),
            (SOCKET, "203.0.113.9"),
        )
    )
    assert first == again
    assert first[0] == elsewhere[0] == "number-of-the-proxy"
    assert first[1] != elsewhere[1]
