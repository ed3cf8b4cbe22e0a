"""Whether a draft answers something of the trade: of medicines, who takes them, who sells them.

The models know the trade. Of a late train or the rules of cricket they know little, and what they
make of an answer on those is half chance; so there they must make more of it.
"""

from __future__ import annotations

from functools import lru_cache

from community.guardrails.detectors.fields import fields_of
from community.guardrails.detectors.own_word.words import SIGNS

_FIELDS = frozenset(
    "drug dosing form disease symptom patient care diag body mech trial effect safe agency"
    " compliance secret launch report money ward".split()
)
_ASKED_ELSE = 0.75  # log-odds; from drafts held back from training


def further(question: tuple[str, ...]) -> float:
    """By how much more than usual the models must be sure of a draft, in log-odds.

    Args:
        question: the words of what it answers, none where it answers nothing.
    """
    return 0.0 if not question or any(map(_is_of_trade, question)) else _ASKED_ELSE


@lru_cache(maxsize=20_000)
def _is_of_trade(word: str) -> bool:
    return word in SIGNS or not _FIELDS.isdisjoint(fields_of(word))
