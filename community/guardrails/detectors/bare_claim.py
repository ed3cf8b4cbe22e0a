"""Sentences of our own that judge a medicine and lean on nothing: no source, label, limit or doubt.

No list of slogans is long enough, so this asks the other way round. A sentence that speaks of one
of our medicines is left alone where it leans on something: a reference, the label, a trial, a
question, a negation, a doubt, or matters that are no claim (who makes it, where a file is). What is
left says something of the medicine on the author's own word.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from community.guardrails.detectors.hit import Detector, Hit, Look
from community.guardrails.phrases import Passage

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
    " inhibitor inhibitors inducer inducers enhancer receptor receptors molecule monitoring"
    " creatinine potassium pressure checked"
    " check checks started stopped serial pack white coated film blocks binds mice rats"
    " animals entry market sale compared comparison recording policy notice gap member"
    " members moderator club vote survey news list listed food water contraindicated taken"
    " twice once daily day exclude excludes"
    # manners and words
    " apologise apologize apology excuse joke joking hear curious spelling"
    " spelt spelled pronounce pronounced trademark committee crystal".split()
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


_NOT_KNOWN = frozenset("data information experience evidence figure figures view opinion".split())
_PRONOUNS = frozenset({"it", "mine"})
_TURNS = frozenset({"but", "though", "although", "however"})
# With one of these the sentence is about people or manners, and judges no medicine.
_NO_MEDICINE = frozenset(
    "thank thanks welcome question point sorry hello hi idea agree congrats congratulations"
    " talk meeting morning evening weekend holiday 'll 'm will ask asked asking find"
    " found pass passed bring come back let please moderators join joined grateful glad"
    " happy appreciate understand discuss discussed shall mean means tomorrow today week"
    " monday tuesday wednesday thursday friday answer answers answered mistake wrong right"
    " correct true agreed read listen yes available regulatory authors author liaison germany"
    " country countries uk us eu".split()
)


@dataclass(frozen=True, slots=True)
class _Clause:
    """A part of a sentence that leans on nothing, in tokens counted from the sentence's first."""

    first: int
    after: int
    ours: bool  # a medicine of ours is named
    others: bool
    under_it: bool
    judges: bool
    is_other_talk: bool


def find(look: Look) -> Iterator[Hit]:
    """A hit for each clause that judges a medicine on nothing but the author's word."""
    text, reading = look.text, look.reading
    refers, about = "{reference}" in reading.lists, bool(look.about)
    for row in reading.rows:
        if row.number in text.quoted:
            continue
        for clause in _claims(row.passage):
            # "it" alone may be anything, so there a verdict must be beside it.
            named = clause.ours or (about and clause.under_it)
            if (
                (named and (clause.judges or not refers))
                or (clause.judges and about and not refers and not clause.is_other_talk)
                or (clause.judges and clause.others)
            ):
                first, last = row.first + clause.first, row.first + clause.after - 1
                yield Hit(text.starts[first], text.ends[last], "a claim without a source")


def _claims(passage: Passage) -> list[_Clause]:
    """The clauses of a sentence that neither lean on anything nor ask; read once."""
    known = passage.memo.get("bare_claim")
    if isinstance(known, list):
        return known
    backed = "{reference}" in passage.lists or any("?" in norm for norm in passage.norms)
    found = [] if backed else list(_clauses(passage))
    passage.memo["bare_claim"] = found
    return found


def _clauses(passage: Passage) -> Iterator[_Clause]:
    """The clauses of a sentence, cut where the author turns round ("but", "though")."""
    norms, lists = passage.norms, passage.lists
    ours, others = lists.get("{product}", {}), lists.get("{other_medicine}", {})
    turns = [at for at, norm in enumerate(norms) if at and norm in _TURNS]
    for first, after in pairwise([0, *turns, len(norms)]):
        own = norms[first:after]
        words = frozenset(own)
        if words.isdisjoint(_LEANS_ON) and not _has_none(own):
            yield _Clause(
                first,
                after,
                ours=any(first <= at < after and norms[at] not in _PRONOUNS for at in ours),
                others=any(first <= at < after for at in others),
                under_it=_under_it(own),
                judges=not words.isdisjoint(_JUDGES),
                is_other_talk=not words.isdisjoint(_NO_MEDICINE),
            )


def _has_none(norms: list[str]) -> bool:
    """Whether it says "no data", "no experience"."""
    return any(before == "no" and word in _NOT_KNOWN for before, word in pairwise(norms))


def _under_it(norms: list[str]) -> bool:
    """Whether it says "on it", "on them", "with ours", as of a medicine."""
    return any(
        before in {"on", "with", "under"} and word in {"it", "them", "ours"}
        for before, word in pairwise(norms)
    )


DETECTOR = Detector(find, {})
