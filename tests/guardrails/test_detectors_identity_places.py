"""Where a patient lives, is treated or is found online, and what traits together give away.

All people, streets and hospitals are invented, or stand for nobody in particular.
"""

import pytest

from community.guardrails.detectors import DETECTORS, Look
from community.guardrails.engine import Context, evaluate
from community.guardrails.loader import shipped_set
from community.guardrails.phrases import read

IN_BRITAIN = Context(affiliation="hcp", role="member", countries=frozenset({"GB"}))


def seen(text: str, *kinds: str) -> list[str]:
    """The stretches of `text` in which the detector sees one of the kinds."""
    draft = read(text)
    look = Look(draft, IN_BRITAIN, shipped_set(), {"kinds": kinds})
    hits = DETECTORS["patient_identity"].find(look)
    spans = [draft.place(hit.start, hit.end) for hit in hits]
    return [text[start:end] for start, end in spans]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Letters go to 27 Bridge Street.", "27 Bridge Street"),
        ("at 19 folkestone road", "19 folkestone road"),
        ("She moved to Elm Street, Dunmore", "Elm Street, Dunmore"),
        ("Kerkstraat 14 is the house.", "Kerkstraat 14"),
        ("Mannerheimintie 5", "Mannerheimintie 5"),
        ("She lives on ul. Lipowa 7.", "ul. Lipowa 7"),
        ("Rua da Boavista 99", "Rua da Boavista 99"),
        ("12 Avenue de Verdun", "12 Avenue de Verdun"),
        ("the flat is 48 Tylova 1036 Apt. 12", "48 Tylova 1036 Apt. 12"),
        ("Suite 603 at the back", "Suite 603"),
        ("PO Box 4471", "PO Box 4471"),
        ("Unit 4818 Box 0262", "Unit 4818 Box 0262"),
        ("Springfield, IL 62704", "Springfield, IL 62704"),
        ("at 43 Trikalon 297, third floor", "43 Trikalon 297"),
        ("His address is: 19 pierre delannoyplaats 211", "19 pierre delannoyplaats 211"),
        ("He lives at Stubben 149.", "Stubben 149"),
    ],
)
def test_an_address_is_seen_in_many_countries(text: str, expected: str) -> None:
    assert expected in seen(text, "contact")


@pytest.mark.parametrize(
    "text",
    [
        "Stay at least 5 feet away from the stove.",
        "At 1.5 T and at 3 T. At 12 weeks",
        "adapted from the NF EN 13727 standard",
        "On Day 28 Grade 3 events 12.",
        "in 5 New Zealand centres, 12 Australian ones",
        "Holter: 12 Ventricular Beats 3 pauses",
        "We address 12 questions in 4 groups.",
        "street drugs, 2 of 40",
        "a protein 40 kDa and collected data 12 times",
        "Telephone clinics stay with 50 mg; live data at week 24 were 12.5 %.",
        "a 12 lead ECG, 24 hour tape",
        "via PEG 3 times",
    ],
)
def test_what_only_looks_like_an_address_is_left_alone(text: str) -> None:
    assert seen(text, "contact") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A 58-year-old woman, seen at Brookfield General Hospital", "Brookfield General Hospital"),
        ("The patient was admitted to Mount Sinai overnight.", "Mount Sinai"),
        ("My patient lives in Little Marlow.", "Little Marlow"),
        ("A 70-year-old man from Leeds", "Leeds"),
        ("A 44-year-old, treated in our Chicago clinic", "Chicago"),
        ("A 54-year-old woman from Otley on dialysis", "Otley"),
        ("My patient, a farmer from Otley, fainted.", "Otley"),
    ],
)
def test_a_place_beside_a_patient_is_seen(text: str, expected: str) -> None:
    assert seen(text, "place") == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "Our group in Leeds has 40 patients on it.",
        "She was seen at a university hospital.",
        "A 70-year-old man from Scotland",
        "The Cleveland Clinic registry has 3,000 patients.",
        "A 44-year-old with a Mayo score of 7",
        "The patient is in New York Heart Association class II.",
        "Dr Reyes presented a 49-year-old at the meeting in Vienna.",
        "My friend lives in Little Marlow.",
        "A 54-year-old woman from Scotland on dialysis",
        "A 62-year-old man from TIDEWATER-HF had it, too.",
        "A 61-year-old man from Pfizer's trial",
    ],
)
def test_a_place_that_leads_to_no_patient_is_left_alone(text: str) -> None:
    assert seen(text, "place") == []


def test_a_place_holds_a_text_only_where_the_us_reads_along() -> None:
    text = "A 70-year-old man from Denver with two relapses."
    with_us = Context(affiliation="hcp", countries=frozenset({"GB", "US"}))
    at_home = evaluate(text, shipped_set(), IN_BRITAIN).findings
    abroad = evaluate(text, shipped_set(), with_us).findings
    assert {f.outcome for f in at_home if f.kind == "patient_identity"} == {"advise"}
    assert "hold" in {f.outcome for f in abroad if f.rule == "privacy.place-us"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("His monitor sends from 83.212.47.190.", "83.212.47.190"),
        ("IP address 10.1.2.3", "10.1.2.3"),
        ("from 2a02:810d:8bc0:1f2e::7", "2a02:810d:8bc0:1f2e::7"),
        ("pump 00:1B:44:11:3A:B7", "00:1B:44:11:3A:B7"),
        ("Help her at gofundme.com/f/legs-for-her", "gofundme.com/f/legs-for-her"),
        ("her film: https://www.instagram.com/shaky.hands.61",
         "https://www.instagram.com/shaky.hands.61"),
    ],
)  # fmt: skip
def test_a_page_or_machine_of_a_patient_is_seen(text: str, expected: str) -> None:
    assert seen(text, "online") == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "section 4.8.1.2 of the protocol",
        "version 10.40.50.4 is out",
        "1.2.3.4 in the outline",
        "ratios of 1:2:4, at 10:20:30",
        "https://www.nejm.org/doi/full/10.1056/NEJMoa1409077",
        "My slides are at https://www.linkedin.com/in/some-colleague",
        "999.999.999.999",
    ],
)
def test_what_only_looks_like_a_machine_is_left_alone(text: str) -> None:
    assert seen(text, "online") == []


@pytest.mark.parametrize(
    "text",
    [
        "She is the only transplant surgeon's wife in a village of 300 with CIDP.",
        "My patient, a shepherd on a small island, is one of seven known cases.",
        "The youngest of identical twins, hurt in the cable car crash, he has foot drop.",
        "The only patient in Cornwall with both, a 31-year-old mother of triplets.",
        "One of three people in the country with this mutation, a retired opera singer.",
        "An Olympic rower from our town, his twin brother a bishop.",
    ],
)
def test_three_rare_traits_together_are_worth_a_second_look(text: str) -> None:
    verdict = evaluate(text, shipped_set(), IN_BRITAIN)
    assert "privacy.rare-traits" in {finding.rule for finding in verdict.findings}


@pytest.mark.parametrize(
    "text",
    [
        "She lives in a village and is a teacher.",
        "The first trial came from a small island with a rare mutation.",
        "He is the oldest of my patients with this rare disease.",
        "The community of 300 centres published the first registry of a rare disease.",
        "She is the only patient in Cornwall on it.",
    ],
)
def test_fewer_traits_are_the_stuff_of_every_case(text: str) -> None:
    assert seen(text, "rare_traits") == []


def test_a_light_find_never_hides_a_heavy_one() -> None:
    text = "The patient lives in Leeds LS2 9JT."
    assert "LS2 9JT" in seen(text, "contact")
    assert evaluate(text, shipped_set(), IN_BRITAIN).outcome == "block"
