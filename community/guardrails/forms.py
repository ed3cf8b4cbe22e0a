"""What the pages about guardrails may send."""

from __future__ import annotations

from flask_babel import gettext
from wtforms import (
    BooleanField,
    DateField,
    FileField,
    HiddenField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional

from community.guardrails.engine import DESKS, KINDS, OUTCOMES, TEXT_KINDS, GuardrailSet
from community.kernel.forms import Form
from community.kernel.forms import lazy_text as lazy_gettext
from community.members.forms import Choices, duties

_REQUIRED = InputRequired(lazy_gettext("This can't be empty."))
_LONG = Length(max=255, message=lazy_gettext("That is too long."))
_LONGEST = Length(max=20_000, message=lazy_gettext("That is too long."))


def _codes(*codes: str) -> Choices:
    """Return what may be chosen; the page says each code in words."""
    return [(code, code) for code in codes]


class SignForm(Form):
    """A signature: for which duty, in which name, with what meaning, and proof of who it is."""

    duty = SelectField(lazy_gettext("You sign for"))
    printed_name = StringField(lazy_gettext("Your name, printed"), [_REQUIRED, _LONG])
    password = PasswordField(lazy_gettext("Your password"), [_REQUIRED])
    meaning = BooleanField(
        "", [InputRequired(lazy_gettext("Tick the box first, if that is what you mean."))]
    )

    def offer(self, to_sign: tuple[str, ...]) -> None:
        """Let the duties be chosen that may sign."""
        names = dict(duties())
        self.duty.choices = [(duty, names[duty]) for duty in to_sign]


class StartForm(Form):
    """A new draft: why, and from which set."""

    purpose = TextAreaField(lazy_gettext("What is to change, and why?"), [_REQUIRED])
    based_on = SelectField(lazy_gettext("Begin with"))


class HeadForm(Form):
    """What a draft is called and from when it holds."""

    purpose = TextAreaField(lazy_gettext("What is to change, and why?"), [_REQUIRED])
    title = StringField(lazy_gettext("Title"), [_REQUIRED, _LONG])
    set_version = StringField(lazy_gettext("Version"), [_REQUIRED, Length(max=32)])
    effective = DateField(
        lazy_gettext("Holds from"), [InputRequired(lazy_gettext("Choose a day."))]
    )
    seen = HiddenField()


class FileForm(Form):
    """A whole rule file, typed or as a file of the writer's machine."""

    source = TextAreaField(lazy_gettext("The file"))
    upload = FileField(lazy_gettext("Or take a .toml file of yours"))
    seen = HiddenField()


class RuleForm(Form):
    """One rule in fields; phrases and examples stand one a line."""

    id = StringField(lazy_gettext("Id"), [_REQUIRED, _LONG])
    kind = SelectField(lazy_gettext("What it is about"))
    says = TextAreaField(lazy_gettext("What the rule says"), [_REQUIRED, _LONGEST])
    why = TextAreaField(lazy_gettext("Why"), [_REQUIRED, _LONGEST])
    outcome = SelectField(lazy_gettext("What follows"))
    desk = SelectField(lazy_gettext("Goes to"))
    desks = SelectMultipleField(lazy_gettext("A copy also goes to"), [Optional()])
    suggestion = TextAreaField(lazy_gettext("What to do instead"), [_LONGEST])
    instead = TextAreaField(lazy_gettext("Words that may stand in place"), [_LONGEST])
    phrases = TextAreaField(lazy_gettext("Found by these words, one phrase a line"), [_LONGEST])
    with_ = TextAreaField(lazy_gettext("together with one of these"), [_LONGEST], name="with")
    and_with = TextAreaField(lazy_gettext("and with one of these"), [_LONGEST])
    unless = TextAreaField(lazy_gettext("but not with one of these"), [_LONGEST])
    affiliation = RadioField(lazy_gettext("Whose posts it is about"))
    kinds = SelectMultipleField(
        lazy_gettext("Only in texts of this kind"),
        [Optional()],
    )
    products = SelectMultipleField(lazy_gettext("Only about these medicines"), [Optional()])
    countries = StringField(lazy_gettext("Only with readers in these countries"), [_LONG])
    begins = DateField(lazy_gettext("From"), [Optional()])
    ends = DateField(lazy_gettext("Until"), [Optional()])
    hit = TextAreaField(lazy_gettext("Must be found, one example a line"), [_LONGEST])
    miss = TextAreaField(lazy_gettext("Must not be found, one example a line"), [_LONGEST])
    seen = HiddenField()

    def offer(self, rules: GuardrailSet | None) -> None:
        """Let the medicines be chosen that the set knows."""
        self.kind.choices, self.outcome.choices = _codes(*KINDS), _codes(*OUTCOMES)
        self.desk.choices, self.desks.choices = _codes("", *DESKS), _codes(*DESKS)
        self.kinds.choices = _codes(*TEXT_KINDS)
        self.affiliation.choices = [
            ("", gettext("Everybody's")),
            ("company", gettext("Company staff's")),
            ("hcp", gettext("Health professionals'")),
        ]
        known = [product.id for product in rules.products] if rules is not None else []
        self.products.choices = [(name, name.capitalize()) for name in known]


class RuleTextForm(Form):
    """One rule as it stands in the file."""

    text = TextAreaField(lazy_gettext("The rule, as it stands in the file"), [_REQUIRED])
    seen = HiddenField()


class MarkForm(Form):
    """A deed on a wording that somebody had before them."""

    seen = HiddenField()


class TryForm(Form):
    """A text to be tried out, and where it would stand."""

    text = TextAreaField(lazy_gettext("Text"), [_REQUIRED, _LONGEST])
    author = RadioField(lazy_gettext("Written by"), default="msl")
    countries = SelectMultipleField(lazy_gettext("Readers in"), [Optional()])
    products = SelectMultipleField(lazy_gettext("The thread is about"), [Optional()])
    kind = SelectField(lazy_gettext("As"), default="post")
    space = SelectField(lazy_gettext("In the space"), default="")
    answered = TextAreaField(lazy_gettext("It answers this post"), [_LONGEST])
    off_label = BooleanField(lazy_gettext("The thread is marked as off-label"))

    def offer(self, rules: GuardrailSet, spaces: Choices) -> None:
        """Let those countries, medicines and spaces be chosen that there are."""
        self.kind.choices = _codes(*TEXT_KINDS)
        self.author.choices = [
            ("msl", gettext("a liaison")),
            ("moderator", gettext("a moderator from the company")),
            ("hcp", gettext("a health professional")),
        ]
        self.countries.choices = [(code, code) for code in sorted(rules.countries)]
        self.products.choices = [(each.id, each.id.capitalize()) for each in rules.products]
        self.space.choices = [("", gettext("any")), *spaces]


class CommentForm(Form):
    """A remark on a draft, or on one rule of it."""

    text = TextAreaField(lazy_gettext("Your remark"), [_REQUIRED])
    rule_id = HiddenField()


class AcknowledgeForm(Form):
    """That what changed was read; the answers are fields of their own."""

    read = BooleanField(
        "", [InputRequired(lazy_gettext("Tick the box first, if you have read it."))]
    )
