"""The site as a folder of files: the same pages and data, with relative links, for a disk or any static host."""

from __future__ import annotations

import csv
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import msgspec
import pyoxigraph as ox

from graph_build.errors import CommuniqueError, InputError
from graph_build.iris import VOCABULARY
from graph_build.questions import questions
from graph_build.serve import linked, negotiate
from graph_build.serve.jobs import ROWS as PAGED
from graph_build.serve.jobs import Job, Reply, Rows
from graph_build.serve.pages import readings
from graph_build.serve.pages.contents import FACET_NAMES, Contents, Promise
from graph_build.serve.pages.writing import ASSETS, LISTS, STATIC, Links, render
from graph_build.serve.replies import Refusal
from graph_build.serve.search import Index, make, place_of
from graph_build.serve.worker import answer as ask
from graph_build.store import Build

INDEXED = 5_000
"""Things up to which every page has suggestions; beyond, the search page alone loads the index."""
_PLAIN = ("builds", "quality", "help", "readings")
ROWS = 1_000
READ = 20_000
"""Rows of a reading that its page has: a folder of files cannot ask for more."""


def write_site(build: Build, out: Path, at: str = "") -> int:
    """Write the site of a build into a folder that does not exist yet or is empty; the number of files.

    The folder appears only when it is whole. Raises InputError where it cannot be written.
    """
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise InputError("this folder is not empty", str(out), "name another with -o")
    staging = out.with_name(f".{out.name}.{os.getpid()}")
    try:
        staging.mkdir(parents=True)
        count = _Writer(build, staging, at).write()
        if out.exists():
            out.rmdir()
        os.replace(staging, out)
    except OSError as error:
        raise InputError(f"the site cannot be written: {error}", str(out)) from error
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return count


class _Writer:
    def __init__(self, build: Build, out: Path, at: str) -> None:
        place = place_of(build)
        if not place.is_file():
            make(build, place)
        self.build = build
        self.out = out
        self.at = at
        self.contents = Contents(build, Index(place), at)
        self.indexed = sum(self.contents.index.counts().values()) <= INDEXED
        self.count = 0

    def file(self, name: str, body: bytes) -> None:
        path = self.out / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)
        self.count += 1

    def links(self, page: str) -> Links:
        return Links(self.build.base, page, self.indexed)

    def page(self, file: str, template: str, /, **values: object) -> None:
        self.file(file, render(template, self.links(file), build=self.build, at=self.at, **values))

    def write(self) -> int:
        found, index = self.contents, self.contents.index
        for asset in sorted(ASSETS.iterdir()):
            self.file(f"assets/{asset.name}", asset.read_bytes())
        self.page("index.html", "home.html", **found.home())
        for name in _PLAIN:
            self.page(f"{name}.html", f"{name}.html", **getattr(found, name)())
        self.page("queries.html", "queries.html", **found.queries())
        self.page("search.html", "search.html", title="Search", q="", things=(), sentences=())
        for name, (kind, title) in LISTS.items():
            hits, total = index.listed(kind, 1_000_000)
            self.page(f"{name}.html", "list.html", title=title, name=name, hits=hits, total=total, page=1, pages=1)
            self.file(f"{name}.json", msgspec.json.encode(hits))
            self.file(f"{name}.csv", _csv(("iri", "label", "detail"), [(h.iri, h.label, h.detail) for h in hits]))
        register = index.register({}, 1_000_000)
        self.page(
            "commitments.html", "register.html", title="Commitments", register=register, page=1, pages=1,
            chosen=dict.fromkeys(("q", *FACET_NAMES), ""), facet_names=FACET_NAMES,
        )  # fmt: skip
        names = [f.name.rstrip("_") for f in msgspec.structs.fields(Promise)]
        self.file("commitments.csv", _csv(names, [msgspec.structs.astuple(p) for p in register.lines]))
        self.file("commitments.json", msgspec.json.encode(register.lines))
        self.readings()
        self.queries()
        self.things()
        self.search()
        for entry in self.build.manifest.documents:
            self.file(f"text/{entry.slug}.txt", self.build.text(entry.slug).encode("utf-8", "replace"))
        self.downloads()
        return self.count

    def readings(self) -> None:
        """Every reading with all that it has; the accounts of each meeting on a page of their own."""
        for address, page in readings.ALL.items():
            rows, cuts = {}, {}
            for name in page.asks:
                reply, body = self.ask(name, tuple(page.fixed.get(name, {}).items()), READ)
                rows[name] = readings.rows_of(msgspec.msgpack.decode(body, type=Rows))
                if reply.cut:
                    cuts[name] = reply.cut
            self.page(f"{address}.html", f"{address}.html", **self.contents.reading(page, rows, {}, cuts))
            if address == "accounts":
                for meeting in sorted({r["meeting"] for r in rows["accounts"]}):
                    own = {"accounts": [r for r in rows["accounts"] if r["meeting"] == meeting]}
                    key = unquote(linked.path_of(self.build.base, meeting)).removeprefix("/id/")
                    values = self.contents.reading(page, own, {}, cuts, meeting)
                    self.page(f"accounts/{key}.html", "accounts.html", **values)

    def ask(self, name: str, given: tuple[tuple[str, str], ...], rows: int) -> tuple[Reply, bytes]:
        """The answer to a named query as rows for a page; CommuniqueError where there is none."""
        job = Job("", (PAGED,) * 3, base=self.build.base, rows=rows, name=name, given=given)
        reply, body = ask(self.build.store, job)
        if reply.status != 200:
            raise CommuniqueError(f"the question {name} cannot be answered: {reply.what}")
        return reply, body

    def queries(self) -> None:
        """Every question as it stands; one that asks of a thing shows its SPARQL."""
        for question in questions().values():
            name = f"query/{question.name}"
            if any(p.required for p in question.parameters):
                self.page(f"{name}.html", "query.html", **self.contents.open_question(question, {}))
                continue
            reply, body = self.ask(question.name, (), ROWS)
            rows = msgspec.msgpack.decode(body, type=Rows)
            values = self.contents.answered(question, {}, rows, reply, False)
            values["rows"] = self._relative(rows, values, f"{name}.html")
            self.page(f"{name}.html", "query.html", **values)
            for ending, media in (("csv", negotiate.CSV), ("json", negotiate.JSON)):
                job = Job("", (media,) * 3, base=self.build.base, rows=ROWS, name=question.name)
                self.file(f"{name}.{ending}", ask(self.build.store, job)[1])

    def _relative(self, rows: Rows, values: dict[str, object], page: str) -> object:
        shown = values["columns"]
        assert isinstance(shown, list)
        return self.contents.cells(rows, shown, self.links(page))

    def things(self) -> None:
        """Every IRI of the graph with its page and its data."""
        base, done = self.build.base, set[str]()
        for iri in self.iris():
            path = linked.path_of(base, iri).lstrip("/")
            name = unquote(path)
            if not path or name in done:
                continue
            done.add(name)
            try:
                body = self.contents.page(iri, name, self.links(f"{name}.html")).body
            except Refusal:
                continue
            self.file(f"{name}.html", body)
            quads = self.contents.quads(iri, name)
            up = "../" * name.count("/")
            self.file(f"{name}.ttl", linked.written(quads, negotiate.TURTLE, base, ""))
            self.file(f"{name}.jsonld", linked.written(quads, negotiate.JSONLD, base, f"{up}context.jsonld"))
            if name.startswith("id/") and "json" in STATIC:
                self.file(f"{name}.json", msgspec.json.encode(self.contents.page_of(iri)))
        self.file("context.jsonld", linked.context())

    def iris(self) -> Iterator[str]:
        """All IRIs that have a page: things, statements, passages, concepts, reference data, graphs, the ontology."""
        yield f"{VOCABULARY}ontology"
        seen: set[str] = set()
        for graph in self.build.store.named_graphs():
            assert isinstance(graph, ox.NamedNode)
            if graph.value.endswith("graph/rejected"):
                continue
            yield graph.value
            for quad in self.build.store.quads_for_pattern(None, None, None, graph):
                for node in (quad.subject, quad.object):
                    if isinstance(node, ox.NamedNode) and node.value not in seen and "#" not in node.value:
                        seen.add(node.value)
                        yield node.value

    def search(self) -> None:
        entries = []
        links = Links(self.build.base, "index.html")
        for iri, kind, label, also in self.contents.index.everything():
            entries.append((links.thing(iri), kind, label, f"{label} {also}".lower()))
        body = (
            json.dumps(entries, ensure_ascii=False)
            .replace("<", "\\u003c")
            .replace("\u2028", "\\u2028")
            .replace("\u2029", "\\u2029")
        )
        self.file("assets/search-index.js", f"window.communiqueIndex = {body};\n".encode("utf-8", "replace"))

    def downloads(self) -> None:
        from graph_build.serve import describe

        for file, media, _ in describe.DOWNLOADS.values():
            place = self.out / "download" / file
            place.parent.mkdir(exist_ok=True)
            if media == negotiate.NQUADS:
                shutil.copyfile(self.build.dump, place)
            else:
                describe.dump(self.build, place, media)
            self.count += 1
        triples = describe.dataset(self.build, self.at, self.build.base, {})
        self.file("void.ttl", describe.written(triples, negotiate.TURTLE, self.build.base))


def _csv(names: object, rows: object) -> bytes:
    import io

    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(names)  # type: ignore[arg-type]
    writer.writerows(rows)  # type: ignore[arg-type]
    return out.getvalue().encode("utf-8", "replace")
