"""A space's invitations: who was asked, who is where, and asking one more."""

from __future__ import annotations

from collections.abc import Sequence

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community.invitations import access, queries, services
from community.invitations.forms import InviteForm, VersionForm
from community.invitations.models import Invitation
from community.invitations.views.blueprint import blueprint
from community.kernel.access import require
from community.kernel.errors import Forbidden, Invalid, Refusal, TooMany
from community.kernel.input import find_number
from community.kernel.words import N_
from community.members.models import Affiliation
from community.members.session import current_member
from community.members.views.answers import again, done
from community.members.views.asking import asks_again, named
from community.spaces import access as spaces_access
from community.spaces import queries as spaces
from community.spaces.models import Role
from community.spaces.queries import Opened

_PAGE = "invitations/space.html"


@blueprint.get("/spaces/<slug>/invitations")
def space_list(slug: str) -> ResponseReturnValue:
    """List who was asked into a space and who is where, with a form to ask one more."""
    opened = _open(slug)
    return render_template(_PAGE, form=_form(opened, was_sent=False), **_values(opened))


def _open(slug: str) -> Opened:
    return spaces.get_space(viewer=current_member(), slug=slug)


def _values(opened: Opened) -> dict[str, object]:
    viewer = current_member()
    before = find_number(request.args.get("before", "")) or 0
    return {
        "space": opened.space,
        "membership": opened.membership,
        "page": queries.invitations(viewer=viewer, opened=opened, before=before),
        "panel": spaces.readers_panel(opened.space),
        "may_invite": access.may_invite(viewer, opened.membership)
        and opened.space.archived_at is None,
        "may_give_any": bool(spaces_access.may_look_after_spaces(viewer)),
    }


def _form(opened: Opened, *, was_sent: bool) -> InviteForm:
    form = InviteForm() if was_sent else InviteForm(None, places=[opened.space.slug])
    form.offer_choices(queries.places_to_offer(viewer=current_member()), roles_to_offer())
    return form


def roles_to_offer() -> Sequence[Role]:
    """Return the roles that the viewer may give by an invitation."""
    may_give_any = spaces_access.may_look_after_spaces(current_member())
    return tuple(Role) if may_give_any else access.BY_MODERATORS


@blueprint.post("/spaces/<slug>/invitations")
@named(lambda slug: gettext("Invite somebody to %(space)s.", space=slug))
def invite(slug: str) -> ResponseReturnValue:
    """Invite somebody."""
    opened = _open(slug)
    require(access.may_see_invitations(current_member(), opened.membership))
    form = _form(opened, was_sent=True)
    if not form.validate():
        return again(_PAGE, form, None, **_values(opened))
    asks = access.must_show_again(current_member(), _affiliation(form), [Role(form.role.data)])
    return (asks_again(_invite) if asks else _invite)(opened, form)


def _invite(opened: Opened, form: InviteForm) -> ResponseReturnValue:
    try:
        invitation = _issue(form)
    except (Invalid, Forbidden, TooMany) as refusal:
        return _again(opened, form, refusal)
    slugs = [place.space.slug for place in invitation.places]
    there = opened.space.slug if opened.space.slug in slugs else slugs[0]
    return done(_said(opened, invitation), "invitations.space_list", slug=there)


def _issue(form: InviteForm) -> Invitation:
    role = Role(form.role.data)
    slugs = list(dict.fromkeys(form.places.data or []))
    if not slugs:
        raise Invalid(N_("Tick one space at least."), field="places")
    return services.issue(
        actor=current_member(),
        email=form.email.data or "",
        places=[(slug, role) for slug in slugs],
        note=form.note.data or "",
        expires_days=form.expires_days.data or services.USUAL_DAYS,
        affiliation=_affiliation(form),
    )


def _affiliation(form: InviteForm) -> Affiliation:
    return Affiliation(form.affiliation.data or "hcp")


def _again(opened: Opened, form: InviteForm, refusal: Refusal) -> ResponseReturnValue:
    return again(_PAGE, form, refusal, **_values(opened))


def _said(opened: Opened, invitation: Invitation) -> str:
    countries = spaces.countries_of_readers(opened.space.id)
    said = gettext("Invited. The letter to %(email)s is on its way.", email=invitation.email)
    if len(countries) == 0:
        return said
    return f"{said} " + gettext(
        "What may be said in a room depends on the countries of its readers. "
        "If this reader is from a new one, its rules count from the day they join."
    )


@blueprint.post("/spaces/<slug>/invitations/<int:invitation_id>/resend")
@named(lambda slug, **_: gettext("Send an invitation to %(space)s once more.", space=slug))
def resend(slug: str, invitation_id: int) -> ResponseReturnValue:
    """Send an invitation once more."""
    invitation = _invitation(slug, invitation_id)
    form = VersionForm()
    if not form.validate():
        return redirect(url_for("invitations.space_list", slug=slug), 303)
    roles = [place.role for place in invitation.places]
    asks = access.must_show_again(current_member(), invitation.affiliation, roles)
    return (asks_again(_resend) if asks else _resend)(slug, invitation, form)


def _resend(slug: str, invitation: Invitation, form: VersionForm) -> ResponseReturnValue:
    version = form.version.data or 0
    services.resend(actor=current_member(), invitation=invitation, version=version)
    return done(gettext("Sent once more."), "invitations.space_list", slug=slug)


@blueprint.post("/spaces/<slug>/invitations/<int:invitation_id>/revoke")
def revoke(slug: str, invitation_id: int) -> ResponseReturnValue:
    """Take an invitation back."""
    invitation = _invitation(slug, invitation_id)
    form = VersionForm()
    if not form.validate():
        return redirect(url_for("invitations.space_list", slug=slug), 303)
    services.revoke(
        actor=current_member(),
        invitation=invitation,
        reason=form.reason.data or "",
        version=form.version.data or 0,
    )
    return done(gettext("Taken back. Its link opens nothing any more."),
                "invitations.space_list", slug=slug)  # fmt: skip


def _invitation(slug: str, invitation_id: int) -> Invitation:
    return queries.get_invitation(
        viewer=current_member(), opened=_open(slug), invitation_id=invitation_id
    )
