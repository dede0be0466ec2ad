"""A real server for tests: the command in a process of its own, on a free port of 127.0.0.1."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

PREFIXES = (
    "PREFIX cq: <https://communique.example/ontology#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "
    "PREFIX skos: <http://www.w3.org/2004/02/skos/core#> PREFIX id: <https://communique.example/id/> "
)
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Reply:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8")

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def media(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0]


@dataclass(frozen=True)
class Server:
    """A running server."""

    port: int
    process: subprocess.Popen[str]
    options: tuple[str, ...] = field(default=())

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def ask(
        self, path: str, method: str = "GET", body: bytes | str | None = None, timeout: float = 20, **headers: str
    ) -> Reply:
        """One request; header names with '_' for '-'."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            sent = {k.replace("_", "-"): v for k, v in headers.items()}
            connection.request(method, path, body.encode() if isinstance(body, str) else body, sent)
            reply = connection.getresponse()
            return Reply(reply.status, {k.lower(): v for k, v in reply.getheaders()}, reply.read())
        finally:
            connection.close()

    def sparql(self, query: str, timeout: float = 20, **headers: str) -> Reply:
        """A query by GET."""
        return self.ask("/sparql?" + urlencode({"query": query}), timeout=timeout, **headers)

    def raw(self, data: bytes, timeout: float = 10) -> bytes:
        """Bytes over a socket, and all that comes back until the server closes it or the time is up."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=timeout) as sock:
            sock.sendall(data)
            got = b""
            try:
                while chunk := sock.recv(65536):
                    got += chunk
            except TimeoutError:
                pass
            return got

    def children(self) -> list[int]:
        """Process ids of the nursery and the workers that it has now."""
        nursery = _children(self.process.pid)
        return [*nursery, *(pid for n in nursery for pid in _children(n))]


def _children(pid: int) -> list[int]:
    try:
        tasks = Path(f"/proc/{pid}/task").iterdir()
        return [int(c) for t in tasks for c in (t / "children").read_text().split()]
    except OSError:
        return []


@contextmanager
def server(folder: Path, *options: str) -> Iterator[Server]:
    """A server of the graph in a folder, ready to answer."""
    code = "import sys; from graph_build.commands.serve import serve; serve(sys.argv[1:], standalone_mode=False)"
    command = [sys.executable, "-c", code, "--graph", str(folder), "--port", "0", *options]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).resolve().parents[1])
    try:
        assert process.stdout is not None
        told = process.stdout.readline()
        found = re.search(r"http://[^:]*:(\d+)/", told)
        assert found, f"the server did not start: {told}"
        started = Server(int(found[1]), process, options)
        started.ask("/robots.txt", timeout=15)
        yield started
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout and process.stdout.close()
