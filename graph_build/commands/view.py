"""`communique view`: pictures of the graph, as SVG, self-contained HTML or a graph file."""

from __future__ import annotations

from pathlib import Path

import click

from graph_build.commands.query import GRAPH, asking
from graph_build.errors import QueryError


@click.command(name="view")
@click.argument(
    "picture", type=click.Choice(["lineage", "timeline", "attendance", "network", "commitments", "ontology"])
)
@click.argument("thing", required=False)
@GRAPH
@click.option("--endpoint", metavar="URL", help="Ask this SPARQL endpoint instead of a graph on disk.")
@click.option(
    "--out",
    "-o",
    type=click.Path(path_type=Path, allow_dash=True),
    help="File; its ending says the format. - for the terminal.",
)
@click.option("--format", "-f", "form", help="svg, html, graphml, gexf, dot, mermaid, cytoscape, csv, kumu or rows.")
@click.option("--to", metavar="THING", help="Lineage: only what lies between the two.")
@click.option("--depth", type=click.IntRange(1), help="Lineage: steps each way (1).")
@click.option(
    "--beside", is_flag=True, default=None, help="Lineage: also what is tied to the thing and leads to nothing."
)
@click.option("--since", metavar="YEAR", help="From this year on.")
@click.option("--until", metavar="YEAR", help="Until this year.")
@click.option("--body", metavar="THING", help="Timeline, attendance: only what this body held.")
@click.option("--party", metavar="THING", help="Attendance: only this state or organisation.")
@click.option("--sort", type=click.Choice(["total", "name", "first"]), help="Attendance: order of the rows.")
@click.option("--class", "kind", metavar="CLASS", help="Commitments: directive, decision, pledge or recommendation.")
@click.option("--limit", type=click.IntRange(3), help="Things past which the picture groups.")
def view(
    picture: str,
    thing: str | None,
    graph: Path,
    endpoint: str | None,
    out: Path | None,
    form: str | None,
    **given: object,
) -> None:
    """Draw PICTURE: lineage THING, timeline, attendance, network, commitments or ontology.

    THING is an IRI, a short id, or words such as "symposium 2015". Without -o the picture becomes PICTURE.svg. A lineage
    shows one step each way; in its HTML page a reader asks for more.
    """
    from graph_build.view import picture as make
    from graph_build.view import render, write
    from graph_build.view.write import format_of

    if picture == "lineage" and not thing:
        raise click.UsageError('name the thing: communique view lineage "symposium 2015"')
    if thing and picture not in ("lineage", "commitments"):
        raise click.UsageError(f"a picture of {picture} is of no one thing")
    options = {name: value for name, value in given.items() if value is not None}
    if thing:
        options["thing"] = thing
    if picture == "attendance" and "limit" in options:
        options["rows"] = options.pop("limit")
    place = out or Path(f"{picture}{_ending(form)}")
    to_terminal = str(place) == "-"
    wanted = format_of(place, form or ("svg" if to_terminal else ""))
    if picture == "lineage" and wanted.name != "html":
        options["grow"] = False
    if picture == "ontology":
        if options:
            raise QueryError(f"a picture of the ontology has no option {sorted(options)[0]!r}")
        from graph_build.view.ontology import ontology

        made = ontology()
    else:
        with asking(graph, endpoint) as source:
            made = make(source, picture, **options)
    if to_terminal:
        if len(wanted.parts) > 1:
            raise QueryError(f"{wanted.name} is two files", mend="name a file with -o")
        click.echo(render(made, wanted.name)[""], nl=False)
        return
    for path in write(made, place, wanted.name):
        click.echo(str(path), err=True)
    for note in made.notes:
        click.echo(note, err=True)


def _ending(form: str | None) -> str:
    from graph_build.view.write import format_of

    return format_of("", form).endings[0] if form else ".svg"
