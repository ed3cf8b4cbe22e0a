"""The guardrails themselves: a draft, a set of rules and its context in, a Verdict out.

Pure: no web, no database, no clock, no network; the same input gives the same answer. What a rule
may ask of a text by phrases is in `phrases.py`, what takes code is in `detectors/`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from functools import cached_property, lru_cache
from types import MappingProxyType
from typing import Any

from community.guardrails.detectors import DETECTORS, Hit
from community.guardrails.phrases import Lexicon, Phrase, Reading
from community.guardrails.text import Text, read

OUTCOMES = ("allow", "advise", "hold", "block")
KINDS = (
    "patient_identity", "adverse_event", "special_situation", "quality_complaint", "off_label",
    "promotional", "comparative", "missing_reference", "missing_balance", "individual_advice",
    "competitor", "commercial", "off_platform", "disclosure", "misinformation", "abuse", "spam",
    "other",
)  # fmt: skip
DESKS = (
    "safety", "quality", "medical_information", "medical", "regulatory", "privacy", "legal",
    "compliance", "moderators",
)  # fmt: skip
TEXT_KINDS = ("post", "title", "poll", "message", "correction")
MOST_HITS_OF_A_RULE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What is known about a draft besides its words.

    `countries`: ISO codes of all readers. `products`: ids the thread is about. `thread_texts`: the
    published texts of the thread, by which word-for-word quotes are known; None where the thread is
    unknown, and then a quote counts as the author's own words. `marks`: such as "off_label".
    """

    affiliation: str = "company"
    role: str = ""
    space: str = ""
    kind: str = "post"
    countries: frozenset[str] = frozenset()
    products: frozenset[str] = frozenset()
    thread_kind: str = ""
    thread_title: str = ""
    tags: tuple[str, ...] = ()
    marks: frozenset[str] = frozenset()
    answered: str = ""
    thread_texts: tuple[str, ...] | None = None
    member_names: tuple[str, ...] = ()
    today: date | None = None
    attachments: tuple[str, ...] = ()
    posting_paused: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """To which texts a rule applies; an empty field applies to all."""

    affiliations: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()
    products: frozenset[str] = frozenset()
    countries: frozenset[str] = frozenset()
    spaces: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    begins: date | None = None
    ends: date | None = None

    def covers(self, context: Context, products: frozenset[str]) -> bool:
        """Whether a text in this context, about these products, is judged by the rule."""
        return (
            (not self.affiliations or context.affiliation in self.affiliations)
            and (not self.roles or context.role in self.roles)
            and (not self.kinds or context.kind in self.kinds)
            and (not self.spaces or context.space in self.spaces)
            and (not self.countries or not self.countries.isdisjoint(context.countries))
            and (not self.products or not self.products.isdisjoint(products))
            and self._holds_on(context.today)
        )

    def _holds_on(self, today: date | None) -> bool:
        if today is None:
            return True
        return (self.begins or today) <= today <= (self.ends or today)


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A text that must hit its rule, or must not, with the context it needs."""

    text: str
    hits: bool
    context: Context


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule: what it says and why, where it applies, what it looks for, what follows."""

    id: str
    kind: str
    says: str
    why: str
    outcome: str
    because: str = ""  # `why` as it stands after a colon
    route: tuple[str, ...] = ()
    suggestion: str = ""
    scope: Scope = Scope()
    phrases: tuple[Phrase, ...] = ()
    with_: tuple[Phrase, ...] = ()
    and_with: tuple[Phrase, ...] = ()
    with_in: str = "sentence"
    unless: tuple[Phrase, ...] = ()
    unless_in: str = "sentence"
    quotes: str = "skip"
    detector: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)
    examples: tuple[Example, ...] = ()

    def reason_for(self, what: str = "") -> str:
        """What and why in one plain sentence; `what` was seen, where a detector can name it."""
        seen = f" ({what})" if what else ""
        return f"{self.says.rstrip('.')}{seen}: {self.because or self.why}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """One of our medicines, as far as the rules need it."""

    id: str
    names: tuple[str, ...]
    trials: tuple[str, ...] = ()
    others_in_field: tuple[str, ...] = ()
    countries: frozenset[str] = frozenset()
    company: str = ""
    references: Mapping[str, bool] = field(default_factory=dict)  # id to "may be cited in a room"
    sha256: str = ""

    @property
    def list_name(self) -> str:
        """Name of the phrase list that holds this product's names alone."""
        return f"product_{self.id}"


@dataclass(frozen=True, kw_only=True, eq=False)
class GuardrailSet:
    """One version of all rules with the products they speak about; `sha256` of its content."""

    id: str
    version: str
    title: str
    language: str
    rules: tuple[Rule, ...]
    products: tuple[Product, ...]
    effective: date | None = None
    needs_signature: tuple[str, ...] = ()
    lists: Mapping[str, tuple[Phrase, ...]] = field(default_factory=dict)
    hosts: Mapping[str, frozenset[str]] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    sha256: str = ""

    @cached_property
    def countries(self) -> frozenset[str]:
        """Every country of the product files."""
        return frozenset(c for product in self.products for c in product.countries)

    @cached_property
    def lexicon(self) -> Lexicon:
        """All words that the rules know."""
        names = {word.lower() for p in self.products for name in p.names for word in name.split()}
        lexicon = Lexicon(self.lists, names)
        for phrases in self.lists.values():
            lexicon.learn(phrases)
        for rule in self.rules:
            lexicon.learn((*rule.phrases, *rule.with_, *rule.and_with, *rule.unless))
        return lexicon

    @cached_property
    def anchors(self) -> Mapping[str, Sequence[tuple[int, Phrase]]]:
        """For each word or list that a phrase cannot do without: the rule's place and the phrase."""
        found: dict[str, list[tuple[int, Phrase]]] = {}
        for place, rule in enumerate(self.rules):
            for phrase in rule.phrases:
                for key in phrase.anchor:
                    found.setdefault(key, []).append((place, phrase))
        return MappingProxyType(found)

    @cached_property
    def list_anchors(self) -> tuple[str, ...]:
        """The anchors that are named lists."""
        return tuple(key for key in self.anchors if key[0] == "{" and key[1:-1] in self.lists)

    def rule(self, rule_id: str) -> Rule:
        """The rule of that id. Raises KeyError."""
        return {rule.id: rule for rule in self.rules}[rule_id]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One hit of one rule: `start` to `end` in code points of the text as sent, half-open.

    `reason` says in one sentence what and why, `do` what to do; `suggestion` is a text that may
    stand in place of the span.
    """

    rule: str
    kind: str
    outcome: str
    start: int
    end: int
    says: str
    reason: str
    do: str
    routes: tuple[str, ...]
    suggestion: str | None = None

    def as_json(self) -> dict[str, Any]:
        """The finding as JSON holds it."""
        return {**asdict(self), "routes": list(self.routes)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The heaviest outcome over one text, its findings in the order of the text, and its routes.

    `owner` is the desk that decides on a hold: the first of the route of the first rule, in the
    order of the set, that holds. `routes` begins with the desks of the heaviest findings.
    """

    outcome: str = "allow"
    findings: tuple[Finding, ...] = ()
    routes: tuple[str, ...] = ()
    owner: str | None = None

    def as_json(self) -> dict[str, Any]:
        """The verdict as JSON holds it."""
        return {
            "outcome": self.outcome,
            "findings": [finding.as_json() for finding in self.findings],
            "routes": list(self.routes),
            "owner": self.owner,
        }


def evaluate(text: str, guardrail_set: GuardrailSet, context: Context) -> Verdict:
    """Judge one draft by one set of rules. Same input, same answer; time linear in the text."""
    draft = read(text)
    about = frozenset(context.products) | _products_of_thread(guardrail_set, context)
    reading = Reading(draft, guardrail_set.lexicon, thread_is_ours=bool(about))
    case = _Case(reading, guardrail_set, context, about)
    phrases = _candidates(reading, guardrail_set)
    findings: list[Finding] = []
    for place, rule in enumerate(guardrail_set.rules):
        if rule.detector or place in phrases:
            findings += case.judge(rule, phrases.get(place, ()))
    return _verdict(findings)


def member_rules(guardrail_set: GuardrailSet) -> GuardrailSet:
    """The rules for health professionals alone: what judges members while no set is in force."""
    rules = tuple(rule for rule in guardrail_set.rules if _is_for_members(rule))
    return replace(guardrail_set, rules=rules)


def _is_for_members(rule: Rule) -> bool:
    return not rule.scope.affiliations or "hcp" in rule.scope.affiliations


def _candidates(reading: Reading, guardrail_set: GuardrailSet) -> dict[int, list[Phrase]]:
    """For each rule the phrases of which the text holds the word they cannot do without."""
    anchors = guardrail_set.anchors
    keys = [key for key in reading.places if key in anchors]
    keys += [key for key in guardrail_set.list_anchors if reading.has(key)]
    found: dict[int, dict[int, Phrase]] = {}
    for key in keys:
        for place, phrase in anchors[key]:
            found.setdefault(place, {})[id(phrase)] = phrase
    return {place: list(phrases.values()) for place, phrases in found.items()}


@lru_cache(maxsize=256)
def _products_named(text: str, guardrail_set: GuardrailSet) -> frozenset[str]:
    reading = Reading(read(text), guardrail_set.lexicon)
    return _products_in(reading, guardrail_set)


def _products_in(reading: Reading, guardrail_set: GuardrailSet) -> frozenset[str]:
    return frozenset(p.id for p in guardrail_set.products if reading.has("{" + p.list_name + "}"))


def _products_of_thread(guardrail_set: GuardrailSet, context: Context) -> frozenset[str]:
    """Products that the title, the tags or the post answered name."""
    around = "\n\n".join((context.thread_title, *context.tags, context.answered))
    return _products_named(around, guardrail_set) if around.strip() else frozenset()


class _Case:
    """One text under judgement: what all rules ask of it is worked out once."""

    def __init__(
        self,
        reading: Reading,
        guardrail_set: GuardrailSet,
        context: Context,
        about: frozenset[str],
    ) -> None:
        self.reading = reading
        self.text: Text = reading.text
        self.set = guardrail_set
        self.context = context
        self.about = about
        self.everywhere = frozenset(self.text.sentences)
        self.unquoted = self.everywhere - _known_quotes(self.text, context.thread_texts)

    @cached_property
    def products(self) -> frozenset[str]:
        return self.about | _products_in(self.reading, self.set)

    def judge(self, rule: Rule, phrases: Iterable[Phrase]) -> list[Finding]:
        products = self.products if rule.scope.products else self.about
        if not rule.scope.covers(self.context, products):
            return []
        allowed = self.everywhere if rule.quotes == "read" else self.unquoted
        hits = self._detected(rule) if rule.detector else self._matched(phrases, allowed)
        kept = [hit for hit in hits if self._stands(rule, hit, allowed)]
        return [self._finding(rule, hit) for hit in _apart(kept)[:MOST_HITS_OF_A_RULE]]

    def _detected(self, rule: Rule) -> Iterable[Hit]:
        find = DETECTORS[rule.detector].find
        return find(self.text, self.context, self.set, rule.options)

    def _matched(self, phrases: Iterable[Phrase], allowed: frozenset[int]) -> Iterable[Hit]:
        starts, ends = self.text.starts, self.text.ends
        for phrase in phrases:
            for first, after in self.reading.find(phrase, allowed):
                yield Hit(starts[first], ends[after - 1])

    def _stands(self, rule: Rule, hit: Hit, allowed: frozenset[int]) -> bool:
        """Whether the rest of the rule bears the hit out: with, and_with, unless, quotes."""
        here = self.text.sentences_at(hit.start, hit.end) & allowed
        if hit.whole:
            here = allowed
        elif not here:
            return False
        nearby = allowed if rule.with_in == "post" else here
        if not all(self._met(rule, part, nearby) for part in (rule.with_, rule.and_with) if part):
            return False
        around = allowed if rule.unless_in == "post" else here
        return not self._found(rule.unless, around)

    def _met(self, rule: Rule, phrases: tuple[Phrase, ...], nearby: frozenset[int]) -> bool:
        if rule.with_in == "post" and self.about and any(p.source == "{product}" for p in phrases):
            return True
        return self._found(phrases, nearby)

    def _found(self, phrases: Iterable[Phrase], sentences: frozenset[int]) -> bool:
        found = self.reading.sentences_with
        return any(not found(phrase).isdisjoint(sentences) for phrase in phrases)

    def _finding(self, rule: Rule, hit: Hit) -> Finding:
        start, end = self.text.place(hit.start, hit.end)
        if hit.whole:
            start, end = 0, len(self.text.raw)
        return Finding(
            rule=rule.id,
            kind=rule.kind,
            outcome=rule.outcome,
            start=start,
            end=end,
            says=rule.says,
            reason=rule.reason_for(hit.what),
            do=rule.suggestion,
            routes=rule.route,
            suggestion=hit.instead,
        )


def _known_quotes(text: Text, thread_texts: tuple[str, ...] | None) -> frozenset[int]:
    """Quoted sentences that stand word for word in the thread; the rest is the author's own."""
    if not text.quoted or not thread_texts:
        return frozenset()
    thread = "\n".join(map(_all_words, thread_texts))
    own = text.words_of_sentences()
    return frozenset(at for at in text.quoted if f" {own[at]} " in thread)


@lru_cache(maxsize=256)
def _all_words(text: str) -> str:
    return " " + " ".join(read(text).words_of_sentences().values()) + " "


def _apart(hits: Iterable[Hit]) -> list[Hit]:
    """Hits of one rule in the order of the text, of two that overlap the earlier and longer one."""
    kept: list[Hit] = []
    for hit in sorted(hits, key=lambda hit: (hit.start, -hit.end)):
        if not kept or hit.start >= kept[-1].end or hit.whole:
            kept.append(hit)
    return kept


def _verdict(findings: Sequence[Finding]) -> Verdict:
    """`findings` come in the order of the set's rules."""
    heaviest = sorted(findings, key=lambda finding: -OUTCOMES.index(finding.outcome))
    holds = [finding for finding in findings if finding.outcome == "hold"]
    outcome = heaviest[0].outcome if heaviest else "allow"
    return Verdict(
        outcome=outcome,
        findings=tuple(sorted(findings, key=lambda finding: (finding.start, finding.end))),
        routes=tuple(dict.fromkeys(desk for finding in heaviest for desk in finding.routes)),
        owner=next((f.routes[0] for f in holds if f.routes), None) if outcome == "hold" else None,
    )
