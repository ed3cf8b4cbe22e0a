"""What shows who a patient is, and what only looks like it.

Names, numbers and addresses are invented; national numbers were made up to meet their check digit.
"""

import pytest

from community.guardrails.detectors import DETECTORS, Look
from community.guardrails.engine import Context, evaluate
from community.guardrails.loader import shipped_set
from community.guardrails.phrases import read

KINDS = DETECTORS["patient_identity"].options["kinds"]
IN_BRITAIN = Context(affiliation="hcp", role="member", countries=frozenset({"GB"}))


def seen(text: str, *kinds: str) -> list[str]:
    """The stretches of `text` in which the detector sees a patient."""
    draft = read(text)
    look = Look(draft, IN_BRITAIN, shipped_set(), {"kinds": kinds or KINDS})
    hits = DETECTORS["patient_identity"].find(look)
    spans = [draft.place(hit.start, hit.end) for hit in hits]
    return [text[start:end] for start, end in spans]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("DOB 14/03/1961", "14/03/1961"),
        ("d.o.b.: 1961-03-14", "1961-03-14"),
        ("She was born on 14 March 1961.", "14 March 1961"),
        ("born March 14th, 1961", "March 14th, 1961"),
        ("Date of birth is 14.3.61", "14.3.61"),
        ("geboren am 14. März 1961", "14. März 1961"),
        ("née le 14 février 1961", "14 février 1961"),
    ],
)
def test_a_date_of_birth_is_seen(text: str, expected: str) -> None:
    assert seen(text, "birth") == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("NHS number 943 476 5919", "943 476 5919"),
        ("see 943 476 5919 on the system", "943 476 5919"),
        ("MRN: KP-234567", "KP-234567"),
        ("MRN 00482913 has the echo", "00482913"),
        ("hospital number is H123456", "H123456"),
        ("Her SSN is 219-09-9999.", "219-09-9999"),
        ("it reads 536-22-1234", "536-22-1234"),
        ("numéro 2 55 08 14 168 025 38", "2 55 08 14 168 025 38"),
        ("NINO AB 12 34 56 C", "AB 12 34 56 C"),
        ("KVNR A123456780", "A123456780"),
        ("case #KP-448812 in her notes", "KP-448812"),
        ("seen in 2024, hospital number H-7712043", "H-7712043"),
    ],
)
def test_a_number_of_one_person_is_seen(text: str, expected: str) -> None:
    assert expected in seen(text, "record")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Insurance: AA-987654", "AA-987654"),
        ("policy number 77120934", "77120934"),
        ("passport no. 533401372", "533401372"),
        ("device serial number ZX81-44120", "ZX81-44120"),
        ("not 4111 1111 1111 1234 but 4539 5787 6362 1486", "4539 5787 6362 1486"),
        ("paid by card 1800 2211 4455 667", "1800 2211 4455 667"),
        ("The refund goes to DE89 3704 0044 0532 0130 00.", "DE89 3704 0044 0532 0130 00"),
        ("in a car with licence plate KX19 VLD", "KX19 VLD"),
        ("driver's licence HOLLI710223AB9CD", "HOLLI710223AB9CD"),
        ("VIN: 1HGCM82633A004352", "1HGCM82633A004352"),
    ],
)
def test_a_number_of_a_plan_account_licence_vehicle_or_device_is_seen(
    text: str, expected: str
) -> None:
    assert seen(text, "account") == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("write to t.brown@mailbox.example", "t.brown@mailbox.example"),
        ("t_brown+x@mail.example", "t_brown+x@mail.example"),
        ("t.brown (at) mailbox.example", "t.brown (at) mailbox.example"),
        ("call her on 07700 900123", "07700 900123"),
        ("020 7946 0958", "020 7946 0958"),
        ("+44 20 7946 0958", "+44 20 7946 0958"),
        ("(555) 123-4567", "(555) 123-4567"),
        ("555-123-4567", "555-123-4567"),
        ("He lives at 14 Beech Lane.", "14 Beech Lane"),
        ("wohnt Lindenstraße 14", "Lindenstraße 14"),
        ("habite 14 rue de la Paix", "14 rue de la Paix"),
        ("in LS2 9JT", "LS2 9JT"),
        ("in K1A 0B1", "K1A 0B1"),
        ("call 55 20 31", "55 20 31"),
        ("her number: 451 5986", "451 5986"),
        ("at 555-0132x204", "555-0132x204"),
        ("Rang me from +41 (0)38 549 02 90", "+41 (0)38 549 02 90"),
    ],
)
def test_a_way_to_reach_a_person_is_seen(text: str, expected: str) -> None:
    assert seen(text, "contact") == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He was admitted on 14 March 2026 with oedema.", "14 March 2026"),
        ("Echo on 3 June showed 35 %.", "3 June"),
        ("She was first seen on 12.05.2026 in our clinic.", "12.05.2026"),
        ("Discharged on March 21st, back a week later.", "March 21st"),
        ("The patient presented on June 3 with chest pain.", "June 3"),
        ("seen at St. Luke's by Dr. L. on Jan 8th 2023", "Jan 8th 2023"),
        ("Which trial fits a 62-year-old admitted on 2024-02-20?", "2024-02-20"),
    ],
)
def test_a_day_of_care_is_seen(text: str, expected: str) -> None:
    assert seen(text, "care_date") == [expected]


@pytest.mark.parametrize(
    ("text", "expected", "instead"),
    [
        ("A 93-year-old woman", "93-year-old", "90-or-older"),
        ("He is aged 97.", "is aged 97", "is aged 90 or older"),
        ("94 yo, frail", "94 yo", "90-or-older"),
        ("a man of 104 years", "104 years", "90-or-older"),
        ("91 F with AS", "91 F", "90-or-older"),
    ],
)
def test_an_age_over_89_is_seen_and_the_mask_proposed(
    text: str, expected: str, instead: str
) -> None:
    assert seen(text, "great_age") == [expected]
    findings = evaluate(text, shipped_set(), IN_BRITAIN).findings
    assert instead in {f.suggestion for f in findings if f.rule == "privacy.great-age"}


@pytest.mark.parametrize(
    "text",
    [
        # Citations and registries
        "N Engl J Med 2019;381:1995-2008",
        "Eur Heart J 2022;43:4362-4373 (Butler)",
        "https://doi.org/10.1056/NEJMoa1911303",
        "doi 10.1016/S0140-6736(12)60001-2",
        "NCT01035255 and ISRCTN12345678, EudraCT 2012-001234-56",
        "PMID 31535829, PMID: 25176015",
        "ORCID 0000-0002-1825-0097, ISBN 978-3-16-148410-0",
        "PMC7654321 and CRD42021234567",
        # Doses, pressures, laboratory
        "25 mg, 50 mg, 97/103 mg twice a day",
        "BP 93/60, then 112/70; pulse 94; SpO2 93 %",
        "creatinine 112, eGFR 34, potassium 5.4, NT-proBNP 2,406 pg/mL",
        "HR 0.82 (0.72 to 0.93), p = 0.0012, n = 4,812",
        "431 of 2,406 against 515 of 2,406",
        "platelets 150 000 to 400 000",
        "10⁹/L and 90-95 %",
        # Years and spans
        "from 2014-2019 in 1,200 centres",
        "2021/22 and 01/2026",
        "policy: 2023-2024",
        # Dates that are nobody's care
        "The trial was presented on 30 August 2025.",
        "The meeting is on 3 December at seven.",
        "Charts from January 1, 2001, to December 31, 2011, of those operated on",
        "The label was updated on 20 July 2026.",
        "Patients admitted from 1 July 2009 to 30 June 2011 were included.",
        "Children seen between 1 March 2010 and 3 May 2012",
        "She may come back in June.",
        "Mar 5 mg and may 10",
        # Ages of groups
        "patients aged 90 to 95 years",
        "A woman, 90 or older, with aortic stenosis.",
        "ranging in age from 34 to 94 years",
        "The oldest in the registry was aged 97.",
        "mean age 91",
        "An 89-year-old man.",
        "93 years after the first report of the registry",
        # Public places and lines
        "report at yellowcard.mhra.gov.uk or mail medinfo@alderwick.example",
        "call 1-800-332-1088 or 0800 731 6789",
        "section 4.8 of the label, page 12345",
        "Call the poison centre on 0344 892 0111.",
        "serial BNP of 1234, 2345 and 998",
        "The hospital numbers its beds from 100 to 480.",
        "100 000 0001 in all",
        "case 4 of 12; figure 3",
        "12 Angry Men",
    ],
)
def test_what_is_nobody_s_identity_is_left_alone(text: str) -> None:
    assert seen(text) == []


def test_nothing_hides_behind_unseen_marks() -> None:
    assert seen("NHS 943\u200b 476 **5919**", "record") == ["943\u200b 476 **5919"]


def test_a_finding_says_what_kind_of_number_it_is() -> None:
    verdict = evaluate("Look up 943 476 5919.", shipped_set(), IN_BRITAIN)
    assert verdict.outcome == "block"
    assert verdict.routes[0] == "privacy"
    [finding] = [f for f in verdict.findings if f.rule == "privacy.birth-and-numbers"]
    assert "an NHS number" in finding.reason
    assert finding.suggestion == "[record number]"


def test_a_great_age_stops_a_text_only_where_the_us_reads_along() -> None:
    text = "A 93-year-old woman."
    with_us = Context(affiliation="hcp", countries=frozenset({"GB", "US"}))
    at_home = evaluate(text, shipped_set(), IN_BRITAIN).findings
    assert {f.outcome for f in at_home if f.kind == "patient_identity"} == {"advise"}
    assert evaluate(text, shipped_set(), with_us).outcome == "block"
