"""What a member shows besides the password: digits, codes on paper, and their end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from threading import Barrier
from typing import Any

import argon2
import pyotp
import pytest
import sqlalchemy as sa
from flask import Flask

from community.audit.models import AuditEntry
from community.kernel import clock, housekeeping, tokens, unit_of_work
from community.kernel.db import db
from community.kernel.errors import Conflict, Forbidden, Gone, Invalid, NotFound, TooMany
from community.members import access, services
from community.members.models import Authenticator, MemberSession, RecoveryCode
from community.members.services import sealing
from tests.stage import Stage, Visitor
from tests.threads.test_services_parallel import at_once

HERE = "192.0.2.1"


def set_up(stage: Stage, who: str) -> pyotp.TOTP:
    """Give a member an app, 10 minutes ago, and commit."""
    member = stage.member(who)
    with clock.moved(timedelta(minutes=-10)):
        offer = services.offer(actor=member)
        services.set_up_authenticator(
            actor=member, sealed=offer.sealed, code=digits(offer.secret), address=HERE
        )
        stage.commit()
    stage.app.extensions["limiter"].storage.reset()
    return pyotp.TOTP(offer.secret)


def digits(secret: str, *, ahead: int = 0) -> str:
    """Return what the app shows now, or `ahead` seconds from now."""
    return pyotp.TOTP(secret).at(clock.now() + timedelta(seconds=ahead))


def show(stage: Stage, who: str, code: str) -> None:
    services.show_code(actor=stage.member(who), code=code, address=HERE)
    stage.commit()


def actions() -> list[str]:
    return list(db.session.scalars(sa.select(AuditEntry.action).order_by(AuditEntry.seq)))


def test_the_digits_of_now_open_and_open_once(stage: Stage) -> None:
    app = set_up(stage, "rosa")
    with clock.moved(clock.now()):
        code = app.at(clock.now())
        show(stage, "rosa", f"{code[:3]} {code[3:]}")
        with pytest.raises(Invalid):
            show(stage, "rosa", code)


def test_digits_older_than_those_used_last_open_nothing(stage: Stage) -> None:
    app = set_up(stage, "rosa")
    with clock.moved(clock.now()):
        show(stage, "rosa", app.at(clock.now()))
        with pytest.raises(Invalid):
            show(stage, "rosa", app.at(clock.now() - timedelta(seconds=30)))


@pytest.mark.parametrize(("seconds", "opens"), [(-30, True), (30, True), (-90, False), (90, False)])
def test_a_clock_may_differ_by_half_a_minute(stage: Stage, seconds: int, *, opens: bool) -> None:
    app = set_up(stage, "rosa")
    with clock.moved(clock.now()):
        code = app.at(clock.now() + timedelta(seconds=seconds))
        if opens:
            show(stage, "rosa", code)
        else:
            with pytest.raises(Invalid):
                show(stage, "rosa", code)


def test_the_digits_of_another_member_open_nothing(stage: Stage) -> None:
    app = set_up(stage, "rosa")
    set_up(stage, "cora")
    with pytest.raises(Invalid):
        show(stage, "cora", app.at(clock.now()))


def test_an_app_is_taken_into_use_only_when_it_shows_the_right_digits(stage: Stage) -> None:
    member = stage.member("rosa")
    offer = services.offer(actor=member)
    with pytest.raises(Invalid):
        services.set_up_authenticator(
            actor=member, sealed=offer.sealed, code=digits(offer.secret, ahead=300), address=HERE
        )
    assert member.second_factor_since is None


def test_an_offer_is_for_one_member_and_for_half_an_hour(stage: Stage) -> None:
    offer = services.offer(actor=stage.member("rosa"))
    with pytest.raises(Gone):
        services.offer_again(actor=stage.member("cora"), sealed=offer.sealed)
    again = services.offer_again(actor=stage.member("rosa"), sealed=offer.sealed)
    assert again.secret == offer.secret


def test_the_database_alone_tells_no_secret_and_no_code(stage: Stage) -> None:
    app = set_up(stage, "rosa")
    codes = services.make_recovery_codes(actor=stage.member("rosa"))
    stage.commit()
    kept = db.session.scalars(sa.select(Authenticator)).one()
    hashes = set(db.session.scalars(sa.select(RecoveryCode.code_hash)))
    assert app.secret not in kept.sealed
    assert not hashes & {code.replace("-", "") for code in codes}
    assert len(hashes) == len(codes)
    assert all(each.startswith("$argon2id$") for each in hashes)
    assert sealing.unseal(kept.sealed, purpose="something else") is None


def test_five_wrong_codes_end_the_tries_for_some_minutes_also_for_the_right_one(
    stage: Stage,
) -> None:
    app = set_up(stage, "rosa")
    with clock.moved(clock.now()):
        for _ in range(5):
            with pytest.raises(Invalid):
                show(stage, "rosa", "000000" if app.at(clock.now()) != "000000" else "111111")
        with pytest.raises(TooMany) as slow:
            show(stage, "rosa", app.at(clock.now()))
    assert 0 < slow.value.retry_after <= 5 * 60


def test_each_recovery_code_opens_once_however_it_is_typed(stage: Stage) -> None:
    set_up(stage, "rosa")
    codes = services.make_recovery_codes(actor=stage.member("rosa"))
    stage.commit()
    assert len(set(codes)) == 10
    show(stage, "rosa", codes[0].upper().replace("-", " "))
    with pytest.raises(Invalid):
        show(stage, "rosa", codes[0])
    assert services.second_factors_of(stage.member("rosa")).codes_left == 9
    assert actions()[-1] == "member.recovery_code_used"
    assert "recovery codes" in stage.work()[0].body


def keep_as_before(stage: Stage, who: str, codes: list[str]) -> list[str]:
    """Keep codes as the version before this one did, and return how."""
    for code, kept in zip(codes, db.session.scalars(sa.select(RecoveryCode)), strict=True):
        kept.code_hash = tokens.digest(
            tokens.make(
                key=stage.app.config["SETTINGS"].secret_key,
                purpose=f"members.recovery:{stage.member(who).id}",
                nonce=code.replace("-", ""),
            )
        )
    stage.commit()
    return kept_codes()


def kept_codes() -> list[str]:
    return list(db.session.scalars(sa.select(RecoveryCode.code_hash).order_by(RecoveryCode.id)))


def test_codes_that_were_kept_by_a_quick_hash_open_and_stay_for_the_version_that_made_them(
    stage: Stage,
) -> None:
    set_up(stage, "rosa")
    codes = services.make_recovery_codes(actor=stage.member("rosa"))
    before = keep_as_before(stage, "rosa", codes)
    show(stage, "rosa", codes[7])
    with pytest.raises(Invalid):
        show(stage, "rosa", codes[7])
    for chore in housekeeping.chores():
        housekeeping.do_once(stage.app, chore)
    assert kept_codes() == before
    show(stage, "rosa", codes[3])


@pytest.fixture
def seen(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """A list that grows by "hash" with each slow hash, by its first word with each statement."""
    happened: list[str] = []
    for name in ("hash", "verify"):
        true = getattr(argon2.PasswordHasher, name)

        def noting(*args: Any, true: Any = true) -> Any:
            happened.append("hash")
            return true(*args)

        monkeypatch.setattr(argon2.PasswordHasher, name, noting)

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        happened.append(statement.split(maxsplit=1)[0].lower())

    sa.event.listen(db.engine, "before_cursor_execute", note)
    yield happened
    sa.event.remove(db.engine, "before_cursor_execute", note)


def test_a_wrong_try_at_codes_kept_by_a_quick_hash_costs_no_slow_one(
    stage: Stage, seen: list[str]
) -> None:
    set_up(stage, "rosa")
    codes = services.make_recovery_codes(actor=stage.member("rosa"))
    keep_as_before(stage, "rosa", codes)
    seen.clear()
    with pytest.raises(Invalid):
        show(stage, "rosa", "wrong-codes")
    assert "hash" not in seen


def test_new_codes_end_the_old_ones(stage: Stage) -> None:
    set_up(stage, "rosa")
    old = services.make_recovery_codes(actor=stage.member("rosa"))
    services.make_recovery_codes(actor=stage.member("rosa"))
    stage.commit()
    with pytest.raises(Invalid):
        show(stage, "rosa", old[0])


def test_codes_are_worked_out_before_anybody_else_has_to_wait(
    stage: Stage, seen: list[str]
) -> None:
    set_up(stage, "rosa")
    rosa = stage.member("rosa")
    seen.clear()
    services.make_recovery_codes(actor=rosa)
    stage.commit()
    assert seen.count("hash") == 10
    writes = [seen.index(word) for word in ("update", "delete", "insert")]
    assert "hash" not in seen[min(writes) :]


def test_codes_made_twice_at_once_are_ten(app: Flask, stage: Stage) -> None:
    set_up(stage, "rosa")
    both = Barrier(2)

    def make(own: Stage) -> str:
        rosa = own.member("rosa")
        both.wait(timeout=10)
        codes = services.make_recovery_codes(actor=rosa)
        unit_of_work.commit()
        return codes[0]

    made = at_once(app, make, make)
    db.session.rollback()
    assert services.second_factors_of(stage.member("rosa")).codes_left == 10
    opened = 0
    for code in made:
        try:
            show(stage, "rosa", code)
        except Invalid:
            continue
        opened += 1
    assert opened == 1


def test_codes_are_made_five_times_an_hour(stage: Stage) -> None:
    for who in ("rosa", "amara"):
        set_up(stage, who)
    made = [services.make_recovery_codes(actor=stage.member("rosa")) for _ in range(5)]
    stage.commit()
    with pytest.raises(TooMany) as slow:
        services.make_recovery_codes(actor=stage.member("rosa"))
    assert 0 < slow.value.retry_after <= 60 * 60 + 1
    db.session.rollback()
    show(stage, "rosa", made[-1][0])
    services.make_recovery_codes(actor=stage.member("amara"))


def test_codes_stand_in_for_a_second_factor_and_are_none(stage: Stage) -> None:
    with pytest.raises(Conflict):
        services.make_recovery_codes(actor=stage.member("rosa"))


def test_removing_the_last_second_factor_ends_its_codes(stage: Stage) -> None:
    set_up(stage, "amara")
    services.make_recovery_codes(actor=stage.member("amara"))
    services.remove_authenticator(actor=stage.member("amara"))
    stage.commit()
    assert stage.member("amara").second_factor_since is None
    assert services.second_factors_of(stage.member("amara")).codes_left == 0
    assert actions()[-1] == "member.second_factor_removed"


def test_an_administrator_resets_a_lost_second_factor_and_everybody_is_told(
    stage: Stage,
) -> None:
    set_up(stage, "rosa")
    Visitor(stage.app, "rosa")
    rosa = stage.member("rosa")
    services.reset_second_factor(
        actor=stage.member("ada"), member=rosa, reason="Called her desk.", version=rosa.version
    )
    stage.commit()
    assert rosa.second_factor_since is None
    assert actions()[-1] == "member.second_factor_reset"
    running = sa.select(MemberSession).where(
        MemberSession.member_id == rosa.id, MemberSession.ended_at.is_(None)
    )
    assert db.session.scalars(running).all() == []
    assert any("taken away the passkeys" in letter.body for letter in stage.work())


def test_nobody_resets_their_own_and_nobody_but_administrators_resets(stage: Stage) -> None:
    for who in ("ada", "rosa"):
        set_up(stage, who)
    ada, rosa = stage.member("ada"), stage.member("rosa")
    with pytest.raises(Forbidden):
        services.reset_second_factor(actor=ada, member=ada, reason="Lost.", version=ada.version)
    with pytest.raises(NotFound):
        services.reset_second_factor(
            actor=stage.member("paul"), member=rosa, reason="Lost.", version=rosa.version
        )
    assert not access.may_reset_second_factor(ada, ada)


# --- sessions end ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "runs", "ends"),
    [
        ("amara", timedelta(days=13), timedelta(days=15)),
        ("rosa", timedelta(hours=11), timedelta(hours=13)),
    ],
)
def test_a_session_left_alone_ends_staff_sooner(
    stage: Stage, who: str, runs: timedelta, ends: timedelta
) -> None:
    Visitor(stage.app, who)
    with clock.moved(runs):
        assert services.end_worn_out_sessions() == 0
    with clock.moved(ends):
        assert services.end_worn_out_sessions() == 1


@pytest.mark.parametrize(("who", "days"), [("amara", 90), ("rosa", 7)])
def test_a_session_in_use_ends_all_the_same_one_day(stage: Stage, who: str, days: int) -> None:
    Visitor(stage.app, who)
    row = db.session.scalars(sa.select(MemberSession)).one()
    for day in range(1, days):
        row.seen_at = clock.now() + timedelta(days=day)
    stage.commit()
    last = row.seen_at
    assert row.runs_at(last)
    row.seen_at = last + timedelta(days=1, minutes=1)
    stage.commit()
    assert not row.runs_at(row.seen_at)
    with clock.moved(row.seen_at):
        assert services.end_worn_out_sessions() == 1
