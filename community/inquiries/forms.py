"""The forms of inquiries: a letter, an answer, a closing word."""

from __future__ import annotations

import uuid
from typing import Any

from wtforms import HiddenField, RadioField, StringField, TextAreaField
from wtforms.validators import UUID, InputRequired

from community.kernel.forms import Form, WholeNumberField, lazy_text


def new_key() -> str:
    """Return a name for a request, so that it does one thing however often it is sent."""
    return str(uuid.uuid4())


class LetterForm(Form):
    """What a member writes to Medical Information."""

    text = TextAreaField(lazy_text("What do you want to know?"))
    client_key = HiddenField(default=new_key, validators=[UUID()])


FULL = "full"
EXTENTS = (
    (FULL, lazy_text("Yes, with all that was asked")),
    ("first", lazy_text("No, a first answer: the full one follows")),
)


class AnswerForm(Form):
    """What Medical Information writes to a member."""

    text = TextAreaField(lazy_text("Your answer"))
    references = TextAreaField(lazy_text("References, one a line"))
    delivery = StringField(lazy_text("Sent otherwise too"))
    extent = RadioField(lazy_text("Is this the full answer?"), validators=[InputRequired()])
    client_key = HiddenField(default=new_key, validators=[UUID()])
    version = WholeNumberField(validators=[InputRequired()])

    def __init__(self, *formdata: Any, **values: Any) -> None:
        super().__init__(*formdata, **values)
        self.extent.choices = list(EXTENTS)


OUTCOMES = (
    ("within_label", lazy_text("Within the label: the room may talk of it")),
    ("closed", lazy_text("It needs no answer, or had one elsewhere")),
)


class CloseForm(Form):
    """How an inquiry closes, and why."""

    outcome = RadioField(lazy_text("How it closes"))
    reason = TextAreaField(lazy_text("What the member reads"))
    version = WholeNumberField(validators=[InputRequired()])

    def __init__(self, *formdata: Any, **values: Any) -> None:
        super().__init__(*formdata, **values)
        self.outcome.choices = list(OUTCOMES)
