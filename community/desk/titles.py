"""What a case is called: by what was found, since a rule's own sentence says what is wanted."""

from __future__ import annotations

from flask_babel import gettext

from community.guardrails.engine import OUTCOMES
from community.reviews.models import Review, ReviewKind


def title_of(review: Review) -> str:
    """Say in a few words what was found in a text, for the lists and the top of a case."""
    if not review.findings:
        return gettext("A text that a person has to look at")
    heaviest = max(review.findings, key=lambda finding: OUTCOMES.index(finding["outcome"]))
    kind = str(heaviest["kind"])
    if kind == "adverse_event" and review.kind is ReviewKind.HOLD:
        return gettext("What is said about a side effect")
    return _found().get(kind, gettext("A text that a person has to look at"))


def _found() -> dict[str, str]:
    return {
        "patient_identity": gettext("Something may show who a patient is"),
        "adverse_event": gettext("A possible side effect"),
        "special_situation": gettext("Pregnancy, a wrong dose or the like"),
        "quality_complaint": gettext("A possible fault of a product"),
        "off_label": gettext("A use that may not be approved"),
        "promotional": gettext("Words that may promote a medicine"),
        "comparative": gettext("A comparison of medicines"),
        "missing_reference": gettext("A statement without its source"),
        "missing_balance": gettext("A benefit without its risk"),
        "individual_advice": gettext("Possible advice on one patient"),
        "competitor": gettext("Words about another company's medicine"),
        "commercial": gettext("Price, supply or selling"),
        "off_platform": gettext("A way that may lead out of the room"),
        "disclosure": gettext("It may be unclear who speaks"),
        "misinformation": gettext("A statement that may be wrong"),
        "abuse": gettext("A possible insult or threat"),
        "spam": gettext("What looks like an advert"),
    }
