"""What a set of rules is made of, and the context that a text is judged in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any

from community.guardrails.phrases import (
    Lexicon,
    Phrase,
    PhraseIndex,
    Reading,
    Wording,
    wording_of,
)

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
ROLES = ("member", "contributor", "moderator", "msl")
THREAD_KINDS = (
    "discussion", "question", "case", "journal_club", "poll", "answer_first", "announcement",
)  # fmt: skip
# What the composer may offer beside a finding: the neutral pointer for an off-label question, a
# search for an approved response, the report of a side effect, the form for a correction.
_MOST_CONTEXTS = 500
OFFERS = ("pointer", "response", "report", "correction")


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What is known about a draft besides its words.

    `title`: a title that goes out with the text and is judged on its own; a sentence may run on
    from it. `thread_title`: that of the thread the text is a reply in.
    `countries`: ISO codes of all readers. `products`: ids the thread is about. `thread_texts`: the
    published texts of the thread, by which word-for-word quotes are known; None where the thread is
    unknown, and then a quote counts as the author's own words. `marks`: such as "off_label".
    `approved_texts`: approved responses whose sentences, put in word for word, are no claim to be
    judged.
    """

    affiliation: str = "company"
    role: str = ""
    space: str = ""
    kind: str = "post"
    countries: frozenset[str] = frozenset()
    products: frozenset[str] = frozenset()
    thread_kind: str = ""
    title: str = ""
    thread_title: str = ""
    tags: tuple[str, ...] = ()
    marks: frozenset[str] = frozenset()
    answered: str = ""
    thread_texts: tuple[str, ...] | None = None
    approved_texts: tuple[str, ...] = ()
    member_names: tuple[str, ...] = ()
    today: date | None = None
    attachments: tuple[str, ...] = ()
    posting_paused: bool = False


QUOTES = ("skip", "context", "read")
"""What a known quote counts for: nothing; for what is said around it; as the author's own words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """To which texts a rule applies; an empty field applies to all."""

    affiliations: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()
    products: frozenset[str] = frozenset()
    countries: frozenset[str] = frozenset()
    spaces: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    thread_kinds: frozenset[str] = frozenset()
    begins: date | None = None
    ends: date | None = None

    def covers(self, context: Context, products: frozenset[str]) -> bool:
        """Whether a text in this context, about these products, is judged by the rule."""
        return (
            (not self.affiliations or context.affiliation in self.affiliations)
            and (not self.roles or context.role in self.roles)
            and (not self.kinds or context.kind in self.kinds)
            and (not self.thread_kinds or context.thread_kind in self.thread_kinds)
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
    """A text that must hit its rule, or must not, with the context it needs.

    `place` is the file and the line of the rule's row of such examples.
    """

    text: str
    hits: bool
    context: Context
    place: str = ""


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
    instead: str = ""  # a neutral wording that may stand in place of the words hit
    offers: tuple[str, ...] = ()
    scope: Scope = Scope()
    phrases: tuple[Phrase, ...] = ()
    with_: tuple[Phrase, ...] = ()
    and_with: tuple[Phrase, ...] = ()
    with_in: str = "sentence"
    unless: tuple[Phrase, ...] = ()
    unless_in: str = "sentence"
    quotes: str = "skip"  # what a quote counts for: QUOTES
    spare_careful: bool = False  # no hit in a sentence that the model `own_word` finds careful
    fallback: bool = False  # it speaks where no finding at least as heavy touches its words
    detector: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)
    examples: tuple[Example, ...] = ()

    def why_for(self, what: str = "") -> str:
        """Why, as a sentence that stands under the rule, beginning with what was seen."""
        why = self.because or self.why
        sentence = f"{what}: {why}" if what else why
        return sentence[:1].upper() + sentence[1:]

    def reason_for(self, what: str = "") -> str:
        """What and why in one plain sentence; `what` was seen, where a detector can name it."""
        seen = f" ({what})" if what else ""
        return f"{self.says.rstrip('.')}{seen}: {self.because or self.why}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """A disease, a group of patients or a combination that a text may speak of.

    `kind`: indication, population, combination or setting. `status` by country: approved,
    not_approved or contraindicated. A sentence with one of `terms` and none of `unless` is on it.
    """

    id: str
    name: str
    kind: str
    terms: tuple[Phrase, ...]
    unless: tuple[Phrase, ...]
    status: Mapping[str, str]

    @property
    def is_approved_nowhere(self) -> bool:
        """Whether no label at all allows it."""
        return "approved" not in self.status.values()

    def approved_in(self, countries: Iterable[str]) -> frozenset[str]:
        """Those of `countries` whose label allows it."""
        return frozenset(c for c in countries if self.status.get(c) == "approved")


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """Doses of one country's label: single doses and highest day's dose in mg, times a day.

    An empty field says nothing, and then nothing is asked of a text.
    """

    country: str
    reference: str
    doses: frozenset[float]
    times_a_day: frozenset[int]
    daily: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """One of our medicines, as far as the rules need it."""

    id: str
    names: tuple[str, ...]
    trials: tuple[str, ...] = ()
    others_in_field: tuple[str, ...] = ()
    other_trials: tuple[str, ...] = ()
    countries: frozenset[str] = frozenset()
    company: str = ""
    references: Mapping[str, bool] = field(default_factory=dict)  # id to "may be cited in a room"
    citations: Mapping[str, str] = field(default_factory=dict)  # id to the citation, of those
    uses: tuple[Use, ...] = ()
    labels: Mapping[str, Label] = field(default_factory=dict)
    strengths: frozenset[float] = frozenset()  # of one tablet or capsule, in mg
    agencies: Mapping[str, str] = field(default_factory=dict)  # country to where side effects go
    sha256: str = ""

    @property
    def list_name(self) -> str:
        """Name of the phrase list that holds this product's names alone."""
        return f"product_{self.id}"

    @property
    def reference(self) -> str:
        """That list as phrases name it."""
        return "{" + self.list_name + "}"

    def use_list(self, use: Use) -> str:
        """Name of the phrase list that holds the terms of one of its uses."""
        return f"use_{self.id}_{use.id}"

    @property
    def trials_list(self) -> str:
        """Name of the phrase list that holds its trials."""
        return f"trials_{self.id}"

    @property
    def references_list(self) -> str:
        """Name of the phrase list that holds the ids of its library, such as ORT-01."""
        return f"references_{self.id}"


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
        for rule in self.rules:
            lexicon.learn((*rule.phrases, *rule.with_, *rule.and_with, *rule.unless))
        return lexicon

    @cached_property
    def index(self) -> PhraseIndex:
        """The phrases of all rules by the words they cannot do without."""
        return PhraseIndex(rule.phrases for rule in self.rules)

    def products_in(self, reading: Reading) -> frozenset[str]:
        """Ids of our products that a text names."""
        return frozenset(p.id for p in self.products if p.reference in reading.lists)

    @cached_property
    def disclosures(self) -> Wording:
        """Standing lines by which staff say who they are: read as if they were not there."""
        return wording_of(
            *(text for key, text in self.texts.items() if key.startswith("disclosure"))
        )

    @cached_property
    def fixed_wording(self) -> Wording:
        """The sentences of all fixed texts."""
        return wording_of(*self.texts.values())

    def rules_for(self, context: Context, products: frozenset[str]) -> frozenset[int]:
        """Numbers of the rules whose scope covers a text in this context, about these products."""
        asked = (
            context.affiliation, context.role, context.kind, context.thread_kind, context.space,
            context.countries, context.today, products,
        )  # fmt: skip
        known = self._rules_by_context.get(asked)
        if known is None:
            rows = enumerate(self.rules)
            known = frozenset(n for n, rule in rows if rule.scope.covers(context, products))
            if len(self._rules_by_context) >= _MOST_CONTEXTS:
                self._rules_by_context.clear()
            self._rules_by_context[asked] = known
        return known

    @cached_property
    def _rules_by_context(self) -> dict[object, frozenset[int]]:
        return {}

    @cached_property
    def detecting(self) -> frozenset[int]:
        """Numbers of the rules that look by a detector."""
        return frozenset(number for number, rule in enumerate(self.rules) if rule.detector)

    @cached_property
    def reasons(self) -> Mapping[str, tuple[str, str]]:
        """By rule its `why_for` and `reason_for`, where no more can be said."""
        return {rule.id: (rule.why_for(), rule.reason_for()) for rule in self.rules}

    def rule(self, rule_id: str) -> Rule:
        """The rule of that id. Raises KeyError."""
        return {rule.id: rule for rule in self.rules}[rule_id]


def member_rules(guardrail_set: GuardrailSet) -> GuardrailSet:
    """The rules for health professionals alone: what judges members while no set is in force."""
    rules = tuple(rule for rule in guardrail_set.rules if _is_for_members(rule))
    return replace(guardrail_set, rules=rules)


def _is_for_members(rule: Rule) -> bool:
    return not rule.scope.affiliations or "hcp" in rule.scope.affiliations
