"""The answer to "may they?": yes, or no with a code for programs and a sentence for people."""

from __future__ import annotations

from dataclasses import dataclass, field

from community.kernel.errors import Forbidden, NotFound


@dataclass(frozen=True)
class Decision:
    """Whether something is allowed and, if not, why."""

    allowed: bool
    code: str = ""
    sentence: str = ""
    values: dict[str, object] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return self.allowed


YES = Decision(allowed=True)
UNSEEN = Decision(allowed=False, code="not_found")


def no(code: str, sentence: str, **values: object) -> Decision:
    """Refuse with a stable code and a sentence marked with `N_`."""
    return Decision(allowed=False, code=code, sentence=sentence, values=values)


def require(decision: Decision) -> None:
    """Let pass or raise.

    Raises:
        NotFound: the viewer may not know that the thing exists.
        Forbidden: it may be seen, but this may not be done.
    """
    if decision.allowed:
        return
    if decision.code == UNSEEN.code:
        raise NotFound
    raise Forbidden(decision.sentence, code=decision.code, **decision.values)
