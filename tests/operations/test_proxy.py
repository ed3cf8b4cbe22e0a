"""What nginx as it is shipped takes, leads on, and refuses before the program hears of it."""

from __future__ import annotations

import http.client
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.operations.proxy import adapted, running_nginx
from tests.operations.test_many_processes import wait_for
from tests.site import free_port


@dataclass(frozen=True)
class Doors:
    """The ports of one nginx."""

    http: int
    https: int


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    """An nginx before no program at all."""
    found = Doors(free_port(), free_port())
    conf = adapted(tmp_path_factory.mktemp("nginx"), http=found.http, https=found.https)
    with running_nginx(conf):
        wait_for(found.https)
        yield found


def trusting(**wanted: ssl.TLSVersion) -> ssl.SSLContext:
    """Return how a browser of any age speaks TLS, whoever may answer."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_ciphers("ALL:@SECLEVEL=0")
    for name, version in wanted.items():
        setattr(context, name, version)
    return context


def spoken(doors: Doors, context: ssl.SSLContext) -> tuple[str | None, str]:
    """Return the version of TLS and the cipher that both agree on."""
    with (
        socket.create_connection(("127.0.0.1", doors.https), timeout=10) as line,
        context.wrap_socket(line) as secured,
    ):
        cipher = secured.cipher()
        assert cipher is not None
        return secured.version(), cipher[0]


def test_the_newest_tls_is_spoken_and_of_the_one_before_the_strongest_first(doors: Doors) -> None:
    assert spoken(doors, trusting())[0] == "TLSv1.3"
    before = trusting(maximum_version=ssl.TLSVersion.TLSv1_2)
    assert spoken(doors, before) == ("TLSv1.2", "ECDHE-ECDSA-AES256-GCM-SHA384")


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
def test_older_tls_is_not_spoken(doors: Doors) -> None:
    old = trusting(minimum_version=ssl.TLSVersion.TLSv1, maximum_version=ssl.TLSVersion.TLSv1_1)
    with pytest.raises(ssl.SSLError):
        spoken(doors, old)


@pytest.mark.parametrize("cipher", ["ECDHE-ECDSA-AES128-SHA", "ECDHE-ECDSA-AES256-SHA384"])
def test_ciphers_without_authentication_of_what_they_hide_are_not_spoken(
    doors: Doors, cipher: str
) -> None:
    weak = trusting(maximum_version=ssl.TLSVersion.TLSv1_2)
    weak.set_ciphers(f"{cipher}:@SECLEVEL=0")
    with pytest.raises(ssl.SSLError):
        spoken(doors, weak)


@pytest.mark.parametrize(("method", "accept", "status"), [
    ("GET", "text/html,application/xhtml+xml,*/*;q=0.8", 301),
    ("POST", "text/html,application/xhtml+xml,*/*;q=0.8", 403),
    ("GET", "application/json", 403),
    ("GET", "*/*", 403),
])  # fmt: skip
def test_in_the_clear_pages_are_led_on_and_programs_are_refused(
    doors: Doors, method: str, accept: str, status: int
) -> None:
    line = http.client.HTTPConnection("127.0.0.1", doors.http, timeout=10)
    line.request(method, "/sign-in", headers={"Accept": accept, "Host": "community.example.org"})
    answer = line.getresponse()
    answer.read()
    line.close()
    place = "https://community.example.org/sign-in" if status == 301 else None
    assert (answer.status, answer.headers["Location"]) == (status, place)


def test_what_is_sent_in_the_clear_to_the_door_of_tls_is_refused(doors: Doors) -> None:
    line = http.client.HTTPConnection("127.0.0.1", doors.https, timeout=10)
    line.request("GET", "/sign-in")
    answer = line.getresponse()
    answer.read()
    line.close()
    assert answer.status == 400
