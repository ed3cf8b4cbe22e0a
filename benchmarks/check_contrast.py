"""Measure the colours of the style sheets against WCAG 2.2, in both themes.

    python -m benchmarks.check_contrast    a table; exit status 1 where a pair is too weak

Reads `static/css/tokens.css`, where each colour stands as `light-dark(oklch(…), oklch(…))`.
OKLCH to sRGB after Björn Ottosson, "A perceptual color space for image processing" (2020);
contrast after WCAG 2.2, definitions of relative luminance and contrast ratio.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from math import cos, radians, sin
from pathlib import Path

TOKENS = Path(__file__).resolve().parents[1] / "static" / "css" / "tokens.css"

TEXT, LARGE_INK, CONTROL = 4.5, 7.0, 3.0
"""Least ratios: text (1.4.3), what people read at length (our own rule), and controls (1.4.11)."""

GROUNDS = ("paper", "sheet", "well")
WASHES = ("accent-wash", "company-wash", "allow-wash", "advise-wash", "hold-wash", "block-wash")

# Which colour stands on which grounds, and how strong it must be there at least.
USES: tuple[tuple[str, tuple[str, ...], float], ...] = (
    ("ink", GROUNDS + WASHES, LARGE_INK),
    ("ink-2", GROUNDS + WASHES, TEXT),
    ("ink-3", (*GROUNDS, "accent-wash", "company-wash", "hold-wash"), TEXT),
    ("accent", GROUNDS + WASHES, TEXT),
    ("company", ("paper", "sheet", "company-wash"), TEXT),
    ("allow", ("paper", "sheet", "allow-wash"), TEXT),
    ("advise", ("paper", "sheet", "advise-wash"), TEXT),
    ("hold", ("paper", "sheet", "accent-wash", "hold-wash"), TEXT),
    ("block", ("paper", "sheet", "accent-wash", "block-wash"), TEXT),
    ("on-accent", ("accent-fill", "accent-fill-hover"), TEXT),
    ("on-company", ("company-fill",), TEXT),
    ("on-block", ("block-fill",), TEXT),
    ("paper", ("ink",), LARGE_INK),
    ("edge", GROUNDS, CONTROL),
    ("focus", (*GROUNDS, "company-wash", "hold-wash"), CONTROL),
    ("accent-fill", ("paper", "sheet", "well"), CONTROL),
    ("company-fill", ("paper", "sheet", "well"), CONTROL),
    ("hold-line", ("paper", "sheet"), CONTROL),
    ("block-line", ("paper", "sheet"), CONTROL),
)

_COLOUR = r"oklch\(([\d.]+) ([\d.]+) ([\d.]+)\)"
_TOKEN = re.compile(rf"--([\w-]+):\s*light-dark\(\s*{_COLOUR},\s*{_COLOUR}\s*\)")


@dataclass(frozen=True)
class Colour:
    """A colour in OKLCH: lightness 0 to 1, chroma, hue in degrees."""

    lightness: float
    chroma: float
    hue: float

    @property
    def linear(self) -> tuple[float, float, float]:
        """Red, green and blue of linear light; outside 0 to 1 where no screen shows it."""
        a = self.chroma * cos(radians(self.hue))
        b = self.chroma * sin(radians(self.hue))
        long = (self.lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
        medium = (self.lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
        short = (self.lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
        return (
            4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
            -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
            -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
        )

    @property
    def luminance(self) -> float:
        """How bright it is on a screen, 0 to 1."""
        red, green, blue = (min(1.0, max(0.0, part)) for part in self.linear)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    @property
    def is_shown(self) -> bool:
        """Whether every screen can show it: it lies inside sRGB."""
        return all(-0.002 <= part <= 1.002 for part in self.linear)


def contrast(one: Colour, other: Colour) -> float:
    """Return the ratio of two colours, 1 to 21."""
    darker, brighter = sorted((one.luminance, other.luminance))
    return (brighter + 0.05) / (darker + 0.05)


def read_tokens(sheet: str) -> dict[str, tuple[Colour, Colour]]:
    """Give every colour of a sheet by its name, light and dark."""
    return {
        name: (Colour(*map(float, parts[:3])), Colour(*map(float, parts[3:])))
        for name, *parts in _TOKEN.findall(sheet)
    }


@dataclass(frozen=True)
class Measured:
    """One colour on one ground: its ratios in light and dark, and the least it may have."""

    front: str
    ground: str
    light: float
    dark: float
    least: float

    @property
    def is_weak(self) -> bool:
        """Whether it can't be read well enough in one of the themes."""
        return min(self.light, self.dark) < self.least


def measure(tokens: dict[str, tuple[Colour, Colour]]) -> list[Measured]:
    """Measure every pair that the sheets use."""
    return [
        Measured(
            front,
            ground,
            contrast(tokens[front][0], tokens[ground][0]),
            contrast(tokens[front][1], tokens[ground][1]),
            least,
        )
        for front, grounds, least in USES
        for ground in grounds
    ]


def main() -> int:
    """Print every pair, and say by the exit status whether all hold."""
    tokens = read_tokens(TOKENS.read_text("utf-8"))
    unseen = [name for name, pair in tokens.items() if not all(colour.is_shown for colour in pair)]
    measured = measure(tokens)
    print(f"{'colour':18}{'ground':20}{'light':>6}{'dark':>7}{'least':>7}")
    for pair in measured:
        weak = "  WEAK" if pair.is_weak else ""
        print(
            f"{pair.front:18}{pair.ground:20}{pair.light:6.2f}{pair.dark:7.2f}{pair.least:7.1f}{weak}"
        )
    for name in unseen:
        print(f"--{name} lies outside what every screen can show")
    return 1 if unseen or any(pair.is_weak for pair in measured) else 0


if __name__ == "__main__":
    sys.exit(main())
