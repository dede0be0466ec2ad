"""Templates, and the addresses that they link to: a server's, or relative ones of a folder of files."""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from functools import cache
from pathlib import Path
from urllib.parse import quote, urlencode

import jinja2
from markupsafe import Markup, escape

from graph_build.iris import VOCABULARY
from graph_build.questions import questions
from graph_build.serve.linked import path_of
from graph_build.serve.pages.reading import COMMITMENTS, KINDS, Ref, spoken

HERE = Path(__file__).resolve().parents[1]
ASSETS = HERE / "assets"
BUNDLE = HERE.parent / "static"
"""What `npm run build` in web/ makes; absent where the package was made without Node."""

LISTS = {
    "meetings": ("Meeting", "Meetings"),
    "series": ("MeetingSeries", "Series of meetings"),
    "people": ("Person", "People"),
    "states": ("State", "States and territories"),
    "organisations": ("Organisation", "Organisations"),
    "bodies": ("Body", "Bodies"),
    "instruments": ("Instrument", "Instruments"),
    "documents": ("Document", "Documents"),
    "places": ("Place", "Places"),
}
"""List pages: address, class, title."""


FORMATS = (
    ("ttl", "Turtle"),
    ("nt", "N-Triples"),
    ("jsonld", "JSON-LD"),
    ("rdf", "RDF/XML"),
    ("trig", "TriG with evidence"),
    ("json", "JSON"),
)
STATIC = ("ttl", "jsonld", "json")
"""Forms of a thing's data that a folder of files has."""


class Links:
    """Addresses for one page. `base` is the build's base IRI; `page` the page's own file for a folder of files, else ''."""

    def __init__(self, base: str, page: str = "", indexed: bool = False) -> None:
        self.base = base
        self.page = page
        self.indexed = indexed
        """Whether a folder of files has an index for suggestions."""

    @property
    def formats(self) -> tuple[tuple[str, str], ...]:
        """Endings of a thing's data with their words."""
        return tuple(f for f in FORMATS if not self.static or f[0] in STATIC)

    @property
    def static(self) -> bool:
        return bool(self.page)

    def url(self, path: str, **parameters: str) -> str:
        """The address of a page or file of this site by its path ('/', '/meetings', '/assets/site.css')."""
        path, hash_, fragment = path.partition("#")
        asked = {k: v for k, v in parameters.items() if v != ""}
        query = f"?{urlencode(asked)}" if asked else ""
        if not self.static:
            return path + query + hash_ + fragment
        file = "index.html" if path == "/" else path.lstrip("/")
        if not posixpath.splitext(file)[1]:
            file += ".html"
        return (
            quote(posixpath.relpath(file, posixpath.dirname(self.page) or "."), safe="/.-_~%")
            + query
            + hash_
            + fragment
        )

    def thing(self, iri: str) -> str:
        """The address of a thing's page; the IRI itself where it is not of this graph and safe to follow, else ''."""
        path = path_of(self.base, iri)
        if path:
            path, hash_, fragment = path.partition("#")
            return self.url(f"{path}.html" if path.startswith(("/id/", "/graph/")) else path) + hash_ + fragment
        return iri if iri.startswith(("http://", "https://")) else ""

    def scheme(self, name: str) -> str:
        """The IRI of a concept scheme of ours."""
        return f"{VOCABULARY}scheme/{name}"

    def key(self, iri: str) -> str:
        """The address of a thing below /id/, as other pages of it have it in theirs."""
        return path_of(self.base, iri).removeprefix("/id/")

    def data(self, iri: str, ending: str) -> str:
        """The address of a thing's data."""
        path = path_of(self.base, iri).partition("#")[0]
        return self.url(f"{path}.{ending}") if path else ""

    def sentence(self, document: str, passage: str) -> str:
        """The address of a passage on its document's page, scrolled to it."""
        page = self.thing(document)
        return f"{page}#p{passage.rsplit('/', 1)[-1]}" if passage else page


def marked(text: str) -> Markup:
    """A snippet whose hits stand between U+0001 and U+0002, as markup."""
    return Markup(str(escape(text)).replace("\x01", "<mark>").replace("\x02", "</mark>"))


@cache
def environment() -> jinja2.Environment:
    """The templates, every value escaped."""
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.tests["ref"] = lambda value: isinstance(value, Ref)
    made.tests["refs"] = lambda value: isinstance(value, tuple)
    made.filters["marked"] = marked
    made.filters["spoken"] = spoken
    made.filters["heading"] = lambda column: column.removesuffix("_label").replace("_", " ").strip()
    made.globals.update(
        kinds=KINDS,
        lists=LISTS,
        commitment_kinds=COMMITMENTS,
        questions=questions(),
        bundled=lambda: (BUNDLE / "editor.js").is_file(),
    )
    return made


def render(template: str, links: Links, **values: object) -> bytes:
    """A page as bytes."""
    make: Callable[..., str] = environment().get_template(template).render
    return make(links=links, url=links.url, **values).encode("utf-8", "replace")
