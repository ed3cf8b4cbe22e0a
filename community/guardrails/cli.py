"""`community guardrails`: try texts against the rules, and the rules against their examples."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

import click

from community.guardrails.engine import Context, GuardrailSet, Verdict, evaluate
from community.guardrails.loader import (
    SHIPPED_PRODUCTS,
    SHIPPED_SET,
    GuardrailFileError,
    check_examples,
    load_products,
    load_set,
)

AUTHORS = {
    "msl": Context(affiliation="company", role="msl"),
    "hcp": Context(affiliation="hcp", role="member"),
}
_FINDING_KEYS = ("rule", "kind", "start", "end", "reason")


class BadLine(ValueError):
    """A line of input that cannot be judged; the message says why."""


@click.group()
def guardrails() -> None:
    """Rules for what may be posted."""


@guardrails.command()
@click.argument("source", type=click.File("rb"), default="-")
@click.option(
    "--jsonl", is_flag=True, help='Judge lines {"id","text"} and write a verdict for each.'
)
@click.option("--author", type=click.Choice(sorted(AUTHORS)), default="msl", show_default=True)
@click.option(
    "--products",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A folder of product files to use in place of the shipped ones.",
)
@click.option(
    "--rules",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    default=SHIPPED_SET,
    help="A rule file to use in place of the shipped one.",
)
def check(source: BinaryIO, jsonl: bool, author: str, products: Path | None, rules: Path) -> None:
    """Judge texts from SOURCE (default: standard input) with --jsonl; else run the examples.

    A line may also hold "question", the post it answers, and "countries", those of its readers.
    """
    try:
        known = load_products(products or SHIPPED_PRODUCTS)
        guardrail_set = load_set(rules, known, any_product=products is not None)
    except GuardrailFileError as error:
        raise click.ClickException(str(error)) from error
    if not jsonl:
        _run_examples(guardrail_set)
        return
    bad: list[str] = []

    def complain(sentence: str) -> None:
        bad.append(sentence)
        click.echo(sentence, err=True)

    for line in check_lines(source, guardrail_set, author=author, complain=complain):
        click.echo(line)
    if bad:
        raise SystemExit(1)


def check_lines(
    lines: Iterable[bytes],
    guardrail_set: GuardrailSet,
    *,
    author: str,
    complain: Callable[[str], None],
) -> Iterator[str]:
    """Judge JSON lines one by one; each bad one is named to `complain` and left out.

    `lines` are UTF-8 with `id`, `text` and, where given, `question` and `countries`; without
    countries every country of the product files reads along.
    """
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            yield _judged(line, guardrail_set, AUTHORS[author])
        except BadLine as error:
            complain(f"line {number}: {error}")


def _judged(line: bytes, guardrail_set: GuardrailSet, author: Context) -> str:
    item = _item(line)
    question = item.get("question") or ""
    verdict = evaluate(
        item["text"],
        guardrail_set,
        Context(
            affiliation=author.affiliation,
            role=author.role,
            countries=frozenset(item.get("countries") or guardrail_set.countries),
            answered=question,
            thread_texts=(question,) if question else None,
        ),
    )
    return json.dumps({"id": item["id"], **_short(verdict)})


def _short(verdict: Verdict) -> dict[str, Any]:
    full = verdict.as_json()
    findings = [{key: finding[key] for key in _FINDING_KEYS} for finding in full["findings"]]
    return {"outcome": full["outcome"], "findings": findings, "routes": full["routes"]}


def _item(line: bytes) -> dict[str, Any]:
    try:
        item = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise BadLine("is not UTF-8") from error
    except (json.JSONDecodeError, RecursionError) as error:
        raise BadLine(f"is not JSON: {error}") from error
    if not isinstance(item, dict):
        raise BadLine("is not an object")
    if not isinstance(item.get("id"), str | int):
        raise BadLine("has no id")
    where = f"id {item['id']!r}: "
    if not isinstance(item.get("text"), str):
        raise BadLine(where + "text must be a string")
    if not isinstance(item.get("question") or "", str):
        raise BadLine(where + "question must be a string")
    countries = item.get("countries") or []
    if not isinstance(countries, list) or not all(isinstance(c, str) for c in countries):
        raise BadLine(where + "countries must be a list of country codes")
    return item


def _run_examples(guardrail_set: GuardrailSet) -> None:
    broken = check_examples(guardrail_set)
    for example in broken:
        click.echo(str(example), err=True)
    examples = sum(len(rule.examples) for rule in guardrail_set.rules)
    title = f"{guardrail_set.title}, version {guardrail_set.version}"
    click.echo(f"{title}: {len(guardrail_set.rules)} rules, {examples} examples.")
    if broken:
        raise SystemExit(1)
