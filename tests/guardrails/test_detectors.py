"""The small detectors: references, links, files, length, shouting, the pause."""

import subprocess
import sys

import pytest

from community.guardrails.detectors import DETECTORS, Look
from community.guardrails.engine import Context
from community.guardrails.loader import shipped_set
from community.guardrails.phrases import read
from community.kernel.paths import DATA_ROOT


def seen(name: str, text: str, context: Context | None = None, **options: object) -> list[str]:
    """The stretches of `text` that a detector finds; a hit on the whole text is the whole text."""
    draft = read(text)
    look = Look(draft, context or Context(), shipped_set(), options)
    hits = DETECTORS[name].find(look)
    spans = [(0, len(text)) if h.whole else draft.place(h.start, h.end) for h in hits]
    return [text[start:end] for start, end in spans]


@pytest.mark.parametrize(
    ("state", "text", "expected"),
    [
        ("unknown", "[ORT-99] and [ORT-01]", ["ORT-99"]),
        ("unknown", "ort 99, ORT99, BRQ‑77", ["ort 99", "ORT99", "BRQ‑77"]),
        ("unknown", "WAYMARK-1, IFN-99, orthostatic 99", []),
        ("not_open", "[ORT-05] and [ORT-5]", ["ORT-05", "ORT-5"]),
        ("not_open", "[ORT-01]", []),
        ("malformed", "doi:10.12 and doi: 10.1056", ["doi:10.12", "doi: 10.1056"]),
        ("malformed", "https://doi.org/10.12/abc", ["doi.org/10.12/abc"]),
        ("malformed", "NCT123, NCT0103525, NCT010352550", ["NCT123", "NCT0103525", "NCT010352550"]),
        ("malformed", "PMID abc; PMID: 123456789", ["PMID abc", "PMID: 123456789"]),
        ("malformed", "doi:10.1056/NEJMoa1911303, PMID 25176015, NCT01035255.", []),
        ("malformed", "The PMID is below; DOI and NCT numbers help. Nocturia, distinct.", []),
    ],
)
def test_library_ids_are_looked_up_in_the_product_files(
    state: str, text: str, expected: list[str]
) -> None:
    assert seen("reference_state", text, state=state) == expected


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("shortener", "bit.ly/3xyz and https://t.co/abc", ["bit.ly/3xyz", "https://t.co/abc"]),
        ("shortener", "A bit. Ly is a chemist. about.co/x", []),
        ("not_listed", "https://doi.org/10.1/x www.nejm.org/doi", []),
        ("not_listed", "https://labels.alderwick.example/ort-11", []),
        ("not_listed", "https://doi.org.evil.example/x", ["https://doi.org.evil.example/x"]),
        ("not_listed", "https://doi.org@evil.example/x", ["https://doi.org@evil.example/x"]),
        ("not_listed", "https://evildoi.org", ["https://evildoi.org"]),
        ("not_listed", "e.g. this and/or that, Fig.3/4", []),
        ("not_listed", "someone@mail.example", []),
        ("not_listed", "[x](https://blog.example.net/y)", ["https://blog.example.net/y)"]),
    ],
)
def test_links_are_told_by_the_host_they_lead_to(kind: str, text: str, expected: list[str]) -> None:
    assert seen("link", text, kind=kind) == expected


def test_pictures_are_told_from_other_files() -> None:
    pictures = Context(attachments=("application/pdf", "image/png"))
    assert seen("attachment", "ECG", pictures, kind="image") == ["ECG"]
    assert seen("attachment", "ECG", Context(attachments=("application/pdf",)), kind="image") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Great results!!!", ["!!!"]),
        ("Really?! Yes!", []),
        ("Look! ! Here", ["! !"]),
        ("PLEASE READ THIS TODAY", ["PLEASE READ THIS TODAY"]),
        ("ECG CRP BNP TSH", []),
        ("TIDEWATER-HF and DAPA-HF", []),
    ],
)
def test_shouting_is_told_from_abbreviations(text: str, expected: list[str]) -> None:
    assert seen("shouting", text) == expected


def test_length_counts_one_s_own_words_only() -> None:
    text = "one two three\n\n> four five\n\nsix"
    assert seen("length", text, words=3) == [text]
    assert seen("length", text, words=4) == []


def test_the_pause_stops_any_text() -> None:
    assert seen("posting_paused", "Hello", Context(posting_paused=True)) == ["Hello"]
    assert seen("posting_paused", "Hello") == []


def test_large_tables_are_loaded_only_when_a_text_asks_for_them() -> None:
    # The package stands in for the whole app, so that only what the engine itself needs is loaded.
    program = f"""
import sys, types
app = types.ModuleType("community")
app.__path__ = [{str(DATA_ROOT / "community")!r}]
sys.modules["community"] = app
from community.guardrails.engine import Context, evaluate
from community.guardrails.loader import shipped_set
evaluate("Good morning, the label says 25 mg.", shipped_set(), Context())
assert not {{"phonenumbers", "stdnum", "flask", "sqlalchemy"}} & sys.modules.keys()
evaluate("It is 020 7946 0958, and 943 476 5919.", shipped_set(), Context())
assert {{"phonenumbers", "stdnum"}} <= sys.modules.keys()
"""
    subprocess.run([sys.executable, "-c", program], check=True)


def test_every_detector_stands_in_the_page_on_rule_files() -> None:
    page = (DATA_ROOT / "docs" / "guardrails.md").read_text(encoding="utf-8")
    assert [name for name in DETECTORS if f"`{name}`" not in page] == []
