"""The pages about guardrails, as a browser without script sees them."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from community.guardrails import queries, services
from tests import cast
from tests.guardrails.test_services import SIGNERS, add
from tests.stage import Stage, Visitor

Visit = Callable[[str | None], Visitor]


@pytest.fixture
def waiting(stage: Stage) -> str:
    """The path of a set that nobody has signed."""
    return f"/guardrails/{add(stage).id}"


def in_force(stage: Stage) -> str:
    version = queries.find_set_in_force()
    assert version is not None
    return f"/guardrails/{version.id}"


def form(**more: str) -> dict[str, str]:
    values = {
        "duty": "medical",
        "printed_name": "Dr Olga Petrov",
        "password": cast.PASSWORD,
        "meaning": "y",
    }
    return values | more


def test_staff_see_which_set_holds_and_which_waits_for_whom(visit: Visit, waiting: str) -> None:
    page = visit("rosa").get("/guardrails/").text
    assert page.index("Waits for signatures") < page.index("In force</span>")
    assert "Still to sign: Medical, Legal, Regulatory, Safety." in page


def test_a_set_is_read_in_plain_words_with_its_signatures(visit: Visit, stage: Stage) -> None:
    page = visit("rosa").get(in_force(stage)).text
    assert "Nothing here is off the record." in page
    assert "Everything in a room is kept and may be inspected" in page
    assert "Say only what you would sign." in page
    for name in ("Dr Olga Petrov", "Paul Maddern", "Dora Klein", "Dr Safi Rahman"):
        assert name in page
    assert page.count(services.MEANING) == 4
    assert page.count("(Europe/London)</time>") == 4


def test_the_rest_of_the_rules_stands_last(visit: Visit) -> None:
    page = visit("cora").get("/guardrails/1").text
    kinds = re.findall(r'href="#kind-(\w+)"', page)
    assert "other" in kinds
    assert kinds[-1] == "other"


@pytest.mark.parametrize("who", ["amara", "mika"])
@pytest.mark.parametrize("path", ["/guardrails/", "/guardrails/1", "/guardrails/1/sign"])
def test_health_professionals_find_nothing(visit: Visit, who: str, path: str) -> None:
    assert visit(who).get(path).status_code == 404


def test_strangers_are_sent_to_the_door(visit: Visit) -> None:
    assert visit(None).get("/guardrails/1").location.startswith("/sign-in")


def test_the_signed_files_are_handed_out_as_they_are(visit: Visit, stage: Stage) -> None:
    version = queries.find_set_in_force()
    assert version is not None
    answer = visit("rosa").get(f"{in_force(stage)}/files/standard.toml")
    assert answer.data.decode() == version.source
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert visit("rosa").get(f"{in_force(stage)}/files/..%2Fx").status_code == 404
    assert visit("rosa").get(f"{in_force(stage)}/files/other").status_code == 404


def test_only_who_may_sign_is_offered_it(visit: Visit, waiting: str) -> None:
    assert f"{waiting}/sign" in visit("olga").get(waiting).text
    assert f"{waiting}/sign" not in visit("rosa").get(waiting).text
    assert visit("rosa").get(f"{waiting}/sign").status_code == 403
    assert visit("rosa").post(f"{waiting}/sign", form()).status_code == 403


def test_four_signatures_bring_a_set_into_force(visit: Visit, waiting: str) -> None:
    for duty, who in SIGNERS.items():
        name = cast.CAST[who].name
        answer = visit(who).post(f"{waiting}/sign", form(duty=duty, printed_name=name))
        assert (answer.status_code, answer.location) == (303, waiting)
    page = visit("rosa").get(waiting).text
    assert "In force</span>" in page
    assert "has not signed yet" not in page


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"password": "not this one at all"}, "That is not your password."),
        ({"password": ""}, "be empty."),
        ({"printed_name": "Dr Olga"}, "Print your name as it stands here: Dr Olga Petrov."),
        ({"meaning": ""}, "Tick the box first"),
        ({"duty": "legal"}, "Choose one of the list."),
    ],
)
def test_a_signature_that_is_not_whole_is_refused_and_keeps_the_words(
    visit: Visit, waiting: str, change: dict[str, str], said: str
) -> None:
    values = {name: value for name, value in form(**change).items() if value}
    answer = visit("olga").post(f"{waiting}/sign", values)
    assert answer.status_code == 422
    assert said in answer.text
    assert values["printed_name"] in answer.text
    assert cast.PASSWORD not in answer.text
    assert "Dr Olga Petrov</b>" not in visit("rosa").get(waiting).text


def test_tries_to_sign_are_slowed_down_and_told_how_long(visit: Visit, waiting: str) -> None:
    visitor = visit("olga")
    for _ in range(5):
        visitor.post(f"{waiting}/sign", form(password="not this one at all"))
    answer = visitor.post(f"{waiting}/sign", form())
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 60
    assert "Dr Olga Petrov" in answer.text


def test_one_without_a_password_is_told_to_set_one(
    visit: Visit, stage: Stage, waiting: str
) -> None:
    stage.member("olga").password_hash = ""
    stage.commit()
    page = visit("olga").get(f"{waiting}/sign").text
    assert "/profile/security" in page
    assert 'name="password"' not in page


def test_a_second_signature_for_a_duty_is_refused(visit: Visit, waiting: str) -> None:
    visitor = visit("olga")
    assert visitor.post(f"{waiting}/sign", form()).status_code == 303
    answer = visitor.post(f"{waiting}/sign", form())
    assert answer.status_code == 403


@pytest.mark.parametrize("path", ["/guardrails/0", "/guardrails/999999", f"/guardrails/{2**70}"])
def test_what_is_not_there_is_not_found(visit: Visit, path: str) -> None:
    for ending in ("", "/sign", "/files/standard.toml"):
        assert visit("rosa").get(path + ending).status_code == 404
