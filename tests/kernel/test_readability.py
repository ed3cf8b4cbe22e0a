"""The grade of a text, worked out by hand and compared."""

import pytest

from community.kernel.readability import measure

PLAIN = "We read your post. You can leave at any time. Nobody asks you why."
HARD = (
    "Notwithstanding the aforementioned considerations, participants acknowledge that "
    "pharmacovigilance obligations necessitate comprehensive documentation."
)


def test_the_english_grade_is_that_of_the_formula() -> None:
    found = measure("The cat sat on the mat. It was a hot day.", language="en")
    # 11 words, 2 sentences, 11 syllables
    assert found.grade == pytest.approx(0.39 * 11 / 2 + 11.8 * 11 / 11 - 15.59)
    assert (found.words, found.sentences, found.mean_sentence_length) == (11, 2, 5.5)


def test_the_german_grade_is_that_of_the_formula() -> None:
    found = measure("Die Patientin las den Beitrag. Sie fragte nach.", language="de")
    # 8 words, 2 sentences; 1 of three or more syllables; 2 longer than six letters; 5 of one
    expected = 0.1935 * 12.5 + 0.1672 * 4 + 0.1297 * 25 - 0.0327 * 62.5 - 0.875
    assert found.grade == pytest.approx(expected)
    assert found.formula == "Wiener Sachtextformel 1"


def test_a_hard_text_gets_a_higher_grade_than_a_plain_one() -> None:
    assert measure(PLAIN, language="en").grade < 4
    assert measure(HARD, language="en").grade > 16


def test_headings_and_lines_that_announce_do_not_flatter_the_grade() -> None:
    labelled = f"## Why\n\n**Please do**\n\n{HARD}\n\n| A | B |\n|---|---|\n"
    assert measure(labelled, language="en") == measure(HARD, language="en")


def test_formatting_does_not_change_the_grade() -> None:
    formatted = PLAIN.replace("leave", "**leave**").replace(" You", "\nYou")
    assert measure(formatted, language="en") == measure(PLAIN, language="en")


def test_each_list_item_counts_as_a_sentence() -> None:
    found = measure("They may:\n\n- answer you\n- share data\n- ask you things", language="en")
    assert found.sentences == 4


def test_the_hardest_sentence_comes_first_and_short_ones_do_not_come() -> None:
    text = f"{PLAIN} {HARD} Responsibilities notwithstanding. " + "One two three four. " * 5
    hardest = measure(text, language="en").hardest
    assert [sentence.text for sentence in hardest] == [HARD]


def test_long_words_come_once_each_and_the_longest_first() -> None:
    found = measure("Documentation and medicine. Medicine and documentation.", language="en")
    assert found.long_words == ("Documentation", "medicine")
    assert found.long_word_share == pytest.approx(4 / 6)


def test_a_language_without_a_formula_is_refused() -> None:
    with pytest.raises(ValueError, match='no readability formula for "fr"'):
        measure(PLAIN, language="fr")


@pytest.mark.parametrize("empty", ["", "\n\n", "## Only a heading", "--- !!! ..."])
def test_a_text_without_a_sentence_is_refused(empty: str) -> None:
    with pytest.raises(ValueError, match="no sentence"):
        measure(empty, language="en")
