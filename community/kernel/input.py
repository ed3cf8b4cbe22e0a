"""What people send, made fit to be kept: no characters that a database or a page chokes on."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from flask import Request
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.routing import IntegerConverter

from community.kernel.unseen import without_dropped

_UNFIT = re.compile("[\x00\ud800-\udfff]")
_WHOLE_NUMBER = re.compile("[0-9]{1,18}")
LARGEST_ID = 2**63 - 1


def find_number(text: str) -> int | None:
    """Return the whole number that a text is, if it is one that fits into a row's key.

    `str.isdigit` also takes `²`, which `int` refuses.
    """
    return int(text) if _WHOLE_NUMBER.fullmatch(text) else None


def clean(text: str) -> str:
    """Return a text with line ends as LF, without NUL, control characters and half surrogates.

    They can't be seen, and PostgreSQL and UTF-8 refuse some of them; tabs and line ends stay.
    Marks that turn the direction of writing go too: a name with one would rewrite what follows it.
    So does all else that a page would drop: what is kept is what is shown.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return without_dropped(_UNFIT.sub("\N{REPLACEMENT CHARACTER}", text))


def host_of(address: str) -> str | None:
    """Return the host of an address; None where there is none, or where it is no address."""
    try:
        parts = urlsplit(address)
        _ = parts.port  # a port that is none spoils an address, too
    except ValueError:
        return None
    return parts.hostname


class CleanRequest(Request):
    """A request whose form values have been cleaned before any view reads them."""

    @property
    def referrer(self) -> str | None:  # type: ignore[override]
        """Where the browser comes from, if what it says is an address."""
        said = self.headers.get("Referer", "")
        return said if host_of(said) else None

    def _load_form_data(self) -> None:
        if "form" in self.__dict__:
            return
        super()._load_form_data()
        pairs = [(key, clean(value)) for key, value in self.form.items(multi=True)]
        self.__dict__["form"] = ImmutableMultiDict(pairs)

    def get_json(self, *args: Any, **kwargs: Any) -> Any:
        """Read JSON; what is nested too deeply to be read is unreadable as any other."""
        try:
            return super().get_json(*args, **kwargs)
        except RecursionError:
            return None if kwargs.get("silent") else self.on_json_loading_failed(None)

    def on_json_loading_failed(self, e: ValueError | None) -> Any:
        """Answer unreadable JSON with 400, never with what the parser said."""
        return super().on_json_loading_failed(None)


class IdConverter(IntegerConverter):
    """A number in an address that fits into a row's key; others are not found."""

    regex = "[0-9]+"  # each thing has one address, and none in the digits of other scripts

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max", LARGEST_ID)
        super().__init__(*args, **kwargs)
