"""The forms of the library: a new version, a withdrawal."""

from __future__ import annotations

from flask_wtf.file import FileField
from wtforms import TextAreaField

from community.kernel.forms import Form, lazy_text


class VersionForm(Form):
    """A version as its file says it: pasted, changed here, or sent as a file."""

    source = TextAreaField(lazy_text("The file"))
    file = FileField(lazy_text("Or choose a file"))


class WithdrawForm(Form):
    """Why a response is withdrawn."""

    reason = TextAreaField(lazy_text("Why"))
