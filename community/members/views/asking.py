"""Asking once more who sits there, before something weighty, without losing what was sent.

A form that was sent too long after its sender last showed who they are is not done. It goes along
through the question as hidden fields of the sender's own page, and is sent again after it; nothing
of it is kept here.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit

from flask import current_app, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from werkzeug.exceptions import HTTPException

from community.kernel import clock
from community.kernel.errors import Refusal
from community.kernel.web import wants_json
from community.members import services, session
from community.members.forms import CodeForm, ConfirmForm
from community.members.models import Member

PAGE = "members/confirm.html"
FIELD, TO = "carried-", "carried_to"
_FORGERY = "csrf_token"
_OF_NO_INTEREST = frozenset({"version", "client_key", "next", "step"})

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True)
class Carried:
    """A form that waits until its sender has shown who they are: where it goes, and its fields."""

    to: str
    fields: Sequence[tuple[str, str]]

    @property
    def deed(self) -> str:
        """What is done by it, and to whom, as its view names it: nobody says yes unawares."""
        adapter = current_app.create_url_adapter(request)
        try:
            assert adapter is not None  # inside a request there is one
            endpoint, given = adapter.match(urlsplit(self.to).path, method="POST")
            deed = getattr(current_app.view_functions[endpoint], "deed", None)
            return str(deed(**given)) if deed else ""
        except (HTTPException, Refusal):  # the view itself will say so
            return ""

    @property
    def told(self) -> dict[str, str]:
        """What goes along, as it is shown."""
        found: dict[str, list[str]] = {}
        for name, value in self.fields:
            if value.strip() and name not in _OF_NO_INTEREST:
                found.setdefault(name.replace("_", " ").capitalize(), []).append(value)
        return {name: ", ".join(values) for name, values in found.items()}


def named(deed: Callable[..., str]) -> Callable[[View], View]:
    """Say what a view does, given the arguments of its address, for who is asked about it first."""

    def naming(view: View) -> View:
        view.deed = deed  # type: ignore[attr-defined]
        return view

    return naming


def asks_again(view: View) -> View:
    """Open a view only shortly after its member has shown who they are; else ask that first.

    What it does is told in the words of `named`.
    """

    @functools.wraps(view)
    def asking(*args: Any, **kwargs: Any) -> ResponseReturnValue:
        row = session.find_current_session()
        if row is not None and row.was_confirmed_since(clock.now() - session.FRESH):
            return cast(ResponseReturnValue, view(*args, **kwargs))
        return _ask()

    return cast(View, asking)


def _ask() -> ResponseReturnValue:
    place = _place_asked_for()
    if wants_json() or request.headers.get("X-Requested-With") == "fetch":
        sentence = gettext("Show once more that it is you, then go on.")
        address = url_for("members.confirm", next=place)
        return jsonify(error="confirm", message=sentence, next=address), 403
    carried = _just_sent()
    if carried is None:
        return redirect(url_for("members.confirm", next=place), 303)
    member = session.current_member()
    form = form_for(member, None, next=place)
    return render_template(PAGE, form=form, **values_of(member, carried)), 403


def _just_sent() -> Carried | None:
    """Return the form at hand; None for one with a password or a file, which are typed again."""
    has_secret = any("password" in name for name in request.form)
    has_file = any(file.filename for file in request.files.values())
    if request.method != "POST" or has_secret or has_file:
        return None
    fields = [(n, value) for n, value in request.form.items(multi=True) if n != _FORGERY]
    return Carried(request.full_path.rstrip("?"), fields)


def sent_along() -> Carried | None:
    """Return the form that came along with the answer of who one is, where one did."""
    to = request.form.get(TO, "")
    if not session.is_local(to):
        return None
    given = request.form.items(multi=True)
    return Carried(to, [(n.removeprefix(FIELD), v) for n, v in given if n.startswith(FIELD)])


def form_for(member: Member, *formdata: None, **values: str) -> CodeForm | ConfirmForm:
    """Return the form that asks for the second factor, or for the password where there is none."""
    kind = CodeForm if member.second_factor_since else ConfirmForm
    return kind(*formdata, **values)


def values_of(member: Member, carried: Carried | None = None) -> dict[str, object]:
    """Return what the page says besides its form."""
    return {"member": member, "factors": services.second_factors_of(member), "carried": carried}


def _place_asked_for() -> str:
    """Return the page to come back to where no form goes along."""
    if request.method == "GET":
        return request.full_path.rstrip("?")
    came_from = urlsplit(request.referrer or "")
    return came_from.path if session.is_local(came_from.path) else "/"
