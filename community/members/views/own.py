"""One's own profile, photo and credential."""

from __future__ import annotations

from flask import Response, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community.kernel.errors import Invalid
from community.kernel.web import before_the_gate
from community.members import queries, services
from community.members.forms import CredentialForm, PhotoForm, ProfileForm
from community.members.models import Member
from community.members.session import current_member
from community.members.views.answers import again, done
from community.members.views.asking import asks_again, named
from community.members.views.blueprint import blueprint

_FIELDS = (
    "name",
    "title",
    "specialty",
    "institution",
    "country",
    "interests",
    "time_zone",
    "language",
)


@blueprint.get("/profile")
@before_the_gate
def profile() -> ResponseReturnValue:
    """Show one's own profile to be changed."""
    member = current_member()
    form = ProfileForm(obj=member)
    form.offer_choices(member)
    return render_template("members/profile.html", form=form, member=member, photo=PhotoForm())


@blueprint.post("/profile")
@before_the_gate
@named(lambda: gettext("Change the name on your profile."))
def take_profile() -> ResponseReturnValue:
    """Change one's own profile."""
    member = current_member()
    form = ProfileForm(obj=member)
    form.offer_choices(member)
    if not form.validate():
        return again("members/profile.html", form, member=member, photo=PhotoForm())
    try:
        is_weighty = services.changes_weighty_name(actor=member, name=form.name.data or "")
        change = asks_again(_change_profile) if is_weighty else _change_profile
        return change(member, form)
    except Invalid as refusal:
        return again("members/profile.html", form, refusal, member=member, photo=PhotoForm())


def _change_profile(member: Member, form: ProfileForm) -> ResponseReturnValue:
    wanted = services.Profile(**{name: form[name].data or "" for name in _FIELDS})
    changed = services.change_profile(actor=member, profile=wanted)
    sentence = gettext("Saved.") if changed else gettext("Nothing was different.")
    return done(sentence, "members.profile")


@blueprint.post("/profile/photo")
@before_the_gate
def take_photo() -> ResponseReturnValue:
    """Take a new photo of oneself."""
    member, photo = current_member(), PhotoForm()
    file = request.files.get("photo")
    try:
        services.set_photo(actor=member, raw=file.read() if file else b"")
    except Invalid as refusal:
        photo.refuse(refusal)
        form = ProfileForm(None, obj=member)
        form.offer_choices(member)
        page = render_template("members/profile.html", form=form, member=member, photo=photo)
        return page, 422
    return done(gettext("Your photo is up."), "members.profile")


@blueprint.post("/profile/photo/remove")
@before_the_gate
def remove_photo() -> ResponseReturnValue:
    """Take one's photo away."""
    services.remove_photo(actor=current_member())
    return done(gettext("Your photo is gone."), "members.profile")


@blueprint.get("/profile/photo/<key>")
@before_the_gate
def own_photo(key: str) -> ResponseReturnValue:
    """Serve one's own photo."""
    member = current_member()
    return picture(queries.get_photo(viewer=member, member_id=member.id, key=key), key)


def picture(content: bytes, key: str) -> Response:
    """Answer with a photo that a browser may keep but asks about each time, so that it can end."""
    response = make_response(content)
    response.content_type = "image/webp"
    response.headers["Cache-Control"] = "private, no-cache"
    response.set_etag(key)
    response.make_conditional(request)
    return response


@blueprint.get("/profile/credential")
@before_the_gate
def credential() -> ResponseReturnValue:
    """Show where one's credential stands, and the form for another."""
    member = current_member()
    form = CredentialForm(obj=member.credential) if member.credential else CredentialForm()
    return _credential_page(member, form)


@blueprint.post("/profile/credential")
@before_the_gate
def take_credential() -> ResponseReturnValue:
    """Hand in a credential."""
    member, form = current_member(), CredentialForm()
    form.offer_choices()
    if not form.validate():
        return again("members/credential.html", form, member=member, credential=member.credential)
    try:
        services.submit_credential(
            actor=member,
            profession=form.profession.data,
            licence_number=form.licence_number.data or "",
            issuing_body=form.issuing_body.data or "",
            country=form.country.data,
        )
    except Invalid as refusal:
        return again(
            "members/credential.html", form, refusal, member=member, credential=member.credential
        )
    return done(gettext("Thank you. A person looks at it now."), "members.waiting")


def _credential_page(member: Member, form: CredentialForm) -> str:
    form.offer_choices()
    return render_template(
        "members/credential.html", form=form, member=member, credential=member.credential
    )
