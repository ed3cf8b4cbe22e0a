"""`community policy check`: is a use policy complete, and can people read it."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Iterable
from pathlib import Path

import click

from community.kernel.readability import HardSentence, Readability, measure
from community.use_policies.library import DEFAULT_LANGUAGE
from community.use_policies.loader import PolicyFileError, read_use_policy

GRADE_LIMIT = 8.0
"""The highest school year that a use policy may ask of its readers."""

SHOWN_LONG_WORDS = 12
WIDTH = 88


@click.group()
def policy() -> None:
    """Look after the use policies."""


@policy.command()
@click.argument(
    "files",
    metavar="FILE...",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
)
def check(files: tuple[Path, ...]) -> None:
    """Check the front matter of use policy FILEs and how hard they are to read.

    Prints the grade, the mean sentence length, the long words and the hardest
    sentences. English is measured by Flesch-Kincaid, German by the first Wiener
    Sachtextformel. Exit code 1 when a file is incomplete or its grade is above 8.
    """
    results = [_is_fine(file) for file in files]
    sys.exit(0 if all(results) else 1)


def _is_fine(file: Path) -> bool:
    """Print what was found in one file; say whether it may be used as it is."""
    click.echo(click.style(str(file), bold=True))
    error: PolicyFileError | None = None
    try:
        text = read_use_policy(file)
        language, markdown = text.language, text.markdown
    except PolicyFileError as found:
        error = found
        language, markdown = _draft(file)
        click.echo(f"  Not usable: {found.field}: {found.why}")
    try:
        found_grade = measure(markdown, language=language)
    except ValueError as unmeasured:
        click.echo(f"  Not measured: {unmeasured}\n")
        return False
    click.echo("\n".join(_report(found_grade)) + "\n")
    return error is None and found_grade.grade <= GRADE_LIMIT


def _draft(file: Path) -> tuple[str, str]:
    """Take language and text of a file whose front matter cannot be used, for measuring alone."""
    raw = file.read_bytes().decode("utf-8", errors="replace").replace("\r\n", "\n")
    language = file.suffixes[-2][1:] if len(file.suffixes) > 1 else DEFAULT_LANGUAGE
    parts = raw.split("\n+++\n", maxsplit=1)
    return language, parts[1] if raw.startswith("+++\n") and len(parts) > 1 else raw


def _report(found: Readability) -> Iterable[str]:
    verdict = "within" if found.grade <= GRADE_LIMIT else "above"
    yield f"  Grade {found.grade:.1f} ({found.formula}), {verdict} the limit of {GRADE_LIMIT:.0f}"
    yield (
        f"  Mean sentence length {found.mean_sentence_length:.1f} words "
        f"({found.words} words in {found.sentences} sentences)"
    )
    yield f"  Long words {found.long_word_share:.1%} of all words; the longest are"
    shown = ", ".join(found.long_words[:SHOWN_LONG_WORDS]) or "none"
    yield from textwrap.wrap(
        shown, WIDTH, break_on_hyphens=False, initial_indent="    ", subsequent_indent="    "
    )
    yield "  Hardest sentences" if found.hardest else "  No sentence is long enough to be hard."
    for sentence in found.hardest:
        yield from _hard(sentence)


def _hard(sentence: HardSentence) -> list[str]:
    label = f"    {sentence.grade:4.1f}  {sentence.words} words: "
    return textwrap.wrap(sentence.text, WIDTH, initial_indent=label, subsequent_indent=" " * 10)
