"""Narrows the rules of a draft to those that an author looks for."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from community.guardrails.queries.drafts import RuleInDraft

_NAMES_OF_FIELDS = re.compile(r"^ *(?:[a-z_]+ *=|\[\[?[a-z.]+\]\]?)", re.MULTILINE)


@dataclass(frozen=True)
class Wanted:
    """What an author looks for: words that all stand in a rule, and what follows from it."""

    words: str = ""
    outcome: str = ""

    def takes(self, each: RuleInDraft) -> bool:
        """Whether a rule is one of those: by its id, its sentences, phrases and examples."""
        if self.outcome and (each.rule is None or each.rule.outcome != self.outcome):
            return False
        if not self.words:
            return True
        said = f"{each.id}\n{_NAMES_OF_FIELDS.sub('', each.block.text)}".casefold()
        return all(word in said for word in self.words.casefold().split())


def narrowed(
    sections: Mapping[str, Sequence[RuleInDraft]], wanted: Wanted
) -> Mapping[str, Sequence[RuleInDraft]]:
    """Return the wanted rules by their kinds; a kind of which nothing is left goes."""
    found = {kind: [each for each in rules if wanted.takes(each)]
             for kind, rules in sections.items()}  # fmt: skip
    return {kind: rules for kind, rules in found.items() if rules}
