"""Nothing that is asked keeps the server from answering others: hostile queries, slow clients, new builds."""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from graph_build.dataset import Dataset
from graph_build.store import publish
from tests.machine import need
from tests.serving import Reply, Server, server

TIMEOUT = 1.0
MEMORY = 384
BIG = " ".join(f'"{i}"' for i in range(60_000))
HOSTILE = {
    "cartesian": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "cartesian rows": "SELECT DISTINCT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "endless paths": "SELECT * { ?a (<x:a>|!<x:b>)+ ?c . ?c (<x:a>|!<x:b>)* ?d }",
    "huge order": "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?i ?c ?f",
    "regex": "SELECT * { ?a ?b ?c . ?d ?e ?f FILTER(REGEX(CONCAT(STR(?c), STR(?f), STR(?c)), '(a|aa)+(b|bb)+(c|a)+$')) }",
    "giant values": f"SELECT (COUNT(*) AS ?n) {{ VALUES ?x {{ {BIG} }} VALUES ?y {{ {BIG} }} ?a ?b ?c FILTER(?x != ?y) }}",
    "nesting": "SELECT * {" + "{" * 90 + "?s ?p ?o . ?a ?b ?c . ?d ?e ?f" + "}" * 90 + "}",
    "construct": "CONSTRUCT { ?a ?e ?i } { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?a > ?i) }",
    "growing text": "SELECT (GROUP_CONCAT(CONCAT(STR(?a), STR(?d))) AS ?x) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "seems light": "SELECT * { <https://communique.example/id/state/TH> ?p ?o . ?a ?b ?c . ?d ?e ?f . FILTER(?c > ?f) }",
}
LOOKUP = "SELECT ?p ?o { <https://communique.example/id/state/TH> ?p ?o }"
DIRECT = "application/sparql-query"


@pytest.fixture(scope="module")
def here(sample_folder: Path) -> Iterator[Server]:
    with server(sample_folder, "--timeout", str(TIMEOUT), "--memory", str(MEMORY)) as started:
        yield started


def resident(pids: list[int]) -> int:
    """Bytes of memory that processes hold."""
    total = 0
    for pid in pids:
        try:
            total += int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
        except OSError:
            continue
    return total


@pytest.mark.parametrize("name", HOSTILE)
def test_a_query_past_its_limit_says_so_and_stops(here: Server, name: str) -> None:
    began = time.monotonic()
    reply = here.ask("/sparql", "POST", HOSTILE[name], Content_Type=DIRECT)
    took = time.monotonic() - began
    assert reply.status == 503, (reply.status, reply.body[:200])
    assert reply.json["error"]["code"] in ("timeout", "too-much")
    assert took < TIMEOUT + 2.5
    assert here.sparql(LOOKUP).status == 200


def test_twenty_hostile_queries_at_once_leave_lookups_quick(here: Server) -> None:
    queries = [f"{HOSTILE[name]} # {n}" for n in range(2) for name in HOSTILE]
    replies: list[Reply] = []
    waits: list[float] = []
    memory: list[int] = []
    over = threading.Event()

    def attack(query: str) -> None:
        replies.append(here.ask("/sparql", "POST", query, timeout=60, Content_Type=DIRECT))

    def look() -> None:
        number = 0
        while not over.is_set():
            number += 1
            began = time.monotonic()
            reply = here.sparql(f"{LOOKUP} # {number}")
            waits.append(time.monotonic() - began)
            assert reply.status == 200
            assert b"Thailand" in reply.body
            memory.append(resident(here.children()))
            time.sleep(0.02)

    with ThreadPoolExecutor(len(queries) + 1) as pool:
        looking = pool.submit(look)
        time.sleep(0.2)
        for done in [pool.submit(attack, query) for query in queries]:
            done.result()
        over.set()
        looking.result()
    assert len(queries) == 20
    assert {r.status for r in replies} == {503}
    assert {r.json["error"]["code"] for r in replies} <= {"timeout", "too-much", "busy"}
    waits.sort()
    assert waits[int(len(waits) * 0.95)] < 0.5, waits[-5:]
    assert waits[-1] < 1.5, waits[-5:]
    assert max(memory) < 8 * MEMORY * (1 << 20)


def test_nothing_of_a_stopped_query_keeps_running(here: Server) -> None:
    need(Path("/proc").is_dir(), "/proc")
    here.ask("/sparql", "POST", HOSTILE["cartesian"] + "# once more", Content_Type=DIRECT)
    time.sleep(0.5)

    def used() -> float:
        total = 0.0
        for pid in here.children():
            try:
                told = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
                total += (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")
            except OSError:
                continue
        return total

    children = here.children()
    before = used()
    time.sleep(1.0)
    assert here.children() == children
    assert used() - before < 0.3


def test_a_killed_worker_is_replaced(here: Server) -> None:
    workers = here.children()[1:]
    assert workers
    for pid in workers:
        os.kill(pid, 9)
    for number in range(6):
        reply = here.sparql(f"{LOOKUP} # after the kill {number}")
        assert reply.status == 200, reply.body


def test_a_result_without_rows_is_no_error_and_an_error_no_empty_result(here: Server) -> None:
    empty = here.sparql("SELECT * { <a:b> <a:b> <a:b> }")
    assert empty.status == 200
    assert empty.json["results"]["bindings"] == []


def test_workers_reach_no_network(here: Server) -> None:
    """A query that the scan lets pass cannot open a connection: nothing connects to a port of ours."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        listening.settimeout(0.5)
        address = f"http://127.0.0.1:{listening.getsockname()[1]}/x"
        for query in (
            f"SELECT * {{ SERVICE SILENT <{address}> {{ ?s ?p ?o }} }}",
            f"SELECT * FROM <{address}> {{ ?s ?p ?o }}",
        ):
            here.sparql(query)
        with pytest.raises(TimeoutError):
            listening.accept()


def test_service_reaches_a_host_that_the_operator_names(sample_folder: Path) -> None:
    import pyoxigraph as ox

    from tests.endpoint import endpoint

    store = ox.Store()
    store.add(ox.Quad(ox.NamedNode("a:x"), ox.NamedNode("a:y"), ox.Literal("from elsewhere")))
    with endpoint(store) as address:
        host = address.split("/")[2]
        with server(sample_folder, "--allow-service", host) as started:
            assert started.sparql("SELECT * { SERVICE <http://127.0.0.1:9999/> { ?s ?p ?o } }").status == 403
            # The engine asks with POST of the query itself, which the small endpoint does not take: it was reached.
            assert started.sparql(f"SELECT * {{ SERVICE <{address}> {{ ?s ?p ?o }} }}").status in (200, 502)


RAW = [
    (b"GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n", b"421"),
    (b"GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\nConnection: close\r\n\r\n", b"400"),
    (b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n", b"400"),
    (b"GET http://evil.example/ HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n", b"421"),
    (b"GET /assets/../../serve/run.py HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", b"404"),
    (b"GET /assets/..%2f..%2frun.py HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", b"404"),
    (b"GET /static/%2e%2e/%2e%2e/store.py HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", b"404"),
    (b"GET /text/..%2f..%2fmanifest.json.txt HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", b"404"),
    (b"GET /id/%00 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", b"404"),
    (b"GET /id/%ff%fe HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", b"404"),
    (b"GET /id/a%0d%0aSet-Cookie:x HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", b"404"),
    (b"NONSENSE\r\n\r\n", b"400"),
]


@pytest.mark.parametrize(
    ("sent", "status"), RAW, ids=lambda v: v[:40].decode("latin-1") if isinstance(v, bytes) else ""
)
def test_path_tricks_and_host_games(here: Server, sent: bytes, status: bytes) -> None:
    got = here.raw(sent)
    assert got.split(b" ", 2)[1][:3] == status, got[:300]
    assert b"Set-Cookie" not in got.split(b"\r\n\r\n")[0]
    assert b"import" not in got


def test_slow_clients_are_let_go_and_hold_nobody_up(here: Server) -> None:
    slow = [socket.create_connection(("127.0.0.1", here.port), timeout=15) for _ in range(30)]
    try:
        for number, sock in enumerate(slow):
            if number % 2:
                sock.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nX: ")
            else:
                sock.sendall(
                    b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/sparql-query\r\nContent-Length: 99\r\n\r\nASK"
                )
        began = time.monotonic()
        assert here.sparql(LOOKUP + "# beside the slow").status == 200
        assert time.monotonic() - began < 1.5
        answers = [sock.recv(4096) for sock in slow]
        assert all(b"408" in a[:20] for a in answers[::2])
        assert all(a == b"" or b"40" in a[:20] for a in answers[1::2])
    finally:
        for sock in slow:
            sock.close()


def test_a_new_build_is_taken_up_without_a_failed_request(tmp_path: Path) -> None:
    folder = tmp_path / "graph"

    def build(number: int) -> str:
        lines = tuple(sorted(f'<a:{n}> <a:number> "{number}"' for n in range(50)))
        made = publish(Dataset(graphs={"entities": lines}), folder, at=f"2026-01-0{number}T00:00:00Z")
        name = made.name
        made.close()
        return name

    build(1)
    with server(folder) as started:
        seen: list[tuple[int, str]] = []
        over = threading.Event()

        def look() -> None:
            number = 0
            while not over.is_set():
                number += 1
                reply = started.sparql(f"SELECT DISTINCT ?n {{ ?s <a:number> ?n }} # {number}")
                rows = reply.json["results"]["bindings"] if reply.status == 200 else []
                seen.append((reply.status, ",".join(r["n"]["value"] for r in rows)))

        with ThreadPoolExecutor(3) as pool:
            looking = [pool.submit(look) for _ in range(3)]
            for number in (2, 3):
                time.sleep(0.6)
                build(number)
            deadline = time.monotonic() + 10
            while (200, "3") not in seen[-1:] and time.monotonic() < deadline:
                time.sleep(0.05)
            over.set()
            for done in looking:
                done.result()
    assert {status for status, _ in seen} == {200}
    # Every answer is of one build, whole.
    assert {rows for _, rows in seen} == {"1", "2", "3"}
    assert seen[-1][1] == "3"


def test_a_server_without_a_graph_says_what_to_do(tmp_path: Path) -> None:
    from click.testing import CliRunner

    from graph_build.commands.serve import serve
    from graph_build.errors import InputError

    result = CliRunner().invoke(serve, ["--graph", str(tmp_path / "none")])
    assert isinstance(result.exception, InputError)
    assert "communique build" in str(result.exception)


def test_a_port_that_is_taken_is_said(here: Server, sample_folder: Path) -> None:
    from click.testing import CliRunner

    from graph_build.commands.serve import serve
    from graph_build.errors import InputError

    result = CliRunner().invoke(serve, ["--graph", str(sample_folder), "--port", str(here.port)])
    assert isinstance(result.exception, InputError)
    assert "--port" in str(result.exception)
