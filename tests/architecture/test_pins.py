"""What is installed is what was looked at: by version, by hash, from wherever one likes."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tools import vendor

ROOT = Path(__file__).resolve().parents[2]
_FILES = ["requirements.txt", "requirements-dev.txt", "tools/requirements-node.txt"]


@dataclass(frozen=True)
class _Pin:
    name: str
    version: str
    hashes: tuple[str, ...]


def _pins(file: str) -> Iterator[_Pin]:
    entries = re.split(r"\n(?=\S)", (ROOT / file).read_text(encoding="utf-8").strip())
    for entry in (entry for entry in entries if not entry.startswith("#")):
        requirement = Requirement(entry.split("\\\n")[0])
        (specifier,) = requirement.specifier
        assert specifier.operator == "==", entry
        hashes = tuple(re.findall(r"--hash=sha256:([0-9a-f]{64})\b", entry))
        yield _Pin(canonicalize_name(requirement.name), specifier.version, hashes)


@pytest.mark.parametrize("file", _FILES)
def test_every_package_is_pinned_by_version_and_hash(file: str) -> None:
    pins = list(_pins(file))
    assert pins
    assert [pin.name for pin in pins if not pin.hashes] == []


@pytest.mark.parametrize("file", _FILES)
def test_no_pin_says_where_to_fetch_it(file: str) -> None:
    text = (ROOT / file).read_text(encoding="utf-8")
    assert re.findall(r"https?:|--(?:extra-)?index-url|--find-links|^-[ief] | @ ", text) == []


@pytest.mark.parametrize(
    ("file", "groups"), [("requirements.txt", []), ("requirements-dev.txt", ["dev"])]
)
def test_the_pins_fulfil_what_the_project_asks_for(file: str, groups: list[str]) -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted: list[str] = [*settings["project"]["dependencies"]]
    for group in groups:
        wanted += settings["dependency-groups"][group]
    pinned = {pin.name: pin.version for pin in _pins(file)}
    unmet = [
        text
        for text, each in ((text, Requirement(text)) for text in wanted)
        if not each.specifier.contains(pinned.get(canonicalize_name(each.name), "0"))
    ]
    assert unmet == []


@pytest.mark.parametrize("name", ["python-engineio", "python-socketio"])
def test_where_insides_are_used_no_newer_minor_version_comes_by_itself(name: str) -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    (specifier,) = [
        each.specifier
        for each in map(Requirement, settings["project"]["dependencies"])
        if each.name == name
    ]
    pinned = {pin.name: Version(pin.version) for pin in _pins("requirements.txt")}[name]
    assert specifier.contains(f"{pinned.major}.{pinned.minor}.{pinned.micro + 1}")
    assert not specifier.contains(f"{pinned.major}.{pinned.minor + 1}.0")


def test_development_runs_on_the_very_packages_that_are_shipped() -> None:
    development = set(_pins("requirements-dev.txt"))
    assert [pin.name for pin in _pins("requirements.txt") if pin not in development] == []


def test_the_browser_libraries_are_those_of_the_list() -> None:
    assert vendor.faults() == []


def test_every_browser_library_brings_its_licence() -> None:
    files = vendor.vendored_files()
    assert all(file.licence for file in files)
    with_licence = {file.package for file in files if file.target.startswith("licences/")}
    assert {file.package for file in files} == with_licence


def test_an_altered_browser_library_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for file in vendor.vendored_files():
        copy = tmp_path / file.target
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes((vendor.FOLDER / file.target).read_bytes())
    monkeypatch.setattr(vendor, "FOLDER", tmp_path)
    assert vendor.faults() == []
    (tmp_path / "socket.io.esm.min.js").write_text("alert(1)")
    (tmp_path / "stranger.js").touch()
    assert vendor.faults() == ["socket.io.esm.min.js", "stranger.js"]
