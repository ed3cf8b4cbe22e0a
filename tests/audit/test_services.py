"""The chain of proof holds, and shows whatever is done to it, by whatever way."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from community.audit import services
from community.audit.models import AuditEntriesNeverChange, AuditEntry, AuditHead
from community.audit.queries import Filter, entries
from community.kernel import append_only, unit_of_work
from community.kernel.db import db
from tests.stage import Stage


def write(*reasons: str) -> None:
    with unit_of_work.transaction():
        for reason in reasons:
            services.record(
                actor=None, action="test.done", subject_kind="test", subject_id=1, reason=reason
            )


def tamper(statement: str) -> None:
    """Do as somebody would who owns the database and lifts its guard."""
    with db.engine.begin() as connection:
        append_only.unprotect(connection, "audit_entry")
        connection.execute(sa.text(statement))
        append_only.protect(connection, "audit_entry")


def last_seq() -> int:
    return db.session.scalars(sa.select(AuditHead.seq)).one()


def test_entries_follow_one_another_without_a_hole(stage: Stage) -> None:
    before = last_seq()
    write("one", "two")
    write("three")
    check = services.verify()
    assert check.holds
    assert check.entries == before + 3
    assert [entry.reason for entry in entries(Filter(action="test."))] == ["three", "two", "one"]


def test_what_is_rolled_back_leaves_neither_entry_nor_hole(stage: Stage) -> None:
    before = last_seq()

    def fail() -> None:
        with unit_of_work.transaction():
            services.record(actor=None, action="test.done", subject_kind="t", subject_id=1)
            raise LookupError

    with pytest.raises(LookupError):
        fail()
    write("after")
    assert services.verify().entries == before + 1


@pytest.mark.parametrize(
    "deed",
    ["update audit_entry set reason = 'x'", "delete from audit_entry where seq = 1"],
)
def test_the_database_refuses_to_change_or_delete_an_entry(stage: Stage, deed: str) -> None:
    write("one")
    with pytest.raises(sa.exc.DBAPIError, match="append-only"):
        db.session.execute(sa.text(deed))
    db.session.rollback()
    assert services.verify().holds


def test_the_program_refuses_too(stage: Stage) -> None:
    write("one")
    entry = entries(Filter(action="test."))[0]
    entry.reason = "another"
    with pytest.raises(AuditEntriesNeverChange):
        db.session.flush()
    db.session.rollback()
    db.session.delete(entries(Filter(action="test."))[0])
    with pytest.raises(AuditEntriesNeverChange):
        db.session.flush()
    db.session.rollback()


@pytest.mark.parametrize("column", ["reason", "actor_name", "action", "subject_id", "subject_kind"])
def test_a_changed_word_is_found_and_its_entry_named(stage: Stage, column: str) -> None:
    write("one", "two", "three")
    seq = last_seq() - 1
    db.session.rollback()
    tamper(f"update audit_entry set {column} = 'forged' where seq = {seq}")  # noqa: S608 - ours
    check = services.verify()
    assert not check.holds
    assert check.broken_seq == seq
    assert "was changed" in check.sentence


def test_an_entry_that_was_taken_out_is_found(stage: Stage) -> None:
    write("one", "two", "three")
    seq = last_seq() - 1
    db.session.rollback()
    tamper(f"delete from audit_entry where seq = {seq}")  # noqa: S608 - ours
    check = services.verify()
    assert (check.broken_seq, check.sentence) == (seq, f"entry {seq} is missing")


def test_entries_taken_off_the_end_are_found(stage: Stage) -> None:
    write("one", "two")
    seq = last_seq()
    db.session.rollback()
    tamper(f"delete from audit_entry where seq = {seq}")  # noqa: S608 - ours
    check = services.verify()
    assert not check.holds
    assert "taken off" in check.sentence


def test_an_entry_forged_behind_the_end_is_found(stage: Stage) -> None:
    write("one", "two")
    seq = last_seq()
    db.session.rollback()
    kept = "actor_id, actor_name, action, subject_kind, subject_id, space_id, reason, old, new, at"
    tamper(
        f"insert into audit_entry (seq, previous_hash, hash, {kept})"  # noqa: S608 - ours
        f" select {seq + 1_000}, hash, hash, {kept} from audit_entry where seq = {seq}"
    )
    assert services.verify().sentence == f"entry {seq + 1} is missing"


def test_a_head_turned_back_leaves_entries_behind_the_end(stage: Stage) -> None:
    write("one", "two", "three")
    seq = last_seq()
    entry = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.seq == seq - 1)).one()
    earlier = entry.hash
    db.session.rollback()
    tamper(f"update audit_head set seq = {seq - 1}, hash = '{earlier}'")  # noqa: S608 - ours
    check = services.verify()
    assert not check.holds
    assert check.sentence == f"entry {seq} stands behind the end of the chain"


def test_an_entry_forged_with_its_own_hash_does_not_fit_the_next(stage: Stage) -> None:
    write("one", "two")
    seq = last_seq() - 1
    entry = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.seq == seq)).one()
    db.session.expunge(entry)
    entry.reason = "forged"
    forged = services.fingerprint(entry)
    db.session.rollback()
    tamper(
        f"update audit_entry set reason = 'forged', hash = '{forged}' where seq = {seq}"  # noqa: S608
    )
    check = services.verify()
    assert check.broken_seq == seq + 1
