"""Writes of inquiries: asking, answering, closing. Each letter is judged and routed, never held."""

from community.inquiries.services.answering import (
    answer_inquiry,
    close_inquiry,
    close_with_case,
    hold_for_case,
    note_opened,
    note_pointed,
)
from community.inquiries.services.asking import ask_again, ask_in_private, open_inquiry
from community.inquiries.services.letters import Stopped

__all__ = [
    "Stopped",
    "answer_inquiry",
    "ask_again",
    "ask_in_private",
    "close_inquiry",
    "close_with_case",
    "hold_for_case",
    "note_opened",
    "note_pointed",
    "open_inquiry",
]
