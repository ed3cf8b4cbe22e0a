"""A form as our views use it: fields from a page or from a program, and refusals at their field."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from flask import request
from flask_babel import gettext
from flask_babel import lazy_gettext as _lazy_gettext
from flask_wtf import FlaskForm
from werkzeug.datastructures import CombinedMultiDict, MultiDict
from wtforms import FileField, IntegerField

from community.kernel.errors import Refusal
from community.kernel.input import LARGEST_ID, clean
from community.kernel.web import sentence_of
from community.kernel.words import N_

# The stubs of WTForms want a text; a label is turned into one when it is shown.
lazy_text = cast(Callable[[str], str], _lazy_gettext)


# What WTForms says by itself, and what we say instead.
_SAID = {
    "Not a valid choice.": N_("Choose one of the list."),
    "Invalid Choice: could not coerce.": N_("Choose one of the list."),
    "Not a valid integer value.": N_("Write a whole number."),
    "Not a valid decimal value.": N_("Write a number."),
    "Not a valid float value.": N_("Write a number."),
    "Not a valid date value.": N_("Write a day, such as 2026-12-06."),
    "Not a valid datetime value.": N_("Write a day and an hour, such as 2026-12-06 14:30."),
    "Not a valid time value.": N_("Write an hour, such as 14:30."),
    "This field is required.": N_("This can't be empty."),
}


class _OurWords:
    """Stands where WTForms looks for the translation of its own sentences."""

    def gettext(self, sentence: str) -> str:
        """Say it as our pages speak, in the reader's language."""
        return gettext(_SAID[sentence]) if sentence in _SAID else sentence

    def ngettext(self, one: str, many: str, count: int) -> str:
        """Say it as our pages speak, for so many."""
        if many.endswith("are not valid choices for this field."):
            return gettext(N_("Choose from the list."))
        return one if count == 1 else many


class WholeNumberField(IntegerField):
    """A whole number that a database can hold; a longer one is none."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read what was sent."""
        super().process_formdata(valuelist)
        if self.data is not None and abs(self.data) > LARGEST_ID:
            self.data = None
            raise ValueError(self.gettext("Not a valid integer value."))


class Form(FlaskForm):
    """A form that takes fields as a page or a program sends them, and says what a service says."""

    class Meta(FlaskForm.Meta):
        """Reads JSON objects too; whatever is no text in them counts as not sent."""

        def get_translations(self, form: Any) -> _OurWords:
            """Return our sentences in place of those that WTForms brings."""
            return _OurWords()

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """Return what was sent as fields."""
            if request.is_json and request.method == "POST":
                return sent_fields()
            sent = super().wrap_formdata(form, formdata)  # type: ignore[no-untyped-call]
            return _without_stray_files(form, sent)

    def __init__(self, *formdata: Any, **values: Any) -> None:
        super().__init__(*formdata, **values)  # type: ignore[no-untyped-call]

    def was_sent_whole(self) -> bool:
        """Whether this is a POST with everything that the form asks for."""
        return cast(bool, self.validate_on_submit())  # type: ignore[no-untyped-call]

    def refuse(self, refusal: Refusal) -> None:
        """Show why a service refused, at its field where it names one."""
        field = self._fields.get(getattr(refusal, "field", ""))
        if field is None:
            self.form_errors.append(sentence_of(refusal))
        else:
            field.errors = [*field.errors, sentence_of(refusal)]

    def first_error(self) -> str:
        """Return one sentence that says what is wrong, for programs."""
        for name, errors in self.errors.items():
            for error in errors:
                return f"{name}: {error}" if name else str(error)
        return gettext("That is not complete.")


def _without_stray_files(form: Any, sent: Any) -> Any:
    """Leave out files in fields that take none: they are no text and no choice."""
    if not isinstance(sent, CombinedMultiDict):
        return sent
    takers = {field.name for field in form if isinstance(field, FileField)}
    files = [(name, file) for name, file in request.files.items(multi=True) if name in takers]
    return CombinedMultiDict((MultiDict(files), request.form))


def sent_fields() -> MultiDict[str, str]:
    """Return what was sent, as a form or as a JSON object, cleaned."""
    if not request.is_json:
        return MultiDict(request.form)
    sent = request.get_json(silent=True)
    pairs = sent.items() if isinstance(sent, dict) else ()
    return MultiDict([(key, clean(value)) for key, value in pairs if isinstance(value, str)])
