"""Reading policy files, and what is wrong with them by file and field."""

import hashlib
from datetime import date
from pathlib import Path

import pytest

from community.use_policies.loader import (
    PolicyFileError,
    load_use_policies,
    parse_use_policy,
    read_use_policy,
)

FRONT = """+++
id = "house"
version = "2026-01"
language = "en"
title = "The rules of the house"
effective = 2026-01-15
audience = ["hcp"]
host = "Alderwick Medical Affairs"
changes = ["This is the first version."]
asks_again = true
+++
"""
TEXT = """
## In short

1. Be kind to
   each other.
2. Say **who** you are.

## 1. All of it

Be kind.
"""
GERMAN = FRONT.replace('language = "en"', 'language = "de"')


def _write(root: Path, place: str, text: str = FRONT + TEXT) -> Path:
    path = root / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode())
    return path


def test_a_file_gives_its_front_matter_summary_and_body(tmp_path: Path) -> None:
    policy = read_use_policy(_write(tmp_path, "house/2026-01.en.md"))
    assert (policy.id, policy.version, policy.language) == ("house", "2026-01", "en")
    assert policy.effective == date(2026, 1, 15)
    assert policy.audience == ("hcp",)
    assert policy.summary == ("Be kind to each other.", "Say who you are.")
    assert policy.summary_heading == "In short"
    assert policy.body == "## 1. All of it\n\nBe kind.\n"
    assert policy.grace_days == 0
    assert policy.replaces is None


def test_the_hash_is_that_of_the_exact_file(tmp_path: Path) -> None:
    path = _write(tmp_path, "house/2026-01.en.md")
    policy = read_use_policy(path)
    assert policy.exact.encode() == path.read_bytes()
    assert policy.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_windows_line_ends_do_not_change_the_hash(tmp_path: Path) -> None:
    plain = read_use_policy(_write(tmp_path, "house/2026-01.en.md"))
    windows = (FRONT + TEXT).replace("\n", "\r\n")
    assert read_use_policy(_write(tmp_path, "b/house/2026-01.en.md", windows)) == plain


def test_a_stored_text_can_be_read_again_without_its_file(tmp_path: Path) -> None:
    policy = read_use_policy(_write(tmp_path, "house/2026-01.en.md"))
    assert parse_use_policy(policy.exact, name="stored") == policy


def test_summary_and_body_together_are_the_whole_text() -> None:
    policy = parse_use_policy(FRONT + TEXT, name="house")
    assert policy.markdown == (
        "## In short\n\n1. Be kind to each other.\n2. Say who you are.\n\n"
        "## 1. All of it\n\nBe kind.\n"
    )


@pytest.mark.parametrize(
    ("wrong", "right", "field", "why"),
    [
        ('title = ""', 'title = "The rules of the house"', "title", "empty"),
        ("", 'host = "Alderwick Medical Affairs"\n', "host", "missing"),
        ('effective = "2026-01-15"', "effective = 2026-01-15", "effective", "a date"),
        ("effective = 2026-01-15T10:00:00Z", "effective = 2026-01-15", "effective", "a date"),
        ("effective = 2026-13-15", "effective = 2026-01-15", "front matter", "not TOML"),
        ('audience = "hcp"', 'audience = ["hcp"]', "audience", "a list"),
        ("audience = []", 'audience = ["hcp"]', "audience", "a list"),
        ('audience = ["doctors"]', 'audience = ["hcp"]', "audience", '"doctors" is none of hcp'),
        ('changes = ["", "b"]', 'changes = ["This is the first version."]', "changes", "empty"),
        ('asks_again = "yes"', "asks_again = true", "asks_again", "true or false"),
        ("asks_again = 1", "asks_again = true", "asks_again", "true or false"),
        ("asks_again = true\ngrace_day = 3", "asks_again = true", "grace_day", "no such field"),
        ("asks_again = true\ngrace_days = -1", "asks_again = true", "grace_days", "from 0 to 90"),
        ("asks_again = true\ngrace_days = 1.5", "asks_again = true", "grace_days", "whole number"),
        ('asks_again = true\nreplaces = ""', "asks_again = true", "replaces", "empty"),
        ('id = "house', 'id = "house"', "front matter", "not TOML"),
        ('id = "home"', 'id = "house"', "id", 'it says "home"'),
        ('version = "2026-02"', 'version = "2026-01"', "version", 'it says "2026-02"'),
        ('language = "de"', 'language = "en"', "language", 'it says "de"'),
    ],
)
def test_a_wrong_field_is_named(
    tmp_path: Path, wrong: str, right: str, field: str, why: str
) -> None:
    assert right in FRONT
    path = _write(tmp_path, "house/2026-01.en.md", FRONT.replace(right, wrong) + TEXT)
    with pytest.raises(PolicyFileError) as refused:
        read_use_policy(path)
    assert (refused.value.file, refused.value.field) == ("house/2026-01.en.md", field)
    assert why in refused.value.why
    assert str(refused.value).startswith(f"house/2026-01.en.md, {field}: ")


@pytest.mark.parametrize(
    ("text", "field", "why"),
    [
        ("", "front matter", "must stand first"),
        ("Hello.\n" + FRONT + TEXT, "front matter", "must stand first"),
        (FRONT.removesuffix("+++\n") + TEXT, "front matter", "must stand first"),
        (FRONT, "summary", "missing"),
        (FRONT + "\nJust text.\n", "summary", "missing"),
        (FRONT + "\n## In short\n\n- a bullet\n\n## 1\n\nBe kind.\n", "summary", "missing"),
        (FRONT + "\n## In short\n\n1. Be kind.\n", "text", "nothing follows"),
        (FRONT + TEXT.replace("1. Be", "1. One. Two. Three. Four. Five. Six. Be"), "summary", "8"),
    ],
)
def test_a_wrong_shape_is_named(tmp_path: Path, text: str, field: str, why: str) -> None:
    path = _write(tmp_path, "house/2026-01.en.md", text)
    with pytest.raises(PolicyFileError) as refused:
        read_use_policy(path)
    assert refused.value.field == field
    assert why in refused.value.why


def test_seven_sentences_are_allowed() -> None:
    seven = TEXT.replace("1. Be", "1. One. Two. Three. Four. Five. Be")
    assert parse_use_policy(FRONT + seven, name="house").summary[0].startswith("One. Two.")


@pytest.mark.parametrize("name", ["draft.md", "2026-01.md", "2026-1.en.md", "2026-01.en.txt"])
def test_a_file_name_without_version_and_language_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(PolicyFileError, match=r"file name: it must be like"):
        read_use_policy(_write(tmp_path, f"house/{name}"))


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    path = _write(tmp_path, "house/2026-01.en.md")
    path.write_bytes(FRONT.encode() + b"\xff\x00")
    with pytest.raises(PolicyFileError, match="is not UTF-8"):
        read_use_policy(path)


def test_a_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PolicyFileError, match="no such folder"):
        load_use_policies(tmp_path / "nowhere")


def test_hidden_files_and_empty_folders_are_passed_over(tmp_path: Path) -> None:
    _write(tmp_path, "house/2026-01.en.md")
    _write(tmp_path, "house/.notes", "anything")
    _write(tmp_path, "README.md", "About these files.")
    (tmp_path / "empty").mkdir()
    assert load_use_policies(tmp_path).ids() == ("house",)


@pytest.mark.parametrize(
    ("wrong", "right", "field"),
    [
        ("effective = 2026-01-16", "effective = 2026-01-15", "effective"),
        ('audience = ["company"]', 'audience = ["hcp"]', "audience"),
        ("asks_again = false", "asks_again = true", "asks_again"),
        ("asks_again = true\ngrace_days = 7", "asks_again = true", "grace_days"),
        ('changes = ["a", "b"]', 'changes = ["This is the first version."]', "changes"),
    ],
)
def test_the_languages_of_a_version_must_agree(
    tmp_path: Path, wrong: str, right: str, field: str
) -> None:
    _write(tmp_path, "house/2026-01.de.md", GERMAN + TEXT)
    _write(tmp_path, "house/2026-01.en.md", FRONT.replace(right, wrong) + TEXT)
    with pytest.raises(PolicyFileError) as refused:
        load_use_policies(tmp_path)
    assert (refused.value.file, refused.value.field) == ("house/2026-01.en.md", field)


def test_a_later_version_cannot_come_into_force_earlier(tmp_path: Path) -> None:
    _write(tmp_path, "house/2026-01.en.md")
    _write(tmp_path, "house/2026-02.en.md", FRONT.replace('"2026-01"', '"2026-02"') + TEXT)
    with pytest.raises(PolicyFileError, match=r"2026-02.en.md, effective: it must be later"):
        load_use_policies(tmp_path)


def test_a_version_can_only_replace_one_that_is_there(tmp_path: Path) -> None:
    replacing = FRONT.replace("asks_again", 'replaces = "2025-12"\nasks_again')
    _write(tmp_path, "house/2026-01.en.md", replacing + TEXT)
    with pytest.raises(PolicyFileError, match=r'replaces: there is no earlier version "2025-12"'):
        load_use_policies(tmp_path)
