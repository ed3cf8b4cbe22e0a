"""The first page, the state for machines, and the mailbox for trying out."""

from __future__ import annotations

import csv
import dataclasses
import hashlib
import io
import json
import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs

import pytest
import sqlalchemy as sa

from community import create_app
from community.audit.models import AuditEntry
from community.config import Settings
from community.guardrails import services as guardrails
from community.home.record_words import DEEDS
from community.kernel import clock, paths
from community.kernel.db import db
from community.members import queries as members
from tests.guardrails.drafting import begin, short_set
from tests.guardrails.test_services import NOW, sign
from tests.guardrails.test_services_drafts import make_new
from tests.insights.drawn import draw_reply
from tests.stage import Stage, Visitor, asks_who_one_is
from tests.threads.said import ROUTED

Visit = Callable[[str | None], Visitor]


def test_health_and_readiness_are_told_to_anyone(visit: Visit) -> None:
    stranger = visit(None)
    assert stranger.get("/healthz").get_json() == {"ok": True}
    ready = stranger.get("/readyz")
    assert ready.status_code == 200
    assert ready.get_json()["migrations"] is True


def test_a_database_without_its_migrations_is_alive_but_not_ready(
    settings: Settings, tmp_path: Path
) -> None:
    empty = dataclasses.replace(settings, database_url=f"sqlite:///{tmp_path / 'empty.sqlite3'}")
    app = create_app(empty)
    client = app.test_client()
    assert client.get("/healthz").status_code == 200
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.get_json()["migrations"] is False
    with app.app_context():
        db.engine.dispose()


@pytest.mark.parametrize("path", ["/dev/mail", "/dev/look"])
def test_the_mailbox_is_there_in_development_only(
    settings: Settings, visit: Visit, path: str
) -> None:
    assert visit(None).get(path).status_code == 200
    app = create_app(dataclasses.replace(settings, mode="production"))
    assert app.test_client().get(path).status_code == 404
    with app.app_context():
        db.engine.dispose()


def test_the_mailbox_shows_letters_and_no_clinical_text(stage: Stage, visit: Visit) -> None:
    stage.reply("amara", stage.start("amara"), ROUTED)
    stage.work()
    page = visit(None).get("/dev/mail").text
    assert "safi@example.org" in page
    assert "pregnant" not in page


def test_the_first_page_shows_ones_own_spaces_with_what_is_new(stage: Stage, visit: Visit) -> None:
    stage.start("amara", title="Pressure of 95")
    assert "Pressure of 95" in visit("bruno").get("/").text
    page = visit("ines").get("/").text
    assert "Pressure of 95" not in page
    assert "Cardiology" not in page
    assert "Neurology" in page


@pytest.mark.parametrize(
    ("who", "places"),
    [("ada", ("/members", "/status", "/guardrails/")), ("vera", ("/credentials",)),
     ("paul", ("/reviews/", "/audit"))],
)  # fmt: skip
def test_whoever_has_duties_and_no_space_finds_the_work_on_the_first_page(
    visit: Visit, who: str, places: tuple[str, ...]
) -> None:
    page = visit(who).get("/").text
    work = page[page.index('aria-label="Your work"'):]  # fmt: skip
    for place in places:
        assert f'<a href="{place}"' in work[: work.index("</nav>")]


def test_the_administrator_reads_first_what_wants_them(stage: Stage, visit: Visit) -> None:
    page = visit("ada").get("/").text
    assert "is past its deadline" not in page
    assert "Nobody holds the duty" not in page
    stage.reply("bruno", stage.start("amara"), ROUTED)
    stage.member("safi").duties = []
    stage.commit()
    with clock.moved(clock.now() + timedelta(days=30)):
        page = visit("ada").get("/").text
    assert "past its deadline" in page
    assert "Nobody holds the duty: Safety, " in page
    assert "past its deadline" not in visit("paul").get("/").text


def test_a_credential_that_waits_is_told_to_whoever_checks_it(stage: Stage, visit: Visit) -> None:
    said = "1 credential waits to be checked."
    for path in ("/", "/reviews/"):
        assert said in visit("vera").get(path).text
        assert said not in visit("ada").get(path).text
        assert said not in visit("paul").get(path).text


def test_checking_credentials_falls_to_compliance_and_then_to_the_administrator(
    stage: Stage, visit: Visit
) -> None:
    for duty_of, who_then in (("vera", "paul"), ("paul", "ada")):
        assert visit(who_then).get("/credentials").status_code == 404
        stage.member(duty_of).duties = []
        stage.commit()
        assert visit(who_then).get("/credentials").status_code == 200
        assert "1 credential waits" in visit(who_then).get("/").text
        assert [each.name for each in members.those_who_check_credentials()] == [
            stage.member(who_then).name
        ]


def test_the_first_page_says_what_waits_for_ones_duties(stage: Stage, visit: Visit) -> None:
    with clock.moved(NOW):
        short_set(stage)
        draft = begin(stage)
        make_new(stage, draft)
        version = guardrails.offer_draft(actor=stage.member("cora"), draft=draft)
        stage.commit()
        stage.ask_in_private("amara", stage.reply("bruno", stage.start("amara")))
        draw_reply(stage)
        pages = {who: visit(who).get("/").text for who in ("olga", "dora", "paul", "rosa")}
        for who in ("olga", "dora", "paul"):
            assert f"{version.name} {version.version} waits for your signature" in pages[who]
        assert "1 inquiry waits for an answer." in pages["dora"]
        assert "1 inquiry waits" not in pages["olga"]
        for who in ("olga", "paul"):
            assert "drawn for a second reading" in pages[who]
        for words in ("waits for your signature", "inquiry waits", "drawn for a second reading"):
            assert words not in pages["rosa"]
        sign(stage, version, "medical")
        assert "waits for your signature" not in visit("olga").get("/").text


def test_one_who_was_removed_reads_that_and_why(visit: Visit) -> None:
    page = visit("gone").get("/").text
    assert "Cardiology" in page


def test_the_record_is_shown_and_filtered_for_compliance(stage: Stage, visit: Visit) -> None:
    stage.start("amara")
    paul = visit("paul")
    assert "thread.started" in paul.get("/audit").text
    page = paul.get("/audit?action=post.&actor=amara").text
    rows = page.partition("<tbody>")[2]
    assert "Published a post" in rows
    assert "Started a thread" not in rows


@pytest.mark.parametrize(
    "query",
    [
        "since=yesterday", "until=9999-12-31", "since=0001-01-01", "space=-1", "space=9" * 30,
        "before=x", "before=999999999999999999", "subject=%25%27", "action=%5C", "actor=_",
        "subject=post%20" + "9" * 60,
    ],
)  # fmt: skip
def test_a_filter_that_makes_no_sense_breaks_nothing(visit: Visit, query: str) -> None:
    assert visit("paul").get(f"/audit?{query}").status_code == 200


def test_the_record_speaks_in_words_and_says_nothing_where_there_is_nothing(
    stage: Stage, visit: Visit
) -> None:
    stage.reply("amara", stage.start("amara"), ROUTED)
    page = visit("paul").get("/audit").text
    assert "None</dd>" not in page
    assert ">post.published</option>" not in page
    assert '<option value="post.published">Published a post</option>' in page


def test_each_deed_that_the_program_records_has_its_words() -> None:
    kinds = "|".join(sorted({code.partition(".")[0] for code in DEEDS}))
    code = re.compile(rf'"((?:{kinds})\.[a-z_]+)"')
    written = {
        found
        for path in paths.PACKAGE.rglob("*.py")
        if "models" not in path.parts and path.name != "record_words.py"
        for found in code.findall(path.read_text(encoding="utf-8"))
        if not found.endswith(".id")
    }
    assert len(written) > 80
    assert written - set(DEEDS) == set()


def test_walking_the_chain_is_itself_in_the_record(stage: Stage, visit: Visit) -> None:
    paul = visit("paul")
    answer = paul.post("/audit/verify", follow_redirects=True)
    assert "The chain holds" in answer.text
    db.session.rollback()
    last = db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.seq.desc())).first()
    assert last is not None
    assert (last.action, last.actor_name) == ("audit.verified", "Paul Maddern")


def test_the_record_is_taken_as_a_file_that_can_be_checked_without_us(
    stage: Stage, visit: Visit
) -> None:
    stage.start("amara", "Two, says Zoë")
    stage.commit()
    paul = visit("paul")
    told = [json.loads(line) for line in paul.post("/audit/entries.jsonl").text.splitlines()]
    assert [each["action"] for each in told[-2:]] == ["thread.started", "post.published"]
    last = "0" * 64
    for entry in told:
        found = entry.pop("hash")
        assert entry["previous_hash"] == last
        canonical = json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        assert hashlib.sha256(canonical.encode()).hexdigest() == found
        last = found

    answer = paul.post("/audit/entries.csv?action=thread.&before=2")
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=record-")
    (row,) = csv.DictReader(io.StringIO(answer.text))
    assert (row["code"], row["what"]) == ("thread.started", DEEDS["thread.started"])
    db.session.rollback()
    entry = db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.seq.desc())).first()
    assert entry is not None
    assert (entry.action, entry.actor_name) == ("audit.taken", "Paul Maddern")
    assert entry.new == {"entries": 1, "filter": "action=thread.&before=2"}


def test_whoever_takes_the_record_shows_once_more_who_they_are(stage: Stage, visit: Visit) -> None:
    with clock.moved(clock.now()):
        paul, amara = visit("paul"), visit("amara")
    with clock.moved(clock.now() + timedelta(minutes=20)):
        asked = paul.post("/audit/entries.csv?actor=amara")
        assert asks_who_one_is(asked)
        assert amara.post("/audit/entries.csv").status_code == 404


def test_too_long_a_record_is_refused_with_a_way_out(
    stage: Stage, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("community.home.views.proof.LARGEST_FILE", 1)
    stage.start("amara")
    stage.start("amara")
    stage.commit()
    answer = visit("paul").post("/audit/entries.csv")
    assert answer.status_code == 422
    assert "Choose a shorter time" in unescape(answer.text)


@pytest.mark.parametrize(
    ("who", "path"),
    [(None, "/sign-in"), (None, "/use-policies/"), (None, "/side-effects"), (None, "/no/such/page"),
     ("pia", "/waiting"), ("nora", "/use-policies/accept"), ("rex", "/closed"), ("amara", "/")],
)  # fmt: skip
def test_how_to_report_a_side_effect_is_linked_from_every_page(
    visit: Visit, who: str | None, path: str
) -> None:
    page = visit(who).client.get(path, follow_redirects=True).text
    assert 'href="/side-effects"' in page


@pytest.mark.parametrize("who", [None, "pia", "nora", "rex", "amara"])
def test_anybody_reads_how_to_report_a_side_effect(visit: Visit, who: str | None) -> None:
    answer = visit(who).get("/side-effects")
    assert answer.status_code == 200
    assert "mailto:safi@example.org" in answer.text
    assert ("Dr Safi Rahman" in answer.text) == (who is not None)


def test_the_page_on_side_effects_names_the_four_things_and_begins_the_letter_with_them(
    visit: Visit,
) -> None:
    page = visit(None).get("/side-effects").text
    for thing in ("Who you are", "A patient", "A medicine", "What happened"):
        assert f"<b>{thing}</b>" in page
    letter = re.search(r'href="mailto:safi@example.org\?([^"]+)"', page)
    assert letter is not None
    written = parse_qs(unescape(letter[1]))
    assert written["subject"] == ["A side effect"]
    assert len(written["body"][0].split("\r\n\r\n")) == 4


def test_agencies_are_linked_as_the_product_files_name_them_the_reader_s_own_first(
    stage: Stage, visit: Visit
) -> None:
    stage.member("amara").country = "GB"
    stage.commit()
    page = visit("amara").get("/side-effects").text
    assert 'href="https://yellowcard.mhra.gov.uk"' in page
    assert 'href="https://www.fda.gov/medwatch"' in page
    assert page.index("United Kingdom</dt>") < page.index("France</dt>")
    stranger = visit(None).get("/side-effects").text
    assert stranger.index("France</dt>") < stranger.index("United Kingdom</dt>")


def test_the_page_on_side_effects_leads_back_to_where_one_was(visit: Visit) -> None:
    def back(referrer: str) -> str:
        page = visit("amara").client.get("/side-effects", headers={"Referer": referrer}).text
        found = re.search(r'<p class="over"><a href="([^"]+)"', page)
        assert found is not None
        return found[1]

    assert back("http://localhost/spaces/cardiology?before=3") == "/spaces/cardiology?before=3"
    assert back("http://localhost/side-effects") == "/"
    assert back("https://elsewhere.example/spaces/cardiology") == "/"
    assert back("http://localhost//elsewhere.example/a") == "/"
    assert back("http://[::1") == "/"


@pytest.mark.parametrize("path", ["/side-effects", "/use-policies/"])
def test_pages_open_to_all_still_show_members_their_spaces_and_others_none(
    visit: Visit, path: str
) -> None:
    assert 'href="/spaces/cardiology"' in visit("amara").get(path).text
    for who in (None, "pia", "nora", "rex"):
        assert 'href="/spaces/cardiology"' not in visit(who).get(path).text
