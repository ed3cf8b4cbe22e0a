"""What the pages about use policies may send."""

from __future__ import annotations

from wtforms import BooleanField, HiddenField
from wtforms.validators import InputRequired

from community.kernel.forms import Form
from community.kernel.forms import lazy_text as lazy_gettext


class AcceptForm(Form):
    """A tick under one exact text: which version, in which language, with which hash."""

    policy = HiddenField()
    version = HiddenField()
    language = HiddenField()
    sha256 = HiddenField()
    next = HiddenField()
    read = BooleanField(
        "", [InputRequired(lazy_gettext("Tick the box first, if you will keep to it."))]
    )
