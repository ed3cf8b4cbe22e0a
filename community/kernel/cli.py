"""Commands of the kernel: show what a text becomes, without the app or a database."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from typing import BinaryIO

import click

from community.kernel import markup


class BadLine(ValueError):
    """A line that is no `{"id", "text"}`; its sentence says why."""


def read_line(line: bytes) -> tuple[str | int, str]:
    """Read one line of JSON.

    Raises:
        BadLine: it is not UTF-8, not JSON, no object, or lacks an `id` or a `text`.
    """
    try:
        item = json.loads(line)
    except RecursionError:
        raise BadLine("nested too deeply") from None
    except ValueError as error:
        raise BadLine(f"not JSON in UTF-8: {error}") from None
    if not isinstance(item, dict):
        raise BadLine("not a JSON object")
    key, text = item.get("id"), item.get("text")
    if isinstance(key, bool) or not isinstance(key, str | int):
        raise BadLine("no `id` that is a string or a whole number")
    if not isinstance(text, str):
        raise BadLine("no `text` that is a string")
    return key, text


def render_lines(lines: Iterable[bytes]) -> Iterator[str | BadLine]:
    """Render lines of `{"id", "text"}` into lines of `{"id", "html"}`, one by one.

    Args:
        lines: JSON in UTF-8; blank lines are passed over.

    Yields:
        A line without its end, in ASCII; or, for a bad line, what is wrong with it.
    """
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            key, text = read_line(line)
        except BadLine as error:
            yield BadLine(f"line {number}: {error}")
        else:
            yield json.dumps({"id": key, "html": markup.render(text)})


@click.command("render")
@click.option(
    "--jsonl", "is_jsonl", is_flag=True, help='Read lines of {"id","text"}, write {"id","html"}.'
)
@click.argument("file", type=click.File("rb"), default="-")
def render(is_jsonl: bool, file: BinaryIO) -> None:
    """Show the HTML that a post of this text would have.

    Reads FILE, or standard input. A bad line of --jsonl is named, the others are rendered, and
    the command ends with 1.
    """
    if not is_jsonl:
        click.echo(markup.render(file.read().decode(errors="replace")))
        return
    has_failed = False
    for result in render_lines(file):
        click.echo(result, err=isinstance(result, BadLine))
        has_failed = has_failed or isinstance(result, BadLine)
    if has_failed:
        sys.exit(1)
