"""Pages on which co-authors try a draft out and comment it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community.guardrails import access, engine, queries, services
from community.guardrails.engine import Context, GuardrailSet, Note, Verdict
from community.guardrails.forms import CommentForm, TryForm
from community.guardrails.models import SetDraft
from community.guardrails.views.blueprint import blueprint
from community.guardrails.views.drafts import opened, sheet_of
from community.kernel import clock
from community.kernel.access import require
from community.kernel.errors import Invalid
from community.members.session import current_member, next_place
from community.members.views.answers import again, done
from community.spaces import queries as spaces


@dataclass(frozen=True)
class Piece:
    """A stretch of a text that was tried out, with the outcome it met and the notes on it."""

    text: str
    outcome: str = ""
    numbers: tuple[int, ...] = ()


@dataclass(frozen=True)
class Tried:
    """What one set says to a text."""

    name: str
    verdict: Verdict
    notes: Sequence[Note]
    pieces: Sequence[Piece]


@blueprint.route("/drafts/<int:draft_id>/try", methods=["GET", "POST"])
def try_out(draft_id: int) -> ResponseReturnValue:
    """Say what a draft finds in a text, beside the set in force. Nothing is kept."""
    draft = opened(draft_id)
    sheet, rules = sheet_of(draft), queries.load(draft.source, draft.products).rules
    form = TryForm(None) if request.method == "GET" else TryForm()
    tried: list[Tried] = []
    status = 200
    if rules is not None:
        places = spaces.viewer_memberships(viewer=current_member())
        form.offer(rules, [(place.space.slug, place.space.name) for place in places])
        if request.method == "POST" and form.validate():
            tried = _tried(form, rules)
        elif request.method == "POST":
            status = 422
    return render_template("guardrails/try.html", sheet=sheet, form=form, tried=tried), status


def _tried(form: TryForm, rules: GuardrailSet) -> list[Tried]:
    context, text = _context(form, rules), form.text.data or ""
    found = [_judged(gettext("This draft"), text, rules, context)]
    in_force = queries.find_set_in_force()
    if in_force is not None:
        name = gettext("In force: %(name)s %(version)s", name=in_force.name,
                       version=in_force.version)  # fmt: skip
        found.append(_judged(name, text, queries.rules_of(in_force), context))
    return found


def _context(form: TryForm, rules: GuardrailSet) -> Context:
    is_company = form.author.data != "hcp"
    role = {"msl": "msl", "moderator": "moderator"}.get(form.author.data or "", "member")
    answered = form.answered.data or ""
    return Context(
        affiliation="company" if is_company else "hcp",
        role=role,
        space=form.space.data or "",
        kind=form.kind.data or "post",
        countries=frozenset(form.countries.data or rules.countries),
        products=frozenset(form.products.data or ()),
        answered=answered,
        thread_texts=(answered,) if answered else None,
        marks=frozenset({"off_label"} if form.off_label.data else ()),
        today=clock.today(),
    )


def _judged(name: str, text: str, rules: GuardrailSet, context: Context) -> Tried:
    verdict = engine.evaluate(text, rules, context)
    notes = engine.notes_on(text, verdict.findings)
    return Tried(name, verdict, notes, _pieces(text, verdict, notes))


def _pieces(text: str, verdict: Verdict, notes: Sequence[Note]) -> list[Piece]:
    """Cut a text where marks begin and end; notes are numbered from 1."""
    pieces: list[Piece] = []
    at = 0
    for mark in verdict.marks:
        numbers = engine.numbers_of(mark, verdict.findings, notes)
        pieces.append(Piece(text[at : mark.start]))
        pieces.append(Piece(text[mark.start : mark.end], mark.outcome, tuple(numbers)))
        at = mark.end
    pieces.append(Piece(text[at:]))
    return [piece for piece in pieces if piece.text]


# --- remarks --------------------------------------------------------------------------------------


@blueprint.get("/drafts/<int:draft_id>/comments")
def comments(draft_id: int) -> ResponseReturnValue:
    """Show the remarks on a draft."""
    draft = opened(draft_id)
    return render_template("guardrails/comments.html", form=CommentForm(None), **_talk(draft))


def _talk(draft: SetDraft) -> dict[str, Any]:
    return {
        "sheet": sheet_of(draft),
        "comments": queries.comments(draft=draft),
        "viewer_id": current_member().id,
    }


@blueprint.post("/drafts/<int:draft_id>/comments")
def add_comment(draft_id: int) -> ResponseReturnValue:
    """Remark on a draft, or on the rule that the form names."""
    draft, form = opened(draft_id), CommentForm()
    require(access.may_comment(current_member(), draft))
    if not form.validate():
        return again("guardrails/comments.html", form, **_talk(draft))
    try:
        services.add_comment(
            actor=current_member(),
            draft=draft,
            text=form.text.data or "",
            rule_id=form.rule_id.data or "",
        )
    except Invalid as refusal:
        return again("guardrails/comments.html", form, refusal, **_talk(draft))
    if form.rule_id.data:
        place = url_for(".rule", draft_id=draft_id, rule_id=form.rule_id.data, _anchor="comments")
        return redirect(place, 303)
    return redirect(url_for(".comments", draft_id=draft_id), 303)


@blueprint.post("/drafts/<int:draft_id>/comments/<int:comment_id>/settle")
def settle_comment(draft_id: int, comment_id: int) -> ResponseReturnValue:
    """Say that a remark has been dealt with."""
    draft = opened(draft_id)
    comment = queries.get_comment(draft=draft, comment_id=comment_id)
    services.settle_comment(actor=current_member(), draft=draft, comment=comment)
    back = next_place("")
    if back:
        return redirect(back, 303)
    return done(gettext("Settled."), ".comments", draft_id=draft_id)
