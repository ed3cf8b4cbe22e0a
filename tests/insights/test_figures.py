"""Shares, intervals, medians and months, and the files they go into."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime, timedelta

import pytest
from flask_babel import force_locale

from community.insights.figures import Share, columns, months, waits
from community.insights.views.words import length_words, share_words
from community.kernel import sheets
from tests.stage import Stage


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [  # as published: Newcombe, Statistics in Medicine 17 (1998), 857–872, table I, method 3
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_the_interval_is_that_of_wilson(part: int, whole: int, low: float, high: float) -> None:
    assert Share(part, whole).interval == pytest.approx((low, high), abs=0.00006)


def test_of_nothing_nothing_is_known() -> None:
    assert Share(0, 0).interval == (0.0, 1.0)
    assert Share(0, 0).percent is None


def test_under_twenty_there_is_no_per_cent(stage: Stage) -> None:
    with force_locale("en"):
        assert share_words(Share(4, 5)) == "4 of 5"
        assert share_words(Share(18, 19)) == "18 of 19"
        assert share_words(Share(18, 20)) == "18 of 20 (90 %)"
        assert share_words(Share(0, 0)) == "none yet"


def hours(*counts: float) -> list[timedelta]:
    return [timedelta(hours=count) for count in counts]


def test_the_median_is_the_one_in_the_middle_or_between_the_two() -> None:
    assert waits(hours(5, 1, 3)).median == timedelta(hours=3)
    assert waits(hours(5, 1, 3, 4)).median == timedelta(hours=3.5)
    assert waits(hours(7)).median == timedelta(hours=7)
    assert waits([]).median is None


def test_nine_of_ten_had_it_within_the_ninth_of_ten_and_fewer_do_not_tell() -> None:
    assert waits(hours(*range(1, 11))).nine_of_ten == timedelta(hours=9)
    assert waits(hours(*range(1, 12))).nine_of_ten == timedelta(hours=10)
    assert waits(hours(*range(1, 10))).nine_of_ten is None


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (timedelta(minutes=7), "7 min"),
        (timedelta(minutes=110), "1 h 50 min"),
        (timedelta(hours=47), "47 h 00 min"),
        (timedelta(days=3, hours=5), "3 d 5 h"),
        (None, "–"),
    ],
)
def test_lengths_are_said_as_one_reads_a_clock(
    stage: Stage, length: timedelta | None, words: str
) -> None:
    with force_locale("en"):
        assert length_words(length) == words


def test_months_are_all_that_are_touched() -> None:
    since = datetime(2026, 11, 30, 23, 0, tzinfo=UTC)
    found = months(since, datetime(2027, 2, 1, 0, 0, tzinfo=UTC))
    assert found == [date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1), date(2027, 2, 1)]


def test_columns_are_drawn_against_the_highest() -> None:
    assert columns([0, 5, 10]) == [0, 50, 100]
    assert columns([0, 0]) == [0, 0]
    assert columns([]) == []


def test_a_file_holds_no_formula_and_keeps_commas_quotes_and_lines() -> None:
    nasty = ["=1+1", "+2", "-3", "@x", 'a "quote", and\na line', "plain", None, -4]
    written = sheets.write(["head"] * 8, [nasty])
    [_, row] = list(csv.reader(io.StringIO(written)))
    assert row == ["'=1+1", "'+2", "'-3", "'@x", 'a "quote", and\na line', "plain", "", "-4"]


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("x;=HYPERLINK(1)", "x;'=HYPERLINK(1)"),
        (" =1+1", " '=1+1"),
        ("a\t=1+1", "a\t'=1+1"),
        ("one\n=1+1", "one\n'=1+1"),
        ('x;"=1+1"', 'x;"\'=1+1"'),
        ("5 - 3 = 2; so it is", "5 - 3 = 2; so it is"),
    ],
)
def test_no_cell_begins_with_a_formula_whatever_parts_the_cells(typed: str, written: str) -> None:
    [_, row] = list(csv.reader(io.StringIO(sheets.write(["head"], [[typed]]))))
    assert row == [written]
