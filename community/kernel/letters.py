"""Writes letters from templates: the first line is the subject, the rest the text."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import render_template
from flask_babel import force_locale

from community.kernel import mail, settings


def write(template: str, *, to: str, language: str, key: str, **values: object) -> None:
    """Render a letter in the reader's language and send it.

    Args:
        template: such as `invitations/mail_invitation.txt`; begins with `Subject: …`.
        to: the address.
        language: of the reader.
        key: names the letter; sent twice, it carries the same Message-ID.
        values: what the template says. Never clinical text.
    """
    here = settings.current()
    with force_locale(language):
        text = render_template(template, base_url=here.base_url, host_name=here.host_name, **values)
    first, _, body = text.lstrip().partition("\n")
    subject = first.removeprefix("Subject:").strip()
    mail.send(
        mail.Letter(to=to, subject=subject, body=body.strip() + "\n", key=key),
        url=here.mail_url,
        sender=here.mail_from,
        host=urlsplit(here.base_url).hostname or "localhost",
    )
