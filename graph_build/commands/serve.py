"""`communique serve`."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.option(
    "--graph",
    "-g",
    type=click.Path(path_type=Path),
    default=Path("graph"),
    show_default=True,
    help="Folder of the graph, or of one build.",
)
@click.option(
    "--port", "-p", type=click.IntRange(0, 65535), default=7878, show_default=True, help="0 for any free one."
)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on; see below.")
@click.option(
    "--timeout", type=click.FloatRange(0.05, 3600), default=2.0, show_default=True, help="Seconds for a query."
)
@click.option("--memory", type=click.IntRange(128), default=768, show_default=True, help="MiB that a query may take.")
@click.option(
    "--rows", type=click.IntRange(1), default=100_000, show_default=True, help="Rows that the endpoint sends."
)
@click.option("--allow-host", multiple=True, metavar="NAME", help="A further name that the Host header may hold.")
@click.option("--allow-service", multiple=True, metavar="HOST[:PORT]", help="A host that SERVICE may reach.")
@click.option(
    "--cors",
    multiple=True,
    metavar="ORIGIN",
    default=("*",),
    show_default=True,
    help="Origins that may read; '' for none.",
)
def serve(
    graph: Path,
    port: int,
    host: str,
    timeout: float,
    memory: int,
    rows: int,
    allow_host: tuple[str, ...],
    allow_service: tuple[str, ...],
    cors: tuple[str, ...],
) -> None:
    """Open the graph in the browser: pages for every thing, a SPARQL endpoint, linked data.

    Nobody but this machine can reach 127.0.0.1. With another --host everyone who reaches this machine can read the
    graph and its papers, and ask queries; there is no password and no TLS. Name the addresses under which they come
    with --allow-host.
    """
    import sys

    from graph_build.serve.run import listen, serve
    from graph_build.serve.settings import MEBIBYTE, Settings
    from graph_build.store import open_build

    open_build(graph).close()
    settings = Settings(
        graph,
        host,
        port,
        timeout=timeout,
        slice=min(0.1, timeout),
        memory=memory * MEBIBYTE,
        rows=rows,
        hosts=allow_host,
        services=allow_service,
        origins=tuple(c for c in cors if c),
    )
    sock = listen(settings)
    if port == 0:
        import dataclasses

        settings = dataclasses.replace(settings, port=sock.getsockname()[1])
    click.echo(f"Serving {graph} at {settings.address} (Ctrl-C stops it)")
    if not settings.loopback:
        click.echo(
            f"communique: --host {host} lets everyone who reaches this machine read the graph and its papers; "
            "there is no password and no TLS. Requests under names other than "
            f"{', '.join(('localhost', host, *allow_host))} are refused.",
            err=True,
        )
    sys.stdout.flush()
    serve(settings, sock)
