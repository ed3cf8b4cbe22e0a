"""`community render` shows what a post would be."""

import json

from click.testing import CliRunner

from community.kernel.cli import BadLine, render, render_lines
from community.kernel.markup import render as render_text


def test_each_line_is_rendered_as_a_post_would_be() -> None:
    texts = {"a": "> 60", "b": "*x*[^1]\n\n[^1]: y", "c": "\ud800"}
    lines = "\n".join(json.dumps({"id": key, "text": text}) for key, text in texts.items())
    result = CliRunner().invoke(render, ["--jsonl"], input=f"{lines}\n\n")
    assert result.exit_code == 0
    assert [json.loads(line) for line in result.stdout.splitlines()] == [
        {"id": key, "html": render_text(text)} for key, text in texts.items()
    ]


def test_a_bad_line_is_named_and_the_others_are_rendered() -> None:
    bad = [
        b"nope",
        b"[]",
        b"{}",
        b'{"id":"a"}',
        b'{"id":null,"text":"x"}',
        b'{"id":1,"text":2}',
        b'{"id":"a","text":"\xff"}',
        b"[" * 100_000,
    ]
    result = CliRunner().invoke(
        render, ["--jsonl"], input=b"\n".join([*bad, b'{"id":"last","text":"x"}'])
    )
    assert result.exit_code == 1
    assert json.loads(result.stdout) == {"id": "last", "html": "<p>x</p>"}
    assert [line.split(":")[0] for line in result.stderr.splitlines()] == [
        f"line {number}" for number in range(1, len(bad) + 1)
    ]


def test_lines_are_rendered_as_they_come() -> None:
    def endless() -> object:
        while True:
            yield b'{"id":1,"text":"x"}'

    results = render_lines(endless())  # type: ignore[arg-type]
    assert [isinstance(next(results), BadLine) for _ in range(3)] == [False] * 3


def test_without_lines_the_whole_input_is_one_text() -> None:
    result = CliRunner().invoke(render, input="# Title\n\n*x*")
    assert result.stdout == "<h3>Title</h3><p><em>x</em></p>\n"
