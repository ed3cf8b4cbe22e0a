"""Sentences that read as the author's own word, by a small trained model: `weights/own_word.md`.

No list of slogans is long enough: "the hardest part is explaining why they have to wait" praises a
medicine without a word of praise. What tells such sentences from careful ones is their manner: who
speaks, whether a source, a limit or a counterpart stands with them, and what had been asked. The
model weighs words, neighbours of words, kinds of words and pairs of kinds, sentence by sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import chain, combinations, pairwise

from community.guardrails.detectors.hit import Detector, Hit, Look, read_around
from community.guardrails.detectors.linear import load
from community.guardrails.detectors.own_word_kinds import KINDS_OF_WORDS
from community.guardrails.phrases import Reading, Text
from community.guardrails.phrases.text import DOI, NUMBER, URL
from community.guardrails.rules import Context, GuardrailSet

_NAMED = (
    ("{other_medicine}", "<other>"),
    ("{product}", "<ours>"),
    ("{trial}", "<trial>"),
    ("{reference}", "<ref>"),
)
_SIGNS = frozenset(sign for _, sign in _NAMED)
_PRONOUNS = frozenset({"it", "mine"})
_BETWEEN = frozenset(",:;/&@")
# To say that one does not know, or who does, is no claim; unless a turn takes it back.
_DECLINES = re.compile(
    r"\b(?:can't|cannot|can not|not able to|unable to|couldn't|wouldn't|rather not) (?:\w+ ){0,2}"
    r"(?:say|tell|comment|answer|discuss|into|advise|speak|judge|recommend|compare|conclude)\b"
    r"|\b(?:not|never) (?:been )?(?:\w+ )?compared\b|\bno (?:head.to.head|direct|comparative)\b"
    r"|\b(?:i|we) don't (?:know|have)\b|\bnobody knows\b|\banyone can say\b"
    r"|\bthere(?:'s| is| are|'re) no (?:\w+ )?(?:data|trials?|stud(?:y|ies)|evidence|guidance)\b"
    r"|\bmed(?:ical)? info|\b(?:not|isn't) (?:an? |yet )?(?:approved|licensed)\b|\badults only\b"
    r"|\boutside (?:the|its|our) (?:licen[cs]e|label)\b|\blicen[cs]e (?:ends|stops) at\b",
    re.IGNORECASE,
)
_TURNS = re.compile(
    r"\b(?:but|though|although|however|still|yet|unofficially|practically|yes|of course)\b|\.\.",
    re.IGNORECASE,
)
_MEDICINES = frozenset({"Qours", "Qother", "Qoff"})
_ELSEWHERE = 0.5  # by how much more a sentence must score where no medicine is about
_LENGTHS = ((4, "n0"), (9, "n1"), (18, "n2"))

Sentence = tuple[int, int, list[str], frozenset[str]]
"""First token, the one after the last, the words, and their kinds."""


def find(look: Look) -> Iterator[Hit]:
    """A hit for each sentence that the model takes for the author's own word."""
    model, text = load("own_word"), look.text
    asked = asked_about(look.context, look.guardrail_set)
    bar = model.threshold + (0.0 if _speaks_of_medicines(look.reading, asked) else _ELSEWHERE)
    for first, after, words, kinds in sentences(look.reading, asked):
        of_words, of_kinds = features_of_words(words), _weighed(kinds)
        total = sum(map(model.weight, of_words)) + of_kinds[0]
        odds = model.odds(total, len(of_words) + of_kinds[1])
        start, end = text.starts[first], text.ends[after - 1]
        if odds >= bar and not _declines(text.clean[start:end]):
            yield Hit(start, end, "the author's own word")


def _speaks_of_medicines(reading: Reading, asked: tuple[str, ...]) -> bool:
    """Whether a medicine is asked about or named: praise and hints elsewhere sell nothing."""
    return not _MEDICINES.isdisjoint(asked) or any(
        reading.spans(name) for name in ("{product}", "{other_medicine}")
    )


def _declines(typed: str) -> bool:
    return bool(_DECLINES.search(typed)) and not _TURNS.search(typed)


def sentences(reading: Reading, asked: tuple[str, ...]) -> Iterator[Sentence]:
    """Each sentence of the author's, read; `asked` is what `asked_about` gave."""
    text = reading.text
    tokens = _tokens(reading)
    referred = "<ref>" in tokens
    for first, after in text.spans_of_sentences():
        if text.sentences[first] in text.quoted:
            continue
        words = [word for word in tokens[first:after] if word and word not in _BETWEEN]
        if words:
            yield first, after, words, _kinds(words, asked, referred=referred)


def asked_about(context: Context, guardrail_set: GuardrailSet) -> tuple[str, ...]:
    """What the title, the tags and the post answered are about, as kinds."""
    title, tags, answered = context.thread_title, context.tags, context.answered
    return _asked(title, tags, answered, context.countries, guardrail_set)


@lru_cache(maxsize=256)
def _asked(
    title: str,
    tags: tuple[str, ...],
    answered: str,
    countries: frozenset[str],
    guardrail_set: GuardrailSet,
) -> tuple[str, ...]:
    around = read_around(title, tags, answered)
    if not around.norms:
        return ("Qnone",)
    reading, found = Reading(around, guardrail_set.lexicon), set()
    for product in guardrail_set.products:
        if reading.spans("{" + product.list_name + "}"):
            found.add("Qours")
        for use in product.uses:
            terms = product.use_list(use)
            named = reading.spans("{" + terms + "}") and not reading.spans("{" + terms + "_unless}")
            if named and countries - use.approved_in(countries):
                found.add("Qoff")
    if reading.spans("{other_medicine}"):
        found.add("Qother")
    return tuple(sorted(found)) or ("Qelse",)


def _tokens(reading: Reading) -> list[str]:
    """The words, with a sign for numbers, sources and medicines; empty where one has swallowed."""
    text: Text = reading.text
    tokens = [
        "#" if kind == NUMBER else "<ref>" if kind in (URL, DOI) else norm
        for norm, kind in zip(text.norms, text.kinds, strict=True)
    ]
    for name, sign in _NAMED:
        for start, ends in reading.spans(name).items():
            if text.norms[start] not in _PRONOUNS:
                after = max(ends)
                tokens[start:after] = [sign, *[""] * (after - start - 1)]
    return tokens


def _kinds(words: list[str], asked: tuple[str, ...], *, referred: bool) -> frozenset[str]:
    """What kinds of words a sentence holds, how long it is, and what had been asked."""
    known = KINDS_OF_WORDS.keys() & words
    kinds = set(chain.from_iterable(map(KINDS_OF_WORDS.__getitem__, known)))
    kinds.update(sign[1:-1] for sign in _SIGNS.intersection(words))
    kinds.add(next((name for most, name in _LENGTHS if len(words) <= most), "n3"))
    kinds.add("ref" if "<ref>" in words else "refpost" if referred else "noref")
    figures = words.count("#")
    if figures:
        kinds.add("figs" if figures > 1 else "fig")
    if "?" in words:
        kinds.add("asks")
    return frozenset(kinds.union(asked))


def features_of_words(words: list[str]) -> list[str]:
    """The words, and each with its neighbour."""
    return ["^", *["w " + word for word in words], *map(_NEAR, pairwise(["^", *words, "$"]))]


_NEAR = "b %s %s".__mod__


def features_of_kinds(kinds: frozenset[str]) -> list[str]:
    """Each kind twice, for it says more than a word, and each pair of kinds."""
    names = sorted(kinds)
    single = ["c " + name for name in names]
    return [*single, *single, *(f"cc {left} {right}" for left, right in combinations(names, 2))]


@lru_cache(maxsize=4096)
def _weighed(kinds: frozenset[str]) -> tuple[float, int]:
    """The sum of the weights of these kinds, and how many they are."""
    weights = list(map(load("own_word").weight, features_of_kinds(kinds)))
    return sum(weights), len(weights)


DETECTOR = Detector(find, {})
