"""How long posts take to render: an ordinary one, a rich one, and the worst that we know.

`python benchmarks/markup.py` prints milliseconds of processor time, the median of several rounds.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from community.kernel.markup import MAX_LENGTH, excerpt, plain_text, render
from tests.kernel.hostile import HEAVY

SHORT = (
    "Agree with the order. One addition: measure standing. I had a list *last week* in which five"
)
RICH = """On **days alive and out of hospital**[^1]:

> the one that was started last

- Potassium 4.9 in spring, > 5.4 now (https://doi.org/10.1016/S0140-6736(22)02076-1)
- eGFR 34, was 39
- HLA-B*57:01 and CYP2D6*4/*10 are not it

| Step | Dose | Stop at |
|---|--:|:-:|
| 1 | 2.5 mg | > 6.0 |
| 2 | 5 mg | > 5.5 |

1. Halve the loop if weight is under target.
2. Stagger the tablets, ring in 48 h.

[^1]: Mebazaa A, et al. *Lancet* 2022;400:1938-1952.
"""


def milliseconds(work: Callable[[], object], *, rounds: int) -> float:
    """Give the median time of one call, of the processor and not of the wall."""
    times = []
    for _ in range(rounds):
        begun = time.process_time()
        work()
        times.append(time.process_time() - begun)
    return statistics.median(times) * 1_000


def main() -> None:
    """Print the table."""
    for name, text in (("short", SHORT), ("rich", RICH), ("long", (RICH * 40)[:MAX_LENGTH])):
        took = milliseconds(partial(render, text), rounds=15)
        print(f"render      {name:<6} {len(text):>6} characters {took:>8.2f} ms")
    print(f"plain_text  rich   {len(RICH):>6} characters {_of(plain_text):>8.2f} ms")
    print(f"excerpt     rich   {len(RICH):>6} characters {_of(lambda t: excerpt(t, 120)):>8.2f} ms")
    worst = sorted(((_heavy(piece), piece) for piece in HEAVY), reverse=True)
    for took, piece in worst[:8]:
        print(f"render      worst  {MAX_LENGTH:>6} characters {took:>8.2f} ms  of {piece!r}")


def _of(work: Callable[[str], object]) -> float:
    return milliseconds(partial(work, RICH), rounds=15)


def _heavy(piece: str) -> float:
    text = (piece * MAX_LENGTH)[:MAX_LENGTH]
    return milliseconds(partial(render, text), rounds=3)


if __name__ == "__main__":
    main()
