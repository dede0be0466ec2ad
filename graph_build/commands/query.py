"""`communique query`: run a named query, or a query in a file, on a graph or an endpoint."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from graph_build.errors import QueryError

if TYPE_CHECKING:
    from graph_build.source import Source

GRAPH = click.option(
    "--graph", "-g", default="graph", show_default=True, type=click.Path(path_type=Path), help="Folder of the graph."
)


@click.command(name="query")
@click.argument("name", required=False)
@GRAPH
@click.option("--endpoint", metavar="URL", help="Ask this SPARQL endpoint instead of a graph on disk.")
@click.option(
    "--format",
    "-f",
    "form",
    default="table",
    show_default=True,
    type=click.Choice(["table", "csv", "tsv", "json", "md"]),
    help="How the answer is written.",
)
@click.option("--set", "-s", "settings", multiple=True, metavar="NAME=VALUE", help="Set a parameter of the query.")
@click.option("--list", "listed", is_flag=True, help="List the named queries with their questions.")
@click.option("--show", is_flag=True, help="Show the SPARQL that would run, and do not run it.")
def query(
    name: str | None, graph: Path, endpoint: str | None, form: str, settings: tuple[str, ...], listed: bool, show: bool
) -> None:
    """Run the query NAME, or the query in the file NAME.rq, and print the answer.

    A parameter that is a thing is named by IRI, by short id, or by words: --set thing="symposium 2015".
    """
    if listed:
        click.echo(_listing(form), nl=False)
        return
    if not name:
        raise click.UsageError("name a query, a file NAME.rq, or ask for --list")
    from graph_build.questions import question
    from graph_build.tables import as_text, render

    asked = question(name)
    values = _values(settings)
    if show and not any(p.kind == "thing" and p.name in values for p in asked.parameters):
        click.echo(asked.bind(values), nl=False)
        return
    with asking(graph, endpoint) as source:
        from graph_build.find import find_one
        from graph_build.query import query as run

        if show:
            click.echo(asked.bind(values, resolve=lambda words: find_one(source, words).iri), nl=False)
            return
        table = run(source, asked, **values)
    if form == "table":
        click.echo(as_text(table, shutil.get_terminal_size((160, 50)).columns), nl=False)
    else:
        click.echo(render(table, form), nl=False)


@contextmanager
def asking(graph: Path, endpoint: str | None = None) -> Iterator[Source]:
    """The endpoint, or the store of the build in use, pinned while it is asked."""
    from graph_build.source import EndpointSource, StoreSource

    if endpoint:
        yield EndpointSource(endpoint)
        return
    from graph_build.store import open_build

    with open_build(graph) as build:
        yield StoreSource(build.store)


def _values(settings: tuple[str, ...]) -> dict[str, str]:
    values: dict[str, str] = {}
    for setting in settings:
        name, equals, value = setting.partition("=")
        if not equals or not name:
            raise QueryError(f"{setting!r} sets nothing", mend="write --set NAME=VALUE")
        if name in values:
            raise QueryError(f"{name!r} is set twice", mend="give one value")
        values[name] = value
    return values


def _listing(form: str) -> str:
    from graph_build.questions import questions
    from graph_build.tables import render, table_of

    known = questions()
    if form != "table":
        rows = [
            (q.name, q.title, q.question, ", ".join(f"{p.name}: {p.kind}" for p in q.parameters), ", ".join(q.tags))
            for q in known.values()
        ]
        return render(table_of(("name", "title", "question", "parameters", "tags"), rows), form)
    width = max(len(name) for name in known)
    lines = []
    for q in known.values():
        lines.append(f"{q.name:<{width}}  {q.question}")
        for p in q.parameters:
            choices = f" ({'|'.join(c for c in p.choices if p.kind == 'notation')})" if p.kind == "notation" else ""
            lines.append(f"{'':<{width}}    --set {p.name}={p.kind}{choices}: {p.about}")
    return "\n".join(lines) + "\n"
