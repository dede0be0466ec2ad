"""`communique export FORMAT`: the whole graph in another format."""

from __future__ import annotations

import tempfile
from pathlib import Path

import click

from graph_build.commands.query import GRAPH


@click.command(name="export")
@click.argument("form", metavar="FORMAT")
@GRAPH
@click.option(
    "--out", "-o", type=click.Path(path_type=Path, allow_dash=True), help="File or folder; - for the terminal."
)
def export(form: str, graph: Path, out: Path | None) -> None:
    """Write the graph as turtle, trig, nquads, ntriples, jsonld, rdfxml, its tables as csv, or a site of pages.

    What was written is read back and compared with the graph: nothing is dropped unnoticed.
    """
    from graph_build.errors import InputError
    from graph_build.export import FORMATS
    from graph_build.export import export as run
    from graph_build.store import open_build

    if form == "site":
        from graph_build.serve.files import write_site
        from graph_build.store import pointer

        with open_build(graph) as build:
            now = pointer(graph)
            at = now.at if now and now.build == build.name else ""
            files = write_site(build, out or Path("communique-site"), at)
        click.echo(f"{out or Path('communique-site')}: {files} files; open index.html", err=True)
        return
    with open_build(graph) as build:
        known = FORMATS.get(form)
        if out is not None and str(out) == "-":
            if known is not None and known.rdf is None:
                raise InputError("tables are files in a folder", mend="name a folder with -o")
            with tempfile.TemporaryDirectory() as folder:
                written = run(build, form, Path(folder) / "graph")
                with written.path.open("rb") as file:
                    while chunk := file.read(1 << 20):
                        click.echo(chunk, nl=False)
            return
        place = out or Path("communique" + (known.ending if known else "") or "communique")
        written = run(build, form, place)
    click.echo(f"{written.path}: {written.statements} {written.what}, read back and compared" if written.what != "rows"
               else f"{written.path}: {written.statements} rows", err=True)  # fmt: skip
