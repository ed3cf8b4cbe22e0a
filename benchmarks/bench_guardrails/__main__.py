"""Print how well the guardrails judge, and write the worst errors to a file in var.

    python -m benchmarks.bench_guardrails [--data DIR] [--half tune|held] [--every N]

A benchmark and no test: it ends well whatever the figures are.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from benchmarks.bench_guardrails import clean, labelled
from benchmarks.bench_guardrails.cases import HALVES, Judged, counts, judge, read_cases
from benchmarks.bench_guardrails.figures import recall_and_precision, share, table
from benchmarks.bench_guardrails.worst import Error, write_worst
from community.guardrails.loader import shipped_set

WORST = Path("var/bench-guardrails/worst.txt")
HEADER = """\
Shares stand with their 95 % interval (Wilson) and the counts behind them.

Our own drafts: rules were tuned on the half `tune` alone; `held` played no part in it. But the
hand that tuned the rules wrote and labelled both halves, so neither speaks for other writers
(benchmarks/cases/README.md).
Labelled sets: the trained detectors learnt from these very lines, so these are training
figures. What they reach on lines kept from training stands in the cards beside their weights.
"""


def main() -> None:
    """Print all tables."""
    asked = _arguments()
    guardrail_set = shipped_set()
    print(HEADER)
    cases = [case for case in read_cases() if asked.half in {"both", case.half}]
    own = judge(cases, guardrail_set)
    print(f"## Our own drafts\n\n{_of_own(own)}\n")
    results: list[labelled.Result] = []
    texts: list[clean.CleanText] = []
    if asked.data is not None:
        results = list(labelled.results(asked.data, guardrail_set, asked.every))
        print(f"## Labelled sets\n\n{_of_labelled(results)}\n")
        texts = clean.judge_clean(asked.data, guardrail_set, asked.every)
        print(f"## Clean professional text\n\n{clean.report(texts)}\n")
    write_worst(WORST, _misses(own, results), _alarms(own, results, texts))
    print(f"The worst misses and false alarms: {WORST}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench_guardrails", description=__doc__)
    parser.add_argument("--data", type=Path, help="folder of labelled sets")
    parser.add_argument("--half", choices=("both", *HALVES), default="both", help="of our drafts")
    parser.add_argument("--every", type=int, default=1, help="take every n-th labelled line")
    return parser.parse_args()


def _of_own(own: list[Judged]) -> str:
    groups: defaultdict[str, list[Judged]] = defaultdict(list)
    for each in own:
        groups[f"half {each.case.half}"].append(each)
    by_style: defaultdict[str, list[Judged]] = defaultdict(list)
    for each in own:
        by_style[f"{each.case.label}: {each.case.kind or each.case.style}"].append(each)
    rows = [
        (name, measure, share(*counted))
        for name, members in sorted(groups.items(), reverse=True)
        for measure, counted in counts(members).items()
    ]
    styles = [
        (name, share(sum(j.is_right for j in members), len(members)), _advised(members))
        for name, members in sorted(by_style.items())
    ]
    heads = ("label: style or kind", "judged rightly", "of these advised")
    return table(("cases", "measure", "share"), rows) + "\n\n" + table(heads, styles)


def _advised(members: list[Judged]) -> str:
    if members[0].case.label != "good":
        return "-"
    return f"{sum(j.verdict.outcome == 'advise' for j in members)}/{len(members)}"


def _of_labelled(results: Iterable[labelled.Result]) -> str:
    groups: defaultdict[tuple[str, str], list[labelled.Result]] = defaultdict(list)
    for result in results:
        for group in ("all", *result.groups):
            groups[result.set_name, group].append(result)
    heads = ("set", "group", "recall", "precision", "false alarms")
    rows = [
        (name, group, *recall_and_precision(result.outcome for result in members))
        for (name, group), members in groups.items()
    ]
    return table(heads, rows)


def _misses(own: Iterable[Judged], results: Iterable[labelled.Result]) -> Iterator[Error]:
    yield from (_own_error(j) for j in own if j.case.label != "good" and not j.is_right)
    for result in results:
        if result.outcome.wanted and not result.outcome.found:
            yield _error(result)


def _alarms(
    own: Iterable[Judged],
    results: Iterable[labelled.Result],
    texts: Iterable[clean.CleanText],
) -> Iterator[Error]:
    yield from (_own_error(j) for j in own if j.case.label == "good" and not j.is_right)
    for result in results:
        if result.outcome.found and not result.outcome.wanted:
            yield _error(result)
    for text in texts:
        if text.is_stopped:
            yield Error(
                source=f"clean, {text.author}",
                id=text.item["id"],
                text=text.item["text"],
                about=text.item["genre"],
                verdict=text.verdict,
            )


def _own_error(judged: Judged) -> Error:
    case = judged.case
    around = f" [{case.title}{case.question}]" if case.title or case.question else ""
    return Error(
        source=f"our drafts, {case.half}",
        id=case.id,
        text=case.text,
        about=f"{case.label} {case.kind or case.style}{around}",
        verdict=judged.verdict,
    )


def _error(result: labelled.Result) -> Error:
    return Error(
        source=result.set_name,
        id=result.item["id"],
        text=result.item["text"],
        about=", ".join(result.groups),
        verdict=result.verdict,
    )


if __name__ == "__main__":
    main()
