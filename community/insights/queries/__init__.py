"""Reads of second readings, proposals and figures."""

from community.insights.queries.desks import desks_called_in
from community.insights.queries.proposals import get_proposal, proposals
from community.insights.queries.rates import DEFAULT_PERCENT, ListedRate, percent_of, rates
from community.insights.queries.readings import (
    Sheet,
    advice_on,
    count_notes,
    count_waiting,
    get_note,
    get_reading,
    notes,
    read_readings,
    readers_of,
    sheet_of,
    waiting_readings,
)
from community.insights.queries.replies import Answering, ReplyReport, reply_report
from community.insights.queries.rules import RuleLine, RuleReport, rule_report

__all__ = [
    "DEFAULT_PERCENT",
    "Answering",
    "ListedRate",
    "ReplyReport",
    "RuleLine",
    "RuleReport",
    "Sheet",
    "advice_on",
    "count_notes",
    "count_waiting",
    "desks_called_in",
    "get_note",
    "get_proposal",
    "get_reading",
    "notes",
    "percent_of",
    "proposals",
    "rates",
    "read_readings",
    "readers_of",
    "reply_report",
    "rule_report",
    "sheet_of",
    "waiting_readings",
]
