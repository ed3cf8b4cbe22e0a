"""Judges what people write besides posts and a room or a reader sees all the same."""

from __future__ import annotations

from community.guardrails import engine, queries
from community.kernel import clock
from community.kernel.errors import Invalid
from community.kernel.sayable import looked_at_by
from community.kernel.words import N_
from community.members.models import Member
from community.spaces import queries as spaces
from community.spaces.models import Role, Space


@looked_at_by
def require_sayable(*, author: Member, space: Space, words: str, field: str) -> None:
    """Demand that words beside a thread, such as why it is locked, could stand in it as a post.

    Nobody holds them: what a person would have to look at first is put otherwise, or left out.

    Args:
        author: who writes them; company staff are judged as such.
        space: whose readers see them.
        words: plain text; none is fine.
        field: of the form, where the refusal stands.

    Raises:
        Invalid: as a post they would be held or blocked.
    """
    if not words:
        return
    version = queries.find_set_in_force()
    rules = queries.rules_of(version) if version is not None else queries.shipped_member_rules()
    context = engine.Context(
        affiliation=author.affiliation.value,
        role=(Role.MSL if author.is_company else Role.MEMBER).value,
        space=space.slug,
        countries=spaces.countries_of_readers(space.id),
        member_names=spaces.member_names(space.id),
        today=clock.today(),
    )
    verdict = engine.evaluate(words, rules, context)
    found = next((one for one in verdict.findings if one.outcome == verdict.outcome), None)
    if found is not None and verdict.outcome in {"hold", "block"}:
        sentence = N_("Others read this as they read a post. %(why)s")
        raise Invalid(sentence, field=field, why=found.reason)
