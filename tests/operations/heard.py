"""What a log says, read back."""

from __future__ import annotations

import io
import json
from typing import Any


def records(lines: io.StringIO) -> list[dict[str, Any]]:
    """Return the lines of a log as what they tell."""
    return [json.loads(line) for line in lines.getvalue().splitlines()]
