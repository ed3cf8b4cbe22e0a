"""Reads of guardrail sets: which is in force, who has signed, and what old ones said."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import sqlalchemy as sa

from community.guardrails import engine, loader
from community.guardrails.models import GuardrailSetVersion
from community.kernel import clock, paths, settings
from community.kernel.db import session
from community.kernel.errors import NotFound

NEEDED = ("medical", "legal", "regulatory", "safety")


@lru_cache(maxsize=16)
def _read(sha256: str, source: str, products: tuple[tuple[str, str], ...]) -> engine.GuardrailSet:
    """Read a set once; its hash is part of the key, so that it is never another."""
    del sha256
    return loader.parse_set(source, loader.parse_products(dict(products)))


def rules_of(version: GuardrailSetVersion) -> engine.GuardrailSet:
    """Return the rules of a kept version, as the engine wants them."""
    return _read(version.sha256, version.source, tuple(sorted(version.products.items())))


@lru_cache(maxsize=4)
def _member_rules(folder: Path) -> engine.GuardrailSet:
    products = loader.load_products(folder / "products")
    return engine.member_rules(loader.load_set(folder / "guardrails" / "standard.toml", products))


def shipped_member_rules() -> engine.GuardrailSet:
    """Return the rules that judge members' posts where no set is in force."""
    return _member_rules(settings.current().policies_dir or paths.POLICIES)


def missing_signatures(version: GuardrailSetVersion) -> tuple[str, ...]:
    """Return the duties that have still to sign a version."""
    signed = {signature.duty for signature in version.signatures}
    return tuple(duty for duty in version.needs if duty not in signed)


def find_set_in_force() -> GuardrailSetVersion | None:
    """Return the latest version that is signed by all who must and whose day has come."""
    today = clock.now().date()
    versions = session().scalars(
        sa.select(GuardrailSetVersion)
        .where(GuardrailSetVersion.effective <= today)
        .order_by(GuardrailSetVersion.effective.desc(), GuardrailSetVersion.id.desc())
    )
    return next((version for version in versions if not missing_signatures(version)), None)


def set_versions() -> Sequence[GuardrailSetVersion]:
    """Return every version there ever was, the newest first."""
    return session().scalars(
        sa.select(GuardrailSetVersion).order_by(
            GuardrailSetVersion.effective.desc(), GuardrailSetVersion.id.desc()
        )
    ).all()


def get_set_version(*, version_id: int) -> GuardrailSetVersion:
    """Return one version; old ones stay readable.

    Raises:
        NotFound: there is none.
    """
    version = session().get(GuardrailSetVersion, version_id)
    if version is None:
        raise NotFound
    return version


def find_by_hash(sha256: str) -> GuardrailSetVersion | None:
    """Return the version with that content."""
    return session().scalar(
        sa.select(GuardrailSetVersion).where(GuardrailSetVersion.sha256 == sha256)
    )
