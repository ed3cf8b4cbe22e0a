"""Inviting several people at once: a list is looked over first, and sent by a second press."""

from __future__ import annotations

from collections.abc import Sequence

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from community.invitations import access, queries, services
from community.invitations.forms import SeveralForm
from community.invitations.services import Line, Terms
from community.invitations.views.blueprint import blueprint
from community.invitations.views.issuing import roles_to_offer
from community.kernel.access import require
from community.kernel.errors import Invalid
from community.kernel.web import sentence_of
from community.members.models import Affiliation
from community.members.session import current_member
from community.members.views.answers import again, done
from community.members.views.asking import asks_again, named
from community.spaces import access as spaces_access
from community.spaces import queries as spaces
from community.spaces.models import Role
from community.spaces.queries import Opened

_PAGE = "invitations/several.html"


@blueprint.get("/spaces/<slug>/invitations/several")
def several(slug: str) -> ResponseReturnValue:
    """Ask who is invited, and into what."""
    opened = _open(slug)
    form = _offering(SeveralForm(None, places=[opened.space.slug]))
    return render_template(_PAGE, form=form, **_values(opened))


@blueprint.post("/spaces/<slug>/invitations/several")
@named(lambda slug: gettext("Invite several people to %(space)s.", space=slug))
def take_several(slug: str) -> ResponseReturnValue:
    """Look a list over, let it be changed, or invite everybody in it who can be."""
    opened = _open(slug)
    form = _offering(SeveralForm())
    if not form.validate():
        return again(_PAGE, form, None, **_values(opened))
    if form.step.data == "change":
        return render_template(_PAGE, form=form, **_values(opened))
    role, affiliation = Role(form.role.data), Affiliation(form.affiliation.data or "hcp")
    asks = access.must_show_again(current_member(), affiliation, [role])
    send = asks_again(_send) if asks else _send
    try:
        return _look(opened, form) if form.step.data == "look" else send(opened, form)
    except Invalid as refusal:
        return again(_PAGE, form, refusal, **_values(opened))


def _look(opened: Opened, form: SeveralForm) -> ResponseReturnValue:
    lines = services.look_over(
        actor=current_member(), people=form.people.data or "", terms=_terms(form)
    )
    return render_template(_PAGE, form=form, looked_over=_told(lines), **_values(opened))


def _send(opened: Opened, form: SeveralForm) -> ResponseReturnValue:
    lines = services.issue_several(
        actor=current_member(), people=form.people.data or "", terms=_terms(form)
    )
    left = [line for line in lines if line.refusal is not None]
    invited = len(lines) - len(left)
    if not left:
        sentence = ngettext(
            "One person is invited. The letter is on its way.",
            "%(num)s people are invited. The letters are on their way.",
            invited,
        )
        return done(sentence, "invitations.space_list", slug=opened.space.slug)
    form.people.data = "\n".join(line.typed for line in left)
    return render_template(_PAGE, form=form, invited=invited, left=_told(left), **_values(opened))


def _terms(form: SeveralForm) -> Terms:
    return services.terms_for(
        actor=current_member(),
        places=[(slug, Role(form.role.data)) for slug in dict.fromkeys(form.places.data or [])],
        note=form.note.data or "",
        expires_days=form.expires_days.data or services.USUAL_DAYS,
        affiliation=Affiliation(form.affiliation.data or "hcp"),
    )


def _told(lines: Sequence[Line]) -> list[tuple[str, str]]:
    """Return each line with the sentence why it is left out; empty where it is not."""
    return [
        (line.address or line.typed, sentence_of(line.refusal) if line.refusal is not None else "")
        for line in lines
    ]


def _open(slug: str) -> Opened:
    opened = spaces.get_space(viewer=current_member(), slug=slug)
    require(access.may_invite(current_member(), opened.membership))
    return opened


def _offering(form: SeveralForm) -> SeveralForm:
    form.offer_choices(queries.places_to_offer(viewer=current_member()), roles_to_offer())
    return form


def _values(opened: Opened) -> dict[str, object]:
    return {
        "space": opened.space,
        "membership": opened.membership,
        "panel": spaces.readers_panel(opened.space),
        "may_give_any": bool(spaces_access.may_look_after_spaces(current_member())),
        "most": services.MOST_AT_ONCE,
    }
