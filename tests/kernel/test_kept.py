"""What was drawn once is kept by what it depends on, and no more of it than was agreed."""

from __future__ import annotations

from flask import Flask

from community.kernel.kept import Kept


def test_the_same_is_drawn_once_and_anything_else_anew() -> None:
    kept: Kept[str] = Kept(100)
    drawn: list[int] = []

    def draw() -> str:
        drawn.append(len(drawn))
        return f"drawing {len(drawn)}"

    assert kept.get(("post", 1), draw) == kept.get(("post", 1), draw) == "drawing 1"
    assert kept.get(("post", 2), draw) == "drawing 2"
    kept.forget()
    assert kept.get(("post", 1), draw) == "drawing 3"


def test_what_was_asked_for_longest_ago_goes_first_and_the_size_holds() -> None:
    kept: Kept[str] = Kept(30)
    drawn: list[str] = []

    def ask(name: str) -> None:
        def draw() -> str:
            drawn.append(name)
            return name * 10

        kept.get(name, draw)

    for name in ("a", "b", "c", "a", "d"):
        ask(name)
    assert drawn == ["a", "b", "c", "d"]
    for name in ("a", "c", "d", "b"):
        ask(name)
    assert drawn == ["a", "b", "c", "d", "b"]
    assert kept.size == 30


def test_what_is_larger_than_all_that_may_be_kept_is_shown_and_not_kept() -> None:
    kept: Kept[str] = Kept(5)
    assert kept.get("page", lambda: "too long") == "too long"
    assert kept.size == 0


def test_what_is_drawn_while_it_is_drawn_counts_once() -> None:
    kept: Kept[str] = Kept(100)
    assert kept.get("page", lambda: kept.get("page", lambda: "inner") + " and outer")
    assert kept.size == len(kept.get("page", lambda: "")) == len("inner and outer")


def test_a_part_of_a_page_is_kept_by_its_values_and_its_place(app: Flask) -> None:
    page = "{% kept who %}{{ said }}{% endkept %} / {% kept who %}{{ said }} again{% endkept %}"
    template = app.jinja_env.from_string(page)
    with app.test_request_context():
        assert template.render(who=1, said="a") == "a / a again"
        assert template.render(who=1, said="b") == "a / a again"
        assert template.render(who=2, said="b") == "b / b again"


def test_what_is_put_into_a_kept_part_is_escaped(app: Flask) -> None:
    with app.test_request_context():
        page = app.jinja_env.from_string("{% kept %}{{ said }}{% endkept %}").render(said="<b>")
    assert page == "&lt;b&gt;"
