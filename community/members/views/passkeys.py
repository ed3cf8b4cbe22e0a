"""What the browser's script asks and answers about passkeys. Without script there are codes."""

from __future__ import annotations

import flask
from flask import jsonify, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community.kernel.db import Json
from community.kernel.errors import Invalid
from community.kernel.web import before_the_gate, public
from community.kernel.words import N_
from community.members import services, session
from community.members.models import Member
from community.members.session import current_member, remote_address
from community.members.views.asking import asks_again, named
from community.members.views.blueprint import blueprint, for_second_factor

_CHALLENGE = "passkey"


@blueprint.post("/passkeys/question")
@public
def passkey_question() -> ResponseReturnValue:
    """Ask a passkey of whoever is signed in or half signed in, else of anybody who has one."""
    options, challenge = services.ask_to_show(actor=_who(), address=remote_address())
    flask.session[_CHALLENGE] = challenge
    return jsonify(options)


@blueprint.post("/passkeys/answer")
@public
def passkey_answer() -> ResponseReturnValue:
    """Take a passkey: to sign in, as the second step, or to show once more who it is."""
    half, here, place = (
        session.find_half_session(),
        session.find_current_session(),
        session.next_place(),
    )
    member = services.show_passkey(
        actor=_who(), answer=_answer(), challenge=_challenge(), address=remote_address()
    )
    if half is not None:
        session.prove(half)
    elif here is not None:
        session.confirm(here)
    else:
        session.start(member, how="passkey", is_strong=True)
    return jsonify(next=place)


@blueprint.post("/profile/passkeys/question")
@before_the_gate
@for_second_factor
@asks_again
@named(lambda: gettext("Add a passkey."))
def new_passkey_question() -> ResponseReturnValue:
    """Ask the device for a new passkey."""
    options, challenge = services.ask_to_register(actor=current_member(), address=remote_address())
    flask.session[_CHALLENGE] = challenge
    return jsonify(options)


@blueprint.post("/profile/passkeys")
@before_the_gate
@for_second_factor
@asks_again
@named(lambda: gettext("Add a passkey."))
def new_passkey() -> ResponseReturnValue:
    """Keep a passkey that the device has made."""
    name = _sent().get("name")
    services.register_passkey(
        actor=current_member(),
        name=name if isinstance(name, str) else "",
        answer=_answer(),
        challenge=_challenge(),
    )
    here = session.find_current_session() or session.find_half_session()
    if here is not None:
        session.prove(here)
    return jsonify(next=flask.url_for("members.second_factor"))


def _who() -> Member | None:
    row = session.find_half_session() or session.find_current_session()
    return row.member if row is not None else None


def _challenge() -> str:
    return str(flask.session.pop(_CHALLENGE, ""))


def _answer() -> Json:
    answer = _sent().get("answer")
    if not isinstance(answer, dict):
        raise Invalid(N_("That was no passkey's answer. Try again."))
    return answer


def _sent() -> Json:
    sent = request.get_json(silent=True)
    return sent if isinstance(sent, dict) else {}
