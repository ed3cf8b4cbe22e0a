"""What a phrase of a rule file says: a row of elements over words, not a regular expression."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from community.guardrails.phrases.text import MARK, read

LONGEST_PHRASE = 600
MOST_ELEMENTS = 40
MOST_EFFORT = 300
GAP_WORDS = 6

_PIECE = re.compile(
    r"\s*(?:\((?P<group>[^()]*)\)(?P<how>[?*])?|\{(?P<ref>\w+)\}|(?P<gap>\.\.)(?=\s|$)"
    r"|(?P<word>[^\s(){}]+))"
)
# A plus stands for itself, as in CD20+, and a dollar before its sum, as in $5.
_REGULAR_EXPRESSION = re.compile(r"[\^\[\]\\]|\$(?!\d)|[).*]\+")
_TOKEN_CLASSES = frozenset({"number", "year", "url", "doi"})
# Words so frequent that a phrase is better looked for by another of its words.
_FREQUENT = frozenset(
    "a all an and any are as at be been but by can could did do does for from had has have he her"
    " him his how i if in is it its may me more must my no not of on one or our out she should so"
    " some such than that the their them they this to too up us was we were what when which who"
    " will with would you your patient patients".split()
)
_WEIGHT_OF_CLASS = {"{number}": 6, "{product}": 6, "{percent}": 4, "{reference}": 5, "{trial}": 3}


class PhraseError(ValueError):
    """A phrase that cannot be read; the message says why."""


@dataclass(frozen=True, slots=True)
class Element:
    """One place of a phrase: a word of `keys`, one of `paths` (words, lists), or a gap."""

    keys: frozenset[str] = frozenset()
    paths: tuple[tuple[Element, ...], ...] = ()
    ref: str = ""
    optional: bool = False
    gap: bool = False
    plain: bool = field(init=False, default=False)  # one word, and it must be there
    key: str = field(init=False, default="")  # where `keys` holds but one
    path_openers: frozenset[str] = field(init=False, default=frozenset())
    path_lists: tuple[str, ...] = field(init=False, default=())  # those of them in braces

    def __post_init__(self) -> None:
        """Work out once what the matcher asks at every word."""
        plain = not (self.paths or self.ref or self.optional or self.gap)
        object.__setattr__(self, "plain", plain)
        object.__setattr__(self, "key", next(iter(self.keys)) if len(self.keys) == 1 else "")
        openers = frozenset[str]().union(*(_openers(path) for path in self.paths))
        object.__setattr__(self, "path_openers", openers)
        lists = tuple(sorted(opener for opener in openers if opener[0] == "{"))
        object.__setattr__(self, "path_lists", lists)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A parsed phrase; of each set in `needs` the text must hold one key or list, rarest first."""

    source: str
    elements: tuple[Element, ...]
    needs: tuple[frozenset[str], ...]
    openers: frozenset[str]
    tail: int  # from this element on, all may be missing
    refs: frozenset[str]  # the lists it names, in braces
    plain: bool  # a row of single words, each of which must be there
    effort: int  # how often one word of a text is looked at, at the very most

    @property
    def anchor(self) -> frozenset[str]:
        """The need by which the phrase is looked up."""
        return self.needs[0]


@lru_cache(maxsize=20_000)
def parse(source: str) -> Phrase:
    """Read one phrase. Raises PhraseError where it is not in the language."""
    if len(source) > LONGEST_PHRASE:
        raise PhraseError(f"a phrase has {LONGEST_PHRASE} characters at most")
    foreign = _REGULAR_EXPRESSION.search(source)
    if foreign is not None:
        raise PhraseError(
            f"a phrase is a row of words, no regular expression: {foreign[0]!r} means nothing in it"
        )
    elements = (Element(frozenset({"?"})),) if source.strip() == "?" else _elements(source)
    if len(elements) > MOST_ELEMENTS:
        raise PhraseError(f"a phrase has {MOST_ELEMENTS} parts at most")
    required = [e for e in elements if not (e.optional or e.gap) and e.keys != {"{any}"}]
    if not required:
        raise PhraseError("at least one word must be there in any case")
    if elements[0].gap or elements[-1].gap:
        raise PhraseError("'..' stands between words")
    tail = len(elements)
    while elements[tail - 1].optional:
        tail -= 1
    needs = tuple(sorted(map(_anchor, required), key=_weight))
    plain = all(element.plain for element in elements)
    effort = sum(map(_effort, elements))
    if effort > MOST_EFFORT:
        raise PhraseError(f"looks {effort} times at a word, {MOST_EFFORT} at most: fewer '..' or |")
    refs = _references(elements)
    return Phrase(source, elements, needs, _openers(elements), tail, refs, plain, effort)


def _elements(source: str) -> tuple[Element, ...]:
    found: list[Element] = []
    position = 0
    source = source.strip()
    while position < len(source):
        piece = _PIECE.match(source, position)
        if piece is None:
            raise PhraseError(f"cannot read {source[position:]!r}")
        position = piece.end()
        if piece["gap"]:
            found.append(Element(gap=True))
        elif piece["group"] is not None:
            found.append(_group(piece["group"], piece["how"] or ""))
        elif piece["ref"]:
            found.append(_reference(piece["ref"]))
        else:
            found.extend(_words(piece["word"]))
    return tuple(found)


def _reference(name: str) -> Element:
    if name in _TOKEN_CLASSES:
        return Element(frozenset({"{" + name + "}"}))
    return Element(ref="{" + name + "}")


def _words(chunk: str, *, prefix: bool = False) -> list[Element]:
    """The words of a chunk without spaces: `off-label` gives two, `dose*` one with any ending."""
    if chunk == "*":
        return [Element(frozenset({"{any}"}))]
    if chunk.startswith("=") and len(chunk) > 1 and chunk[1:].isalnum():
        return [Element(frozenset({chunk}))]
    prefix = prefix or chunk.endswith("*")
    text = read(chunk.rstrip("*"))
    keys = [*text.norms]
    if prefix and (not keys or text.kinds[-1] == MARK):
        raise PhraseError(f"{chunk!r}: '*' stands after letters")
    if prefix:
        keys[-1] += "*"
    return [Element(frozenset({key})) for key in keys]


def _group(inside: str, how: str) -> Element:
    keys: set[str] = set()
    paths: list[tuple[Element, ...]] = []
    optional = how == "?"
    for alternative in inside.split("|"):
        path = _path(alternative, prefix=how == "*")
        optional = optional or not path
        if len(path) == 1 and path[0].keys:
            keys |= path[0].keys
        elif path:
            paths.append(path)
    if not keys and not paths:
        raise PhraseError(f"({inside}) holds no word")
    return Element(frozenset(keys), tuple(paths), optional=optional)


def _path(alternative: str, *, prefix: bool) -> tuple[Element, ...]:
    path: list[Element] = []
    for piece in alternative.split():
        if piece == "..":
            raise PhraseError("no '..' inside brackets")
        if piece.startswith("{") and piece.endswith("}"):
            path.append(_reference(piece[1:-1]))
        else:
            path.extend(_words(piece, prefix=prefix))
    return tuple(path)


def _effort(element: Element) -> int:
    """How often the search may look at one word for this element; no pair is tried twice."""
    if element.gap:
        return 2 * GAP_WORDS + 1
    return 1 + sum(_effort(part) for path in element.paths for part in path)


def _anchor(element: Element) -> frozenset[str]:
    """Keys of which the text must hold one if the element matches."""
    if element.ref:
        return frozenset({element.ref})
    best = (min(map(_anchor, path), key=_weight) for path in element.paths)
    return element.keys.union(*best)


def _weight(keys: frozenset[str]) -> int:
    return sum(_WEIGHT_OF_CLASS.get(key, 8 if key in _FREQUENT else 1) for key in keys)


def _openers(elements: Iterable[Element]) -> frozenset[str]:
    """Keys and lists with which a match can begin."""
    found: set[str] = set()
    for element in elements:
        found |= element.keys
        found |= {element.ref} if element.ref else set()
        for path in element.paths:
            found |= _openers(path)
        if not element.optional:
            break
    return frozenset(found)


def references(phrase: Phrase) -> set[str]:
    """Names of the lists that a phrase uses."""
    return {ref[1:-1] for ref in phrase.refs}


def _references(elements: Iterable[Element]) -> frozenset[str]:
    found: set[str] = set()
    for element in elements:
        found |= {element.ref} if element.ref else set()
        for path in element.paths:
            found |= _references(path)
    return frozenset(found)
