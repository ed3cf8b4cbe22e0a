"""The pages of the library: search, one response with its history, a new version, a withdrawal."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_date, gettext

from community.kernel.access import require
from community.kernel.errors import Conflict, Invalid, NotFound
from community.kernel.input import clean, find_number
from community.kernel.web import sentence_of
from community.kernel.words import N_
from community.library import queries, services
from community.library.forms import VersionForm, WithdrawForm
from community.members.session import current_member
from community.responses import access
from community.responses import queries as responses
from community.responses import services as response_services
from community.responses.models import ResponseState, ResponseVersion, StandardResponse

blueprint = Blueprint("library", __name__)
MOST_FOUND = 8


@blueprint.get("/")
def library() -> ResponseReturnValue:
    """Show the responses, those first that answer what is asked."""
    viewer = current_member()
    require(access.may_see_library(viewer))
    wanted = {name: request.args.get(name, "") for name in ("product", "country", "state")}
    asked = _asked()
    question = request.args.get("q", "") or (asked.question if asked else "")
    if asked is not None:
        wanted = {"product": "", "country": "", "state": ""}
    found = queries.entries(viewer=viewer, question=question, **wanted)
    products, countries = queries.choices()
    return render_template(
        "library/library.html",
        entries=_for_reply(found, asked) if asked is not None else found,
        asked=asked,
        question=request.args.get("q", ""),
        wanted=wanted,
        products=products,
        countries=countries,
        states=list(ResponseState),
        may_keep=access.may_keep_library(viewer),
    )


def _asked() -> queries.Asked | None:
    thread_id = find_number(request.args.get("thread", ""))
    if thread_id is None:
        return None
    return queries.asked(
        viewer=current_member(),
        thread_id=thread_id,
        post_id=find_number(request.args.get("post", "")),
        question=request.args.get("q", ""),
    )


def _for_reply(found: list[queries.Entry], asked: queries.Asked) -> list[queries.Entry]:
    """Leave what may go into this reply: approved today, for each of its readers."""
    usable = responses.search(
        viewer=current_member(),
        question="",
        countries=asked.countries,
        products=asked.products,
    )
    ids = {version.id for version in usable}
    return [entry for entry in found if entry.version.id in ids]


@blueprint.get("/search")
def search() -> ResponseReturnValue:
    """Return what may go into a reply and answers what is asked, for the composer's panel."""
    asked = _asked()
    if asked is None:
        raise NotFound
    found = responses.search(
        viewer=current_member(),
        question=asked.question,
        countries=asked.countries,
        products=asked.products,
    )
    return jsonify(
        responses=[
            {
                "id": version.id,
                "code": version.response.code,
                "version": version.version,
                "title": version.title,
                "until": format_date(version.approved_until, "d MMM y"),
                "text": version.cited,
                "html": version.html,
            }
            for version in found[:MOST_FOUND]
        ]
    )


@blueprint.get("/<code>")
def response(code: str) -> ResponseReturnValue:
    """Show one response: its words, its versions, and the threads that used it."""
    viewer = current_member()
    return render_template(
        "library/response.html",
        sheet=queries.get_sheet(viewer=viewer, code=code),
        may_keep=access.may_keep_library(viewer),
        may_confirm=partial(access.may_confirm_version, viewer),
    )


@blueprint.route("/new", methods=["GET", "POST"])
def new_response() -> ResponseReturnValue:
    """Add a response that the library does not know yet."""
    require(access.may_keep_library(current_member()))
    return _add(VersionForm(), None)


@blueprint.route("/<code>/new-version", methods=["GET", "POST"])
def new_version(code: str) -> ResponseReturnValue:
    """Add a version, beginning with the words of the last one."""
    viewer = current_member()
    found = responses.get_response(viewer=viewer, code=code)
    require(access.may_keep_library(viewer))
    form = VersionForm()
    if request.method == "GET":
        form.source.data = found.newest.source
    return _add(form, found)


def _add(form: VersionForm, found: StandardResponse | None) -> ResponseReturnValue:
    if form.was_sent_whole():
        try:
            version = services.add_version(
                actor=current_member(),
                source=_sent_source(form),
                code=found.code if found is not None else "",
            )
        except (Invalid, Conflict) as problem:
            form.refuse(problem)
        else:
            flash(_said_of(version))
            return redirect(url_for("library.response", code=version.response.code), 303)
    page = render_template("library/version.html", form=form, response=found)
    return page, 422 if request.method == "POST" else 200


def _said_of(version: ResponseVersion) -> str:
    if version.confirmed_at is None:
        return gettext(
            "Version %(version)s waits for another keeper to confirm it. Until then nobody can put"
            " it into a reply.",
            version=version.version,
        )
    return gettext("Version %(version)s is in the library.", version=version.version)


@blueprint.post("/<code>/versions/<int:version_id>/confirm")
def confirm_version(code: str, version_id: int) -> ResponseReturnValue:
    """Confirm, as a second keeper, a version that somebody else has added."""
    viewer = current_member()
    version = responses.get_version(viewer=viewer, code=code, version_id=version_id)
    try:
        response_services.confirm_version(actor=viewer, version=version)
    except Conflict as problem:
        flash(sentence_of(problem))
    else:
        flash(gettext("Confirmed. Version %(version)s can be used.", version=version.version))
    return redirect(url_for("library.response", code=code), 303)


def _sent_source(form: VersionForm) -> str:
    sent: Any = form.file.data
    if sent:
        try:
            return clean(sent.read().decode("utf-8-sig"))
        except UnicodeDecodeError:
            raise Invalid(N_("The file is not UTF-8."), field="file") from None
    return form.source.data or ""


@blueprint.route("/<code>/withdraw", methods=["GET", "POST"])
def withdraw(code: str) -> ResponseReturnValue:
    """Ask why a response is withdrawn, or withdraw it."""
    viewer = current_member()
    found = responses.get_response(viewer=viewer, code=code)
    require(access.may_keep_library(viewer))
    form = WithdrawForm()
    if form.was_sent_whole():
        try:
            response_services.withdraw(actor=viewer, response=found, reason=form.reason.data or "")
        except (Invalid, Conflict) as problem:
            form.refuse(problem)
        else:
            flash(gettext("Withdrawn. Nobody can put it into a reply any more."))
            return redirect(url_for("library.response", code=code), 303)
    page = render_template(
        "library/withdraw.html", form=form, sheet=queries.get_sheet(viewer=viewer, code=code)
    )
    return page, 422 if request.method == "POST" else 200


@blueprint.app_template_filter()
def response_state(state: ResponseState) -> str:
    """Say in a word where a version stands."""
    return {
        ResponseState.UNCONFIRMED: gettext("Waits for confirmation"),
        ResponseState.CURRENT: gettext("Current"),
        ResponseState.EXPIRING: gettext("Expires soon"),
        ResponseState.EXPIRED: gettext("Expired"),
        ResponseState.WITHDRAWN: gettext("Withdrawn"),
        ResponseState.COMING: gettext("Not yet approved"),
        ResponseState.REPLACED: gettext("Replaced"),
    }[state]
