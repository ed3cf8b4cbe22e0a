"""A correction quotes one statement, puts it right with its source, and says who speaks."""

from __future__ import annotations

from dataclasses import replace

import pytest

from community.kernel.errors import Forbidden, Invalid
from community.threads import queries, services
from community.threads.models import Post
from community.threads.services import Blocked, Published, corrections
from community.threads.services.corrections import Correction, sentences_of
from tests.stage import Stage, new_key

FALSE = "Ortelvane was withdrawn in France in 2025."
RIGHT = Correction(
    their_words=FALSE,
    fact="Ortelvane was never withdrawn in any country.",
    reference="ORT-12",
    label="ORT-12",
)


@pytest.fixture
def claimed(stage: Stage) -> Post:
    """A post with a false statement of fact in it, and an opinion."""
    return stage.reply("amara", stage.start("mika"), f"I would be careful. {FALSE} What now?")


def correct(
    stage: Stage, who: str, post: Post, correction: Correction = RIGHT
) -> Published | Blocked:
    key = new_key()

    def send(confirmed: list[str]) -> Published | Blocked:
        result = services.send_correction(
            actor=stage.member(who), membership=stage.membership(who), post=post,
            correction=correction, client_key=key, confirmed=confirmed,
        )  # fmt: skip
        stage.commit()
        return result

    result = send([])
    if isinstance(result, services.Unconfirmed):
        return send(result.judgement.advised)
    return result


def test_a_correction_quotes_the_claim_and_carries_source_and_disclosure(
    stage: Stage, claimed: Post
) -> None:
    result = correct(stage, "rosa", claimed)

    assert isinstance(result, Published), result
    post = result.post
    assert f"> {FALSE}" in post.text
    assert RIGHT.fact in post.text
    assert "ORT-12" in post.text
    assert "I work for Alderwick" in post.text
    assert (post.reply_type, post.reply_to_id) == ("correction", claimed.id)


def test_words_that_do_not_stand_in_the_post_are_not_corrected(stage: Stage, claimed: Post) -> None:
    with pytest.raises(Invalid) as refusal:
        correct(stage, "rosa", claimed, replace(RIGHT, their_words="It was withdrawn everywhere."))

    assert refusal.value.field == "their_words"
    assert claimed.thread.last_number == 2


@pytest.mark.parametrize(
    "reference",
    [
        "", "I read it somewhere", "ask me", "seen in 2024", "Read it in Circulation 2024", "ZZ-99",
        "ORT-99", "Lancet, 2024", "Halvorsen P, 2024", "doi: 10.12", "NCT0123", "section 4.8",
        "Halvorsen P, et al. Fictional J Cardiol. 2099;12:101.",
    ],
)  # fmt: skip
def test_a_correction_without_a_source_is_refused(
    stage: Stage, claimed: Post, reference: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        correct(stage, "rosa", claimed, replace(RIGHT, reference=reference))

    assert refusal.value.field == "reference"


@pytest.mark.parametrize(
    "reference",
    [
        "ORT-01", "ort 1", "ORT-11, section 4.8", "doi.org/10.1056/NEJMoa1409077", "PMID: 25176015",
        "NCT01035255", "Halvorsen P, Adeline M, et al. Fictional J Cardiol. 2024;12:101-114.",
        "McMurray et al., N Engl J Med 2014", "P. Halvorsen, Fictional J Cardiol 2024",
        "van der Meer P (2021) Eur J Heart Fail 23:1", "Özgür Ç, Heart 2020",
    ],
)  # fmt: skip
def test_a_source_that_can_be_looked_up_is_taken(
    stage: Stage, claimed: Post, reference: str
) -> None:
    correction = replace(RIGHT, reference=reference)

    assert reference.rstrip(".") in corrections.written(correction, claimed)


def test_half_a_sentence_is_no_statement_of_its_author(stage: Stage) -> None:
    thread = stage.start("mika")
    post = stage.reply("amara", thread, "I doubt that Ortelvane was withdrawn. Some say so.")
    for part in ("Ortelvane was withdrawn.", "I doubt that Ortelvane", "withdrawn. Some say so."):
        with pytest.raises(Invalid, match="whole sentences"):
            correct(stage, "rosa", post, replace(RIGHT, their_words=part))
        stage.commit()


@pytest.mark.parametrize("label", ["", "whatever", "ORT-01", "XYZ-11"])
def test_a_label_that_is_none_of_ours_is_refused(stage: Stage, claimed: Post, label: str) -> None:
    with pytest.raises(Invalid) as refusal:
        correct(stage, "rosa", claimed, replace(RIGHT, label=label))

    assert refusal.value.field == "label"
    assert "ORT-11" in str(
        refusal.value.fields if hasattr(refusal.value, "fields") else refusal.value.__dict__
    )


def test_a_correction_that_sells_is_judged_like_any_post(stage: Stage, claimed: Post) -> None:
    praise = replace(RIGHT, fact="Ortelvane works better than sacubitril/valsartan.")

    result = correct(stage, "rosa", claimed, praise)

    assert isinstance(result, Blocked) or result.is_held


def test_members_who_do_not_moderate_correct_nobody_by_form(stage: Stage, claimed: Post) -> None:
    with pytest.raises(Forbidden):
        correct(stage, "bruno", claimed)


def test_the_statements_of_a_post_stand_apart() -> None:
    assert sentences_of(f"I would be **careful**. {FALSE}\n\nWhat now?") == [
        "I would be careful.", FALSE, "What now?",
    ]  # fmt: skip


def test_a_correction_that_is_edited_is_judged_as_any_post(stage: Stage, claimed: Post) -> None:
    sent = correct(stage, "rosa", claimed)
    assert isinstance(sent, Published)

    edited = services.edit_post(
        actor=stage.member("rosa"), membership=stage.membership("rosa"), post=sent.post,
        text="On Ortelvane 17.9 % had an event, on placebo 21.4 %.", client_key=new_key(),
    )  # fmt: skip

    assert edited.judgement is not None
    assert "references.figure-on-ours" in edited.judgement.rules
    assert "17.9" not in sent.post.text


def test_words_that_look_like_a_gap_of_the_form_are_quoted_as_they_are(stage: Stage) -> None:
    post = stage.reply("amara", stage.start("mika"), f"{FALSE} It was {{fact}} then.")

    result = correct(stage, "rosa", post, replace(RIGHT, their_words="It was {fact} then."))

    assert isinstance(result, Published)
    assert "> It was {fact} then." in result.post.text


def test_a_reply_that_is_half_written_outlasts_corrections_pointers_and_edits(
    stage: Stage, claimed: Post
) -> None:
    place, blocked = f"thread:{claimed.thread_id}", "Her NHS number is 943 476 5919."
    rosa, amara = stage.member("rosa"), stage.member("amara")
    for actor in (rosa, amara):
        services.save_draft(actor=actor, place=place, text="Half a")

    assert isinstance(correct(stage, "rosa", claimed), Published)
    unfit = correct(stage, "rosa", claimed, replace(RIGHT, fact=blocked))
    assert isinstance(unfit, Blocked)
    services.send_pointer(
        actor=rosa, membership=stage.membership("rosa"), post=claimed, client_key=new_key(),
        beyond_label=True,
    )  # fmt: skip
    edit = services.edit_post(
        actor=amara, membership=stage.membership("amara"), post=claimed, text=blocked,
        client_key=new_key(),
    )  # fmt: skip

    assert isinstance(edit, Blocked)
    for actor in (rosa, amara):
        draft = queries.find_draft(viewer=actor, place=place)
        assert draft is not None
        assert draft.text == "Half a"
