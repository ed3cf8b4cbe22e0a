"""A draft made ready for the rules: folded, cut into words and sentences, mapped back to what was typed."""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from html import unescape

INVISIBLE = "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u2060-\u2064\u206a-\u206f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufe00-\ufe0f\ufeff\uffa0"
_TAGS = "abbr|b|big|br|cite|code|del|div|em|font|i|ins|kbd|li|mark|p|q|s|samp|small|span|strike|strong|sub|sup|tt|u|ul|wbr"

# What a reader does not see, or sees as something else. Possessive quantifiers: nothing here backtracks.
_SPECIAL = re.compile(
    rf"""(?=[^\t\n\r -%'-)+-;=>-\[\]^a-}}])(?:
    (?P<gone>[\x00-\x08\x0b\x0c\x0e-\x1f\x7f{INVISIBLE}\u0300-\u036f]++
    |(?<=[^\s*_`~])[*_`]++ | [*_`]++(?=[^\s*_`~]) | ~~
    |\\(?=[!-/:-@\[-`{{-~])
    |<!--[^<>]{{0,500}}+-->
    |</?+(?:{_TAGS})(?:\s++[\w:-]++(?:\s*+=\s*+(?:"[^"<>]*+"|'[^'<>]*+'|[^\s"'<>=]++))?+)*+\s*+/?+>)
    |(?P<entity>&(?:\#\d{{1,7}}+|\#[xX][0-9a-fA-F]{{1,6}}+|[a-zA-Z][a-zA-Z0-9]{{1,30}}+);)
    |(?P<wide>[^\x00-\x7f]))""",
    re.VERBOSE | re.IGNORECASE,
)
_PLAIN = re.compile(r"[\t\n\r !\"#$%'()+,\-./0-9:;=>?@A-Z\[\]^a-z{|}]*+")

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
        "\u2028": "\n", "\u2029": "\n", "\x85": "\n",
    }
)  # fmt: skip
# Letters of other scripts that look like Latin ones (Unicode TR 39, the pairs that a keyboard gives).
_LOOKS_LIKE = str.maketrans(
    "аеорсухіјѕԁһӏвкмнтгпиАВЕЅІЈКМНОРСТУХԌԛԝαονιρτυκχγωεηβΑΒΕΖΗΙΚΜΝΟΡΤΥΧ",
    "aeopcyxijsdhlbkmhtrnuABESIJKMHOPCTYXGqwaoviptukxywenbABEZHIKMNOPTYX",
)
_FOREIGN_WORD = re.compile(r"[^\W\d_]*[\u0370-\u03ff\u0400-\u052f][^\W\d_]*")
_LATIN = re.compile(r"[A-Za-z]")
_ONLY_LOOKALIKES = re.compile(r"[аеорсухіјѕԁһӏАВЕЅІЈКМНОРСТУХαονιρτυκχΑΒΕΖΗΙΚΜΝΟΡΤΥΧ]{2,}+")

# Read on the folded text in small letters. Words come first because most tokens are words.
_TOKEN = re.compile(
    r"""((?!https?://|www\.)[^\W\d_][^\W_]*+(?:'(?!(?:s|ll|ve|re|d|m)(?![^\W_]))[^\W\d_]++)*+)
    |((?!10\.\d{4,9}/)[£€$]?\d++(?:[.,]\d++)*+)
    |([%=<>≤≥±~+/&@,;:§]|[^\w\s\x00-\x7f])
    |([.!?]++)
    |(\n)
    |('(?:s|ll|ve|re|d|m)(?![^\W_]))
    |((?:https?://|www\.)[^\s<>"']*[^\s<>"'.,;:!?)\]])
    |(10\.\d{4,9}/[^\s<>"']*[^\s<>"'.,;:!?)\]])""",
    re.VERBOSE,
)
WORD, NUMBER, MARK, STOP, LINE, ENDING, URL, DOI = range(1, 9)
_SPOKEN = frozenset({WORD, NUMBER, ENDING})
_BLOCK = re.compile(r"[ \t]*+(?:\n|$|>|[-*+][ \t]|\d{1,3}[.)][ \t]|\#{1,6}[ \t]|\||```|~~~)")
_QUOTE = re.compile(r"^(?:[ \t]{0,3}>)+", re.MULTILINE)
_NEXT_SENTENCE = re.compile(r"[\"')\]}]*+(?:\s++[\"'({]*+[A-Z0-9\u0370-\uffff]|\s*+\Z)")
_YEAR = re.compile(r"(?:19|20)\d\d")
_SHORT = frozenset(
    "dr mr mrs ms prof st vs al eg ie fig no approx ca cf ref refs dept hr bzw usw z resp vol pp p e i g".split()
)


@dataclass(slots=True)
class Text:
    """A text as the rules read it; `clean` is folded, `place` leads back to code points of `raw`.

    The tokens stand in five lists of one length: `norms` (folded words), `kinds` (WORD and so on),
    `starts` and `ends` (in `clean`), `sentences` (numbers that never fall). `quoted` holds the
    numbers of sentences in lines that begin with `>`; `memo` keeps what a detector found once.
    """

    raw: str
    clean: str
    places: list[int] | None = None
    norms: list[str] = field(default_factory=list)
    kinds: list[int] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    sentences: list[int] = field(default_factory=list)
    quoted: set[int] = field(default_factory=set)
    memo: dict[str, object] = field(default_factory=dict)

    def place(self, start: int, end: int) -> tuple[int, int]:
        """The half-open span in `raw` for a half-open span in `clean`."""
        if self.places is None:
            return start, end
        if start >= end:
            return self.places[start], self.places[start]
        return self.places[start], self.places[end - 1] + 1

    def words_of_sentences(self) -> dict[int, str]:
        """Sentence by sentence its words and numbers, folded, one space between."""
        found: dict[int, list[str]] = {}
        for norm, kind, sentence in zip(self.norms, self.kinds, self.sentences, strict=True):
            words = found.setdefault(sentence, [])
            if kind in _SPOKEN:
                words.append(norm)
        return {sentence: " ".join(words) for sentence, words in found.items()}

    def sentences_at(self, start: int, end: int) -> frozenset[int]:
        """Numbers of the sentences that a half-open span of `clean` touches.

        A span between words belongs to the word before it, at the very start to the first.
        """
        first = bisect_right(self.ends, start)
        last = bisect_left(self.starts, end)
        if first >= last:
            first, last = (first - 1, first) if first else (0, 1)
        return frozenset(self.sentences[first:last])


def read(raw: str) -> Text:
    """Prepare `raw` for the rules in one pass, linear in its length."""
    clean, places = _fold(raw)
    text = Text(raw=raw, clean=clean, places=places)
    _cut(text)
    return text


def _fold(raw: str) -> tuple[str, list[int] | None]:
    if _PLAIN.fullmatch(raw):
        return raw, None
    pieces: list[str] = []
    places: list[int] = []
    last = 0
    for match in _SPECIAL.finditer(raw):
        start, end = match.span()
        pieces.append(raw[last:start])
        places.extend(range(last, start))
        shown = _shown(match)
        pieces.append(shown)
        places.extend([start] * len(shown))
        last = end
    pieces.append(raw[last:])
    places.extend(range(last, len(raw)))
    places.append(len(raw))
    return _FOREIGN_WORD.sub(_latin, "".join(pieces)), places


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
        if known.isspace():
            known = "\n" if "\n" in known else " "
        if len(_FOLDED) < 20_000:
            _FOLDED[character] = known
    return known


_FOLDED: dict[str, str] = {}


def _latin(match: re.Match[str]) -> str:
    word = match.group()
    if _LATIN.search(word) or _ONLY_LOOKALIKES.fullmatch(word):
        return word.translate(_LOOKS_LIKE)
    return word


def _cut(text: Text) -> None:
    """Cut the folded text into tokens, each with the number of its sentence."""
    clean = text.clean
    lowered = clean.lower()
    if len(lowered) != len(clean):
        lowered = "".join(c.lower() if len(c.lower()) == 1 else c for c in clean)
    norms, kinds, starts = text.norms, text.kinds, text.starts
    ends, sentences = text.ends, text.sentences
    sentence, ended = 0, False
    quote = _QUOTE.match(clean)
    resume = quote.end() if quote else 0
    for match in _TOKEN.finditer(lowered):
        start, end = match.span()
        kind = match.lastindex or 0
        if start < resume:
            continue
        if kind == LINE:
            before, quote = quote, _QUOTE.match(clean, end)
            resume = quote.end() if quote else end
            new_block = (quote is None) != (before is None) or _BLOCK.match(clean, resume)
            sentence += bool(new_block or ended)
            continue
        ended = kind == STOP
        if ended and "?" not in match.group():
            sentence += _ends_sentence(clean, start, end, text)
            continue
        norms.append("?" if ended else match.group())
        kinds.append(MARK if ended else kind)
        starts.append(start)
        ends.append(end)
        sentences.append(sentence)
        if quote:
            text.quoted.add(sentence)
        if ended:
            sentence += _ends_sentence(clean, start, end, text)


def _ends_sentence(clean: str, start: int, end: int, text: Text) -> bool:
    """A stop ends a sentence before a capital, a digit or the end; not after 'Dr.' or 'vs.'."""
    if not _NEXT_SENTENCE.match(clean, end):
        return False
    if end - start > 1 or clean[start] != "." or not text.norms or text.ends[-1] != start:
        return True
    return text.norms[-1] not in _SHORT
