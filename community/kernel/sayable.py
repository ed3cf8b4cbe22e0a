"""Words that others read and that are no posts, such as the note in an invitation.

They are looked at by what a room looks at its posts by, which stands above those who take them in.
So it registers here what it does, and they ask here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Look = Callable[..., None]
_looks: list[Look] = []


def looked_at_by(look: Look) -> Look:
    """Have a function look at such words; it raises Invalid where they can't stand."""
    if look not in _looks:
        _looks.append(look)
    return look


def require_sayable(*, author: Any, space: Any, words: str, field: str) -> None:
    """Demand that words which readers of a space will see could stand there as a post.

    Args:
        author: the member who writes them.
        space: the room.
        words: plain text; none is fine.
        field: of the form, where a refusal stands.

    Raises:
        Invalid: as a post they would be held or blocked.
    """
    for look in _looks:
        look(author=author, space=space, words=words, field=field)
