"""The incident switch, as judging knows it: it holds also where the set has no rule for it."""

from __future__ import annotations

from dataclasses import replace

from community.guardrails import engine
from community.kernel.words import N_

PAUSED = "posting-paused"  # stands where a rule's id would, for a set that has no such rule
DESK = "medical"


def at_least_held(verdict: engine.Verdict, context: engine.Context) -> engine.Verdict:
    """Return the Verdict, made a hold where the company's posting is paused and nothing holds yet.

    Args:
        verdict: what the rules said.
        context: about the text; health professionals are never held by the switch.
    """
    is_stopped = context.posting_paused and context.affiliation == "company"
    if not is_stopped or verdict.outcome in ("hold", "block"):
        return verdict
    return replace(
        verdict,
        outcome="hold",
        findings=(_finding(), *verdict.findings),
        routes=tuple(dict.fromkeys([DESK, *verdict.routes])),
        owner=DESK,
    )


def _finding() -> engine.Finding:
    says, why = N_("Company posting is paused."), N_("What the company writes waits for a person.")
    return engine.Finding(
        rule=PAUSED,
        kind="other",
        outcome="hold",
        start=0,
        end=0,
        says=says,
        why=why,
        reason=f"{says} {why}",
        do=N_("Send it all the same if it can't wait: Medical decides. Or come back later."),
        routes=(DESK,),
        whole=True,
    )
