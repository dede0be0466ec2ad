"""`communique judge`: write what a person judges into `judgements.toml`, after asking."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from graph_build.commands.query import GRAPH, asking
from graph_build.errors import InputError

if TYPE_CHECKING:
    from graph_build.judgements import Judgement, JudgementKind, ThingReference
    from graph_build.source import Source


@click.command(name="judge")
@click.argument("kind", type=click.Choice(["same", "different", "reject", "add", "label"]))
@click.argument("things", nargs=-1)
@GRAPH
@click.option(
    "--file", "file", type=click.Path(path_type=Path), help="The file; default: judgements.toml beside the papers."
)
@click.option("--who", help="Who judges.")
@click.option("--why", help="The reason.")
@click.option("--when", help="The day, YYYY-MM-DD; default: today.")
@click.option("--label", help="The better name (label).")
@click.option("--paper", help="The paper that says it (add).")
@click.option("--quote", help="Its words (add).")
@click.option("--property", "property_", help="The property (add).")
@click.option("--object", "object_", help="The value or thing (add).")
@click.option("--yes", is_flag=True, help="Do not ask before writing.")
def judge(
    kind: JudgementKind,
    things: tuple[str, ...],
    graph: Path,
    file: Path | None,
    who: str | None,
    why: str | None,
    when: str | None,
    label: str | None,
    paper: str | None,
    quote: str | None,
    property_: str | None,
    object_: str | None,
    yes: bool,
) -> None:
    """Say that THINGS are the same or different, that a statement is wrong or missing, or that a name is better.

    \b
    communique judge same "symposium 2015" meeting/2015-03-25-…
    communique judge different "working group 2015" "working group 2023"
    communique judge reject commitment/…
    communique judge label "symposium 2015" --label "Labour Trafficking Symposium"
    communique judge add "symposium 2015" --paper summary.txt --quote "…" --property heldBy --object body/…

    The entry is shown and written after a yes; the next build takes it up.
    """
    from graph_build.judgements import Judgement, parse, written
    from graph_build.tables import visible

    least = 2 if kind in ("same", "different") else 1
    if len(things) < least or (least == 1 and len(things) > 1):
        raise click.UsageError(f"'{kind}' needs {'at least two things' if least == 2 else 'one thing or statement'}")
    day = _day(when)
    # Read before anything is asked: nobody should answer five questions and then learn that nothing is there.
    with asking(graph) as source:
        named = () if kind == "reject" else tuple(_named(source, t) for t in things)
        fact = _statement(source, things[0]) if kind == "reject" else ""
    target = file or _beside(graph)

    def ask(value: str | None, question: str, wanted: bool) -> str:
        return "" if not wanted else value if value else str(click.prompt(question)).strip()

    adds = kind == "add"
    entry = Judgement(
        kind, ask(who, "Who judges", True), day,
        ask(why, "Why", True), str(target), named, fact, ask(paper, "Paper (its path in the corpus)", adds),
        ask(quote, "Its words", adds), ask(property_, "Property", adds), ask(object_, "Value or thing", adds),
        ask(label, "Better name", kind == "label"),
    )  # fmt: skip
    if adds:
        _check_quote(graph, entry)
    addition = written(entry)
    before = _before(target)
    # The whole file is checked with the entry in it: a contradiction is refused before it is written.
    parse(before + addition, str(target))
    click.echo(visible(addition), nl=False)
    if not yes and not click.confirm(f"Write this to {target}?", default=True):
        click.echo("nothing was written")
        return
    _append(target, before, addition)
    click.echo(f"written to {target}; it takes effect with the next build")


def _day(when: str | None) -> str:
    try:
        day = datetime.date.fromisoformat(when) if when else datetime.datetime.now(datetime.UTC).date()
    except ValueError:
        raise InputError(f"'when' is no date: {when!r}", mend="write it as 2026-01-15") from None
    return day.isoformat()


def _named(source: Source, words: str) -> ThingReference:
    from graph_build.find import find_one
    from graph_build.iris import local
    from graph_build.judgements import ThingReference

    return ThingReference(local(find_one(source, words).iri))


def _statement(source: Source, words: str) -> str:
    """The key of a statement of the graph; InputError where there is none."""
    from graph_build.iris import CQ

    key = words.rpartition("/id/")[2].removeprefix("id:")
    found = source.ask(
        f"SELECT ?s WHERE {{ ?s <{CQ}statedIn> ?paper . FILTER(STRENDS(STR(?s), {_literal('/id/' + key)})) }} LIMIT 2"
    )
    if len(found) != 1:
        raise InputError(
            f"{words!r} is no statement of the graph", mend="copy its id from `communique explain` or a query"
        )
    return key


def _literal(text: str) -> str:
    import pyoxigraph as ox

    return str(ox.Literal(text))


def _beside(graph: Path) -> Path:
    """`judgements.toml` in the first source folder of the graph."""
    from graph_build.store import pointer

    found = pointer(graph)
    folders = [Path(s) for s in found.sources if Path(s).is_dir()] if found else []
    if not folders:
        raise InputError(
            "the graph has no source folder to keep judgements in", str(graph), "name the file with --file"
        )
    return folders[0] / "judgements.toml"


def _check_quote(graph: Path, entry: Judgement) -> None:
    from graph_build.records import collapse, readable
    from graph_build.store import open_build

    with open_build(graph) as build:
        slugs = {d.key: d.slug for d in build.manifest.documents}
        if entry.paper not in slugs:
            raise InputError(f"there is no paper {entry.paper!r} in the graph", mend="see them with: communique status")
        text = build.text(slugs[entry.paper])
    if collapse(readable(entry.quote)) not in collapse(readable(text)):
        raise InputError(
            f"these words do not stand in {entry.paper}", mend="copy them from the paper letter for letter"
        )


def _before(target: Path) -> str:
    try:
        text = target.read_text("utf-8") if target.exists() else ""
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"the judgements cannot be read: {error}", str(target)) from error
    return text if not text or text.endswith("\n\n") else text.rstrip("\n") + "\n\n"


def _append(target: Path, before: str, addition: str) -> None:
    """The file with the entry, replaced in one step: a crash leaves the old file."""
    half = target.with_name(f".{target.name}.new")
    try:
        half.write_text(before + addition, "utf-8")
        half.replace(target)
    except OSError as error:
        raise InputError(f"the judgements cannot be written: {error}", str(target)) from error
