"""Why a thread is locked or a post is gone, all read it: it is judged as what all read."""

from __future__ import annotations

import pytest

from community.kernel.errors import Invalid
from community.threads import services
from tests.stage import Stage

PRAISE = "Ortelvane is the safest and most effective medicine there is. Switch all your patients."
SHOWN = "It names the patient John Miller, born on 14/03/1961."


@pytest.mark.parametrize(("who", "reason"), [("cora", PRAISE), ("cora", SHOWN), ("mika", SHOWN)])
def test_a_reason_that_could_not_be_a_post_is_no_reason(
    stage: Stage, who: str, reason: str
) -> None:
    thread = stage.start("mika")
    post = stage.reply("amara", thread, "I agree with that.")
    moderator, place = stage.member(who), stage.membership(who)
    with pytest.raises(Invalid, match="as they read a post"):
        services.lock_thread(
            actor=moderator, membership=place, thread=thread, locked=True, reason=reason
        )
    with pytest.raises(Invalid, match="as they read a post"):
        services.remove_post(actor=moderator, membership=place, post=post, reason=reason)


def test_what_moderators_write_every_day_is_a_reason(stage: Stage) -> None:
    thread = stage.start("mika")
    cora, place = stage.member("cora"), stage.membership("cora")
    for reason in (
        "This was settled in the newer thread.",
        "It named a patient.",
        "It asked for prices, which this room is not for.",
    ):
        services.lock_thread(
            actor=cora, membership=place, thread=thread, locked=True, reason=reason
        )
        assert thread.locked_reason == reason
