"""Tools that serve one at a time and are kept for who comes next."""

from __future__ import annotations

import pytest

from community.kernel.spare import Spare


def test_a_tool_that_was_given_back_is_taken_again() -> None:
    spare = Spare(object)
    with spare.taken() as first:
        pass
    with spare.taken() as second:
        assert second is first


def test_two_at_once_have_two_tools() -> None:
    spare = Spare(object)
    with spare.taken() as first, spare.taken() as second:
        assert first is not second


def test_a_tool_with_which_something_went_wrong_is_dropped() -> None:
    spare = Spare(object)
    with pytest.raises(ValueError, match="wrong"), spare.taken() as first:
        raise ValueError("wrong")
    with spare.taken() as second:
        assert second is not first
