"""What the number of a licence tells by itself: a hint for the person who checks, never a verdict.

A number that fits proves nothing, and one that does not may be a slip of the pen or a new series.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Callable
from dataclasses import dataclass

from stdnum import luhn


class Fit(enum.Enum):
    """How a number fits the rule of its register."""

    FITS = "fits"
    MISFITS = "misfits"


@dataclass(frozen=True)
class Register:
    """A register of a country whose numbers can be told by their form."""

    name: str
    form: re.Pattern[str]
    check: Callable[[str], bool]


@dataclass(frozen=True)
class Hint:
    """How a number fits the register that its country keeps."""

    register: str
    fit: Fit


def _npi(number: str) -> bool:
    """Luhn over the number behind 80840 (CMS, NPI check digit calculation)."""
    return luhn.is_valid(f"80840{number}")


def _lanr(number: str) -> bool:
    """Digits weighted 4 and 9, the seventh fills to the next ten (KBV, Arztnummern-Richtlinie)."""
    total = sum(int(digit) * (4 if at % 2 == 0 else 9) for at, digit in enumerate(number[:6]))
    return (10 - total % 10) % 10 == int(number[6])


_REGISTERS = {
    "US": Register("NPI", re.compile(r"[12]\d{9}"), _npi),
    "FR": Register("RPPS", re.compile(r"\d{11}"), luhn.is_valid),
    "DE": Register("LANR", re.compile(r"\d{9}"), _lanr),
}


def hint(*, country: str, number: str) -> Hint | None:
    """Return how a licence number fits the register of its country.

    Args:
        country: two letters, ISO 3166.
        number: as written, spaces and a leading name of the register allowed.

    Returns:
        None where the country's numbers can't be told by their form, or this is another kind of
        number than the register's.
    """
    register = _REGISTERS.get(country.upper())
    if register is None:
        return None
    bare = re.sub(rf"^{register.name}\b|[\s./-]", "", number.strip(), flags=re.IGNORECASE)
    bare = re.sub(r"[\s:]", "", bare)
    if not bare.isascii() or not register.form.fullmatch(bare):
        return None
    return Hint(register.name, Fit.FITS if register.check(bare) else Fit.MISFITS)
