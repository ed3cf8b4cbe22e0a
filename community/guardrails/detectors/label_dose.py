"""Doses of our products that are not in the label of every country that reads along."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from community.guardrails.detectors.hit import Hit, Look
from community.guardrails.detectors.label_topic import Ground, Sentence, is_denied
from community.guardrails.phrases import Text
from community.guardrails.phrases.text import WORD
from community.guardrails.rules import Label, Product

_AMOUNT = re.compile(r"(\d{1,4}(?:[.,]\d{1,3})?) ?-?mg\b(?!/(?!day|d\b)| ?per (?:kg|d?l|ml)\b)")
_UNIT = "mg"
_TIMES = re.compile(
    r"[^.\d\n]{0,12}?\b(?:(?P<word>once|twice|thrice|one time|two times|three times|four times)"
    r"(?: a| per| each| every)? ?(?:day|daily|day)\b"
    r"|(?P<code>b\.?i\.?d\b|b\.?d\b|o\.?d\b|q\.?d\b|t\.?i\.?d\b|t\.?d\.?s\b|q\.?i\.?d\b|q\.?d\.?s\b)"
    r"|every (?P<hours>6|8|12|24) hours|(?P<other>every other day|once a week|weekly|every week)"
    r"|(?P<total>daily|a day|per day|/day|in total))",
    re.IGNORECASE,
)
# "Capsules of 50 mg and 100 mg", "50 and 100 mg hard capsules", "strengths of
# 50 mg and 100 mg", "200 mg is two of 100 mg": what is in a pack. "One 100 mg capsule" is a dose.
_MADE = r"(?:(?:hard|oral|film[- ]coated) )*(?:capsules|tablets)"
_ONE_MADE = r"(?:hard capsule|film[- ]coated tablet)"
_ROW = r"(?:\d+(?:[.,]\d+)? ?(?:mg)?(?:,? (?:and|or)|[,/&])? ?)"
_BEFORE_STRENGTH = re.compile(
    rf"(?:\b{_MADE}(?: (?:come|exist|are made))?(?: of| at| in| as|,|:)?"
    rf"|\ban? {_ONE_MADE}(?: of|,|:)"
    rf"|\bstrengths?(?: of \w+)?(?: of| are| is|:|,)?"
    r"|\b\d+ ?mg (?:is|are|means|makes) (?:one|two|three|four)(?: capsules| tablets)? of) "
    rf"{_ROW}{{0,4}}$",
    re.IGNORECASE,
)
_AFTER_STRENGTH = re.compile(
    rf" ?(?:(?:,? (?:and|or)|[,/&]) ?\d+(?:[.,]\d+)? ?mg){{0,3}} (?:{_MADE}|strengths?)\b",
    re.IGNORECASE,
)
_COUNTED = re.compile(
    r"\b(?:one|two|three|four|half an?|an?|with|on|\d+ ?x|takes?|give|start\w*|stay\w*|go|put)"
    r" (?:\w+ )?(?:\d+ )?$",
    re.IGNORECASE,
)
_NO_SUCH = re.compile(r"\b(?:no|not an?|nor an?) $", re.IGNORECASE)
_FARTHEST_BACK = 60  # letters before an amount in which its strengths are told
_COUNTS = {
    "once": 1, "one time": 1, "twice": 2, "two times": 2, "thrice": 3, "three times": 3,
    "four times": 4, "bid": 2, "bd": 2, "od": 1, "qd": 1, "tid": 3, "tds": 3, "qid": 4, "qds": 4,
    "6": 4, "8": 3, "12": 2, "24": 1,
}  # fmt: skip
# Words between a medicine and its dose. Any other word there is most likely another medicine.
_LINKS = frozenset(
    "a about above after an and as at be below between by can could current daily day dose doses"
    " dosed dosing each even every fixed for from full get gets getting give given gives giving go"
    " goes going gone got half have higher highest i in initial initially into is it just label low"
    " lower lowest max maximum may mg more most no of on once only or over per reach reached"
    " receive received recommended remain same single start started starting starts stay stayed"
    " step steps take taken takes taking target than that the them then these this through titrate"
    " titrated to tolerate tolerated twice under until up use used uses using usual via was were"
    " went when will with would you up we".split()
)
_FARTHEST = 14  # tokens between the name and the dose


def dose_hits(look: Look, ground: Ground, cut: Iterable[Sentence]) -> Iterator[Hit]:
    """A hit for each dose of one of our products that a reader's label does not have."""
    text = ground.text
    for sentence in cut:
        start, end = text.starts[sentence.start], text.ends[sentence.end - 1]
        may_hold = sentence.products and text.clean.find(_UNIT, start, end) >= 0
        amounts = list(_AMOUNT.finditer(text.clean, start, end)) if may_hold else []
        if amounts and not is_denied(ground, sentence.start, sentence.end):
            for match in amounts:
                product = _product_of(sentence, match.start(), text)
                hit = _judged(look, product, match, text.clean, end) if product else None
                if hit is not None:
                    yield hit


def _product_of(sentence: Sentence, place: int, text: Text) -> Product | None:
    """The product that a dose at this place belongs to."""
    at = next((n for n in range(sentence.start, sentence.end) if text.starts[n] >= place), None)
    if at is None:
        return None
    if at > sentence.start and not _links(text, at - 1, sentence):
        return None
    before = [
        (span[1], product)
        for product in sentence.products
        for span in sentence.named.get(product.id, ())
        if span[0] < at
    ]
    other = max((span[1] for span in sentence.others if span[0] < at), default=-1)
    if before:
        last, product = max(before, key=lambda pair: pair[0])
        return product if last > other and at - last <= _FARTHEST else None
    if other >= 0 or (sentence.others and not sentence.named):
        return None
    named = [product for product in sentence.products if product.id in sentence.named]
    return (named or sentence.products)[0]


def _links(text: Text, at: int, sentence: Sentence) -> bool:
    """Whether the word just before a dose may stand between a medicine and its dose."""
    ours = {n for spans in sentence.named.values() for span in spans for n in range(*span)}
    return at in ours or text.kinds[at] != WORD or text.norms[at] in _LINKS


def _judged(
    look: Look, product: Product, match: re.Match[str], clean: str, limit: int
) -> Hit | None:
    if _is_strength(product, match, clean, limit):
        return None
    readers = look.context.countries or product.countries
    labels = [product.labels[country] for country in sorted(readers & product.labels.keys())]
    amount = float(match[1].replace(",", "."))
    following = _TIMES.match(clean, match.end(), limit)
    if all(_allowed(label, amount, following) for label in labels):
        return None
    end = following.end() if following else match.end()
    name = product.names[0]
    return Hit(match.start(), end, f"a dose of {name} that a label here does not have")


def _is_strength(product: Product, match: re.Match[str], clean: str, limit: int) -> bool:
    """Whether an amount says what one tablet or capsule holds, or that none holds it."""
    before = clean[max(0, match.start() - _FARTHEST_BACK) : match.start()]
    if _NO_SUCH.search(before):
        return True
    if float(match[1].replace(",", ".")) not in product.strengths:
        return False
    after = _AFTER_STRENGTH.match(clean, match.end(), limit)
    if _TIMES.match(clean, after.end() if after else match.end(), limit):
        return False
    if _BEFORE_STRENGTH.search(before):
        return True
    return after is not None and not _COUNTED.search(before)


def _allowed(label: Label, amount: float, following: re.Match[str] | None) -> bool:
    if not label.doses:
        return True
    if following is None:
        return amount in label.doses or amount == label.daily
    if following["other"]:
        return False
    if following["total"]:
        return amount in label.doses or any(
            amount == dose * times for dose in label.doses for times in label.times_a_day
        )
    word = (following["word"] or following["code"] or following["hours"]).lower()
    times = _COUNTS[word.replace(".", "")]
    if label.times_a_day and times not in label.times_a_day:
        return False
    within = not label.daily or amount * times <= label.daily
    return amount in label.doses and within
