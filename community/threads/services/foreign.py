"""Threads of an earlier community, as a line of an import's file says them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from community.kernel import clock
from community.kernel.input import clean

LONGEST_NAME = 255


class UnreadableLine(ValueError):
    """A line that is no thread, with a sentence that says why."""


@dataclass(frozen=True)
class ForeignPost:
    """One post: `author` is empty where nobody is named, `created` None where no time is."""

    author: str
    created: datetime | None
    text: str


@dataclass(frozen=True)
class ForeignThread:
    """A thread with its posts, under the name by which the earlier community knew it."""

    id: str
    title: str
    posts: tuple[ForeignPost, ...]


def parse_thread(line: bytes) -> ForeignThread:
    """Read a line `{"id", "title", "posts": [{"author", "created", "text"}]}`; more is passed over.

    `created` is ISO 8601, in UTC where it names no zone.

    Raises:
        UnreadableLine: it is not such a thread.
    """
    try:
        said = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise UnreadableLine("it is not UTF-8") from None
    except (ValueError, RecursionError):
        raise UnreadableLine("it is not JSON") from None
    if not isinstance(said, dict):
        raise UnreadableLine("it is not an object")
    posts = said.get("posts")
    if not isinstance(posts, list) or not posts:
        raise UnreadableLine("it has no posts")
    return ForeignThread(
        id=_name(said.get("id"), "id"),
        title=_words(said.get("title"), "title"),
        posts=tuple(_post(post, place) for place, post in enumerate(posts, 1)),
    )


def _post(said: Any, place: int) -> ForeignPost:
    if not isinstance(said, dict):
        raise UnreadableLine(f"post {place} is not an object")
    author = said.get("author")
    return ForeignPost(
        author="" if author is None else _name(author, f"author of post {place}"),
        created=_moment(said.get("created"), place),
        text=_words(said.get("text"), f"text of post {place}"),
    )


def _name(value: Any, what: str) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    name = " ".join(_words(value, what).split())
    if not name or len(name) > LONGEST_NAME:
        raise UnreadableLine(f"the {what} is empty or longer than {LONGEST_NAME} characters")
    return name


def _words(value: Any, what: str) -> str:
    if not isinstance(value, str):
        raise UnreadableLine(f"the {what} is missing or no text")
    return clean(value)


def _moment(value: Any, place: int) -> datetime | None:
    if value is None:
        return None
    try:
        moment = datetime.fromisoformat(value)
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        raise UnreadableLine(f"the time of post {place} can't be read") from None
    if moment > clock.now():
        raise UnreadableLine(f"the time of post {place} lies in the future")
    return moment
