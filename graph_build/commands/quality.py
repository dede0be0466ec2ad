"""`communique quality`: what to look at before trusting a build."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from graph_build.commands.query import GRAPH

if TYPE_CHECKING:
    from graph_build.store import Build


@click.command(name="quality")
@GRAPH
@click.option("--all", "everything", is_flag=True, help="Show every entry, not only the first of each list.")
@click.option("--format", "-f", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def quality(graph: Path, everything: bool, form: str) -> None:
    """Report coverage by paper, doubtful identity, numbers that do not fit, findings, and changes since the last build."""
    from graph_build.quality import FILE, as_text, decode
    from graph_build.store import open_build
    from graph_build.tables import visible

    with open_build(graph) as build:
        data = _file(build, FILE)
        if form == "json":
            click.echo(data.decode(), nl=False)
            return
        findings = _findings(_file(build, "report.json"))
        text = as_text(decode(data), findings, _changes(graph, build), 10**6 if everything else 8)
        click.echo(visible(text), nl=False)


def _file(build: Build, name: str) -> bytes:
    from graph_build.errors import InputError

    try:
        return (build.folder / name).read_bytes()
    except OSError as error:
        raise InputError(f"the build has no {name}: {error}", str(build.folder), "build it again") from error


def _findings(data: bytes) -> list[str]:
    import msgspec

    from graph_build.validate import Finding

    report = msgspec.json.decode(data, type=dict[str, list[Finding]])
    return [str(finding) for findings in report.values() for finding in findings]


def _changes(graph: Path, build: Build) -> str:
    """What the build says differently from the one before, in counts and facts; '' where there is none before."""
    from graph_build.compare import as_text, compare
    from graph_build.errors import InputError
    from graph_build.store import open_build, pointer

    found = pointer(graph)
    if found is None or not found.former:
        return ""
    try:
        with open_build(graph, found.former[0].build) as before:
            return as_text(compare(before.store, build.store), 100, most=20)
    except InputError:
        # The former build was removed since: there is nothing to compare with.
        return ""
