"""What staff say on their own word is found; a source, a limit or a refusal is not."""

import pytest

from community.guardrails.detectors import DETECTORS, Look
from community.guardrails.engine import Context
from community.guardrails.loader import shipped_set
from community.guardrails.phrases import read


def found(text: str, answered: str = "") -> list[str]:
    """The sentences that read as the author's own word."""
    draft = read(text)
    look = Look(draft, Context(answered=answered), shipped_set(), {})
    return [text[slice(*draft.place(h.start, h.end))] for h in DETECTORS["own_word"].find(look)]


@pytest.mark.parametrize(
    ("answered", "text"),
    [
        ("Does Ortelvane lower hospital stays?", "Yes. Within days, you'll hear it from the ward."),
        ("Ortelvane in NYHA IV?", "A few became IV in the trial, they carried on without trouble."),
        ("Brenquive or efgartigimod?", "Steady against up and down. It speaks for itself."),
    ],
)
def test_a_claim_on_the_authors_own_word_is_found(answered: str, text: str) -> None:
    assert found(text, answered)


@pytest.mark.parametrize(
    ("answered", "text"),
    [
        ("Ortelvane or vericiguat?", "I can't recommend one over the other."),
        ("Ortelvane in HFpEF?", "It isn't approved for that. Medical Information can answer you."),
        ("Brenquive or efgartigimod?", "They have never been compared."),
        ("What is the dose of Ortelvane?", "The SmPC starts at 25 mg twice a day [ORT-11]."),
        ("", "The recording of the session is in the library of this room."),
    ],
)
def test_a_source_a_limit_and_a_refusal_are_left_alone(answered: str, text: str) -> None:
    assert found(text, answered) == []


def test_a_refusal_that_is_taken_back_is_found() -> None:
    assert found("I can't say much, but have a look at the Americans.", "Ortelvane at EF 44?")


def test_a_quoted_line_is_not_the_authors_word() -> None:
    draft = read("> It just works.\n\nThank you, I will look it up.")
    draft.quoted.add(0)
    look = Look(draft, Context(answered="How is Ortelvane?"), shipped_set(), {})
    assert all(hit.start >= len("> It just works.") for hit in DETECTORS["own_word"].find(look))


CLAIM = "Honestly, nobody here goes back once they have seen what Ortelvane does."
CAREFUL = (
    "The SmPC starts at 25 mg twice a day [ORT-11]. I can't say more than the label does. ",
    "Thank you for the question. The trial's table is in the library of this room [ORT-01]. ",
)


@pytest.mark.parametrize("times", [1, 3, 9])
def test_no_careful_talk_around_it_clears_a_plain_claim(times: int) -> None:
    careful = "".join(CAREFUL) * times
    for text in (careful + CLAIM, CLAIM + " " + careful):
        assert CLAIM.rstrip(".") in found(text, "What do you see with Ortelvane?")


def test_a_sentence_is_judged_with_the_draft_it_stands_in() -> None:
    seen = "You will see it on the ward."
    assert found(f"Yes, it is remarkable. {seen}", "Is Ortelvane as good as they say?")
    assert not found(f"Thank you. {seen}", "When is the journal club?")
