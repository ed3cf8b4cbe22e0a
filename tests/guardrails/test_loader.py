"""Rule and product files: what is wrong is named by file, line and rule."""

from pathlib import Path

import pytest

from community.guardrails.loader import (
    GuardrailFileError,
    check_examples,
    load_products,
    load_set,
    parse_products,
    parse_set,
    shipped_set,
)

HEAD = 'id = "test"\nversion = "1"\n'
RULE = """
[[rule]]
id = "test.rule"
kind = "other"
says = "Do not say it."
why = "It is not done."
outcome = "hold"
route = ["medical"]
phrases = ["never said"]
examples = { hit = ["It was never said."], miss = ["It was said."] }
"""
PRODUCTS = shipped_set().products


def problems(source: str) -> list[str]:
    """What the loader says about a rule file."""
    with pytest.raises(GuardrailFileError) as refused:
        parse_set(source, PRODUCTS, name="rules.toml")
    return list(refused.value.problems)


def changed(line: str, into: str) -> str:
    """The sound file with one line of its rule put differently."""
    assert line in RULE
    return HEAD + RULE.replace(line, into)


def test_a_sound_file_is_a_set() -> None:
    found = parse_set(HEAD + RULE, PRODUCTS)
    assert (found.id, found.version, len(found.rules)) == ("test", "1", 1)
    assert check_examples(found) == []


def test_a_file_holds_two_thousand_rules_and_not_one_more() -> None:
    def rules(count: int) -> str:
        return HEAD + "".join(RULE.replace("test.rule", f"test.rule-{n}") for n in range(count))

    assert len(parse_set(rules(2_000), PRODUCTS).rules) == 2_000
    assert problems(rules(2_001)) == ["rules.toml: there are 2,001 rules, 2,000 at most"]


@pytest.mark.parametrize(
    ("line", "into", "problem"),
    [
        ('kind = "other"', 'kind = "odd"', "line 6, rule test.rule: kind: 'odd' is not one of"),
        ('kind = "other"', "", "line 5, rule test.rule: kind is missing"),
        ('says = "Do not say it."', "says = 3", "line 7, rule test.rule: says must be a string"),
        ('why = "It is not done."', 'whi = "x"', "line 8, rule test.rule: 'whi' is unknown"),
        ('outcome = "hold"', 'outcome = "stop"', "line 9, rule test.rule: outcome: 'stop'"),
        ('route = ["medical"]', 'route = ["sales"]', "line 10, rule test.rule: route: 'sales'"),
        ('route = ["medical"]', "route = []", "line 10, rule test.rule: a hold needs a route"),
        (
            'route = ["medical"]',
            'route = ["medical", "medical"]',
            "line 10, rule test.rule: route names something twice",
        ),
        (
            'phrases = ["never said"]',
            'phrases = ["(never"]',
            "line 11, rule test.rule: phrases: '(never': cannot read",
        ),
        (
            'phrases = ["never said"]',
            'phrases = ["{nothing}"]',
            "line 5, rule test.rule: there is no list {nothing}",
        ),
        (
            'phrases = ["never said"]',
            "",
            "rule test.rule: it must have either phrases or a detector",
        ),
        (
            'phrases = ["never said"]',
            'detector = { name = "crystal_ball" }',
            "line 11, rule test.rule: there is no detector 'crystal_ball'",
        ),
        (
            'phrases = ["never said"]',
            'detector = { name = "patient_identity", kinds = ["shoe_size"] }',
            "line 11, rule test.rule: the detector's kinds: 'shoe_size' is not one of",
        ),
        (
            'phrases = ["never said"]',
            'detector = { name = "length" }',
            "line 11, rule test.rule: the detector 'length' needs 'words'",
        ),
        (
            'phrases = ["never said"]',
            'detector = { name = "length", words = "many" }',
            "line 11, rule test.rule: the detector's words must be a whole number",
        ),
        (
            'phrases = ["never said"]',
            'detector = { name = "shouting", loud = true }',
            "line 11, rule test.rule: the detector 'shouting' takes no 'loud'",
        ),
        (
            'kind = "other"',
            'kind = "other"\nfallback = "yes"',
            "line 7, rule test.rule: fallback must be true or false",
        ),
        (
            'kind = "other"',
            'kind = "other"\nspare_careful = 1',
            "line 7, rule test.rule: spare_careful must be true or false",
        ),
        (
            'kind = "other"',
            'kind = "other"\nspare_careful = true\nscope = { affiliations = ["hcp"] }',
            "rule test.rule: spare_careful is for rules that hold what staff write",
        ),
        (
            'kind = "other"',
            'kind = "other"\nscope = { affiliations = ["press"] }',
            "affiliations: 'press' is not one of company, hcp",
        ),
        (
            'kind = "other"',
            'kind = "other"\nscope = { products = ["aspirin"] }',
            "products: 'aspirin' is not one of brenquive, ortelvane",
        ),
        (
            'kind = "other"',
            'kind = "other"\nscope = { from = 2026-02-01, until = 2026-01-01 }',
            "line 7, rule test.rule: scope: 'from' lies after 'until'",
        ),
        (
            'kind = "other"',
            'kind = "other"\nscope = 3',
            "line 7, rule test.rule: scope must be a table",
        ),
        ('miss = ["It was said."]', "miss = []", "there is no example that must miss"),
        ('hit = ["It was never said."]', "hit = [{ txt = 'x' }]", "hit: 'txt' is unknown"),
        ('id = "test.rule"', 'id = "Rule 1"', "the id must look like 'claims.superlative'"),
        ('id = "test.rule"', "id = 7", "id must be a string"),
        ('outcome = "hold"', 'outcome = ["hold"]', "line 9, rule test.rule: outcome: ['hold']"),
        ('outcome = "hold"', "", "line 5, rule test.rule: outcome is missing"),
        ('phrases = ["never said"]', 'phrases = [""]', "line 11, rule test.rule: phrases: ''"),
        ('phrases = ["never said"]', "phrases = []", "either phrases or a detector"),
        ('phrases = ["never said"]', "phrases = [3]", "phrases must hold strings only"),
        (
            'phrases = ["never said"]',
            'phrases = ["never"]\ndetector = { name = "shouting" }',
            "line 11, rule test.rule: it must have either phrases or a detector",
        ),
        ('kind = "other"', 'kind = "other"\nwith = ["(a"]', "line 7, rule test.rule: with: '(a'"),
        (
            'kind = "other"',
            'kind = "other"\nunless = [".."]',
            "line 7, rule test.rule: unless: '..'",
        ),
        ('kind = "other"', 'kind = "other"\nwith_in = "room"', "with_in: 'room' is not one of"),
        ('kind = "other"', 'kind = "other"\nquotes = "none"', "quotes: 'none' is not one of"),
        ('kind = "other"', 'kind = "other"\noffers = ["gift"]', "line 7, rule test.rule: offers:"),
        (
            'kind = "other"',
            'kind = "other"\ninstead = 3',
            "line 7, rule test.rule: instead must be",
        ),
        (
            'kind = "other"',
            'kind = "other"\nscope = { countries = ["UK ", "Germany"] }',
            "countries: 'Germany' is no country code such as 'GB'",
        ),
        (
            'kind = "other"',
            'kind = "other"\nscope = { thread_kinds = ["party"] }',
            "thread_kinds: 'party' is not one of",
        ),
        ('kind = "other"', 'kind = "other"\nscope = { shop = 1 }', "scope: 'shop' is unknown"),
        (
            'kind = "other"',
            "kind = 'other'\nscope = { from = 2026-01-01T10:00:00 }",
            "from must be a date",
        ),
        (
            'hit = ["It was never said."]',
            'hit = [{ text = "never said", country = "Britain" }]',
            "country: 'Britain' is no country code",
        ),
        (
            'hit = ["It was never said."]',
            'hit = [{ text = "never said", kind = "poem" }]',
            "kind: 'poem' is not one of",
        ),
        ('hit = ["It was never said."]', "hit = [3]", "text must be a string"),
    ],
)
def test_a_fault_in_a_rule_is_named_by_file_line_and_rule(
    line: str, into: str, problem: str
) -> None:
    said = problems(changed(line, into))
    assert any(each.startswith("rules.toml") and problem in each for each in said), said


def test_all_faults_are_named_at_once() -> None:
    source = changed('kind = "other"', 'kind = "odd"') + RULE.replace("hold", "stop")
    assert len(problems(source)) == 3


def test_two_rules_of_one_id_are_refused_at_the_second() -> None:
    assert problems(HEAD + RULE + RULE) == [
        "rules.toml, line 15, rule test.rule: this id is there twice"
    ]


def test_toml_that_cannot_be_read_is_named_by_line() -> None:
    assert problems(HEAD + "[[rule\n")[0].startswith("rules.toml, line 3: ")


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        (RULE, "id is missing"),
        (HEAD, "there is no rule"),
        (HEAD + "rule = 3", "rule must be a list"),
        (HEAD + "rule = [3]", "a rule must be a table"),
        (HEAD + "colour = 3\n" + RULE, "'colour' is unknown"),
        (HEAD + "schema = 2\n" + RULE, "schema must be 1"),
        (HEAD + "effective = 'soon'\n" + RULE, "effective must be a date"),
        (HEAD + 'needs_signature = ["sales"]\n' + RULE, "needs_signature: 'sales'"),
        (HEAD + '[lists]\nproduct = ["x"]\n' + RULE, "has a name that is taken"),
        (HEAD + '[lists]\na = ["{b}"]\nb = ["{a}"]\n' + RULE, "leads back to itself"),
        (HEAD + '[lists]\na = ["{b}"]\n' + RULE, "uses {b}, which is not there"),
        (HEAD + '[lists]\na = "x"\n' + RULE, "a must be a list"),
        (HEAD + "[lists]\na = []\n" + RULE, "rules.toml, line 4: the list 'a' is empty"),
        (HEAD + '[lists]\na = ["(b"]\n' + RULE, "rules.toml, line 4: a: '(b': cannot read"),
        (HEAD + "[texts]\na = 3\n" + RULE, "rules.toml, line 4: a must be a string"),
        (HEAD + "[defaults]\nwith = 3\n" + RULE, "defaults: 'with' is unknown"),
        (HEAD + 'language = "English"\n' + RULE, "line 3: language must be a code"),
        (
            HEAD + "effective = 2026-09-01\nreview_due = 2026-08-01\n" + RULE,
            "line 4: review_due lies before effective",
        ),
        (HEAD + "effective = 2026-13-01\n" + RULE, "rules.toml, line 3: "),
        (HEAD + 'id = "twice"\n' + RULE, "rules.toml, line 3: "),
        ("[" * 5_000, "rules.toml"),
        ("# " + "x" * 2_000_000, "rules.toml: is larger than 2000000 bytes"),
    ],
)
def test_a_fault_of_the_file_is_named(source: str, problem: str) -> None:
    assert any(problem in each for each in problems(source))


def said_of(path: Path) -> str:
    with pytest.raises(GuardrailFileError) as refused:
        load_set(path, PRODUCTS)
    return str(refused.value)


def test_a_file_that_cannot_be_read_gets_one_plain_sentence(tmp_path: Path) -> None:
    path = tmp_path / "rules.toml"
    assert said_of(path) == "rules.toml: cannot be read: No such file or directory"
    path.write_bytes(HEAD.encode() + b'title = "caf\xe9"\n')
    assert said_of(path) == "rules.toml, line 3: is not UTF-8"
    path.write_bytes(b"#" * 2_000_001)
    assert said_of(path) == "rules.toml: is larger than 2000000 bytes"
    assert "cannot be read" in said_of(tmp_path)


def test_a_mark_of_byte_order_is_no_fault(tmp_path: Path) -> None:
    path = tmp_path / "rules.toml"
    path.write_text(HEAD + RULE, encoding="utf-8-sig")
    assert load_set(path, PRODUCTS).id == "test"


# ── Examples ───────────────────────────────────────────────────────────────────────────────────


def test_an_example_that_does_not_hold_is_named_with_its_file_line_and_rule() -> None:
    source = changed('miss = ["It was said."]', 'miss = ["Never said so."]')
    broken = check_examples(parse_set(source, PRODUCTS))
    line = next(n for n, row in enumerate(source.splitlines(), 1) if "Never said so." in row)
    said = f"rules, line {line}, rule test.rule: should not hit: Never said so."
    assert [str(each) for each in broken] == [said]


def test_an_example_is_judged_in_the_context_that_its_scope_asks_for() -> None:
    source = changed(
        'kind = "other"',
        'kind = "other"\nscope = { affiliations = ["hcp"], roles = ["moderator"],'
        ' countries = ["US"], kinds = ["title"], spaces = ["cidp"] }',
    )
    assert check_examples(parse_set(source, PRODUCTS)) == []


# ── Hash ───────────────────────────────────────────────────────────────────────────────────────


def test_the_hash_is_of_the_content_and_not_of_its_layout() -> None:
    found = parse_set(HEAD + RULE, PRODUCTS)
    laid_out = parse_set("# A remark\n" + HEAD + RULE.replace("\n", "\n\n"), PRODUCTS)
    assert found.sha256 == laid_out.sha256
    assert len(found.sha256) == 64


@pytest.mark.parametrize(
    ("line", "into"),
    [
        ("It is not done.", "It is hardly done."),
        ("never said", "never, said"),
        ("It was said.", "It was said!"),
    ],
)
def test_any_other_word_gives_another_hash(line: str, into: str) -> None:
    found = parse_set(HEAD + RULE, PRODUCTS)
    assert parse_set(HEAD + RULE.replace(line, into), PRODUCTS).sha256 != found.sha256


def test_another_label_gives_another_hash() -> None:
    assert parse_set(HEAD + RULE, PRODUCTS[:1]).sha256 != parse_set(HEAD + RULE, PRODUCTS).sha256


# ── Products ───────────────────────────────────────────────────────────────────────────────────

PRODUCT = 'id = "x"\nnames = ["Xelum"]\n[country.GB]\nlabel = "L"\n[[reference]]\nid = "XEL-01"\n'


def test_a_product_brings_its_names_and_references() -> None:
    (product,) = parse_products({"x.toml": PRODUCT + "open_use = false\n"})
    assert product.names == ("Xelum",)
    assert product.references == {"XEL-01": False}
    judged = parse_set(HEAD + RULE.replace("never said", "{product}"), [product])
    assert judged.countries == frozenset({"GB"})


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("", "x.toml: id, names, country is missing"),
        (PRODUCT.replace('["Xelum"]', '"Xelum"'), "x.toml: names must be a list of strings"),
        (PRODUCT.replace("[country.GB]", "country = 3\n[other]"), "country must be a table"),
        (PRODUCT + '[[reference]]\nid = "XEL-01"\n', "x.toml: a reference id is there twice"),
        (PRODUCT + "[[reference]]\n", "x.toml: each reference needs an id"),
        ("id = ", "x.toml, line 1"),
    ],
)
def test_a_fault_of_a_product_file_is_named(source: str, problem: str) -> None:
    with pytest.raises(GuardrailFileError) as refused:
        parse_products({"x.toml": source})
    assert problem in str(refused.value)


def test_a_folder_must_hold_products_each_once(tmp_path: Path) -> None:
    with pytest.raises(GuardrailFileError, match="holds no product file"):
        load_products(tmp_path)
    for name in ("a.toml", "b.toml"):
        (tmp_path / name).write_text(PRODUCT, encoding="utf-8")
    with pytest.raises(GuardrailFileError, match=r"b.toml: product 'x' is there twice"):
        load_products(tmp_path)
