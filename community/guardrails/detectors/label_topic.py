"""Sentence by sentence: which of our products is meant, and which of its uses are spoken of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
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
from community.guardrails.phrases import Passage, Reading
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
    """One text by its sentences, with the uses of our products that it names."""

    def __init__(self, reading: Reading, products: tuple[Product, ...]) -> None:
        """`reading`: the text, read with the lists of the files of our `products`."""
        self.reading = reading
        self.names = {product.id: _names_of(product) for product in products}
        self.text = reading.text
        self._rows = {row.first: row for row in reading.rows}
        self._uses: dict[str, list[Use]] = {}

    def uses(self, product: Product) -> list[Use]:
        """Those of a product's uses that the text names at all."""
        known = self._uses.get(product.id)
        if known is None:
            lists = self.reading.lists
            known = [use for use in product.uses if "{" + product.use_list(use) + "}" in lists]
            self._uses[product.id] = known
        return known

    def inside(self, name: str, sentence: int) -> list[Span]:
        """Matches of a list in the sentence that begins at that token."""
        return _moved(_spans(self._rows[sentence].passage, name), sentence)

    def medicines(self, sentence: int) -> Medicines:
        """The medicines that the sentence names which begins at that token."""
        passage = self._rows[sentence].passage
        known = passage.memo.get("medicines")
        if not isinstance(known, Medicines):
            known = passage.memo["medicines"] = _medicines(passage, self.names)
        if not (known.ours or known.others):
            return known
        ours = {id: _moved(spans, sentence) for id, spans in known.ours.items()}
        return Medicines(ours, _moved(known.others, sentence))


@dataclass(frozen=True, slots=True)
class Medicines:
    """Where a sentence names which of our products, and where another medicine."""

    ours: dict[str, list[Span]]
    others: list[Span]


def _medicines(passage: Passage, names: Mapping[str, Sequence[str]]) -> Medicines:
    """What a sentence names, in tokens counted from its first; `names`: lists of each product."""
    ours = {id: sorted(s for n in lists for s in _spans(passage, n)) for id, lists in names.items()}
    first = {at for spans in ours.values() for at, _ in spans}
    others = set(_spans(passage, OTHER))
    stems = enumerate(map(_is_medicine, passage.norms))
    others.update((at, at + 1) for at, is_one in stems if is_one and passage.kinds[at] == WORD)
    return Medicines(
        {id: spans for id, spans in ours.items() if spans},
        sorted(span for span in others if span[0] not in first),
    )


def _spans(passage: Passage, name: str) -> list[Span]:
    spans = passage.lists.get("{" + name + "}")
    return [(at, ends[0]) for at, ends in spans.items()] if spans else []


def _moved(spans: list[Span], by: int) -> list[Span]:
    return [(start + by, end + by) for start, end in spans]


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
    for start, end in ground.text.spans_of_sentences():
        medicines = ground.medicines(start)
        found = Sentence(start, end, named=medicines.ours, others=medicines.others)
        if found.named:
            topic = tuple(product for product in of_ours if product.id in found.named)
        elif found.others and topic and not ground.inside("product", start):
            own = [s for p in topic for u in ground.uses(p) for s in _terms(ground, p, u, start)]
            if not all(_within(span, own) for span in found.others):
                topic = ()
        found.products = topic
        yield found


def _terms(ground: Ground, product: Product, use: Use, sentence: int) -> list[Span]:
    return ground.inside(product.use_list(use), sentence)


def said_in(sentence: Sentence, ground: Ground) -> Iterator[Said]:
    """The uses that one sentence speaks of."""
    start, end = sentence.start, sentence.end
    for product in sentence.products:
        named = product.id in sentence.named
        for use, span in _uses(product, ground, start):
            leads = named or any(ground.inside(ref, start) for ref in _LEADS)
            if leads and not _belongs_to_other(sentence, product, span, ground):
                denied = is_denied(ground, start, end)
                yield Said(product, use, *span, denied=denied, named=named)


def _uses(product: Product, ground: Ground, start: int) -> Iterator[tuple[Use, Span]]:
    for use in ground.uses(product):
        spans = _terms(ground, product, use, start)
        if spans and not ground.inside(product.use_list(use) + UNLESS, start):
            yield use, spans[0]


def is_denied(ground: Ground, start: int, end: int) -> bool:
    """Whether a sentence denies a use, and no clause of it praises or reports the use."""
    denials = ground.inside(DENIAL, start)
    if not denials:
        return False
    turns = sorted({at for at, _ in ground.inside(TURN, start)})
    for first, after in zip([start, *turns], [*turns, end], strict=True) if turns else ():
        denied = any(first <= at < after for at, _ in denials)
        if not denied and any(first <= at < after for at, _ in ground.inside(STRONG, start)):
            return False
    return True


def is_strong(ground: Ground, start: int) -> bool:
    """Whether a sentence reports or praises an effect or a practice."""
    return bool(ground.inside(STRONG, start))


def _belongs_to_other(sentence: Sentence, product: Product, term: Span, ground: Ground) -> bool:
    """Whether another medicine stands between the product and the use, or has a clause with it."""
    others = [span for span in sentence.others if not term[0] <= span[0] < term[1]]
    if not others:
        return False
    named = sentence.named.get(product.id, ())
    turns = [at for at, _ in ground.inside(TURN, sentence.start)]
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


def _names_of(product: Product) -> tuple[str, ...]:
    return product.list_name, product.trials_list, product.references_list


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
        if product.id in look.about
        or any("{" + name + "}" in ground.reading.lists for name in _names_of(product))
    )
