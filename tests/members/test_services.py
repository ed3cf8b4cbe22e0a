"""What is written about members, on both databases."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from threading import Barrier

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher
from flask import Flask
from PIL import Image

from community.audit.models import AuditEntry
from community.config import CompanySignIn, SettingsError, load
from community.guardrails.models import Signature
from community.kernel import clock
from community.kernel.db import db, session
from community.kernel.errors import Conflict, Forbidden, Gone, Invalid, NotFound, TooMany
from community.members import queries, services
from community.members.licences import Fit, hint
from community.members.models import Affiliation, Duty, MailLink, Member, MemberSession, Photo
from community.members.services import passwords
from tests import cast
from tests.stage import Stage
from tests.threads.test_services_parallel import at_once

GOOD = "four words make one"


def actions() -> list[str]:
    return list(session().scalars(sa.select(AuditEntry.action).order_by(AuditEntry.seq)))


# --- joining --------------------------------------------------------------------------------------


def test_an_address_is_kept_in_one_way_and_found_in_every_way(stage: Stage) -> None:
    made = services.create_member(
        actor=None,
        email=" Nia@Example.ORG ",
        name="Nia  Vale",
        affiliation=Affiliation.COMPANY,
        job="Medical Affairs",
    )
    stage.commit()
    assert (made.email, made.name) == ("nia@example.org", "Nia Vale")
    found = services.find_by_email("NIA@example.org")
    assert found is not None
    assert found.id == made.id
    assert services.find_by_email("") is None
    assert services.find_by_email("no address") is None
    assert actions()[-1] == "member.created"


@pytest.mark.parametrize(
    "email", ["", "nobody", "ne\ufffdw@example.org", "a@b", "a b@example.org", "x" * 300 + "@e.org"]
)
def test_what_is_no_address_is_refused(stage: Stage, email: str) -> None:
    with pytest.raises(Invalid) as refused:
        services.create_member(
            actor=None, email=email, name="Nia Vale", affiliation=Affiliation.COMPANY
        )
    assert refused.value.field == "email"


def test_only_the_administrator_makes_members_and_none_twice(stage: Stage) -> None:
    def make(who: str) -> None:
        services.create_member(
            actor=stage.member(who),
            email="nia@example.org",
            name="Nia",
            affiliation=Affiliation.COMPANY,
            job="Medical Affairs",
        )

    with pytest.raises(NotFound):
        make("cora")
    make("ada")
    with pytest.raises(Invalid):
        make("ada")


def test_a_duty_is_for_members_of_the_company(stage: Stage) -> None:
    with pytest.raises(Invalid):
        services.create_member(
            actor=None,
            email="nia@example.org",
            name="Nia",
            affiliation=Affiliation.HCP,
            duties=[Duty.SAFETY],
        )
    with pytest.raises(Forbidden):
        services.set_duties(
            actor=stage.member("ada"), member=stage.member("amara"), duties=[Duty.SAFETY], version=1
        )


def test_one_who_comes_by_invitation_is_unchecked_until_a_person_has_looked(stage: Stage) -> None:
    made = services.create_from_invitation(email="n@example.org", name="Dr N", password=GOOD)
    verified = [made.is_verified]
    credential = services.submit_credential(
        actor=made, profession="nurse", licence_number="12", issuing_body="NMC", country="GB"
    )
    stage.commit()
    verified.append(made.is_verified)
    services.check_credential(
        actor=stage.member("vera"),
        credential=credential,
        note="NMC register",
        recheck_on=clock.now().date() + services.RECHECK_AFTER,
        version=credential.version,
    )
    stage.commit()
    assert [*verified, made.is_verified] == [False, False, True]
    assert (made.profession, made.country) == ("nurse", "GB")
    assert actions()[-3:] == ["member.joined", "credential.submitted", "credential.checked"]


@pytest.mark.parametrize("name", ["", "  ", "Dr N\ufffdra Vale"])
def test_a_name_that_nobody_can_read_is_refused(stage: Stage, name: str) -> None:
    with pytest.raises(Invalid) as refused:
        services.create_from_invitation(email="n@example.org", name=name, password=GOOD)
    assert refused.value.field == "name"


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("Dr Rosa\u200b Vale", "Dr Rosa Vale"),
        ("\u200fDr Rosa\u2060 Vale\ufeff", "Dr Rosa Vale"),
        ("\u3164 Rosa\u00ad Vale\u200d", "Rosa Vale"),
        ("\u0646\u06cc\u200c\u0632\u0627\u062f", "\u0646\u06cc\u200c\u0632\u0627\u062f"),
    ],
)
def test_a_name_has_no_letters_that_nobody_sees(stage: Stage, written: str, kept: str) -> None:
    assert services.create_imported(actor=None, name=written).name == kept


@pytest.mark.parametrize("subject", [None, "", 7, {"id": "u-1"}])
def test_who_has_no_number_at_the_company_is_nobody(stage: Stage, subject: object) -> None:
    provider = CompanySignIn(issuer="https://id.example", client_id="here", client_secret="secret")
    claims = {"sub": subject, "email": stage.member("rosa").email, "email_verified": True}
    with pytest.raises(Forbidden):
        services.sign_in_by_company(provider=provider, claims=claims)


@pytest.mark.parametrize("groups", ["safety-desk", ["safety-desk", ["a"], 7]])
def test_a_providers_groups_are_read_as_names_and_the_rest_is_none(
    stage: Stage, groups: object
) -> None:
    provider = CompanySignIn(
        issuer="https://id.example",
        client_id="here",
        client_secret="secret",
        duties=(("safety-desk", "safety"),),
    )
    claims = {"sub": "u-1", "email": stage.member("rosa").email, "email_verified": True}
    member = services.sign_in_by_company(provider=provider, claims=claims | {"groups": groups})
    assert "safety" in member.duties


def test_an_imported_author_never_signs_in(stage: Stage) -> None:
    made = services.create_imported(actor=None, name="Imported member 17")
    stage.commit()
    assert not made.sign_in_allowed
    assert made.email is None


# --- passwords ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "weak",
    [
        "short",
        "password1234",
        "qwertyuiop12",
        "Roundtable2026!",
        "Alderwick2026",
        "passwordpassword",
        "aaaaaaaaaaaaaaaa",
        "n@example.org",
        "nia.vale2026!",
        "x" * 201,
    ],
)
def test_what_is_guessed_first_is_no_password(stage: Stage, weak: str) -> None:
    with pytest.raises(Invalid):
        services.require_good(
            weak, email="nia.vale@example.org" if "vale" in weak else "n@example.org"
        )


@pytest.mark.parametrize("line", ["{}:17", "{}"])
def test_what_has_leaked_is_no_password_wherever_it_stands_in_the_list(
    stage: Stage, tmp_path: Path, line: str
) -> None:
    leaked = [f"sea lion over Oslo {number}" for number in range(40)]
    digests = sorted(map(digest_of, leaked))
    path = tmp_path / "leaked.txt"
    path.write_text("".join(f"{line.format(digest)}\r\n" for digest in digests))
    here = stage.app.config["SETTINGS"]
    stage.app.config["SETTINGS"] = replace(here, leaked_passwords=path)
    try:
        for each in leaked:
            with pytest.raises(Invalid, match="stolen"):
                passwords.require_good(each, email="amara@example.org")
        for number in range(40, 80):
            passwords.require_good(f"sea lion over Oslo {number}", email="amara@example.org")
    finally:
        stage.app.config["SETTINGS"] = here


def test_a_list_that_goes_away_stops_nobody_and_is_told_once(
    stage: Stage, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "leaked.txt"
    here = stage.app.config["SETTINGS"]
    stage.app.config["SETTINGS"] = replace(here, leaked_passwords=path)

    def told() -> int:
        return sum("can't be read" in each for each in caplog.messages)

    try:
        for _ in range(3):
            passwords.require_good(GOOD, email="amara@example.org")
        assert told() == 1
        with pytest.raises(Invalid):
            passwords.require_good("password1234", email="amara@example.org")
        path.write_text(f"{digest_of(GOOD)}:1\r\n")
        with pytest.raises(Invalid, match="stolen"):
            passwords.require_good(GOOD, email="amara@example.org")
        path.unlink()
        passwords.require_good(GOOD, email="amara@example.org")
        assert told() == 2
    finally:
        stage.app.config["SETTINGS"] = here


@pytest.mark.parametrize("lines", [5, 100, 5000])
def test_a_list_in_another_order_than_that_of_its_digests_stops_the_start(
    tmp_path: Path, lines: int
) -> None:
    path = tmp_path / "leaked.txt"
    env = {"COMMUNITY_SECRET_KEY": "x" * 32, "COMMUNITY_LEAKED_PASSWORDS": str(path)}
    digests = sorted(digest_of(f"{number}") for number in range(lines))
    path.write_text("".join(f"{digest}:{place}\r\n" for place, digest in enumerate(digests)))
    assert load(env).leaked_passwords == path.resolve()
    by_count = sorted(digests, key=lambda digest: digest[::-1])
    assert by_count != digests
    path.write_text("".join(f"{digest}:{lines}\r\n" for digest in by_count))
    with pytest.raises(SettingsError, match="ordered by hash"):
        load(env)


def digest_of(password: str) -> str:
    return hashlib.sha1(password.encode()).hexdigest().upper()  # noqa: S324


def test_a_password_is_kept_as_an_argon2id_hash(stage: Stage) -> None:
    kept = services.hash_password(GOOD)
    assert kept.startswith("$argon2id$")
    assert passwords.matches(kept, GOOD)
    assert not passwords.matches(kept, GOOD + "x")
    assert not passwords.matches("", GOOD)
    assert not passwords.matches("no hash at all", GOOD)


def test_a_letter_is_the_same_letter_from_every_keyboard(stage: Stage) -> None:
    kept = services.hash_password("crème brûlée à la carte")
    assert passwords.matches(kept, "cre\N{COMBINING GRAVE ACCENT}me brûlée à la carte")


def test_a_hash_of_another_cost_is_made_anew_at_sign_in(stage: Stage) -> None:
    amara = stage.member("amara")
    amara.password_hash = PasswordHasher(1, 16, 1).hash(cast.PASSWORD)
    old = amara.password_hash
    services.check_password(email="amara@example.org", password=cast.PASSWORD, address="::1")
    stage.commit()
    assert passwords.is_outdated(old)
    assert amara.password_hash != old
    assert not passwords.is_outdated(amara.password_hash)


def test_tries_on_one_address_from_many_places_are_slowed_down(stage: Stage) -> None:
    for number in range(20):
        with pytest.raises(services.NotRecognised):
            services.check_password(email="x@example.org", password="wrong", address=f"{number}")
    with pytest.raises(TooMany) as slow:
        services.check_password(email="X@example.org", password="wrong", address="other")
    assert 0 < slow.value.retry_after <= 15 * 60


def test_tries_from_one_place_on_many_addresses_are_slowed_down(stage: Stage) -> None:
    for number in range(30):
        with pytest.raises(services.NotRecognised):
            services.check_password(email=f"x{number}@e.org", password="wrong", address="::1")
    with pytest.raises(TooMany):
        services.check_password(email="amara@example.org", password=cast.PASSWORD, address="::1")


# --- links ----------------------------------------------------------------------------------------


def test_a_token_lies_nowhere_in_the_database(stage: Stage) -> None:
    url = services.issue_sign_in_link(member=stage.member("amara"), hours=1)
    token = url.rpartition("/")[2]
    link = session().scalars(sa.select(MailLink)).one()
    assert token not in {link.token_hash, link.nonce}
    assert services.spend_sign_in_link(token=token).id == stage.member("amara").id
    with pytest.raises(Gone):
        services.spend_sign_in_link(token=token)


def test_a_new_password_makes_older_links_worthless(stage: Stage) -> None:
    amara = stage.member("amara")
    token = services.issue_sign_in_link(member=amara, hours=1).rpartition("/")[2]
    services.set_password(actor=amara, member=amara, password=GOOD)
    with pytest.raises(Gone):
        services.spend_sign_in_link(token=token)


# --- sessions -------------------------------------------------------------------------------------


def test_last_seen_is_kept_in_memory_until_housekeeping_writes_it(stage: Stage) -> None:
    row = MemberSession(
        member=stage.member("amara"),
        key_hash="x",
        created_at=cast.START,
        seen_at=cast.START,
    )
    session().add(row)
    stage.commit()
    services.note_seen(row.id)
    assert row.seen_at == cast.START
    stage.commit()
    services.write_seen()
    assert row.seen_at > cast.START
    assert services.write_seen() == 0


# --- photos ---------------------------------------------------------------------------------------


def encoded(kind: str, size: tuple[int, int] = (1200, 800)) -> bytes:
    picture, out = Image.new("RGB", size, "teal"), io.BytesIO()
    exif = picture.getexif()
    exif[0x0112] = 6  # to be turned by a quarter
    exif[0x010E] = "taken at home"
    picture.save(out, kind, exif=exif)
    return out.getvalue() + b"<script>alert(1)</script>"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_is_made_anew_upright_small_and_without_its_story(stage: Stage, kind: str) -> None:
    services.set_photo(actor=stage.member("amara"), raw=encoded(kind))
    stage.commit()
    kept = session().scalars(sa.select(Photo.content)).one()
    with Image.open(io.BytesIO(kept)) as picture:
        assert picture.format == "WEBP"
        assert picture.size == (341, 512)
        assert not picture.getexif()
    assert b"taken at home" not in kept
    assert b"<script>" not in kept


@pytest.mark.parametrize(
    "raw",
    [b"", b"GIF89a", b"<svg/>", b"\x89PNG\r\n\x1a\n" + b"\0" * 64, b"\0" * (5 * 1024 * 1024 + 1)],
    ids=["empty", "gif", "svg", "broken", "large"],
)
def test_what_is_no_photo_is_refused(stage: Stage, raw: bytes) -> None:
    with pytest.raises(Invalid):
        services.set_photo(actor=stage.member("amara"), raw=raw)


def test_a_picture_that_would_swell_is_refused_before_it_does(stage: Stage) -> None:
    out = io.BytesIO()
    Image.new("1", (9000, 9000)).save(out, "PNG")
    assert len(out.getvalue()) < 100_000
    with pytest.raises(Invalid):
        services.set_photo(actor=stage.member("amara"), raw=out.getvalue())


def test_a_new_photo_has_a_new_address(stage: Stage) -> None:
    amara = stage.member("amara")
    services.set_photo(actor=amara, raw=encoded("PNG"))
    stage.commit()
    first = amara.photo_key
    services.set_photo(actor=amara, raw=encoded("PNG"))
    stage.commit()
    with pytest.raises(NotFound):
        queries.get_photo(viewer=amara, member_id=amara.id, key=first)
    assert queries.get_photo(viewer=amara, member_id=amara.id, key=amara.photo_key)


# --- credentials ----------------------------------------------------------------------------------


def test_credentials_fall_to_compliance_and_then_to_the_administrator(stage: Stage) -> None:
    ada, paul, vera = (stage.member(who) for who in ("ada", "paul", "vera"))
    for without, falls_to in ((vera, paul), (paul, ada)):
        with pytest.raises(NotFound):
            queries.credential_desk(viewer=falls_to)
        services.set_duties(actor=ada, member=without, duties=[], version=without.version)
        stage.commit()
        waiting = queries.credential_desk(viewer=falls_to).waiting
        assert [c.member.name for c in waiting] == ["Dr Pia Keller"]
        with pytest.raises(NotFound):
            queries.credential_desk(viewer=without)


def test_a_checked_credential_comes_back_when_its_time_is_near(stage: Stage) -> None:
    vera, pia = stage.member("vera"), stage.member("pia")
    assert pia.credential is not None
    with pytest.raises(Invalid):
        services.check_credential(
            actor=vera, credential=pia.credential, note="", recheck_on=date(2020, 1, 1), version=1
        )
    services.check_credential(
        actor=vera,
        credential=pia.credential,
        note="",
        recheck_on=clock.now().date() + timedelta(days=365),
        version=pia.credential.version,
    )
    stage.commit()
    assert queries.credential_desk(viewer=vera).due == []
    with clock.moved(timedelta(days=340)):
        assert [c.member.name for c in queries.credential_desk(viewer=vera).due] == [pia.name]


def test_those_who_verify_get_a_letter_that_says_nothing_of_the_person(stage: Stage) -> None:
    services.submit_credential(
        actor=stage.member("nora"), profession="physician", licence_number="77-SECRET",
        issuing_body="Kammer", country="DE",
    )  # fmt: skip
    letters = stage.work()
    assert [letter.to for letter in letters] == ["vera@example.org"]
    assert "Nora" not in letters[0].body
    assert "SECRET" not in letters[0].body


@pytest.mark.parametrize(
    ("country", "number", "fit"),
    [
        ("US", "1234567893", Fit.FITS),  # the example of the CMS paper on the NPI's check digit
        ("US", "NPI 1234567893", Fit.FITS),
        ("US", "1234567890", Fit.MISFITS),
        ("US", "A-12", None),
        ("GB", "1234567", None),
        ("FR", "10000000009", Fit.FITS),
        ("FR", "10000000008", Fit.MISFITS),
    ],
)
def test_a_check_digit_is_a_hint_for_those_who_look(
    country: str, number: str, fit: Fit | None
) -> None:
    found = hint(country=country, number=number)
    assert (found.fit if found else None) is fit


def test_the_password_is_not_guessed_again_from_ever_new_addresses(stage: Stage) -> None:
    amara = stage.member("amara")

    def show(password: str, address: str) -> None:
        services.confirm_password(actor=amara, password=password, address=address)

    for number in range(19):
        with pytest.raises(services.NotRecognised):
            show("not this one", f"203.0.113.{number}")
    show(cast.PASSWORD, "198.51.100.1")
    for number in range(20):
        with pytest.raises(services.NotRecognised):
            show("not this one", f"192.0.2.{number}")
    with pytest.raises(TooMany):
        show(cast.PASSWORD, "198.51.100.2")


# --- administration -------------------------------------------------------------------------------


def test_nobody_changes_their_own_duties_so_the_last_administrator_stays_one(stage: Stage) -> None:
    ada, rosa = stage.member("ada"), stage.member("rosa")
    for duties in ([], [Duty.ADMINISTRATOR, Duty.MEDICAL], list(Duty)):
        with pytest.raises(Forbidden) as refused:
            services.set_duties(actor=ada, member=ada, duties=duties, version=ada.version)
        assert refused.value.code == "oneself"
    services.set_duties(actor=ada, member=rosa, duties=[Duty.ADMINISTRATOR], version=rosa.version)
    stage.commit()
    assert services.set_duties(actor=rosa, member=ada, duties=[], version=ada.version)
    stage.commit()
    assert [holder.id for holder in queries.holders(Duty.ADMINISTRATOR)] == [rosa.id]


def test_a_change_of_duties_is_told_and_recorded(stage: Stage) -> None:
    ada, rosa = stage.member("ada"), stage.member("rosa")
    services.set_duties(actor=ada, member=rosa, duties=[Duty.MEDICAL], version=rosa.version)
    assert [letter.to for letter in stage.work()] == ["rosa@example.org"]
    entry = (
        session()
        .scalars(sa.select(AuditEntry).where(AuditEntry.action == "member.duties_changed"))
        .one()
    )
    assert (entry.actor_id, entry.old, entry.new) == (
        ada.id, {"duties": []}, {"duties": ["medical"]},
    )  # fmt: skip


def another_administrator(stage: Stage) -> Member:
    """Return Cora, who is an administrator beside Ada from now on."""
    cora = stage.member("cora")
    cora.duties = [Duty.ADMINISTRATOR.value]
    stage.commit()
    return cora


def test_the_other_administrators_are_told_who_gave_whom_which_duties_and_when(
    stage: Stage,
) -> None:
    ada, rosa, cora = stage.member("ada"), stage.member("rosa"), another_administrator(stage)
    duties = [Duty.ADMINISTRATOR, Duty.LEGAL]
    moment = datetime(2020, 11, 2, 10, 15, tzinfo=UTC)
    with clock.moved(moment):
        services.set_duties(actor=ada, member=rosa, duties=duties, version=rosa.version)
    told = [letter for letter in stage.work() if "Rosa" in letter.subject]
    assert [letter.to for letter in told] == [cora.email], "not to who did it, nor to Rosa"
    for word in ("Ada Quinn", "Dr Rosa Bianchi", "2 Nov 2020, 10:15", "Given:", "- Legal"):
        assert word in told[0].body
    assert "- Administrator" in told[0].body
    assert "Taken away" not in told[0].body
    services.set_duties(actor=ada, member=rosa, duties=[], version=rosa.version)
    taken = next(letter for letter in stage.work() if letter.to == cora.email)
    assert "Taken away:" in taken.body
    assert "Given" not in taken.body


@pytest.mark.parametrize("by_hand", [True, False])
def test_the_administrators_are_told_of_a_new_member_who_comes_with_a_duty(
    stage: Stage, *, by_hand: bool
) -> None:
    ada, cora = stage.member("ada"), another_administrator(stage)
    for duties in ([Duty.ADMINISTRATOR], []):
        services.create_member(
            actor=ada if by_hand else None, email=f"n{len(duties)}@example.org", name="Nia Vale",
            affiliation=Affiliation.COMPANY, duties=duties, job="MSL",
        )  # fmt: skip
    told = {letter.to: letter.body for letter in stage.work() if "Nia Vale" in letter.subject}
    assert set(told) == ({cora.email} if by_hand else {ada.email, cora.email})
    assert ("Ada Quinn" if by_hand else "the console") in told["cora@example.org"]


def test_who_is_no_administrator_any_more_is_told_no_more(stage: Stage) -> None:
    ada, rosa, cora = stage.member("ada"), stage.member("rosa"), another_administrator(stage)
    services.set_duties(actor=ada, member=rosa, duties=[Duty.LEGAL], version=rosa.version)
    cora.duties = []
    assert [letter.to for letter in stage.work()] == [rosa.email]


def test_a_role_at_the_company_is_set_by_the_administrator_told_and_recorded(
    stage: Stage,
) -> None:
    ada, rosa = stage.member("ada"), stage.member("rosa")
    for actor in (rosa, stage.member("cora")):
        with pytest.raises(NotFound):
            services.set_job(actor=actor, member=rosa, job="Cardiologist", version=rosa.version)
    with pytest.raises(Invalid):
        services.set_job(actor=ada, member=rosa, job="  ", version=rosa.version)
    with pytest.raises(Forbidden):
        services.set_job(actor=ada, member=stage.member("amara"), job="MSL", version=1)
    services.set_job(actor=ada, member=rosa, job=" MSL,  UK ", version=rosa.version)
    assert rosa.job == "MSL, UK"
    assert [letter.to for letter in stage.work()] == ["rosa@example.org"]
    assert actions()[-1] == "member.job_changed"


def test_nobody_works_for_the_company_without_a_role(stage: Stage) -> None:
    with pytest.raises(Invalid) as refused:
        services.create_member(
            actor=None, email="n@example.org", name="Nia", affiliation=Affiliation.COMPANY
        )
    assert refused.value.field == "job"


def test_a_new_name_over_a_checked_licence_is_put_before_those_who_check(stage: Stage) -> None:
    amara = stage.member("amara")
    profile = services.Profile(
        name="Prof Alma Oak", title="", specialty="", institution="", country="GB",
        interests="", time_zone="UTC", language="en",
    )  # fmt: skip
    services.change_profile(actor=amara, profile=profile)
    assert [letter.to for letter in stage.work()] == ["vera@example.org"]
    due = queries.credential_desk(viewer=stage.member("vera")).due
    assert [credential.member.name for credential in due] == ["Prof Alma Oak"]
    assert "Dr Amara Okafor until" in due[0].note
    services.change_profile(actor=amara, profile=profile)
    assert len(stage.work()) == 1


def test_the_administrators_are_told_of_a_new_name_of_staff_and_what_was_signed_keeps_the_old(
    stage: Stage,
) -> None:
    olga = stage.member("olga")
    signature = session().scalars(sa.select(Signature).where(Signature.duty == "medical")).one()
    profile = services.Profile(
        name="Dr  Petra Olgova", title="", specialty="", institution="", country="GB",
        interests="", time_zone="UTC", language="en",
    )  # fmt: skip
    services.change_profile(actor=olga, profile=profile)
    (letter,) = stage.work()
    assert letter.to == stage.member("ada").email
    assert "Dr Olga Petrov" in letter.body
    assert "Dr Petra Olgova" in letter.body
    entry = session().scalars(sa.select(AuditEntry).order_by(AuditEntry.seq.desc())).first()
    assert entry is not None
    assert entry.action == "member.profile_changed"
    assert (entry.old["name"], entry.new["name"]) == ("Dr Olga Petrov", "Dr Petra Olgova")
    session().refresh(signature)
    assert signature.printed_name == "Dr Olga Petrov"
    services.change_profile(actor=olga, profile=replace(profile, title="Consultant"))
    assert len(stage.work()) == 1, "the name is as it was"


def test_a_new_name_of_a_health_professional_is_no_business_of_the_administrators(
    stage: Stage,
) -> None:
    profile = services.Profile(
        name="Dr Amara Bell", title="", specialty="", institution="", country="GB",
        interests="", time_zone="UTC", language="en",
    )  # fmt: skip
    services.change_profile(actor=stage.member("amara"), profile=profile)
    assert stage.member("ada").email not in {letter.to for letter in stage.work()}


def test_of_two_administrators_who_change_one_member_the_second_is_told(stage: Stage) -> None:
    ada, rosa = stage.member("ada"), stage.member("rosa")
    version = rosa.version
    services.set_duties(actor=ada, member=rosa, duties=[Duty.MEDICAL], version=version)
    stage.commit()
    with pytest.raises(Conflict):
        services.close_member(actor=ada, member=rosa, reason="Left.", version=version)


def test_nobody_closes_their_own_access(stage: Stage) -> None:
    ada = stage.member("ada")
    with pytest.raises(Forbidden):
        services.close_member(actor=ada, member=ada, reason="Tired.", version=ada.version)


def test_accents_and_titles_do_not_move_a_name_in_the_list(stage: Stage) -> None:
    wanted = ["Dr Élise Zz1", "Elisf Zz2", "Øyvind Zz3", "Prof. Łukasz Zz0", "Zoë Zz4", "Zof Zz5"]
    for name in reversed(wanted):
        services.create_imported(actor=None, name=name)
    stage.commit()
    found = queries.members(viewer=stage.member("ada"), wanted=queries.MemberFilter(words="Zz"))
    assert [member.name.split()[-1] for member in found.members] == [
        "Zz1", "Zz2", "Zz0", "Zz3", "Zz4", "Zz5",
    ]  # fmt: skip


def test_members_are_listed_by_name_a_page_at_a_time(stage: Stage) -> None:
    for number in range(queries.PAGE + 5):
        services.create_imported(actor=None, name=f"Imported member {number % 7}")
    stage.commit()
    ada, seen, after = stage.member("ada"), [], 0
    while True:
        page = queries.members(viewer=ada, wanted=queries.MemberFilter(after=after))
        seen += page.members
        after = page.next_after
        if not after:
            break
    everybody = session().scalar(sa.select(sa.func.count()).select_from(Member))
    assert len({member.id for member in seen}) == len(seen) == everybody


# --- addresses and names that read as something else --------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        "=?utf-8?q?x=40evil.example=3e=20?=y@b.example",
        "=?utf-8?q?mallory=40evil.example?=@royal-hospital.example",
        "jürgen@b.example",
    ],
)
def test_an_address_that_a_mail_program_reads_as_another_is_none(
    stage: Stage, address: str
) -> None:
    with pytest.raises(Invalid, match="no complete e-mail address"):
        services.create_member(
            actor=None,
            email=address,
            name="Nia Vale",
            affiliation=Affiliation.COMPANY,
            job="Medical Affairs",
        )


@pytest.mark.parametrize(
    "name",
    ["Your access is closed: https://evil.example/", "Alderwick Safety Desk", "www.evil.example"],
)
def test_a_name_is_that_of_a_person(stage: Stage, name: str) -> None:
    amara = stage.member("amara")
    profile = services.Profile(
        name=name, title="", specialty="", institution="", country=amara.country, interests="",
        time_zone=amara.time_zone, language=amara.language,
    )  # fmt: skip
    with pytest.raises(Invalid, match="no person's name"):
        services.change_profile(actor=amara, profile=profile)


def test_two_administrators_do_not_close_each_other(app: Flask, stage: Stage) -> None:
    stage.member("rosa").duties = ["administrator"]
    stage.commit()
    both_look = Barrier(2)

    def closing(who: str, whom: str) -> Callable[[Stage], str]:
        def close(own: Stage) -> str:
            actor, member = own.member(who), own.member(whom)
            both_look.wait()
            services.close_member(
                actor=actor, member=member, reason="Left us.", version=member.version
            )
            own.commit()
            return "closed"

        return close

    answers = at_once(app, closing("ada", "rosa"), closing("rosa", "ada"))
    db.session.rollback()
    assert sorted(answers) == ["closed", "conflict"]
    assert len(queries.holders(Duty.ADMINISTRATOR)) == 1


def test_a_reason_that_nobody_could_read_to_its_end_is_refused(stage: Stage) -> None:
    ada, bruno = stage.member("ada"), stage.member("bruno")
    with pytest.raises(Invalid, match="too long for a reason"):
        services.close_member(actor=ada, member=bruno, reason="x" * 2_001, version=bruno.version)
