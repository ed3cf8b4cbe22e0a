"""What the pages about second readings and figures may send."""

from __future__ import annotations

from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import AnyOf, InputRequired, Length, NumberRange

from community.insights.models import Opinion
from community.insights.services import LONGEST_NOTE, Judging
from community.insights.services.reading import CASE_DESKS
from community.kernel.forms import Form, WholeNumberField, lazy_text
from community.kernel.input import clean

_REQUIRED = InputRequired(lazy_text("This can't be empty."))
_LONGEST = Length(max=LONGEST_NOTE, message=lazy_text("That is too long."))
_VERSION = NumberRange(0, 2**31)


class JudgingForm(Form):
    """What a second reader says of a text, on the version of the reading that the page showed.

    For each rule that gave advice, the page sends `advice-<rule>` with `needed` or `needless`.
    """

    version = WholeNumberField(validators=[InputRequired(), _VERSION])
    opinion = StringField(
        lazy_text("What do you think of it?"),
        [AnyOf([each.value for each in Opinion], lazy_text("Choose one of the three."))],
    )
    note = TextAreaField(lazy_text("Note to the author"), [_LONGEST])
    proposal_rule = StringField(lazy_text("Rule"), [Length(max=64)])
    proposal = TextAreaField(lazy_text("Proposal"), [_LONGEST])
    case_for = StringField(
        lazy_text("If it is outside the rules"),
        [AnyOf(["", *CASE_DESKS], lazy_text("There is no such desk."))],
        default="",
    )

    def judging(self, advice: dict[str, str]) -> Judging:
        """Return what was sent.

        Args:
            advice: for each rule that gave advice, `needed`, `needless` or nothing.
        """
        outside = self.opinion.data == Opinion.OUTSIDE.value
        return Judging(
            opinion=Opinion(self.opinion.data),
            note=clean(self.note.data or ""),
            needed=[rule for rule, said in advice.items() if said == "needed"],
            needless=[rule for rule, said in advice.items() if said == "needless"],
            proposal=self.proposal.data or "",
            proposal_rule=self.proposal_rule.data or "",
            case_for=(self.case_for.data or "") if outside else "",
        )


class RateForm(Form):
    """Another rate for a space."""

    space = HiddenField(validators=[_REQUIRED])
    percent = WholeNumberField(
        lazy_text("Of a hundred"),
        [
            InputRequired(lazy_text("A number between 0 and 100.")),
            NumberRange(0, 100, lazy_text("A number between 0 and 100.")),
        ],
    )
    version = WholeNumberField(validators=[InputRequired(), _VERSION])


class AnswerForm(Form):
    """What becomes of a proposal."""

    answer = TextAreaField(lazy_text("What becomes of it"), [_REQUIRED, _LONGEST])


class NothingForm(Form):
    """A deed that needs no more than the press of its button."""
