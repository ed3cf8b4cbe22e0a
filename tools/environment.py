"""Keep `.venv`: the pinned packages, the project itself and its console command."""

import hashlib
import importlib.util
import json
import shutil
import subprocess
import sys
import tomllib
import venv
from pathlib import Path

from tools.commands import ROOT, Missing, run, say, succeeds

VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
RUNTIME = ROOT / "requirements.txt"
DEVELOPMENT = ROOT / "requirements-dev.txt"  # holds everything in RUNTIME too
_STAMP = VENV / "installed.json"

# A shell's first line, then Python: a `#!` line breaks on long paths and on spaces.
_COMMAND = """\
#!/bin/sh
'''exec' "{python}" "$0" "$@"
' '''
import sys

from community.cli import main

if __name__ == "__main__":
    sys.exit(main())
"""


def install(*, development: bool) -> None:
    """Bring `.venv` up to date, with the tools of development or without; quick if it is."""
    if not _fits():
        _create()
    wanted = DEVELOPMENT if development else RUNTIME
    installed = _read_stamp()
    if installed.get(wanted.name) != _digest(wanted):
        say(f"Installing the Python packages of {wanted.name}")
        install_packages(wanted, into=PYTHON)
        covered = (RUNTIME, DEVELOPMENT) if development else (RUNTIME,)
        _STAMP.write_text(json.dumps(installed | {file.name: _digest(file) for file in covered}))
    _link_project()


def install_packages(requirements: Path, *, into: Path, target: Path | None = None) -> None:
    """Install pinned, hashed packages for the interpreter `into`, or into the folder `target`.

    uv is quicker, but does not read pip's settings (a company's index, say): if it fails, pip
    has the last word.
    """
    what: list[str | Path] = ["--require-hashes", "-r", requirements]
    if target:
        what += ["--target", target]
    uv = shutil.which("uv")
    if uv and succeeds([uv, "pip", "install", "--quiet", "--python", into, *what]):
        return
    _ensure_pip(into)
    pip: list[str | Path] = [
        into,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-input",
        "--disable-pip-version-check",
    ]
    run(
        # Compiling every file ahead costs more than compiling the few that are imported.
        [*pip, "--no-compile", "--no-warn-script-location", *what],
        otherwise=f"The packages of {requirements.name} could not be installed: "
        "is the Python package index reachable?",
    )


def _fits() -> bool:
    """Tell whether `.venv` works, stands where it was made, and is of this Python's version."""
    if not PYTHON.exists():
        return False
    ask = "import sys; print(*sys.version_info[:2], sys.prefix)"
    answer = subprocess.run([PYTHON, "-c", ask], capture_output=True, text=True, check=False)
    major, minor = sys.version_info[:2]
    return answer.stdout.strip() == f"{major} {minor} {VENV}"


def _create() -> None:
    version = ".".join(map(str, sys.version_info[:2]))
    say(f"Making .venv with Python {version}")
    if VENV.exists():
        shutil.rmtree(VENV)
    venv.create(VENV, symlinks=True)


def _ensure_pip(python: Path) -> None:
    if succeeds([python, "-m", "pip", "--version"]):
        return
    if importlib.util.find_spec("ensurepip") is None:
        raise Missing("Python's venv is not complete here. On Debian: apt-get install python3-venv")
    run(
        [python, "-m", "ensurepip", "--default-pip"],
        otherwise="pip could not be installed. On Debian: apt-get install python3-venv.",
    )


def _link_project() -> None:
    """Make `import community` and the command `community` work in `.venv`, from this checkout."""
    library = VENV / "lib" / f"python{sys.version_info[0]}.{sys.version_info[1]}" / "site-packages"
    _write(library / "roundtable-community.pth", f"{ROOT}\n")
    command = VENV / "bin" / "community"
    _write(command, _COMMAND.format(python=PYTHON))
    command.chmod(0o755)
    _record_version(library)


def _record_version(library: Path) -> None:
    """Let `community --version` find what it asks for, as after an ordinary installation."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    name, version = project["name"], project["version"]
    record = library / f"{name.replace('-', '_')}-{version}.dist-info"
    for stale in library.glob(f"{name.replace('-', '_')}-*.dist-info"):
        if stale != record:
            shutil.rmtree(stale)
    record.mkdir(exist_ok=True)
    _write(record / "METADATA", f"Metadata-Version: 2.4\nName: {name}\nVersion: {version}\n")


def _write(path: Path, text: str) -> None:
    if not path.exists() or path.read_text() != text:
        path.write_text(text)


def _read_stamp() -> dict[str, str]:
    if not _STAMP.exists():
        return {}
    stamp: dict[str, str] = json.loads(_STAMP.read_text())
    return stamp


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
