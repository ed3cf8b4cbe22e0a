"""Whose name it is: a patient's, a relative's, a treating doctor's; or nobody's in need of cover.

All people are invented.
"""

import pytest

from community.guardrails.detectors import DETECTORS, Look
from community.guardrails.engine import Context, evaluate
from community.guardrails.loader import shipped_set
from community.guardrails.phrases import read

ROOM = Context(
    affiliation="hcp",
    role="member",
    countries=frozenset({"GB"}),
    member_names=("Dr Helen Ashworth", "Prof. Luc Marchal", "Anna Vogelsang"),
)


def seen(text: str, *kinds: str, context: Context = ROOM) -> list[str]:
    """The stretches of `text` in which the detector sees one of the kinds."""
    draft = read(text)
    look = Look(draft, context, shipped_set(), {"kinds": kinds})
    hits = DETECTORS["patient_identity"].find(look)
    spans = [draft.place(hit.start, hit.end) for hit in hits]
    return [text[start:end] for start, end in spans]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # A title without an office
        ("Mrs Okafor is back with oedema.", "Mrs Okafor"),
        ("Mr. Lindqvist, 81, NYHA III, wants to stop.", "Mr. Lindqvist"),
        ("Ms. van der Berg had a second relapse.", "Ms. van der Berg"),
        ("Herr Baumgartner kam mit Ödemen.", "Herr Baumgartner"),
        ("Frau Öztürk kam gestern wieder.", "Frau Öztürk"),
        ("Mme Dubois, 78 ans, NYHA III.", "Mme Dubois"),
        ("mrs hargreaves came back", "mrs hargreaves"),
        # The word patient, a form, initials
        ("My patient Giulia has stopped the tablets.", "Giulia"),
        ("My patient, Giulia Ferrari, has stopped the tablets.", "Giulia Ferrari"),
        ("Patient name: Ngozi Eze", "Ngozi Eze"),
        ("Pt: Kwame Mensah, EF 25 %.", "Kwame Mensah"),
        ("Initials J.F., 52, with MMN.", "J.F."),
        ("Pt J.F. did well.", "J.F."),
        ("patient john smith was seen today", "john"),
        ("the letter on Margaret Thorne, born in May", "Margaret Thorne"),
        ("Summary of Zbyszko Ciesla, hospital no. to follow", "Zbyszko Ciesla"),
        ("Our patient Rashida had three relapses.", "Rashida"),
        ("The 48 yo lady Carmela Russo is on immunoglobulin.", "Carmela Russo"),
        ("Could someone see Mr Tanaka in clinic?", "Mr Tanaka"),
        # An age
        ("I saw Tomasz K., 54, with new weakness.", "Tomasz K."),
        ("JOHN SMITH, 67 yo, in heart failure.", "JOHN SMITH"),
        ("Xochitl Quetzalli is a 45-year-old woman with ataxia.", "Xochitl Quetzalli"),
        ("62M, Darnell Washington, CIDP since 2019.", "Darnell Washington"),
        ("Vincent Young is a 56-year-old man with fatigue.", "Vincent Young"),
        ("What to do in a 34-year-old with MS, Siobhan O'Rourke, on her third drug?",
         "Siobhan O'Rourke"),
        ("Little Tommy, 6 years old, got worse.", "Tommy"),
        # Families
        ("Her husband, Ravi Menon, gives the injections.", "Ravi Menon"),
        ("his wife Sofia counted the tablets", "Sofia"),
        ("Her daughter Annelotte asks about the gene test.", "Annelotte"),
        # What only patients do
        ("Kirsten was admitted with a potassium of 6.8.", "Kirsten"),
    ],
)  # fmt: skip
def test_a_name_of_a_patient_or_a_relative_is_seen(text: str, expected: str) -> None:
    assert seen(text, "name") == [expected]


@pytest.mark.parametrize(
    "text",
    [
        # Colleagues
        "Dr Pennington made a good point on the 62-year-old.",
        "Mr Khan, our cardiac surgeon, will see the patient too.",
        "I discussed this 55-year-old with Mr Patel, our spinal surgeon.",
        "The patient was operated on by Mr Patel.",
        "Ms Okoye (pharmacist) checks each patient's potassium.",
        "As Peter Donofrio wrote, the patient comes first.",
        "Thank you, Thomas. My patient is doing well.",
        "Ask Maria Chen from Medical Information about this 63-year-old.",
        "Best wishes, Robert Klein",
        # Authors
        "Van den Bergh PYK, van Doorn PA, Hadden RDM et al. described one patient.",
        "The patient met the criteria (Jones 2019).",
        "Smith and Wesson 2012;14:22-31 report a 45-year-old man.",
        "In Martin Keller's paper there is a 60-year-old patient like yours.",
        # Eponyms, signs, scores
        "A 50-year-old man with Guillain-Barré syndrome, then Miller Fisher.",
        "Lewis Sumner syndrome in a 50-year-old woman.",
        "A 40-year-old with Charcot-Marie-Tooth and a Hoffmann sign.",
        "John Cunningham virus was negative in this patient.",
        "Rose Bengal test in my patient was positive.",
        "A 50-year-old man, Child Pugh B, with ascites.",
        # Drugs, trials, forms
        "My patient takes Losartan Potassium 50 mg and Brenquive.",
        "My 60-year-old patient took part in DAPA-HF.",
        "Patient Reported Outcomes matter most to my patient.",
        "An adapted Child Feeding Questionnaire was used in each patient.",
        "The patient's mRS was 2; MR angiography was normal.",
        # Words that are names too
        "Frank haematuria in a 70-year-old man in May.",
        "Will the patient need Mark III devices by Easter?",
        "A 65-year-old Caucasian man from Germany.",
        "Patient A did well, patient B did not.",
        "That plan is called Medicare Advantage.",
    ],
)  # fmt: skip
def test_a_name_that_is_no_patient_s_is_left_alone(text: str) -> None:
    assert seen(text, "name") == []


def test_the_names_of_those_in_the_room_are_no_patients() -> None:
    text = "Mrs Vogelsang calls each patient after two weeks."
    strangers = Context(affiliation="hcp", countries=frozenset({"GB"}))
    assert seen(text, "name") == []
    assert seen(text, "name", context=strangers) == ["Mrs Vogelsang"]


def test_a_name_is_blocked_and_its_mask_proposed() -> None:
    verdict = evaluate("Mrs Okafor is back in clinic.", shipped_set(), ROOM)
    assert verdict.outcome == "block"
    assert verdict.routes[0] == "privacy"
    [finding] = [f for f in verdict.findings if f.rule == "privacy.name"]
    assert finding.suggestion == "[name]"
    assert "a patient's name" in finding.reason


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The patient was referred by Dr Pennington after a fall.", "Dr Pennington"),
        ("A 62-year-old, seen by Dr. Maria S. last week", "Dr. Maria S."),
        ("Dr Pennington saw this 62-year-old with foot drop.", "Dr Pennington"),
    ],
)
def test_the_doctor_who_treats_one_patient_is_seen(text: str, expected: str) -> None:
    assert seen(text, "carer") == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "Dr Pennington asked about the 62-year-old with foot drop.",
        "Dr Pennington, would the patient do better on 50 mg?",
        "Slides were reviewed by Dr Pennington.",
    ],
)
def test_a_doctor_who_only_speaks_of_a_patient_is_left_alone(text: str) -> None:
    assert seen(text, "carer") == []
