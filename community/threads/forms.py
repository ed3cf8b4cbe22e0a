"""The forms of threads: a new thread, a reply, an edit, a reason."""

from __future__ import annotations

import uuid
from typing import Any

from wtforms import (
    BooleanField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import UUID, Optional

from community.kernel import kept_pages
from community.kernel.forms import Form, lazy_text
from community.threads.services.corrections import Correction
from community.threads.services.reporting import REASONS


def new_key() -> str:
    """Return a name for a request, so that it does one thing however often it is sent."""
    return kept_pages.fresh(lambda: str(uuid.uuid4()))


class WrittenForm(Form):
    """What every form carries in which one writes: its key, and advice that one has read.

    `confirmed` are rules, separated by commas; `seen_set` is the set that gave the last verdict.
    """

    client_key = HiddenField(default=new_key, validators=[UUID()])
    confirmed = HiddenField()
    advice_reason = StringField(lazy_text("Why it goes out all the same"))
    seen_set = HiddenField()

    @property
    def advice(self) -> dict[str, Any]:
        """What was confirmed, and why, as the services take it."""
        rules = (self.confirmed.data or "").split(",")
        return {
            "confirmed": [rule.strip() for rule in rules if rule.strip()],
            "advice_reason": self.advice_reason.data or "",
            "seen_set": self.seen_set.data or "",
        }


class ReplyForm(WrittenForm):
    """A reply. What is wrong with its text is said by the service."""

    text = TextAreaField(lazy_text("Your reply"))
    reply_to = HiddenField()
    seq = HiddenField(default="0")


class EditForm(WrittenForm):
    """Another wording of a post."""

    text = TextAreaField(lazy_text("Your post"))
    seq = HiddenField(default="0")


KINDS = (
    ("discussion", lazy_text("Discussion")),
    ("question", lazy_text("Question")),
    ("case", lazy_text("Case")),
    ("journal_club", lazy_text("Paper")),
)


class ThreadForm(WrittenForm):
    """A new thread with its first post."""

    title = StringField(lazy_text("Title"))
    kind = SelectField(lazy_text("Kind"), default="discussion")
    tags = SelectMultipleField(lazy_text("Topics"), validators=[Optional()])
    text = TextAreaField(lazy_text("What do you want to say or ask?"))
    seq = HiddenField(default="0")

    def __init__(self, *formdata: Any, **values: Any) -> None:
        super().__init__(*formdata, **values)
        self.kind.choices = list(KINDS)


class PointerForm(WrittenForm):
    """That the pointer is to be sent: there is nothing to write."""

    beyond_label = BooleanField(lazy_text("The question asks for a use outside the label"))


class QuestionForm(Form):
    """What a member asks Medical Information about a post."""

    text = TextAreaField(lazy_text("What do you want to know?"))
    client_key = HiddenField(default=new_key, validators=[UUID()])


class CorrectionForm(WrittenForm):
    """One false statement of fact, what is right, and where it stands."""

    their_words = TextAreaField(lazy_text("The statement, in their words"))
    fact = TextAreaField(lazy_text("What is right"))
    reference = StringField(lazy_text("Source"))
    label = StringField(lazy_text("Current label"))

    @property
    def correction(self) -> Correction:
        """What was filled in, as the service takes it."""
        return Correction(
            their_words=self.their_words.data or "",
            fact=self.fact.data or "",
            reference=self.reference.data or "",
            label=self.label.data or "",
        )


class ReportForm(Form):
    """Why the moderators should look at a post."""

    reason = RadioField(lazy_text("Why"))
    words = TextAreaField(lazy_text("In your own words"))
    client_key = HiddenField(default=new_key, validators=[UUID()])

    def __init__(self, *formdata: Any, **values: Any) -> None:
        super().__init__(*formdata, **values)
        self.reason.choices = [(each.value, lazy_text(said)) for each, said in REASONS.items()]


class ReasonForm(Form):
    """Why something is done, for the person concerned."""

    reason = TextAreaField(lazy_text("Why"))
