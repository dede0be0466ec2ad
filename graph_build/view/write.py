"""A picture into files: the format by the file's ending, each file replaced in one step."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from graph_build.errors import InputError
from graph_build.tables import as_csv
from graph_build.view import formats
from graph_build.view.picture import Picture


@dataclass(frozen=True, slots=True)
class Format:
    """A format: what it is called, the endings that mean it, its media type, and its files by the ending of each."""

    name: str
    endings: tuple[str, ...]
    media: str
    parts: tuple[tuple[str, Callable[[Picture], str]], ...]
    about: str


FORMATS: Mapping[str, Format] = {
    f.name: f
    for f in (
        Format("svg", (".svg",), "image/svg+xml", (("", lambda p: p.svg),), "drawing, for print and pages"),
        Format("html", (".html", ".htm"), "text/html", (("", lambda p: p.html),), "interactive page that loads nothing"),
        Format("graphml", (".graphml",), "application/graphml+xml", (("", formats.graphml),), "GraphML, for yEd, Gephi, networkx"),
        Format("gexf", (".gexf",), "application/gexf+xml", (("", formats.gexf),), "GEXF with dates, for Gephi's timeline"),
        Format("dot", (".dot", ".gv"), "text/vnd.graphviz", (("", formats.dot),), "Graphviz"),
        Format("mermaid", (".mmd", ".mermaid"), "text/vnd.mermaid", (("", formats.mermaid),), "Mermaid flowchart"),
        Format("cytoscape", (".cyjs", ".json"), "application/json", (("", formats.cytoscape),), "Cytoscape.js elements"),
        Format("kumu", (".kumu.csv",), "text/csv",
               ((".elements.csv", formats.kumu_elements), (".connections.csv", formats.kumu_connections)), "Kumu's two sheets"),
        Format("rows", (".rows.csv",), "text/csv", (("", lambda p: as_csv(p.table)),), "the same as a table"),
        Format("csv", (".csv",), "text/csv", ((".nodes.csv", formats.nodes_csv), (".edges.csv", formats.edges_csv)), "nodes and edges, two files"),
    )
}  # fmt: skip
"""Formats by name."""


def format_of(path: Path | str, name: str = "") -> Format:
    """The format of this name, or the one that the file's ending means; InputError lists them where there is none."""
    text = str(path).lower()
    found = (
        FORMATS.get(name)
        if name
        else next((f for f in FORMATS.values() if any(text.endswith(e) for e in f.endings)), None)
    )
    if found is None:
        endings = ", ".join(f"{f.endings[0]} ({f.about})" for f in FORMATS.values())
        raise InputError(
            f"no format {name!r}" if name else "the file's ending says no format", str(path), f"endings: {endings}"
        )
    return found


def render(picture: Picture, name: str) -> dict[str, str]:
    """The files of a format by the ending that each adds ('' for the one of most formats)."""
    return {ending: make(picture) for ending, make in format_of("", name).parts}


def write(picture: Picture, path: Path, name: str = "") -> tuple[Path, ...]:
    """Write a picture; the files that were written. A format of two files writes NAME.nodes.csv beside NAME.edges.csv.

    Raises InputError where the ending means no format or the place cannot be written.
    """
    form = format_of(path, name)
    written = []
    for ending, make in form.parts:
        place = path
        if ending:
            stem = next((str(path)[: -len(e)] for e in form.endings if str(path).lower().endswith(e)), str(path))
            place = Path(stem + ending)
        _replace(place, make(picture))
        written.append(place)
    return tuple(written)


def _replace(path: Path, text: str) -> None:
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_dir():
            raise InputError("this is a folder", str(path), "name a file")
        beside.write_text(text, encoding="utf-8", newline="")
        os.replace(beside, path)
    except OSError as error:
        raise InputError(f"it cannot be written: {error}", str(path), "choose another place with -o") from None
    finally:
        with suppress(OSError):
            beside.unlink()
