"""Letters: written in a language, sent by SMTP or laid into a mailbox folder.

No clinical text ever goes by mail: it says that something is there, and where to read it.
"""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import format_datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

from community.kernel import clock

TIMEOUT_SECONDS = 20


@dataclass(frozen=True)
class Letter:
    """What goes to one person. `key` makes the Message-ID: sent twice, it is the same letter."""

    to: str
    subject: str
    body: str
    key: str


def send(letter: Letter, *, url: str, sender: str, host: str) -> None:
    """Send a letter.

    Args:
        letter: what goes out.
        url: `smtp://[user:password@]host[:port]`, `smtps://…`, or `mailbox:<folder>`.
        sender: the From line.
        host: domain for the Message-ID.

    Raises:
        OSError, smtplib.SMTPException: it could not be handed over; try again later.
    """
    message = _compose(letter, sender=sender, host=host)
    parts = urlsplit(url)
    if parts.scheme == "mailbox":
        _lay_down(message, Path(parts.path), letter.key)
    elif parts.scheme in {"smtp", "smtps", "smtp+starttls"}:
        _hand_over(message, letter, url)
    else:
        raise ValueError("COMMUNITY_MAIL_URL begins with smtp:, smtps: or mailbox:")


def _compose(letter: Letter, *, sender: str, host: str) -> EmailMessage:
    message = EmailMessage(policy=policy.SMTP)
    message["From"] = sender
    message["To"] = letter.to
    message["Subject"] = " ".join(letter.subject.split())
    message["Date"] = format_datetime(clock.now())
    message["Message-ID"] = f"<{re.sub(r'[^A-Za-z0-9.-]', '-', letter.key)}@{host}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.body)
    return message


def _lay_down(message: EmailMessage, folder: Path, key: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    stamp = clock.now().strftime("%Y%m%dT%H%M%S%f")
    name = f"{stamp}-{re.sub(r'[^A-Za-z0-9.-]', '-', key)}.eml"
    (folder / name).write_bytes(message.as_bytes())


def _hand_over(message: EmailMessage, letter: Letter, url: str) -> None:
    parts = urlsplit(url)
    host = parts.hostname or "localhost"
    context = ssl.create_default_context()
    if parts.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            host, parts.port or 465, timeout=TIMEOUT_SECONDS, context=context
        )
    else:
        server = smtplib.SMTP(host, parts.port or 25, timeout=TIMEOUT_SECONDS)
    with server:
        if parts.scheme == "smtp+starttls":
            server.starttls(context=context)
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        server.send_message(message, to_addrs=[letter.to])  # whatever a header reads as


@dataclass(frozen=True)
class Laid:
    """A letter in the mailbox folder, as the development page shows it."""

    to: str
    subject: str
    body: str
    at: datetime | None


def laid_down(url: str) -> Iterator[Laid]:
    """Yield the letters of a mailbox folder, the newest first."""
    parts = urlsplit(url)
    if parts.scheme != "mailbox":
        return
    for path in sorted(Path(parts.path).glob("*.eml"), reverse=True):
        message = BytesParser(policy=policy.default).parsebytes(path.read_bytes())
        body = message.get_body(("plain",))
        date = message["Date"]
        yield Laid(
            to=str(message["To"]),
            subject=str(message["Subject"]),
            body=body.get_content() if body else "",
            at=date.datetime if date else None,
        )
