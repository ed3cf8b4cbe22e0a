"""Drafts in another language than the rules are agreed for."""

# ruff: noqa: RUF001 - other scripts are what this file is about

import json
from dataclasses import replace
from functools import cache

import pytest

from community.guardrails.detectors import Look
from community.guardrails.detectors.language import DETECTOR
from community.guardrails.engine import Context, GuardrailSet
from community.guardrails.loader import shipped_set
from community.guardrails.phrases import read
from community.kernel.paths import DATA_ROOT


def seen(text: str, language: str = "en") -> list[tuple[str, str]]:
    """The stretches in another language, each with the language's name."""
    draft = read(text)
    look = Look(draft, Context(), _agreed_for(language), {})
    spans = [(draft.place(hit.start, hit.end), hit.what) for hit in DETECTOR.find(look)]
    return [(text[start:end], name) for (start, end), name in spans]


@cache
def _agreed_for(language: str) -> GuardrailSet:
    return replace(shipped_set(), language=language)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Ortelvane ist völlig sicher.", "German"),
        ("Das Mittel wird gut vertragen, und es gibt keine Nebenwirkungen.", "German"),
        ("Danke für die Frage. Wir haben dazu leider keine Daten.", "German"),
        ("Die Dosis steht in der Fachinformation, Abschnitt 4.2.", "German"),
        ("De dosis staat in de bijsluiter van het middel.", "Dutch"),
        ("Ce traitement est le meilleur et il n'a pas d'effets indésirables.", "French"),
        ("Merci pour votre question, je ne peux pas répondre ici.", "French"),
        ("Es el mejor tratamiento y no tiene efectos secundarios.", "Spanish"),
        ("Gracias por su pregunta, pero no puedo responder aquí.", "Spanish"),
        ("Questo farmaco è sicuro e non ha effetti collaterali.", "Italian"),
        ("Grazie per la domanda, ma non posso rispondere qui.", "Italian"),
        ("Dit middel is veilig en heeft geen bijwerkingen.", "Dutch"),
        ("Dank voor de vraag, wij kunnen hier niet op ingaan.", "Dutch"),
        ("Este medicamento não tem efeitos e é muito seguro.", "Portuguese"),
        ("Ten lek jest bezpieczny i nie ma działań niepożądanych.", "Polish"),
        ("Läkemedlet är säkert och har inte några biverkningar.", "Swedish"),
        ("Этот препарат совершенно безопасен.", "a language in Cyrillic letters"),
        ("Το φάρμακο είναι απολύτως ασφαλές.", "Greek"),
        ("هذا الدواء آمن تماما", "a language in Arabic letters"),
        ("התרופה בטוחה לחלוטין", "Hebrew"),
        ("この薬は完全に安全です", "Japanese"),
        ("这种药完全安全", "Chinese or Japanese"),
        ("이 약은 완전히 안전합니다", "Korean"),
        ("Thuốc này rất an toàn và hiệu quả cho tất cả bệnh nhân.", "another language"),
        ("Ovaj lijek je potpuno siguran i djeluje bolje od drugih.", "another language"),
        ("Obat ini sangat aman dan jauh lebih baik daripada yang lain.", "another language"),
        ("Dawa hii ni salama kabisa na inafanya kazi vizuri.", "another language"),
    ],
)
def test_a_draft_in_another_language_is_seen_and_named(text: str, language: str) -> None:
    assert {name for _, name in seen(text)} == {language}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "OK",
        "Moretti-Vance C, Lindgaard S, Okonkwo-Hale B, Ferreira Duarte M, Haugen T.",
        "Seen: metformin, glipizide, amiodarone, rituximab, eplerenone, ivabradine, prednisolone.",
        "Blurred vision, double vision, drooping eyelids, slurred speech, neck weakness, falls.",
        "Danke!",
        "Thanks, Dr van der Meer.",
        "Halvorsen P, de la Cruz M, van den Berg T, et al. Rev Esp Cardiol. 2024;12:101-114.",
        "Deutsche Gesellschaft für Kardiologie",
        "Société Française de Cardiologie",
        "Résumé des caractéristiques du produit, août 2026.",
        "Fachinformation, Stand August 2026.",
        "Primum non nocere.",
        "In vitro, ex vivo and in vivo; per os, b.i.d.; de novo heart failure, en bloc.",
        "The word 'sicher' means safe.",
        "Please see the guideline of the Deutsche Gesellschaft für Kardiologie und Herzforschung.",
        "Levels of TNF-α, β-blockers, γ-GT and μg are given; Δ was 3.",
        "As in Москва and Αθήνα, readers asked.",
        "Dose titration, blood pressure monitoring, renal function tests, liver enzymes.",
        "Will they die? Has she a son? The hat was fun, the war was not.",
        "> Das ist nicht sicher, und es gibt keine Daten.\n\nI can't agree with that.",
        "See https://www.bfarm.de/der-die-das-ist-nicht and ORT-12.",
    ],
)
def test_names_terms_quotes_and_short_words_are_no_other_language(text: str) -> None:
    assert seen(text) == []


def test_a_foreign_sentence_inside_an_english_text_is_seen_alone() -> None:
    text = "Thank you. Das Mittel ist sicher. Es ist auch sehr wirksam. See the label."
    assert seen(text) == [("Das Mittel ist sicher. Es ist auch sehr wirksam", "German")]


def test_the_rules_of_a_german_set_are_not_agreed_for_english() -> None:
    english = "This is what the label says, and we have no more data."
    german = "Das steht in der Fachinformation, und wir haben keine weiteren Daten."
    assert [name for _, name in seen(english, "de")] == ["English"]
    assert seen(german, "de") == []
    assert seen(german, "xx") == []


def test_of_what_the_demo_s_people_write_only_the_note_in_french_is_another_language() -> None:
    lines = (DATA_ROOT / "demo" / "threads.jsonl").read_text(encoding="utf-8").splitlines()
    posts = [post["text"] for line in lines for post in json.loads(line)["posts"]]
    assert len(posts) > 200
    (note, _), *others = [found for post in posts for found in seen(post)]
    assert note.startswith("Madame Le Goff, 78 ans, opérée des deux canaux")
    assert others == []


def test_no_english_example_of_the_shipped_rules_is_another_language() -> None:
    rules = [rule for rule in shipped_set().rules if rule.detector != "language"]
    texts = [example.text for rule in rules for example in rule.examples]
    assert [found for text in texts for found in seen(text)] == []
