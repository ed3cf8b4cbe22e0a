"""What words speak of, and that a draft is weighed as it was learnt."""

import pytest

from community.guardrails.detectors.fields import coarse, fields_of
from community.guardrails.detectors.kind_words import is_kind_word
from community.guardrails.detectors.linear import load
from community.guardrails.detectors.own_word import draft, sentence, words
from community.guardrails.detectors.own_word.asked import asked_about, words_asked
from community.guardrails.engine import Context
from community.guardrails.loader import shipped_set
from community.guardrails.phrases import Reading, read

TEXT = "We walk the coast path with the dog. Ortelvane isn't approved for that (ORT-11); who knows?"
QUESTION = "Any news from your holidays, or on HFpEF?"


def test_a_word_of_daily_life_speaks_of_it_and_one_of_grammar_of_nothing() -> None:
    assert "nature" in fields_of("dog")
    assert coarse("dog") == fields_of("dog")[0]
    assert fields_of("the") == ()
    assert coarse("the") == "the"


def test_a_plural_speaks_of_what_one_of_them_does() -> None:
    assert fields_of("kickbacks") == fields_of("kickback") == ("money",)


@pytest.mark.parametrize("word", ["has", "his", "ors", "^", "$", "<ours>", "#"])
def test_what_only_looks_like_a_plural_or_a_word_speaks_of_nothing(word: str) -> None:
    assert fields_of(word) == ()


def test_sentences_and_drafts_are_weighed_by_the_features_they_were_learnt_with() -> None:
    rules, context = shipped_set(), Context(answered=QUESTION)
    asked = asked_about(context, rules)
    reading = Reading(read(TEXT), rules.lexicon, thread_is_ours="Qours" in asked)
    post, question = words.of_post(reading), words_asked("", (), QUESTION)
    read_so = [(said, kinds) for _, _, said, kinds in words.sentences(reading, asked)]
    passages = [row.passage for row in reading.rows]
    for passage, (said, kinds) in zip(passages, read_so, strict=True):
        learnt = load("own_word").score(sentence.features(said, kinds))
        assert sentence.odds(passage, asked, post) == pytest.approx(learnt)
    whole = load("own_word_draft").score(draft.features(read_so, question))
    assert draft.odds(passages, asked, post, question) == pytest.approx(whole)


@pytest.mark.parametrize(
    ("text", "is_kind"),
    [
        ("I'm relieved that she is home", True),
        ("I hope she rests", True),
        ("I hope she rests and skip tomorrow's dose", False),
        ("Glad that you could stop it and taper slowly", False),
    ],
)
def test_a_kind_word_says_nothing_of_the_case(text: str, *, is_kind: bool) -> None:
    assert is_kind_word(text) is is_kind
