"""`communique language`, `accounts`, `counts`, `followup` and `missing`: the readings, from the graph's named queries."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import click

from graph_build.commands.query import GRAPH, asking
from graph_build.tables import Table

ENDPOINT = click.option("--endpoint", metavar="URL", help="Ask this SPARQL endpoint instead of a graph on disk.")
FORM = click.option(
    "--format",
    "-f",
    "form",
    default="text",
    show_default=True,
    type=click.Choice(["text", "table", "csv", "tsv", "json", "md"]),
    help="How the answer is written.",
)


def _answer(
    name: str,
    graph: Path,
    endpoint: str | None,
    form: str,
    as_page: Callable[[Table, int, bool], str],
    **parameters: str,
) -> None:
    from graph_build.query import query
    from graph_build.tables import render

    with asking(graph, endpoint) as source:
        table = query(source, name, **{k: v for k, v in parameters.items() if v})
    if form == "text":
        width = min(shutil.get_terminal_size((100, 50)).columns, 120)
        click.echo(as_page(table, width, sys.stdout.isatty()), nl=False)
    else:
        click.echo(render(table, form), nl=False)


@click.command(name="language")
@click.argument("words", required=False, default="")
@GRAPH
@ENDPOINT
@click.option("--kind", type=click.Choice(["substance", "boilerplate", "all"]), default="substance", show_default=True)
@click.option("--paper", default="", metavar="PATH", help="Only passages that this paper has, earlier or later.")
@FORM
def language(words: str, graph: Path, endpoint: str | None, kind: str, paper: str, form: str) -> None:
    """Show which passages stand again in later papers, who says them there, and which words changed.

    WORDS narrows it to passages that have these words.
    """
    from graph_build.readings_text import language_text

    _answer("language", graph, endpoint, form, language_text, words=words, kind=kind, paper=paper)


@click.command(name="accounts")
@click.argument("meeting", required=False, default="")
@GRAPH
@ENDPOINT
@click.option("--only", type=click.Choice(["agree", "differ", "only-one"]), help="Only rows of this verdict.")
@FORM
def accounts(meeting: str, graph: Path, endpoint: str | None, only: str | None, form: str) -> None:
    """Compare what two papers say of one meeting, field by field, with both sentences.

    MEETING is an IRI, a short id, or words such as "symposium 2015"; without it all meetings are compared.
    """
    from graph_build.readings_text import accounts_text

    _answer("accounts", graph, endpoint, form, accounts_text, meeting=meeting, only=only or "")


@click.command(name="counts")
@GRAPH
@ENDPOINT
@click.option(
    "--only", type=click.Choice(["fits", "does-not-fit", "cannot-be-said"]), help="Only rows of this verdict."
)
@FORM
def counts(graph: Path, endpoint: str | None, only: str | None, form: str) -> None:
    """Hold every stated number against the lists that the papers give."""
    from graph_build.readings_text import counts_text

    _answer("count-checks", graph, endpoint, form, counts_text, only=only or "")


@click.command(name="followup")
@click.argument("thing", required=False, default="")
@GRAPH
@ENDPOINT
@click.option(
    "--kind", type=click.Choice(["directive", "decision", "pledge", "recommendation"]), help="Class of commitment."
)
@click.option("--by", help="Level of who speaks: ministers, members, participants ...")
@click.option("--found", type=click.Choice(["any", "none"]), help="Only commitments with a follow-up, or without.")
@FORM
def followup(
    thing: str, graph: Path, endpoint: str | None, kind: str | None, by: str | None, found: str | None, form: str
) -> None:
    """Show what later papers say of each commitment, and where they say nothing.

    THING is a commitment, or the meeting where it was made; without it all commitments are shown.
    """
    from graph_build.readings_text import followup_text

    _answer(
        "followup", graph, endpoint, form, followup_text, thing=thing, kind=kind or "", by=by or "", found=found or ""
    )


@click.command(name="missing")
@GRAPH
@ENDPOINT
@click.option("--kind", type=click.Choice(["instrument", "meeting", "annex", "treaty"]), help="Only this kind.")
@FORM
def missing(graph: Path, endpoint: str | None, kind: str | None, form: str) -> None:
    """List the papers that are cited or quoted and not held, with all that is quoted of them."""
    from graph_build.readings_text import missing_text

    _answer("missing", graph, endpoint, form, missing_text, kind=kind or "")
