"""Pictures in the site: `/lineage/ID`, `/timeline`, `/attendance`, `/network`, with filters in the address.

Each page has the picture, its words and its table; `?format=` gives the same as a file (svg, graphml, gexf, dot ...).
"""

from __future__ import annotations

from collections.abc import Mapping

from starlette.datastructures import QueryParams

from graph_build.errors import QueryError
from graph_build.find import COMMITMENTS
from graph_build.serve.replies import EDITOR_POLICY, Answer, Refusal
from graph_build.source import StoreSource
from graph_build.store import Build
from graph_build.view import Picture, picture
from graph_build.view.page import fragment, script, style
from graph_build.view.write import FORMATS

PICTURES: Mapping[str, tuple[str, tuple[tuple[str, str], ...]]] = {
    "lineage": ("lineage", (("depth", "Steps each way"), ("to", "Only the way to"))),
    "timeline": ("timeline", (("since", "From year"), ("until", "Until year"), ("body", "Held by"))),
    "attendance": ("attendance", (("since", "From year"), ("until", "Until year"), ("body", "Held by"), ("party", "Party"))),
    "network": ("network", (("since", "From year"), ("until", "Until year"))),
    "commitments/picture": (
        "commitments", (("since", "From year"), ("until", "Until year"), ("kind", "Class"), ("thing", "Made at")),
    ),
}  # fmt: skip
"""Address: kind of picture, and its filters with their words."""

TRACEABLE = ("Meeting", "Body", "Organisation", "Instrument", *COMMITMENTS)
"""Classes of things that have a lineage."""
DOWNLOADS = tuple(f for f in FORMATS.values() if len(f.parts) == 1 and f.name != "html")


def draw(build: Build, address: str, id_: str, given: QueryParams) -> Picture:
    """The picture of an address; Refusal 404 where there is no such thing, QueryError where a filter is wrong."""
    kind, filters = PICTURES[address]
    options: dict[str, object] = {name: given[name][:500] for name, _ in filters if given.get(name)}
    if "depth" in options:
        depth = str(options["depth"])
        if not (depth.isascii() and depth.isdigit() and len(depth) < 3 and 0 < int(depth) < 20):
            raise QueryError(f"{depth!r} is no number of steps", mend="give a number from 1 to 19")
        options["depth"] = int(depth)
    if kind == "lineage":
        options["thing"] = id_
    try:
        return picture(StoreSource(build.store), kind, **options)
    except QueryError as error:
        if kind == "lineage" and "nothing in the graph" in error.what:
            raise Refusal(404, "unknown", error.what, error.mend) from None
        raise


def file(made: Picture, name: str) -> Answer:
    """The picture as a file of a format; Refusal where it is none of one file."""
    found = next((f for f in DOWNLOADS if f.name == name), None)
    if found is None:
        raise Refusal(
            404, "unknown", f"a picture has no format {name[:40]!r}", f"formats: {', '.join(f.name for f in DOWNLOADS)}"
        )
    (_, make), *_ = found.parts
    return Answer(
        make(made).encode("utf-8"), f"{found.media}; charset=utf-8", (("Content-Security-Policy", EDITOR_POLICY),)
    )


__all__ = ["DOWNLOADS", "PICTURES", "TRACEABLE", "draw", "file", "fragment", "script", "style"]
