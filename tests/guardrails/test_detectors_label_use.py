"""Uses, populations, combinations and doses, held against the labels of those who read along."""

from pathlib import Path

import pytest

from community.guardrails.detectors import DETECTORS, Look
from community.guardrails.engine import Context, evaluate
from community.guardrails.loader import parse_products, parse_set, shipped_set
from community.guardrails.phrases import read
from community.guardrails.rules import GuardrailSet

RESPONSES = Path(__file__).parents[2] / "policies/responses"
UK = frozenset({"GB"})
US = frozenset({"US"})
BOTH = UK | US


def results(
    text: str,
    countries: frozenset[str] = UK,
    about: frozenset[str] = frozenset(),
    guardrail_set: GuardrailSet | None = None,
    answered: str = "",
) -> set[str]:
    """The results for which `label_use` finds something, `asked` aside."""
    context = Context(countries=countries, answered=answered)
    found = set()
    for result in ("outside", "differs_unsaid", "differs_said", "dose"):
        look = Look(
            read(text), context, guardrail_set or shipped_set(), {"result": result}, about
        )  # fmt: skip
        if list(DETECTORS["label_use"].find(look)):
            found.add(result)
    return found


ORTELVANE = frozenset({"ortelvane"})
BRENQUIVE = frozenset({"brenquive"})


@pytest.mark.parametrize(
    "text",
    [
        "Several groups report good results with Ortelvane in preserved ejection fraction.",
        "You could consider velnatrect in diastolic heart failure.",
        "Ortelvene helps in HFpEF as well.",
        "ORTELVANE IN HFPEF: WHAT A RESULT",
        "Ortelvane is worth a try in\npulmonary hypertension.",
        "Adolescents do well on Brenquive, too.",
        "On dialysis, half a tablet of Ortelvane is enough.",
        "Brenquive can be continued in pregnancy.",
        "mirendacopt has been given on top of IVIg for a year without trouble.",
        "It is not approved in MMN, but Brenquive did very well there.",
        "Brenquive did well in MMN, although it is not approved there.",
        "We know of two sites that give Brenquive in myasthenia.",
        "Brenquive is an interesting molecule. It works in GBS as well.",
        "Why not use Ortelvane in NYHA IV?",
    ],
)
def test_a_use_that_no_label_has_is_found(text: str) -> None:
    assert "outside" in results(text)


@pytest.mark.parametrize(
    "text",
    [
        "Ortelvane is not licensed for preserved ejection fraction.",
        "I can't discuss Ortelvane in HFpEF in this room.",
        "Velnatrect must not be given in pregnancy.",
        "A pregnancy test comes before the first tablet of Ortelvane.",
        "Patients on dialysis were excluded from TIDEWATER-HF.",
        "There are no data on Brenquive in children.",
        "Brenquive was never studied in GBS, and is not approved for it.",
        "Empagliflozin has a trial in HFpEF: EMPEROR-Preserved.",
        "Ortelvane is approved in HFrEF; for HFpEF there is empagliflozin.",
        "HFpEF is common in older women.",
        "Ortelvane was given to patients with a history of hypertension.",
        "In eight weeks of overlap Brenquive may go together with IVIg.",
        "Ortelvane is used in chronic heart failure with an LVEF of 35 %.",
        "Our children's school starts late today.",
    ],
)
def test_what_the_label_says_and_what_is_denied_is_none(text: str) -> None:
    assert results(text) == set()


@pytest.mark.parametrize(
    ("text", "countries", "expected"),
    [
        ("Ortelvane helps up to an LVEF of 44.", UK, {"differs_unsaid"}),
        ("Ortelvane helps up to an LVEF of 44.", US, set()),
        ("Ortelvane helps up to an LVEF of 44.", BOTH, {"differs_unsaid"}),
        ("Brenquive works in newly diagnosed CIDP.", frozenset({"FR"}), {"differs_unsaid"}),
        ("Brenquive works in newly diagnosed CIDP.", US, set()),
        (
            "The American label has Brenquive as a first treatment; in France it is not approved.",
            frozenset({"FR"}),
            {"differs_said"},
        ),
        ("Ortelvane is not approved in HFmrEF here.", UK, set()),
        ("Start Ortelvane before discharge.", frozenset({"DE"}), {"differs_unsaid"}),
    ],
)
def test_a_use_of_some_labels_only_needs_the_others_named(
    text: str, countries: frozenset[str], expected: set[str]
) -> None:
    assert results(text, countries) == expected


@pytest.mark.parametrize(
    ("text", "countries", "expected"),
    [
        ("Ortelvane 75 mg twice a day sits between the steps.", UK, {"dose"}),
        ("Ortelvane 100 mg bid.", UK, set()),
        ("Ortelvane 100 mg t.i.d.", UK, {"dose"}),
        ("Ortelvane 100 mg every 12 hours.", UK, set()),
        ("Ortelvane, at most 200 mg a day.", UK, set()),
        ("Ortelvane 50 mg every other day.", UK, {"dose"}),
        ("The target of Ortelvane is 100 mg twice daily, after 25 mg and 50 mg.", UK, set()),
        ("Brenquive 150 mg twice a day.", UK, set()),
        ("Brenquive 150 mg twice a day.", BOTH, {"dose"}),
        ("Brenquive 100 mg twice a day.", US, set()),
        ("Ortelvane 150 mg is not in any label.", UK, set()),
        ("Ortelvane with furosemide 40 mg.", UK, set()),
        ("Furosemide 40 mg, then Ortelvane 25 mg.", UK, set()),
        ("Creatinine was 1.2 mg/dl on Ortelvane.", UK, set()),
        ("Ortelvane 2 mg/kg would be a mistake.", UK, set()),
        ("Ortelvane 12.5 mg twice a day to begin with.", UK, {"dose"}),
    ],
)
def test_a_dose_must_be_in_the_label_of_every_reader(
    text: str, countries: frozenset[str], expected: set[str]
) -> None:
    assert results(text, countries) == expected


@pytest.mark.parametrize(
    ("text", "about", "expected"),
    [
        ("It works in HFpEF.", ORTELVANE, {"outside"}),
        ("It works in HFpEF.", frozenset(), set()),
        ("The capsules were given to teenagers.", BRENQUIVE, {"outside"}),
        ("The tablets at 75 mg are a good step.", ORTELVANE, {"dose"}),
        ("HFpEF is another matter.", ORTELVANE, set()),
        ("Spironolactone has been used in HFpEF.", ORTELVANE, set()),
    ],
)
def test_in_a_thread_about_a_product_it_means_the_product(
    text: str, about: frozenset[str], expected: set[str]
) -> None:
    assert results(text, about=about) == expected


@pytest.mark.parametrize(
    ("answered", "text", "expected"),
    [
        ("Does Brenquive do anything in MMN?", "There is good reason to think so.", {"outside"}),
        ("Does Brenquive do anything in MMN?", "Medical Information will write to you.", set()),
        ("Does Brenquive do anything in CIDP?", "There is good reason to think so.", set()),
    ],
)
def test_an_answer_without_the_use_is_read_with_the_question(
    answered: str, text: str, expected: set[str]
) -> None:
    assert results(text, about=BRENQUIVE, answered=answered) == expected


def test_the_finding_says_which_use_of_which_product() -> None:
    verdict = evaluate(
        "Ortelvane helps in HFpEF.",
        shipped_set(),
        Context(affiliation="company", role="msl", countries=UK),
    )
    (finding,) = [each for each in verdict.findings if each.rule == "off-label.use"]
    assert "Ortelvane: heart failure with preserved ejection fraction" in finding.reason
    assert verdict.owner == "medical_information"


OTHER_PRODUCT = """
id = "tolimab"
names = ["Exemplar", "exemplimab"]
[[use]]
id = "asthma"
name = "Severe asthma"
terms = ["asthma"]
status = { JP = "approved", CA = "not_approved" }
[[use]]
id = "polyps"
name = "Nasal polyps"
terms = ["nasal polyp*"]
status = { JP = "not_approved", CA = "not_approved" }
[country.JP]
approved_uses = ["asthma"]
doses_mg = [30]
times_a_day = 1
[country.CA]
approved_uses = []
"""


def another() -> GuardrailSet:
    """A set about a product of other countries than the shipped ones."""
    rule = """
        id = "t"
        version = "1"
        [[rule]]
        id = "test.use"
        kind = "off_label"
        says = "No."
        why = "No."
        outcome = "advise"
        detector = { name = "label_use", result = "outside" }
        examples = { hit = ["Exemplar shrinks nasal polyps."], miss = ["Exemplar in asthma."] }
    """
    return parse_set(rule, parse_products({"other.toml": OTHER_PRODUCT}))


@pytest.mark.parametrize(
    ("text", "countries", "expected"),
    [
        ("Exemplar shrinks nasal polyps.", frozenset({"JP"}), {"outside"}),
        ("Exemplar helps in asthma.", frozenset({"CA"}), {"differs_unsaid"}),
        ("Exemplar helps in asthma.", frozenset({"JP"}), set()),
        ("Exemplar 60 mg helps in asthma.", frozenset({"JP"}), {"dose"}),
        ("Exemplar 60 mg.", frozenset({"CA"}), set()),
        ("Ortelvane helps in HFpEF.", frozenset({"JP"}), set()),
    ],
)
def test_any_product_file_will_do(text: str, countries: frozenset[str], expected: set[str]) -> None:
    assert results(text, countries, guardrail_set=another()) == expected


@pytest.mark.parametrize(
    ("text", "hit"),
    [
        ("Thank you for asking. Medical Information will write to you by tomorrow.", False),
        ("I can't go into this one here.", False),
        ("The trial was positive, as far as I know.", True),
        ("In 180 patients the mean change was 12 %.", True),
    ],
)
def test_a_marked_thread_gets_the_pointer_alone(text: str, hit: bool) -> None:  # noqa: FBT001
    context = Context(marks=frozenset({"off_label"}))
    look = Look(read(text), context, shipped_set(), {})
    assert bool(list(DETECTORS["off_label_thread"].find(look))) is hit
    unmarked = Look(read(text), Context(), shipped_set(), {})
    assert list(DETECTORS["off_label_thread"].find(unmarked)) == []


@pytest.mark.parametrize("code", ["off-label-pointer", "off-label-pointer-asked"])
def test_both_agreed_pointers_go_out_whoever_reads(code: str) -> None:
    text = (RESPONSES / f"{code}.md").read_text().split("+++")[2].strip()
    context = Context(
        affiliation="company", role="msl", countries=frozenset({"GB", "AT"}),
        marks=frozenset({"off_label"}),
    )  # fmt: skip
    assert evaluate(text, shipped_set(), context).findings == ()


@pytest.mark.parametrize(
    ("text", "hit"),
    [
        ("Ketamine is often prescribed off-label for depression.", True),
        ("There is some unlicensed use of thalidomide here.", True),
        ("Off-label questions are answered by Medical Information.", False),
        ("I can't talk about off-label use of rituximab.", False),
    ],
)
def test_of_other_medicines_the_words_alone_tell(text: str, hit: bool) -> None:  # noqa: FBT001
    context = Context(affiliation="company", role="msl", countries=UK)
    verdict = evaluate(text, shipped_set(), context)
    assert ("off-label.cue" in {finding.rule for finding in verdict.findings}) is hit


def test_a_members_question_outside_the_label_goes_to_medical_information() -> None:
    context = Context(affiliation="hcp", role="member", countries=UK)
    verdict = evaluate("Has anyone given velnatrect in HFpEF?", shipped_set(), context)
    assert "medical_information" in verdict.routes
    assert verdict.outcome == "allow"


@pytest.mark.parametrize(
    "text",
    [
        "Brenquive comes as hard capsules of 50 mg and 100 mg.",
        "The strengths of Brenquive are 50 mg and 100 mg.",
        "Brenquive: 50 mg and 100 mg hard capsules.",
    ],
)
def test_what_a_pack_holds_is_no_dose(text: str) -> None:
    assert "dose" not in results(text)


@pytest.mark.parametrize(
    "text",
    [
        "Brenquive comes as hard capsules of 75 mg.",
        "Brenquive in capsules of 50 mg twice a day is enough.",
        "Start Brenquive with 100 mg capsules.",
    ],
)
def test_a_strength_that_nobody_makes_or_somebody_takes_is_a_dose(text: str) -> None:
    assert "dose" in results(text)
