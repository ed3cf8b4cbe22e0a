"""The form of a decision."""

from __future__ import annotations

from wtforms import HiddenField, TextAreaField
from wtforms.validators import AnyOf, InputRequired, Optional

from community.kernel.forms import Form, WholeNumberField, lazy_text
from community.reviews.models import DecisionKind, Settled


class DecisionForm(Form):
    """What is decided, why, and on which version of the case."""

    version = WholeNumberField(validators=[InputRequired()])
    decision = HiddenField(validators=[AnyOf([kind.value for kind in DecisionKind])])
    reason = TextAreaField(lazy_text("What the author reads"))
    rest = HiddenField(validators=[Optional(), AnyOf([how.value for how in Settled])])


class StepForm(Form):
    """What became of one step; empty where it waits again."""

    settled = HiddenField(validators=[Optional(), AnyOf([how.value for how in Settled])])
