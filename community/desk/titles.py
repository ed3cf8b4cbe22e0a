"""What a case is called: by what was found, since a rule's own sentence says what is wanted."""

from __future__ import annotations

from flask_babel import gettext

from community.guardrails.engine import OUTCOMES
from community.reviews.models import Review, ReviewKind
from community.threads.models import ReportReason
from community.threads.services.reporting import rule_of


def title_of(review: Review) -> str:
    """Say in a few words what was found in a text, for the lists and the top of a case."""
    if review.kind is ReviewKind.REPORT:
        return _title_of_report(review)
    if not review.findings:
        if review.desk == "medical_information":
            return gettext("A question for Medical Information")
        return gettext("A text that a person has to look at")
    heaviest = max(review.findings, key=lambda finding: OUTCOMES.index(finding["outcome"]))
    kind = str(heaviest["kind"])
    if kind == "adverse_event" and review.kind is ReviewKind.HOLD:
        return gettext("What is said about a side effect")
    special = _special()
    told = next((one["rule"] for one in review.findings if one["rule"] in special), None)
    return (
        special[told]
        if told
        else _found().get(kind, gettext("A text that a person has to look at"))
    )


def _title_of_report(review: Review) -> str:
    """Say why a post was reported; of several reasons the one that presses most."""
    said = {
        ReportReason.PATIENT: gettext("Reported: names or shows a patient"),
        ReportReason.WRONG: gettext("Reported: wrong or dangerous"),
        ReportReason.UNKIND: gettext("Reported: unkind, or an attack"),
        ReportReason.ADVERT: gettext("Reported: advertising or spam"),
        ReportReason.PURPOSE: gettext("Reported: outside the room's purpose"),
        ReportReason.OTHER: gettext("Reported: something else"),
    }
    return next(
        (words for reason, words in said.items() if rule_of(reason) in review.rules),
        said[ReportReason.OTHER],
    )


def _special() -> dict[str, str]:
    """Special situations by their rules: each of them is followed up in its own way."""
    return {
        "safety.lack-of-effect": gettext("A medicine that may not have worked"),
        "safety.pregnancy": gettext("A pregnancy or breastfeeding"),
        "safety.error-misuse-overdose": gettext("A wrong dose, misuse or too much"),
    }


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
