"""Icons are drawn once a page and pointed to."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from tests.stage import Stage, Visitor

WORDS = (
    "We had the same question at our morning meeting. The older colleagues go by the pressure "
    "while standing, the younger ones by the number on the chart, and we agreed to write both down."
)
Visit = Callable[[str | None], Visitor]


@pytest.mark.parametrize(
    ("who", "path"), [("mika", "/"), ("mika", "/spaces/cardiology"), (None, "/sign-in")]
)
def test_every_icon_of_a_page_is_drawn_in_it(visit: Visit, who: str | None, path: str) -> None:
    page = visit(who).get(path).text
    drawn = re.findall(r'<symbol id="(icon-[a-z]+)"', page)
    assert len(drawn) == len(set(drawn)) > 10
    assert set(re.findall(r'<use href="#([^"]*)"', page)) <= set(drawn)


def test_a_thread_of_twenty_posts_is_a_light_page(visit: Visit, stage: Stage) -> None:
    thread = stage.start("amara")
    for number in range(19):
        stage.reply(("amara", "bruno")[number % 2], thread, f"{number}: {WORDS}")
    stage.commit()
    page = visit("bruno").get(f"/threads/{thread.id}").text
    assert page.count("<article") == 20
    assert len(page.encode()) < 45_000, len(page.encode())
