"""One text under the detector: which of its sentences report a harm, and of whose medicine."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from math import log

from community.guardrails.detectors.adverse_event import telling
from community.guardrails.detectors.adverse_event.answers import tells_by_answering
from community.guardrails.detectors.adverse_event.happening import LONGEST, happened_to_one
from community.guardrails.detectors.adverse_event.sentences import Sentence, cut, says_no_medicine
from community.guardrails.detectors.adverse_event.told import LONGEST as LONGEST_TOLD
from community.guardrails.detectors.adverse_event.told import told_features
from community.guardrails.detectors.adverse_event.words import HARM, MEDICINE, class_of
from community.guardrails.detectors.hit import Hit, Look
from community.guardrails.detectors.linear import LinearModel, load

OURS, OTHER = "ours", "other"
_BACK, _AHEAD = 3, 1  # how many sentences a medicine reaches
_STRICTER, _STRICTER_WITHOUT_EVENT = 0.5, 1.4  # log-odds for each e-fold of sentences
_OUT_OF_REACH = 0.5  # log-odds more where no medicine of ours is named or asked about
_SURELY = 1.5  # log-odds more for a sentence that also warns, cites or speaks of reporting
_ANSWERS = frozenset("yes yep yeah no not none never neither nope nobody".split())
_BARE = 9  # tokens of a yes or a no that only its question explains
_WITH = 4  # words between "a patient with" and the illness
_VAGUE = 0.6  # log-odds more where neither a harm nor a medicine is named
_EXPOSED = frozenset(
    "after during following receiving received given treated treatment therapy induced due"
    " associated secondary caused causing administration use using overdose exposure exposed"
    " related attributed intoxication poisoning ingestion".split()
)
_YES = frozenset(
    "yes yep yup yeah ja oui si afraid absolutely definitely plenty regularly"
    " indeed sadly unfortunately often sometimes several one two three four many quite"
    " a few in mine of ours i have did do so twice once too me".split()
)


def relevant(sentences: list[Sentence], at: int, *, about_medicine: bool) -> bool:
    """Whether the model should read a sentence: it, or something in reach, is about a medicine.

    A text of one sentence may leave the medicine out, as in an answer, unless it is about somebody
    else and names nothing that was given.
    """
    sentence = sentences[at]
    if sentence.medicine or sentence.first_person or about_medicine:
        return True
    if any(near.medicine for near in sentences[max(0, at - _BACK) : at + 1 + _AHEAD]):
        return True
    if len(sentences) > 1:
        return False
    return not sentence.third_person or not _EXPOSED.isdisjoint(sentence.words)


@dataclass
class Room:
    """One text with what stands around it."""

    look: Look

    @cached_property
    def sentences(self) -> list[Sentence]:
        """The text, sentence by sentence."""
        return cut(self.look.reading)

    @cached_property
    def last_named(self) -> list[str]:
        """For each sentence whose medicine was named last before it; empty where none was."""
        found, last = [], ""
        for sentence in self.sentences:
            found.append(last)
            if sentence.ours or sentence.named:
                last = OURS if sentence.ours else OTHER
        return found

    @cached_property
    def model(self) -> LinearModel:
        """The trained model of single sentences."""
        return load("adverse_event")

    @cached_property
    def around(self) -> str:
        """Whose medicine the thread is about; empty where it names none."""
        if self.look.about:
            return OURS
        named = any(class_of(norm) == MEDICINE for norm in self.look.around.norms)
        return OTHER if named else ""

    @cached_property
    def first_of_ours(self) -> int:
        """The first sentence that names a medicine of ours; beyond the last where none does."""
        numbered = enumerate(self.sentences)
        return next((at for at, s in numbered if s.ours), len(self.sentences) + _AHEAD)

    def hits(self) -> Iterator[tuple[str, Hit]]:
        """Each sentence that may report harm, with whose medicine it is."""
        nothing_taken = says_no_medicine(self.sentences)
        for at, sentence in enumerate(self.sentences):
            if nothing_taken or telling.asks(sentence):
                continue
            whose = self._whose(at)
            if self._reports(at, sentence) or self._is_told_of(sentence, whose):
                yield whose, self._hit(at, sentence)

    def _reports(self, at: int, sentence: Sentence) -> bool:
        answer = at == 0 and self._is_an_answer(sentence)
        only_denied = not answer and sentence.denied and not (sentence.harms or sentence.events)
        if only_denied:
            return False
        if answer or (at == 0 and self._affirms(sentence)) or self._happened_to_one(at, sentence):
            return True
        if len(self.sentences) > 1 and not _names_harm(sentence):
            return False
        words = sentence.typed
        case = telling.tells_a_case(sentence, words)
        if telling.reassures(words) or (telling.cites(words) and not case):
            return False
        if not case and self._whose(at) == OURS and self._is_known(at, sentence, words):
            return False
        return self._is_told(at, sentence, case=case) or self._scores(
            at, sentence, words, case=case
        )

    def _is_known(self, at: int, sentence: Sentence, words: str) -> bool:
        """Whether a sentence on ours says what Safety has: a label, a rate, a thing to watch."""
        if telling.quotes_a_source(sentence, words):
            return True
        return self._speaks_of_ours(at) and telling.warns(sentence)

    def _is_told(self, at: int, sentence: Sentence, *, case: bool) -> bool:
        """Somebody, something that happened, a medicine in reach."""
        if not sentence.events or not (self._named_near(at) or self.around):
            return False
        if telling.warns(sentence) and not (case and telling.is_past(sentence)):
            return False
        return telling.happened(sentence) or (bool(sentence.ours) and self._has_a_patient(at + 1))

    def _is_an_answer(self, sentence: Sentence) -> bool:
        return self.around == OURS and tells_by_answering(sentence, self.look.around)

    def _happened_to_one(self, at: int, sentence: Sentence) -> bool:
        """Whether one person is told of under a medicine of ours that is in reach."""
        if len(self.look.text.norms) > LONGEST:
            return False
        if self._whose(at) != OURS or not (self.around == OURS or self._ours_near(at)):
            return False
        named = self._ours_near(at)
        return happened_to_one(sentence, len(self.look.text.norms), named=named)

    def _is_told_of(self, sentence: Sentence, whose: str) -> bool:
        """Whether the model of what colleagues tell takes it for a report."""
        if len(self.look.text.norms) > LONGEST_TOLD or not self._may_tell(sentence, whose):
            return False
        bar = load("told").threshold
        if self._reach == "none":
            bar += _OUT_OF_REACH
        if _is_set_aside(sentence):
            bar += _SURELY
        return load("told").score(told_features(sentence, self._reach)) >= bar

    def _may_tell(self, sentence: Sentence, whose: str) -> bool:
        """Whether a medicine is in reach of which it can tell something."""
        if whose != OURS:
            return bool(sentence.named and (sentence.third_person or sentence.first_person))
        if self._reach == "none":
            return bool(sentence.takes or sentence.remedies)
        # What a bare yes means hangs on the question: `_is_an_answer`.
        return self._reach == "named" or not _is_bare_answer(sentence)

    @cached_property
    def _reach(self) -> str:
        """Whether the text names a medicine of ours, the thread does, or neither."""
        if any(sentence.ours for sentence in self.sentences):
            return "named"
        return "asked" if self.around == OURS else "none"

    def _ours_near(self, at: int) -> bool:
        return any(s.ours for s in self.sentences[max(0, at - _BACK) : at + 1 + _AHEAD])

    def _has_a_patient(self, at: int) -> bool:
        """Whether the sentence there says for whom it is asked: "For someone in my clinic."."""
        own = self.sentences[at : at + 1]
        return any(s.third_person and s.norms[-1] != "?" and not telling.warns(s) for s in own)

    def _scores(self, at: int, sentence: Sentence, words: str, *, case: bool) -> bool:
        """What the model makes of it; where more is said around it, it must say more itself."""
        if not relevant(self.sentences, at, about_medicine=bool(self.around)):
            return False
        if telling.speaks_of_reporting(words):
            return False
        if len(self.sentences) > 1 and not _stands_alone(sentence, case=case):
            return False
        return sentence.odds >= self._threshold(sentence)

    def _threshold(self, sentence: Sentence) -> float:
        """Log-odds to reach.

        The longer a text, the likelier that one of its sentences looks like a report by chance; the
        more so where it names no event, only a word of illness.
        """
        stricter = _STRICTER if sentence.events else _STRICTER_WITHOUT_EVENT
        vague = not (sentence.harms or sentence.events or sentence.medicine)
        return self.model.threshold + stricter * log(len(self.sentences)) + _VAGUE * vague

    def _affirms(self, sentence: Sentence) -> bool:
        """Whether a short yes answers "has anyone seen a rash with it?"."""
        said = {norm for norm in sentence.norms if norm.isalpha()}
        if not self.around or not said or not said <= _YES:
            return False
        around = self.look.around
        asked = {s for s, n in zip(around.sentences, around.norms, strict=True) if n == "?"}
        return any(
            number in asked and class_of(norm) == HARM
            for number, norm in zip(around.sentences, around.norms, strict=True)
        )

    def _named_near(self, at: int) -> bool:
        near = self.sentences[max(0, at - _BACK) : at + 1 + _AHEAD]
        return any(s.named or s.ours or s.remedies for s in near)

    def _speaks_of_ours(self, at: int) -> bool:
        return bool(self.look.about) or at >= self.first_of_ours - _AHEAD

    def _whose(self, at: int) -> str:
        """The medicine of the sentence, else the last one named, else the thread's; or ours."""
        sentence = self.sentences[at]
        if sentence.ours or sentence.named:
            return OURS if sentence.ours else OTHER
        before = self.last_named[at]
        if before:
            return before
        if self.around:
            return self.around
        ahead = self.sentences[at + 1 : at + 1 + _AHEAD]
        return OTHER if any(s.named and not s.ours for s in ahead) else OURS

    def _hit(self, at: int, sentence: Sentence) -> Hit:
        text, offset = self.look.text, self.look.reading.rows[at].first
        first, last = _span(sentence)
        start, end = text.starts[offset + first], text.ends[offset + last]
        medicine = bool(sentence.ours or sentence.named or sentence.remedies)
        is_around = bool(self._named_near(at) or self.around)
        someone = bool(sentence.third_person or sentence.first_person)
        return Hit(start, end, _said(medicine=medicine, is_around=is_around, someone=someone))


def _said(*, medicine: bool, is_around: bool, someone: bool) -> str:
    """Which criteria of a report are there, in a sentence that its author reads."""
    if medicine and someone:
        return "a medicine, a reaction and a patient are named"
    if medicine:
        return "a medicine and a reaction are named, but no patient"
    here = (
        "a reaction and a patient are named" if someone else "a reaction is named, but no patient"
    )
    return f"{here}, and the thread says the medicine" if is_around else f"{here}, but no medicine"


def _stands_alone(sentence: Sentence, *, case: bool) -> bool:
    """Whether it names somebody or a medicine, and does not only warn."""
    if not (sentence.medicine or sentence.first_person):
        return False
    return case or sentence.takes or not telling.warns(sentence)


def _is_set_aside(sentence: Sentence) -> bool:
    """Whether it warns, quotes a source, reassures or speaks of reporting, and tells no case."""
    words = sentence.typed
    if telling.speaks_of_reporting(words) or telling.reassures(words):
        return True
    if telling.tells_a_case(sentence, words):
        return False
    return telling.warns(sentence) or telling.quotes_a_source(sentence, words)


def _is_bare_answer(sentence: Sentence) -> bool:
    """Whether it is a yes or a no and little else."""
    short = len(sentence.norms) <= _BARE and not sentence.events
    return short and sentence.norms[0] in _ANSWERS


def _names_harm(sentence: Sentence) -> bool:
    return bool(sentence.events) or "side" in sentence.words or not _is_why_treated(sentence)


def _is_why_treated(sentence: Sentence) -> bool:
    """Whether every harm stands after "with", "a patient with neuropathy"; or there is none."""
    norms = sentence.norms
    return all("with" in norms[max(0, at - _WITH) : at] for at in sentence.harms)


def _span(sentence: Sentence) -> tuple[int, int]:
    """First and last token from the medicine to the harm nearest to it; without either, all."""
    medicines = sentence.ours or sentence.named or sentence.remedies
    harms = sentence.events or sentence.harms
    if not harms:
        return 0, len(sentence.norms) - 1
    if not medicines:
        return harms[0], harms[-1]
    _, medicine, harm = min((abs(m - h), m, h) for m in medicines for h in harms)
    return min(medicine, harm), max(medicine, harm)
