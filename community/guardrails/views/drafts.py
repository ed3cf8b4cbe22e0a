"""Pages about a draft of a set: its rules, its file, trying it out, comparing, offering it."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community.guardrails import access, queries, services
from community.guardrails.engine import OUTCOMES
from community.guardrails.forms import FileForm, HeadForm, StartForm
from community.guardrails.models import SetDraft
from community.guardrails.queries import DraftSheet
from community.guardrails.views.blueprint import blueprint
from community.kernel.access import require
from community.kernel.errors import Conflict, Invalid
from community.kernel.input import clean, find_number
from community.kernel.web import sentence_of
from community.members.session import current_member
from community.members.views.answers import again, done

MOST_SOUGHT = 200  # characters


def opened(draft_id: int) -> SetDraft:
    """Return a draft that the viewer may read."""
    return queries.get_draft(viewer=current_member(), draft_id=draft_id)


def editable(draft_id: int) -> SetDraft:
    """Return a draft that the viewer may write in."""
    draft = opened(draft_id)
    require(access.may_edit_draft(current_member(), draft))
    return draft


def sheet_of(draft: SetDraft) -> DraftSheet:
    """Return a draft with all that its pages show."""
    return queries.get_sheet_of_draft(viewer=current_member(), draft=draft)


@blueprint.get("/drafts")
def drafts() -> ResponseReturnValue:
    """List the drafts, and let the drafters begin another."""
    return render_template("guardrails/drafts.html", form=_start_form(None), **_listed())


def _listed() -> dict[str, Any]:
    viewer = current_member()
    return {
        "drafts": [
            {
                "draft": draft,
                "head": queries.head_of(draft),
                "open_comments": queries.count_open_comments(draft),
            }
            for draft in queries.drafts(viewer=viewer)
        ],
        "may_write": bool(access.may_write_drafts(viewer)),
    }


def _start_form(sent: object) -> StartForm:
    form = StartForm(None) if sent is None else StartForm()
    versions = queries.set_versions()
    form.based_on.choices = [
        (str(version.id), f"{version.name} {version.version}") for version in versions
    ] or [("", gettext("the rules that come with the software"))]
    in_force = queries.find_set_in_force()
    if sent is None and in_force is not None:
        form.based_on.data = str(in_force.id)
    return form


@blueprint.post("/drafts")
def start_draft() -> ResponseReturnValue:
    """Begin a draft."""
    viewer = current_member()
    require(access.may_write_drafts(viewer))
    form = _start_form(request)
    if not form.validate():
        return again("guardrails/drafts.html", form, **_listed())
    number = find_number(form.based_on.data or "")
    based_on = queries.get_set_version(version_id=number) if number is not None else None
    try:
        draft = services.start_draft(
            actor=viewer, purpose=form.purpose.data or "", based_on=based_on
        )
    except Invalid as refusal:
        return again("guardrails/drafts.html", form, refusal, **_listed())
    return done(
        gettext("The draft is there. Give it a version and a day, then change its rules."),
        "guardrails.head",
        draft_id=draft.id,
    )


@blueprint.get("/drafts/<int:draft_id>")
def draft(draft_id: int) -> ResponseReturnValue:
    """Show a draft: its faults, what it changes, and its rules, or those that are looked for."""
    sheet = sheet_of(opened(draft_id))
    outcome = request.args.get("outcome", "")
    wanted = queries.Wanted(
        words=clean(request.args.get("q", "")).strip()[:MOST_SOUGHT],
        outcome=outcome if outcome in OUTCOMES else "",
    )
    found = queries.narrowed(sheet.sections, wanted)
    return render_template(
        "guardrails/draft.html", sheet=sheet, wanted=wanted, found=found, outcomes=OUTCOMES[::-1]
    )


@blueprint.get("/drafts/<int:draft_id>/compare")
def compare(draft_id: int) -> ResponseReturnValue:
    """Show what a draft changes against the set in force."""
    return render_template("guardrails/compare.html", sheet=sheet_of(opened(draft_id)))


# --- name, day and purpose ------------------------------------------------------------------------


@blueprint.get("/drafts/<int:draft_id>/head")
def head(draft_id: int) -> ResponseReturnValue:
    """Show the form for what a draft is called and from when it holds."""
    sheet = sheet_of(editable(draft_id))
    head = queries.head_with_next(sheet.draft)
    form = HeadForm(
        None,
        purpose=sheet.draft.purpose,
        title=str(head.get("title", "")),
        set_version=str(head.get("version", "")),
        effective=head.get("effective"),
        seen=services.head_mark_of(sheet.draft),
    )
    return render_template("guardrails/head.html", sheet=sheet, form=form)


@blueprint.post("/drafts/<int:draft_id>/head")
def take_head(draft_id: int) -> ResponseReturnValue:
    """Change what a draft is called and from when it holds."""
    draft, form = editable(draft_id), HeadForm()
    if not form.validate() or form.effective.data is None:
        return again("guardrails/head.html", form, sheet=sheet_of(draft))
    try:
        services.change_head(
            actor=current_member(),
            draft=draft,
            purpose=form.purpose.data or "",
            title=form.title.data or "",
            version=form.set_version.data or "",
            effective=form.effective.data,
            seen=form.seen.data or "",
        )
    except Invalid as refusal:
        return again("guardrails/head.html", form, refusal, sheet=sheet_of(draft))
    except Conflict as refusal:
        form.seen.data = services.head_mark_of(draft)
        theirs = {**queries.head_of(draft), "purpose": draft.purpose}
        return again("guardrails/head.html", form, refusal, sheet=sheet_of(draft), theirs=theirs)
    return done(gettext("Saved."), ".draft", draft_id=draft_id)


# --- the file -------------------------------------------------------------------------------------


@blueprint.get("/drafts/<int:draft_id>/file")
def draft_file(draft_id: int) -> ResponseReturnValue:
    """Show the whole file, to be read or changed at one go."""
    draft = opened(draft_id)
    form = FileForm(None, source=draft.source, seen=services.mark_of(draft.source))
    return render_template("guardrails/file.html", sheet=sheet_of(draft), form=form)


@blueprint.get("/drafts/<int:draft_id>/download")
def download(draft_id: int) -> ResponseReturnValue:
    """Hand out the draft's file."""
    draft = opened(draft_id)
    answer = Response(draft.source.encode("utf-8"), content_type="text/plain; charset=utf-8")
    answer.headers["Content-Disposition"] = f"attachment; filename=draft-{draft.id}.toml"
    return answer


@blueprint.post("/drafts/<int:draft_id>/file")
def take_file(draft_id: int) -> ResponseReturnValue:
    """Take a whole file, as it was typed or uploaded."""
    draft, form = editable(draft_id), FileForm()
    try:
        source = _sent_file() or form.source.data or ""
        form.source.data = source
        services.change_file(
            actor=current_member(), draft=draft, source=source, seen=form.seen.data or ""
        )
    except Invalid as refusal:
        return again("guardrails/file.html", form, refusal, sheet=sheet_of(draft))
    except Conflict as refusal:
        form.seen.data = services.mark_of(draft.source)
        return again(
            "guardrails/file.html", form, refusal, sheet=sheet_of(draft), theirs=draft.source
        )
    flash(gettext("Saved as it is. Faults, where there are some, stand at the top."))
    return redirect(url_for(".draft", draft_id=draft_id), 303)


def _sent_file() -> str:
    file = request.files.get("upload")
    if file is None or not file.filename:
        return ""
    try:
        return clean(file.read().decode("utf-8-sig"))
    except UnicodeDecodeError:
        sentence = gettext("That file is not text in UTF-8. The draft stays as it was.")
        raise Invalid(sentence, field="upload") from None


# --- the end of a draft ---------------------------------------------------------------------------


@blueprint.get("/drafts/<int:draft_id>/offer")
def offer(draft_id: int) -> ResponseReturnValue:
    """Show what signing waits for, and who would be asked."""
    return _offer_page(editable(draft_id), 200)


def _offer_page(draft: SetDraft, status: int, problem: str = "") -> ResponseReturnValue:
    sheet = sheet_of(draft)
    if not problem:
        try:
            services.require_fit(draft)
        except Invalid as refusal:
            problem = sentence_of(refusal)
    needs = sheet.loaded.rules.needs_signature if sheet.loaded.rules is not None else ()
    page = render_template(
        "guardrails/offer.html",
        sheet=sheet,
        problem=problem,
        signers={
            duty: queries.who_could_sign(draft, duty)
            for duty in dict.fromkeys([*queries.NEEDED, *needs])
        },
    )
    return page, status


@blueprint.post("/drafts/<int:draft_id>/offer")
def take_offer(draft_id: int) -> ResponseReturnValue:
    """Close a draft and ask for signatures."""
    draft = editable(draft_id)
    try:
        version = services.offer_draft(actor=current_member(), draft=draft)
    except Invalid as refusal:
        return _offer_page(draft, refusal.status, sentence_of(refusal))
    return done(
        gettext("The set is closed. Those who sign have been asked by mail."),
        ".rules",
        version_id=version.id,
    )


@blueprint.post("/drafts/<int:draft_id>/withdraw")
def withdraw(draft_id: int) -> ResponseReturnValue:
    """Give a draft up."""
    draft = editable(draft_id)
    services.withdraw_draft(actor=current_member(), draft=draft)
    return done(gettext("The draft is withdrawn. It stays readable."), ".drafts")
