"""What takes more than phrases: one idea a file, each a pure function registered here by name."""

from collections.abc import Mapping

from community.guardrails.detectors import (
    abuse,
    adverse_event,
    attachment,
    bare_claim,
    case_reply,
    faulty_pack,
    label_use,
    language,
    length,
    link,
    off_label_thread,
    own_word,
    patient_identity,
    posting_paused,
    reference_state,
    shouting,
    spam,
)
from community.guardrails.detectors.hit import Detector, Hit, Look

DETECTORS: Mapping[str, Detector] = {
    "abuse": abuse.DETECTOR,
    "adverse_event": adverse_event.DETECTOR,
    "attachment": attachment.DETECTOR,
    "bare_claim": bare_claim.DETECTOR,
    "case_reply": case_reply.DETECTOR,
    "faulty_pack": faulty_pack.DETECTOR,
    "label_use": label_use.DETECTOR,
    "language": language.DETECTOR,
    "length": length.DETECTOR,
    "link": link.DETECTOR,
    "off_label_thread": off_label_thread.DETECTOR,
    "own_word": own_word.DETECTOR,
    "patient_identity": patient_identity.DETECTOR,
    "posting_paused": posting_paused.DETECTOR,
    "reference_state": reference_state.DETECTOR,
    "shouting": shouting.DETECTOR,
    "spam": spam.DETECTOR,
}

__all__ = ["DETECTORS", "Detector", "Hit", "Look"]
