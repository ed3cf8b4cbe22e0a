"""What must hold for every answer, whoever asked for whatever."""

from __future__ import annotations

import re
from collections.abc import Iterator

from werkzeug.test import TestResponse

from tests.fuzz.asking import Asked
from tests.fuzz.scene import SECRETS

_WORDS = re.compile("|".join(sorted(SECRETS, key=len, reverse=True)))
# In development everybody of the machine reads all letters.
OPEN_TO_ALL = {"home.mailbox"}
# What a refusal may leave behind: that somebody did not pass a test, or that they saw a case, for
# a form that was not filled in comes back with the case beside it, whose first step is to look.
RECORD = {"audit_entry", "audit_head"}
MAY_REMEMBER = {
    "guardrails.take_acknowledgement": RECORD,
    "desk.decide": RECORD | {"deadline"},
    "inquiries.answer": RECORD,
    "inquiries.close": RECORD,
    "insights.judge": RECORD | {"second_reading"},
}


def broken(who: str | None, asked: Asked, answer: TestResponse, changed: set[str]) -> Iterator[str]:
    """Give each law that an answer breaks, in a few words that are the same for the same fault."""
    said = answer.get_data().decode("utf-8", "replace") + str(answer.headers)
    if answer.status_code >= 500 or "Traceback (most recent call last)" in said:
        yield f"{asked.endpoint}: {answer.status_code}"
    if asked.endpoint not in OPEN_TO_ALL:
        for word in sorted(words_not_for(None if asked.cookie else who, said)):
            yield f"{asked.endpoint}: shows {word} to {who}"
    left = changed - MAY_REMEMBER.get(asked.endpoint, set())
    if answer.status_code >= 400 and left:
        yield f"{asked.endpoint}: refused with {answer.status_code}, and yet changed {sorted(left)}"


def words_not_for(who: str | None, said: str) -> set[str]:
    """Return the secrets in what somebody was told that somebody else's are."""
    return {word for word in _WORDS.findall(said) if who not in SECRETS[word]}
