"""Letters on their way to the mail server."""

from __future__ import annotations

import smtplib
import ssl

import pytest

from community.kernel import mail
from tests.faults.post_office import open_post_office

LETTER = mail.Letter(to="amara@example.org", subject="A reply", body="It is there.", key="one")


@pytest.mark.parametrize("scheme", ["smtp+starttls", "smtps"])
def test_a_letter_stays_where_the_server_speaks_no_tls_though_the_settings_ask_for_it(
    scheme: str,
) -> None:
    with open_post_office() as office:
        with pytest.raises((smtplib.SMTPNotSupportedError, ssl.SSLError)):
            mail.send(
                LETTER,
                url=f"{scheme}://127.0.0.1:{office.port}",
                sender="community@example.org",
                host="example.org",
            )
        assert office.letters == []
        there = f"smtp://127.0.0.1:{office.port}"
        mail.send(LETTER, url=there, sender="community@example.org", host="example.org")
        assert len(office.letters) == 1
