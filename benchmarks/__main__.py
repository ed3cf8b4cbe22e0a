"""Runs every benchmark, one after the other, as `make bench` does."""

from __future__ import annotations

import subprocess
import sys

EACH = {
    "thread_page": "The pages that are read most, beside a lean page",
    "catch_up": "All pages come back at once",
    "fan_out": "News to many live readers",
    "replies": "Replies through the form to live readers",
    "preview": "The verdict at a pause in typing",
    "guardrails": "The engine with 500 rules: drafts, growth, hostile texts",
    "markup": "Markdown to clean HTML",
}


def main() -> int:
    """Run each in a process of its own; return how many failed."""
    failed = 0
    for module, title in EACH.items():
        print(f"\n{title} (python -m benchmarks.{module})", flush=True)
        done = subprocess.run([sys.executable, "-m", f"benchmarks.{module}"], check=False)
        failed += done.returncode != 0
    return failed


if __name__ == "__main__":
    sys.exit(main())
