"""The search for patients takes time in step with the text, whatever the text is made of."""

import time

import pytest

from community.guardrails.detectors import DETECTORS, Look
from community.guardrails.engine import Context
from community.guardrails.loader import shipped_set
from community.guardrails.phrases import read

ROOM = Context(affiliation="hcp", countries=frozenset({"GB", "US"}))

HOSTILE = {
    "titles": "Mr A ",
    "capitals": "A B ",
    "initials": "patient A. B. ",
    "given names": "Anna Maria, ",
    "patients": "patient Anna ",
    "hyphens": "A-",
    "apostrophes": "O'",
    "doctors": "seen by Dr X 60-year-old ",
    "houses": "at the Elm Hospital, ",
    "numbers and names": "12 Elm ",
    "two numbers": "1 2 ",
    "addresses": "her address is 1 a ",
    "dwellings": "lives at 1 a ",
    "streets": "Rua a ",
    "flats": "1 a Apt 1 ",
    "points": "1.1.1.",
    "colons": "a:1:",
    "pages": "facebook.com/",
    "villages": "the only vicar in a village ",
    "cues": "card number 1",
    "plates": "licence plate A",
}


def _seconds(text: str) -> float:
    times = []
    for _ in range(2):
        look = Look(read(text), ROOM, shipped_set(), {"kinds": ("name",)})
        begun = time.process_time()
        list(DETECTORS["patient_identity"].find(look))
        times.append(time.process_time() - begun)
    return min(times)


@pytest.mark.parametrize("unit", HOSTILE.values(), ids=HOSTILE.keys())
def test_time_grows_with_the_text_and_no_faster(unit: str) -> None:
    short = (unit * 1_000)[:1_000]
    grown = _seconds(short * 8) / max(_seconds(short), 0.001)
    assert grown < 24  # 8 is linear, 64 would be quadratic
