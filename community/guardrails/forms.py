"""What the page that signs a set of rules may send."""

from __future__ import annotations

from wtforms import BooleanField, PasswordField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from community.kernel.forms import Form
from community.kernel.forms import lazy_text as lazy_gettext
from community.members.forms import duties

_REQUIRED = InputRequired(lazy_gettext("This can't be empty."))
_LONG = Length(max=255, message=lazy_gettext("That is too long."))


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
