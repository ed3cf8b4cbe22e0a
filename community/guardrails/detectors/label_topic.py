"""Sentence by sentence: which of our products is meant, and which of its uses are spoken of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

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
from community.guardrails.rules import Product, Use

Span = tuple[int, int]

_FEWEST_LETTERS = 6
_LEADS = (BACK, CLAIM, STRONG, "product")
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


class Ground:
    """One text with the matches of each list sorted by sentence, so that work stays linear."""

    def __init__(self, reading: Reading) -> None:
        """`reading`: the text, read with the lists of the product files."""
        self.reading = reading
        self.text = reading.text
        self._by_sentence: dict[str, dict[int, list[Span]]] = {}
        self._uses: dict[str, list[Use]] = {}

    def uses(self, product: Product) -> list[Use]:
        """Those of a product's uses that the text names at all."""
        known = self._uses.get(product.id)
        if known is None:
            spans = self.reading.spans
            known = [use for use in product.uses if spans("{" + product.use_list(use) + "}")]
            self._uses[product.id] = known
        return known

    def inside(self, name: str, start: int, end: int) -> list[Span]:
        """Matches of a list that begin from `start` to `end`, tokens of one sentence."""
        rows = self._by_sentence.get(name)
        if rows is None:
            self._by_sentence[name] = rows = {}
            numbers = self.text.sentences
            for span in self.spans(name):
                rows.setdefault(numbers[span[0]], []).append(span)
        if not rows:
            return []
        here = rows.get(self.text.sentences[start], ())
        return [span for span in here if start <= span[0] < end]

    def spans(self, name: str) -> list[Span]:
        """All matches of a list, in tokens."""
        return [(at, ends[0]) for at, ends in self.reading.spans("{" + name + "}").items()]


@dataclass(slots=True)
class Sentence:
    """One sentence: its tokens, the products it is about, and what kinds of words it holds."""

    start: int
    end: int
    products: tuple[Product, ...] = ()
    named: dict[str, list[Span]] = field(default_factory=dict)
    others: list[Span] = field(default_factory=list)


def sentences(look: Look, ground: Ground) -> Iterator[Sentence]:
    """The sentences of a text, each with the products it is about.

    A product stands until another medicine takes its place; a thread's products stand from the
    first word on.
    """
    of_ours = look.guardrail_set.products
    topic = tuple(product for product in of_ours if product.id in look.about)
    places = {product.id: _named(ground, product) for product in of_ours}
    others = _others(ground, {at for spans in places.values() for at, _ in spans})
    rows = {id: _by_sentence(ground.text, spans) for id, spans in places.items()}
    foreign = _by_sentence(ground.text, others)
    for start, end in ground.text.spans_of_sentences():
        number = ground.text.sentences[start]
        found = Sentence(start, end, others=foreign.get(number, []))
        found.named = {id: row[number] for id, row in rows.items() if number in row}
        if found.named:
            topic = tuple(product for product in of_ours if product.id in found.named)
        elif found.others and topic and not ground.inside("product", start, end):
            own = [
                s for p in topic for u in ground.uses(p) for s in _terms(ground, p, u, start, end)
            ]
            if not all(_within(span, own) for span in found.others):
                topic = ()
        found.products = topic
        yield found


def _by_sentence(text: Text, spans: list[Span]) -> dict[int, list[Span]]:
    rows: dict[int, list[Span]] = {}
    for span in spans:
        rows.setdefault(text.sentences[span[0]], []).append(span)
    return rows


def _terms(ground: Ground, product: Product, use: Use, start: int, end: int) -> list[Span]:
    return ground.inside(product.use_list(use), start, end)


def said_in(sentence: Sentence, ground: Ground) -> Iterator[Said]:
    """The uses that one sentence speaks of."""
    start, end = sentence.start, sentence.end
    for product in sentence.products:
        named = product.id in sentence.named
        for use, span in _uses(product, ground, start, end):
            leads = named or any(ground.inside(ref, start, end) for ref in _LEADS)
            if leads and not _belongs_to_other(sentence, product, span, ground):
                denied = is_denied(ground, start, end)
                yield Said(product, use, *span, denied=denied, named=named)


def _uses(product: Product, ground: Ground, start: int, end: int) -> Iterator[tuple[Use, Span]]:
    for use in ground.uses(product):
        spans = _terms(ground, product, use, start, end)
        if spans and not ground.inside(product.use_list(use) + UNLESS, start, end):
            yield use, spans[0]


def is_denied(ground: Ground, start: int, end: int) -> bool:
    """Whether a sentence denies a use, and no clause of it praises or reports the use."""
    denials = ground.inside(DENIAL, start, end)
    if not denials:
        return False
    turns = sorted({at for at, _ in ground.inside(TURN, start, end)})
    for first, after in zip([start, *turns], [*turns, end], strict=True) if turns else ():
        denied = any(first <= at < after for at, _ in denials)
        if not denied and first < after and ground.inside(STRONG, first, after):
            return False
    return True


def is_strong(ground: Ground, start: int, end: int) -> bool:
    """Whether a sentence reports or praises an effect or a practice."""
    return bool(ground.inside(STRONG, start, end))


def _belongs_to_other(sentence: Sentence, product: Product, term: Span, ground: Ground) -> bool:
    """Whether another medicine stands between the product and the use, or has a clause with it."""
    others = [span for span in sentence.others if not term[0] <= span[0] < term[1]]
    if not others:
        return False
    named = sentence.named.get(product.id, ())
    turns = [at for at, _ in ground.inside(TURN, sentence.start, sentence.end)]
    first = max((at for at in turns if at <= term[0]), default=sentence.start)
    after = min((at for at in turns if at > term[0]), default=sentence.end)
    has_clause = any(first <= at < after for at, _ in named)
    if named and not has_clause and any(first <= at < after for at, _ in others):
        return True
    last = max((end for at, end in named if at < term[0]), default=sentence.start)
    between = [at for at, _ in others if last <= at < term[0]]
    if not between:
        return False
    words = ground.text.norms[max(last, between[0] - 3) : between[0]]
    return _BESIDE.isdisjoint(words)


def _named(ground: Ground, product: Product) -> list[Span]:
    lists = (product.list_name, product.trials_list, product.references_list)
    return sorted(span for name in lists for span in ground.spans(name))


def _others(ground: Ground, ours: set[int]) -> list[Span]:
    """Where other medicines and other companies' trials stand."""
    text = ground.text
    found = set(ground.spans(OTHER))
    medicines = set(filter(_is_medicine, text.words))
    for at, norm in enumerate(text.norms) if medicines else ():
        if norm in medicines and text.kinds[at] == WORD:
            found.add((at, at + 1))
    return sorted(span for span in found if span[0] not in ours)


@lru_cache(maxsize=20_000)
def _is_medicine(norm: str) -> bool:
    return len(norm) >= _FEWEST_LETTERS and norm.endswith(OTHER_STEMS)


def _within(span: Span, wider: Sequence[Span]) -> bool:
    return any(start <= span[0] and span[1] <= end for start, end in wider)


def worth_a_look(look: Look, ground: Ground) -> bool:
    """Whether the text or its thread is about one of our products with a label."""
    return any(
        product.uses or product.labels
        for product in look.guardrail_set.products
        if product.id in look.about or _named(ground, product)
    )
