"""What the pages about members may send."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any, cast
from zoneinfo import available_timezones

from babel import Locale
from flask_babel import gettext
from flask_wtf.file import FileField
from wtforms import (
    DateField,
    HiddenField,
    PasswordField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from community.kernel import locale
from community.kernel.forms import Form, WholeNumberField
from community.kernel.forms import lazy_text as lazy_gettext
from community.members.models import Duty, Member

_REQUIRED = InputRequired(lazy_gettext("This can't be empty."))
_NO_COUNTRIES = {"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"}


def _most(count: int) -> Length:
    return Length(max=count, message=lazy_gettext("That is too long."))


class SignInForm(Form):
    """Address and password."""

    email = StringField(lazy_gettext("E-mail"), [_REQUIRED, _most(254)])
    password = PasswordField(lazy_gettext("Password"), [_REQUIRED])
    next = HiddenField()


class AskForLinkForm(Form):
    """An address that a link may go to."""

    email = StringField(lazy_gettext("E-mail"), [_REQUIRED, _most(254)])


class NewPasswordForm(Form):
    """A password, set by a link."""

    password = PasswordField(lazy_gettext("New password"), [_REQUIRED])


class ChangePasswordForm(NewPasswordForm):
    """A password, changed by one who knows the present one."""

    current = PasswordField(lazy_gettext("Present password"), id="present-password")


class ChangeEmailForm(Form):
    """A new address, and proof that it is still the same person."""

    email = StringField(lazy_gettext("New e-mail"), [_REQUIRED, _most(254)])
    current = PasswordField(lazy_gettext("Password"))


class CodeForm(Form):
    """Six digits from the app, or a recovery code."""

    code = StringField(lazy_gettext("Code"), [_REQUIRED, _most(32)])
    next = HiddenField()


class ConfirmForm(Form):
    """The password once more, from one who has no second factor."""

    password = PasswordField(lazy_gettext("Password"), [_REQUIRED])
    next = HiddenField()


class AuthenticatorForm(Form):
    """The first digits of a new app, and the sealed secret that it was given."""

    offer_key = HiddenField(validators=[_REQUIRED, _most(500)])
    code = StringField(lazy_gettext("Six digits"), [_REQUIRED, _most(32)])


class PasskeyNameForm(Form):
    """What somebody calls a passkey."""

    name = StringField(lazy_gettext("Name"), [_REQUIRED, _most(60)])


class ProfileForm(Form):
    """What colleagues see of one, and how pages speak."""

    name = StringField(lazy_gettext("Name"), [_REQUIRED, _most(255)])
    title = StringField(lazy_gettext("Position"), [_most(64)])
    specialty = StringField(lazy_gettext("Specialty"), [_most(255)])
    institution = StringField(lazy_gettext("Institution"), [_most(255)])
    country = SelectField(lazy_gettext("Country"))
    interests = TextAreaField(lazy_gettext("Disclosure of interests"), [_most(4000)])
    time_zone = SelectField(lazy_gettext("Time zone"))
    language = SelectField(lazy_gettext("Language"))

    def offer_choices(self, member: Member) -> None:
        """Fill the lists; what the member has now is always among them."""
        self.country.choices = countries()
        self.language.choices = languages()
        self.time_zone.choices = time_zones(member.time_zone)


class PhotoForm(Form):
    """A picture of oneself."""

    photo = FileField(lazy_gettext("Photo"))


class CredentialForm(Form):
    """Proof of profession."""

    profession = SelectField(lazy_gettext("Profession"), [_REQUIRED])
    licence_number = StringField(lazy_gettext("Licence number"), [_REQUIRED, _most(255)])
    issuing_body = StringField(lazy_gettext("Issued by"), [_REQUIRED, _most(255)])
    country = SelectField(lazy_gettext("Country of the licence"), [_REQUIRED])

    def offer_choices(self) -> None:
        """Fill the lists."""
        self.country.choices = countries()
        self.profession.choices = professions()


class CheckForm(Form):
    """A credential was looked up and is right."""

    note = TextAreaField(lazy_gettext("What you looked up"), [_most(2000)])
    recheck_on = DateField(lazy_gettext("Look again on"), [_REQUIRED])
    version = WholeNumberField(validators=[_REQUIRED, NumberRange(0, 2**31)])


class ReasonForm(Form):
    """A deed that needs a reason, on the version that the page showed."""

    reason = TextAreaField(lazy_gettext("Reason"), [_REQUIRED, _most(2000)])
    version = WholeNumberField(validators=[_REQUIRED, NumberRange(0, 2**31)])


class ResetForm(Form):
    """A lost second factor, and how it was made sure who asks."""

    proof = TextAreaField(
        lazy_gettext("How you made sure that it is they who ask"), [_REQUIRED, _most(2000)]
    )
    version = WholeNumberField(validators=[_REQUIRED, NumberRange(0, 2**31)])


class VersionForm(Form):
    """A deed on the version that the page showed."""

    version = WholeNumberField(validators=[_REQUIRED, NumberRange(0, 2**31)])


class JobForm(VersionForm):
    """What a member does at the company."""

    job = StringField(lazy_gettext("Role at the company"), [_REQUIRED, _most(255)])


class DutiesForm(VersionForm):
    """All duties that a member is to hold."""

    duties = SelectMultipleField(lazy_gettext("Duties"), [Optional()])

    def offer_choices(self) -> None:
        """Fill the list."""
        self.duties.choices = duties()


class NewMemberForm(Form):
    """A member of the company, made by an administrator."""

    email = StringField(lazy_gettext("E-mail"), [_REQUIRED, _most(254)])
    name = StringField(lazy_gettext("Name"), [_REQUIRED, _most(255)])
    job = StringField(lazy_gettext("Role at the company"), [_REQUIRED, _most(255)])
    country = SelectField(lazy_gettext("Country"), [Optional()])
    duties = SelectMultipleField(lazy_gettext("Duties"), [Optional()])

    def offer_choices(self) -> None:
        """Fill the lists."""
        self.country.choices = countries()
        self.duties.choices = duties()


Choices = list[tuple[str, Any]]


def duties() -> Choices:
    """Return all duties with their names in the reader's language."""
    names = {
        Duty.ADMINISTRATOR: gettext("Administrator"),
        Duty.VERIFICATION: gettext("Verification of credentials"),
        Duty.COMPLIANCE: gettext("Compliance"),
        Duty.MEDICAL: gettext("Medical"),
        Duty.LEGAL: gettext("Legal"),
        Duty.REGULATORY: gettext("Regulatory"),
        Duty.SAFETY: gettext("Safety"),
        Duty.QUALITY: gettext("Quality"),
        Duty.MEDICAL_INFORMATION: gettext("Medical information"),
        Duty.PRIVACY: gettext("Privacy"),
    }
    return [(duty.value, names[duty]) for duty in Duty]


def professions() -> Choices:
    """Return professions with their names in the reader's language."""
    return [
        ("", gettext("Choose one")),
        ("physician", gettext("Physician")),
        ("nurse", gettext("Nurse")),
        ("pharmacist", gettext("Pharmacist")),
        ("dentist", gettext("Dentist")),
        ("midwife", gettext("Midwife")),
        ("psychologist", gettext("Psychologist")),
        ("physiotherapist", gettext("Physiotherapist")),
        ("dietitian", gettext("Dietitian")),
        ("scientist", gettext("Clinical scientist")),
        ("other", gettext("Another health profession")),
    ]


def countries() -> Choices:
    """Return countries by their name in the reader's language, with an empty choice first."""
    return [("", gettext("Choose one")), *_countries_in(locale.current())]


@cache
def _countries_in(language: str) -> Choices:
    territories = Locale.parse(language).territories
    found = [
        (code, name)
        for code, name in territories.items()
        if len(code) == 2 and code.isalpha() and code not in _NO_COUNTRIES
    ]
    return sorted(found, key=lambda pair: _unaccented(pair[1]))


def _unaccented(text: str) -> str:
    parts = unicodedata.normalize("NFKD", text)
    return "".join(part for part in parts if not unicodedata.combining(part)).casefold()


def country_name(code: str) -> str:
    """Return a country's name in the reader's language; the code itself where it has none."""
    return str(Locale.parse(locale.current()).territories.get(code.upper(), code))


def languages() -> Choices:
    """Return the languages that pages speak, each by its own name."""
    return [
        (code, (Locale.parse(code).get_display_name(code) or code).capitalize())
        for code in locale.LANGUAGES
    ]


def time_zones(present: str) -> dict[str, Sequence[tuple[str, str]]]:
    """Return IANA zones by continent, the present one always among them."""
    zones = dict(_zones())
    if present not in {name for group in zones.values() for name, _ in group}:
        zones = {gettext("Now"): [(present, present)], **zones}
    return zones


def _places_with_zones() -> set[str]:
    """Return the zones of places by their names of today; `Calcutta` is a second name of one."""
    table = files("tzdata").joinpath("zoneinfo/zone.tab").read_text("utf-8")
    rows = (line.split("\t") for line in table.splitlines() if not line.startswith("#"))
    return {row[2] for row in rows}


@cache
def _zones() -> dict[str, Sequence[tuple[str, str]]]:
    groups: dict[str, list[tuple[str, str]]] = {"UTC": [("UTC", "UTC")]}
    for name in sorted(_places_with_zones() & available_timezones()):
        area, _, place = name.partition("/")
        if place:
            groups.setdefault(area, []).append((name, place.replace("_", " ")))
    return cast(dict[str, Sequence[tuple[str, str]]], groups)
