"""What the pages about spaces may send."""

from __future__ import annotations

from flask_babel import gettext
from wtforms import (
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import AnyOf, InputRequired, Length, NumberRange, Optional

from community.kernel import paths, settings
from community.kernel.forms import Form, WholeNumberField, lazy_text
from community.members.forms import Choices, countries, time_zones
from community.spaces.models import Role, Space
from community.spaces.services import LONGEST_PAUSE, Charter, Frame
from community.spaces.services.charters import LANGUAGE_CODES, MOST_EDIT_MINUTES

_REQUIRED = InputRequired(lazy_text("This can't be empty."))


def _most(count: int) -> Length:
    return Length(max=count, message=lazy_text("That is too long."))


class CharterForm(Form):
    """What members read about a space."""

    name = StringField(lazy_text("Name"), [_REQUIRED, _most(120)])
    purpose = TextAreaField(lazy_text("Purpose"), [_REQUIRED, _most(5000)])
    value = TextAreaField(lazy_text("What is in it for members"), [_REQUIRED, _most(5000)])
    offline = TextAreaField(lazy_text("The work outside"), [_most(5000)])
    goals = TextAreaField(lazy_text("Goals, one a line"), [_most(6000)])
    company_use = TextAreaField(lazy_text("What the company does with what is said"), [_most(5000)])
    not_for = TextAreaField(lazy_text("What it is not for"), [_most(5000)])
    topics = TextAreaField(lazy_text("Topics, one a line"), [_most(6000)])
    version = WholeNumberField(validators=[Optional(), NumberRange(0, 2**31)])

    def charter(self) -> Charter:
        """Return the texts as they were sent."""
        return Charter(
            name=self.name.data or "",
            purpose=self.purpose.data or "",
            value=self.value.data or "",
            offline=self.offline.data or "",
            goals=(self.goals.data or "").splitlines(),
            company_use=self.company_use.data or "",
            not_for=self.not_for.data or "",
            topics=(self.topics.data or "").splitlines(),
        )


class SpaceForm(CharterForm):
    """The same with what an administrator settles."""

    countries = SelectMultipleField(lazy_text("Countries"), [Optional()])
    products = SelectMultipleField(lazy_text("Medicines of ours it is about"), [Optional()])
    languages = SelectMultipleField(lazy_text("Languages"), [Optional()], default=["en"])
    time_zone = SelectField(lazy_text("Time zone"), [_REQUIRED], default="Europe/London")
    edit_minutes = WholeNumberField(
        lazy_text("Minutes in which one may edit one's post"),
        [
            InputRequired(lazy_text("This can't be empty.")),
            NumberRange(0, MOST_EDIT_MINUTES, lazy_text("Between nothing and a week.")),
        ],
        default=30,
    )

    def offer_choices(self, zone: str = "UTC") -> None:
        """Fill the lists; the present time zone is always among them."""
        self.countries.choices = countries()[1:]
        self.products.choices = _products()
        self.languages.choices = _languages()
        self.time_zone.choices = time_zones(zone)

    def frame(self) -> Frame:
        """Return what an administrator settles, as it was sent."""
        return Frame(
            countries=self.countries.data or (),
            products=self.products.data or (),
            languages=self.languages.data or (),
            time_zone=self.time_zone.data or "",
            edit_minutes=self.edit_minutes.data or 0,
        )


class NewSpaceForm(SpaceForm):
    """A space that is to be made."""

    slug = StringField(lazy_text("Address"), [_REQUIRED, _most(64)])


class ReasonForm(Form):
    """A deed with a reason that the person concerned reads."""

    reason = TextAreaField(lazy_text("Why"), [_REQUIRED, _most(2000)])


class ArchiveForm(ReasonForm):
    """The same on the version of the space that the page showed."""

    version = WholeNumberField(validators=[_REQUIRED, NumberRange(0, 2**31)])


class PauseForm(ReasonForm):
    """A pause that is proposed."""

    days = WholeNumberField(
        lazy_text("Days"),
        [
            _REQUIRED,
            NumberRange(1, LONGEST_PAUSE, lazy_text("Between one day and fourteen.")),
        ],
        default=7,
    )


class VersionForm(Form):
    """A deed on the version that the page showed."""

    version = WholeNumberField(validators=[_REQUIRED, NumberRange(0, 2**31)])


class RoleForm(Form):
    """Another role for a member, on the version of the place that the page showed."""

    role = StringField(validators=[AnyOf([role.value for role in Role])])
    version = WholeNumberField(validators=[_REQUIRED, NumberRange(0, 2**31)])


class EmptyForm(Form):
    """A deed that needs no more than the press of its button."""


def filled(form_type: type[CharterForm], space: Space) -> CharterForm:
    """Return a form that holds what a space is now."""
    return form_type(
        None,
        obj=space,
        goals="\n".join(space.goals),
        topics="\n".join(space.topics),
        version=space.version,
    )


def role_name(code: str) -> str:
    """Return a role in the reader's language."""
    names = {
        Role.MEMBER: gettext("Member"),
        Role.CONTRIBUTOR: gettext("Contributor"),
        Role.MODERATOR: gettext("Moderator"),
        Role.MSL: gettext("Medical Science Liaison"),
    }
    return str(names[Role(code)])


def _products() -> Choices:
    folder = (settings.current().policies_dir or paths.POLICIES) / "products"
    return [(path.stem, path.stem.capitalize()) for path in sorted(folder.glob("*.toml"))]


def _languages() -> Choices:
    names = {
        "en": gettext("English"),
        "de": gettext("German"),
        "fr": gettext("French"),
        "es": gettext("Spanish"),
    }
    return [(code, names[code]) for code in LANGUAGE_CODES]
