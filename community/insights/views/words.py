"""How pages say figures and the codes of second readings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from flask_babel import gettext, ngettext

from community.guardrails import access as guardrails_access
from community.insights import access
from community.insights.figures import Share
from community.insights.models import Opinion
from community.insights.views import blueprint
from community.members.models import Member

Tab = tuple[str, str, bool, int | None]


@blueprint.app_template_filter()
def opinion_name(opinion: Opinion) -> str:
    """Say what a second reader thought."""
    return {
        Opinion.WITHIN: gettext("Within the rules"),
        Opinion.IMPROVABLE: gettext("Could be better"),
        Opinion.OUTSIDE: gettext("Outside the rules"),
    }[opinion]


@blueprint.app_template_filter()
def share_words(share: Share) -> str:
    """Say a share by its numbers, and in per cent where there are twenty at least."""
    if not share.whole:
        return gettext("none yet")
    plain = gettext("%(part)s of %(whole)s", part=share.part, whole=share.whole)
    if share.percent is None:
        return plain
    return gettext("%(plain)s (%(percent)s %%)", plain=plain, percent=share.percent)


@blueprint.app_template_filter()
def interval_words(share: Share) -> str:
    """Say between which per cents a longer run would probably lie."""
    low, high = share.interval
    return gettext("probably %(low)s to %(high)s %%", low=round(100 * low), high=round(100 * high))


@blueprint.app_template_filter()
def length_words(length: timedelta | None) -> str:
    """Say how long somebody waited; a dash where nobody did."""
    if length is None:
        return "–"
    minutes = round(length.total_seconds() / 60)
    hours, days = minutes // 60, minutes // (24 * 60)
    if days >= 2:
        return gettext("%(days)s d %(hours)s h", days=days, hours=hours % 24)
    if hours:
        return gettext("%(hours)s h %(minutes)02d min", hours=hours, minutes=minutes % 60)
    return ngettext("%(num)s min", "%(num)s min", minutes)


@blueprint.app_template_filter()
def suggestion_words(suggestion: str) -> str:
    """Say what to do with a rule."""
    return {
        "sharpen": gettext("Most of its alarms were false: sharpen it, or retire it."),
        "unheard": gettext("Authors read its advice and send the text all the same: sharpen it, "
                           "or retire it."),
        "never": gettext("Not once in a year: is it still needed?"),
    }.get(suggestion, "")  # fmt: skip


def tabs_for(viewer: Member, here: str, waiting: int) -> Sequence[Tab]:
    """Return the ways through these pages that are open to somebody."""
    found: list[Tab] = []
    if access.may_see_figures(viewer):
        found += [
            (gettext("Replies"), "/insights/", here == "replies", None),
            (gettext("Rules"), "/insights/rules", here == "rules", None),
        ]
    if access.may_see_readings(viewer):
        found.append(
            (gettext("Second readings"), "/insights/readings", here == "readings", waiting)
        )
    if guardrails_access.may_see_drafts(viewer):
        found.append((gettext("Proposals"), "/insights/proposals", here == "proposals", None))
    if access.may_set_rates(viewer):
        found.append((gettext("How many are drawn"), "/insights/rates", here == "rates", None))
    return found
