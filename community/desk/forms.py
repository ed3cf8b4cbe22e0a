"""The form of a decision."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, IntegerField, TextAreaField
from wtforms.validators import AnyOf, InputRequired

from community.reviews.models import DecisionKind


class DecisionForm(FlaskForm):  # type: ignore[misc]
    """What is decided, why, and on which version of the case."""

    version = IntegerField(validators=[InputRequired()])
    decision = HiddenField(validators=[AnyOf([kind.value for kind in DecisionKind])])
    reason = TextAreaField(_l("What the author reads"))
