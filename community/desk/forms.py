"""The form of a decision."""

from __future__ import annotations

from wtforms import HiddenField, TextAreaField
from wtforms.validators import AnyOf, InputRequired

from community.kernel.forms import Form, WholeNumberField, lazy_text
from community.reviews.models import DecisionKind


class DecisionForm(Form):
    """What is decided, why, and on which version of the case."""

    version = WholeNumberField(validators=[InputRequired()])
    decision = HiddenField(validators=[AnyOf([kind.value for kind in DecisionKind])])
    reason = TextAreaField(lazy_text("What the author reads"))
