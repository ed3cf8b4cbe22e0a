"""`community guardrails check`: lines in, verdicts out, bad lines named and passed over."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from community.guardrails.cli import check_lines, guardrails
from community.guardrails.engine import KINDS
from community.guardrails.loader import shipped_set
from tests.guardrails.test_services import source


def run(*lines: object, options: tuple[str, ...] = ()) -> Result:
    """Run the command on lines: strings and bytes as they are, all else as JSON."""
    rows = [
        line
        if isinstance(line, bytes)
        else (line if isinstance(line, str) else json.dumps(line)).encode()
        for line in lines
    ]
    return CliRunner().invoke(
        guardrails, ["check", "--jsonl", *options], input=b"\n".join(rows) + b"\n"
    )


def verdicts(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_each_line_gets_a_verdict_in_the_agreed_shape() -> None:
    text = "Ortelvane is completely safe."
    result = run({"id": "a", "text": text}, {"id": 7, "text": "Good morning."})
    assert result.exit_code == 0
    first, second = verdicts(result)
    assert second == {"id": 7, "outcome": "allow", "findings": [], "routes": []}
    assert first.keys() == {"id", "outcome", "findings", "routes"}
    assert first["outcome"] == "block"
    finding = next(f for f in first["findings"] if f["rule"] == "claims.completely-safe")
    assert finding.keys() == {"rule", "kind", "start", "end", "reason"}
    assert finding["kind"] in KINDS
    assert text[finding["start"] : finding["end"]] == "completely safe"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "line 2: is not JSON"),
        ("[1]", "line 2: is not an object"),
        (b'{"id": 1, "text": "\xff"}', "line 2: is not UTF-8"),
        ({"text": "x"}, "line 2: has no id"),
        ({"id": "b"}, "line 2: id 'b': text must be a string"),
        ({"id": "b", "text": None}, "line 2: id 'b': text must be a string"),
        ({"id": "b", "text": "x", "question": 3}, "line 2: id 'b': question must be a string"),
        ({"id": "b", "text": "x", "countries": "GB"}, "line 2: id 'b': countries must be a list"),
        ({"id": "b", "text": "x", "countries": [3]}, "line 2: id 'b': countries must be a list"),
        (
            {"id": "b", "text": "x", "countries": ["Britain"]},
            "line 2: id 'b': countries: 'Britain' is no two-letter country code",
        ),
        ({"id": "b", "text": "x", "title": ["x"]}, "line 2: id 'b': title must be a string"),
        ({"id": "b", "text": "x", "tags": "x"}, "line 2: id 'b': tags must be a list of strings"),
        (
            {"id": "b", "text": "x", "products": ["aspirin"]},
            "line 2: id 'b': products: 'aspirin' is in no product file",
        ),
        ("[" * 100_000, "line 2: is not JSON"),
    ],
)
def test_a_bad_line_is_named_and_the_rest_is_judged(line: object, said: str) -> None:
    result = run({"id": "a", "text": "x"}, line, {"id": "c", "text": "y"})
    assert result.exit_code == 1
    assert [verdict["id"] for verdict in verdicts(result)] == ["a", "c"]
    assert said in result.stderr


def test_lines_are_judged_as_they_come() -> None:
    asked: list[int] = []

    def lines() -> Iterator[bytes]:
        for number in (1, 2, 3):
            asked.append(number)
            yield b'{"id": 1, "text": "x"}'

    stream = check_lines(lines(), shipped_set(), author="msl", complain=print)
    next(stream)
    assert asked == [1]


def test_empty_lines_are_nothing() -> None:
    result = run({"id": "a", "text": "x"}, "", "  ")
    assert (result.exit_code, len(verdicts(result))) == (0, 1)


def test_the_author_is_an_msl_unless_said_otherwise() -> None:
    line = {"id": "a", "text": "Ortelvane is completely safe."}
    assert verdicts(run(line))[0]["outcome"] == "block"
    assert verdicts(run(line, options=("--author", "msl")))[0]["outcome"] == "block"
    assert verdicts(run(line, options=("--author", "hcp")))[0]["outcome"] == "allow"
    assert run(line, options=("--author", "press")).exit_code == 2


def test_every_country_reads_along_unless_said_otherwise() -> None:
    line = {"id": "a", "text": "A 93-year-old woman."}
    member = ("--author", "hcp")
    everywhere, in_britain = verdicts(run(line, line | {"countries": ["GB"]}, options=member))
    assert everywhere["outcome"] == "block"
    assert in_britain["outcome"] == "advise"


def test_the_question_is_what_is_answered_and_may_be_quoted() -> None:
    question = "Is it true that Ortelvane is completely safe?"
    quoted = {
        "id": "a",
        "text": f"> {question}\n\nNo, and the label says so.",
        "question": question,
    }
    about = {"id": "b", "text": "The tablets are the best there are.", "question": "And Ortelvane?"}
    alone = {"id": "c", "text": "The tablets are the best there are."}
    first, second, third = verdicts(run(quoted, about, alone))
    assert first["outcome"] == "allow"
    assert (second["outcome"], third["outcome"]) == ("block", "hold")


@pytest.mark.parametrize(
    "about",
    [
        {"title": "Starting Ortelvane"},
        {"tags": ["kidneys", "Ortelvane"]},
        {"products": ["ortelvane"]},
        {"products": ["Velnatrect"]},
        {"question": "And Ortelvane?", "title": None, "tags": None, "products": None},
    ],
)
def test_a_line_may_say_what_its_thread_is_about(about: dict[str, Any]) -> None:
    line = {"id": "a", "text": "The tablets are the best there are."}
    alone, in_thread = verdicts(run(line, line | about))
    assert (alone["outcome"], in_thread["outcome"]) == ("hold", "block")


def test_countries_may_be_written_small() -> None:
    line = {"id": "a", "text": "A 93-year-old woman.", "countries": ["gb"]}
    assert verdicts(run(line, options=("--author", "hcp")))[0]["outcome"] == "advise"


def test_strange_text_is_judged_like_any_other() -> None:
    texts = ["", "\x00", "😂" * 1000, "\u202e", "a" * 100_000, "\ud800"]
    result = run(*({"id": i, "text": text} for i, text in enumerate(texts)))
    assert result.exit_code == 0
    assert len(verdicts(result)) == len(texts)


def test_other_products_take_the_place_of_ours(tmp_path: Path) -> None:
    (tmp_path / "xelum.toml").write_text(
        'id = "xelum"\nnames = ["Xelumab"]\n[country.AT]\nlabel = "L"\n', encoding="utf-8"
    )
    line = {"id": "a", "text": "Xelumab is the best."}
    other = verdicts(run(line, options=("--products", str(tmp_path))))[0]
    assert other["outcome"] == "block"
    assert verdicts(run(line))[0]["outcome"] == "allow"


def test_a_folder_without_products_is_refused_in_words(tmp_path: Path) -> None:
    result = run(options=("--products", str(tmp_path)))
    assert result.exit_code == 1
    assert "holds no product file" in result.stderr


def test_without_lines_the_examples_are_run(tmp_path: Path) -> None:
    result = CliRunner().invoke(guardrails, ["check"])
    assert result.exit_code == 0
    assert f"{len(shipped_set().rules)} rules" in result.stdout
    rules = tmp_path / "rules.toml"
    rules.write_text(
        'id = "t"\nversion = "1"\n[[rule]]\nid = "t.t"\nkind = "other"\nsays = "No."\nwhy = "So."\n'
        'outcome = "advise"\nphrases = ["no"]\nexamples = { hit = ["yes"], miss = ["no"] }\n',
        encoding="utf-8",
    )
    result = CliRunner().invoke(guardrails, ["check", "--rules", str(rules)])
    assert result.exit_code == 1
    assert "t.t: should hit: yes" in result.stderr


@pytest.mark.parametrize(("begins", "outcome"), [("2020-01-01", "hold"), ("9999-01-01", "allow")])
def test_a_rule_whose_days_have_not_come_judges_no_line(
    tmp_path: Path, begins: str, outcome: str
) -> None:
    rules = tmp_path / "short.toml"
    scope = f'["company"], from = {begins} }}'
    rules.write_text(source().replace('["company"] }', scope), "utf-8")

    result = run({"id": 1, "text": "Wearing my doctor hat."}, options=("--rules", str(rules)))

    assert verdicts(result)[0]["outcome"] == outcome
