"""A site, a crowd in it, and something that breaks in the midst of it."""

from __future__ import annotations

import contextlib
import threading
import time
from collections import Counter
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass

from flask import Flask

from community.kernel import unit_of_work
from community.kernel.db import db
from community.stream import queries as stream
from community.threads.models import Thread
from tests import cast
from tests.faults.browser import Browser, GaveUp
from tests.faults.crowd import Ledger, Listener, Poster, Reader
from tests.faults.machines import Site, wait_for
from tests.faults.post_office import PostOffice
from tests.reading import fresh
from tests.stage import Stage, Visitor

SECONDS = 300.0  # a bound, not a pace
WARM, AFTERWARDS = 6, 6
REMOVED = (200, 303)

Posts = dict[int, tuple[int, str]]


@dataclass
class Crowd:
    """Who posts, who reads, and the one who is removed in the midst of it."""

    thread_id: int
    space_id: int
    head: int
    ledger: Ledger
    posters: list[Poster]
    readers: list[Reader]
    removed: list[Reader]
    removed_place: int
    moderator: Browser

    @property
    def listeners(self) -> list[Listener]:
        """Those who hear by a socket, and who may go on doing so."""
        return [each for each in self.readers if isinstance(each, Listener)]

    @property
    def troubles(self) -> Counter[str]:
        """What all browsers met on the way, by kind."""
        found: Counter[str] = Counter()
        people: list[Poster | Reader] = [*self.posters, *self.readers, *self.removed]
        for each in people:
            found += each.browser.troubles
        return found

    def all_are_seated(self) -> bool:
        """Whether everybody who hears by a socket has one."""
        return all(each.seated.is_set() for each in self.listeners)


@dataclass(kw_only=True)
class Scene:
    """A running site on a database of its own, and the same program here."""

    site: Site
    app: Flask
    office: PostOffice
    people: int = 0

    def crowd(
        self, size: int, *, sockets: int | None = None, addresses: Sequence[str] = ()
    ) -> Crowd:
        """Bring people together at a new thread.

        Args:
            size: how many; half of them post, the others read.
            sockets: how many read by a socket; half of the readers where it is None.
            addresses: where they look for the site; at its servers where there are none.
        """
        readers = size - size // 2
        sockets = readers // 2 if sockets is None else sockets
        readers = max(readers, sockets)
        with self.app.app_context():
            thread = Stage(self.app).start("amara", title="While something breaks")
            thread_id, space_id = thread.id, thread.space_id
            names = self._newcomers(size // 2 + readers + 1)
            head = stream.get_head(space_id=space_id).seq
            removed_place = Stage(self.app).membership(names[-1]).id
        posts, browse = self.fresh(thread_id), self._browsers(addresses or self.site.addresses)
        ledger = Ledger()

        def reader(who: str, kind: type[Reader]) -> Reader:
            return kind(browse(who), space_id, thread_id, head, dict(posts))

        posting, reading, gone = names[: size // 2], names[size // 2 : -1], names[-1]
        return Crowd(
            thread_id,
            space_id,
            head,
            ledger,
            [Poster(who, browse(who), thread_id, ledger) for who in posting],
            [
                reader(who, Listener if place < sockets else Reader)
                for place, who in enumerate(reading)
            ],
            [reader(gone, Reader), reader(gone, Listener)],
            removed_place,
            browse("mika"),
        )

    def _newcomers(self, count: int) -> list[str]:
        names = [f"newcomer-{self.people + place}" for place in range(count)]
        self.people += count
        with unit_of_work.transaction() as session:
            for who in names:
                cast.add_colleague(session, who)
        return names

    def _browsers(self, addresses: Sequence[str]) -> Callable[[str], Browser]:
        until, places = time.monotonic() + SECONDS, iter(range(10_000))

        def browse(who: str) -> Browser:
            visitor = Visitor(self.app, who)
            token = visitor.token
            cookie = visitor.client.get_cookie("roundtable")
            assert cookie is not None
            browser = Browser(addresses, f"roundtable={cookie.value}", token, until)
            for _ in range(next(places) % len(addresses)):
                browser.next_address()
            return browser

        return browse

    def fresh(self, thread_id: int) -> Posts:
        """Return all posts of a thread as a fresh page shows them: version and fragment by id."""
        with self.app.app_context():
            try:
                return fresh(self.app, db.session.get_one(Thread, thread_id))
            finally:
                db.session.remove()

    def play(self, crowd: Crowd, break_it: Callable[[], object]) -> None:
        """Break something while the crowd is at it; return when they are done.

        Somebody is removed from the space at the same time. It goes on until there were posts
        after all is whole again, and everybody has read up to the end.
        """
        with _at_it([*crowd.readers, *crowd.removed]):
            wait_for("the sockets", crowd.all_are_seated)
            with _at_it(crowd.posters):
                crowd.ledger.wait_for_more(WARM, seconds=SECONDS)
                leaving = threading.Thread(target=self._remove, args=(crowd,))
                leaving.start()
                try:
                    break_it()
                finally:
                    leaving.join()
                crowd.ledger.wait_for_more(AFTERWARDS, seconds=SECONDS)
            wait_for("the sockets to come back", crowd.all_are_seated)
        for reader in crowd.readers:
            reader.catch_up()

    def _remove(self, crowd: Crowd) -> None:
        path = f"/spaces/cardiology/members/{crowd.removed_place}/remove"
        try:
            crowd.moderator.post(path, {"reason": "It was time."})
        except GaveUp as problem:
            crowd.ledger.refused.append(str(problem))


@contextlib.contextmanager
def _at_it(people: Sequence[Poster] | Sequence[Reader]) -> Generator[None]:
    """Have people do what they do until the block ends; wait until the last has ended."""
    stop = threading.Event()
    threads = [threading.Thread(target=each.run, args=(stop,)) for each in people]
    for each in threads:
        each.start()
    try:
        yield
    finally:
        stop.set()
        for each in threads:
            each.join()
