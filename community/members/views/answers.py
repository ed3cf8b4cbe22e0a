"""Answers that several pages give alike."""

from __future__ import annotations

from flask import flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from community.kernel.errors import Refusal, TooMany
from community.kernel.forms import Form
from community.kernel.web import wants_json


def again(
    template: str, form: Form, refusal: Refusal | None = None, **values: object
) -> ResponseReturnValue:
    """Show a form again with all that was typed, and say what is wrong with it.

    Args:
        template: of the page.
        form: as it was sent.
        refusal: what a service said; the form's own errors where None.
        values: what else the page says.
    """
    if refusal is not None and wants_json():
        raise refusal
    if refusal is not None:
        form.refuse(refusal)
    status = refusal.status if refusal is not None else 422
    response = make_response(render_template(template, form=form, **values), status)
    if isinstance(refusal, TooMany):
        response.headers["Retry-After"] = str(refusal.retry_after)
    return response


def done(sentence: str, endpoint: str, **values: object) -> ResponseReturnValue:
    """Go on to a page that says what was done."""
    flash(sentence)
    return redirect(url_for(endpoint, _external=False, **values), 303)  # type: ignore[arg-type]
