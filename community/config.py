"""Settings: read once from the environment, frozen."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit


class SettingsError(Exception):
    """A setting is missing or wrong; the message says which and what to do."""


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
    transport: str = "stock"
    metrics_token: str = ""

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
    base_url = env.get("COMMUNITY_BASE_URL", "http://127.0.0.1:8000").rstrip("/")
    if urlsplit(base_url).scheme not in {"http", "https"} or not urlsplit(base_url).netloc:
        raise SettingsError("COMMUNITY_BASE_URL is an address such as https://community.example.")
    policies = env.get("COMMUNITY_POLICIES_DIR")
    proxies = env.get("COMMUNITY_TRUSTED_PROXIES", "0")
    if not proxies.isdigit():
        raise SettingsError("COMMUNITY_TRUSTED_PROXIES is a number of proxies in front, such as 1.")
    return Settings(
        database_url=env.get("COMMUNITY_DATABASE_URL", "") or _sqlite(data_dir),
        redis_url=env.get("COMMUNITY_REDIS_URL", ""),
        secret_key=_secret_key(env, mode, data_dir),
        mail_url=env.get("COMMUNITY_MAIL_URL", "") or f"mailbox:{data_dir / 'mail'}",
        mail_from=env.get("COMMUNITY_MAIL_FROM", "Roundtable <roundtable@localhost>"),
        base_url=base_url,
        mode=mode,
        data_dir=data_dir,
        host_name=env.get("COMMUNITY_HOST_NAME", "Alderwick"),
        policies_dir=Path(policies).resolve() if policies else None,
        trusted_proxies=int(proxies),
        transport=_transport(env),
        metrics_token=_metrics_token(env),
        fast_passwords=env.get("COMMUNITY_FAST_PASSWORDS") == "1" and mode == "development",
    )


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


def _kept_key(path: Path) -> str:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(secrets.token_urlsafe(32))
        path.chmod(0o600)
    return path.read_text().strip()
