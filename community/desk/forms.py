"""The form of a decision."""

from __future__ import annotations

from collections.abc import Sequence

from wtforms import HiddenField, TextAreaField
from wtforms.validators import AnyOf, InputRequired, Optional

from community.kernel.forms import Form, WholeNumberField, lazy_text, sent_fields
from community.reviews.models import Deadline, DecisionKind, Settled


class DecisionForm(Form):
    """What is decided, why, and on which version of the case."""

    version = WholeNumberField(validators=[InputRequired()])
    decision = HiddenField(validators=[AnyOf([kind.value for kind in DecisionKind])])
    reason = TextAreaField(lazy_text("What the author reads"))

    def said(self, waiting: Sequence[Deadline]) -> dict[int, Settled]:
        """Return what was said of each step that waits, by its key; no word is no entry.

        `rest` says it of all of which nothing else was said: "this is no case at all".
        """
        sent, known = sent_fields(), {how.value: how for how in Settled}
        rest = sent.get("rest", "")
        words = {step.id: sent.get(f"step-{step.id}", "") or rest for step in waiting}
        return {key: known[word] for key, word in words.items() if word in known}


class AgainForm(Form):
    """Why a closed case is opened again, and on which version of it."""

    version = WholeNumberField(validators=[InputRequired()])
    reason = TextAreaField(lazy_text("Why it is opened again"))


class StepForm(Form):
    """What became of one step; empty where it waits again."""

    settled = HiddenField(validators=[Optional(), AnyOf([how.value for how in Settled])])
