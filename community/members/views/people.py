"""Other members: their pages, and what the administrator does for them."""

from __future__ import annotations

from collections.abc import Callable

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community.kernel.access import require
from community.kernel.errors import Invalid, Refusal
from community.kernel.forms import Form
from community.kernel.input import find_number
from community.members import access, queries, services
from community.members.forms import (
    DutiesForm,
    JobForm,
    NewMemberForm,
    ReasonForm,
    ResetForm,
    VersionForm,
)
from community.members.models import Affiliation, Duty, Member
from community.members.session import current_member
from community.members.views.answers import again, done
from community.members.views.asking import asks_again, named
from community.members.views.blueprint import blueprint
from community.members.views.own import picture

_PAGE = "members/member.html"
_AFFILIATIONS = {kind.value: kind for kind in Affiliation}


@blueprint.get("/members")
def members() -> ResponseReturnValue:
    """List the members that the administrator looks for."""
    wanted = queries.MemberFilter(
        words=request.args.get("words", "")[:100],
        affiliation=_AFFILIATIONS.get(request.args.get("affiliation", "")),
        state=request.args.get("state", ""),
        after=find_number(request.args.get("after", "")) or 0,
    )
    found = queries.members(viewer=current_member(), wanted=wanted)
    return render_template("members/members.html", found=found, wanted=wanted)


@blueprint.get("/members/new")
def new_member() -> ResponseReturnValue:
    """Show the form for a new member of the company."""
    require(access.may_look_after_members(current_member()))
    form = NewMemberForm()
    form.offer_choices()
    return render_template("members/new.html", form=form)


@blueprint.post("/members/new")
@asks_again
@named(lambda: gettext("Make a new member of the company."))
def take_new_member() -> ResponseReturnValue:
    """Make a member of the company, who gets a link by mail."""
    require(access.may_look_after_members(current_member()))
    form = NewMemberForm()
    form.offer_choices()
    if not form.validate():
        return again("members/new.html", form)
    try:
        member = services.create_member(
            actor=current_member(),
            email=form.email.data or "",
            name=form.name.data or "",
            affiliation=Affiliation.COMPANY,
            duties=[Duty(name) for name in form.duties.data or []],
            job=form.job.data or "",
            country=form.country.data or "",
        )
    except Refusal as refusal:
        return again("members/new.html", form, refusal)
    sentence = gettext("%(name)s is a member now and gets a link by mail.", name=member.name)
    return done(sentence, "members.member", member_id=member.id)


@blueprint.get("/members/<int:member_id>")
def member(member_id: int) -> ResponseReturnValue:
    """Show a member; to the administrator also what can be done for them."""
    found = queries.get_member(viewer=current_member(), member_id=member_id)
    return render_template(_PAGE, **_values(found))


def _values(member: Member) -> dict[str, object]:
    duties = DutiesForm(None, duties=list(member.duties), version=member.version)
    duties.offer_choices()
    return {
        "member": member,
        "duties_form": duties,
        "job_form": JobForm(None, job=member.job, version=member.version),
        "close_form": ReasonForm(None, version=member.version),
        "may_give_duties": access.may_give_duties(current_member(), member),
        "may_look_after": bool(access.may_look_after_members(current_member())),
        "reset_form": ResetForm(None, version=member.version),
        "may_reset": bool(access.may_reset_second_factor(current_member(), member)),
        "may_sign_out": bool(access.may_sign_out(current_member(), member)),
        "sessions": queries.count_running_sessions(viewer=current_member(), member=member),
        "may_close": bool(access.may_close_member(current_member(), member)),
    }


def _again(
    member: Member, name: str, form: Form, refusal: Refusal | None = None
) -> ResponseReturnValue:
    return again(_PAGE, form, refusal, **{**_values(member), name: form})


def _name_of(member_id: int) -> str:
    return queries.get_member(viewer=current_member(), member_id=member_id).name


@blueprint.get("/members/<int:member_id>/photo/<key>")
def photo(member_id: int, key: str) -> ResponseReturnValue:
    """Serve a member's photo to those who may see the member."""
    return picture(queries.get_photo(viewer=current_member(), member_id=member_id, key=key), key)


@blueprint.post("/members/<int:member_id>/duties")
@asks_again
@named(lambda member_id: gettext("Set the duties of %(name)s.", name=_name_of(member_id)))
def take_duties(member_id: int) -> ResponseReturnValue:
    """Say which duties a member holds."""
    actor, found = _looked_after(member_id)
    form = DutiesForm()
    form.offer_choices()

    def set_duties() -> object:
        duties = [Duty(name) for name in form.duties.data or []]
        version = form.version.data or 0
        return services.set_duties(actor=actor, member=found, duties=duties, version=version)

    return _do(found, "duties_form", form, set_duties, gettext("Duties are as you set them."))


@blueprint.post("/members/<int:member_id>/job")
@asks_again
@named(lambda member_id: gettext("Set the role of %(name)s.", name=_name_of(member_id)))
def take_job(member_id: int) -> ResponseReturnValue:
    """Say what a member does at the company."""
    actor, found = _looked_after(member_id)
    form = JobForm()

    def set_job() -> None:
        job, version = form.job.data or "", form.version.data or 0
        services.set_job(actor=actor, member=found, job=job, version=version)

    return _do(found, "job_form", form, set_job, gettext("The role is as you set it."))


@blueprint.post("/members/<int:member_id>/second-factor/reset")
@asks_again
@named(lambda member_id: gettext("Reset the second factor of %(name)s.", name=_name_of(member_id)))
def take_reset(member_id: int) -> ResponseReturnValue:
    """Take away the second factor of one who has lost it."""
    actor = current_member()
    found = queries.get_member(viewer=actor, member_id=member_id)
    require(access.may_reset_second_factor(actor, found))
    form = ResetForm()

    def reset() -> None:
        proof, version = form.proof.data or "", form.version.data or 0
        services.reset_second_factor(actor=actor, member=found, reason=proof, version=version)

    sentence = gettext("The second factor is reset. They set up a new one when they sign in.")
    return _do(found, "reset_form", form, reset, sentence)


@blueprint.post("/members/<int:member_id>/sign-out")
def sign_out_everywhere(member_id: int) -> ResponseReturnValue:
    """Sign a member out of every browser."""
    found = queries.get_member(viewer=current_member(), member_id=member_id)
    services.sign_out_everywhere(actor=current_member(), member=found)
    sentence = gettext("Signed out everywhere. They can sign in again.")
    return done(sentence, "members.member", member_id=member_id)


@blueprint.post("/members/<int:member_id>/close")
@asks_again
@named(lambda member_id: gettext("Close the access of %(name)s.", name=_name_of(member_id)))
def close(member_id: int) -> ResponseReturnValue:
    """Close a member's access everywhere."""
    actor, found = _looked_after(member_id)
    form = ReasonForm()

    def close_member() -> None:
        reason, version = form.reason.data or "", form.version.data or 0
        services.close_member(actor=actor, member=found, reason=reason, version=version)

    sentence = gettext("Access is closed. The member can read why.")
    return _do(found, "close_form", form, close_member, sentence)


@blueprint.post("/members/<int:member_id>/reopen")
@asks_again
@named(lambda member_id: gettext("Open the access of %(name)s again.", name=_name_of(member_id)))
def reopen(member_id: int) -> ResponseReturnValue:
    """Open a closed member's access again."""
    actor, found = _looked_after(member_id)
    form = VersionForm()
    if not form.validate():
        return _again(found, "close_form", ReasonForm(None, version=found.version))
    services.reopen_member(actor=actor, member=found, version=form.version.data or 0)
    return done(gettext("Access is open again."), "members.member", member_id=member_id)


def _looked_after(member_id: int) -> tuple[Member, Member]:
    """Return who looks after members, and whom they do something to."""
    actor = current_member()
    found = queries.get_member(viewer=actor, member_id=member_id)
    require(access.may_look_after_members(actor))
    return actor, found


def _do(
    member: Member, name: str, form: Form, deed: Callable[[], object], sentence: str
) -> ResponseReturnValue:
    """Do to a member what a form asks for, and say so; what does not fit is shown again in it."""
    if not form.validate():
        return _again(member, name, form)
    try:
        deed()
    except Invalid as refusal:
        return _again(member, name, form, refusal)
    return done(sentence, "members.member", member_id=member.id)
