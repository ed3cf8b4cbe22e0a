"""Settings: read once from the environment, frozen."""

from __future__ import annotations

import contextlib
import ipaddress
import os
import re
import secrets
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urlsplit


class SettingsError(Exception):
    """A setting is missing or wrong; the message says which and what to do."""


@dataclass(frozen=True)
class CompanySignIn:
    """The company's own OpenID provider, and which of its groups bring which duties."""

    issuer: str
    client_id: str
    client_secret: str
    groups_claim: str = "groups"
    scope: str = "openid email profile"
    duties: tuple[tuple[str, str], ...] = ()
    hosts: tuple[str, ...] = ()  # that may be asked besides the issuer's own


@dataclass(frozen=True)
class Settings:
    """How this installation runs. Each field is an environment variable `COMMUNITY_<NAME>`."""

    database_url: str
    redis_url: str
    secret_key: str
    mail_url: str
    mail_from: str
    base_url: str
    mode: str
    data_dir: Path
    host_name: str
    policies_dir: Path | None
    trusted_proxies: int
    fast_passwords: bool = False
    transport: str = "direct"
    metrics_token: str = ""
    second_factor: str = ""
    security_contact: str = ""
    company_sign_in: CompanySignIn | None = None
    secret_keys_before: tuple[str, ...] = ()
    leaked_passwords: Path | None = None

    @property
    def secret_keys(self) -> tuple[str, ...]:
        """All keys that things may still be made with; the present one first."""
        return (self.secret_key, *self.secret_keys_before)

    @property
    def asks_second_factor(self) -> bool:
        """Whether company staff and holders of duties need a second factor; trying out waives."""
        return self.second_factor in {"required", "everyone"} or not self.is_development

    @property
    def asks_everyone(self) -> bool:
        """Whether health professionals need one too."""
        return self.second_factor == "everyone"

    @property
    def is_development(self) -> bool:
        """Whether the mailbox page and the like are shown."""
        return self.mode == "development"

    @property
    def is_https(self) -> bool:
        """Whether browsers reach the site by TLS; decides `Secure` on cookies."""
        return urlsplit(self.base_url).scheme == "https"


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings.

    Raises:
        SettingsError: a production start without a secret key, or a value that can't be.
    """
    env = os.environ if environ is None else environ
    mode = env.get("COMMUNITY_MODE", "production")
    if mode not in {"production", "development"}:
        raise SettingsError("COMMUNITY_MODE is production or development.")
    data_dir = Path(env.get("COMMUNITY_DATA_DIR", "var")).resolve()
    policies = env.get("COMMUNITY_POLICIES_DIR")
    proxies = env.get("COMMUNITY_TRUSTED_PROXIES", "0")
    if not proxies.isdigit():
        raise SettingsError("COMMUNITY_TRUSTED_PROXIES is a number of proxies in front, such as 1.")
    return Settings(
        database_url=_database_url(env) or _sqlite(data_dir),
        redis_url=env.get("COMMUNITY_REDIS_URL", ""),
        secret_key=_secret_key(env, mode, data_dir),
        secret_keys_before=_secret_keys_before(env),
        mail_url=_mail_url(env, mode) or f"mailbox:{data_dir / 'mail'}",
        mail_from=env.get("COMMUNITY_MAIL_FROM", "Roundtable <roundtable@localhost>"),
        base_url=_base_url(env, mode),
        mode=mode,
        data_dir=data_dir,
        host_name=env.get("COMMUNITY_HOST_NAME", "Alderwick"),
        policies_dir=Path(policies).resolve() if policies else None,
        trusted_proxies=int(proxies),
        transport=_transport(env),
        second_factor=_second_factor(env, mode),
        security_contact=_security_contact(env),
        company_sign_in=_company_sign_in(env),
        metrics_token=_metrics_token(env),
        leaked_passwords=_leaked_passwords(env),
        fast_passwords=env.get("COMMUNITY_FAST_PASSWORDS") == "1" and mode == "development",
    )


def _base_url(env: Mapping[str, str], mode: str) -> str:
    base_url = env.get("COMMUNITY_BASE_URL", "http://127.0.0.1:8000").rstrip("/")
    site = urlsplit(base_url)
    if site.scheme not in {"http", "https"} or not site.netloc:
        raise SettingsError("COMMUNITY_BASE_URL is an address such as https://community.example.")
    if site.path or site.query or site.fragment:  # browsers keep hosts apart, not folders of one
        raise SettingsError("COMMUNITY_BASE_URL is a host of its own, with nothing after its name.")
    in_the_clear = site.scheme == "http" and not _is_this_machine(site.hostname or "")
    if in_the_clear and mode == "production":  # cookies would go without `Secure`, and be read
        raise SettingsError(
            "COMMUNITY_BASE_URL begins with https: where COMMUNITY_MODE is production; http: is "
            "for this machine alone, such as http://localhost:8000."
        )
    return base_url


def _is_this_machine(host: str) -> bool:
    with contextlib.suppress(ValueError):
        return ipaddress.ip_address(host).is_loopback
    return host == "localhost"


def _database_url(env: Mapping[str, str]) -> str:
    url = env.get("COMMUNITY_DATABASE_URL", "")
    if url and not url.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise SettingsError(
            "COMMUNITY_DATABASE_URL begins with sqlite:/// or postgresql+psycopg://."
        )
    return url


def _mail_url(env: Mapping[str, str], mode: str) -> str:
    url = env.get("COMMUNITY_MAIL_URL", "")
    if not url:
        return ""
    try:
        parts = urlsplit(url)
        is_whole = bool(
            (parts.scheme == "mailbox" and parts.path)
            or (parts.scheme in {"smtp", "smtps", "smtp+starttls"} and parts.hostname)
        )
        _ = parts.port  # raises ValueError where it is no number
    except ValueError:
        is_whole = False
    if not is_whole:
        raise SettingsError(
            "COMMUNITY_MAIL_URL looks like smtp+starttls://user:password@host:587, or smtp:, "
            "smtps:, or mailbox: with a folder."
        )
    if mode == "production" and _tells_password(url):
        raise SettingsError(
            "COMMUNITY_MAIL_URL begins with smtp+starttls: or smtps: where it holds a password; "
            "by smtp: it would go over the network in the clear."
        )
    return url


def _tells_password(mail_url: str) -> bool:
    """Whether a name or password for mail would leave this machine in the clear."""
    parts = urlsplit(mail_url)
    holds_one = bool(parts.username or parts.password)
    return parts.scheme == "smtp" and holds_one and not _is_this_machine(parts.hostname or "")


def _second_factor(env: Mapping[str, str], mode: str) -> str:
    wanted = env.get("COMMUNITY_SECOND_FACTOR", "")
    if wanted not in {"", "required", "everyone", "waived"}:
        raise SettingsError("COMMUNITY_SECOND_FACTOR is required, everyone or waived.")
    if wanted == "waived" and mode == "production":
        raise SettingsError(
            "COMMUNITY_SECOND_FACTOR can be waived only where COMMUNITY_MODE is development."
        )
    return wanted


def _security_contact(env: Mapping[str, str]) -> str:
    contact = env.get("COMMUNITY_SECURITY_CONTACT", "")
    is_address = contact.startswith(("mailto:", "https:", "tel:")) and contact.isprintable()
    if contact and not is_address:
        raise SettingsError("COMMUNITY_SECURITY_CONTACT begins with mailto:, https: or tel:.")
    return contact


def _company_sign_in(env: Mapping[str, str]) -> CompanySignIn | None:
    issuer, client, secret = (
        env.get(f"COMMUNITY_OIDC_{name}", "") for name in ("ISSUER", "CLIENT_ID", "CLIENT_SECRET")
    )
    if not (issuer or client or secret):
        return None
    if not (issuer and client and secret):
        raise SettingsError(
            "COMMUNITY_OIDC_ISSUER, COMMUNITY_OIDC_CLIENT_ID and COMMUNITY_OIDC_CLIENT_SECRET "
            "go together."
        )
    parts = urlsplit(issuer)
    if parts.scheme != "https" and parts.hostname not in {"localhost", "127.0.0.1"}:
        raise SettingsError("COMMUNITY_OIDC_ISSUER begins with https:.")
    claim = env.get("COMMUNITY_OIDC_GROUPS_CLAIM", "") or "groups"
    scope = env.get("COMMUNITY_OIDC_SCOPE", "") or CompanySignIn.scope
    hosts = tuple(_listed(env, "COMMUNITY_OIDC_HOSTS"))
    return CompanySignIn(issuer, client, secret, claim, scope, _duties_of_groups(env), hosts)


def _listed(env: Mapping[str, str], name: str) -> list[str]:
    return [each.strip() for each in env.get(name, "").split(",") if each.strip()]


def _duties_of_groups(env: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    text = env.get("COMMUNITY_OIDC_DUTIES", "")
    pairs = [each.rpartition("=") for each in text.split(",") if each.strip()]
    if not all(group.strip() and duty.strip() for group, _, duty in pairs):
        raise SettingsError("COMMUNITY_OIDC_DUTIES looks like rt-safety=safety,rt-legal=legal.")
    return tuple((group.strip(), duty.strip()) for group, _, duty in pairs)


def _transport(env: Mapping[str, str]) -> str:
    transport = env.get("COMMUNITY_TRANSPORT", "direct")
    if transport not in {"stock", "direct"}:
        raise SettingsError("COMMUNITY_TRANSPORT is stock or direct.")
    return transport


def _metrics_token(env: Mapping[str, str]) -> str:
    token = env.get("COMMUNITY_METRICS_TOKEN", "")
    if token and len(token) < 16:
        raise SettingsError("COMMUNITY_METRICS_TOKEN is too short; give it 32 random characters.")
    return token


def _leaked_passwords(env: Mapping[str, str]) -> Path | None:
    name = env.get("COMMUNITY_LEAKED_PASSWORDS", "")
    if not name:
        return None
    path = Path(name).resolve()
    found: list[bytes] = []
    with contextlib.suppress(OSError), path.open("rb") as lines:
        found = list(_lines_here_and_there(lines, path.stat().st_size))
    if not found or not all(map(_DIGEST.match, found)):
        raise SettingsError(
            "COMMUNITY_LEAKED_PASSWORDS is a file whose lines begin with SHA-1 digests, in their "
            "order."
        )
    if found != sorted(found):
        raise SettingsError(
            "COMMUNITY_LEAKED_PASSWORDS is not in the order of its digests. Take the list ordered "
            "by hash, not the one ordered by how often a password was found."
        )
    return path


_DIGEST = re.compile(rb"[0-9A-F]{40}(:|\r?\n|$)")
_LONGEST_LINE = 100
_PLACES = 64  # no list in another order ascends at so many by chance


def _lines_here_and_there(lines: BinaryIO, size: int) -> Iterator[bytes]:
    """Yield lines at even places, from the first one on, in capitals."""
    for place in range(_PLACES):
        lines.seek(size * place // _PLACES)
        if place:
            lines.readline(_LONGEST_LINE)
        if line := lines.readline(_LONGEST_LINE):
            yield line.upper()


def _sqlite(data_dir: Path) -> str:
    return f"sqlite:///{data_dir / 'community.sqlite3'}"


def _secret_key(env: Mapping[str, str], mode: str, data_dir: Path) -> str:
    key = env.get("COMMUNITY_SECRET_KEY", "")
    if key:
        if len(key) < 16 and mode == "production":
            raise SettingsError("COMMUNITY_SECRET_KEY is too short; give it 32 random characters.")
        return key
    if mode == "production":
        raise SettingsError(
            "COMMUNITY_SECRET_KEY is not set. Give it 32 random characters and keep them: "
            "sessions and links depend on it."
        )
    return _kept_key(data_dir / "secret_key")


def _secret_keys_before(env: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(_listed(env, "COMMUNITY_SECRET_KEYS_BEFORE"))


def _kept_key(path: Path) -> str:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=path.parent) as made:  # for its owner alone
            made.write(secrets.token_urlsafe(32))
            made.flush()
            with contextlib.suppress(FileExistsError):  # another process was first: its key counts
                os.link(made.name, path)
    return path.read_text().strip()
