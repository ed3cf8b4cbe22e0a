"""Tells a line of clinical writing from a line of Markdown.

Markdown reads meaning into characters that clinicians use for their own: `> 60 mL/min` is no quote,
`# NOF` (a fracture) no heading, `- 11 %` no list, `HLA-B*57:01` no emphasis, `2024. Then` no item.
This module judges each line by itself and by its neighbours. The rule for every doubt: a line left
as typed loses nothing, a comparison shown as a quote loses its sign.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import dropwhile, groupby

BULLET = re.compile(r"^( *)([-*]) +(?=\S)")
NUMBER = re.compile(r"^( *)([1-9]\d?)\. +(?=\S)")
QUOTE = re.compile(r"^ {0,3}> ?")
_HEADING = re.compile(r"^ {0,3}(#{1,6}) +(\S.*?)(?: +#+)? *$")

_RULE = re.compile(r"^ {0,3}(?:-{3,}|\*{3,}|-(?: -){2,}|\*(?: \*){2,}) *$")
_BULLET_OR_SIGN = re.compile(r"^ *[-*+] +(?=\S)")

_FIGURE = r"(?:[~±+\-−≈]|ca?\.)? ?(?:[$€£¥] ?)?(?:\d|[.,]\d|[½¼¾⅓⅔])"
_LIMIT = r"(?:x ?)?(?:ULN|LLN|LOQ|LOD)\b|(?:grade|stage|class|NYHA|CKD|day|week|month) ?[\dIVX]"
_COMPARED = re.compile(rf"[>=/]* *(?:{_FIGURE}|{_LIMIT})|/?=", re.IGNORECASE)
_THRESHOLD = re.compile(
    rf"[>=/]* *{_FIGURE}[\d.,–-]* ?(?:%|[\w/µ°^²]{{1,12}})? ?(?:[:;=,]|[-=]>|→|$|"
    r"(?:stop|start|hal|full|reduce|hold|call|give|ok|then|use|avoid|no)\w*\b)",
    re.IGNORECASE,
)
_ITEM_TEXT = re.compile(r"\d{1,2}[.)] +[^\W\d]")
_FACE = re.compile(r"[:;]-?[()|/\\DPp]")

_BEGINS_WITH_FIGURE = re.compile(_FIGURE)
_BARE_CHANGE = re.compile(rf"{_FIGURE}[\d.,–-]*(?: ?%|(?: ?[\w/µ°^²]{{1,12}})?[.;,)]*$)")
_FOOTNOTE_MARK = re.compile(r"[\d%)]\*(?![\w*])")
_UNIT = re.compile(r"(?:[mµnk]?g|m?[lL]|[mµ]mol|IU|kg|[cm]m|min|%)(?:[\s/.,;]|$)")
_MONTH_OF_YEAR = re.compile(
    r"(?:jan|feb|f[ée]v|m[aä]r|apr|avr|abr|ma[iy]|jui?n|jui?l|aug|ao[uû]|ago|sep|o[ck]t|nov|d[eéi][cz])"
    r"[^\W\d]*\.?(?: *\d{2,4}\b|[,:;)]|$)",
    re.IGNORECASE,
)
_FRACTURE = re.compile(
    r"# +(?:\d|(?:(?:[LR]|left|right|old|distal|prox\w*) +)*"
    r"(?:NO[FH]|neck of|hip|pelvis|pubic ram|femur|femoral neck|tib(?:ia)?|fib(?:ula)?|tib[/-]fib"
    r"|ankle|radius|ulna|colles|wrist|scaphoid|humerus|clavicle|ribs?|skull|vertebra|sacrum|mandible"
    r"|[CTLS]\d{1,2})\b)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Lines:
    """Which lines, by index, are really quotes, bullets and numbered items."""

    quotes: frozenset[int]
    bullets: frozenset[int]
    numbers: frozenset[int]


def judge(lines: Sequence[str]) -> Lines:
    """Judge all lines of one text, or of one quote, with one pass for each kind."""
    return Lines(
        quotes=frozenset(_quotes(lines)),
        bullets=frozenset(_bullets(lines)),
        numbers=frozenset(_numbers(lines)),
    )


def heading_of(line: str) -> str | None:
    """Give a heading in its plainest form, None for `#1 problem` or a fracture, `# NOF`."""
    match = _HEADING.match(line)
    if match is None or _FRACTURE.match(line.lstrip()):
        return None
    return f"{match[1]} {match[2]}"


def is_rule(line: str) -> bool:
    """Say whether a line is a divider; underscores are a blank to be filled in and stay."""
    return _RULE.match(line) is not None


def is_compared(rest: str) -> bool:
    """Say whether what follows a `>` at the start of a line makes it a sign: `60 mL/min`, `=3`."""
    if _ITEM_TEXT.match(rest):
        return False
    return bool(_COMPARED.match(rest) or _FACE.match(rest))


def indent_of(line: str) -> int:
    """Count the spaces that a line begins with."""
    return len(line) - len(line.lstrip(" "))


def number_of(line: str) -> int:
    """Read the number of a numbered item, 0 where the line is none."""
    match = NUMBER.match(line)
    return int(match[2]) if match else 0


def continues(line: str, before: str) -> bool:
    """Say whether a line goes on with the item before it: indented, or wrapped by a mail program.

    Args:
        line: the line, not blank and not itself an item.
        before: the line above, as typed. Wrapped lines are long and go on in small letters.
    """
    return indent_of(line) >= 2 or (len(before) >= 55 and (line[0].islower() or line[0].isdigit()))


def _quotes(lines: Sequence[str]) -> list[int]:
    """Take a run of `>` lines for a quote unless every one of them is a comparison.

    Thresholds that a run begins with (`> 60: full dose`) stay out of it. A bare `>` is never a
    comparison: a quote that begins with a figure is safe behind one.
    """
    found: list[int] = []
    marked = [QUOTE.match(line) is not None for line in lines]
    for is_marked, group in groupby(range(len(lines)), key=marked.__getitem__):
        if is_marked:
            run = [(index, QUOTE.sub("", lines[index]).strip()) for index in group]
            rest = list(dropwhile(lambda line: _THRESHOLD.match(line[1]), run))
            texts = [text for _, text in rest if text]
            if texts and not (run[0][1] and all(map(is_compared, texts))):
                found.extend(index for index, _ in rest)
    return found


def _runs(lines: Sequence[str], item: re.Pattern[str]) -> list[list[int]]:
    """Group the lines that look like items into lists.

    Text at the margin ends a list, and so does another mark after a blank line.
    """
    runs: list[list[int]] = [[]]
    mark, blank = "", False
    for index, line in enumerate(lines):
        if item.match(line):
            if blank and runs[-1] and line.lstrip()[0] != mark and not mark.isdigit():
                runs.append([])
            mark, blank = line.lstrip()[0], False
            runs[-1].append(index)
        elif not line.strip():
            blank = True
        elif not continues(line, lines[index - 1]):
            runs.append([])
    return [run for run in runs if run]


def _bullets(lines: Sequence[str]) -> list[int]:
    """Find the lists with bullets; `+ fever` beside `- cough` means found and not found."""
    has_footnotes = any(_FOOTNOTE_MARK.search(line) for line in lines)
    found: list[int] = []
    for run in _runs(lines, _BULLET_OR_SIGN):
        matches = [BULLET.match(lines[index]) for index in run]
        if len(run) == 1 and has_footnotes and lines[run[0]].lstrip().startswith("*"):
            continue  # `* adjusted for age` under a `5.4*`
        if all(matches) and _are_bullets([BULLET.sub("", lines[index]) for index in run]):
            found.extend(run)
    return found


def _are_bullets(texts: Sequence[str]) -> bool:
    """Judge one list by what follows its marks: figures alone are more likely changes."""
    if not all(_BEGINS_WITH_FIGURE.match(text) for text in texts):
        return True
    return len(texts) > 1 and not any(_BARE_CHANGE.match(text) for text in texts)


def _numbers(lines: Sequence[str]) -> list[int]:
    """Find the numbered lists: they count up, begin at 1, or go on where the last one ended."""
    found: list[int] = []
    last = 0
    for run in _runs(lines, NUMBER):
        for part in _counted(lines, run):
            first = number_of(lines[part[0]])
            if len(part) > 1 or (first in {1, last + 1} and not _is_date_or_dose(lines[part[0]])):
                found.extend(part)
                last = number_of(lines[part[-1]])
    return found


def _is_date_or_dose(line: str) -> bool:
    text = NUMBER.sub("", line)
    return bool(_UNIT.match(text) or _MONTH_OF_YEAR.match(text))


def _counted(lines: Sequence[str], run: Sequence[int]) -> list[list[int]]:
    """Split a list where its numbers do not go up by one (or all stay 1), each indent apart."""
    parts: list[list[int]] = []
    latest: dict[int, list[int]] = {}
    for index in run:
        indent, number = indent_of(lines[index]), number_of(lines[index])
        latest = {key: part for key, part in latest.items() if key <= indent}
        part = latest.get(indent)
        before = number_of(lines[part[-1]]) if part else -1
        if part and (number == before + 1 or number == before == 1):
            part.append(index)
        else:
            latest[indent] = [index]
            parts.append(latest[indent])
    return parts
