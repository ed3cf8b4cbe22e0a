"""The small trained models: insults and adverts are found, plain speaking among doctors is not."""

import pytest

from community.guardrails.detectors import DETECTORS, Look
from community.guardrails.detectors.linear import (
    WEIGHTS,
    LinearModel,
    dump,
    load,
    parts_of,
    word_features,
)
from community.guardrails.detectors.packed import Packed
from community.guardrails.engine import Context
from community.guardrails.loader import shipped_set
from community.guardrails.phrases import read

LONG = "The ward round was long and the list of admissions longer. " * 30


def found(name: str, text: str) -> list[str]:
    """The stretches of a text that a model finds."""
    draft = read(text)
    look = Look(draft, Context(), shipped_set(), {})
    return [text[slice(*draft.place(h.start, h.end))] for h in DETECTORS[name].find(look)]


@pytest.mark.parametrize(
    "text",
    [
        "You are an idiot.",
        "Just shut up, you fool.",
        "What a bunch of morons run this place.",
        "You incompetent clown, hand in your licence.",
        "yоu stupid idiot",  # noqa: RUF001 - a Cyrillic o
        "You st\u200bupid idi\u200bot.",
        LONG + "You are a stupid idiot. " + LONG,
    ],
)
def test_an_insult_is_found(text: str) -> None:
    assert found("abuse", text)


@pytest.mark.parametrize(
    "text",
    [
        "A damning paper, and deservedly so.",
        "This trial is weak and the company knows it.",
        "The patient was violent and abusive towards the night staff.",
        "She has been abused as a child and drinks.",
        'He shouted "you stupid bitch" at the triage nurse and had to be sedated.',
        "I was an idiot to trust that potassium.",
        "The conclusion is wrong, and the statistics do not bear it out.",
        "I disagree strongly: that dose kills people.",
        "Anal cancer is more frequent in men who have sex with men.",
        "Black patients were under-represented in all four trials.",
        LONG,
    ],
)
def test_plain_speaking_and_clinical_words_are_no_abuse(text: str) -> None:
    assert found("abuse", text) == []


def test_what_is_found_lies_in_the_sentence_that_hurts() -> None:
    hurts = "You are a stupid idiot."
    (stretch,) = found("abuse", LONG + hurts + " " + LONG)
    assert stretch in hurts


@pytest.mark.parametrize(
    "text",
    [
        "Earn $4000 a week from home!!! Click here http://win.example/now",
        "Congratulations! You have won a £500 voucher. Call 09061701461 to claim now.",
        "FREE entry: text WIN to 80086 today!",
        LONG + "You have WON a guaranteed £1000 cash prize! Call 09050001808 now to claim!" + LONG,
    ],
)
def test_an_advert_is_found(text: str) -> None:
    assert found("spam", text)


@pytest.mark.parametrize(
    "text",
    [
        "Three papers worth reading this week.",
        "The full text is at https://doi.org/10.1056/NEJMoa1911303 for those who want it.",
        "Registration for the annual meeting closes on Friday.",
        "In 312 of 350 patients (89 %) the dose was tolerated.",
        "Does the registry take patients from private clinics?",
        LONG,
    ],
)
def test_talk_among_colleagues_is_no_spam(text: str) -> None:
    assert found("spam", text) == []


@pytest.mark.parametrize("name", ["abuse", "spam"])
def test_each_model_has_a_card_that_names_data_figures_and_limits(name: str) -> None:
    card = (WEIGHTS / f"{name}.md").read_text(encoding="utf-8")
    for heading in ("## Data", "## Figures", "## Limits"):
        assert heading in card
    assert f"threshold {load(name).threshold:.3f}" in card


def test_weights_hold_no_words() -> None:
    for path in WEIGHTS.glob("*.txt"):
        body = path.read_text(encoding="ascii").partition("\n\n")[2]
        assert set(body) <= set("0123456789abcdef-\t\n"), path.name


def model(weights: dict[int, float] | None = None) -> LinearModel:
    """A model that knows nothing but what is given."""
    return LinearModel(
        name="abuse",
        bits=24,
        bias=-1.5,
        threshold=0.0,
        scale="root",
        note="none",
        weights=weights or {},
    )


def test_words_scored_at_once_score_like_their_parts() -> None:
    known = load("spam")
    words = ["claim", "your", "prize"]
    assert known.score_words(words) == pytest.approx(known.score(word_features(words)))
    assert model().score_words(words) == -1.5
    assert "w prize" in parts_of("prize")
    assert " pri" in parts_of("prize")


def test_a_file_of_weights_says_the_same_after_a_round(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path_factory.mktemp("weights")
    (folder / "abuse.txt").write_text(dump(model({10: 0.25, 11: -2.0})), encoding="ascii")
    monkeypatch.setattr("community.guardrails.detectors.linear.WEIGHTS", folder)
    again = load.__wrapped__("abuse")
    assert again.weights == {10: 0.25, 11: -2.0}
    assert (again.bias, again.bits, again.scale) == (-1.5, 24, "root")


def test_weights_are_known_by_their_bucket_and_no_other_weighs() -> None:
    weights = Packed([(3, 250), (2**32 - 1, -2000)])
    assert dict(weights) == {3: 0.25, 2**32 - 1: -2.0}
    assert [weights.get(at, 0.0) for at in (0, 2, 3, 4)] == [0.0, 0.0, 0.25, 0.0]


def test_weights_out_of_order_are_refused() -> None:
    with pytest.raises(ValueError, match="bucket 3 stands behind 4"):
        Packed([(4, 1), (3, 1)])
