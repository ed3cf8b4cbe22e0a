"""What is written about second readings: drawing, taking, judging, rates and proposals."""

from community.insights.services.drawing import draw, is_drawn
from community.insights.services.proposals import answer_proposal
from community.insights.services.rates import set_rate
from community.insights.services.reading import (
    LONGEST_NOTE,
    Judging,
    give_back,
    judge_reading,
    note_noticed,
    take_reading,
)

__all__ = [
    "LONGEST_NOTE",
    "Judging",
    "answer_proposal",
    "draw",
    "give_back",
    "is_drawn",
    "judge_reading",
    "note_noticed",
    "set_rate",
    "take_reading",
]
