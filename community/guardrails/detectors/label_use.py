"""Uses and doses of our products, held against the labels of the countries that read along."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from community.guardrails.detectors.hit import Detector, Hit, Look
from community.guardrails.detectors.label_dose import dose_hits
from community.guardrails.detectors.label_topic import (
    Ground,
    Said,
    Sentence,
    is_denied,
    is_strong,
    said_in,
    sentences,
    worth_a_look,
)
from community.guardrails.detectors.label_words import COUNTRY, DENIAL
from community.guardrails.phrases import Reading, read
from community.guardrails.rules import Context, GuardrailSet, Product, Use

RESULTS = ("outside", "differs_unsaid", "differs_said", "dose", "asked")


def find(look: Look) -> Iterator[Hit]:
    """Hits of the result asked for.

    `outside`: a use approved in no country. `differs_unsaid`, `differs_said`: a use approved in
    some countries and not for all readers, without or with saying so. `dose`: a dose that a
    reader's label does not have. `asked`: any use not approved for all readers, denied or not.
    """
    known = look.text.memo.get("label_use")
    if not isinstance(known, dict):
        look.text.memo["label_use"] = known = _sorted(look)
    yield from known[look.options["result"]]


def _sorted(look: Look) -> dict[str, list[Hit]]:
    found: dict[str, list[Hit]] = {result: [] for result in RESULTS}
    ground = Ground(look.reading, look.guardrail_set.products)
    if worth_a_look(look, ground):
        for result, hit in _all(look, ground):
            found[result].append(hit)
    return found


def _all(look: Look, ground: Ground) -> Iterator[tuple[str, Hit]]:
    focus = _asked_about(look)
    cut = list(sentences(look, ground))
    for sentence in cut:
        spoken = list(said_in(sentence, ground))
        for said in spoken:
            yield from _judged(look, ground.reading, said)
        if spoken:
            outside = [(s.product, s.use) for s in spoken if s.use.is_approved_nowhere]
            focus = tuple(outside)
        elif focus and _goes_on(sentence, ground, focus):
            product, use = focus[0]
            yield "outside", _hit(ground.reading, sentence.start, sentence.end, product, use)
    for hit in dose_hits(look, ground, cut):
        yield "dose", hit


def _judged(look: Look, reading: Reading, said: Said) -> Iterator[tuple[str, Hit]]:
    readers = look.context.countries or said.product.countries
    readers &= said.product.countries
    allowed = said.use.approved_in(readers)
    if allowed == readers and readers:
        return
    hit = _hit(reading, said.start, said.end, said.product, said.use)
    yield "asked", hit
    if said.use.is_approved_nowhere:
        if not said.denied:
            yield "outside", hit
        return
    named = _names_country_that_allows(reading, said.use)
    if named and reading.spans("{" + DENIAL + "}"):
        yield "differs_said", hit
    elif not said.denied:
        yield "differs_unsaid", hit


def _names_country_that_allows(reading: Reading, use: Use) -> bool:
    allowing = (country for country, word in use.status.items() if word == "approved")
    return any(reading.spans("{" + COUNTRY + country + "}") for country in allowing)


def _hit(reading: Reading, start: int, end: int, product: Product, use: Use) -> Hit:
    text = reading.text
    what = f"{product.names[0]}: {use.name[:1].lower() + use.name[1:]}"
    if use.name[:2].isupper():
        what = f"{product.names[0]}: {use.name}"
    return Hit(text.starts[start], text.ends[end - 1], what)


def _goes_on(sentence: Sentence, ground: Ground, focus: tuple[tuple[Product, Use], ...]) -> bool:
    """Whether a sentence without a use of its own praises the one that was asked about."""
    return (
        any(product in sentence.products for product, _ in focus)
        and not sentence.others
        and is_strong(ground, sentence.start)
        and not is_denied(ground, sentence.start, sentence.end)
    )


def _asked_about(look: Look) -> tuple[tuple[Product, Use], ...]:
    """Uses approved nowhere that the title or the post answered speaks of."""
    return _asked_in(look.around.raw, look.guardrail_set, look.about)


@lru_cache(maxsize=64)
def _asked_in(
    around: str, guardrail_set: GuardrailSet, about: frozenset[str]
) -> tuple[tuple[Product, Use], ...]:
    text = read(around)
    if not text.norms:
        return ()
    ground = Ground(Reading(text, guardrail_set.lexicon), guardrail_set.products)
    look = Look(text, Context(), guardrail_set, {}, about)
    return tuple(
        (said.product, said.use)
        for sentence in sentences(look, ground)
        for said in said_in(sentence, ground)
        if said.use.is_approved_nowhere
    )


DETECTOR = Detector(find, {"result": RESULTS})
