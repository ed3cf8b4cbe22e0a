"""The way in: what the invited see, and their answers. A GET changes nothing."""

from __future__ import annotations

from zoneinfo import available_timezones

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community.invitations import access, queries, services
from community.invitations.forms import AnswerForm, JoinAsProfessionalForm, JoinForm
from community.invitations.models import Invitation
from community.invitations.services.issuing import masked
from community.invitations.views.blueprint import blueprint
from community.kernel import limits, locale, unit_of_work
from community.kernel.errors import Conflict, Gone, Refusal
from community.kernel.web import public
from community.members import session
from community.members.models import Affiliation
from community.members.views.answers import again, done
from community.use_policies import queries as use_policies

_JOIN = "invitations/join.html"


@blueprint.get("/invitations/<token>")
@public
def landing(token: str) -> ResponseReturnValue:
    """Show who invites, into what, and who reads along; nothing is noted by this."""
    invitation = queries.find_open(token=token)
    if invitation is None:
        return _not_open(token)
    return render_template(
        "invitations/landing.html",
        token=token,
        landing=queries.landing(invitation=invitation),
        invitation=invitation,
        policies=use_policies.current_texts(
            language=locale.current(), audience=invitation.affiliation.value
        ),
        clauses_of=use_policies.clauses,
        form=AnswerForm(None),
    )


def _not_open(token: str) -> ResponseReturnValue:
    """Go on where this reader has used the link; to others say one thing, whatever is wrong."""
    viewer = session.find_member()
    used = queries.find_redeemed(token=token, viewer=viewer) if viewer else None
    if used is not None:
        return redirect(_first_room(used), 303)
    limits.spend("60 per hour", "invitation_link", session.remote_address())
    return render_template("invitations/gone.html"), 410


def _first_room(invitation: Invitation) -> str:
    """Return where to go: into the first space that is open, as no archived one is taken."""
    every = [place.space for place in invitation.places]
    first = next((space for space in every if space.archived_at is None), every[0])
    return url_for("threads.space", slug=first.slug)


def _enter(invitation: Invitation) -> ResponseReturnValue:
    """Go on into the space, and say which others have been archived meanwhile."""
    for place in invitation.places:
        if place.space.archived_at is not None:
            flash(gettext("%(space)s is archived by now and takes nobody in.",
                          space=place.space.name))  # fmt: skip
    return redirect(_first_room(invitation), 303)


@blueprint.post("/invitations/<token>/opened")
@public
def note_opened(token: str) -> ResponseReturnValue:
    """Note that a person has the page before them, as its script says."""
    invitation = queries.find_open(token=token)
    if invitation is not None:
        services.open_invitation(invitation=invitation)
    return "", 204


@blueprint.post("/invitations/<token>/continue")
@public
def go_on(token: str) -> ResponseReturnValue:
    """Go on to take the seat; that the page was read is noted, also without script."""
    invitation = queries.find_open(token=token)
    if invitation is not None:
        services.open_invitation(invitation=invitation)
    return redirect(url_for("invitations.join", token=token), 303)


@blueprint.post("/invitations/<token>/decline")
@public
def decline(token: str) -> ResponseReturnValue:
    """Say no."""
    invitation, form = queries.find_open(token=token), AnswerForm()
    if invitation is None:
        return _not_open(token)
    reason = (form.reason.data or "") if form.validate() else ""
    services.decline(invitation=invitation, reason=reason)
    return render_template("invitations/declined.html", invited_by=invitation.invited_by)


@blueprint.get("/invitations/<token>/join")
@public
def join(token: str) -> ResponseReturnValue:
    """Ask for what is still needed: sign in, one press of a button, or a new member's details."""
    invitation = queries.find_open(token=token)
    if invitation is None:
        return _not_open(token)
    viewer = session.find_member()
    if viewer is not None:
        return _as_member(token, invitation)
    if queries.landing(invitation=invitation).is_known:
        return redirect(url_for("members.sign_in", next=request.path), 303)
    return _form_page(token, invitation, _join_form(invitation))


def _as_member(token: str, invitation: Invitation) -> ResponseReturnValue:
    viewer = session.current_member()
    values = {"token": token, "invitation": invitation}
    if not access.may_redeem(viewer, invitation):
        address = masked(invitation.email)
        return render_template("invitations/other_address.html", address=address, **values), 403
    return render_template("invitations/one_press.html", **values)


def _join_form(invitation: Invitation, *, was_sent: bool = False) -> JoinForm:
    formdata = () if was_sent else (None,)
    if invitation.affiliation is Affiliation.COMPANY:
        return JoinForm(*formdata)
    form = JoinAsProfessionalForm(*formdata)
    form.offer_choices()
    return form


def _form_page(
    token: str, invitation: Invitation, form: JoinForm, refusal: Refusal | None = None
) -> ResponseReturnValue:
    values = {"token": token, "invitation": invitation}
    if refusal is None and not form.errors:
        return render_template(_JOIN, form=form, **values)
    return again(_JOIN, form, refusal, **values)


@blueprint.post("/invitations/<token>/join")
@public
def take_join(token: str) -> ResponseReturnValue:
    """Redeem: become a member where one is not, take the places, be signed in."""
    invitation, viewer = queries.find_open(token=token), session.find_member()
    if invitation is None:
        return _not_open(token)
    if viewer is not None and not access.may_redeem(viewer, invitation):
        return _as_member(token, invitation)
    try:
        if viewer is not None:
            services.redeem(actor=viewer, invitation=invitation)
            return _enter(invitation)
        return _take_new(token, invitation)
    except (Gone, Conflict):
        unit_of_work.rollback()  # so that no half of it is kept
        return redirect(url_for("invitations.join", token=token), 303)


def _take_new(token: str, invitation: Invitation) -> ResponseReturnValue:
    form = _join_form(invitation, was_sent=True)
    if not form.validate():
        return _form_page(token, invitation, form)
    limits.spend("10 per hour", "join", session.remote_address())
    try:
        member = services.redeem_as_new(
            invitation=invitation, person=_person(form), profession=_profession(form)
        )
    except (Gone, Conflict):
        raise
    except Refusal as refusal:
        unit_of_work.rollback()
        return _form_page(token, invitation, form, refusal)
    session.start(member, how="invitation")
    return _enter(invitation)


def _person(form: JoinForm) -> services.NewMember:
    zone = form.time_zone.data or ""
    return services.NewMember(
        name=form.name.data or "",
        password=form.password.data or "",
        title=form.title.data or "",
        institution=form.institution.data or "",
        language=locale.current(),
        time_zone=zone if zone in available_timezones() else "UTC",
    )


def _profession(form: JoinForm) -> services.Profession | None:
    if not isinstance(form, JoinAsProfessionalForm):
        return None
    return services.Profession(
        profession=form.profession.data or "",
        licence_number=form.licence_number.data or "",
        issuing_body=form.issuing_body.data or "",
        country=form.country.data or "",
    )


@blueprint.get("/invitations/")
def own() -> ResponseReturnValue:
    """List the invitations that wait for the viewer."""
    waiting = queries.open_for(viewer=session.current_member())
    found = [queries.landing(invitation=invitation) for invitation in waiting]
    return render_template("invitations/own.html", found=found)


@blueprint.post("/invitations/own/<int:invitation_id>/accept")
def accept_own(invitation_id: int) -> ResponseReturnValue:
    """Take the places of an invitation that waits in one's list."""
    viewer = session.current_member()
    invitation = queries.get_own(viewer=viewer, invitation_id=invitation_id)
    services.redeem(actor=viewer, invitation=invitation)
    return _enter(invitation)


@blueprint.post("/invitations/own/<int:invitation_id>/decline")
def decline_own(invitation_id: int) -> ResponseReturnValue:
    """Say no to an invitation that waits in one's list."""
    viewer, form = session.current_member(), AnswerForm()
    invitation = queries.get_own(viewer=viewer, invitation_id=invitation_id)
    reason = (form.reason.data or "") if form.validate() else ""
    services.decline(invitation=invitation, reason=reason)
    return done(gettext("Declined. Whoever invited you sees it."), "invitations.own")
