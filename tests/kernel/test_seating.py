"""The seating ring: who is at the table, drawn as it is."""

from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community.kernel.seating import MOST_MARKS, seat_ring

PEOPLE = st.integers(0, 700)


def test_up_to_sixty_people_have_a_seat_each() -> None:
    ring = seat_ring(42, 3, 5, 1)

    kinds = Counter(seat.kind for seat in ring.seats)
    assert (ring.scale, kinds) == (1, {"peer": 42, "company": 3, "called": 5, "free": 1})


@pytest.mark.parametrize(
    ("peers", "company", "scale"), [(58, 3, 2), (118, 3, 5), (297, 4, 10), (900, 3, 16)]
)
def test_a_larger_table_says_how_many_a_seat_stands_for(
    peers: int, company: int, scale: int
) -> None:
    assert seat_ring(peers, company).scale == scale


@given(peers=PEOPLE, company=PEOPLE, called=st.integers(0, 10), free=st.integers(0, 20))
def test_nobody_is_left_out_and_no_mark_touches_the_next(
    peers: int, company: int, called: int, free: int
) -> None:
    ring = seat_ring(peers, company, called, free)

    kinds = Counter(seat.kind for seat in ring.seats)
    for kind, people in {"peer": peers, "company": company, "called": called, "free": free}.items():
        assert kinds[kind] == -(-people // ring.scale)
    assert len(ring.seats) <= MOST_MARKS + 3
    for one, other in pairwise(ring.seats):
        assert (one.x - other.x) ** 2 + (one.y - other.y) ** 2 > (2 * ring.mark) ** 2


def test_the_company_never_sits_in_a_block() -> None:
    kinds = [seat.kind for seat in seat_ring(20, 4).seats]

    assert all(pair != ("company", "company") for pair in pairwise([*kinds, kinds[0]]))


def test_the_free_seat_is_at_the_top() -> None:
    seat = seat_ring(42, 3, free=1, size=240).seats[0]

    assert (seat.kind, seat.x, seat.y, seat.turn) == ("free", 120, 12, 0)


def test_an_empty_table_has_no_seats() -> None:
    assert seat_ring(0, 0).seats == ()
