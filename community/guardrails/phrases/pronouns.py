"""Where "it" stands for the medicine that a thread is about.

"It" is a product only where its neighbours leave no other reading: something that is taken, given
or prescribed ("stopped it", "on it"), or of which is said what is said of medicines ("it works",
"it is safe"). "It is important that" and "it rains" are none.
"""

from __future__ import annotations

from collections.abc import Iterator

from community.guardrails.phrases.text import Text

_PRONOUNS = frozenset({"it", "mine"})
_TAKEN = frozenset(
    "take takes took taking taken start starts started starting stop stops stopped stopping use"
    " uses used using prescribe prescribes prescribed prescribing give gives gave given giving"
    " tolerate tolerates tolerated tolerating try tries tried trying recommend recommends"
    " recommended continue continued restart restarted swallow swallowed titrate titrated".split()
)
_DOES = frozenset(
    "works worked helps helped reduces reduced lowers lowered prevents prevented cures cured heals"
    " improves improved protects protected beats outperforms outperformed saves saved causes caused"
    " prolongs prolonged".split()
)
_IS = frozenset({"is", "was", "'s"})
_ADVERBS = frozenset(
    "also always absolutely clearly completely entirely fully generally much perfectly quite really"
    " so the totally truly usually very".split()
)
_SAID_OF_MEDICINES = frozenset(
    "safe safer safest effective best better superior harmless tolerated approved licensed licenced"
    " contraindicated cheaper unbeatable unmatched unrivalled".split()
)
# "It is best to ask", "it is safe to say": a deed, no medicine.
_SAID_OF_DEEDS = frozenset({"best", "better"})
_DEED = frozenset({"if", "not", "practice", "that", "to", "when"})
_SAYING = (["to", "say"], ["to", "assume"], ["to", "conclude"], ["to", "suppose"])


def pronouns(text: Text) -> Iterator[int]:
    """Numbers of the tokens that mean the medicine at hand."""
    norms, sentences = text.norms, text.sentences
    for at in [at for at, norm in enumerate(norms) if norm in _PRONOUNS]:
        follows = at and sentences[at - 1] == sentences[at] and norms[at] == "it"
        if (follows and norms[at - 1] in _TAKEN) or _is_subject(norms[at + 1 : at + 6]):
            yield at


def _is_subject(following: list[str]) -> bool:
    if following and following[0] in _DOES:
        return True
    if not following or following[0] not in _IS:
        return False
    said, *then = [norm for norm in following[1:] if norm not in _ADVERBS] or [""]
    if said in _SAID_OF_DEEDS and then and then[0] in _DEED:
        return False
    return said in _SAID_OF_MEDICINES and then[:2] not in _SAYING
