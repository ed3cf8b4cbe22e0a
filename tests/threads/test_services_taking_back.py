"""What was taken back stays with whoever took it, and what says nothing is not sent."""

from __future__ import annotations

import pytest

from community.kernel.errors import Conflict, Forbidden, Invalid
from community.kernel.mail import Laid
from community.spaces.models import Role
from community.threads import services
from tests.cast import START
from tests.stage import Stage, new_key


def test_a_post_that_its_author_took_back_is_returned_by_its_author_alone(stage: Stage) -> None:
    thread = stage.start("amara")
    post = stage.reply("bruno", thread, "I wrote this in anger.")
    services.remove_post(
        actor=stage.member("bruno"), membership=stage.membership("bruno"), post=post, reason=""
    )
    stage.commit()
    with pytest.raises(Forbidden, match="took this post back"):
        services.restore_post(
            actor=stage.member("mika"), membership=stage.membership("mika"), post=post
        )
    services.restore_post(
        actor=stage.member("bruno"), membership=stage.membership("bruno"), post=post
    )
    assert post.state.value == "published"


def test_what_a_moderator_took_down_its_author_cannot_put_back(stage: Stage) -> None:
    thread = stage.start("amara")
    services.remove_post(
        actor=stage.member("mika"),
        membership=stage.membership("mika"),
        post=(post := stage.reply("bruno", thread, "I would never.")),
        reason="It is about a person.",
    )
    stage.commit()
    with pytest.raises(Forbidden):
        services.restore_post(
            actor=stage.member("bruno"), membership=stage.membership("bruno"), post=post
        )


def test_nothing_is_put_back_into_an_archived_space(stage: Stage) -> None:
    thread = stage.start("amara")
    post = stage.reply("bruno", thread)
    services.remove_post(
        actor=stage.member("mika"), membership=stage.membership("mika"), post=post, reason="Off."
    )
    thread.space.archived_at = START
    stage.commit()
    with pytest.raises(Forbidden, match="archived"):
        services.restore_post(
            actor=stage.member("mika"), membership=stage.membership("mika"), post=post
        )


@pytest.mark.parametrize("text", ["\u200b\u200d", "\ufeff", "\u3164", "\u2800\u2800", " \u00a0\n"])
def test_a_text_of_which_nothing_can_be_seen_is_not_sent(stage: Stage, text: str) -> None:
    thread = stage.start("amara")
    with pytest.raises(Invalid, match="nothing written"):
        stage.try_reply("bruno", thread, text)


@pytest.mark.parametrize("text", ["\U0001f44d", "ja", "\u0663", "> 60"])
def test_a_text_may_be_very_short(stage: Stage, text: str) -> None:
    assert stage.reply("bruno", stage.start("amara"), text).number == 2


def test_a_key_used_for_a_thread_in_one_space_is_a_conflict_in_another(stage: Stage) -> None:
    key = new_key()
    assert stage.membership("cora", "neurology").role is Role.MODERATOR
    stage.start("cora", "Welcome, all.", client_key=key)
    with pytest.raises(Conflict):
        stage.start("cora", "Welcome, all.", slug="neurology", client_key=key)


def test_who_is_taken_down_is_told_by_letter_without_the_words(stage: Stage) -> None:
    post = stage.reply("bruno", stage.start("amara"), "I would never.")
    told: list[Laid] = []
    for author, deeds in (("mika", 1), ("bruno", 1)):
        services.remove_post(
            actor=stage.member(author), membership=stage.membership(author), post=post,
            reason="It is about a person.",
        )  # fmt: skip
        told = [each for each in stage.work() if "taken down" in each.subject]
        assert len(told) == deeds, author  # one's own deed brings no letter
        services.restore_post(
            actor=stage.member(author), membership=stage.membership(author), post=post
        )
        stage.commit()
    (letter,) = told
    assert letter.to == "bruno@example.org"
    assert "Dr Mika Lindqvist" in letter.body
    assert f"/posts/{post.id}" in letter.body
    assert "I would never" not in letter.body
    assert "about a person" not in letter.body
