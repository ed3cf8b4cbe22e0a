"""The use policies there are: their versions, which is in force, and who has yet to accept it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

DEFAULT_LANGUAGE = "en"


@dataclass(frozen=True, slots=True)
class UsePolicyText:
    """One version of one use policy in one language.

    `exact` is the whole file with its front matter, line ends as LF; `sha256` is
    the hexadecimal digest of its UTF-8 bytes, the same on every machine. `body`
    is the Markdown behind the summary.
    """

    id: str
    version: str
    language: str
    title: str
    effective: date
    audience: tuple[str, ...]
    host: str
    changes: tuple[str, ...]
    asks_again: bool
    grace_days: int
    replaces: str | None
    summary_heading: str
    summary: tuple[str, ...]
    body: str
    exact: str
    sha256: str

    @property
    def markdown(self) -> str:
        """The summary and the body as one Markdown text, without the front matter."""
        items = "\n".join(f"{place}. {item}" for place, item in enumerate(self.summary, start=1))
        return f"## {self.summary_heading}\n\n{items}\n\n{self.body}"


@dataclass(frozen=True, slots=True)
class UsePolicyVersion:
    """One version of one use policy, with its texts by language."""

    id: str
    version: str
    effective: date
    audience: tuple[str, ...]
    asks_again: bool
    grace_days: int
    replaces: str | None
    texts: Mapping[str, UsePolicyText]

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages there are, sorted."""
        return tuple(sorted(self.texts))

    @property
    def grace_ends(self) -> date:
        """The first day on which those who accepted an earlier version must accept this one."""
        return self.effective + timedelta(days=self.grace_days)

    def text(self, language: str) -> UsePolicyText:
        """Give the text in this language ("de", "de-AT"), else in English, else in any."""
        base = language.replace("_", "-").split("-")[0].lower()
        for wanted in (language, base, DEFAULT_LANGUAGE):
            if wanted in self.texts:
                return self.texts[wanted]
        return self.texts[self.languages[0]]


@dataclass(frozen=True, slots=True)
class Asking:
    """A version that somebody has still to accept; `blocks` is false during its grace period."""

    version: UsePolicyVersion
    blocks: bool


class PolicyLibrary:
    """Every use policy that was read, each with its versions from the oldest to the newest.

    A version comes into force only when it has every language of the one before;
    until then the one before stays in force, and `problems` says so.
    """

    def __init__(self, versions: Mapping[str, tuple[UsePolicyVersion, ...]]) -> None:
        self._versions = dict(sorted(versions.items()))

    def ids(self) -> tuple[str, ...]:
        """The ids of all use policies, sorted."""
        return tuple(self._versions)

    def versions(self, id: str) -> tuple[UsePolicyVersion, ...]:
        """All versions of a use policy, the oldest first; none for an unknown id."""
        return self._versions.get(id, ())

    def version(self, id: str, version: str) -> UsePolicyVersion:
        """Give one version; KeyError where there is none."""
        for candidate in self.versions(id):
            if candidate.version == version:
                return candidate
        raise KeyError(f"{id} {version}")

    def text(self, id: str, version: str, language: str) -> UsePolicyText:
        """Give one version in this language, else in another; KeyError for no such version."""
        return self.version(id, version).text(language)

    def in_force(
        self, id: str, *, on: date, audience: str | None = None
    ) -> UsePolicyVersion | None:
        """Give the version that holds on a day for this audience ("hcp", "company") or for any."""
        started = self._started(id, on)
        if not started or (audience is not None and audience not in started[-1].audience):
            return None
        return started[-1]

    def all_in_force(
        self, *, on: date, audience: str | None = None
    ) -> tuple[UsePolicyVersion, ...]:
        """Give the version in force of every use policy that this audience has to accept."""
        found = (self.in_force(policy, on=on, audience=audience) for policy in self.ids())
        return tuple(version for version in found if version is not None)

    def asking(self, id: str, *, accepted: str | None, on: date, audience: str) -> Asking | None:
        """Say what somebody who accepted this version (None: never any) is asked for on a day.

        Nothing where the version in force was accepted, or where none since then
        asks again. Grace is for those who accepted before; of several versions
        that ask, the grace that ends first counts.
        """
        current = self.in_force(id, on=on, audience=audience)
        if current is None or current.version == accepted:
            return None
        started = self._started(id, on)
        known = [version.version for version in started]
        if accepted not in known:
            return Asking(current, blocks=True)
        since = started[known.index(accepted) + 1 :]
        asked_from = [version.grace_ends for version in since if version.asks_again]
        return Asking(current, blocks=min(asked_from) <= on) if asked_from else None

    def problems(self) -> tuple[str, ...]:
        """Name in plain sentences each version that cannot come into force, and why."""
        return tuple(
            f"{late.id} {late.version} cannot come into force: its text is missing in "
            f"{', '.join(missing)}. Until it is there, {before.version} stays in force."
            for policy in self.ids()
            for late, before, missing in self._incomplete(policy)
        )

    def _started(self, id: str, on: date) -> list[UsePolicyVersion]:
        late = [version for version, _, _ in self._incomplete(id)]
        return [v for v in self.versions(id) if v.effective <= on and v not in late]

    def _incomplete(self, id: str) -> list[tuple[UsePolicyVersion, UsePolicyVersion, list[str]]]:
        """Find the versions that lack languages of the last one that lacked none."""
        found: list[tuple[UsePolicyVersion, UsePolicyVersion, list[str]]] = []
        before: UsePolicyVersion | None = None
        for version in self.versions(id):
            missing = sorted(before.texts.keys() - version.texts.keys()) if before else []
            if before is not None and missing:
                found.append((version, before, missing))
            else:
                before = version
        return found
