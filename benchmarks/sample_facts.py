"""Draw facts at random from a build, stratified by table, for a reader to judge each against its sentence.

    python -m benchmarks.sample_facts GRAPH -o sample.csv [--facts 200] [--seed 1]

The sample says what the fact is and which words support it; not which rule made it. A reader fills the column `right` with
yes or no, and `python -m benchmarks.sample_facts --judged sample.csv` prints the share that was right, by table, with a 95 %
Wilson interval.
"""

from __future__ import annotations

import argparse
import csv
import math
import random
import sys
from collections import defaultdict
from pathlib import Path

_FACTS = {
    "events": "{document} {status} the meeting “{label}” from {start} to {end} in {city} ({country})",
    "attendance": "{party_label} ({code}) was {capacity} at “{event_label}”",
    "people": "{name} was {role} at “{event_label}”; post: {position}; affiliation: {affiliation}",
    "membership": "{party_label} is {capacity} of {body_label} {since}",
    "named": "“{label}” is a {type} that the paper names",
    "commitments": "{class}: issuer “{issuer}”, addressee “{addressee}”, made at “{made_at_label}”",
    "lineage": "“{source_label}” {relation} “{target_label}”",
}
COLUMNS = ("table", "document", "paragraph", "fact", "quote", "right", "remark")


def draw(graph: Path, size: int, seed: int) -> list[dict[str, str]]:
    """`size` facts, an equal share from each table as far as it has them, in random order."""
    from graph_build.query import query
    from graph_build.store import open_build

    chance = random.Random(seed)
    rows: list[dict[str, str]] = []
    with open_build(graph) as build:
        tables = {name: list(query(build.store, name).records()) for name in _FACTS}
    share = size // len(tables)
    left = size
    for i, (name, found) in enumerate(sorted(tables.items(), key=lambda t: len(t[1]))):
        take = min(len(found), max(share, left // (len(tables) - i)))
        left -= take
        for row in chance.sample(found, take):
            fact = _FACTS[name].format_map(defaultdict(str, row))
            shown = {"fact": fact, "quote": row.get("quote", "")}
            rows.append({"table": name, "document": row["document"], "paragraph": row.get("paragraph", ""), **shown})
    chance.shuffle(rows)
    return rows


def interval(right: int, of: int) -> tuple[float, float]:
    """95 % Wilson score interval of a proportion (E. B. Wilson, JASA 22, 1927)."""
    z, p = 1.959964, right / of
    middle = (p + z * z / (2 * of)) / (1 + z * z / of)
    half = z * math.sqrt(p * (1 - p) / of + z * z / (4 * of * of)) / (1 + z * z / of)
    return middle - half, middle + half


def judged(path: Path) -> None:
    """Print the share of facts that a reader found right."""
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    with path.open(newline="", encoding="utf-8") as handle:
        for row in csv.DictReader(handle):
            answer = row["right"].strip().lower()
            if answer not in ("yes", "no"):
                sys.exit(f"{path}: every row needs yes or no in `right`: {row['fact'][:60]!r}")
            for name in (row["table"], "all"):
                counts[name][0] += answer == "yes"
                counts[name][1] += 1
    for name, (right, of) in sorted(counts.items(), key=lambda t: (t[0] == "all", t[0])):
        low, high = interval(right, of)
        print(f"{name:<14}{right:>5} of {of:<5}{right / of:.3f}  ({low:.3f} to {high:.3f})")


def main() -> None:
    """Draw a sample, or count a judged one."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("graph", nargs="?", type=Path, default=Path("graph"))
    parser.add_argument("-o", "--out", type=Path, default=Path("sample.csv"))
    parser.add_argument("--facts", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--judged", type=Path, help="count this judged sample instead")
    args = parser.parse_args()
    if args.judged:
        judged(args.judged)
        return
    with args.out.open("w", newline="", encoding="utf-8") as handle:
        writer = csv.DictWriter(handle, COLUMNS, restval="")
        writer.writeheader()
        writer.writerows(draw(args.graph, args.facts, args.seed))
    print(f"{args.out}: fill the column `right` with yes or no")


if __name__ == "__main__":
    main()
