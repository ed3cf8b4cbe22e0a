"""Side effects and special situations: what is a report, whose medicine it is, and what is none."""

import json
import time
from typing import Any

import pytest

from community.guardrails.detectors import DETECTORS, Hit, Look
from community.guardrails.detectors.adverse_event.values import telling_values
from community.guardrails.detectors.adverse_event.words import lexicon
from community.guardrails.engine import Context, evaluate
from community.guardrails.loader import shipped_set
from community.guardrails.phrases import read
from community.kernel.paths import DEMO

MSL = Context(affiliation="company", role="msl", countries=frozenset({"GB"}))
HCP = Context(affiliation="hcp", role="member", countries=frozenset({"GB"}))


def found(text: str, whose: str, around: str = "") -> list[tuple[str, str]]:
    """What the detector sees, and the stretch of `text` it points at."""
    draft = read(text)
    about = shipped_set().products_in(Look(read(around), HCP, shipped_set(), {}).reading)
    context = Context(affiliation="hcp", thread_title=around)
    look = Look(draft, context, shipped_set(), {"medicine": whose}, about)
    hits: list[Hit] = list(DETECTORS["adverse_event"].find(look))
    return [(hit.what, text[slice(*draft.place(hit.start, hit.end))]) for hit in hits]


def routes(text: str, context: Context, **around: Any) -> tuple[str, ...]:
    filled = Context(
        affiliation=context.affiliation, role=context.role, countries=context.countries, **around
    )
    return evaluate(text, shipped_set(), filled).routes


AS_LIAISONS_WRITE = [
    "A pharmacist told me that two of her patients on Ortelvane fainted within a week.",
    "At the congress a nephrologist mentioned an acute kidney injury on velnatrect.",
    "One of the centres called: a man on Brenquive was admitted with pneumonia.",
    "I heard from Dr Okafor that a patient on mirendacopt has died.",
    "A nurse said her father gets dizzy every morning since he takes Ortelvane.",
    "During the visit the neurologist described a rash on both arms three days after Brenquive.",
    "For information: a woman stopped Ortelvane because of a dry cough.",
    "In the break a cardiologist spoke of a lady who fell twice on 100 mg Ortelvane.",
    "The GP wrote that his patient on velnatrect had to be taken to hospital with low pressure.",
    "A study nurse reported hives after the first capsule of Brenquive.",
    "Someone in the audience said she had seen an ALT of 400 on Brenquive.",
    "He told me that one of his patients lost her hair on mirendacopt.",
    "The hospital pharmacist asked about a patient who vomited after each dose of Ortelvane.",
    "A physician in Leeds had a patient with a seizure on Brenquive last month.",
    "She mentioned in passing that three of hers got headaches on Brenquive.",
    "A member wrote to me in private: his patient on Ortelvane had a stroke on Sunday.",
    "Two doctors at the table said their patients on velnatrect were too tired to work.",
    "My own mother takes Ortelvane and her ankles are swollen since then.",
    "A site told us of shingles in a patient on Brenquive.",
    "A consultant saw meningitis in a young man on mirendacopt despite the vaccine.",
    "Yesterday I was told of a patient whose potassium rose to 6.4 on Ortelvane.",
    "One doctor in the room had a case of angioedema after the second tablet of Ortelvane.",
    "I was told that a man bled heavily after we started Ortelvane with his warfarin.",
    "The registrar described palpitations in two patients on Ortelvane.",
    "An intensive care nurse said that a patient on Brenquive came in with sepsis.",
    "A colleague's patient collapsed at the bus stop, on Ortelvane for ten days.",
    "By phone today: diarrhoea for four weeks on Brenquive, patient has stopped.",
    "A dermatologist sent me word of a blistering eruption under Brenquive.",
    "One patient of Dr Lund's on Ortelvane was found confused at home.",
    "A patient at our advisory board said that he itches all over since Brenquive.",
    "The haematologist had one thrombocytopenia on mirendacopt.",
    "Dr Vance stopped Ortelvane in one patient after a syncope.",
    "A doctor told me of a miscarriage in a patient who took Ortelvane.",
    "A patient became pregnant on Brenquive, her neurologist told me.",
    "The ward gave a patient Ortelvane 100 mg in error, I learned this morning.",
    "A pharmacist told me about an overdose with Ortelvane, about twenty tablets.",
    "A centre reports that Brenquive did not work in their two patients.",
    "A doctor at the stand saw pancreatitis in a patient on empagliflozin.",
    "Someone reported a thrombosis in a patient after immunoglobulin.",
    "A heart failure nurse told me that spironolactone gave her patient painful breasts.",
    "I also took a note of a man who had visual hallucinations on Ortelvane.",
    "Dr Brandt's patient on velnatrect went into kidney failure after a stomach bug.",
]


@pytest.mark.parametrize("text", AS_LIAISONS_WRITE)
def test_a_side_effect_that_a_liaison_passes_on_goes_to_safety(text: str) -> None:
    assert "safety" in routes(text, MSL)


IN_THREADS = [
    ("Mine got dizzy at 50 mg and stopped.", "Starting Ortelvane in the frail"),
    ("She was found on the floor twice.", "Ortelvane and falls"),
    ("ALT went up to 300 in week five, normal again off it.", "Brenquive: liver tests"),
    ("Two of ours had shingles.", "Vaccines before Brenquive"),
    ("He came up in hives an hour after the first capsule.", "First doses of Brenquive"),
    ("They get lightheaded and that is the end of it.", "How far do you go with Ortelvane?"),
]


@pytest.mark.parametrize(("text", "title"), IN_THREADS)
def test_the_thread_names_the_medicine_for_those_who_answer(text: str, title: str) -> None:
    assert "safety" in routes(text, HCP, thread_title=title)
    assert found(text, "ours", title)


def test_a_bare_yes_to_a_question_on_a_harm_is_a_report() -> None:
    asked = "Has anyone seen a rash with Brenquive?"
    assert "safety" in routes("Yes, two.", HCP, answered=asked)
    assert "safety" not in routes("Yes, two.", HCP, answered="Has anyone tried Brenquive?")


NO_REPORTS = [
    "Ortelvane can cause low blood pressure, as the label says.",
    "Dizziness was more frequent in the trial (11.2 % against 8.0 %) [ORT-01].",
    "Fainting was seen in 2.1 % against 1.4 % on placebo [ORT-02].",
    "The most frequent adverse reactions of Ortelvane in the SmPC are dizziness and headache.",
    "What should patients be told about fever on Brenquive?",
    "Would you go on with Ortelvane if she were dizzy?",
    "We have 40 patients on Ortelvane and no falls so far.",
    "A patient of mine fainted in the shower; she takes no medicine at all.",
    "She fainted in church.",
    "Please watch for low blood pressure in the first weeks of Ortelvane.",
    "Brenquive must not be started during an infection.",
    "Thank you for telling us. Our safety team has a copy and may write to you in private.",
    "Sacubitril was stopped and nothing came of it.",
    "Immunoglobulin has a known risk of thrombosis.",
    "The journal club is on Thursday at six; I will bring the paper.",
    "In WAYMARK-1 infections were more frequent with Brenquive [BRQ-02].",
    "My formulary committee meets in March.",
]


@pytest.mark.parametrize("text", NO_REPORTS)
def test_labels_rates_questions_and_small_talk_open_no_case(text: str) -> None:
    assert "safety" not in routes(text, HCP)


def test_the_medicine_says_whose_report_it_is() -> None:
    assert found("One of mine on Ortelvane fainted.", "ours")
    assert not found("One of mine on Ortelvane fainted.", "other")
    assert found("My patient got a bad rash on ivabradine.", "other", "Ortelvane in the clinic")
    assert not found("My patient got a bad rash on ivabradine.", "ours", "Ortelvane in the clinic")


def test_with_nobody_s_name_on_it_a_harm_counts_as_ours() -> None:
    text = "I had terrible headaches and nausea the whole first week on these tablets."
    assert found(text, "ours")
    assert not found(text, "other")


def test_the_literature_counts_where_it_names_harm_and_not_where_it_names_benefit() -> None:
    assert found("Cisplatin-induced ototoxicity in a 5-year-old boy.", "other")
    assert found("Fatal agranulocytosis developed after treatment with clozapine.", "other")
    assert not found("The infection was treated successfully with vancomycin.", "other")


def test_a_hit_points_at_medicine_and_harm_and_names_the_criteria() -> None:
    [(what, span)] = found("In May one of my patients on Ortelvane fainted in the shower.", "ours")
    assert span == "Ortelvane fainted"
    assert what == "a medicine, a reaction and a patient are named"
    [(what, span)] = found("Nausea on Brenquive again and again.", "ours")
    assert what == "a medicine and a reaction are named, but no patient"
    assert span == "Nausea on Brenquive"
    [(what, span)] = found("He fainted twice.", "ours", "Ortelvane in the clinic")
    assert what == "a reaction and a patient are named, and the thread says the medicine"


def test_a_denied_harm_is_none() -> None:
    assert not found("My two patients on Ortelvane had no dizziness and never fainted.", "ours")


def test_a_misspelt_name_of_ours_is_still_ours() -> None:
    assert found("My patient on Ortelvan fainted.", "ours")


def test_a_post_that_shows_who_the_patient_is_is_blocked_and_still_routed() -> None:
    text = "Mrs Hargreaves, born 3 May 1941, fainted on Ortelvane."
    verdict = evaluate(text, shipped_set(), HCP)
    assert verdict.outcome == "block"
    assert {"privacy", "safety"} <= set(verdict.routes)


def test_a_side_effect_alone_goes_out_and_offers_the_report() -> None:
    verdict = evaluate("One of my patients on Ortelvane fainted.", shipped_set(), HCP)
    assert verdict.outcome == "allow"
    assert any("report" in finding.offers for finding in verdict.findings)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("pressure 92 lying and 74 standing", []),
        ("bp 78/40", ["bp"]),
        ("potassium 6.4 since then", ["potassium"]),
        ("potassium 4.4 since then", []),
        ("alt five times normal", ["alt"]),
        ("alt 8x uln", ["alt"]),
        ("qtc 510", ["qtc"]),
        ("haemoglobin fell from 128 to 96", ["haemoglobin"]),
        ("egfr 45", []),
    ],
)
def test_values_that_no_ward_would_sit_on_are_harm(text: str, expected: list[str]) -> None:
    norms = read(text).norms
    assert [norms[at] for at in telling_values(norms)] == expected


def test_no_post_of_the_demo_opens_a_safety_case_unless_it_should() -> None:
    wrong = []
    for line in (DEMO / "threads.jsonl").read_text(encoding="utf-8").splitlines():
        thread = json.loads(line)
        for number, post in enumerate(thread["posts"]):
            expected = "safety" in post.get("expect", {}).get("routes", ())
            opener = thread["posts"][0]["text"] if number else ""
            sent = "safety" in routes(
                post["text"],
                HCP,
                thread_title=thread["title"],
                tags=tuple(thread["tags"]),
                answered=opener,
            )
            if sent != expected:
                wrong.append((thread["id"], number, post["text"][:80]))
    assert wrong == []


def test_every_list_of_words_says_where_it_comes_from() -> None:
    for name in ("medicines", "brands", "remedies", "harms", "events"):
        assert len(lexicon(name)) > 50, name


def test_a_long_text_is_read_in_time_that_grows_with_its_length() -> None:
    sentence = "My patient on Ortelvane was dizzy on ramipril and fell in week two after a rash. "

    def seconds(times: int) -> float:
        best = 1.0
        for _ in range(5):
            draft = read(sentence * times)
            look = Look(draft, HCP, shipped_set(), {"medicine": "ours"})
            assert look.reading.text is draft
            began = time.process_time()
            list(DETECTORS["adverse_event"].find(look))
            best = min(best, time.process_time() - began)
        return best

    seconds(10)
    assert seconds(200) < 40 * seconds(20)


@pytest.mark.parametrize(
    ("asked", "answer", "sent"),
    [
        ("Did the enzymes settle on Brenquive?", "Not in my lady, 6x at the last check.", True),
        ("Anyone had to stop Ortelvane?", "2 of 9, both hypotention", True),
        ("Does the swelling go down on Ortelvane?", "Went up, if anything.", True),
        ("Did the enzymes settle on Brenquive?", "Yes, within weeks in all of mine.", False),
        ("Anyone had to stop Ortelvane?", "Not one of mine.", False),
        ("Feedback on Ortelvane?", "He says food tastes of pennies.", True),
        ("Feedback on Ortelvane?", "She is doing fine and happy with it.", False),
    ],
)
def test_a_short_answer_is_read_with_its_question(asked: str, answer: str, *, sent: bool) -> None:
    assert ("safety" in routes(answer, HCP, answered=asked)) is sent
