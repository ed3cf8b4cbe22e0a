"""A medicine together with harm to a person: what may be a report of a side effect.

Two readings, either of which is enough. A trained model (`weights/adverse_event.md`) reads single
sentences as patients, clinicians and the literature write them. Beside it stand plain rules for
what is told in a room, where the medicine is often named in the title or by the post answered:
somebody, an event, and a medicine in reach. What a label, a trial or a rate of one of our own
medicines says is known to Safety and no report; neither is a question nor a warning.

The criteria that a hit names are those of a valid report (ICH E2D 2.5, GVP VI.B.2): the reporter is
known by name and profession, so what can be missing are patient, medicine and reaction.
"""

from __future__ import annotations

from collections.abc import Iterator

from community.guardrails.detectors.adverse_event.room import OTHER, OURS, Room
from community.guardrails.detectors.hit import Detector, Hit, Look


def find(look: Look) -> Iterator[Hit]:
    """A hit for each sentence that may report harm from one of our medicines, or from another."""
    for whose, hit in _all(look):
        if whose == look.options["medicine"]:
            yield hit


def _all(look: Look) -> list[tuple[str, Hit]]:
    """Every hit with whose medicine it is; looked for once, though two rules ask."""
    known = look.text.memo.get("adverse_event")
    if isinstance(known, list):
        return known
    found = list(Room(look).hits()) if look.text.norms else []
    look.text.memo["adverse_event"] = found
    return found


DETECTOR = Detector(find, {"medicine": (OURS, OTHER)})
