"""Sentences that read as the author's own word, by a small trained model: `weights/own_word.md`.

No list of slogans is long enough: "the hardest part is explaining why they have to wait" praises a
medicine without a word of praise. What tells such sentences from careful ones is their manner: who
speaks, whether a source, a limit or a counterpart stands with them, and what had been asked. The
model weighs words, neighbours of words, kinds of words and pairs of kinds, sentence by sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import chain, combinations, pairwise, starmap
from math import inf

from community.guardrails.detectors.adverse_event.words import is_event
from community.guardrails.detectors.hit import Detector, Hit, Look, read_around
from community.guardrails.detectors.linear import load
from community.guardrails.detectors.own_word_kinds import KINDS_OF_WORDS
from community.guardrails.phrases import Passage, Reading
from community.guardrails.phrases.text import DOI, NUMBER, URL
from community.guardrails.rules import Context, GuardrailSet

_NAMED = (
    ("{other_medicine}", "<other>"),
    ("{product}", "<ours>"),
    ("{trial}", "<trial>"),
    ("{reference}", "<ref>"),
)
_SIGNS = frozenset(sign for _, sign in _NAMED)
_WORD, _NEAR, _PART = "w %s", "b %s %s", 4
_NOWHERE: dict[int, tuple[int, ...]] = {}
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
_TURNS_OR_GOES_ON = re.compile(_TURNS.pattern + "|;", re.IGNORECASE)
_NO_POST: frozenset[str] = frozenset()
_ASKED_KINDS = frozenset("one harm eval compare money contact pipeline form source push".split())
_POST_KINDS = frozenset("social pointer admin lack source eval contact money".split())
_MEDICINES = frozenset({"Qours", "Qother", "Qoff"})
_CAREFUL = -1.5  # log-odds under which a sentence is taken for careful talk
_ELSEWHERE = 0.72  # by how much more a sentence must score where no medicine is about
_LENGTHS = ((4, "n0"), (9, "n1"), (18, "n2"))

Sentence = tuple[int, int, list[str], frozenset[str]]
"""First token, the one after the last, the words, and their kinds."""


def find(look: Look) -> Iterator[Hit]:
    """A hit for each sentence that the model takes for the author's own word."""
    model, text, reading = load("own_word"), look.text, look.reading
    asked = asked_about(look.context, look.guardrail_set)
    bar = model.threshold + (0.0 if _speaks_of_medicines(reading, asked) else _ELSEWHERE)
    post = _of_post(reading)
    for row in reading.rows:
        if row.number in text.quoted or _odds(row.passage, asked, post) < bar:
            continue
        if not _declines(row.passage.typed):
            yield Hit(text.starts[row.first], text.ends[row.after - 1], "the author's own word")


def careful_sentences(look: Look) -> int:
    """Sentences that are surely no claim on the author's own word, as bits by their number.

    A sentence must be careful by itself as well: what stands around it may not clear it.
    """
    text, reading = look.text, look.reading
    asked, post = asked_about(look.context, look.guardrail_set), _of_post(reading)
    careful = 0
    for row in reading.rows:
        if row.number in text.quoted or _TURNS_OR_GOES_ON.search(row.passage.typed):
            continue
        passage = row.passage
        if max(_odds(passage, asked, post), _odds(passage, asked, _NO_POST)) < _CAREFUL:
            careful |= 1 << row.number
    return careful


def _odds(passage: Passage, asked: tuple[str, ...], post: frozenset[str]) -> float:
    """What the model makes of a sentence; worked out once where it comes again."""
    remembered = "own_word", asked, post
    known = passage.memo.get(remembered)
    if not isinstance(known, float):
        words, known = _words(passage), -inf
        if words:
            total, count = _weighed(_kinds(words, asked, post))
            for weight, parts in map(_weight_of_word, words):
                total, count = total + weight, count + parts
            total = sum(starmap(_weight_of_pair, pairwise(["^", *words, "$"])), total)
            known = load("own_word").odds(total, count + len(words) + 1)
        passage.memo[remembered] = known
    return known


@lru_cache(maxsize=20_000)
def _weight_of_word(word: str) -> tuple[float, int]:
    """The sum of the weights of a word and its parts, and how many they are."""
    features = _features_of_word(word)
    return sum(map(load("own_word").weight, features)), len(features)


def _features_of_word(word: str) -> list[str]:
    """A word, and each four letters of it with its edges, for what is spelt or bent otherwise."""
    edged = f" {word} "
    return [_WORD % word, *(edged[at : at + _PART] for at in range(max(1, len(edged) - _PART + 1)))]


@lru_cache(maxsize=50_000)
def _weight_of_pair(left: str, right: str) -> float:
    return load("own_word").weight(_NEAR % (left, right))


def _speaks_of_medicines(reading: Reading, asked: tuple[str, ...]) -> bool:
    """Whether a medicine is asked about or named: praise and hints elsewhere sell nothing."""
    return not _MEDICINES.isdisjoint(asked) or any(
        reading.spans(name) for name in ("{product}", "{other_medicine}")
    )


def _declines(typed: str) -> bool:
    return bool(_DECLINES.search(typed)) and not _TURNS.search(typed)


def sentences(reading: Reading, asked: tuple[str, ...]) -> Iterator[Sentence]:
    """Each sentence of the author's, read; `asked` is what `asked_about` gave."""
    post = _of_post(reading)
    for row in reading.rows:
        words = _words(row.passage)
        if words and row.number not in reading.text.quoted:
            yield row.first, row.after, words, _kinds(words, asked, post)


def _of_post(reading: Reading) -> frozenset[str]:
    """What the whole post holds: kinds that colour its sentences, and "ref" for a source."""
    return frozenset[str]().union(*(_colours(row.passage) for row in reading.rows))


def _colours(passage: Passage) -> frozenset[str]:
    """What a sentence adds to that; worked out once."""
    known = passage.memo.get("own_word_colours")
    if not isinstance(known, frozenset):
        words = _words(passage)
        known = _kinds_of(words) & _POST_KINDS
        known = passage.memo["own_word_colours"] = known | {"ref"} if "<ref>" in words else known
    return known


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
    return (*(sorted(found) or ["Qelse"]), *_manner(frozenset(around.norms)))


def _manner(words: frozenset[str]) -> list[str]:
    """In what manner it was asked: of one person, a harm, money, a way to talk."""
    told = {"Q" + kind for kind in _ASKED_KINDS & _kinds_of(words)}
    if any(map(is_event, words)):
        told.add("Qevent")
    if "?" in words:
        told.add("Qasks")
    return sorted(told)


def _words(passage: Passage) -> list[str]:
    """The words of a sentence, with a sign for numbers, sources and medicines."""
    known = passage.memo.get("own_words")
    if isinstance(known, list):
        return known
    tokens = [
        "#" if kind == NUMBER else "<ref>" if kind in (URL, DOI) else norm
        for norm, kind in zip(passage.norms, passage.kinds, strict=True)
    ]
    for name, sign in _NAMED:
        for start, ends in passage.lists.get(name, _NOWHERE).items():
            if passage.norms[start] not in _PRONOUNS:
                after = max(ends)
                tokens[start:after] = [sign, *[""] * (after - start - 1)]
    passage.memo["own_words"] = words = [word for word in tokens if word and word not in _BETWEEN]
    return words


def _kinds_of(words: Iterable[str]) -> frozenset[str]:
    """The kinds of these words."""
    known = KINDS_OF_WORDS.keys() & words
    return frozenset(chain.from_iterable(map(KINDS_OF_WORDS.__getitem__, known)))


def _kinds(words: list[str], asked: tuple[str, ...], post: frozenset[str]) -> frozenset[str]:
    """What kinds of words a sentence holds, how long it is, and what had been asked."""
    kinds = set(_kinds_of(words))
    kinds.update("P" + kind for kind in post - kinds - {"ref"})
    kinds.update(sign[1:-1] for sign in _SIGNS.intersection(words))
    kinds.add(next((name for most, name in _LENGTHS if len(words) <= most), "n3"))
    kinds.add("ref" if "<ref>" in words else "refpost" if "ref" in post else "noref")
    figures = words.count("#")
    if figures:
        kinds.add("figs" if figures > 1 else "fig")
    if "?" in words:
        kinds.add("asks")
    return frozenset(kinds.union(asked))


def features_of_words(words: list[str]) -> list[str]:
    """The words with their parts, and each with its neighbour."""
    near = pairwise(["^", *words, "$"])
    return [*chain.from_iterable(map(_features_of_word, words)), *map(_NEAR.__mod__, near)]


def features_of_kinds(kinds: frozenset[str]) -> list[str]:
    """Each kind twice, for it says more than a word, and each pair of kinds."""
    names = sorted(kinds)
    single = ["c " + name for name in names]
    pairs = (
        f"cc {left} {right}"
        for left, right in combinations(names, 2)
        if not (left[0] in "PQ" and right[0] in "PQ")
    )
    return [*single, *single, *pairs]


@lru_cache(maxsize=4096)
def _weighed(kinds: frozenset[str]) -> tuple[float, int]:
    """The sum of the weights of these kinds, and how many features they are."""
    weights = list(map(load("own_word").weight, features_of_kinds(kinds)))
    return sum(weights), len(weights)


DETECTOR = Detector(find, {})
