"""Quoting in the composer: what stands in the room, and nothing else."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from community.threads import services
from community.threads.models import Post
from tests.stage import Stage, Visitor
from tests.threads.said import STAFF_HELD

Visit = Callable[[str | None], Visitor]


@pytest.fixture
def post(stage: Stage) -> Post:
    """A reply with a word that stands nowhere else."""
    return stage.reply("bruno", stage.start("amara"), "We saw it with torsemide.")


def test_a_post_is_quoted_in_the_composer(visit: Visit, post: Post) -> None:
    page = visit("amara").get(f"/threads/{post.thread_id}?quote={post.id}").text

    assert "&gt; We saw it with torsemide." in page


def test_a_removed_post_is_not_quoted(visit: Visit, stage: Stage, post: Post) -> None:
    services.remove_post(
        actor=stage.member("mika"), membership=stage.membership("mika"), post=post, reason="No."
    )
    stage.commit()

    page = visit("amara").get(f"/threads/{post.thread_id}?quote={post.id}")

    assert page.status_code == 200
    assert "torsemide" not in page.text


def test_a_held_post_of_another_is_not_there_to_be_quoted(
    visit: Visit, stage: Stage, post: Post
) -> None:
    held = stage.reply("rosa", post.thread, STAFF_HELD)

    page = visit("amara").get(f"/threads/{post.thread_id}?quote={held.id}")

    assert page.status_code == 404
    assert "sacubitril" not in page.text
