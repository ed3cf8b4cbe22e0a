"""What an author is told: each rule once, with all the words that it hits."""

from community.guardrails.engine import Context, evaluate, notes_on, numbers_of
from tests.guardrails.rule_texts import a_rule, a_set

MSL = Context(affiliation="company", role="msl", countries=frozenset({"GB"}))


def test_a_rule_that_hits_several_times_is_one_note_with_all_its_words() -> None:
    judged = a_set(
        a_rule("a.best", phrases=["the best"], instead="one option"),
        a_rule("a.safe", kind="spam", phrases=["safe"]),
    )
    text = "the best is safe and the best is the best"
    verdict = evaluate(text, judged, MSL)

    best, safe = notes_on(text, verdict.findings)

    assert (best.rule, safe.rule) == ("a.best", "a.safe")
    (words,) = best.words
    assert (words.words, words.suggestion) == ("the best", "one option")
    assert words.spans == ((0, 8), (21, 29), (33, 41))
    numbers = [numbers_of(mark, verdict.findings, [best, safe]) for mark in verdict.marks]
    assert numbers == [[1], [2], [1], [1]]


def test_words_over_which_two_rules_meet_bear_both_numbers() -> None:
    judged = a_set(
        a_rule("a.one", kind="spam", phrases=["one two"]),
        a_rule("a.two", kind="abuse", phrases=["two three", "five"]),
    )
    text = "one two three four five"
    verdict = evaluate(text, judged, MSL)
    notes = notes_on(text, verdict.findings)
    numbers = [numbers_of(mark, verdict.findings, notes) for mark in verdict.marks]
    assert numbers == [[1, 2], [2]]


def test_what_was_seen_stands_beside_its_words_and_the_reason_once() -> None:
    judged = a_set(
        a_rule("a.loud", phrases=None, detector={"name": "shouting"}, why="Shouting wears out.")
    )
    text = "No!!! READ ALL OF IT NOW"
    verdict = evaluate(text, judged, MSL)
    whats = [finding.what for finding in verdict.findings]
    assert len(set(whats)) == 2

    (note,) = notes_on(text, verdict.findings)

    assert note.why == "Shouting wears out."
    assert [each.what for each in note.words] == whats


def test_a_rule_that_hits_title_and_text_is_one_note_that_says_which_words_are_where() -> None:
    judged = a_set(a_rule("a.bad", phrases=["bad", "worse"]))
    found = evaluate("bad", judged, MSL).findings

    (note,) = notes_on("worse", evaluate("worse", judged, MSL).findings, "bad", found)
    (of_the_title,) = notes_on("fine", (), "bad", found)

    assert [(each.words, each.in_title) for each in note.words] == [("bad", True), ("worse", False)]
    assert not note.in_title
    assert of_the_title.in_title


def test_a_rule_on_the_whole_text_names_no_words() -> None:
    judged = a_set(a_rule("a.long", phrases=None, detector={"name": "length", "words": 2}))
    (note,) = notes_on("all of it", evaluate("all of it", judged, MSL).findings)
    assert note.words == ()
