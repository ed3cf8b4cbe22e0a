"""What the search page may be asked, from its address: whatever is unreadable asks nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from community.kernel.errors import NotFound
from community.kernel.input import clean, find_number
from community.members.models import Member
from community.search.queries import Wanted
from community.search.words import read
from community.spaces.models import Space

LONGEST_NAME = 255
_LAST_YEAR = 9998  # a day further on there is no moment in every zone


@dataclass(frozen=True)
class Asked:
    """The address in typed values, as the form shows them again."""

    q: str
    space: Space | None
    topic: str
    product: str
    since: date | None
    author: str
    page: int
    until: int | None

    @property
    def narrows(self) -> bool:
        """Whether more is asked than words and a space."""
        return bool(self.topic or self.product or self.since or self.author)

    @property
    def in_address(self) -> dict[str, str]:
        """What was asked as an address says it, without the page."""
        values = {
            "q": self.q,
            "space": self.space.slug if self.space else "",
            "topic": self.topic,
            "product": self.product,
            "since": self.since.isoformat() if self.since else "",
            "from": self.author,
        }
        return {name: value for name, value in values.items() if value}

    def wanted(self, viewer: Member, spaces: Sequence[Space]) -> Wanted:
        """Return what to look for; a day begins where the viewer is."""
        since = self.since
        zone = ZoneInfo(viewer.time_zone)
        return Wanted(
            words=read(self.q),
            spaces=[self.space] if self.space else spaces,
            topic=self.topic,
            product=self.product,
            since=datetime(since.year, since.month, since.day, tzinfo=zone) if since else None,
            author=self.author,
            page=self.page,
            until=self.until,
        )


def asked(args: Mapping[str, str], spaces: Sequence[Space]) -> Asked:
    """Read an address.

    Raises:
        NotFound: it names a space that is none of these.
    """
    return Asked(
        q=read(args.get("q", "")).written,
        space=_space(args.get("space", ""), spaces),
        topic=_name(args, "topic"),
        product=_name(args, "product"),
        since=_day(args.get("since", "")),
        author=_name(args, "from"),
        page=max(1, find_number(args.get("page", "")) or 1),
        until=find_number(args.get("until", "")),
    )


def _space(slug: str, spaces: Sequence[Space]) -> Space | None:
    if not slug:
        return None
    for space in spaces:
        if space.slug == slug:
            return space
    raise NotFound


def _name(args: Mapping[str, str], name: str) -> str:
    return clean(args.get(name, "")).strip()[:LONGEST_NAME]


def _day(value: str) -> date | None:
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return None
    return day if 1 < day.year <= _LAST_YEAR else None
