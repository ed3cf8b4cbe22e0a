"""Renders every text of a JSONL file in a real browser: nothing may run or load from elsewhere.

`python benchmarks/xss_check.py FILE.jsonl`, where a line is `{"id","text"}` with more or less
around it. Ends with 1 and names the lines where anything was found.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from community.kernel.markup import render
from tests.kernel.in_browser import faults_in_browser
from tests.kernel.safety import faults_of
from tests.servers.browser import running_chromium

_IN_A_PAGE = 200


def main(path: str) -> int:
    """Check one file; 0 when every text in it is harmless."""
    lines = Path(path).read_text(encoding="utf-8").splitlines()
    items = [(str(item["id"]), str(item["text"])) for item in map(json.loads, lines)]
    begun = time.perf_counter()
    posts = [render(text) for _, text in items]
    took = time.perf_counter() - begun
    faults = [
        f"{items[number][0]}: {fault}"
        for number, post in enumerate(posts)
        for fault in faults_of(post)
    ]
    with running_chromium() as browser:
        for start in range(0, len(posts), _IN_A_PAGE):
            page = faults_in_browser(browser, posts[start : start + _IN_A_PAGE])
            faults += [f"from {items[start][0]}: {fault}" for fault in page]
    print("\n".join(faults) or "nothing ran, nothing was loaded, nothing stood there that may not")
    print(f"{len(posts)} texts, rendered in {took:.1f} s; {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        print(__doc__)
        sys.exit(2)
    sys.exit(main(sys.argv[1]))
