"""How much of what the company publishes is read a second time, space by space."""

from __future__ import annotations

from flask.typing import ResponseReturnValue
from flask_babel import gettext

from community.insights import queries, services
from community.insights.forms import RateForm
from community.insights.views import blueprint
from community.insights.views.page import page
from community.kernel.errors import Invalid, NotFound
from community.members.session import current_member
from community.members.views.answers import done


@blueprint.get("/rates")
def rates() -> ResponseReturnValue:
    """Show the rate of every space."""
    return _page(RateForm(formdata=None))


def _page(form: RateForm) -> str:
    found = queries.rates(viewer=current_member())
    return page("insights/rates.html", "rates", rates=found, form=form)


@blueprint.post("/rates")
def set_rate() -> ResponseReturnValue:
    """Change the rate of a space."""
    viewer = current_member()
    found = {each.space.slug: each.space for each in queries.rates(viewer=viewer)}
    form = RateForm()
    if not form.validate():
        return _page(form), 422
    if form.space.data not in found:
        raise NotFound
    try:
        services.set_rate(
            actor=viewer,
            space=found[form.space.data],
            percent=form.percent.data if form.percent.data is not None else -1,
            version=form.version.data or 0,
        )
    except Invalid as refusal:
        form.refuse(refusal)
        return _page(form), 422
    return done(gettext("Kept. It holds for what is published from now on."), "insights.rates")
