"""Clinical writing that looks like Markdown stays as typed; Markdown that is meant is read."""

from html import escape

import pytest

from community.kernel.markup import plain_text, quote, render

AS_TYPED = (
    "HLA-B*57:01 and HLA-A*31:01",
    "CYP2D6*4/*10, CYP2C19*2/*17 and *3",
    "the *17 allele of CYP2C19*17, unlike *2 or *3 (loss*)",
    "5 mg * 2, 2*3*4, 2 * 10^9/L and 2*10^9/L",
    "5.4* against 6.1* (*p<0.05, **p<0.01, ***p<0.001)",
    "T1*/T2* mapping, T2* of 12 ms",
    "* adjusted for age, 5.4* before",
    "snake_case, TTR_V122I, NM_000371.4 and rs_76992529_x",
    "Name: ____ DOB: __/__/____",
    "_______",
    "__FIRST_NAME__ of the patient",
    "> 60 mL/min",
    ">60",
    "> 90 %",
    ">5.5 stop, >6.0 call",
    ">= 3 g/L",
    ">=3",
    ">/= 2 stools",
    ">> 5",
    "> 3x ULN",
    "> ULN",
    "> grade 2",
    "> ~60",
    "> .5",
    "> 60: full dose\n> 30: half the dose",
    ">:(",
    ">",
    ">\n>",
    "<0.01",
    "< 30 stop",
    "p<0.05 and n=12, x > y",
    "2.5 mg bisoprolol",
    "5. mg",
    "1. mg",
    "20. March",
    "1. März 2025",
    "2024. Then",
    "100. patients",
    "7. alone",
    "0. none\n01. one",
    "10) foo",
    "1) foo\n2) bar",
    "1. one\n3. three\n7. seven".replace("1. one\n", ""),
    "- 11 %",
    "- 11 %\n- 15 %",
    "- 2.5 mg",
    "-11 %",
    "-ve, +ve and 1+",
    "+ fever\n+ rash",
    "+ fever\n- cough",
    "a -> b => c <- d <-> e ↑ ↓ → ←",
    "~10 pts, ~5 ~ 7 and ~~approx~~",
    "† died ‡ lost §",
    "10^9/L and m^2",
    "#1 problem",
    "#NOF",
    "# NOF L, # neck of femur",
    "# 2 ribs",
    "# L hip, # old distal radius",
    "#hashtag",
    "|x| and ||x||",
    "|x|\n|",
    "a | b | c",
    "A --- B -- C",
    "--",
    "text\n===",
    ":) ;-) :/ (c) (r) (tm)",
    "[ORT-01] and [ORT-11, ORT-12, section 4.2] and [ ] [x]",
    "[1]: Smith",
    "[x](53 mmol/mol) and [x](see above)",
    "[^1] without a reference",
    "10/12/2024, BP 112/70, 3/7, 1/52",
    "e.g.this, HbA1c.In 2024 and i.v.im",
    "joy@hospital.example and @joy",
    "5' 10\" and 5` 10`",
    "C:\\temp \\\\server\\share +\\- 1/2\\",
    "&lt;b&gt; &amp; R&D AT&T; &alpha; &#112;",
    "<b>bold</b> <NT-proBNP> <!-- x -->",
    "$5 $x$ $$y$$ ^^ == ++x++ ==y== ((z)) {a} {{ b }} {% c %}",
    "^ this. Joy for president",
    "Temp: 38.2 C; \"quote\" 'quote' it's",
    "µg ½ ≥ ≤ ± × ° ² α β ‰",
)


@pytest.mark.parametrize("text", AS_TYPED)
def test_clinical_writing_stays_as_typed(text: str) -> None:
    assert render(text) == f"<p>{escape(text, quote=False).replace(chr(10), '<br>')}</p>"


@pytest.mark.parametrize("text", AS_TYPED)
def test_clinical_writing_stays_as_typed_between_other_lines(text: str) -> None:
    around = f"On that:\n\n{text}\n\nAgreed?"
    assert plain_text(around) == f"On that:\n{text}\nAgreed?"


@pytest.mark.parametrize("text", AS_TYPED)
def test_clinical_writing_stays_as_typed_in_a_quote(text: str) -> None:
    assert plain_text(quote(text)) == text


def test_spaces_before_a_line_make_no_code() -> None:
    assert render("    Na 138\n        K 5.4") == "<p>Na 138<br>K 5.4</p>"


def test_each_line_ends_where_its_author_ended_it() -> None:
    assert render("one\ntwo  \nthree\r\nfour\rfive") == (
        "<p>one<br>two<br>three<br>four<br>five</p>"
    )


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("> quoted words", "<blockquote><p>quoted words</p></blockquote>"),
        (">quoted words", "<blockquote><p>quoted words</p></blockquote>"),
        ("> the rule:\n> 60 mL/min", "<blockquote><p>the rule:<br>60 mL/min</p></blockquote>"),
        (">\n> 5.4 isn't a stop", "<blockquote><p>5.4 isn't a stop</p></blockquote>"),
        ("> a\n>\n> > 60 b", "<blockquote><p>a</p><p>&gt; 60 b</p></blockquote>"),
        (
            "> a\n> > b",
            "<blockquote><p>a</p><blockquote><p>b</p></blockquote></blockquote>",
        ),
        (
            "> 1. Is it?\n> 2. Was it?",
            "<blockquote><ol><li>Is it?</li><li>Was it?</li></ol></blockquote>",
        ),
        ("> quoted\nmy answer", "<blockquote><p>quoted</p></blockquote><p>my answer</p>"),
        (
            "> 60 mL/min: full dose\n> words",
            "<p>&gt; 60 mL/min: full dose</p><blockquote><p>words</p></blockquote>",
        ),
        ("> 58 % were\n> on all", "<blockquote><p>58 % were<br>on all</p></blockquote>"),
        ("> a\n\n> b", "<blockquote><p>a</p></blockquote><blockquote><p>b</p></blockquote>"),
    ],
)
def test_words_behind_a_sign_are_a_quote(text: str, html: str) -> None:
    assert render(text).replace("\n", "") == html


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("1. Ramipril", "<ol><li>Ramipril</li></ol>"),
        ("3. c\n4. d", '<ol start="3"><li>c</li><li>d</li></ol>'),
        ("1. 5 mg\n2. 10 mg", "<ol><li>5 mg</li><li>10 mg</li></ol>"),
        ("1. a\n1. b", "<ol><li>a</li><li>b</li></ol>"),
        ("1. a\n\nBut:\n\n2. b", '<ol><li>a</li></ol><p>But:</p><ol start="2"><li>b</li></ol>'),
        ("1. a\n2. b\n1. c", "<ol><li>a</li><li>b</li></ol><ol><li>c</li></ol>"),
        ("Found:\n- a\n- b\nSo?", "<p>Found:</p><ul><li>a</li><li>b</li></ul><p>So?</p>"),
        ("* a\n* b", "<ul><li>a</li><li>b</li></ul>"),
        ("- spring\n- 5.4 now", "<ul><li>spring</li><li>5.4 now</li></ul>"),
        ("- 5 mg of a\n- 10 mg of b", "<ul><li>5 mg of a</li><li>10 mg of b</li></ul>"),
        ("- > 60 mL\n- b", "<ul><li>&gt; 60 mL</li><li>b</li></ul>"),
        ("- # x\n- 1. y", "<ul><li># x</li><li>1. y</li></ul>"),
        ("- a\n  - b\n- c", "<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>"),
        ("1. a\n   - b\n2. c", "<ol><li>a<ul><li>b</li></ul></li><li>c</li></ol>"),
        ("- a\n1. b", "<ul><li>a</li></ul><ol><li>b</li></ol>"),
        ("- a\n\n  para\n- b", "<ul><li><p>a</p><p>para</p></li><li><p>b</p></li></ul>"),
        ("1. a\n- b", "<ol><li>a</li></ol><ul><li>b</li></ul>"),
        ("- a\n  goes on", "<ul><li>a<br>goes on</li></ul>"),
    ],
)
def test_lists_are_read_and_keep_their_numbers(text: str, html: str) -> None:
    assert render(text).replace("\n", "") == html


def test_a_long_item_that_a_mail_program_wrapped_goes_on() -> None:
    first = "- potassium was 4.9 in spring, 5.4 in summer and, without haemolysis,"
    assert render(f"{first}\nagain 5.4 in autumn").count("<li>") == 1
    assert "<p>" not in render(f"{first}\nagain 5.4 in autumn")


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("# Heading", "<h3>Heading</h3>"),
        ("# Left ventricular function", "<h3>Left ventricular function</h3>"),
        ("# Ribociclib", "<h3>Ribociclib</h3>"),
        ("## 2 weeks later ##", "<h4>2 weeks later</h4>"),
        ("###### Deep", "<h6>Deep</h6>"),
        ("text\n# Heading\nmore", "<p>text</p><h3>Heading</h3><p>more</p>"),
        ("one\n---\ntwo", "<p>one</p><hr><p>two</p>"),
        ("***", "<hr>"),
    ],
)
def test_headings_stand_two_steps_lower_and_dividers_divide(text: str, html: str) -> None:
    assert render(text).replace("\n", "") == html


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("a *not* b", "a <em>not</em> b"),
        ("*HLA-B*57:01*", "<em>HLA-B*57:01</em>"),
        ("_BRCA1_ and _TTR_V122I_", "<em>BRCA1</em> and <em>TTR_V122I</em>"),
        (
            "**How do you do it?** (*titration*)",
            "<strong>How do you do it?</strong> (<em>titration</em>)",
        ),
        ("**a *b* c**", "<strong>a <em>b</em> c</strong>"),
        ("*a **b** c*", "<em>a <strong>b</strong> c</em>"),
        ("***a***", "<strong><em>a</em></strong>"),
        ("__a b__", "<strong>a b</strong>"),
        (r"\*not\* \_so\_ \# \`x\`", "*not* _so_ # `x`"),
        ("`` a`b ``", "<code>a`b</code>"),
        ("`*x* <b> &amp;`", "<code>*x* &lt;b&gt; &amp;amp;</code>"),
        ("**重要**です", "<strong>重要</strong>です"),
    ],
)
def test_emphasis_that_is_meant_is_read(text: str, html: str) -> None:
    assert render(text) == f"<p>{html}</p>"
