"""What is found, by whom, and how the index follows what is said; on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from community.desk import services as desk
from community.kernel import clock
from community.kernel.db import db
from community.kernel.errors import NotFound
from community.reviews.models import DecisionKind, Review
from community.spaces import services as spaces
from community.threads import services
from community.threads.models import Post, Revision, RevisionState, Thread
from tests.search.found import found, search
from tests.stage import Stage, new_key
from tests.threads.said import HELD

READ_IN_CARDIOLOGY = ("amara", "bruno", "mika", "cora", "rosa", "sven")
OUTSIDE = ("ines", "gone", "safi", "paul", "dora", "olga", "ada", "vera", "rex")


def opening(thread: Thread) -> Post:
    return db.session.scalars(
        sa.select(Post).where(Post.thread_id == thread.id, Post.number == 1)
    ).one()


def write(text: str, *values: object) -> None:
    """Change rows by hand, past the program."""
    db.session.execute(sa.text(text), dict(zip("abc", values, strict=False)))
    db.session.commit()


def text_of(pieces: object) -> str:
    assert isinstance(pieces, tuple)
    return "".join(piece.text for piece in pieces)


# --- rights -------------------------------------------------------------------------------------


def test_whoever_has_a_place_finds_what_is_said_there_also_while_paused(stage: Stage) -> None:
    post = stage.reply("bruno", stage.start("amara"), "Halve the diuretic first.")
    for who in READ_IN_CARDIOLOGY:
        assert found(stage, who, "diuretic") == [post.id], who


def test_nobody_else_finds_anything_administrators_not_excepted(stage: Stage) -> None:
    stage.reply("bruno", stage.start("amara", title="On diuretics"), "Halve the diuretic first.")
    for who in OUTSIDE:
        assert search(stage, who, "diuretic").count == 0, who


def test_a_place_in_one_space_finds_nothing_in_another(stage: Stage) -> None:
    there = stage.start("ines", "The spring workshop, in brief.", slug="neurology")
    here = stage.start("amara", "The spring workshop, at length.")
    assert found(stage, "ines", "workshop") == [opening(there).id]
    assert found(stage, "amara", "workshop") == [opening(here).id]
    assert set(found(stage, "cora", "workshop")) == {opening(here).id, opening(there).id}
    assert found(stage, "cora", "workshop", space="neurology") == [opening(there).id]


def test_a_space_that_is_not_ones_own_is_not_there(stage: Stage) -> None:
    for slug in ("cardiology", "nowhere"):
        with pytest.raises(NotFound):
            search(stage, "ines", "workshop", space=slug)


def test_whoever_leaves_finds_nothing_there_any_more(stage: Stage) -> None:
    stage.start("amara", "The spring workshop.")
    bruno = stage.member("bruno")
    spaces.leave(actor=bruno, place=stage.membership("bruno"))
    stage.commit()
    assert found(stage, "bruno", "workshop") == []
    with pytest.raises(NotFound):
        search(stage, "bruno", "workshop", space="cardiology")


def test_a_held_text_is_found_by_nobody_until_it_is_released(stage: Stage) -> None:
    thread = stage.start("amara")
    held = stage.reply("amara", thread, HELD)
    assert [found(stage, who, "oedema") for who in ("amara", "mika", "bruno")] == [[], [], []]
    case = db.session.scalars(sa.select(Review).where(Review.subject_id == held.id)).first()
    assert case is not None
    desk.decide(
        actor=stage.member("mika"), review_id=case.id, version=case.version,
        decision=DecisionKind.RELEASE, reason="No name in it.",
    )  # fmt: skip
    stage.commit()
    assert found(stage, "bruno", "oedema") == [held.id]


def test_a_thread_whose_first_post_is_held_is_not_found_by_its_title(stage: Stage) -> None:
    stage.try_start("amara", HELD, title="Admitted with swollen ankles")
    assert found(stage, "amara", "ankles") == []
    assert found(stage, "mika", "ankles") == []


def test_what_was_taken_down_is_not_found_and_what_was_put_back_is(stage: Stage) -> None:
    thread = stage.start("amara")
    post = stage.reply("bruno", thread, "Halve the diuretic first.")
    mika, place = stage.member("mika"), stage.membership("mika")
    services.remove_post(actor=mika, membership=place, post=post, reason="Off the point.")
    stage.commit()
    assert [found(stage, who, "diuretic") for who in ("bruno", "mika")] == [[], []]
    services.restore_post(actor=mika, membership=place, post=post, reason="It was not.")
    stage.commit()
    assert found(stage, "amara", "diuretic") == [post.id]


def test_the_title_leads_to_the_first_post_that_still_stands(stage: Stage) -> None:
    thread = stage.start("amara", "What do you do?", title="Ankles that swell")
    second = stage.reply("bruno", thread, "I wait.")
    third = stage.reply("mika", thread, "So do I.")
    assert found(stage, "amara", "ankles") == [opening(thread).id]
    mika, place = stage.member("mika"), stage.membership("mika")
    services.remove_post(actor=mika, membership=place, post=opening(thread), reason="A name.")
    stage.commit()
    assert found(stage, "amara", "ankles") == [second.id]
    assert third.id in found(stage, "amara", "ankles so")


# --- the index follows --------------------------------------------------------------------------


def test_an_edit_is_found_by_its_new_words_alone(stage: Stage) -> None:
    thread = stage.start("amara")
    post = stage.reply("bruno", thread, "Halve the diuretic first.")
    services.edit_post(
        actor=stage.member("bruno"), membership=stage.membership("bruno"), post=post,
        text="Halve the betablocker first.", client_key=new_key(),
    )  # fmt: skip
    stage.commit()
    assert found(stage, "amara", "diuretic") == []
    assert found(stage, "amara", "betablocker") == [post.id]


def test_an_edit_that_waits_is_not_found(stage: Stage) -> None:
    post = stage.reply("amara", stage.start("amara"), "I wait for two weeks.")
    services.edit_post(
        actor=stage.member("amara"), membership=stage.membership("amara"), post=post,
        text=HELD, client_key=new_key(),
    )  # fmt: skip
    stage.commit()
    waits = sa.select(Revision.id).where(Revision.state == RevisionState.HELD)
    assert db.session.scalar(waits) is not None
    assert found(stage, "amara", "oedema") == []
    assert found(stage, "bruno", "weeks") == [post.id]


def test_whatever_is_changed_by_hand_is_followed(stage: Stage) -> None:
    thread = stage.start("amara", "What do you do?", title="Ankles that swell")
    reply = stage.reply("bruno", thread, "Legs up.")
    write("update thread set title = 'Feet that swell' where id = :a", thread.id)
    assert found(stage, "mika", "ankles") == []
    assert found(stage, "mika", "feet legs") == [reply.id]
    write("update post set text = 'Erased.' where id = :a", reply.id)
    assert found(stage, "mika", "legs") == []
    write("update thread set space_id = :a where id = :b", stage.space("neurology").id, thread.id)
    assert found(stage, "mika", "feet") == []
    assert found(stage, "ines", "feet") == [opening(thread).id]
    write("delete from thread where id = :a", thread.id)
    assert found(stage, "ines", "feet") == []
    assert db.session.scalar(sa.text("select count(*) from words_of_posts")) == 0


def test_a_post_that_moves_takes_its_words_along(stage: Stage) -> None:
    one, other = stage.start("amara", title="Ankles"), stage.start("amara", title="Elbows")
    post = stage.reply("bruno", one, "Legs up.")
    write("update post set thread_id = :a, number = 9 where id = :b", other.id, post.id)
    assert found(stage, "mika", "ankles legs") == []
    assert found(stage, "mika", "elbows legs") == [post.id]


# --- words --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "q"),
    [
        ("The Hausärztin wrote to us.", "hausarztin"),
        ("The Hausarztin wrote to us.", "HAUSÄRZTIN"),
        ("As Étienne said.", "etienne"),
        ("As Etienne said.", "étienne"),
        ("As E\u0301tienne said.", "étienne"),
        ("Titrating takes weeks.", "titrate"),
        ("Patients stopped.", "patient stop"),
        ("Take 2.5 mg twice.", "2.5 mg"),
        ("Beta-blocker first.", "beta-blocker"),
        ("Beta-blocker first.", "blocker"),
        ("At 70 mmHg/min.", "mmhg"),
        ("It is not the dose.", "not"),
        ("Sacubitril goes on.", "sacub"),
        ("It’s **bold** of you.", "bold"),
        ("Über 5 µg hinaus.", "5 µg"),
        ("Это мой вопрос.", "вопрос"),
    ],
)
def test_case_accents_and_english_endings_make_no_difference(
    stage: Stage, text: str, q: str
) -> None:
    post = stage.reply("bruno", stage.start("amara"), "To begin with.")
    write("update post set text = :a where id = :b", text, post.id)
    assert found(stage, "amara", q) == [post.id]


def test_all_words_must_occur_in_the_post_or_the_title_of_its_thread(stage: Stage) -> None:
    thread = stage.start("amara", "What do you do?", title="Ankles that swell")
    legs = stage.reply("bruno", thread, "Legs up.")
    assert found(stage, "mika", "ankles legs") == [legs.id]
    assert found(stage, "mika", "ankles elbows") == []
    assert found(stage, "mika", "legs ank") == [legs.id]
    assert found(stage, "mika", "ank legs") == []  # only the last word may be a beginning


def test_what_is_typed_without_a_blank_stands_side_by_side(stage: Stage) -> None:
    thread = stage.start("amara")
    stage.reply("bruno", thread, "Take 5 tablets of 2 mg.")
    assert found(stage, "mika", "2.5") == []


@pytest.mark.parametrize(
    "q",
    [
        "", " ", "a", "?", '"', '""', '"halve', "*", "halve*", "-halve", "NEAR(halve, 2)",
        "text:halve", "place:s1", "{title text} : halve", "halve AND", "OR", "NOT halve",
        "halve & | ! <->", "'", "halve:*B", "\\", "%", "_", "\x00", "hal\x00ve", "'@1'",
        "halve\N{ZERO WIDTH JOINER}",
        "halve " * 2_000, "x" * 10_000, "\N{ARABIC LIGATURE SALLALLAHOU ALAYHE WASALLAM}" * 300,
        "½ ⅓ ﬁ", "é\u0301\u0301\u0301", "😀", "你好", "\ud800", "(" * 300, "a b c d e f g h",
    ],
)  # fmt: skip
def test_whatever_is_typed_is_looked_for_as_words(stage: Stage, q: str) -> None:
    stage.reply("bruno", stage.start("amara"), "Halve it first.")
    assert search(stage, "amara", q).count <= 1


def test_operators_are_words_like_others(stage: Stage) -> None:
    post = stage.reply("bruno", stage.start("amara"), "Halve it first.")
    assert found(stage, "amara", '"halve" -first*') == [post.id]
    assert found(stage, "amara", "halve OR first") == []
    assert found(stage, "amara", "place:s1") == []


# --- order, pages, snippets ---------------------------------------------------------------------


def test_what_fits_better_comes_first_and_of_equals_the_newest(stage: Stage) -> None:
    plain = stage.start("amara", "The dose of ramipril is my question.", title="One")
    newer = stage.start("amara", "The dose of ramipril is my concern.", title="Two")
    titled = stage.start("amara", "The dose of ramipril is my question.", title="Ramipril")
    stage.start("amara", "Something else again.", title="Three")
    wanted = [opening(thread).id for thread in (titled, newer, plain)]
    assert found(stage, "bruno", "ramipril") == wanted


def test_pages_hold_twenty_and_stay_while_others_write(stage: Stage) -> None:
    thread = stage.start("amara")
    for number in range(45):
        stage.reply("bruno", thread, f"Number {number} on diuretics.")
    first = search(stage, "mika", "diuretic")
    assert (first.count, first.pages, len(first.rows)) == (45, 3, 20)
    for number in range(3):
        stage.reply("amara", thread, f"Later number {number} on diuretics.")
    rest = [
        row.post_id
        for page in ("2", "3")
        for row in search(stage, "mika", "diuretic", page=page, until=str(first.until)).rows
    ]
    ids = [row.post_id for row in first.rows] + rest
    assert len(ids) == len(set(ids)) == 45
    assert search(stage, "mika", "diuretic", page="999999999").page == 3


def test_a_snippet_stands_around_the_first_hit_with_what_was_found_marked(stage: Stage) -> None:
    text = f"{'So it goes on. ' * 30}Then **titrating** <b>slowly</b> began. {'And on. ' * 60}"
    stage.reply("bruno", stage.start("amara", title="On titration"), text)
    row = next(
        each for each in search(stage, "amara", "titrate").rows if "slowly" in text_of(each.text)
    )
    assert [piece.text for piece in row.text if piece.is_hit] == ["titrating"]
    assert [piece.text for piece in row.title if piece.is_hit] == ["titration"]
    assert text_of(row.text).startswith("… ")
    assert text_of(row.text).endswith(" …")
    assert 120 < len(text_of(row.text)) < 240
    assert "**" not in text_of(row.text)


# --- what narrows -------------------------------------------------------------------------------


def test_a_topic_alone_lists_its_threads_the_newest_first(stage: Stage) -> None:
    first = stage.start("amara", title="One", tags=["Titration"])
    second = stage.start("bruno", title="Two", tags=["Titration", "Trials"])
    stage.start("bruno", title="Three", tags=["Trials"])
    stage.reply("mika", first, "A reply is no thread.")
    wanted = [opening(second).id, opening(first).id]
    assert found(stage, "amara", topic="Titration") == wanted
    assert found(stage, "ines", topic="Titration") == []
    assert found(stage, "amara", topic="Titr") == []


def test_words_and_a_topic_both_hold(stage: Stage) -> None:
    tagged = stage.start("amara", "Halve it first.", title="One", tags=["Titration"])
    stage.start("amara", "Halve it first.", title="Two")
    assert found(stage, "bruno", "halve", topic="Titration") == [opening(tagged).id]


def test_an_author_is_found_by_part_of_a_name_without_accents(stage: Stage) -> None:
    thread = stage.start("amara", "Halve it first.")
    post = stage.reply("bruno", thread, "Halve it later.")
    for name in ("lefevre", "Lefèvre", "Dr Bruno Lef", "bruno"):
        assert found(stage, "mika", "halve", by=name) == [post.id], name
    assert found(stage, "mika", "halve", by="%") == [post.id, opening(thread).id]


def test_a_medicine_is_that_of_the_thread_or_else_of_its_space(stage: Stage) -> None:
    thread = stage.start("amara", "Halve it first.")
    assert found(stage, "bruno", "halve", product="ortelvane") == [opening(thread).id]
    assert found(stage, "bruno", "halve", product="brenquive") == []


def test_since_begins_with_a_day(stage: Stage) -> None:
    thread = stage.start("amara", "Halve it first.")
    today = clock.now().date()
    assert found(stage, "bruno", "halve", since=str(today - timedelta(days=1)))
    assert found(stage, "bruno", "halve", since=str(today + timedelta(days=2))) == []
    for nonsense in ("yesterday", "0001-01-01", "9999-12-31", "2026-13-01"):
        assert found(stage, "bruno", "halve", since=nonsense) == [opening(thread).id]
