"""What goes wrong, in words for the person in front of it and with the status for its client."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from community.kernel.words import N_


class Refusal(Exception):
    """A deed that cannot be done, with the sentence that says why.

    Args:
        sentence: English, marked with `N_`; `%(name)s` places are filled from `values`.
        code: stable word for programs and tests.
        values: what fills the sentence.
    """

    status = 400
    code = "refused"

    def __init__(self, sentence: str, *, code: str | None = None, **values: object) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.values = values
        if code is not None:
            self.code = code


class NotFound(Refusal):
    """Nothing is here for this viewer; the same words whether it exists or not."""

    status = 404
    code = "not_found"

    def __init__(self) -> None:
        super().__init__(N_("There is nothing for you here."))


class Forbidden(Refusal):
    """The viewer may see the thing, but may not do this to it."""

    status = 403
    code = "forbidden"


class Conflict(Refusal):
    """Somebody was quicker, or the same key came with another content."""

    status = 409
    code = "conflict"


class Gone(Refusal):
    """It was here, and can't be used any more."""

    status = 410
    code = "gone"


@dataclass
class FieldError:
    """One field and what is wrong with it, in a sentence that may hold `%(name)s` places."""

    field: str
    sentence: str
    values: dict[str, object] = dataclasses.field(default_factory=dict)


class Invalid(Refusal):
    """The input does not hold together; nothing was changed."""

    status = 422
    code = "invalid"

    def __init__(self, sentence: str, *, field: str = "", **values: object) -> None:
        super().__init__(sentence)
        self.field = field
        self.values = values


class TooMany(Refusal):
    """Too often in too short a time.

    Args:
        retry_after: seconds until it may be tried again.
    """

    status = 429
    code = "too_many"

    def __init__(self, sentence: str, *, retry_after: int) -> None:
        super().__init__(sentence)
        self.retry_after = retry_after
