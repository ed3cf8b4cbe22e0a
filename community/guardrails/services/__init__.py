"""Judging every text by the set in force; keeping sets and their signatures."""

from community.guardrails.services.judging import Judgement, Writing, judge, keep, preview
from community.guardrails.services.signing import MEANING, add_set, sign, sign_with_password

__all__ = [
    "MEANING",
    "Judgement",
    "Writing",
    "add_set",
    "judge",
    "keep",
    "preview",
    "sign",
    "sign_with_password",
]
