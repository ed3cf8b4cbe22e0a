"""Pages about guardrails: sets in plain words, signing, drafts of them, and acknowledging."""

from __future__ import annotations

from community.guardrails.views import acknowledging, drafts, rules, sets, talk
from community.guardrails.views.blueprint import blueprint

__all__ = ["acknowledging", "blueprint", "drafts", "rules", "sets", "talk"]
