"""Pages about one rule of a draft: in fields or as text, added and removed."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community.guardrails import blocks, queries, rule_fields, services
from community.guardrails.forms import MarkForm, RuleForm, RuleTextForm
from community.guardrails.models import SetDraft
from community.guardrails.rule_fields import SKELETON, RuleFields
from community.guardrails.views.blueprint import blueprint
from community.guardrails.views.drafts import editable, opened, sheet_of
from community.kernel.errors import Conflict, Invalid, Refusal
from community.kernel.forms import Form
from community.members.session import current_member
from community.members.views.answers import again, done


@blueprint.get("/drafts/<int:draft_id>/rules/<rule_id>")
def rule(draft_id: int, rule_id: str) -> ResponseReturnValue:
    """Show one rule of a draft, with the form to change it for those who may."""
    draft = opened(draft_id)
    found = queries.get_rule(viewer=current_member(), draft=draft, rule_id=rule_id)
    form = _form_of(draft, found.block.text, as_text=request.args.get("as") == "text")
    return render_template("guardrails/rule.html", form=form, **_values(draft, rule_id))


def _values(draft: SetDraft, rule_id: str) -> dict[str, Any]:
    viewer, sheet = current_member(), sheet_of(draft)
    found = queries.get_rule(viewer=viewer, draft=draft, rule_id=rule_id)
    changes = sheet.comparison.changed if sheet.comparison is not None else ()
    return {
        "sheet": sheet,
        "found": found,
        "change": next((each for each in changes if each.rule.id == rule_id), None),
        "in_fields": rule_fields.find_fields(found.block.text) is not None,
        "comments": queries.comments(draft=draft, rule_id=rule_id),
        "viewer_id": viewer.id,
    }


def _form_of(draft: SetDraft, text: str, *, as_text: bool) -> Form:
    """Return the form that can show a rule whole, filled with it."""
    seen = services.mark_of(text)
    fields = None if as_text else rule_fields.find_fields(text)
    if fields is None:
        return RuleTextForm(None, text=text, seen=seen)
    form = RuleForm(
        None,
        id=fields.id,
        kind=fields.kind,
        says=fields.says,
        why=fields.why,
        outcome=fields.outcome,
        desk=fields.route[0] if fields.route else "",
        desks=list(fields.route[1:]),
        suggestion=fields.suggestion,
        instead=fields.instead,
        affiliation=fields.affiliations[0] if len(fields.affiliations) == 1 else "",
        kinds=list(fields.kinds),
        products=list(fields.products),
        countries=", ".join(fields.countries),
        begins=fields.begins,
        ends=fields.ends,
        seen=seen,
    )
    for name in ("phrases", "with_", "and_with", "unless", "hit", "miss"):
        form[name].data = "\n".join(getattr(fields, name))
    form.offer(queries.load(draft.source, draft.products).rules)
    return form


def _sent_form(draft: SetDraft) -> RuleForm:
    form = RuleForm()
    form.offer(queries.load(draft.source, draft.products).rules)
    return form


def _fields_of(form: RuleForm) -> RuleFields:
    def lines(name: str) -> list[str]:
        return [line.strip() for line in (form[name].data or "").splitlines() if line.strip()]

    desk = form.desk.data or ""
    return RuleFields(
        id=(form.id.data or "").strip(),
        kind=form.kind.data or "",
        says=_one_line(form.says.data),
        why=_one_line(form.why.data),
        outcome=form.outcome.data or "",
        suggestion=_one_line(form.suggestion.data),
        instead=_one_line(form.instead.data),
        route=[desk, *(each for each in form.desks.data or [] if each != desk)] if desk else [],
        phrases=lines("phrases"),
        with_=lines("with_"),
        and_with=lines("and_with"),
        unless=lines("unless"),
        affiliations=[form.affiliation.data] if form.affiliation.data else [],
        kinds=form.kinds.data or [],
        products=form.products.data or [],
        countries=[code.strip().upper() for code in (form.countries.data or "").split(",")
                   if code.strip()],
        begins=form.begins.data,
        ends=form.ends.data,
        hit=lines("hit"),
        miss=lines("miss"),
    )  # fmt: skip


def _one_line(text: str | None) -> str:
    return " ".join((text or "").split())


@blueprint.post("/drafts/<int:draft_id>/rules/<rule_id>")
def take_rule(draft_id: int, rule_id: str) -> ResponseReturnValue:
    """Change one rule; whatever goes wrong, what was typed is shown again."""
    draft = editable(draft_id)
    queries.get_rule(viewer=current_member(), draft=draft, rule_id=rule_id)
    as_text = "text" in request.form
    form: Form = RuleTextForm() if as_text else _sent_form(draft)
    if not form.validate():
        return _rule_again(draft, rule_id, form)
    try:
        new_id = services.change_rule(
            actor=current_member(),
            draft=draft,
            rule_id=rule_id,
            text=_text_of(form, draft, rule_id),
            seen=str(form["seen"].data or ""),
        )
    except Invalid as refusal:
        return _rule_again(draft, rule_id, form, refusal)
    except Conflict as refusal:
        theirs = blocks.find_block(draft.source, rule_id)
        text = theirs.text if theirs is not None else ""
        form["seen"].data = services.mark_of(text)
        return _rule_again(draft, rule_id, form, refusal, theirs=text)
    _say_saved(draft, new_id)
    return redirect(url_for(".rule", draft_id=draft_id, rule_id=new_id), 303)


def _text_of(form: Form, draft: SetDraft, rule_id: str) -> str:
    if isinstance(form, RuleForm):
        block = blocks.find_block(draft.source, rule_id)
        return rule_fields.written(block.text if block is not None else SKELETON, _fields_of(form))
    return str(form["text"].data or "")


def _say_saved(draft: SetDraft, rule_id: str) -> None:
    found = queries.get_rule(viewer=current_member(), draft=draft, rule_id=rule_id)
    if found.problems or found.broken:
        flash(gettext("Saved, with faults that must be mended before it can be signed."), "wait")
    else:
        flash(gettext("Saved. All its examples do what they should."))


def _rule_again(
    draft: SetDraft, rule_id: str, form: Form, refusal: Refusal | None = None, theirs: str = ""
) -> ResponseReturnValue:
    return again("guardrails/rule.html", form, refusal, theirs=theirs, **_values(draft, rule_id))


@blueprint.post("/drafts/<int:draft_id>/rules/<rule_id>/remove")
def remove_rule(draft_id: int, rule_id: str) -> ResponseReturnValue:
    """Take one rule out of a draft."""
    draft, form = editable(draft_id), MarkForm()
    services.remove_rule(
        actor=current_member(), draft=draft, rule_id=rule_id, seen=form.seen.data or ""
    )
    return done(gettext("The rule %(id)s is out of the draft.", id=rule_id), ".draft",
                draft_id=draft_id)  # fmt: skip


@blueprint.get("/drafts/<int:draft_id>/new-rule")
def new_rule(draft_id: int) -> ResponseReturnValue:
    """Show the form for another rule."""
    draft = editable(draft_id)
    form = _form_of(draft, SKELETON, as_text=request.args.get("as") == "text")
    if isinstance(form, RuleForm):
        form.affiliation.data, form.outcome.data, form.kind.data = "company", "advise", "other"
    return render_template("guardrails/new_rule.html", sheet=sheet_of(draft), form=form)


@blueprint.post("/drafts/<int:draft_id>/new-rule")
def take_new_rule(draft_id: int) -> ResponseReturnValue:
    """Put another rule into a draft."""
    draft = editable(draft_id)
    form: Form = RuleTextForm() if "text" in request.form else _sent_form(draft)
    if not form.validate():
        return again("guardrails/new_rule.html", form, sheet=sheet_of(draft))
    try:
        new_id = services.add_rule(
            actor=current_member(), draft=draft, text=_text_of(form, draft, "")
        )
    except Invalid as refusal:
        return again("guardrails/new_rule.html", form, refusal, sheet=sheet_of(draft))
    _say_saved(draft, new_id)
    return redirect(url_for(".rule", draft_id=draft_id, rule_id=new_id), 303)
