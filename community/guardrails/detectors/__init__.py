"""What takes more than phrases: one idea a file, each a pure function registered here by name."""

from collections.abc import Mapping

from community.guardrails.detectors import (
    attachment,
    bare_claim,
    case_reply,
    language,
    length,
    link,
    patient_identity,
    posting_paused,
    reference_state,
    shouting,
)
from community.guardrails.detectors.hit import Detector, Hit, Look

DETECTORS: Mapping[str, Detector] = {
    "attachment": attachment.DETECTOR,
    "bare_claim": bare_claim.DETECTOR,
    "case_reply": case_reply.DETECTOR,
    "language": language.DETECTOR,
    "length": length.DETECTOR,
    "link": link.DETECTOR,
    "patient_identity": patient_identity.DETECTOR,
    "posting_paused": posting_paused.DETECTOR,
    "reference_state": reference_state.DETECTOR,
    "shouting": shouting.DETECTOR,
}

__all__ = ["DETECTORS", "Detector", "Hit", "Look"]
