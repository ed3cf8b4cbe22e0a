"""Product files: what a label says, and what is wrong with a file, by line and use or country."""

import pytest

from community.guardrails.loader import GuardrailFileError, parse_products, shipped_set

SOUND = """id = "one"
names = ["Exemplar"]

[[use]]
id = "asthma"
name = "Severe asthma"
terms = ["asthma"]
status = { JP = "approved", CA = "not_approved" }

[country.JP]
approved_uses = ["asthma"]
doses_mg = [30, 60.5]
times_a_day = 1
max_daily_mg = 60.5

[country.CA]
approved_uses = []
"""


def test_a_label_is_read_country_by_country() -> None:
    (product,) = parse_products({"one.toml": SOUND})
    (use,) = product.uses
    assert use.kind == "indication"
    assert use.approved_in({"JP", "CA"}) == frozenset({"JP"})
    assert not use.is_approved_nowhere
    label = product.labels["JP"]
    assert label.doses == frozenset({30.0, 60.5})
    assert (label.times_a_day, label.daily) == (frozenset({1}), 60.5)
    assert product.labels["CA"].doses == frozenset()


def test_a_file_says_where_side_effects_are_told_and_what_is_no_address_refuses_nothing() -> None:
    told = '[side_effects]\nJP = "www.pmda.go.jp/safety"\nCA = "javascript:alert(1)"\nUS = 3\n'
    (product,) = parse_products({"one.toml": f"{SOUND}\n{told}"})
    assert product.agencies == {"JP": "www.pmda.go.jp/safety"}
    (other,) = parse_products({"one.toml": f'side_effects = "see the label"\n{SOUND}'})
    assert other.agencies == {}


def test_the_shipped_labels_hold_together() -> None:
    for product in shipped_set().products:
        assert product.uses
        assert product.labels.keys() == product.countries


@pytest.mark.parametrize(
    ("line", "into", "problem"),
    [
        ('terms = ["asthma"]', "", "one.toml, line 5, use asthma: terms is missing"),
        ('terms = ["asthma"]', 'terms = [".."]', "line 7, use asthma: terms: '..'"),
        ('terms = ["asthma"]', "terms = [3]", "line 7, use asthma: terms must hold strings only"),
        ('name = "Severe asthma"', 'nam = "x"', "line 6, use asthma: 'nam' is unknown"),
        ('name = "Severe asthma"', 'name = "x"\nkind = "odd"', "line 7, use asthma: kind: 'odd'"),
        ('JP = "approved"', 'JP = "yes"', "line 8, use asthma: status of JP: 'yes' is not one of"),
        ('JP = "approved", ', "", "line 8, use asthma: status says nothing of JP"),
        ('JP = "approved"', 'JP = "approved", XX = "approved"', "without a label: XX"),
        ('approved_uses = ["asthma"]', "approved_uses = []", "line 11, country JP: approved_uses"),
        ('approved_uses = ["asthma"]', 'approved_uses = ["gout"]', "there is no use 'gout'"),
        ("doses_mg = [30, 60.5]", 'doses_mg = ["30"]', "line 12, country JP: doses_mg must be"),
        ("times_a_day = 1", "times_a_day = 0", "line 13, country JP: times_a_day must be"),
    ],
)
def test_a_fault_is_named_by_its_place(line: str, into: str, problem: str) -> None:
    assert line in SOUND
    with pytest.raises(GuardrailFileError) as refused:
        parse_products({"one.toml": SOUND.replace(line, into, 1)})
    assert any(problem in each for each in refused.value.problems), refused.value.problems
