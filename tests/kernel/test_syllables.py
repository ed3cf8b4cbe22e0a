"""Syllables counted by letters, against words taken apart by hand."""

import pytest

from community.kernel.syllables import english_syllables, german_syllables

ENGLISH = """
post make rule asked called times guard league don't can't we're young tired:2 rises:2
peo-ple ta-ble cen-tre want-ed safe-ly state-ment col-league some-one some-times busi-ness
mat-ter na-tion cli-ent sci-ence qui-et do-ing try-ing po-et pa-tient lan-guage is-n't may-be
med-i-cine mem-ber-ship pe-ri-od me-di-a u-su-al vid-e-o cre-at-ed com-pli-ance re-li-a-ble
com-mu-ni-ty mod-er-a-tor so-ci-e-ty ev-ery-bod-y in-for-ma-tion ac-ci-den-tal-ly ba-sic-ally
sign-in fol-low-up e-mail
"""

GERMAN = """
Arzt Staat Boot Beet schien dient:1 Wien Team Jahr freie:2 neue:2 Sy-stem I-dee Bü-ro A-na-ly-se
Pa-ti-ent Pa-ti-en-ten Fa-mi-li-e Stu-di-e Stu-di-en Leit-li-ni-en The-ra-pie The-ra-pi-en
be-en-den ge-ehrt be-ur-tei-len ge-impft ge-eig-net be-ein-flus-sen Bei-trag Bei-spiel
Mu-se-um I-de-en Hy-gi-e-ne viel-leicht spe-zi-ell ak-tu-ell Na-ti-on Ju-bi-lä-um ko-o-pe-ra-tiv
Arz-nei-mit-tel Ne-ben-wir-kung Schwan-ger-schaft Qua-li-tät Da-ten-schutz Com-pli-ance
E-Mail
"""


def _cases(words: str) -> list[tuple[str, int]]:
    cases = []
    for written in words.split():
        word, _, number = written.partition(":")
        whole = word if word in ("sign-in", "E-Mail", "e-mail") else word.replace("-", "")
        cases.append((whole, int(number) if number else word.count("-") + 1))
    return cases


@pytest.mark.parametrize(("word", "number"), _cases(ENGLISH))
def test_an_english_word_has_as_many_syllables_as_one_speaks(word: str, number: int) -> None:
    assert english_syllables(word) == number


@pytest.mark.parametrize(("word", "number"), _cases(GERMAN))
def test_a_german_word_has_as_many_syllables_as_one_speaks(word: str, number: int) -> None:
    assert german_syllables(word) == number


@pytest.mark.parametrize(("word", "number"), [("MSL", 3), ("HCP", 3), ("WHO", 5), ("14", 1)])
def test_an_acronym_is_spelled_and_a_number_counts_once(word: str, number: int) -> None:
    assert english_syllables(word) == number
    assert german_syllables(word) == number


@pytest.mark.parametrize("word", ["-", "'", "é", "中文", "x"])
def test_even_an_odd_word_has_one_syllable(word: str) -> None:
    assert english_syllables(word) == 1
    assert german_syllables(word) == 1
