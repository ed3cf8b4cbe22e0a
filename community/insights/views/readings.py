"""Second readings: the list, a cover that shows no text, the text behind a press, the judging."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community.insights import queries, services
from community.insights.forms import JudgingForm, NothingForm
from community.insights.models import SecondReading
from community.insights.views import blueprint
from community.insights.views.page import page
from community.kernel import clock, faces
from community.kernel.errors import Invalid
from community.kernel.faces import Face
from community.members.session import current_member
from community.members.views.answers import done


@blueprint.get("/readings")
def readings() -> ResponseReturnValue:
    """Show what waits for a second reader, the least time left first, or what was read."""
    viewer = current_member()
    show_read = request.args.get("show") == "read"
    wanted = queries.read_readings if show_read else queries.waiting_readings
    found = wanted(viewer=viewer)
    return page(
        "insights/readings.html",
        "readings",
        readings=found,
        show_read=show_read,
        faces={reading.id: _face(reading) for reading in found},
    )


def _face(reading: SecondReading) -> Face:
    if reading.is_read:
        return faces.stopped(gettext("Read"))
    return faces.draw(start=reading.drawn_at, due=reading.due_at, now=clock.now())


@blueprint.get("/readings/<int:reading_id>")
def cover(reading_id: int) -> ResponseReturnValue:
    """Show whose post it is and how much time is left; its text takes a press."""
    reading = queries.get_reading(viewer=current_member(), reading_id=reading_id)
    return render_template("insights/cover.html", reading=reading, face=_face(reading))


@blueprint.post("/readings/<int:reading_id>")
def open_reading(reading_id: int) -> ResponseReturnValue:
    """Take a reading and show its text; that it was read is kept."""
    reading = services.take_reading(actor=current_member(), reading_id=reading_id)
    return _sheet(reading, JudgingForm(formdata=None, version=reading.version))


def _sheet(reading: SecondReading, form: JudgingForm) -> str:
    return render_template(
        "insights/reading.html",
        sheet=queries.sheet_of(reading),
        reading=reading,
        form=form,
        face=_face(reading),
        said=_advice(reading),
    )


def _advice(reading: SecondReading) -> dict[str, str]:
    """Return what was said to each rule that gave advice."""
    return {
        note.rule: request.form.get(f"advice-{note.rule}", "")
        for note in queries.advice_on(reading)
    }


@blueprint.post("/readings/<int:reading_id>/judging")
def judge(reading_id: int) -> ResponseReturnValue:
    """Take what a second reader says."""
    viewer = current_member()
    reading = queries.get_reading(viewer=viewer, reading_id=reading_id)
    form = JudgingForm()
    if not form.validate():
        return _sheet_again(reading, form)
    try:
        services.judge_reading(
            actor=viewer,
            reading_id=reading_id,
            version=form.version.data or 0,
            judging=form.judging(_advice(reading)),
        )
    except Invalid as refusal:
        form.refuse(refusal)
        return _sheet_again(reading, form)
    return done(gettext("Kept. The author reads it."), "insights.readings")


def _sheet_again(reading: SecondReading, form: JudgingForm) -> ResponseReturnValue:
    """Show what was filled in once more; the text is read again, and that is kept, too."""
    services.take_reading(actor=current_member(), reading_id=reading.id)
    return _sheet(reading, form), 422


@blueprint.post("/readings/<int:reading_id>/back")
def give_back(reading_id: int) -> ResponseReturnValue:
    """Let another reader have it."""
    viewer = current_member()
    queries.get_reading(viewer=viewer, reading_id=reading_id)
    if not NothingForm().validate():
        return redirect(url_for("insights.cover", reading_id=reading_id), 303)
    services.give_back(actor=viewer, reading_id=reading_id)
    return done(gettext("It waits for another reader."), "insights.readings")
