"""Look every pinned package up in the public list of known holes: `make audit-dependencies`.

Ends with 0 where all were looked up and none is known to have a hole, 1 where one is, and 2 where
the list can't be had for all of them: nothing is known then, which is not nothing found.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tools.commands import ROOT, say

_PINS = ("requirements.txt", "requirements-dev.txt")
_CLEAN, _HOLES, _UNKNOWN = 0, 1, 2
_SECONDS = 15


def audit(pins: Path) -> dict[str, Any] | None:
    """Return what pip-audit says of each pinned package, or None where it could say nothing."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        command = [sys.executable, "-m", "pip_audit", "--requirement", str(pins)]
        options = ["--require-hashes", "--disable-pip", "--progress-spinner=off", "--format=json"]
        subprocess.run(
            [*command, *options, f"--timeout={_SECONDS}", f"--output={report}"],
            check=False,
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        if not report.exists() or not report.read_text().strip():
            return None
        found: dict[str, Any] = json.loads(report.read_text())
        return found


def judge(report: dict[str, Any] | None, name: str) -> tuple[int, list[str]]:
    """Return the exit status that a report means, and the lines to say about it.

    Args:
        report: as pip-audit writes it in JSON, or None.
        name: of the file with the pins.
    """
    if report is None:
        return _UNKNOWN, [f"{name}: no list of known holes can be had here. Nothing is known."]
    packages = report["dependencies"]
    missed = [each["name"] for each in packages if "skip_reason" in each]
    lines = [
        f"{name}: {each['name']} {each['version']} has {hole['id']}, "
        f"mended in {', '.join(hole['fix_versions']) or 'no version yet'}."
        for each in packages
        for hole in each.get("vulns", [])
    ]
    status = _HOLES if lines else _CLEAN
    if missed:
        lines.append(
            f"{name}: the list could not be had for {len(missed)} of {len(packages)} packages, "
            "so of them nothing is known. Run this again where the package index answers."
        )
        status = status or _UNKNOWN
    elif not lines:
        lines.append(f"{name}: {len(packages)} packages looked up, no known hole.")
    return status, lines


def main() -> int:
    """Audit all pins and say what is known."""
    statuses = []
    for name in _PINS:
        status, lines = judge(audit(ROOT / name), name)
        statuses.append(status)
        for line in lines:
            say(line)
    return _HOLES if _HOLES in statuses else max(statuses)


if __name__ == "__main__":
    sys.exit(main())
