"""What the pages about invitations may send."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext
from wtforms import (
    HiddenField,
    PasswordField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import AnyOf, InputRequired, Length, NumberRange, Optional

from community.invitations.services import LONGEST_DAYS, USUAL_DAYS
from community.kernel.forms import Form, WholeNumberField, lazy_text
from community.members.forms import countries, professions
from community.spaces.forms import role_name
from community.spaces.models import Role
from community.spaces.queries import Opened

LONGEST_LIST = 60_000
_REQUIRED = InputRequired(lazy_text("This can't be empty."))


def _most(count: int) -> Length:
    return Length(max=count, message=lazy_text("That is too long."))


class TermsForm(Form):
    """Into what somebody is invited, as what, with which words."""

    affiliation = SelectField(lazy_text("Works"), [Optional()], default="hcp")
    role = SelectField(lazy_text("As"), [_REQUIRED], default=Role.MEMBER.value)
    places = SelectMultipleField(lazy_text("Into"), [Optional()])
    note = TextAreaField(lazy_text("A personal word"), [_most(2000)])
    expires_days = WholeNumberField(
        lazy_text("Open for, in days"),
        [
            _REQUIRED,
            NumberRange(1, LONGEST_DAYS, lazy_text("Between one day and sixty.")),
        ],
        default=USUAL_DAYS,
    )

    def offer_choices(self, offered: Sequence[Opened], roles: Sequence[Role]) -> None:
        """Fill the lists with what this inviter may give."""
        self.places.choices = [(each.space.slug, each.space.name) for each in offered]
        self.role.choices = [(role.value, role_name(role.value)) for role in roles]
        self.affiliation.choices = [
            ("hcp", gettext("in health care")),
            ("company", gettext("for the company")),
        ]


class InviteForm(TermsForm):
    """The same with who is invited."""

    email = StringField(lazy_text("E-mail"), [_REQUIRED, _most(254)])


class SeveralForm(TermsForm):
    """The same with a list of people, and whether it is looked over, changed or sent."""

    people = TextAreaField(lazy_text("Who, one address a line"), [_REQUIRED, _most(LONGEST_LIST)])
    step = HiddenField(validators=[AnyOf(("look", "change", "send"))], default="look")


class AnswerForm(Form):
    """Yes or no, with a reason that may stay empty."""

    reason = TextAreaField(lazy_text("Why (you may leave it empty)"), [_most(1000)])


class VersionForm(Form):
    """A deed on the version that the page showed."""

    version = WholeNumberField(validators=[_REQUIRED, NumberRange(0, 2**31)])
    reason = HiddenField(validators=[_most(1000)])


class JoinForm(Form):
    """A new member: how colleagues will know them, and how they sign in."""

    title = StringField(lazy_text("Position (may stay empty)"), [_most(64)])
    name = StringField(lazy_text("Name"), [_REQUIRED, _most(255)])
    institution = StringField(lazy_text("Institution (may stay empty)"), [_most(255)])
    password = PasswordField(lazy_text("Password"), [_REQUIRED])
    time_zone = HiddenField(validators=[_most(64)])


class JoinAsProfessionalForm(JoinForm):
    """The same with proof of profession, for those who do not work for the company."""

    profession = SelectField(lazy_text("Profession"), [_REQUIRED])
    country = SelectField(lazy_text("Country of the licence"), [_REQUIRED])
    licence_number = StringField(lazy_text("Licence number"), [_REQUIRED, _most(255)])
    issuing_body = StringField(lazy_text("Issued by"), [_REQUIRED, _most(255)])

    def offer_choices(self) -> None:
        """Fill the lists."""
        self.country.choices = countries()
        self.profession.choices = professions()
