"""The pages of the library, and the panel of the composer."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from io import BytesIO

from community.kernel import paths
from community.responses import queries
from community.responses import services as responses
from tests.cast import address_of
from tests.stage import Stage, Visitor

Visit = Callable[[str | None], Visitor]
CODE = "SR-ORT-003"
QUESTION = "Can my patient take sildenafil with it now and then?"


def test_the_panel_searches_by_the_post_that_is_answered(stage: Stage, visit: Visit) -> None:
    thread = stage.start("mika")
    post = stage.reply("amara", thread, QUESTION)

    answer = visit("rosa").get(f"/library/search?thread={thread.id}&post={post.id}").get_json()

    first = answer["responses"][0]
    assert first["code"] == CODE
    assert "References:" in first["text"]


def test_without_script_a_response_is_put_into_the_reply(stage: Stage, visit: Visit) -> None:
    thread = stage.start("mika", title="Ortelvane and other medicines")
    post, rosa = stage.reply("amara", thread, QUESTION), visit("rosa")
    version = queries.find_response(CODE).newest  # type: ignore[union-attr]

    page = rosa.get(f"/library/?thread={thread.id}&post={post.id}").text
    assert f"/threads/{thread.id}?response={version.id}" in page

    reply = unescape(rosa.get(f"/threads/{thread.id}?response={version.id}&post={post.id}").text)
    assert version.cited in reply
    assert f'type="hidden" name="reply_to" value="{post.id}"' in reply


def test_the_list_is_narrowed_by_medicine_country_and_state(visit: Visit) -> None:
    rosa = visit("rosa")

    assert "SR-BRQ-001" not in rosa.get("/library/?product=ortelvane").text
    assert "SR-ORT-002" not in rosa.get("/library/?country=US").text
    assert CODE not in rosa.get("/library/?state=withdrawn").text
    assert rosa.get("/library/?q=sildenafil").text.index(CODE) > 0


def test_a_keeper_adds_a_version_as_a_file_and_withdraws_it(stage: Stage, visit: Visit) -> None:
    dora = visit("dora")
    source = (paths.POLICIES / "responses" / f"{CODE}.md").read_text("utf-8")
    newer = source.replace('version = "1.0"', 'version = "2.0"')

    faulty = dora.post(f"/library/{CODE}/new-version", {"source": "no front matter"})
    assert faulty.status_code == 422
    assert "no front matter" in faulty.text

    file = (BytesIO(newer.encode()), "new.md")
    added = dora.post(f"/library/{CODE}/new-version", {"source": "", "file": file})
    assert added.status_code == 303
    own = dora.get(f"/library/{CODE}").text
    assert "Version 2.0 waits for confirmation" in own
    assert "Confirm it" not in own

    assert dora.post(f"/library/{CODE}/withdraw", {"reason": ""}).status_code == 422
    assert dora.post(f"/library/{CODE}/withdraw", {"reason": "New label."}).status_code == 303
    assert "New label." in visit("rosa").get(f"/library/{CODE}").text


def test_a_post_says_which_response_it_carries_word_for_word(stage: Stage, visit: Visit) -> None:
    thread, version = stage.start("amara", QUESTION), queries.find_response(CODE)
    assert version is not None
    stage.reply("rosa", thread, version.newest.cited)
    stage.reply("rosa", thread, version.newest.text.replace("I work for Alderwick.", "Do ask me."))

    page = visit("amara").get(f"/threads/{thread.id}").text

    assert page.count(f"Approved response {CODE} 1.0, word for word.") == 1


def test_a_second_keeper_is_asked_at_home_and_confirms(stage: Stage, visit: Visit) -> None:
    source = (paths.POLICIES / "responses" / f"{CODE}.md").read_text("utf-8")
    visit("dora").post(f"/library/{CODE}/new-version", {"source": source.replace('"1.0"', '"2.0"')})
    waits = f"Version 2.0 of {CODE} waits"
    assert waits not in visit("dora").get("/").text
    assert waits not in visit("rosa").get("/").text

    olga = visit("olga")
    assert waits in olga.get("/").text
    page = olga.get(f"/library/{CODE}").text
    address = re.search(rf"/library/{CODE}/versions/\d+/confirm", page)
    assert address is not None
    assert visit("dora").post(address[0]).status_code == 403
    assert visit("rosa").post(address[0]).status_code == 403
    assert olga.post(address[0]).status_code == 303
    assert waits not in olga.get("/").text
    assert "waits for confirmation" not in olga.get(f"/library/{CODE}").text
    assert olga.post(address[0]).status_code == 403


def test_a_response_is_named_so_that_it_has_an_address(visit: Visit) -> None:
    source = (paths.POLICIES / "responses" / f"{CODE}.md").read_text("utf-8")

    for name in ("new", "..", "a/b", "x y"):
        page = visit("dora").post("/library/new", {"source": source.replace(CODE, name)})
        assert page.status_code == 422
        assert "with a hyphen between" in page.text


def test_a_second_keeper_gets_a_letter_and_none_once_it_is_confirmed(
    stage: Stage, visit: Visit
) -> None:
    source = (paths.POLICIES / "responses" / f"{CODE}.md").read_text("utf-8")
    visit("dora").post(f"/library/{CODE}/new-version", {"source": source.replace('"1.0"', '"2.0"')})
    letters = [one for one in stage.work() if one.subject.startswith("A response waits")]
    assert letters
    assert address_of("olga") in {one.to for one in letters}
    assert not {address_of("dora"), address_of("rosa")} & {one.to for one in letters}
    assert f"/library/{CODE}" in letters[0].body

    visit("dora").post(f"/library/{CODE}/new-version", {"source": source.replace('"1.0"', '"3.0"')})
    newest = queries.find_response(CODE)
    assert newest is not None
    version = max(newest.versions, key=lambda one: one.id)
    responses.confirm_version(actor=stage.member("olga"), version=version)
    again = [one for one in stage.work() if one.subject.startswith("A response waits")]
    assert len(again) == len(letters)
