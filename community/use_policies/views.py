"""Pages about use policies: what asks, what one has accepted, and what held before."""

from __future__ import annotations

from collections.abc import Sequence
from email.utils import parseaddr

from babel import Locale, UnknownLocaleError
from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from community.kernel import settings, unit_of_work
from community.kernel.errors import Conflict, Invalid, NotFound
from community.kernel.web import before_the_gate, public
from community.members.models import Member
from community.members.session import current_member, find_member, next_place
from community.use_policies import queries, services
from community.use_policies.forms import AcceptForm
from community.use_policies.models import Acceptance

blueprint = Blueprint("use_policies", __name__)


@blueprint.app_template_global()
def last_acceptances_of(member: Member) -> Sequence[Acceptance]:
    """Return what a member has accepted of each policy last, for who looks after members."""
    return queries.last_acceptances_of(viewer=current_member(), member=member)


@blueprint.app_template_filter()
def language_name(code: str) -> str:
    """Return a language by its own name."""
    try:
        return (Locale.parse(code).get_display_name(code) or code).capitalize()
    except (UnknownLocaleError, ValueError):
        return code


@blueprint.get("/")
@public
@before_the_gate
def policies() -> ResponseReturnValue:
    """List the texts in force; to members also those that held before."""
    viewer = find_member()
    known = {policy: queries.past_versions(policy=policy) for policy in queries.library().ids()}
    return render_template(
        "use_policies/policies.html",
        versions=[past for past in known.values() if past],
        asked=queries.asking(viewer=viewer) if viewer else (),
        member=viewer,
        language=viewer.language if viewer else _browser_language(),
    )


def _browser_language() -> str:
    return (request.accept_languages.best or "en").split("-")[0]


@blueprint.get("/accept")
@before_the_gate
def accept() -> ResponseReturnValue:
    """Show the text that asks next, what is new in it first."""
    return _ask(AcceptForm(None), 200)


def _ask(form: AcceptForm, status: int) -> ResponseReturnValue:
    viewer = current_member()
    chosen = form.language.data or request.args.get("language") or viewer.language
    asked = queries.find_asked(viewer=viewer, language=chosen)
    if asked is None:
        return redirect(next_place(), 303)
    page = render_template(
        "use_policies/accept.html",
        asked=asked,
        text=asked.text,
        clauses=queries.clauses(asked.text),
        form=form,
        next=next_place(""),
    )
    return page, status


@blueprint.post("/accept")
@before_the_gate
def take_acceptance() -> ResponseReturnValue:
    """Keep the acceptance and go on: to the next text that asks, or to where one wanted to go."""
    form = AcceptForm()
    if not form.validate():
        return _ask(form, 422)
    try:
        _keep(form)
    except (Conflict, Invalid) as refusal:
        if refusal.code == "accepted_twice":
            unit_of_work.rollback()
            return redirect(next_place(), 303)
        form.refuse(refusal)
        form.read.data = False
        return _ask(form, refusal.status)
    if queries.find_due(viewer=current_member()) is not None:
        return redirect(url_for(".accept", next=next_place("") or None), 303)
    return redirect(next_place(), 303)


def _keep(form: AcceptForm) -> None:
    actor, language = current_member(), form.language.data or ""
    asked = queries.find_asked(viewer=actor, language=language)
    services.accept(
        actor=actor,
        policy=form.policy.data or "",
        version=form.version.data or "",
        language=language,
        sha256=form.sha256.data or "",
        shown_as=asked.shown_as if asked else "page",
        browser=request.headers.get("User-Agent", ""),
    )


@blueprint.post("/decline")
@before_the_gate
def decline() -> ResponseReturnValue:
    """Keep that the text was declined, and say what happens now."""
    actor = current_member()
    asked = queries.find_asked(viewer=actor, language=actor.language)
    if asked is None:
        return redirect(next_place(), 303)
    services.decline(actor=actor, policy=asked.text.id, version=asked.text.version)
    return redirect(url_for(".declined", next=next_place("") or None), 303)


@blueprint.get("/declined")
@before_the_gate
def declined() -> ResponseReturnValue:
    """Say what happens to one who does not accept: nothing is lost."""
    viewer = current_member()
    asked = queries.find_asked(viewer=viewer, language=viewer.language)
    if asked is None:
        return redirect(next_place(), 303)
    return render_template(
        "use_policies/declined.html",
        asked=asked,
        text=asked.text,
        accepted=queries.acceptances(viewer=viewer),
        address=parseaddr(settings.current().mail_from)[1],
        next=next_place(""),
    )


@blueprint.get("/mine")
@before_the_gate
def mine() -> ResponseReturnValue:
    """List what one has accepted."""
    accepted = queries.acceptances(viewer=current_member())
    titles = {row.id: queries.find_accepted_text(row) for row in accepted}
    return render_template("use_policies/mine.html", accepted=accepted, texts=titles)


@blueprint.get("/accepted/<int:acceptance_id>")
@before_the_gate
def accepted(acceptance_id: int) -> ResponseReturnValue:
    """Show a text exactly as one accepted it, for reading and printing."""
    viewer = current_member()
    row = queries.get_acceptance(viewer=viewer, acceptance_id=acceptance_id)
    text = queries.find_accepted_text(row)
    return render_template(
        "use_policies/accepted.html",
        row=row,
        text=text,
        clauses=queries.clauses(text) if text else (),
        member=viewer,
    )


@blueprint.get("/accepted/<int:acceptance_id>.md")
@before_the_gate
def accepted_file(acceptance_id: int) -> ResponseReturnValue:
    """Hand out the very file that was accepted, so that its hash can be checked anywhere."""
    row = queries.get_acceptance(viewer=current_member(), acceptance_id=acceptance_id)
    answer = Response(row.text.encode("utf-8"), content_type="text/plain; charset=utf-8")
    name = f"{row.policy}-{row.version}.{row.language}.md"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@blueprint.get("/<policy>/<version>/<language>")
@public
@before_the_gate
def text(policy: str, version: str, language: str) -> ResponseReturnValue:
    """Show a text: the one in force to everyone, those before it to members."""
    viewer, found = find_member(), queries.get_version(policy=policy, version=version)
    is_in_force = queries.is_in_force(found)
    if viewer is None and not is_in_force:
        raise NotFound
    text = found.text(language)
    if text.language != language:
        here = url_for(".text", policy=policy, version=version, language=text.language)
        return redirect(here, 303)
    return render_template(
        "use_policies/text.html",
        text=text,
        version=found,
        clauses=queries.clauses(text),
        is_in_force=is_in_force,
        member=viewer,
    )
