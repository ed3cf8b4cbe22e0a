"""What a detector gives back, and what it must tell about itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from community.guardrails.phrases.reading import Reading
from community.guardrails.phrases.text import Text, read

if TYPE_CHECKING:
    from community.guardrails.rules import Context, GuardrailSet


class Hit(NamedTuple):
    """One find in the folded text: `start` to `end` of `Text.clean`, half-open.

    `what` says in a few words what was seen ("an NHS number"); `instead` may stand in its place.
    `whole` marks a hit on the whole text.
    """

    start: int = 0
    end: int = 0
    what: str = ""
    instead: str | None = None
    whole: bool = False


class Look(NamedTuple):
    """All that a detector may look at; `options` are those that the rule gives it.

    `about`: ids of our products that the thread is about, by its own products, its title, its tags
    or the post answered; there "it", "the tablets" and "mine" mean one of them.
    """

    text: Text
    context: Context
    guardrail_set: GuardrailSet
    options: Mapping[str, Any]
    about: frozenset[str] = frozenset()

    @property
    def reading(self) -> Reading:
        """The text as the phrases read it, such as `reading.spans("{product}")`, in tokens."""
        known = self.text.memo.get("reading")
        if not isinstance(known, Reading):
            lexicon = self.guardrail_set.lexicon
            known = Reading(self.text, lexicon, thread_is_ours=bool(self.about))
            self.text.memo["reading"] = known
        return known

    @property
    def products(self) -> frozenset[str]:
        """Ids of our products that the thread is about or the text names."""
        return self.about | self.guardrail_set.products_in(self.reading)

    @property
    def around(self) -> Text:
        """What stands around the text: the title, the tags and the post answered."""
        return read_around(self.context.thread_title, self.context.tags, self.context.answered)


@lru_cache(maxsize=64)
def read_around(title: str, tags: tuple[str, ...], answered: str) -> Text:
    """The title, tags and post answered as one text, each in paragraphs of its own."""
    return read("\n\n".join(part for part in (title, *tags, answered) if part))


@dataclass(frozen=True, slots=True)
class Detector:
    """A pure function over a text, and the options a rule file may give it.

    `options` maps a name to the words it may take (for a list: each of them), or to `int`.
    """

    find: Callable[[Look], Iterable[Hit]]
    options: Mapping[str, tuple[str, ...] | type[int]]
