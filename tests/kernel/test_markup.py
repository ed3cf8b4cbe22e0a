"""What a post becomes: tables, references, links; and what it never may become."""

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from community.kernel.markup import (
    MAX_LENGTH,
    MAX_LINES,
    excerpt,
    plain_text,
    quote,
    render,
)
from tests.kernel import hostile
from tests.kernel.safety import faults_of

steadily = settings(derandomize=True, max_examples=150, deadline=None, database=None)
MARKS = st.text(
    alphabet=list("*_`[]()<>#|-+=~^!&\\:./\n 1aé\"'א\u200d\u202e\x00\x02\x03"), max_size=120
)
PIECES = st.lists(
    st.sampled_from(
        [*hostile.ALL, "\n", "\n\n", "> ", "- ", "1. ", "    ", "`", "```\n", "|", "**", "[^1]"]
    ),
    max_size=6,
).map("".join)


@pytest.mark.parametrize("text", hostile.ALL)
def test_hostile_text_leaves_nothing_a_post_may_not_hold(text: str) -> None:
    for form in (text, f"> {text}", f"- {text}", f"a *{text}* `{text}`", quote(text)):
        assert faults_of(render(form)) == []


@given(st.one_of(st.text(), MARKS, PIECES))
@steadily
def test_any_text_gives_clean_html(text: str) -> None:
    html = render(text)
    assert faults_of(html) == []
    html.encode()


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=60))
@steadily
def test_a_text_in_backticks_is_shown_letter_by_letter(text: str) -> None:
    seen = "".join(char for char in text if char.isalnum() or char in "<>&*_#")
    html = render(f"```\n{seen}\n```")
    assert plain_text(f"```\n{seen}\n```") == seen
    assert html.startswith("<pre>")


@given(MARKS, st.integers(min_value=1, max_value=60))
@steadily
def test_an_excerpt_is_one_line_within_its_limit(text: str, limit: int) -> None:
    line = excerpt(text, limit)
    assert len(line) <= limit
    assert "\n" not in line


def test_a_table_keeps_its_alignment_without_a_style() -> None:
    html = render("Doses:\n| a | b |\n|---|--:|\n| 5 mg | > 60 |\nmore")
    assert html.replace("\n", "") == (
        '<p>Doses:</p><table><thead><tr><th>a</th><th align="right">b</th></tr></thead><tbody>'
        '<tr><td>5 mg</td><td align="right">&gt; 60</td></tr></tbody></table><p>more</p>'
    )


def test_a_table_that_would_explode_stays_text() -> None:
    wide = "|a" * 2_000 + "\n" + "|-" * 2_000 + "\n" + "|\n" * 900
    assert "<table" not in render(wide)
    long = "|a" * 20 + "\n" + "|-" * 20 + "\n" + "|\n" * 900
    assert render(long).count("<td") <= 1_000


def test_code_is_shown_as_typed_with_its_language() -> None:
    html = render("```python\nif x < 1 and y: # *no*\n    z = '&amp;'\n```")
    assert html == (
        '<pre><code class="language-python">if x &lt; 1 and y: # *no*\n'
        "    z = '&amp;amp;'\n</code></pre>"
    )


def test_a_fence_that_nobody_closes_is_text() -> None:
    assert render("```\n> 60") == "<p>```<br>&gt; 60</p>"


def test_references_are_numbered_in_the_order_of_citing() -> None:
    html = render(
        "One[^b], two[^a], again[^b].\n\n- three[^c]\n\n[^a]: A 2020\n[^b]: B *Lancet*\n[^c]: C",
        key="post-7",
    )
    assert re.findall(r'<a href="(#[^"]+)">(\d)</a>', html) == [
        ("#post-7-r1", "1"),
        ("#post-7-r2", "2"),
        ("#post-7-r1", "1"),
        ("#post-7-r3", "3"),
    ]
    assert '<sup class="cite">' in html
    assert html.partition('<ol class="references">')[2].replace("\n", "") == (
        '<li id="post-7-r1"><span>B <em>Lancet</em></span></li>'
        '<li id="post-7-r2"><span>A 2020</span></li><li id="post-7-r3"><span>C</span></li></ol>'
    )


def test_a_reference_that_is_not_cited_is_not_lost() -> None:
    assert plain_text("Text\n\n[^x]: Smith 2020") == "Text\nSmith 2020"
    assert plain_text("Text[^x]\n\n[^x]: Smith\n[^x]: Jones").count("Jones") == 1


def test_ids_differ_between_posts_and_are_the_same_for_the_same_text() -> None:
    ids = [
        re.findall(r'id="([^"]+)"', render(text))
        for text in ("a[^1]\n\n[^1]: x", "b[^1]\n\n[^1]: x", "a[^1]\n\n[^1]: x")
    ]
    assert ids[0] == ids[2] != ids[1]


def test_a_key_cannot_break_out_of_its_attribute() -> None:
    assert 'id="x-r1"' in render("a[^1]\n\n[^1]: b", key='"><X')


@pytest.mark.parametrize(
    "address",
    [
        "https://doi.org/10.1016/S0140-6736(22)02076-1",
        "https://x.example/a_b_/*c".replace("*c", "c"),
        "http://x.example:8080/a?b=1&c=2#d",
        "https://x.example/~y/_z_",
    ],
)
def test_addresses_become_links_as_they_are(address: str) -> None:
    html = render(f"See **{address}**, or ({address}).")
    escaped = address.replace("&", "&amp;")
    assert html.count(f'<a href="{escaped}" ') == 2
    assert html.count(f">{escaped}</a>") == 2
    assert plain_text(f"See {address}.") == f"See {address}."


def test_an_address_without_a_scheme_is_taken_for_a_safe_one() -> None:
    assert '<a href="https://www.ema.example/a" ' in render("www.ema.example/a")


def test_links_that_lead_out_say_where_and_tell_nothing_of_this_place() -> None:
    assert render("[the label](https://x.example/a)") == (
        '<p><a href="https://x.example/a" rel="nofollow noopener noreferrer" target="_blank">'
        'the label<span class="host"> (x.example)</span></a></p>'
    )
    assert "(evil.example)" in render("[https://bank.example](https://evil.example)")
    assert "(xn--" in render("[x](https://\u0430pple.example)")


def test_links_within_the_site_stay_in_the_window() -> None:
    assert render("[here](/threads/4) [up](#post-3)") == (
        '<p><a href="/threads/4">here</a> <a href="#post-3">up</a></p>'
    )


def test_an_image_from_elsewhere_is_a_link_with_its_words() -> None:
    html = render("![Figure 1](https://x.example/a.png)")
    assert "<img" not in html
    assert '<a href="https://x.example/a.png" ' in html
    assert ">Figure 1<" in html


@pytest.mark.parametrize(
    "href",
    [
        "javascript:alert(1)",
        "JAVASCRIPT:x",
        "data:text/html,x",
        "vbscript:x",
        "//evil.example",
        "/\\evil.example",
        "https://a@evil.example/",
        "https://a\u200b.example/",
        "https://a.example\\@b.example/",
        "ftp://a.example/x",
        "https://",
        "http://[::1",
        "mailto:nobody",
    ],
)
def test_an_address_that_may_mislead_is_no_link(href: str) -> None:
    assert "<a" not in render(f"[x]({href})")


def test_text_that_reads_right_to_left_finds_its_direction() -> None:
    html = render("שלום\n\n- עולם")
    assert html == '<p dir="auto">שלום</p><ul><li dir="auto">עולם</li></ul>'


def test_characters_that_fool_the_eye_are_dropped() -> None:
    assert render("50\u202e gm\x00\x07\ud83d") == "<p>50 gm\ufffd</p>"
    assert render("\u2764\ufe0f \U0001f469\u200d\u2695\ufe0f") == (
        "<p>\u2764\ufe0f \U0001f469\u200d\u2695\ufe0f</p>"
    )


def test_nothing_gives_nothing() -> None:
    assert [render(text) for text in ("", " ", "\n\n", "\x00", "\u3000")] == [""] * 5


def test_a_text_too_long_to_be_a_post_is_shown_unread() -> None:
    assert render("*a* <b>" * 3_000) == "<pre>" + "*a* &lt;b&gt;" * 3_000 + "</pre>"
    assert render("*a*\n" * (MAX_LINES + 1)).startswith("<pre>*a*\n")
    assert render("*" + "a" * (MAX_LENGTH - 2) + "*").startswith("<p><em>a")


@pytest.mark.parametrize("piece", hostile.HEAVY)
def test_no_post_is_slow_to_render(piece: str) -> None:
    begun = time.process_time()
    html = render((piece * MAX_LENGTH)[:MAX_LENGTH])
    assert time.process_time() - begun < 2  # it takes tenths; what is quadratic takes minutes
    assert len(html) < 10 * MAX_LENGTH


@pytest.mark.parametrize("piece", ["[a](/b) ", "*a* ", "> - a ", "| a |", "http://a.example "])
def test_no_post_of_many_lines_is_slow_to_render(piece: str) -> None:
    begun = time.process_time()
    html = render("\n".join([(piece * 20)[:19]] * (MAX_LINES - 1)))
    assert time.process_time() - begun < 2
    assert faults_of(html) == []


@pytest.mark.parametrize("piece", ["a\n", "*a* ", "&", "<", "http://a.example "])
def test_a_million_characters_are_no_work(piece: str) -> None:
    begun = time.process_time()
    render((piece * 1_000_000)[:1_000_000])
    assert time.process_time() - begun < 2


def test_a_thousand_quotes_in_one_another_are_a_few() -> None:
    html = render(">" * 5_000 + " deep")
    assert 1 < html.count("<blockquote>") < 6
    assert faults_of(html) == []


def test_a_quote_begins_with_a_bare_mark_only_where_its_words_might_be_a_comparison() -> None:
    assert quote("I stop at ninety.") == "> I stop at ninety."
    assert quote("5.5 is where I stop.") == ">\n> 5.5 is where I stop."


def test_a_quote_is_one_whatever_it_begins_with() -> None:
    html = render(quote("> 60 mL/min\n\n5.4 isn't a stop", by="Dr Reyes"))
    assert html.replace("\n", "") == (
        "<blockquote><p><strong>Dr Reyes:</strong></p><p>&gt; 60 mL/min</p>"
        "<p>5.4 isn't a stop</p></blockquote>"
    )


def test_plain_text_has_the_words_and_no_marks() -> None:
    text = "# Title\n\n**Bold** and `code`[^1]\n\n- a\n- b\n\n|x|y|\n|-|-|\n|1|2|\n\n[^1]: Ref"
    assert plain_text(text) == "Title\nBold and code[1]\na\nb\nx y\n1 2\nRef"


def test_an_excerpt_leaves_out_what_is_quoted() -> None:
    assert excerpt("> they said\n> > and they\n\n**Mine** is this[^1]\n\n[^1]: Ref", 40) == (
        "Mine is this[1]"
    )
    assert excerpt("> only a quote", 40) == "only a quote"


def test_an_excerpt_ends_between_words_and_never_inside_a_character() -> None:
    assert excerpt("Median age in my waiting room: 81.", 20) == "Median age in my…"
    assert excerpt("e\u0301" * 30, 10) == "e\u0301" * 4 + "…"
    assert excerpt("\U0001f469\u200d\u2695\ufe0f" * 9, 7) == "\U0001f469\u200d\u2695\ufe0f…"
    assert excerpt("word", 0) == ""


def test_nothing_of_one_text_is_left_in_the_next() -> None:
    plain = "It is said so. And so."
    alone = render(plain)
    render("It is said.[^a] `code` שלום\n\n[^a]: There.\n\n```\nmore\n```")
    assert render(plain) == alone
