"""Sentences of our own that judge a medicine and lean on nothing: no source, label, limit or doubt.

No list of slogans is long enough, so this asks the other way round. A sentence that speaks of one
of our medicines is left alone where it leans on something: a reference, the label, a trial, a
question, a negation, a doubt, or matters that are no claim (who makes it, where a file is). What is
left says something of the medicine on the author's own word.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from community.guardrails.detectors.hit import Detector, Hit, Look
from community.guardrails.phrases import Text

_LEANS_ON = frozenset(
    # a source or the label
    "label labels smpc pi spc leaflet section indication indicated indications approved approval"
    " licensed licence contraindicated contraindication contraindications warning prescribing"
    " guideline guidelines nice guidance reference references published publication paper papers"
    " abstract article journal supplement protocol appendix registry table figure poster posters"
    # a trial spoken of as a trial
    " trial trials study studies randomised randomized placebo endpoint investigators"
    " blinded enrolled sponsored sponsor extension subgroup interval intervals"
    # limits and doubt
    " not none neither nor cannot can't isn't aren't wasn't didn't weren't won't wouldn't"
    " couldn't haven't hasn't shouldn't unless whether unclear unknown unsure limited limits"
    " limit caution careful side adverse hypotension dizziness headache infection infections"
    " depends differ differs"
    # matters around it
    " thread threads room question questions post posts poll call webinar meeting minutes"
    " slide slides library document link page file team colleague colleagues employee"
    " employer alderwick company safety report reported reports information programme session topic"
    " discussion tag title vaccination vaccinated vaccine card mg strength strengths tablet"
    " capsules packs version updated called name names stands means pronounced class"
    " inhibitor enhancer receptor molecule monitoring creatinine potassium pressure checked"
    " check checks started stopped serial pack white coated film blocks binds mice rats"
    " animals entry market sale compared comparison recording policy notice gap member"
    " members moderator club vote survey news list listed food water contraindicated taken"
    " twice once daily day exclude excludes".split()
)
_JUDGES = frozenset(
    "brilliant brilliantly amazing amazingly great greatly superb fantastic excellent"
    " excellently outstanding remarkable remarkably impressive unparalleled unmatched"
    " unrivalled unbeatable unique robust rapid rapidly sustained durable powerful potent"
    " strong stronger superior better best beautifully wonderfully well nicely favourable"
    " favorable promising exciting elegant convenient simple easy safe safer mild few fewer"
    " friendly gentle negligible minimal tolerable delighted happy happier thrilled"
    " impressed love loves loved transformed transforms revolutionary innovative modern"
    " advanced ideal perfect reliable reliably effective effectively consistently"
    " dramatically hugely massively majority everyone everybody always winner league leap"
    " step-change confidence confident convinced trust believe swear worth favourite"
    " preferred double doubled twice faster quicker longer protects protection positive"
    " positively worthwhile freedom normal transform results result gains gain benefit"
    " benefits improves improve improved improving recover recovers thrive thrives flourish"
    " younger kinder kindest easiest strongest safest nicest smoother painless effortless"
    " success successful prevents saves rescues restores".split()
)


_TURNS = frozenset({"but", "though", "although", "however"})
# With one of these the sentence is about people or manners, and judges no medicine.
_NO_MEDICINE = frozenset(
    "thank thanks welcome question point sorry hello hi idea agree congrats congratulations"
    " talk meeting morning evening weekend holiday 'll 'm will ask asked asking find"
    " found pass passed bring come back let please moderators join joined grateful glad"
    " happy appreciate understand discuss discussed shall mean means tomorrow today week"
    " monday tuesday wednesday thursday friday answer answers answered mistake wrong right"
    " correct true agreed yes available regulatory authors author liaison germany country"
    " countries uk us eu".split()
)


def find(look: Look) -> Iterator[Hit]:
    """A hit for each clause that judges a medicine on nothing but the author's word."""
    text, reading = look.text, look.reading
    backed = _sentences_of(look, "{reference}") | _asked(text)
    refers = bool(reading.spans("{reference}"))
    ours, others = set(reading.spans("{product}")), set(reading.spans("{other_medicine}"))
    for first, after in _clauses(text):
        if text.sentences[first] in backed or text.sentences[first] in text.quoted:
            continue
        norms = text.norms[first:after]
        words = set(norms)
        if words & _LEANS_ON:
            continue
        here = range(first, after)
        # "it" alone may be anything, so there a verdict must be beside it.
        named = any(at in ours and text.norms[at] not in {"it", "mine"} for at in here) or (
            bool(look.about) and _under_it(norms)
        )
        judges = bool(words & _JUDGES)
        if (
            (named and (judges or not refers))
            or (judges and look.about and not refers and not words & _NO_MEDICINE)
            or (judges and any(at in others for at in here))
        ):
            yield Hit(text.starts[first], text.ends[after - 1], "a claim without a source")


def _under_it(norms: list[str]) -> bool:
    """Whether it says "on it", "on them", "with ours", as of a medicine."""
    return any(
        before in {"on", "with", "under"} and word in {"it", "them", "ours"}
        for before, word in pairwise(norms)
    )


def _sentences_of(look: Look, name: str) -> set[int]:
    return {look.text.sentences[at] for at in look.reading.spans(name)}


def _asked(text: Text) -> set[int]:
    """Sentences that end in a question mark."""
    return {text.sentences[at] for at, norm in enumerate(text.norms) if "?" in norm}


def _clauses(text: Text) -> Iterator[tuple[int, int]]:
    """Token spans of sentences, cut where the author turns round ("but", "though")."""
    first = 0
    for at in range(1, len(text.norms) + 1):
        ends = at == len(text.norms) or text.sentences[at] != text.sentences[first]
        if ends or text.norms[at] in _TURNS:
            yield first, at
            first = at


DETECTOR = Detector(find, {})
