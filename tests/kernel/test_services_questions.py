"""What was asked is asked again: on both databases, by the side of every transaction."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from community.kernel.db import db, read
from community.kernel.questions import Questions, Witness, noting
from community.spaces.models import Space
from tests.stage import Stage

NAME = sa.select(Space.name).where(Space.slug == sa.bindparam("slug"))


def ask(stage: Stage) -> Questions:
    """Ask for a name in two ways, as rows and as an object."""
    with noting(Questions()) as asked:
        assert read(NAME, {"slug": "cardiology"}) == [("Cardiology",)]
        assert stage.space().name == "Cardiology"
    stage.commit()
    assert asked.only_reads
    assert len(asked.asked) == 2
    return asked


@pytest.fixture
def witness(stage: Stage) -> Iterator[Witness]:
    found = Witness(db.engine)
    yield found
    found.leave()


def test_while_nothing_is_committed_every_answer_is_the_same(
    stage: Stage, witness: Witness
) -> None:
    asked = ask(stage)
    assert witness.agrees(asked)
    stage.space().name = "Another name"
    db.session.flush()
    assert witness.agrees(asked)
    db.session.rollback()
    assert witness.agrees(asked)


def test_another_answer_is_another_however_often_the_first_was_heard(
    stage: Stage, witness: Witness
) -> None:
    asked = ask(stage)
    assert witness.agrees(asked)
    assert witness.agrees(asked)
    stage.space().name = "Another name"
    stage.commit()
    assert not witness.agrees(asked)
    stage.space().name = "Cardiology"
    stage.commit()
    assert witness.agrees(asked)


def test_what_was_committed_elsewhere_changes_no_answer(stage: Stage, witness: Witness) -> None:
    asked = ask(stage)
    assert witness.agrees(asked)
    stage.space("neurology").name = "Another name"
    stage.commit()
    assert witness.agrees(asked)


def test_a_witness_who_had_to_leave_comes_back(stage: Stage, witness: Witness) -> None:
    asked = ask(stage)
    assert witness.agrees(asked)
    witness.leave()
    stage.space().name = "Another name"
    stage.commit()
    assert not witness.agrees(asked)


def test_work_that_wrote_is_not_taken_for_questions(stage: Stage) -> None:
    with noting(Questions()) as asked:
        stage.space().name = "Another name"
        stage.commit()
    assert not asked.only_reads


def test_a_question_that_failed_is_not_taken_for_one_never_asked(stage: Stage) -> None:
    with noting(Questions()) as asked, pytest.raises(sa.exc.DBAPIError):
        read(sa.select(sa.table("no_such", sa.column("name")).c.name), {})
    db.session.rollback()
    assert not asked.only_reads


def test_without_a_listener_nothing_is_noted(stage: Stage) -> None:
    with noting(Questions()) as asked:
        pass
    stage.space()
    assert asked.asked == []


def test_who_does_not_listen_notes_nothing(stage: Stage) -> None:
    with noting(Questions(listens=False)) as asked:
        stage.space()
    assert asked.asked == []
