"""Sentence by sentence: which of our products is meant, and which of its uses are spoken of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from community.guardrails.detectors.hit import Look
from community.guardrails.detectors.label_words import (
    BACK,
    CLAIM,
    DENIAL,
    OTHER,
    OTHER_STEMS,
    STRONG,
    TURN,
    UNLESS,
)
from community.guardrails.phrases import Reading, Text
from community.guardrails.phrases.text import WORD
from community.guardrails.rules import GuardrailSet, Product, Use

Span = tuple[int, int]

_FEWEST_LETTERS = 6
_TRIAL_FORM = re.compile(r"[A-Z]{3,}(?:-[A-Z0-9][A-Za-z0-9]*)+")
_BESIDE = frozenset("with plus after without over on".split())


@dataclass(frozen=True, slots=True)
class Said:
    """A use of a product spoken of in one sentence; `start` to `end` in tokens.

    `denied`: the sentence says that it is not approved, or must not be, and nothing else.
    `named`: the product stands in the same sentence; else a claim or "it" leads to it.
    """

    product: Product
    use: Use
    start: int
    end: int
    denied: bool
    named: bool


@dataclass(slots=True)
class Sentence:
    """One sentence: its tokens, the products it is about, and what kinds of words it holds."""

    start: int
    end: int
    products: tuple[Product, ...] = ()
    named: dict[str, list[Span]] = field(default_factory=dict)
    others: list[Span] = field(default_factory=list)


def sentences(look: Look, reading: Reading) -> Iterator[Sentence]:
    """The sentences of a text, each with the products it is about.

    A product stands until another medicine takes its place; a thread's products stand from the
    first word on.
    """
    of_ours = look.guardrail_set.products
    topic = tuple(product for product in of_ours if product.id in look.about)
    places = {product.id: _named(reading, product) for product in of_ours}
    others = _others(reading, {at for spans in places.values() for at, _ in spans})
    for start, end in _bounds(reading.text):
        found = Sentence(start, end)
        found.others = [span for span in others if start <= span[0] < end]
        for product in of_ours:
            inside = [span for span in places[product.id] if start <= span[0] < end]
            if inside:
                found.named[product.id] = inside
        if found.named:
            topic = tuple(product for product in of_ours if product.id in found.named)
        elif found.others and not _any(reading, "{product}", start, end):
            own = [s for p in topic for u in p.uses for s in _spans(reading, p.use_list(u))]
            if not all(_within(span, own) for span in found.others):
                topic = ()
        found.products = topic
        yield found


def said_in(sentence: Sentence, reading: Reading) -> Iterator[Said]:
    """The uses that one sentence speaks of."""
    start, end = sentence.start, sentence.end
    for product in sentence.products:
        named = product.id in sentence.named
        leads = named or any(_any(reading, "{" + ref + "}", start, end)
                             for ref in (BACK, CLAIM, STRONG, "product"))  # fmt: skip
        for use, span in _uses(product, reading, start, end) if leads else ():
            if not _belongs_to_other(sentence, product, span, reading):
                denied = is_denied(reading, start, end)
                yield Said(product, use, *span, denied=denied, named=named)


def _uses(product: Product, reading: Reading, start: int, end: int) -> Iterator[tuple[Use, Span]]:
    for use in product.uses:
        ref = product.use_list(use)
        spans = [span for span in _spans(reading, ref) if start <= span[0] < end]
        if spans and not _any(reading, "{" + ref + UNLESS + "}", start, end):
            yield use, spans[0]


def is_denied(reading: Reading, start: int, end: int) -> bool:
    """Whether a sentence denies a use, and no clause of it praises or reports the use."""
    denials = _inside(reading, DENIAL, start, end)
    if not denials:
        return False
    turns = sorted({at for at, _ in _inside(reading, TURN, start, end)})
    clauses = list(zip([start, *turns], [*turns, end], strict=True))
    for first, after in clauses:
        if not any(first <= at < after for at, _ in denials):
            strong = _inside(reading, STRONG, first, after)
            if strong and len(clauses) > 1:
                return False
    return True


def is_strong(reading: Reading, start: int, end: int) -> bool:
    """Whether a sentence reports or praises an effect or a practice."""
    return bool(_inside(reading, STRONG, start, end))


def _belongs_to_other(sentence: Sentence, product: Product, term: Span, reading: Reading) -> bool:
    """Whether another medicine stands between the product and the use, or has a clause with it."""
    text = reading.text
    turns = {at for at, _ in _inside(reading, TURN, sentence.start, sentence.end)}
    first = max((at for at in turns if at <= term[0]), default=sentence.start)
    after = min((at for at in turns if at > term[0]), default=sentence.end)
    own = [span for span in sentence.named.get(product.id, ()) if first <= span[0] < after]
    foreign = [span for span in sentence.others if first <= span[0] < after]
    foreign = [span for span in foreign if not term[0] <= span[0] < term[1]]
    if sentence.named and foreign and not own:
        return True
    named = [span for span in sentence.named.get(product.id, ()) if span[0] < term[0]]
    last = max((span[1] for span in named), default=sentence.start)
    between = [
        span for span in sentence.others
        if last <= span[0] < term[0] and not term[0] <= span[0] < term[1]
    ]  # fmt: skip
    if not between:
        return False
    first = between[0][0]
    before = {text.norms[at] for at in range(max(last, first - 3), first)}
    return before.isdisjoint(_BESIDE)


def _named(reading: Reading, product: Product) -> list[Span]:
    lists = (product.list_name, product.trials_list, product.references_list)
    return sorted(span for name in lists for span in _spans(reading, name))


def _others(reading: Reading, ours: set[int]) -> list[Span]:
    """Where other medicines and other companies' trials stand."""
    text = reading.text
    found = set(_spans(reading, OTHER))
    for at, norm in enumerate(text.norms):
        if (
            text.kinds[at] == WORD
            and len(norm) >= _FEWEST_LETTERS
            and norm.endswith(OTHER_STEMS)
            and at not in ours
        ):
            found.add((at, at + 1))
    return sorted(span for span in found if span[0] not in ours)


def _bounds(text: Text) -> Iterator[Span]:
    numbers = text.sentences
    first = 0
    for at in range(1, len(numbers) + 1):
        if at == len(numbers) or numbers[at] != numbers[first]:
            yield first, at
            first = at


def _spans(reading: Reading, name: str) -> list[Span]:
    return [(start, ends[0]) for start, ends in reading.spans("{" + name + "}").items()]


def _inside(reading: Reading, name: str, start: int, end: int) -> list[Span]:
    return [span for span in _spans(reading, name) if start <= span[0] < end]


def _any(reading: Reading, ref: str, start: int, end: int) -> bool:
    return any(start <= at < end for at in reading.spans(ref))


def _within(span: Span, wider: Sequence[Span]) -> bool:
    return any(start <= span[0] and span[1] <= end for start, end in wider)


def worth_a_look(look: Look) -> bool:
    """Whether the text or its thread is about one of our products with a label."""
    guardrail_set: GuardrailSet = look.guardrail_set
    reading = look.reading
    return any(
        product.uses or product.labels
        for product in guardrail_set.products
        if product.id in look.about or _named(reading, product)
    )
