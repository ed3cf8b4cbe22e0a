"""`community guardrails`: try texts against the rules, keep a set of rules, and sign it."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
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
    read_source,
)
from community.kernel import clock

SIGNING = ("medical", "legal", "regulatory", "safety", "compliance", "quality", "privacy",
           "medical_information")  # fmt: skip
AUTHORS = {
    "msl": Context(affiliation="company", role="msl"),
    "hcp": Context(affiliation="hcp", role="member"),
}
_FINDING_KEYS = ("rule", "kind", "start", "end", "reason")


class BadLine(ValueError):
    """A line of input that cannot be judged; the message says why."""


@click.group()
def guardrails() -> None:
    """Rules for what may be posted.

    Company posts are refused until a set of rules is signed and in force. To bring one into force:

    \b
    1. make a member for each duty that must sign, such as
       community member create --email E --name N --affiliation company --job R --duty medical
    2. community guardrails add
    3. each of them signs in and signs at /guardrails/, or by
       community guardrails sign --set 1 --duty medical --email E --printed-name N
    """  # noqa: D301 - click reads the mark, no reader does


@guardrails.command()
@click.argument(
    "file", type=click.Path(exists=True, dir_okay=False, path_type=Path), default=SHIPPED_SET
)
@click.option(
    "--products",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=SHIPPED_PRODUCTS,
    help="A folder of product files to use in place of the shipped ones.",
)
def add(file: Path, products: Path) -> None:
    """Keep the rules of FILE (default: the shipped set), so that they can be signed.

    Every example in them must hold. The same rules are kept once. They come into force on their
    date, once each duty named here has signed; until then the set before stays in force.
    """
    from community import create_app  # noqa: PLC0415 - the command line starts without an app
    from community.guardrails import queries, services  # noqa: PLC0415
    from community.kernel.unit_of_work import transaction  # noqa: PLC0415

    with create_app().app_context(), transaction():
        version = services.add_set(
            actor=None,
            source=_text_of(file),
            products={path.name: _text_of(path) for path in sorted(products.glob("*.toml"))},
        )
        missing = ", ".join(queries.missing_signatures(version))
        said = f"Still to sign: {missing}." if missing else "Everybody has signed."
        name = f"{version.name} {version.version}, from {version.effective.isoformat()}"
        sentence = f"Set {version.id}: {name}\nSHA-256 {version.sha256}\n{said}"
    click.echo(sentence)


def _text_of(path: Path) -> str:
    try:
        return read_source(path)
    except GuardrailFileError as error:
        raise click.ClickException(str(error)) from error


@guardrails.command()
@click.option("--set", "wanted", required=True, help="Number or SHA-256 of the set.")
@click.option("--duty", required=True, type=click.Choice(SIGNING), help="For which you sign.")
@click.option("--email", required=True, help="With which you sign in.")
@click.option("--printed-name", required=True, help="Your name, as it stands in your profile.")
@click.option("--password-stdin", is_flag=True, help="Read your password from standard input.")
def sign(wanted: str, duty: str, email: str, printed_name: str, password_stdin: bool) -> None:
    """Sign a set of rules for a duty that you hold. Your password is asked for.

    Signing means: I have read this set and agree that staff may post within it. Read it first,
    at /guardrails/ or in its file. Name, time with zone and meaning are kept with the signature.
    """
    from community import create_app  # noqa: PLC0415 - the command line starts without an app
    from community.guardrails import queries, services  # noqa: PLC0415
    from community.kernel.unit_of_work import transaction  # noqa: PLC0415
    from community.members.services import check_password  # noqa: PLC0415

    if password_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
    else:
        password = click.prompt("Password", hide_input=True, err=True)
    with create_app().app_context(), transaction():
        actor = check_password(email=email, password=password, address="console")
        version = queries.find_by_id_or_hash(wanted)
        if version is None:
            raise click.ClickException(f"There is no set {wanted}.")
        services.sign(actor=actor, version=version, duty=duty, printed_name=printed_name)
        missing = ", ".join(queries.missing_signatures(version))
        said = f"Still to sign: {missing}." if missing else "Everybody has signed."
        sentence = f"{actor.name} has signed {version.name} {version.version} for {duty}.\n{said}"
    click.echo(sentence)


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

    \b
    A line is a JSON object with "id" and "text". It may also hold
      "question"   the post that the text answers; its words may be quoted
      "countries"  codes of all readers' countries, such as ["GB", "DE"]; else all of the products'
      "title"      of the thread
      "tags"       of the thread, a list
      "products"   that the thread is about, a list of ids or names
    A bad line is named on standard error and left out; the status is then 1.
    """  # noqa: D301 - click reads the mark, no reader does
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

    `lines` are UTF-8 with `id`, `text` and, where given, `question`, `countries`, `title`, `tags`
    and `products`; without countries every country of the product files reads along.
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
    try:
        text = _string(item, "text", required=True)
        question = _string(item, "question")
        countries = [_country(code) for code in _strings(item, "countries")]
        context = replace(
            author,
            countries=frozenset(countries) or guardrail_set.countries,
            thread_title=_string(item, "title"),
            tags=tuple(_strings(item, "tags")),
            products=_products(_strings(item, "products"), guardrail_set),
            answered=question,
            thread_texts=(question,) if question else None,
            today=clock.today(),
        )
    except BadLine as error:
        raise BadLine(f"id {item['id']!r}: {error}") from error
    verdict = evaluate(text, guardrail_set, context)
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
    return item


def _string(item: dict[str, Any], key: str, *, required: bool = False) -> str:
    value = item.get(key)
    if isinstance(value, str) or (value is None and not required):
        return value or ""
    raise BadLine(f"{key} must be a string")


def _strings(item: dict[str, Any], key: str) -> list[str]:
    values = item.get(key) or []
    if isinstance(values, list) and all(isinstance(value, str) for value in values):
        return values
    raise BadLine(f"{key} must be a list of strings")


def _country(code: str) -> str:
    if re.fullmatch(r"[A-Za-z]{2}", code):
        return code.upper()
    raise BadLine(f"countries: {code!r} is no two-letter country code")


def _products(named: Iterable[str], guardrail_set: GuardrailSet) -> frozenset[str]:
    known = {
        name.casefold(): product.id
        for product in guardrail_set.products
        for name in (product.id, *product.names)
    }
    for name in named:
        if name.casefold() not in known:
            raise BadLine(f"products: {name!r} is in no product file")
    return frozenset(known[name.casefold()] for name in named)


def _run_examples(guardrail_set: GuardrailSet) -> None:
    broken = check_examples(guardrail_set)
    for example in broken:
        click.echo(str(example), err=True)
    examples = sum(len(rule.examples) for rule in guardrail_set.rules)
    title = f"{guardrail_set.title}, version {guardrail_set.version}"
    click.echo(f"{title}: {len(guardrail_set.rules)} rules, {examples} examples.")
    if broken:
        raise SystemExit(1)
