"""Which version is in force when, in which language, and who is asked to accept it."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from community.use_policies.library import PolicyLibrary
from community.use_policies.loader import load_use_policies

START = date(2026, 1, 15)


def _front(version: str, language: str, effective: date, extra: str) -> str:
    fields = {
        "id": '"house"',
        "version": f'"{version}"',
        "language": f'"{language}"',
        "title": f'"Rules in {language}"',
        "effective": effective.isoformat(),
        "audience": '["hcp"]',
        "host": '"Alderwick Medical Affairs"',
        "changes": '["Something."]',
        "asks_again": "true",
    }
    given = dict(line.split(" = ") for line in extra.splitlines())
    return "".join(f"{name} = {value}\n" for name, value in (fields | given).items())


class Shelf:
    """A folder of policy files that a test fills, one version every 100 days."""

    def __init__(self, root: Path) -> None:
        self.root = root / "use"
        self.root.mkdir()

    def put(self, number: int, *languages: str, extra: str = "") -> None:
        """Write version 2026-0<number> in these languages, with more front matter lines."""
        (self.root / "house").mkdir(exist_ok=True)
        for language in languages:
            version, day = f"2026-0{number}", self.day(number)
            front = _front(version, language, day, extra)
            text = "\n## In short\n\n1. Be kind.\n\n## 1. All\n\nBe kind.\n"
            path = self.root / "house" / f"{version}.{language}.md"
            path.write_text(f"+++\n{front}+++\n{text}", encoding="utf-8")

    def library(self) -> PolicyLibrary:
        """Read what was put."""
        return load_use_policies(self.root)

    @staticmethod
    def day(number: int) -> date:
        """On this day version 2026-0<number> comes into force."""
        return START + timedelta(days=100 * (number - 1))


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path)


def _version_in_force(shelf: Shelf, on: date, audience: str | None = None) -> str | None:
    found = shelf.library().in_force("house", on=on, audience=audience)
    return found.version if found else None


def test_a_version_comes_into_force_on_its_day(shelf: Shelf) -> None:
    shelf.put(1, "en")
    shelf.put(2, "en")
    assert _version_in_force(shelf, shelf.day(1) - timedelta(days=1)) is None
    assert _version_in_force(shelf, shelf.day(1)) == "2026-01"
    assert _version_in_force(shelf, shelf.day(2) - timedelta(days=1)) == "2026-01"
    assert _version_in_force(shelf, shelf.day(2)) == "2026-02"


def test_a_policy_is_in_force_for_its_audience_alone(shelf: Shelf) -> None:
    shelf.put(1, "en")
    assert _version_in_force(shelf, START, "hcp") == "2026-01"
    assert _version_in_force(shelf, START, "company") is None
    assert shelf.library().all_in_force(on=START, audience="company") == ()


def test_nothing_is_in_force_for_an_unknown_id(shelf: Shelf) -> None:
    library = shelf.library()
    assert library.in_force("house", on=START) is None
    assert library.versions("house") == ()


def test_a_version_waits_until_every_language_of_the_one_before_is_there(shelf: Shelf) -> None:
    shelf.put(1, "en", "de")
    shelf.put(2, "en")
    assert _version_in_force(shelf, shelf.day(2)) == "2026-01"
    (problem,) = shelf.library().problems()
    assert problem == (
        "house 2026-02 cannot come into force: its text is missing in de. "
        "Until it is there, 2026-01 stays in force."
    )
    shelf.put(2, "de")
    assert _version_in_force(shelf, shelf.day(2)) == "2026-02"
    assert shelf.library().problems() == ()


def test_a_version_that_never_came_into_force_does_not_lower_the_bar(shelf: Shelf) -> None:
    shelf.put(1, "en", "de")
    shelf.put(2, "en")
    shelf.put(3, "en")
    assert _version_in_force(shelf, shelf.day(3)) == "2026-01"
    assert len(shelf.library().problems()) == 2


def test_a_version_may_add_a_language(shelf: Shelf) -> None:
    shelf.put(1, "en")
    shelf.put(2, "en", "fr")
    found = shelf.library().in_force("house", on=shelf.day(2))
    assert found is not None
    assert found.languages == ("en", "fr")


@pytest.mark.parametrize(
    ("there", "asked", "given"),
    [
        (("en", "de"), "de", "de"),
        (("en", "de"), "de-AT", "de"),
        (("en", "de"), "de_CH", "de"),
        (("en", "de"), "fr", "en"),
        (("de", "fr"), "es", "de"),
        (("de",), "", "de"),
    ],
)
def test_a_text_falls_back_to_the_nearest_language(
    shelf: Shelf, there: tuple[str, ...], asked: str, given: str
) -> None:
    shelf.put(1, *there)
    assert shelf.library().text("house", "2026-01", asked).language == given


@pytest.mark.parametrize(("id", "version"), [("house", "2026-09"), ("garden", "2026-01")])
def test_a_version_that_is_not_there_is_an_error(shelf: Shelf, id: str, version: str) -> None:
    shelf.put(1, "en")
    with pytest.raises(KeyError):
        shelf.library().text(id, version, "en")


def test_old_versions_stay_readable(shelf: Shelf) -> None:
    shelf.put(1, "en")
    shelf.put(2, "en")
    versions = [version.version for version in shelf.library().versions("house")]
    assert versions == ["2026-01", "2026-02"]


def _asked(shelf: Shelf, accepted: str | None, on: date) -> tuple[str, bool] | None:
    found = shelf.library().asking("house", accepted=accepted, on=on, audience="hcp")
    return (found.version.version, found.blocks) if found else None


def test_a_newcomer_is_asked_before_anything_else(shelf: Shelf) -> None:
    shelf.put(1, "en", extra="grace_days = 30\nasks_again = false")
    assert _asked(shelf, None, START) == ("2026-01", True)


def test_who_accepted_the_version_in_force_is_not_asked(shelf: Shelf) -> None:
    shelf.put(1, "en")
    assert _asked(shelf, "2026-01", START) is None


def test_a_new_version_asks_again_and_blocks(shelf: Shelf) -> None:
    shelf.put(1, "en")
    shelf.put(2, "en")
    assert _asked(shelf, "2026-01", shelf.day(2) - timedelta(days=1)) is None
    assert _asked(shelf, "2026-01", shelf.day(2)) == ("2026-02", True)


def test_during_the_grace_period_one_is_asked_and_may_go_on(shelf: Shelf) -> None:
    shelf.put(1, "en")
    shelf.put(2, "en", extra="grace_days = 14")
    last_day = shelf.day(2) + timedelta(days=13)
    assert _asked(shelf, "2026-01", shelf.day(2)) == ("2026-02", False)
    assert _asked(shelf, "2026-01", last_day) == ("2026-02", False)
    assert _asked(shelf, "2026-01", last_day + timedelta(days=1)) == ("2026-02", True)


def test_a_version_that_does_not_ask_again_asks_nobody_who_accepted_before(shelf: Shelf) -> None:
    shelf.put(1, "en")
    shelf.put(2, "en", extra="asks_again = false")
    assert _asked(shelf, "2026-01", shelf.day(2)) is None
    assert _asked(shelf, None, shelf.day(2)) == ("2026-02", True)


def test_a_silent_version_does_not_hide_that_one_before_it_asked(shelf: Shelf) -> None:
    shelf.put(1, "en")
    shelf.put(2, "en")
    shelf.put(3, "en", extra="asks_again = false")
    assert _asked(shelf, "2026-01", shelf.day(3)) == ("2026-03", True)


def test_a_later_grace_period_does_not_lengthen_an_earlier_one(shelf: Shelf) -> None:
    shelf.put(1, "en")
    shelf.put(2, "en", extra="grace_days = 90")
    shelf.put(3, "en", extra="grace_days = 90")
    assert _asked(shelf, "2026-01", shelf.day(3)) == ("2026-03", True)
    assert _asked(shelf, "2026-02", shelf.day(3)) == ("2026-03", False)


def test_an_acceptance_of_an_unknown_version_counts_as_none(shelf: Shelf) -> None:
    shelf.put(1, "en", extra="grace_days = 30")
    assert _asked(shelf, "2019-01", START) == ("2026-01", True)


def test_nobody_is_asked_for_a_version_that_lacks_a_language(shelf: Shelf) -> None:
    shelf.put(1, "en", "de")
    shelf.put(2, "en")
    assert _asked(shelf, "2026-01", shelf.day(2)) is None
