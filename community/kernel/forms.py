"""A form as our views use it, with the types that the extension leaves out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm

_AUTO: Any = object()

# The stubs of WTForms want a text; a label is turned into one when it is shown.
lazy_text = cast(Callable[[str], str], lazy_gettext)


class Form(FlaskForm):
    """Reads what was sent by itself; pass `formdata` to read something else, or None for nothing."""

    def __init__(self, formdata: Any = _AUTO, **values: Any) -> None:
        if formdata is _AUTO:
            super().__init__(**values)
        else:
            super().__init__(formdata, **values)

    def was_sent_whole(self) -> bool:
        """Whether this is a POST with everything that the form asks for."""
        return cast(bool, self.validate_on_submit())
