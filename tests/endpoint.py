"""A SPARQL endpoint for tests: a store behind HTTP on 127.0.0.1, answering form POST as the SPARQL 1.1 Protocol has it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import pyoxigraph as ox


@contextmanager
def endpoint(store: ox.Store, cut: bool = False) -> Iterator[str]:
    """The address of an endpoint over this store; `cut` sends half of each answer with status 200."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            try:
                answer = store.query(parse_qs(body)["query"][0])
            except SyntaxError as error:
                self._send(400, "text/plain", str(error).encode())
                return
            if isinstance(answer, ox.QueryTriples):
                self._send(200, "text/turtle", answer.serialize(format=ox.RdfFormat.TURTLE) or b"")
            else:
                json = answer.serialize(format=ox.QueryResultsFormat.JSON) or b""
                self._send(200, "application/sparql-results+json", json[: len(json) // 2] if cut else json)

        def _send(self, status: int, kind: str, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing: a test's output is its own."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/query"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
