"""Run other programs quietly, and say in one sentence what is missing when one fails."""

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOG = ROOT / "var" / "setup.log"


class Missing(Exception):
    """Something that the set-up needs is not there; the message is for a person."""


def say(sentence: str) -> None:
    """Tell at the terminal what happens now."""
    print(sentence, flush=True)


def succeeds(command: Sequence[str | Path], *, env: Mapping[str, str] | None = None) -> bool:
    """Run a program that asks nothing, keep what it prints in the log, tell whether it did well."""
    LOG.parent.mkdir(exist_ok=True)
    with LOG.open("a", encoding="utf-8") as log:
        log.write(f"\n$ {' '.join(map(str, command))}\n")
        log.flush()
        try:
            done = subprocess.run(
                command,
                check=False,
                cwd=ROOT,
                env={**os.environ, **(env or {})},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        except OSError as error:
            log.write(f"{error}\n")
            return False
    return done.returncode == 0


def run(
    command: Sequence[str | Path], *, otherwise: str, env: Mapping[str, str] | None = None
) -> None:
    """Run a program; raise Missing with the sentence `otherwise` if it fails."""
    if not succeeds(command, env=env):
        raise Missing(f"{otherwise} What it said is in {LOG.relative_to(ROOT)}.")
