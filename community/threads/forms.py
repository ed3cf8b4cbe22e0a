"""The forms of threads: a new thread, a reply, an edit, a reason."""

from __future__ import annotations

import uuid

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import UUID, Optional


def new_key() -> str:
    """Return a name for a request, so that it does one thing however often it is sent."""
    return str(uuid.uuid4())


class ReplyForm(FlaskForm):  # type: ignore[misc]
    """A reply. What is wrong with its text is said by the service."""

    text = TextAreaField(_l("Your reply"))
    client_key = HiddenField(default=new_key, validators=[UUID()])
    reply_to = HiddenField()
    seq = HiddenField()


class EditForm(FlaskForm):  # type: ignore[misc]
    """Another wording of a post."""

    text = TextAreaField(_l("Your post"))
    client_key = HiddenField(default=new_key, validators=[UUID()])


class ThreadForm(FlaskForm):  # type: ignore[misc]
    """A new thread with its first post."""

    title = StringField(_l("Title"))
    kind = SelectField(
        _l("Kind"),
        choices=[
            ("discussion", _l("Discussion")),
            ("question", _l("Question")),
            ("case", _l("Case")),
            ("journal_club", _l("Paper")),
        ],
        default="discussion",
    )
    tags = SelectMultipleField(_l("Topics"), validators=[Optional()])
    text = TextAreaField(_l("What do you want to say or ask?"))
    client_key = HiddenField(default=new_key, validators=[UUID()])
    seq = HiddenField()


class ReasonForm(FlaskForm):  # type: ignore[misc]
    """Why something is done, for the person concerned."""

    reason = TextAreaField(_l("Why"))
