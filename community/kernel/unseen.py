"""Characters that leave no trace on a page: one list, for the door, the page and the rules.

What the page drops and the rules keep would hide a text from the rules, letter by letter; what the
rules drop and the page shows would go unread.
"""

from __future__ import annotations

import re

DROPPED = (
    "\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x84\\x86-\\x9f"  # controls; four are blanks
    "\\u202a-\\u202e\\u2066-\\u206f"  # marks that turn the direction of what follows
    "\\ufdd0-\\ufdef\\ufff0-\\ufffb\\ufffe\\uffff\\U000e0000-\\U000e00ff\\U000f0000-\\U0010ffff"
)
"""Of a character class: no text needs them, so none keeps them. The last are tags and private."""

IGNORED = (
    "\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b-\\u200f\\u2060-\\u2065"
    "\\ufe00-\\ufe0f\\ufeff\\uffa0\\ufffc\\U0001bca0-\\U0001bca3\\U0001d173-\\U0001d17a"
    "\\U000e0100-\\U000e0fff"
)
"""Of a character class: kept, since scripts and emoji need some of them, and shown as nothing.

Both together hold Unicode's Default_Ignorable_Code_Point (DerivedCoreProperties.txt), but for
fillers that are as wide as a letter, which are blanks.
"""

_DROPPED = re.compile(f"[{DROPPED}]")


def without_dropped(text: str) -> str:
    """Return a text without the characters that no text keeps."""
    return _DROPPED.sub("", text)
