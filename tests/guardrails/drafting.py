"""What tests of drafts stand on: a short set in force, and people who write and sign."""

from __future__ import annotations

from community.guardrails import queries, services
from community.guardrails.models import GuardrailSetVersion, SetDraft
from community.kernel.db import db
from community.members.models import Member
from tests.guardrails.test_services import add, sign
from tests.stage import Stage


def drafter(stage: Stage) -> Member:
    """Give cora, who moderates for the company, the duty compliance: she writes, others sign."""
    cora = stage.member("cora")
    cora.duties = ["compliance"]
    stage.commit()
    return cora


def short_set(stage: Stage) -> GuardrailSetVersion:
    """Bring a short set of one rule into force; rosa and cora know it."""
    version = add(stage)
    sign(stage, version)
    for who in ("cora", "rosa"):
        stage.acknowledge(who, version)
    stage.commit()
    return version


def begin(stage: Stage, purpose: str = "Say it more plainly.") -> SetDraft:
    """Have cora begin a draft from the set in force."""
    draft = services.start_draft(
        actor=drafter(stage), purpose=purpose, based_on=queries.find_set_in_force()
    )
    stage.commit()
    return draft


def rewrite(stage: Stage, draft: SetDraft, old: str, new: str, who: str = "cora") -> None:
    """Have somebody change words anywhere in the file."""
    services.change_file(
        actor=stage.member(who),
        draft=draft,
        source=draft.source.replace(old, new),
        seen=services.mark_of(draft.source),
    )
    stage.commit()


def fresh(draft: SetDraft) -> SetDraft:
    """Return a draft as the database has it."""
    db.session.expire_all()
    return db.session.get_one(SetDraft, draft.id)
