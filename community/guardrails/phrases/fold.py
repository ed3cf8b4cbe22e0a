"""Fold what looks alike into one form: unseen marks, Markdown, accents, other scripts."""

# ruff: noqa: RUF001 - look-alikes are what this file is about
import re
import unicodedata
from html import unescape

from community.kernel.unseen import DROPPED, IGNORED

_TAGS = (
    "abbr|b|big|br|cite|code|del|div|em|font|i|ins|kbd|li|mark|p|q|s|samp|small|span|strike|strong"
    "|sub|sup|tt|u|ul|wbr"
)

# What a reader does not see, or sees as something else; and what cuts a word in two so that it is
# read all the same, such as a tag, which the page shows as typed. Words in a comment or in an
# attribute are shown and so are read. Possessive: nothing here backtracks.
_SPECIAL = re.compile(
    rf"""(?=[^\t\n\r -%'-)+-;=>-\[\]^a-}}])(?:
    (?P<gone>[{DROPPED}{IGNORED}\u0300-\u036f]++
    |(?<=[^\s*_`~])[*_`]++ | (?<![*_`])[*_`]++(?=[^\s*_`~]) | ~~
    |\\(?=[!-/:-@\[-`{{-~])
    |<!--\s*+\w{{0,3}}+\s*+-->
    |</?+(?:{_TAGS})\s*+/?+>)
    |(?P<entity>&(?:\#\d{{1,7}}+|\#[xX][0-9a-fA-F]{{1,6}}+|[a-zA-Z][a-zA-Z0-9]{{1,30}}+);)
    |(?P<wide>[^\x00-\x7f]))""",
    re.VERBOSE | re.IGNORECASE,
)
_PLAIN = re.compile(r"[\t\n\r !\"#$%'()+,\-./0-9:;=>?@A-Z\[\]^a-z{|}]*+")

# Letters in filled circles and squares, and those that make flags: no form of Unicode leads back.
_ENCLOSED = {
    chr(first + at): chr(ord("A") + at) for first in (0x1F150, 0x1F170, 0x1F1E6) for at in range(26)
}
_FOLD = str.maketrans(
    {
        "‘": "'", "’": "'", "‚": "'", "‛": "'", "′": "'", "´": "'", "ʼ": "'", "＇": "'",
        "“": '"', "”": '"', "„": '"', "‟": '"', "«": '"', "»": '"', "″": '"',
        "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "―": "-", "−": "-", "﹣": "-", "－": "-",
        "·": ".", "∙": ".", "⋅": ".", "․": ".", "…": ".", "⁄": "/", "∕": "/",
        "ß": "ss", "ẞ": "SS", "ø": "o", "Ø": "O", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE",
        "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ð": "d", "þ": "th", "ı": "i", "ɑ": "a", "ɡ": "g",
        "ᴀ": "a", "ʙ": "b", "ᴄ": "c", "ᴅ": "d", "ᴇ": "e", "ꜰ": "f", "ɢ": "g", "ʜ": "h", "ɪ": "i",
        "ᴊ": "j", "ᴋ": "k", "ʟ": "l", "ᴍ": "m", "ɴ": "n", "ᴏ": "o", "ᴘ": "p", "ʀ": "r", "ꜱ": "s",
        "ᴛ": "t", "ᴜ": "u", "ᴠ": "v", "ᴡ": "w", "ʏ": "y", "ᴢ": "z", "≦": "≤", "≧": "≥", "％": "%",
        # Trade marks and daggers hang on words, and so do the numbers of footnotes.
        "™": "", "®": "", "©": "", "℠": "", "†": "", "‡": "",
        "⁰": " 0", "¹": " 1", "²": " 2", "³": " 3", "⁴": " 4", "⁵": " 5", "⁶": " 6", "⁷": " 7",
        "⁸": " 8", "⁹": " 9",
        "\u2028": "\n", "\u2029": "\n", "\x85": "\n", "\u3164": " ", "\u2800": " ",
        **_ENCLOSED,
    }
)  # fmt: skip
# Letters of other scripts that look like Latin ones (Unicode TR 39, those that keyboards give).
_LOOKS_LIKE = str.maketrans(
    "аеорсухіјѕԁһӏвкмнтгпиАВЕЅІЈКМНОРСТУХԌԛԝαονιρτυκχγωεηβΑΒΕΖΗΙΚΜΝΟΡΤΥΧ",
    "aeopcyxijsdhlbkmhtrnuABESIJKMHOPCTYXGqwaoviptukxywenbABEZHIKMNOPTYX",
)
_FEW = 20  # characters that are sooner replaced one by one
_WIDE = re.compile(r"[^\x00-\x7f]")
_FOREIGN = re.compile(r"[\u0370-\u03ff\u0400-\u052f]")
_WORD = re.compile(r"[^\W\d_]++")
_LATIN = re.compile(r"[A-Za-z]")
_ONLY_LOOKALIKES = re.compile(r"[аеорсухіјѕԁһӏАВЕЅІЈКМНОРСТУХαονιρτυκχΑΒΕΖΗΙΚΜΝΟΡΤΥΧ]{2,}+")


def fold(raw: str) -> tuple[str, list[int] | None]:
    """The text as it reads, and for each character its place in `raw`; None where none moved."""
    typed = _with_plain_marks(raw)
    if _PLAIN.fullmatch(typed):
        return typed, None
    pieces: list[str] = []
    places: list[int] = []
    last = 0
    for match in _SPECIAL.finditer(raw):
        start, end = match.span()
        pieces.append(raw[last:start])
        places.extend(range(last, start))
        known = _FOLDED.get(match.group()) if match.lastgroup == "wide" else None
        shown = _shown(match) if known is None else known
        pieces.append(shown)
        places.extend([start] * len(shown))
        last = end
    pieces.append(raw[last:])
    places.extend(range(last, len(raw)))
    places.append(len(raw))
    shown = "".join(pieces)
    return _WORD.sub(_latin, shown) if _FOREIGN.search(shown) else shown, places


def _with_plain_marks(raw: str) -> str:
    """The text with a plain character for each that reads as one, such as a curved quote."""
    found = set(_WIDE.findall(raw))
    for character in found if len(found) <= _FEW else ():
        plain = _fold_character(character)
        if len(plain) == 1:
            raw = raw.replace(character, plain)
    return raw


def _shown(match: re.Match[str]) -> str:
    if match.lastgroup == "gone":
        return ""
    text = match.group()
    if match.lastgroup == "entity":
        text = unescape(text)
        if text.startswith("&") and len(text) > 1:
            return text
    return "".join(map(_fold_character, text))


def _fold_character(character: str) -> str:
    known = _FOLDED.get(character)
    if known is None:
        folded = unicodedata.normalize("NFKD", character.translate(_FOLD))
        known = "".join(c.translate(_FOLD) for c in folded if not unicodedata.combining(c))
        if "\ud800" <= character <= "\udfff":  # half a character: no text, and no UTF-8 either
            known = "\ufffd"
        if known.isspace():
            known = "\n" if "\n" in known else " "
        if len(_FOLDED) < 20_000:
            _FOLDED[character] = known
    return known


_FOLDED: dict[str, str] = {}


def _latin(match: re.Match[str]) -> str:
    word = match.group()
    if not _FOREIGN.search(word):
        return word
    if _LATIN.search(word) or _ONLY_LOOKALIKES.fullmatch(word):
        return word.translate(_LOOKS_LIKE)
    return word
