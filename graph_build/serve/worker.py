"""A worker: one process that opens the build read-only, answers one query after another and may be killed at any time.

A nursery process imports what a worker needs, once, and forks workers on demand; it opens no store and has one
thread, so that a fork of it is sound. Every worker has a limit on its memory, no network (where the kernel lets us
say so), and before each query sets a timer that ends the process by the kernel's own hand when the limit is past:
the engine holds no lock and catches nothing that could keep it running.

Over the pipe: 4 bytes length of the head, 4 bytes length of the body (big-endian), head (msgpack), body.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import re
import resource
import signal
import socket
import struct
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec

from graph_build.serve.jobs import MARKDOWN, ROWS, Cell, Job, Notes, Reply, Rows

if TYPE_CHECKING:
    import pyoxigraph as ox

    from graph_build.serve.results import Term

HEAD = struct.Struct(">II")
_ERROR_AT = re.compile(r"^error at (\d+):(\d+): ", re.S)
_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000
_PR_SET_PDEATHSIG = 1


def nursery(arguments: Sequence[str]) -> None:
    """Fork a worker for every socket that arrives on file descriptor FD, until it is closed.

    Arguments: FD, memory limit in bytes, '1' where SERVICE may reach the network. Each request is the path of a store
    with the worker's end of a socket pair; the answer is the worker's process id as 4 bytes.
    """
    control = socket.socket(fileno=int(arguments[0]))
    memory, network = int(arguments[1]), arguments[2] == "1"
    import pyoxigraph  # noqa: F401  # imported here once, inherited by every worker

    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    first = True
    while True:
        message, descriptors, _, _ = socket.recv_fds(control, 65536, 1)
        if not message or not descriptors:
            os._exit(0)
        child = os.fork()
        if child == 0:
            control.close()
            with contextlib.suppress(BaseException):
                work(socket.socket(fileno=descriptors[0]), message.decode(), memory, network)
            os._exit(1)
        os.close(descriptors[0])
        control.sendall(struct.pack(">I", child))
        if first:
            # After the first worker, which somebody may wait for: what named queries and footnotes need.
            _preload()
            first = False


def _preload() -> None:
    with contextlib.suppress(Exception):
        from graph_build.questions import questions
        from graph_build.serve import footnotes, named  # noqa: F401  # for the forks

        questions()


def confine(memory: int, network: bool) -> None:
    """Limit this process: private memory in bytes, no core dump, no network unless allowed, die with its parent."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # RLIMIT_DATA counts private writable memory alone: what RocksDB maps from files is not ours to limit.
    resource.setrlimit(resource.RLIMIT_DATA if sys.platform == "linux" else resource.RLIMIT_AS, (memory, memory))
    if sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if not network and libc.unshare(_CLONE_NEWNET) != 0:
            libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET)


def work(pipe: socket.socket, store_path: str, memory: int, network: bool) -> None:
    """Answer jobs from a pipe until it is closed. Sends an empty head when the store is open."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    confine(memory, network)
    import pyoxigraph as ox

    store = ox.Store.read_only(store_path)
    store.query("ASK {}")
    pipe.sendall(HEAD.pack(0, 0))
    decode, encode = msgspec.msgpack.Decoder(Job).decode, msgspec.msgpack.Encoder().encode
    reader = pipe.makefile("rb")
    while head := reader.read(HEAD.size):
        length, _ = HEAD.unpack(head)
        job = decode(reader.read(length))
        signal.setitimer(signal.ITIMER_REAL, job.seconds + 0.25)
        try:
            reply, body = answer(store, job)
        except MemoryError:
            reply, body = Reply(507, what="the query needs more memory than it may have"), b""
        signal.setitimer(signal.ITIMER_REAL, 0)
        packed = encode(reply)
        pipe.sendall(HEAD.pack(len(packed), len(body)) + packed + body)


def answer(store: ox.Store, job: Job) -> tuple[Reply, bytes]:
    """Run a job; every error that a query can have is in the reply."""
    sparql = ""
    if job.name:
        from graph_build.errors import CommuniqueError
        from graph_build.serve.named import bound

        try:
            sparql = bound(store, job.name, dict(job.given))
        except CommuniqueError as error:
            status = 404 if error.what.startswith("no query") else 400
            return Reply(status, what=error.what, mend=error.mend), b""
        job = msgspec.structs.replace(job, query=sparql)
    try:
        reply, body = _run(store, job)
    except (SyntaxError, ValueError) as error:
        return _refused(str(error), sparql), b""
    except OSError as error:
        return Reply(502, what=f"the query could not be finished: {error}", sparql=sparql), b""
    return (msgspec.structs.replace(reply, sparql=sparql) if sparql else reply), body


def _refused(text: str, sparql: str) -> Reply:
    found = _ERROR_AT.match(text)
    line, column = (int(found[1]), int(found[2])) if found else (0, 0)
    words = text[found.end() :] if found else text
    # The engine lists every letter that a name could go on with; nobody reads that.
    words = re.sub(r"\[\s*'[^\]]*\](?:,?\s*\|?\s*\n?)?", "", words)
    words = re.sub(r"\s+", " ", words).strip(" ,") or "not a SPARQL query"
    return Reply(400, what=words[:500], mend="see the line and column", line=line, column=column, sparql=sparql)


def _run(store: ox.Store, job: Job) -> tuple[Reply, bytes]:
    import pyoxigraph as ox

    default: list[ox.NamedNode | ox.BlankNode | ox.DefaultGraph] | None
    named: list[ox.NamedNode | ox.BlankNode] | None
    default = None if job.default is None else [ox.NamedNode(iri) for iri in job.default]
    named = None if job.named is None else [ox.NamedNode(iri) for iri in job.named]
    missing = tuple(
        sorted(
            {
                g.value
                for g in map(ox.NamedNode, (*(job.default or ()), *(job.named or ())))
                if not store.contains_named_graph(g)
            }
        )
    )
    results = store.query(job.query, base_iri=job.base or None, default_graph=default, named_graphs=named)
    from graph_build.serve import results as written

    rows_media, truth_media, graph_media = job.media
    if isinstance(results, ox.QueryBoolean):
        if truth_media in written.RESULT_FORMATS:
            body = results.serialize(format=written.RESULT_FORMATS[truth_media]) or b""
            return Reply(200, truth_media, 1, missing=missing, kind="truth"), body
        if rows_media == ROWS:
            cell = Cell("literal", "true" if bool(results) else "false")
            return Reply(200, ROWS, 1, kind="truth"), msgspec.msgpack.encode(Rows(("answer",), ((cell,),)))
        return Reply(406, what="an ASK answers in JSON, XML, CSV or TSV", kind="truth"), b""
    if isinstance(results, ox.QueryTriples):
        if not graph_media:
            return Reply(406, what="a CONSTRUCT or DESCRIBE answers with a graph, not with rows", kind="graph"), b""
        return _graph(results, job, graph_media, missing)
    if not rows_media:
        return Reply(406, what="a SELECT answers with rows, not with a graph", kind="rows"), b""
    return _rows(store, results, job, rows_media, missing)


def _graph(results: ox.QueryTriples, job: Job, media: str, missing: tuple[str, ...]) -> tuple[Reply, bytes]:
    from graph_build.iris import prefixes
    from graph_build.serve import results as written

    triples: list[ox.Triple] = []
    size, cut_by = 0, ""
    for triple in results:
        if len(triples) == job.rows:
            cut_by = "rows"
            break
        size += 120 + len(getattr(triple.object, "value", ""))
        if size > job.bytes:
            cut_by = "bytes"
            break
        triples.append(triple)
    cut = len(triples) if cut_by else 0
    if media == ROWS:
        cells = tuple(tuple(cell(t) for t in (s.subject, s.predicate, s.object)) for s in triples)
        body = msgspec.msgpack.encode(Rows(("subject", "predicate", "object"), cells))
    else:
        body = written.graph_as(media, triples, prefixes(job.base), cut)
    return Reply(200, media, len(triples), cut, cut_by, missing, kind="graph"), body


def _rows(
    store: ox.Store, results: ox.QuerySolutions, job: Job, media: str, missing: tuple[str, ...]
) -> tuple[Reply, bytes]:
    from graph_build.serve import results as written

    names = tuple(v.value for v in results.variables)
    rows: list[tuple[written.Term, ...]] = []
    size, cut_by = 0, ""
    for solution in results:
        if len(rows) == job.rows:
            cut_by = "rows"
            break
        row = tuple(solution)
        size += 40 * len(row) + sum(len(getattr(t, "value", "")) for t in row if t is not None)
        if size > job.bytes:
            cut_by = "bytes"
            break
        rows.append(row)
    cut = len(rows) if cut_by else 0
    notes: Notes | None = None
    if job.footnotes:
        from graph_build.serve.footnotes import footnotes

        notes = footnotes(store, job.query, names, rows, job.base, job.default, job.named)
    if media == ROWS:
        body = msgspec.msgpack.encode(Rows(names, tuple(tuple(cell(t) for t in row) for row in rows), notes))
    elif media == MARKDOWN:
        from graph_build.tables import Table, as_markdown

        body = as_markdown(Table(names, tuple(rows))).encode()
    elif notes is not None:
        body = _noted(media, names, rows, cut, notes)
    else:
        body = written.rows_as(media, names, rows, cut)
    return Reply(200, media, len(rows), cut, cut_by, missing, kind="rows"), body


def _noted(media: str, names: tuple[str, ...], rows: Sequence[Sequence[Term]], cut: int, notes: Notes) -> bytes:
    import pyoxigraph as ox

    from graph_build.serve import negotiate
    from graph_build.serve import results as written

    if media == negotiate.JSON:
        plain = written.rows_as(media, names, rows, cut).rstrip()[:-1]
        return plain + b',\n"footnotes":' + msgspec.json.encode(notes) + b"}\n"
    texts = [
        " | ".join(f"“{n.quote}” ({n.path}{f', paragraph {n.paragraph}' if n.paragraph else ''})" for n in row)
        for row in notes.rows
    ]
    told = [*texts, *[""] * (len(rows) - len(texts))]
    column = "footnotes" if "footnotes" not in names else "footnotes_"
    wider = [(*row, ox.Literal(text) if text else None) for row, text in zip(rows, told, strict=True)]
    return written.rows_as(media, (*names, column), wider, cut)


def cell(term: object) -> Cell:
    """A term as a page's cell."""
    import pyoxigraph as ox

    if term is None:
        return Cell("", "")
    if isinstance(term, ox.NamedNode):
        return Cell("uri", term.value)
    if isinstance(term, ox.Literal):
        return Cell("literal", term.value, term.language or "", term.datatype.value)
    return Cell("bnode", str(term))
