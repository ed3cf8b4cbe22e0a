"""Who is in a space, and how a place ends."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community.kernel.access import require
from community.kernel.errors import Forbidden, Invalid
from community.kernel.input import find_number
from community.kernel.web import before_the_gate
from community.members.session import current_member
from community.members.views.answers import again, done
from community.members.views.asking import asks_again, named
from community.spaces import access, queries, services
from community.spaces.forms import ReasonForm, RoleForm
from community.spaces.models import Membership, Role
from community.spaces.queries import Opened
from community.spaces.views.blueprint import blueprint


@blueprint.get("/spaces/<slug>/members")
def members(slug: str) -> ResponseReturnValue:
    """List who has a place in a space, with what the viewer may do about it."""
    viewer = current_member()
    opened = queries.get_space(viewer=viewer, slug=slug)
    own, words = opened.membership, request.args.get("words", "")
    after = find_number(request.args.get("after", "")) or 0
    return render_template(
        "spaces/members.html",
        space=opened.space,
        membership=own,
        roster=queries.roster(viewer=viewer, opened=opened, words=words, after=after),
        words=words,
        goes_on=bool(after),
        pauses=queries.pauses(viewer=viewer, opened=opened),
        panel=queries.readers_panel(opened.space),
        roles=list(Role),
        names=queries.proposer_names(viewer=viewer, opened=opened),
        looks_after=bool(access.may_look_after(viewer, own)),
        is_administrator=bool(access.may_look_after_spaces(viewer)),
        may_end=lambda place: access.may_end_place(viewer, own, place),
        may_pause=lambda place: access.may_propose_pause(viewer, own, place),
        may_confirm=lambda pause: access.may_confirm_pause(viewer, own, pause),
    )


def _place(slug: str, membership_id: int) -> tuple[Opened, Membership]:
    viewer = current_member()
    opened = queries.get_space(viewer=viewer, slug=slug)
    place = queries.get_place(viewer=viewer, opened=opened, membership_id=membership_id)
    return opened, place


@blueprint.get("/spaces/<slug>/members/<int:membership_id>/remove")
def remove(slug: str, membership_id: int) -> ResponseReturnValue:
    """Ask why a member should go."""
    opened, place = _place(slug, membership_id)
    require(access.may_end_place(current_member(), opened.membership, place))
    return render_template("spaces/remove.html", form=ReasonForm(None), **_values(opened, place))


def _values(opened: Opened, place: Membership) -> dict[str, object]:
    return {"space": opened.space, "membership": opened.membership, "place": place}


@blueprint.post("/spaces/<slug>/members/<int:membership_id>/remove")
def take_remove(slug: str, membership_id: int) -> ResponseReturnValue:
    """End a member's place."""
    opened, place = _place(slug, membership_id)
    require(access.may_end_place(current_member(), opened.membership, place))
    form = ReasonForm()
    if not form.validate():
        return again("spaces/remove.html", form, None, **_values(opened, place))
    try:
        services.remove_member(
            actor=current_member(),
            own=opened.membership,
            place=place,
            reason=form.reason.data or "",
        )
    except Invalid as refusal:
        return again("spaces/remove.html", form, refusal, **_values(opened, place))
    sentence = gettext("%(name)s can't read here any more, and reads why.", name=place.member.name)
    return done(sentence, "spaces.members", slug=slug)


@blueprint.post("/spaces/<slug>/members/<int:membership_id>/role")
@asks_again
@named(lambda **at: gettext("Set the role of %(name)s.", name=_place(**at)[1].member.name))
def take_role(slug: str, membership_id: int) -> ResponseReturnValue:
    """Give a member another role."""
    _opened, place = _place(slug, membership_id)
    require(access.may_look_after_spaces(current_member()))
    form = RoleForm()
    if not form.validate():
        raise Forbidden(form.first_error())
    services.change_role(
        actor=current_member(),
        place=place,
        role=Role(form.role.data),
        version=form.version.data or 0,
    )
    return done(gettext("The role is as you set it."), "spaces.members", slug=slug)


@blueprint.get("/spaces/<slug>/leave")
def leave(slug: str) -> ResponseReturnValue:
    """Ask whether one is sure."""
    membership = queries.get_membership(viewer=current_member(), slug=slug)
    return render_template("spaces/leave.html", space=membership.space, membership=membership)


@blueprint.post("/spaces/<slug>/leave")
def take_leave(slug: str) -> ResponseReturnValue:
    """Give up one's own place."""
    membership = queries.get_membership(viewer=current_member(), slug=slug)
    name = membership.space.name
    services.leave(actor=current_member(), place=membership)
    return done(gettext("You have left %(space)s. What you wrote stays.", space=name), "home.home")


@blueprint.get("/memberships/<int:membership_id>")
@before_the_gate
def own_place(membership_id: int) -> ResponseReturnValue:
    """Show one's own place: that and why it has ended or is paused, and what can be done."""
    ended = queries.get_own_place(viewer=current_member(), membership_id=membership_id)
    place = ended.membership
    if place.is_active and not place.is_paused:
        return redirect(url_for("spaces.charter", slug=place.space.slug), 303)
    return render_template(
        "spaces/own_place.html",
        place=place,
        decided_by=ended.decided_by,
        moderators=queries.moderators_of(place.space_id),
    )
