"""A picture as a self-contained HTML page: drawing, notes, table and script in one file that loads nothing.

The page forbids itself every connection by its own Content-Security-Policy; its script and style are named there by hash.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable
from functools import cache
from html import escape
from importlib.resources import files

from graph_build.tables import visible
from graph_build.trace_text import days
from graph_build.view.measure import readable
from graph_build.view.picture import Edge, Node, Picture

TABLE_ROWS = 5000
"""Rows of the table that a page holds; it says so where there are more, and the CSV has them all."""
_HIDDEN = frozenset(["earlier", "later", "meeting", "party", "commitment", "thing"])
Address = Callable[[str], str]
"""The page of a thing for its IRI, '' where it has none."""


def page(picture: Picture) -> str:
    """The whole page."""
    style, script = _resource("page.css") + _resource("view.css"), _resource("view.js")
    policy = f"default-src 'none'; script-src {_hash(script)}; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(policy)}">\n'
        f"<title>{_safe(picture.title)}</title>\n<style>\n{style}</style>\n</head>\n<body>\n<main>\n"
        f"<h1>{_safe(picture.title)}</h1>\n{fragment(picture)}</main>\n<script>{script}</script>\n</body>\n</html>\n"
    )


def fragment(picture: Picture, address: Address | None = None) -> str:
    """Drawing, panel, notes and table, for the inside of a page that has `view.css` and `view.js`.

    address  gives the page of a thing, so that the panel links to it
    """
    steps = ""
    if picture.wider:
        options = "".join(
            f'<option value="{i}">{_safe(name)}</option>'
            for i, name in enumerate([picture.chosen or "as drawn", *(name for name, _ in picture.wider)])
        )
        steps = f"<label>Show <select data-steps>{options}</select></label>"
    order = ""
    if picture.kind == "attendance":
        order = (
            '<label>Sort by <select data-order><option value="total">meetings</option>'
            '<option value="name">name</option><option value="first">first meeting</option></select></label>'
        )
    notes = "".join(f"<li>{_safe(note)}</li>" for note in picture.notes)
    return (
        '<div data-communique-picture>\n<div class="cq-bar">'
        f"{steps}{order}"
        '<button type="button" data-do="in" aria-label="Zoom in">+</button>'
        '<button type="button" data-do="out" aria-label="Zoom out">−</button>'
        '<button type="button" data-do="fit">Whole</button><button type="button" data-do="full">Readable</button>'
        '<input type="search" placeholder="Find in the picture" aria-label="Find in the picture">'
        '<span class="cq-found" role="status"></span></div>\n'
        f'<div class="cq-body"><div class="cq-view" tabindex="0" role="region" aria-label="{_safe(picture.title)}. '
        'Arrow keys move, plus and minus zoom, Tab goes through its parts, Enter opens the sentence.">'
        f"{picture.svg}</div>\n"
        '<aside class="cq-panel" hidden tabindex="-1" aria-label="Sentences"></aside></div>\n'
        + (f'<ul class="cq-notes">{notes}</ul>\n' if notes else "")
        + f"<details><summary>In words</summary><p>{_safe(picture.summary)}</p></details>\n"
        f"<details><summary>The same as a table ({len(picture.table)} rows)</summary>\n{_table(picture)}</details>\n"
        f'<script type="application/json">{_data(picture, address)}</script>\n</div>\n'
    )


def _safe(text: str) -> str:
    return escape(readable(text))


def _table(picture: Picture) -> str:
    columns = [i for i, c in enumerate(picture.table.columns) if c not in _HIDDEN]
    long = {i for i in columns if picture.table.columns[i] in ("quote", "clause", "sentence")}
    head = "".join(f'<th scope="col">{_safe(picture.table.columns[i].replace("_", " "))}</th>' for i in columns)
    body = "".join(
        "<tr>"
        + "".join(f"<td{' class=cq-long' if i in long else ''}>{escape(visible(row[i]))}</td>" for i in columns)
        + "</tr>"
        for row in picture.table.rows[:TABLE_ROWS]
    )
    more = len(picture.table) - TABLE_ROWS
    cut = f" — the first {TABLE_ROWS} rows, {more} more in the CSV" if more > 0 else ""
    return (
        f'<div class="cq-table" tabindex="0" role="region" aria-label="Table"><table><caption>{_safe(picture.table.title)}{cut}'
        f"</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _data(picture: Picture, address: Address | None) -> str:
    pictures = [_one(picture, False, address), *(_one(p, True, address) for _, p in picture.wider)]
    text = json.dumps({"directed": picture.directed, "pictures": pictures}, ensure_ascii=False, separators=(",", ":"))
    # Nothing in a name may end the element that holds it (HTML, "Restrictions for contents of script elements").
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _one(picture: Picture, with_svg: bool, address: Address | None) -> dict[str, object]:
    nodes, edges = picture.drawn if picture.drawn[0] else (picture.nodes, picture.edges)
    labels = {n.id: n.label for n in picture.nodes}
    return {
        "svg": picture.svg if with_svg else "",
        "nodes": [_node(n, labels, address) for n in nodes],
        "edges": [_edge(e) for e in edges],
    }


def _node(node: Node, labels: dict[str, str], address: Address | None) -> dict[str, object]:
    return {
        "id": readable(node.id), "label": visible(node.label), "kind": {"Gap": "Nothing further", "Silent": "Commitments"}.get(node.kind, node.kind),
        "iri": node.iri, "when": days(node.date, node.end), "place": visible(node.place), "note": visible(node.note),
        "focus": node.focus, "members": [visible(labels.get(m, m)) for m in node.members],
        "more": [[k, str(v)] for k, v in node.more], "said": [[visible(s.quote), visible(s.document), visible(s.paragraph)] for s in node.said],
        "href": address(node.iri) if address and node.iri else "",
    }  # fmt: skip


def _edge(edge: Edge) -> dict[str, object]:
    said = [[visible(s.quote), visible(s.document), visible(s.paragraph)] for s in edge.said]
    return {
        "source": readable(edge.source),
        "target": readable(edge.target),
        "relation": edge.relation,
        "label": edge.label,
        "said": said,
    }


@cache
def _resource(name: str) -> str:
    return files("graph_build.view").joinpath(name).read_text(encoding="utf-8")


def _hash(script: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode('utf-8')).digest()).decode('ascii')}'"


def style() -> str:
    """The style sheet of pictures, for a site that serves it."""
    return _resource("view.css")


def script() -> str:
    """The script of pictures, for a site that serves it."""
    return _resource("view.js")
