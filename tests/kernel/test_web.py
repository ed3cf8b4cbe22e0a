"""What every answer carries, whatever went wrong, and numbers that are none."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable

import pytest
from flask import Flask

from community.kernel import paths
from community.kernel.input import clean, find_number
from community.kernel.web import public
from tests.stage import Stage, Visitor

Visit = Callable[[str | None], Visitor]


def test_a_static_file_with_its_fingerprint_may_be_kept_for_ever(visit: Visit) -> None:
    answer = visit(None).get("/static/css/base.css?v=1")
    answer.close()

    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_a_page_in_the_place_of_a_static_file_is_never_kept(visit: Visit) -> None:
    """The error page names its reader, and a cache in between would show it to others."""
    answer = visit("amara").get("/static/css/none.css?v=1")

    assert answer.status_code == 404
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Content-Security-Policy" in answer.headers


@pytest.mark.parametrize("path", ["/sign-in", "/sign-in?next=/spaces/cardiology"])
def test_another_name_of_this_machine_leads_to_the_one_that_links_have(
    visit: Visit, path: str
) -> None:
    page = {"Accept": "text/html"}
    answer = visit(None).get(path, base_url="http://127.0.0.1", headers=page)
    assert (answer.status_code, answer.location) == (307, f"http://localhost{path}")
    for stays in (
        visit(None).get(path, headers=page),
        visit(None).get(path, base_url="http://roundtable.example", headers=page),
        visit(None).get("/healthz", base_url="http://127.0.0.1"),
    ):
        assert stays.status_code == 200


@pytest.mark.parametrize("came_from", ["http://[::1", "http://localhost:x/", "//[", "?"])
def test_a_browser_that_comes_from_no_address_gets_its_page_all_the_same(
    visit: Visit, came_from: str
) -> None:
    for visitor, path in ((visit(None), "/no/such/page"), (visit("ada"), "/spaces/new")):
        answer = visitor.post(path, headers={"Referer": came_from})
        assert answer.status_code < 500, answer.status_code


@pytest.mark.parametrize("text", ["", "²", "٣", "-1", "+1", "1_0", " 1", "1.5", "9" * 19, "1\n"])
def test_what_is_no_number_is_none(text: str) -> None:
    assert find_number(text) is None


def test_a_whole_number_is_read() -> None:
    assert find_number("17") == 17
    assert find_number("9" * 18) == 10**18 - 1


@pytest.mark.parametrize("number", ["²", "-" + "9" * 30, "9" * 30, "1." + "9" * 30])
@pytest.mark.parametrize(
    ("who", "address", "status"),
    [
        ("amara", "/spaces/cardiology?before={}", 404),
        ("amara", "/spaces/cardiology?after={}", 404),
        ("amara", "/spaces/cardiology/stream?after={}", 422),
        ("amara", "/drafts?place=space:{}", 404),
        ("paul", "/audit?space={0}&before={0}", 200),
        ("ada", "/members?after={}", 200),
    ],
)
def test_an_address_with_a_number_that_is_none_gets_a_clear_answer(
    visit: Visit, number: str, who: str, address: str, status: int
) -> None:
    assert visit(who).get(address.format(number)).status_code == status


def test_a_line_of_the_log_is_never_two(
    app: Flask, visit: Visit, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    @public
    def break_down(**_values: str) -> None:
        raise RuntimeError

    monkeypatch.setitem(app.view_functions, "use_policies.text", break_down)
    with caplog.at_level(logging.ERROR):
        answer = visit(None).get("/use-policies/a%0Aforged/1/en")

    assert answer.status_code == 500
    assert "\n" not in caplog.messages[-1]


def test_a_refused_deed_is_told_to_the_log_and_what_it_was_about_is_not(
    visit: Visit, stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    ada = visit("ada")
    with caplog.at_level(logging.WARNING):
        refused = ada.post(f"/members/{stage.member('ada').id}/sign-out")
    assert refused.status_code == 403
    assert caplog.messages == ["refused: oneself"]


def test_a_static_file_can_not_be_framed_nor_run_as_a_page(visit: Visit) -> None:
    answer = visit(None).get("/static/js/app.js")
    answer.close()
    policy = answer.headers["Content-Security-Policy"]
    assert policy == "default-src 'none'; frame-ancestors 'none'"


@pytest.mark.parametrize("body", [b"[" * 50_000, b"{", b"\xff", b"null", b'"text"', b"1" * 9_000])
@pytest.mark.parametrize("address", ["/sign-in", "/drafts", "/threads/987/posts"])
def test_json_that_says_nothing_gets_a_clear_answer(
    visit: Visit, address: str, body: bytes
) -> None:
    amara = visit("amara")
    headers = {"X-CSRFToken": amara.token, "Accept": "application/json"}

    answer = amara.client.post(address, data=body, content_type="application/json", headers=headers)

    assert 400 <= answer.status_code < 500
    assert answer.get_json()["message"]


def test_what_cannot_be_seen_is_taken_out_of_what_people_send() -> None:
    assert clean("Dr\x00 Ada\u202e\u2067\u2069 \ud800Quinn\x07") == "Dr\ufffd Ada \ufffdQuinn"
    assert clean("one\r\ntwo\rthree\tfour \u05d0\u200f") == "one\ntwo\nthree\tfour \u05d0\u200f"


def test_no_module_imports_what_a_page_loads_by_its_fingerprint() -> None:
    """By two addresses it would be two modules: two clocks, and every listener twice."""
    pages = "".join(path.read_text("utf-8") for path in paths.TEMPLATES.rglob("*.html"))
    loaded = set(re.findall(r"asset\('(js/[\w/.]+)'\)", pages))
    folder = paths.STATIC
    imported = {
        (module.parent / name).resolve().relative_to(folder.resolve()).as_posix()
        for module in (folder / "js").rglob("*.js")
        for name in re.findall(r"""(?:from|import|import\()\s*["'](\.[^"']+)["']""",
                               module.read_text("utf-8"))
    }  # fmt: skip
    assert loaded
    assert imported
    assert not loaded & imported
