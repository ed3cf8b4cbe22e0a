"""A correction: one false statement of fact quoted word for word, put right, with its source.

The form is filed in the library of approved responses, so that its words are agreed as well. It is
for statements of fact about our medicines; an opinion or an experience is nobody's to correct.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from community.guardrails import queries as guardrails
from community.kernel import clock, markup, settings
from community.kernel.errors import Conflict, Invalid
from community.kernel.words import N_
from community.responses import queries as responses
from community.threads.models import Post
from community.threads.services import citing

FORM = "misinformation-correction"
LONGEST = {"their_words": 600, "fact": 1_500, "reference": 500, "label": 300}
_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z0-9“\"(])|\n+")
_BLANKS = re.compile(r"\s+")
_GAP = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, kw_only=True)
class Correction:
    """What fills the form."""

    their_words: str
    fact: str
    reference: str
    label: str


def sentences_of(text: str) -> list[str]:
    """Return the statements of a post, to choose one from."""
    plain = markup.plain_text(text)
    return [part.strip() for part in _END.split(plain) if part.strip()]


def written(correction: Correction, post: Post) -> str:
    """Return the correction as it is sent.

    Raises:
        Invalid: something is missing, too long, or no such words stand in the post.
        Conflict: the form's own approval has lapsed.
    """
    for name, longest in LONGEST.items():
        if len(getattr(correction, name)) > longest:
            raise Invalid(N_("Keep it under %(longest)s characters."), field=name, longest=longest)
    quoted = _line(correction.their_words)
    if not _stands_whole(quoted, sentences_of(post.text)):
        raise Invalid(N_("Choose whole sentences that stand in the post exactly so."),
                      field="their_words")  # fmt: skip
    if not correction.fact.strip():
        raise Invalid(N_("Say what is right, and nothing else."), field="fact")
    _require_source(correction)
    form = responses.usable_text(FORM)
    if form is None:
        raise Conflict(N_("The form for corrections is not approved at the moment."))
    return _filled(form, correction, post, quoted)


def _stands_whole(quoted: str, sentences: Sequence[str]) -> bool:
    """Whether words are whole sentences of a post: of "nobody says that …" the end is another's."""
    lines = [_line(sentence) for sentence in sentences]
    begins = list(accumulate((len(line) + 1 for line in lines), initial=0))
    text, ends = " ".join(lines), {begin - 1 for begin in begins[1:]}
    return bool(quoted) and any(
        text.startswith(quoted, begin) and begin + len(quoted) in ends for begin in begins[:-1]
    )


def _require_source(correction: Correction) -> None:
    products = guardrails.products_now()
    known = {name for product in products for name in product.references}
    if not citing.leads_somewhere(
        _line(correction.reference), known=known, year=clock.today().year
    ):
        raise Invalid(
            N_("Name a source that can be looked up: its number in the library, a DOI, PMID or"
               " trial number, or authors, journal and year."),
            field="reference",
        )  # fmt: skip
    labels = sorted({one.reference for each in products for one in each.labels.values()} - {""})
    label = _line(correction.label)
    if not label or (labels and not citing.names_one_of(label, labels)):
        raise Invalid(
            N_("Name the label that holds now by its number in the library: %(labels)s."),
            field="label",
            labels=", ".join(labels),
        )


def _filled(form: str, correction: Correction, post: Post, quoted: str) -> str:
    # The first line is the quote: a bare mark before it makes it one whatever it begins with.
    products = post.thread.products or post.thread.space.products
    values = {
        "their_words": quoted,
        "name": post.author.name,
        "fact": _line(correction.fact),
        "reference": _line(correction.reference).rstrip("."),
        "label": _line(correction.label).rstrip("."),
        "product": " and ".join(name.capitalize() for name in products)
        or settings.current().host_name,
        "date": clock.today().isoformat(),
    }
    # At one go: words that are put in and look like a gap of the form are left as they are.
    text = _GAP.sub(lambda gap: values.get(gap[1], gap[0]), form)
    return f">\n{text}" if text.startswith("> ") else text


def _line(text: str) -> str:
    return _BLANKS.sub(" ", text).strip()
