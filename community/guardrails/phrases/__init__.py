"""The phrase language of rule files: words, endings, choices, gaps and lists, never a pattern.

How phrases are written stands in `docs/guardrails.md`.
"""

from community.guardrails.phrases.index import PhraseIndex
from community.guardrails.phrases.language import Phrase, PhraseError, parse, references
from community.guardrails.phrases.latest import Latest
from community.guardrails.phrases.lexicon import Lexicon
from community.guardrails.phrases.passage import Passage
from community.guardrails.phrases.reading import Reading
from community.guardrails.phrases.text import Text, read
from community.guardrails.phrases.tokens import forget
from community.guardrails.phrases.wording import Wording, wording_of

__all__ = [
    "Latest",
    "Lexicon",
    "Passage",
    "Phrase",
    "PhraseError",
    "PhraseIndex",
    "Reading",
    "Text",
    "Wording",
    "forget",
    "parse",
    "read",
    "references",
    "wording_of",
]
