"""The phrase language: what each mark means, and how a text is read."""

import pytest

from community.guardrails.phrases import Lexicon, PhraseError, Reading, parse, read

LISTS = {
    "product": ("Ortelvane", "velnatrect", "ALW-118", "our (drug|medicine)"),
    "product_in_thread": ("(the|this) (drug|tablets)",),
    "trial": ("TIDEWATER-HF",),
    "percent": ("{number} %", "{number} (percent|per cent)"),
    "reference": ("{url}", "{doi}", "et al", "{year} ; {number}", "ORT {number}"),
}


def found(source: str, text: str, *, thread_is_ours: bool = False) -> list[str]:
    """The stretches of `text` that a phrase matches."""
    phrase = parse(source)
    lists = {name: tuple(map(parse, phrases)) for name, phrases in LISTS.items()}
    lexicon = Lexicon(lists, {"ortelvane", "velnatrect"})
    lexicon.learn([phrase, *(each for phrases in lists.values() for each in phrases)])
    draft = read(text)
    reading = Reading(draft, lexicon, thread_is_ours=thread_is_ours)
    spans = [draft.place(draft.starts[a], draft.ends[b - 1]) for a, b in reading.find(phrase)]
    return [text[start:end] for start, end in spans]


@pytest.mark.parametrize(
    ("phrase", "text", "expected"),
    [
        (
            "off label",
            "Off-label use, off label, OFF LABEL",
            ["Off-label", "off label", "OFF LABEL"],
        ),
        ("safe", "unsafe safely safe", ["safe"]),
        ("reduc*", "It reduces, reduced, seduces.", ["reduces", "reduced"]),
        ("(best|most effective) drug", "the most effective drug", ["most effective drug"]),
        ("(clean|benign) (safety)? profile", "a clean profile", ["clean profile"]),
        ("(clean|benign) (safety)? profile", "a clean safety profile", ["clean safety profile"]),
        ("(Dr|Prof) * uses", "Dr Khan uses it", ["Dr Khan uses"]),
        ("(ESTUARY|KEYSTONE)*", "ESTUARYs", ["ESTUARYs"]),
        (
            "safe .. elderly",
            "safe for all of the very old elderly",
            ["safe for all of the very old elderly"],
        ),
        ("safe .. elderly", "safe for one two three four five six elderly", []),
        (
            "safe .. elderly",
            "safe, as I said (twice), elderly",
            ["safe, as I said (twice), elderly"],
        ),
        ("HR {number}", "HR 0.82 and HR of 3", ["HR 0.82"]),
        ("{number}", "£40, 2,406, 0.82", ["£40", "2,406", "0.82"]),
        ("{percent}", "18 %, 18%, 18 per cent, 18", ["18 %", "18%", "18 per cent"]),
        ("41 (to|–) 45", "41 to 45, 41–45, 41-45", ["41 to 45", "41–45", "41-45"]),
        ("p < {number}", "p<0.05", ["p<0.05"]),
        ("?", "Really? Yes.", ["?"]),
        ("{reference}", "See Halvorsen et al.", ["et al"]),
        ("{reference}", "J Cardiol. 2024;12:101", ["2024;12"]),
        ("{reference}", "doses of 25; 50 mg", []),
        ("{reference}", "https://doi.org/10.1056/x.", ["https://doi.org/10.1056/x"]),
        ("{reference}", "shown before [ORT-01].", ["ORT-01"]),
        ("=ICE", "ICE and ice", ["ICE"]),
        ("don't quote me", "Don’t quote me", ["Don’t quote me"]),
        ("(we|I) ('ll|will) pay", "We'll pay", ["We'll pay"]),
        ("{product}, the best", "Ortelvane, the best", ["Ortelvane, the best"]),
        ("the best", "the, best", []),
        ("(lol|😂)", "fine 😂", ["😂"]),
        ("naive", "naïve", ["naïve"]),
        ("best", 'the ("best") one', ["best"]),
    ],
)
def test_each_mark_means_what_the_readme_says(phrase: str, text: str, expected: list[str]) -> None:
    assert found(phrase, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ortelvane works", ["ortelvane"]),
        ("Ortelvane's effect", ["Ortelvane"]),
        ("ALW-118 and ALW 118", ["ALW-118", "ALW 118"]),
        ("Ortelvan, Ortelvnae, Orteivane", ["Ortelvan", "Ortelvnae", "Orteivane"]),
        ("Ortelva is no name of ours", []),
        ("Ortelvane™ and Ortelvane®", ["Ortelvane", "Ortelvane"]),
        ("our drug", ["our drug"]),
        ("the tablets", []),
    ],
)
def test_a_product_is_found_by_its_names_and_one_slip_of_the_pen(
    text: str, expected: list[str]
) -> None:
    assert found("{product}", text) == expected


def test_the_tablets_are_ours_in_a_thread_about_ours() -> None:
    assert found("{product}", "the tablets", thread_is_ours=True) == ["the tablets"]


@pytest.mark.parametrize(
    "text",
    [
        "be\u200bst in cl\u00adass",
        "**best** in _class_",
        "be**st** in class",
        "b\u0435st in \u0441l\u0430ss",  # Cyrillic e, c, a
        "\uff42\uff45\uff53\uff54 in class",
        "b\u00e9st in cl\u0101ss",
        "best\nin\nclass",
        "best\u00a0in\u2011class",
        "&#98;est in class",
        "be<b></b>st in class",
        "be<!-- x -->st in class",
        "\U0001f171\U0001f174\U0001f182\U0001f183 in class",
        "b\u0090e\ufdd0s\ufff9t in cl\U000f1a4dass",
        "b\U000e0100\U000e0fff\U000e01f0e\U0001d173st in cl\u2065ass",
        "<!-- best in class -->",
        '<b title="best in class">',
        "best \\(in\\) class",
        "\U0001d41b\U0001d41e\U0001d42c\U0001d42d in class",
        "be\u0000st in class",
        "b\u0336e\u0336s\u0336t\u0336 in class",
        "best¹ in class",
        "BEST IN CLASS",
    ],
)
def test_a_text_is_read_as_a_reader_sees_it(text: str) -> None:
    phrase = "best (1)? in class"
    assert len(found(phrase, text)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "It is safe. Effective it is not.",
        "It is safe! Effective?",
        "It is safe\n\neffective",
        "- It is safe\n- effective",
        "It is safe\n> effective",
        "It is safe.\neffective",
    ],
)
def test_a_match_stays_inside_one_sentence(text: str) -> None:
    assert found("safe .. effective", text) == []


@pytest.mark.parametrize(
    "text",
    [
        "safe vs. Effective",
        "safe at 0.82 effective",
        "safe, said Dr. Effective",
        "safe (e.g. Effective)",
    ],
)
def test_a_point_inside_a_sentence_does_not_end_it(text: str) -> None:
    assert len(found("safe .. effective", text)) == 1


def test_a_short_no_is_a_sentence_and_a_number_s_short_form_is_none() -> None:
    assert found("no .. effective", "No. Effective it is.") == []
    assert len(found("no .. effective", "see no. 7 effective")) == 1


def test_half_a_character_is_never_handed_on() -> None:
    assert read("a \ud800 b").clean == "a \ufffd b"


def test_spans_count_code_points_of_the_text_as_sent() -> None:
    assert found("best", "😂 **be\u200bst** 😂") == ["be\u200bst"]


@pytest.mark.parametrize(
    ("phrase", "why"),
    [
        ("((a)|b)", "cannot read"),
        ("(a", "cannot read"),
        ("..", "at least one word"),
        ("(a)?", "at least one word"),
        ("*", "at least one word"),
        (".. best", "between words"),
        ("best ..", "between words"),
        ("()", "holds no word"),
        ("(a .. b|c)", "inside brackets"),
        ("%*", "after letters"),
        ("a" * 601, "600 characters"),
        (" ".join(["a"] * 41), "40 parts"),
        (" ".join(["(a b c|d e f|g h i|j k l|m)"] * 20) + " .." * 9 + " b", "300 at most"),
        ("", "at least one word"),
        ("(a+)+$", "no regular expression"),
        ("^best", "no regular expression"),
        ("best$", "no regular expression"),
        ("best [drug]", "no regular expression"),
        (r"\bbest\b", "no regular expression"),
    ],
)
def test_what_is_no_phrase_is_refused_with_a_reason(phrase: str, why: str) -> None:
    with pytest.raises(PhraseError, match=why):
        parse(phrase)


@pytest.mark.parametrize(
    "text", ["the trial's1 endpoint", "the patient’s2 dose", "it's5 mg", "I'd2"]
)
def test_a_figure_may_follow_a_short_form_at_once(text: str) -> None:
    assert read(text).norms[0] in {"the", "it's", "it", "i'd", "i"}


@pytest.mark.parametrize(
    ("phrase", "text"), [("CD20+ cells", "On CD20+ cells."), ("for $5", "It is for $5 a day.")]
)
def test_a_plus_and_a_sum_in_dollars_are_words_of_a_phrase(phrase: str, text: str) -> None:
    assert found(phrase, text)
