"""What a single word can be: a medicine, a harm, a person, a sign that something is being taken.

The lists stand in `lexicons/`, with where they come from; the endings of medicines are the stems
of the international nonproprietary names (WHO, Stem Book), those of harms are medical Greek.
"""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path

LEXICONS = Path(__file__).resolve().parents[2] / "lexicons"

MEDICINE, REMEDY, HARM, NUMBER, OTHER = "~D", "~d", "~H", "~#", ""
_SHORTEST_WITH_STEM = 7
_MEDICINE_ENDINGS = (
    "mab", "nib", "pril", "sartan", "olol", "statin", "nazole", "mycin", "cillin", "cycline",
    "floxacin", "navir", "ciclovir", "cyclovir", "vudine", "prazole", "azepam", "azolam",
    "barbital", "caine", "dipine", "triptan", "setron", "gliptin", "gliflozin", "glitazone",
    "glutide", "parin", "platin", "rubicin", "taxel", "tecan", "dronate", "lukast", "oxetine",
    "pramine", "triptyline", "peridone", "peridol", "zapine", "tiapine", "thiazide", "semide",
    "prednisone", "olone", "asone", "limus", "poetin", "grastim", "kinra", "cept", "feron",
    "oxaban", "ciguat", "profen", "fenac", "oxicam", "coxib", "phylline", "terol", "tropium",
    "curonium", "flurane", "fentanil", "codone", "zepine", "racetam", "gabalin", "trexate",
    "trexed", "citabine", "uracil", "mustine", "lomide", "zomib", "rafenib", "parib", "fibrate",
    "formin", "teplase", "vaptan", "sentan", "prost", "quine", "penem", "bactam", "xazole",
    "giline", "azoline", "copan", "capt",
)  # fmt: skip
_HARM_ENDINGS = (
    "itis", "itides", "osis", "emia", "aemia", "emic", "aemic", "uria", "pathy", "pathies",
    "pathic", "algia", "algias", "penia", "penic", "rrhea", "rrhoea", "rrhage", "rrhagic",
    "plegia", "paresis", "toxic", "toxicity", "toxicities", "lysis", "edema", "oedema", "plasia",
    "philia", "pnea", "pnoea", "phasia", "plegic", "cardia", "rhythmia", "rhythmias", "kinesia",
    "kinesias", "tonia", "stenosis", "spasm", "spasms", "mania", "cytosis", "phagia", "ptysis",
    "emesis", "edematous",
)  # fmt: skip

FIRST = frozenset("i my me myself im mine".split())
PERSONS = frozenset(
    "he she his her him hers himself herself patient patients pt pts man men woman women lady"
    " ladies gentleman chap guy guys boy girl mother father husband wife son daughter child infant"
    " baby someone somebody mine ours resident colleague neighbour".split()
)
TAKING = frozenset(
    "dose doses dosage dosages mg milligrams rx prescription prescribed took take taking taken"
    " takes tapered taper tapering titrated titrating wean weaned weaning withdrawal withdrawals"
    " withdrawl withdrawls withdraw discontinued discontinuing discontinuation quit quitting"
    " turkey swallowed".split()
)


@cache
def lexicon(name: str) -> frozenset[str]:
    """The words of `lexicons/<name>.txt`; lines that begin with # say where they come from."""
    lines = (LEXICONS / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(w for line in lines if not line.startswith("#") for w in line.split())


@lru_cache(maxsize=30_000)
def class_of(word: str) -> str:
    """Of which class a folded word is, as it stands in an abstract sentence; "" for the rest."""
    if word[0].isdigit():
        return NUMBER
    if word in lexicon("medicines") or word in lexicon("brands"):
        return MEDICINE
    if word in lexicon("remedies"):
        return REMEDY
    long = len(word) >= _SHORTEST_WITH_STEM
    if long and word.endswith(_MEDICINE_ENDINGS):
        return MEDICINE
    if word in lexicon("harms") or (long and word.endswith(_HARM_ENDINGS)):
        return HARM
    return HARM if is_event(word) else OTHER


@lru_cache(maxsize=30_000)
def is_event(word: str) -> bool:
    """Whether a word is something that happens to a person, and seldom why they are treated."""
    return word in lexicon("events") or word.startswith(_event_stems())


@cache
def _event_stems() -> tuple[str, ...]:
    return tuple(sorted(word[:-1] for word in lexicon("events") if word.endswith("*")))
