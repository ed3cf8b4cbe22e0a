"""Read the use policies in `policies/use/<id>/<version>.<language>.md`, named by file and field."""

from __future__ import annotations

import hashlib
import re
import tomllib
from datetime import date
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from community.kernel.plain_text import sentences, without_marks
from community.use_policies.library import PolicyLibrary, UsePolicyText, UsePolicyVersion

AUDIENCES = ("hcp", "company")
MOST_SENTENCES = 7
LONGEST_GRACE_DAYS = 90

_NAME = re.compile(r"(?P<version>\d{4}-\d{2}(?:\.\d+)?)\.(?P<language>[a-z]{2})\.md")
_SHAPE = re.compile(r"\+\+\+\n(?P<front>.*?)\n\+\+\+\n(?P<text>.*)", re.DOTALL)
_SUMMARY = re.compile(
    r"\s*## (?P<heading>[^\n]+)\n(?P<list>.*?)(?=\n#+ |\Z)(?P<body>.*)", re.DOTALL
)
_NUMBERED = re.compile(r"^\d+\. +(.+(?:\n +\S.*)*)$", re.MULTILINE)
_REQUIRED = (
    "id", "version", "language", "title", "effective", "audience", "host", "changes", "asks_again",
)  # fmt: skip
_OPTIONAL = ("replaces", "grace_days", "translation_of")
_SAME_IN_EVERY_LANGUAGE = ("effective", "audience", "asks_again", "grace_days", "replaces")

T = TypeVar("T")


class PolicyFileError(ValueError):
    """A policy file that cannot be used: which file, which field, and why."""

    def __init__(self, file: str, field: str, why: str) -> None:
        super().__init__(f"{file}, {field}: {why}")
        self.file, self.field, self.why = file, field, why


def load_use_policies(root: Path) -> PolicyLibrary:
    """Read every use policy under a folder such as `policies/use`.

    Raises PolicyFileError for the first file that cannot be used. A version that
    lacks a language is no error: see `PolicyLibrary.problems`.
    """
    if not root.is_dir():
        raise PolicyFileError(str(root), "folder", "there is no such folder.")
    folders = [path for path in _visible(root) if path.is_dir()]
    texts = {
        folder.name: [read_use_policy(path) for path in _visible(folder)] for folder in folders
    }
    return PolicyLibrary({policy: _versions(found) for policy, found in texts.items() if found})


def read_use_policy(path: Path) -> UsePolicyText:
    """Read one policy file, whose name and folder must say what its front matter says."""
    place = path.resolve()
    name = f"{place.parent.name}/{place.name}"
    match = _NAME.fullmatch(place.name)
    if match is None:
        why = 'it must be like "2026-09.en.md": version, language, md.'
        raise PolicyFileError(name, "file name", why)
    try:
        raw = place.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise PolicyFileError(name, "text", f"byte {error.start} is not UTF-8.") from None
    policy = parse_use_policy(raw, name=name)
    for field, wanted in {"id": place.parent.name, **match.groupdict()}.items():
        if getattr(policy, field) != wanted:
            why = f'it says "{getattr(policy, field)}", its place among the files "{wanted}".'
            raise PolicyFileError(name, field, why)
    return policy


def parse_use_policy(raw: str, *, name: str) -> UsePolicyText:
    """Make a UsePolicyText of a file's whole text; `name` is what errors call the file.

    Also gives an accepted text back from its stored `exact` when its file is gone.
    """
    exact = raw.replace("\r\n", "\n")
    shape = _SHAPE.fullmatch(exact)
    if shape is None:
        why = 'it must stand first in the file, between two lines of "+++".'
        raise PolicyFileError(name, "front matter", why)
    fields = _Fields(shape["front"], name)
    heading, summary, body = _summary_and_body(shape["text"], name)
    return UsePolicyText(
        id=fields.string("id"),
        version=fields.string("version"),
        language=fields.string("language"),
        title=fields.string("title"),
        effective=fields.typed("effective", date, "a date such as 2026-09-01, without quotes"),
        audience=fields.audience(),
        host=fields.string("host"),
        changes=fields.strings("changes"),
        asks_again=fields.typed("asks_again", bool, "true or false"),
        grace_days=fields.grace_days(),
        replaces=fields.string("replaces") if "replaces" in fields.values else None,
        summary_heading=heading,
        summary=summary,
        body=body,
        exact=exact,
        sha256=hashlib.sha256(exact.encode("utf-8")).hexdigest(),
    )


class _Fields:
    """The front matter of one file, each field of the type it must have."""

    def __init__(self, front: str, name: str) -> None:
        self.name = name
        try:
            self.values: dict[str, Any] = tomllib.loads(front)
        except tomllib.TOMLDecodeError as error:
            raise PolicyFileError(name, "front matter", f"it is not TOML: {error}.") from None
        for field in _REQUIRED:
            if field not in self.values:
                raise PolicyFileError(name, field, "it is missing.")
        for field in self.values:
            if field not in _REQUIRED + _OPTIONAL:
                raise PolicyFileError(name, field, "there is no such field.")

    def typed(self, field: str, kind: type[T], meant: str) -> T:
        value = self.values[field]
        # A Python bool is an int and a datetime is a date, so only the exact type will do.
        if type(value) is not kind:
            raise PolicyFileError(self.name, field, f"it must be {meant}.")
        return value

    def string(self, field: str) -> str:
        value = self.typed(field, str, "a text in quotation marks").strip()
        if not value:
            raise PolicyFileError(self.name, field, "it is empty.")
        return value

    def strings(self, field: str) -> tuple[str, ...]:
        values: list[object] = self.typed(field, list, "a list of texts")
        found = [value.strip() for value in values if isinstance(value, str) and value.strip()]
        if not found or len(found) != len(values):
            raise PolicyFileError(self.name, field, "it must be a list of texts, none empty.")
        return tuple(found)

    def audience(self) -> tuple[str, ...]:
        audience = self.strings("audience")
        for value in audience:
            if value not in AUDIENCES:
                why = f'"{value}" is none of {", ".join(AUDIENCES)}.'
                raise PolicyFileError(self.name, "audience", why)
        return audience

    def grace_days(self) -> int:
        if "grace_days" not in self.values:
            return 0
        days = self.typed("grace_days", int, "a whole number")
        if not 0 <= days <= LONGEST_GRACE_DAYS:
            why = f"it must be from 0 to {LONGEST_GRACE_DAYS}."
            raise PolicyFileError(self.name, "grace_days", why)
        return days


def _visible(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if not path.name.startswith("."))


def _summary_and_body(text: str, name: str) -> tuple[str, tuple[str, ...], str]:
    match = _SUMMARY.fullmatch(text)
    items = _NUMBERED.findall(match["list"]) if match else []
    if match is None or not items:
        why = 'it is missing: the text begins with a heading ("## In short") and a numbered list.'
        raise PolicyFileError(name, "summary", why)
    summary = tuple(without_marks(item) for item in items)
    number = sum(len(sentences(item)) for item in summary)
    if number > MOST_SENTENCES:
        why = f"it has {number} sentences; {MOST_SENTENCES} are the most."
        raise PolicyFileError(name, "summary", why)
    if not match["body"].strip():
        raise PolicyFileError(name, "text", "nothing follows the summary.")
    return match["heading"].strip(), summary, match["body"].strip() + "\n"


def _versions(texts: list[UsePolicyText]) -> tuple[UsePolicyVersion, ...]:
    """Put the texts of one use policy together, the oldest version first."""
    by_version: dict[str, dict[str, UsePolicyText]] = {}
    for text in texts:
        by_version.setdefault(text.version, {})[text.language] = text
    versions = tuple(_version(texts) for _, texts in sorted(by_version.items()))
    for older, newer in pairwise(versions):
        if newer.effective <= older.effective:
            why = f"it must be later than {older.effective}, the date of {older.version}."
            raise PolicyFileError(_file(newer), "effective", why)
    for place, version in enumerate(versions):
        earlier = [before.version for before in versions[:place]]
        if version.replaces is not None and version.replaces not in earlier:
            why = f'there is no earlier version "{version.replaces}".'
            raise PolicyFileError(_file(version), "replaces", why)
    return versions


def _version(texts: dict[str, UsePolicyText]) -> UsePolicyVersion:
    """Make one version of its texts, which must agree in all but their words."""
    first, *others = (texts[language] for language in sorted(texts))
    for other in others:
        for field in _SAME_IN_EVERY_LANGUAGE:
            if getattr(other, field) != getattr(first, field):
                why = f"it differs from the text in {first.language}."
                raise PolicyFileError(_file(other), field, why)
        if len(other.changes) != len(first.changes):
            why = f"there are not as many as in the text in {first.language}."
            raise PolicyFileError(_file(other), "changes", why)
    return UsePolicyVersion(
        id=first.id,
        version=first.version,
        effective=first.effective,
        audience=first.audience,
        asks_again=first.asks_again,
        grace_days=first.grace_days,
        replaces=first.replaces,
        texts=MappingProxyType(texts),
    )


def _file(policy: UsePolicyText | UsePolicyVersion) -> str:
    if isinstance(policy, UsePolicyVersion):
        policy = policy.texts[policy.languages[0]]
    return f"{policy.id}/{policy.version}.{policy.language}.md"
