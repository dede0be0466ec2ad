"""Build time and memory for 5, 500 and 5,000 papers, of a rebuild, of adding one, and start-up time.

    python -m benchmarks.build [5 500 5000]

The papers are generated (benchmarks/generate.py), half of them text, the others HTML, DOCX and PDF; each build runs in a process of its own, so that peak memory is its
own. Prints one line a measurement, and how much the time grew against the number of papers.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.generate import papers, write

RUN = """
import json, resource, sys, time
from graph_build.pipeline import build
if __name__ == "__main__":
    stages, last = {}, time.perf_counter()
    def told(stage, done, total):
        global last
        now = time.perf_counter()
        stages[stage] = stages.get(stage, 0.0) + now - last
        last = now
    start = time.perf_counter()
    made = build(*sys.argv[2:], out=sys.argv[1], add=True, progress=told)
    print(json.dumps({
        "seconds": time.perf_counter() - start, "processor": sum(
            sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)), "papers": made.documents, "read": made.read, "triples": made.triples,
        "left_out": len(made.left_out), "silent": len(made.silent),
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, "stages": stages}))
"""


def built(out: Path, *sources: Path) -> dict[str, float]:
    """One build in a process of its own."""
    with tempfile.NamedTemporaryFile("w", suffix=".py") as script:
        script.write(RUN)
        script.flush()
        command = [sys.executable, script.name, str(out), *map(str, sources)]
        env = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parent.parent)}
        done = subprocess.run(command, text=True, stdout=subprocess.PIPE, env=env, check=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def line(what: str, found: dict[str, float]) -> None:
    stages: dict[str, float] = found["stages"]  # type: ignore[assignment]  # the one value that is no number
    parts = ", ".join(f"{name} {seconds:.1f}" for name, seconds in stages.items() if seconds >= 0.05)
    print(
        f"{what:<28} {found['seconds']:8.1f} s  {found['processor']:8.1f} s of processors  {found['papers'] / found['seconds']:7.0f} papers/s  "
        f"{found['megabytes']:6.0f} MB  {found['triples']:>9,} triples  ({parts})",
        flush=True,
    )


def start_up(runs: int = 9) -> float:
    """Median seconds of `communique --help`."""
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        subprocess.run(
            [sys.executable, "-c", "from graph_build.cli import main; main()", "--help"],
            stdout=subprocess.DEVNULL,
            check=True,
        )
        times.append(time.perf_counter() - start)
    return sorted(times)[runs // 2]


def main(counts: list[int]) -> None:
    load = os.getloadavg()[0]
    print(f"Python {platform.python_version()}, {os.cpu_count()} processors, load {load:.1f} before the runs")
    print(f"communique --help: {start_up() * 1000:.0f} ms (median of 9)")
    before: dict[str, float] | None = None
    for count in counts:
        with tempfile.TemporaryDirectory() as name:
            folder, out = Path(name, "papers"), Path(name, "graph")
            write(folder, count, mixed=True)
            found = built(out, folder)
            line(f"build of {count:,}", found)
            if before:
                grew, more = found["seconds"] / before["seconds"], found["papers"] / before["papers"]
                print(f"    {more:.0f} times the papers took {grew:.1f} times as long")
            line(f"the same {count:,} again", built(out))
            one = Path(name, "one-more.txt")
            one.write_text(papers(count + 1)[-1][1], encoding="utf-8")
            line(f"--add of one to {count:,}", built(out, one))
            before = found


if __name__ == "__main__":
    main([int(n) for n in sys.argv[1:]] or [5, 500, 5000])
