"""Requests per second of this server beside `oxigraph serve` and rdflib-endpoint, on the same data in the same run.

    python -m benchmarks.serve TRIPLES [--oxigraph PATH] [--rdflib-endpoint PATH] [--seconds 4] [--keep FOLDER]

Needs `wrk`, and the two other servers where they are to be compared (both on PyPI; install them into a virtual
environment of their own and name their programs). TRIPLES of 10000000 is the large run; rdflib-endpoint holds its data
in memory as Python objects and is left out beyond a million.

Three kinds of requests: `lookup`, everything said of one meeting, each request another text, so that no cache answers;
`lookup, hot`, the same hundred look-ups again and again, which this server answers from its cache by build; `lineage`,
what a meeting led to, over the materialised closure. Each alone at 1, 8 and 64 clients, then `lookup` at 8 clients
beside eight clients that ask hostile queries without pause; and then, still under attack, fifty look-ups whose answers
are compared with what they must be.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec
import pyoxigraph as ox

from graph_build.iris import BASE, CQ, RDF, RDFS, XSD
from graph_build.store import Manifest, Pointer, switch

SEED = 20150325
THREAD = 20
"""Meetings of one lineage thread: each leads to the next."""
HOSTILE = (
    "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?i ?c ?f",
    "SELECT DISTINCT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "SELECT * { ?a (<x:a>|!<x:b>)+ ?c . ?c (<x:a>|!<x:b>)* ?d }",
    "SELECT * { ?a ?b ?c . ?d ?e ?f FILTER(REGEX(CONCAT(STR(?c), STR(?f)), '(a|aa)+(b|bb)+$')) }",
)


def triples(count: int) -> Iterator[str]:
    """About `count` N-Triples lines of meetings with commitments, participants and lineage; the same for the same count."""
    rng = random.Random(SEED)
    number = lines = 0
    while lines < count:
        meeting = f"<{BASE}id/meeting/{number}>"
        made = [
            f"{meeting} <{RDF}type> <{CQ}Meeting>",
            f'{meeting} <{RDFS}label> "Meeting {number} on theme {rng.randrange(40)}"',
            f'{meeting} <{CQ}start> "{1990 + number % 36}-0{1 + number % 9}-1{number % 9}"^^<{XSD}date>',
            f'{meeting} <{CQ}city> "City {rng.randrange(300)}"',
        ]
        for part in range(3):
            claim = f"<{BASE}id/commitment/{number}/{part}>"
            made += [
                f"{claim} <{RDF}type> <{CQ}Directive>",
                f'{claim} <{CQ}clause> "to do the thing {rng.randrange(10**6)} of meeting {number}"',
                f'{claim} <{CQ}issuer> "Ministers"',
                f"{claim} <{CQ}madeAt> {meeting}",
            ]
        for part in range(5):
            taking = f"<{BASE}id/participation/{number}/{part}>"
            made += [
                f"{taking} <{CQ}meeting> {meeting}",
                f"{taking} <{CQ}actor> <{BASE}id/state/{rng.randrange(190)}>",
                f"{taking} <{CQ}capacity> <{BASE}scheme/capacity/participant>",
            ]
        at = number % THREAD
        if at < THREAD - 1:
            made.append(f"{meeting} <{CQ}leadsTo> <{BASE}id/meeting/{number + 1}>")
        made += [f"{meeting} <{CQ}leadsToEventually> <{BASE}id/meeting/{number + n}>" for n in range(1, THREAD - at)]
        for line in made:
            yield line + " .\n"
        lines += len(made)
        number += 1


def build(folder: Path, count: int) -> tuple[int, int]:
    """A build of generated triples in an output folder, with `data.nt` beside it; meetings and triples."""
    place = folder / "builds" / f"generated{count}"
    data = folder / "data.nt"
    place.mkdir(parents=True)
    meetings = written = 0
    with data.open("w") as out:
        for line in triples(count):
            out.write(line)
            written += 1
            meetings += f"<{CQ}Meeting>" in line
    store = ox.Store(str(place / "store"))
    store.bulk_load(path=str(data), format=ox.RdfFormat.N_TRIPLES)
    store.flush()
    del store
    (place / "dump.nq").touch()
    (place / "texts").mkdir()
    manifest = Manifest("0", BASE, "generated", (), written, {}, "")
    (place / "manifest.json").write_bytes(msgspec.json.encode(manifest))
    switch(folder, Pointer(place.name))
    return meetings, written


LUA = """
local queries = {%s}
local fresh = %s
local n = 0
local id = tostring({}):sub(8)
request = function()
  n = n + 1
  local q = queries[(n - 1) %% #queries + 1]
  if fresh then q = q .. "%%23" .. id .. n end
  return wrk.format("GET", "%s?query=" .. q, {["Accept"] = "application/sparql-results+json"})
end
local failed = 0
done = function(summary, latency)
  io.write(string.format("RESULT %%f %%f %%d %%d\\n", summary.requests / (summary.duration / 1e6), latency:percentile(99) / 1000,
    summary.errors.status, summary.errors.timeout + summary.errors.read + summary.errors.connect))
end
"""


@dataclass(frozen=True)
class Rival:
    """A server under test: its name, how it is started, its endpoint's path."""

    name: str
    command: tuple[str, ...]
    port: int
    path: str

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}{self.path}"


def ask(rival: Rival, query: str, timeout: float) -> list[dict[str, dict[str, str]]]:
    asked = f"{rival.url}?{urllib.parse.urlencode({'query': query})}"
    request = urllib.request.Request(asked, headers={"Accept": "application/sparql-results+json"})
    with urllib.request.urlopen(request, timeout=timeout) as reply:
        rows: list[dict[str, dict[str, str]]] = json.load(reply)["results"]["bindings"]
        return rows


def lookup(number: int) -> str:
    return f"SELECT ?p ?o {{ <{BASE}id/meeting/{number}> ?p ?o }}"


def lineage(number: int) -> str:
    return (
        f"SELECT ?later ?label ?clause {{ <{BASE}id/meeting/{number}> <{CQ}leadsToEventually> ?later . "
        f"?later <{RDFS}label> ?label . ?c <{CQ}madeAt> ?later ; <{CQ}clause> ?clause }}"
    )


def wrk(rival: Rival, queries: list[str], clients: int, seconds: float, fresh: bool) -> tuple[float, float, int, int]:
    """Requests per second, p99 in milliseconds, replies with an error status, requests that failed."""
    listed = ",".join(f'"{urllib.parse.quote(q, safe="")}"' for q in queries)
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(LUA % (listed, str(fresh).lower(), rival.path))
        script.flush()
        command = ["wrk", "-t1", f"-c{clients}", f"-d{seconds:g}s", "--timeout", "10s", "-s", script.name]
        done = subprocess.run([*command, f"http://127.0.0.1:{rival.port}"], capture_output=True, text=True)
    found = re.search(r"RESULT (\S+) (\S+) (\d+) (\d+)", done.stdout)
    if not found:
        return 0.0, 0.0, 0, 1
    return float(found[1]), float(found[2]), int(found[3]), int(found[4])


def attack(rival: Rival, over: threading.Event, offset: int) -> None:
    number = offset
    while not over.is_set():
        number += 1
        body = f"{HOSTILE[number % len(HOSTILE)]} # {offset} {number}".encode()
        request = urllib.request.Request(rival.url, body, {"Content-Type": "application/sparql-query"})
        try:
            with urllib.request.urlopen(request, timeout=15) as reply:
                reply.read(1 << 20)
        except (urllib.error.URLError, OSError, ValueError):
            over.wait(0.05)


def resident(pid: int) -> float:
    """MiB that a process and all below it hold."""
    total = 0
    try:
        total += int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") // (1 << 20)
        for task in Path(f"/proc/{pid}/task").iterdir():
            total += sum(int(resident(int(child))) for child in (task / "children").read_text().split())
    except OSError:
        return total
    return total


def measure(rival: Rival, meetings: int, seconds: float) -> None:
    print(f"\n{rival.name}")
    began = time.monotonic()
    process = subprocess.Popen(
        rival.command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        while True:
            try:
                ask(rival, "SELECT ?x { <a:b> <a:b> ?x }", 5)
                break
            except (urllib.error.URLError, OSError):
                if process.poll() is not None or time.monotonic() - began > 600:
                    print("  did not start")
                    return
                time.sleep(0.05)
        print(f"  answers after {time.monotonic() - began:.1f} s")
        rng = random.Random(SEED)
        some = [rng.randrange(meetings) for _ in range(2000)]
        kinds = {
            "lookup": ([lookup(n) for n in some], True),
            "lookup, hot": ([lookup(n) for n in some[:100]], False),
            "lineage": ([lineage(n) for n in some[:500]], True),
        }
        for name, (queries, fresh) in kinds.items():
            for clients in (1, 8, 64):
                rate, p99, bad, failed = wrk(rival, queries, clients, seconds, fresh)
                wrong = f"  {bad} error replies, {failed} failed" if bad or failed else ""
                print(f"  {name:12} {clients:3} clients {rate:9.0f} requests/s   p99 {p99:8.1f} ms{wrong}", flush=True)
        under_attack(rival, process, kinds["lookup"][0], some, seconds)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def under_attack(
    rival: Rival, process: subprocess.Popen[bytes], queries: list[str], some: list[int], seconds: float
) -> None:
    expected = {n: len(ask(rival, lookup(n), 30)) for n in some[:50]}
    over = threading.Event()
    attackers = [threading.Thread(target=attack, args=(rival, over, 1000 * n), daemon=True) for n in range(8)]
    for thread in attackers:
        thread.start()
    time.sleep(1)
    rate, p99, bad, failed = wrk(rival, queries, 8, seconds, True)
    wrong = f"  {bad} error replies, {failed} failed" if bad or failed else ""
    print(
        f"  lookup         8 clients {rate:9.0f} requests/s   p99 {p99:8.1f} ms   beside 8 hostile clients{wrong}",
        flush=True,
    )
    right, waits = 0, []
    for n, rows in expected.items():
        began = time.monotonic()
        with contextlib.suppress(urllib.error.URLError, OSError, ValueError):
            right += len(ask(rival, lookup(n) + f" # {n}", 5)) == rows
        waits.append(time.monotonic() - began)
        if sum(waits) > 60:
            break
    memory = resident(process.pid)
    over.set()
    alive = process.poll() is None
    print(
        f"  under attack {right} of {len(expected)} look-ups right, slowest {max(waits) * 1000:.0f} ms, {memory:.0f} MiB, "
        f"{'still up' if alive else 'the server is gone'}",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description="Requests per second beside other servers.")
    parser.add_argument("triples", type=int)
    parser.add_argument("--oxigraph", default=shutil.which("oxigraph") or "")
    parser.add_argument("--rdflib-endpoint", default=shutil.which("rdflib-endpoint") or "")
    parser.add_argument("--seconds", type=float, default=4)
    parser.add_argument("--keep", type=Path)
    given = parser.parse_args()
    if not shutil.which("wrk"):
        sys.exit("wrk is missing (Debian package wrk)")
    with tempfile.TemporaryDirectory() as made:
        folder = given.keep or Path(made)
        began = time.monotonic()
        meetings, written = build(folder, given.triples)
        print(
            f"{written} triples, {meetings} meetings, made in {time.monotonic() - began:.0f} s; {os.cpu_count()} cores"
        )
        store = next((folder / "builds").iterdir()) / "store"
        serve = "import sys; from graph_build.commands.serve import serve; serve(sys.argv[1:])"
        rivals = [
            Rival("communique serve", (sys.executable, "-c", serve, "-g", str(folder), "-p", "7981"), 7981, "/sparql")
        ]
        if given.oxigraph:
            opened = (given.oxigraph, "serve-read-only", "--location", str(store), "--bind", "127.0.0.1:7982")
            rivals.append(Rival("oxigraph serve-read-only", opened, 7982, "/query"))
        if given.rdflib_endpoint and written <= 1_100_000:
            command = (given.rdflib_endpoint, "serve", "--host", "127.0.0.1", "--port", "7983", str(folder / "data.nt"))
            rivals.append(Rival("rdflib-endpoint", command, 7983, "/"))
        for rival in rivals:
            measure(rival, meetings, given.seconds)


if __name__ == "__main__":
    main()
