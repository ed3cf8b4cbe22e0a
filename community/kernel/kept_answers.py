"""Texts worked out from the database alone, kept with the questions that were asked for them.

What `kept_pages` is for the pages of one browser, this is for what many are told alike: when all
come back at once, as after a restart, it is worked out for the first of them, and for the others
the questions are put again. So it is never what the database would not say now. Who may have it is
asked by whoever hands it out, each time, and never here.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass

from flask import Flask, current_app

from community.kernel import clock, questions
from community.kernel.kept import Kept

KEPT_CHARACTERS = 4_000_000  # of texts and rows
LEAST = 2_000  # what a short answer takes up by being kept


@dataclass(frozen=True)
class _Answer:
    """A text as it was worked out, and what from."""

    text: str
    reading: clock.Reading
    asked: questions.Questions

    def __len__(self) -> int:
        return LEAST + len(self.text) + self.asked.weight


class _Answers:
    """What one program has worked out."""

    def __init__(self, witness: questions.Witness) -> None:
        self.witness = witness
        self.kept: Kept[_Answer] = Kept(KEPT_CHARACTERS)

    def get(self, key: Hashable, work_out: Callable[[], str]) -> str:
        """Return the text that is kept and still right, or work it out."""
        found = self.kept.find(key)
        if found is not None and found.reading.holds() and self.witness.agrees(found.asked):
            return found.text
        with clock.reading() as reading, questions.noting(questions.Questions()) as asked:
            text = work_out()
        if asked.only_reads:
            self.kept.keep(key, _Answer(text, reading, asked))
        return text


def init_app(app: Flask, witness: questions.Witness) -> None:
    """Let a program keep what it works out, as long as the witness agrees."""
    app.extensions["kept_answers"] = _Answers(witness)


def get(key: Hashable, work_out: Callable[[], str]) -> str:
    """Return a text as the database would have it now.

    For requests that write nothing: what a transaction has written and not committed is not seen.

    Args:
        key: names the text, and all that it depends on besides the database and the clock.
        work_out: makes it of committed rows; it must not say anything about who asks.
    """
    if questions.are_noted():  # a page that will be kept is kept with these questions, too
        return work_out()
    answers: _Answers = current_app.extensions["kept_answers"]
    return answers.get(key, work_out)


def forget(app: Flask) -> None:
    """Forget all answers: the next one is worked out anew."""
    app.extensions["kept_answers"].kept.forget()
