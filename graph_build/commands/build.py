"""`communique build` and `communique remove`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import click

from graph_build.errors import CommuniqueError

if TYPE_CHECKING:
    from graph_build.pipeline import Built, Progress

SHOWN = 20
"""Problems, violations and warnings that are printed each; all of them stand in the build's report."""

OUT = click.option(
    "--out",
    "-o",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("graph"),
    show_default=True,
    help="Folder of the graph.",
)
WORKERS = click.option(
    "--workers", type=click.IntRange(0), default=None, help="Processes that read; 0 reads in this one."
)
STRICT = click.option("--strict", is_flag=True, help="Publish nothing where anything violates the shapes.")
QUIET = click.option("--quiet", "-q", is_flag=True, help="Say nothing but what is wrong.")


@click.command()
@click.argument("sources", nargs=-1, type=click.Path(path_type=Path))
@OUT
@click.option("--add", is_flag=True, help="Extend the corpus of the folder by these sources.")
@click.option("--base", default="", help="Base IRI of the graph's things, such as https://graph.example.org/")
@STRICT
@click.option(
    "--judgements",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File with what persons judged; by default judgements.toml beside the papers.",
)
@WORKERS
@click.option(
    "--watch", is_flag=True, help="Go on: bring the graph up to date whenever the papers change, until Ctrl-C."
)
@QUIET
@click.pass_context
def build(
    ctx: click.Context,
    sources: tuple[Path, ...],
    out: Path,
    add: bool,
    base: str,
    strict: bool,
    judgements: Path | None,
    workers: int | None,
    watch: bool,
    quiet: bool,
) -> None:
    """Read papers and publish a validated graph of what they say.

    SOURCES are files and folders; they are the whole corpus, or with --add what extends it. Exit code 0: all is in the
    graph; 1: published, but something was left out; 2: unusable input, or nothing to publish.
    """
    from graph_build import pipeline

    if not sources and not add:
        raise click.UsageError("name files or folders with papers: communique build FOLDER")

    def once(*named: Path, more: bool) -> int:
        with progress(quiet) as told:
            built = pipeline.build(
                *named,
                out=out,
                add=more,
                base=base,
                strict=strict,
                judgements=judgements,
                workers=workers,
                progress=told,
                on_wait=_waiting,
            )
        return tell(built, quiet)

    if not watch:
        ctx.exit(once(*sources, more=add))
    _keep(sources, out, add, judgements, quiet, once)


class _Once(Protocol):
    def __call__(self, *named: Path, more: bool) -> int: ...


def _keep(sources: tuple[Path, ...], out: Path, add: bool, judgements: Path | None, quiet: bool, once: _Once) -> None:
    """Build, and build again whenever the papers changed and came to rest, until somebody ends it."""
    from graph_build.pipeline.watch import watch
    from graph_build.store import pointer

    def watched() -> list[Path | str]:
        at = pointer(out)
        return [*sources, *(at.sources if at else ()), *([judgements] if judgements else [])]

    changed = watch(watched)
    named, more = sources, add
    try:
        for _ in chain((0,), changed):
            try:
                once(*named, more=more)
                named, more = (), True
            except CommuniqueError as error:
                click.echo(f"communique: {error}", err=True)
            if not quiet:
                click.echo("watching the papers; end with Ctrl-C", err=True)
    except KeyboardInterrupt:
        click.echo("no longer watching; the graph is in use as it was built last", err=True)


@click.command()
@click.argument("names", nargs=-1, required=True)
@OUT
@STRICT
@WORKERS
@QUIET
@click.pass_context
def remove(
    ctx: click.Context, names: tuple[str, ...], out: Path, strict: bool, workers: int | None, quiet: bool
) -> None:
    """Take papers out of a graph's corpus and build it again.

    NAMES are papers as `communique status` lists them, their paths, or whole sources. The files stay where they are.
    """
    from graph_build import pipeline

    with progress(quiet) as told:
        built = pipeline.remove(*names, out=out, strict=strict, workers=workers, progress=told, on_wait=_waiting)
    ctx.exit(tell(built, quiet))


def tell(built: Built, quiet: bool) -> int:
    """Print what a build did; its exit code."""
    for problem in built.problems[:SHOWN]:
        click.echo(f"not read: {problem}", err=True)
    _more(len(built.problems), "problems")
    for key, of in built.copies[:SHOWN] if not quiet else ():
        click.echo(f"joined: {key} is the same paper as {of}", err=True)
    if not quiet:
        _more(len(built.copies), "copies")
    for key in built.silent[:SHOWN]:
        click.echo(f"nothing found in: {key}", err=True)
    _more(len(built.silent), "papers in which nothing was found")
    for finding in built.left_out[:SHOWN]:
        click.echo(f"left out: {finding}", err=True)
    _more(len(built.left_out), "violations")
    if not quiet:
        for finding in built.warnings[:SHOWN]:
            click.echo(str(finding), err=True)
        _more(len(built.warnings), "warnings")
        known = built.documents + len(built.copies) - built.read
        again = f" ({known} of them known from before)" if known > 0 else ""
        same = "; it is the graph that was in use before" if built.unchanged else ""
        click.echo(
            f"{_counted(built.documents, 'paper')}{again}, {built.triples:,} triples: graph {built.name} is in use{same}"
        )
    return 0 if built.complete else 1


@contextmanager
def progress(quiet: bool) -> Iterator[Progress | None]:
    """What shows progress on a terminal; nothing in a pipe."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    # Imported here: it takes longer than everything else that a short command does.
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    with Bar(
        TextColumn("{task.description:<12}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
    ) as bar:
        tasks: dict[str, TaskID] = {}

        def told(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bar.add_task(stage, total=total)
            bar.update(tasks[stage], completed=done, total=total)

        yield told


def _waiting(message: str) -> None:
    click.echo(message, err=True)


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _more(number: int, what: str) -> None:
    if number > SHOWN:
        click.echo(
            f"... and {number - SHOWN:,} more {what}; the build's report.json and manifest.json have all", err=True
        )
