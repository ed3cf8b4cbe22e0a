"""The charter of a space, and what administrators do with spaces."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community.kernel.access import require
from community.kernel.errors import Invalid
from community.members.session import current_member
from community.members.views.answers import again, done
from community.spaces import access, queries, services
from community.spaces.forms import (
    ArchiveForm,
    CharterForm,
    NewSpaceForm,
    SpaceForm,
    VersionForm,
    filled,
)
from community.spaces.queries import Opened
from community.spaces.views.blueprint import blueprint


@blueprint.get("/spaces/")
def spaces() -> ResponseReturnValue:
    """List every space for administrators: names and counts, never what is said."""
    return render_template("spaces/spaces.html", listed=queries.spaces(viewer=current_member()))


@blueprint.get("/spaces/<slug>/charter")
def charter(slug: str) -> ResponseReturnValue:
    """Show why a space exists, who looks after it and who reads along."""
    viewer = current_member()
    opened = queries.get_space(viewer=viewer, slug=slug)
    may_write_to = access.may_read(viewer, opened.membership)
    return render_template(
        "spaces/charter.html",
        **_values(opened),
        panel=queries.readers_panel(opened.space),
        moderators=queries.moderators_of(opened.space.id) if may_write_to else [],
        may_edit=bool(access.may_edit_charter(viewer, opened.membership, opened.space)),
        looks_after=bool(access.may_look_after(viewer, opened.membership)),
        is_administrator=bool(access.may_look_after_spaces(viewer)),
    )


def _values(opened: Opened) -> dict[str, object]:
    return {"space": opened.space, "membership": opened.membership}


@blueprint.get("/spaces/new")
def new_space() -> ResponseReturnValue:
    """Ask what a new space is to be."""
    require(access.may_look_after_spaces(current_member()))
    form = NewSpaceForm(None)
    form.offer_choices()
    return render_template("spaces/new.html", form=form)


@blueprint.post("/spaces/new")
def take_new_space() -> ResponseReturnValue:
    """Make a space."""
    require(access.may_look_after_spaces(current_member()))
    form = NewSpaceForm()
    form.offer_choices()
    if not form.validate():
        return again("spaces/new.html", form)
    try:
        space = services.create_space(
            actor=current_member(),
            slug=form.slug.data or "",
            charter=form.charter(),
            frame=form.frame(),
        )
    except Invalid as refusal:
        return again("spaces/new.html", form, refusal)
    sentence = gettext("The table is set. Invite its moderators first.")
    return done(sentence, "invitations.space_list", slug=space.slug)


@blueprint.get("/spaces/<slug>/edit")
def edit(slug: str) -> ResponseReturnValue:
    """Show the charter to be changed; to administrators also what rules need to know."""
    opened = _to_edit(slug)
    form = filled(_form_type(), opened.space)
    return render_template("spaces/edit.html", form=_offering(form, opened), **_values(opened))


def _to_edit(slug: str) -> Opened:
    viewer = current_member()
    opened = queries.get_space(viewer=viewer, slug=slug)
    require(access.may_edit_charter(viewer, opened.membership, opened.space))
    return opened


def _form_type() -> type[CharterForm]:
    return SpaceForm if access.may_look_after_spaces(current_member()) else CharterForm


def _offering(form: CharterForm, opened: Opened) -> CharterForm:
    if isinstance(form, SpaceForm):
        form.offer_choices(opened.space.time_zone)
    return form


@blueprint.post("/spaces/<slug>/edit")
def take_edit(slug: str) -> ResponseReturnValue:
    """Change a space."""
    opened = _to_edit(slug)
    form = _offering(_form_type()(), opened)
    if not form.validate():
        return again("spaces/edit.html", form, None, **_values(opened))
    try:
        _change(opened, form)
    except Invalid as refusal:
        return again("spaces/edit.html", form, refusal, **_values(opened))
    return done(gettext("Saved."), "spaces.charter", slug=slug)


def _change(opened: Opened, form: CharterForm) -> None:
    actor, version = current_member(), form.version.data or 0
    if isinstance(form, SpaceForm):
        services.edit_space(
            actor=actor,
            space=opened.space,
            charter=form.charter(),
            frame=form.frame(),
            version=version,
        )
    else:
        services.edit_charter(
            actor=actor,
            own=opened.membership,
            space=opened.space,
            charter=form.charter(),
            version=version,
        )


@blueprint.get("/spaces/<slug>/archive")
def archive(slug: str) -> ResponseReturnValue:
    """Ask why a space should be archived, or offer to open it again."""
    opened = queries.get_space(viewer=current_member(), slug=slug)
    require(access.may_look_after_spaces(current_member()))
    form = ArchiveForm(None, version=opened.space.version)
    return render_template("spaces/archive.html", form=form, **_values(opened))


@blueprint.post("/spaces/<slug>/archive")
def take_archive(slug: str) -> ResponseReturnValue:
    """Make a space read-only."""
    opened = queries.get_space(viewer=current_member(), slug=slug)
    require(access.may_look_after_spaces(current_member()))
    form = ArchiveForm()
    if not form.validate():
        return again("spaces/archive.html", form, None, **_values(opened))
    services.archive_space(
        actor=current_member(),
        space=opened.space,
        reason=form.reason.data or "",
        version=form.version.data or 0,
    )
    return done(gettext("Archived. It can be read as before."), "spaces.charter", slug=slug)


@blueprint.post("/spaces/<slug>/unarchive")
def unarchive(slug: str) -> ResponseReturnValue:
    """Let members write in a space again."""
    opened = queries.get_space(viewer=current_member(), slug=slug)
    require(access.may_look_after_spaces(current_member()))
    form = VersionForm()
    if not form.validate():
        return redirect(url_for("spaces.archive", slug=slug), 303)
    services.reopen_space(
        actor=current_member(), space=opened.space, version=form.version.data or 0
    )
    return done(gettext("Open again."), "spaces.charter", slug=slug)
