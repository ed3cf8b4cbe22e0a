"""A shelf with the version in force and the next one, for tests that move the clock."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from community.config import Settings
from community.kernel import paths
from tests.stage import settings_for

NEXT = Path(__file__).parents[1] / "fixtures" / "policies" / "use"
BEFORE_NEXT = datetime(2027, 1, 10, 23, 59, tzinfo=UTC)
WITH_NEXT = datetime(2027, 1, 11, 0, 1, tzinfo=UTC)


@pytest.fixture(scope="session")
def shelf(all_premises: Path) -> Path:
    """The shipped policies, and the next version of the use policy beside them."""
    return _stocked(all_premises / "shelf")


@pytest.fixture
def own_shelf(tmp_path: Path) -> Path:
    """The same, for a test that changes what lies there before its program reads it."""
    return _stocked(tmp_path / "shelf")


@pytest.fixture
def settings(
    database_url: str, premises: Path, shelf: Path, request: pytest.FixtureRequest
) -> Settings:
    """How the app of these tests runs: with that shelf."""
    if "own_shelf" in request.fixturenames:
        shelf = request.getfixturevalue("own_shelf")
    return replace(settings_for(database_url, premises), policies_dir=shelf)


def _stocked(root: Path) -> Path:
    shutil.copytree(paths.POLICIES, root)
    shutil.copytree(NEXT, root / "use", dirs_exist_ok=True)
    return root
