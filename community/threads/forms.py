"""The forms of threads: a new thread, a reply, an edit, a reason."""

from __future__ import annotations

import uuid
from typing import Any

from wtforms import HiddenField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import UUID, Optional

from community.kernel.forms import Form, lazy_text


def new_key() -> str:
    """Return a name for a request, so that it does one thing however often it is sent."""
    return str(uuid.uuid4())


class ReplyForm(Form):
    """A reply. What is wrong with its text is said by the service."""

    text = TextAreaField(lazy_text("Your reply"))
    client_key = HiddenField(default=new_key, validators=[UUID()])
    reply_to = HiddenField()
    seq = HiddenField(default="0")


class EditForm(Form):
    """Another wording of a post."""

    text = TextAreaField(lazy_text("Your post"))
    client_key = HiddenField(default=new_key, validators=[UUID()])


KINDS = (
    ("discussion", lazy_text("Discussion")),
    ("question", lazy_text("Question")),
    ("case", lazy_text("Case")),
    ("journal_club", lazy_text("Paper")),
)


class ThreadForm(Form):
    """A new thread with its first post."""

    title = StringField(lazy_text("Title"))
    kind = SelectField(lazy_text("Kind"), default="discussion")
    tags = SelectMultipleField(lazy_text("Topics"), validators=[Optional()])
    text = TextAreaField(lazy_text("What do you want to say or ask?"))
    client_key = HiddenField(default=new_key, validators=[UUID()])
    seq = HiddenField(default="0")

    def __init__(self, *formdata: Any, **values: Any) -> None:
        super().__init__(*formdata, **values)
        self.kind.choices = list(KINDS)


class ReasonForm(Form):
    """Why something is done, for the person concerned."""

    reason = TextAreaField(lazy_text("Why"))
