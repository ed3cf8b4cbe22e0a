"""Make the word lists of the side effect detector: `python tools/make_lexicons.py --data DIR`.

Writes `medicines.txt` and `harms.txt` into `community/guardrails/lexicons/`. Only words whose
source allows it are taken: main names of DrugBank Open Data and the Symptom Ontology (both CC0),
and words of mentions labelled in BC5CDR (public domain) and PHEE (MIT) in two documents or more.
The same data give the same files.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
import textwrap
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:  # run as a file
    sys.path.insert(0, str(ROOT))

from community.guardrails.detectors.adverse_event.words import LEXICONS  # noqa: E402
from community.guardrails.phrases import read  # noqa: E402

FEWEST_DOCUMENTS = 2
MEDICINE_SHARE, HARM_SHARE = 0.6, 0.5  # of all sentences with the word, those that label it so
NOT_MEDICINES = frozenset(
    "water oxygen acid glucose creatinine alcohol ethanol nitrogen cholesterol sodium calcium"
    " chloride potassium iron copper zinc trans creatine superoxide histamine glutathione".split()
)
NOT_HARMS = frozenset(
    "symptom pain abnormal system body skin muscle head chest with from leg legs knee knees night"
    " motor multifocal limb limbs arm arms foot feet hand hands eye eyes ear ears finger fingers"
    " vein veins nerve nerves bladder lung lungs liver kidney bone joint joints walking gait"
    " standing sitting day morning time mood sleep appetite temperature fluid breath"
    " breathing".split()
)
NOTES = {
    "medicines": "Names of medicines. DrugBank Open Data (CC0); mentions labelled in PHEE (MIT,"
    " Sun et al., EMNLP 2022) and BC5CDR (public domain, Li et al., Database 2016).",
    "harms": "Words of harms. Symptom Ontology (CC0); mentions labelled in PHEE (MIT, Sun et al.,"
    " EMNLP 2022) and BC5CDR (public domain, Li et al., Database 2016).",
}
Rows = list[dict[str, Any]]


def lexicons(data: Path, keep: Callable[[str], bool] = lambda _: True) -> dict[str, list[str]]:
    """Words by list name; labelled mentions only from groups that `keep` takes."""
    with (data / "adverse_events.jsonl").open(encoding="utf-8") as file:
        rows = [row for row in map(json.loads, file) if row.get("drugs") and keep(row["group"])]
    names = _table(data / "lexicons" / "drug_names.tsv")
    ambiguous = {row["name"] for row in names if int(row["general_text_hits"] or 0) > 2}
    medicines = {
        row["canonical"] for row in names if row["drugbank_id"] and row["tier"] == "1"
    } | _labelled(rows, "drugs", MEDICINE_SHARE)
    terms = _table(data / "lexicons" / "adverse_event_terms.tsv")
    symptoms = {
        word
        for row in terms
        if row["source"] == "Symptom Ontology"
        for word in read(row["term"].lower()).norms
        if len(word) > 3
    }
    harms = (symptoms | _labelled(rows, "effects", HARM_SHARE)) - _everyday(data) - NOT_HARMS
    medicines = {w for w in medicines if _is_word(w)} - NOT_MEDICINES - ambiguous
    return {
        "medicines": sorted(medicines),
        "harms": sorted({w for w in harms if _is_word(w)} - medicines),
    }


def _everyday(data: Path) -> set[str]:
    """Words of talk that has nothing to do with medicine."""
    threads: Counter[str] = Counter()
    with (data / "forum_threads.jsonl").open(encoding="utf-8") as file:
        for thread in map(json.loads, file):
            threads.update(_words(post["text"].lower() for post in thread["posts"]))
    return {word for word, count in threads.items() if count >= FEWEST_DOCUMENTS}


def _is_word(word: str) -> bool:
    return len(word) > 2 and word.isascii() and word.isalpha() and word.islower()


def _labelled(rows: Rows, key: str, share: float) -> set[str]:
    """Words that stand in enough documents in mentions labelled `key`, and seldom elsewhere."""
    sentences: Counter[str] = Counter()
    labelled: Counter[str] = Counter()
    documents: defaultdict[str, set[str]] = defaultdict(set)
    for row in rows:
        mentioned = _words(row.get(key) or ())
        sentences.update(_words([row["text"]]))
        labelled.update(mentioned)
        for word in mentioned:
            documents[word].add(row["group"])
    return {
        word
        for word, count in labelled.items()
        if len(documents[word]) >= FEWEST_DOCUMENTS and count >= share * sentences[word]
    }


def _words(texts: Iterable[str]) -> set[str]:
    return {word for text in texts for word in read(text).norms}


def _table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def main() -> None:
    """Read the command line and write the lists."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the labelled data")
    asked = parser.parse_args()
    for name, words in lexicons(asked.data).items():
        note = textwrap.wrap(NOTES[name], 96, initial_indent="# ", subsequent_indent="# ")
        body = textwrap.wrap(" ".join(words), 98, break_on_hyphens=False)
        text = "\n".join([*note, *body]) + "\n"
        (LEXICONS / f"{name}.txt").write_text(text, encoding="ascii")
        print(f"{name}: {len(words)} words, {len(text) // 1024} kB")


if __name__ == "__main__":
    main()
