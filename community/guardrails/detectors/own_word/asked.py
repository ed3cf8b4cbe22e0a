"""What had been asked: the title, the tags and the post that a draft answers."""

from __future__ import annotations

from functools import lru_cache

from community.guardrails.detectors.adverse_event.words import is_event
from community.guardrails.detectors.hit import read_around
from community.guardrails.detectors.own_word.kinds import kinds_of
from community.guardrails.phrases import Reading
from community.guardrails.rules import Context, GuardrailSet

_ASKED_KINDS = frozenset("one harm eval compare money contact pipeline form source push".split())


def asked_about(context: Context, guardrail_set: GuardrailSet) -> tuple[str, ...]:
    """What the title, the tags and the post answered are about, as kinds."""
    title, tags, answered = context.thread_title, context.tags, context.answered
    return _asked(title, tags, answered, context.countries, guardrail_set)


@lru_cache(maxsize=256)
def words_asked(title: str, tags: tuple[str, ...], answered: str) -> tuple[str, ...]:
    """The words of the title, the tags and the post answered."""
    return tuple(read_around(title, tags, answered).norms)


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
    told = {"Q" + kind for kind in _ASKED_KINDS & kinds_of(words)}
    if any(map(is_event, words)):
        told.add("Qevent")
    if "?" in words:
        told.add("Qasks")
    return sorted(told)
