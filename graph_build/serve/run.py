"""Run the server: uvicorn with limits on clients that are slow or many."""

from __future__ import annotations

import asyncio
import socket
from typing import Any

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from graph_build.errors import InputError
from graph_build.serve.app import make_app
from graph_build.serve.settings import Settings

CONNECTIONS = 512
"""Requests at once; more get 503."""


def _patient(base: type[asyncio.Protocol], seconds: float) -> type[asyncio.Protocol]:
    """A protocol that closes connections whose first request has not fully arrived after `seconds`."""

    class Patient(base):  # type: ignore[valid-type,misc]
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            super().connection_made(transport)
            self._late = asyncio.get_running_loop().call_later(seconds, self._check)

        def _check(self) -> None:
            if getattr(self, "cycle", None) is None and not self.transport.is_closing():
                self.transport.close()

        def connection_lost(self, exc: Exception | None) -> None:
            self._late.cancel()
            super().connection_lost(exc)

    return Patient


def listen(settings: Settings) -> socket.socket:
    """The listening socket; InputError where the port is taken or the address is not ours."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind((settings.host, settings.port))
    except (OSError, OverflowError) as error:
        sock.close()
        raise InputError(
            f"cannot listen on {settings.host}:{settings.port}: {error}", mend="choose another with --port"
        ) from error
    sock.listen(1024)
    return sock


def serve(settings: Settings, sock: socket.socket, **options: Any) -> None:
    """Serve until interrupted. Raises CommuniqueError where the graph cannot be opened."""
    protocol: Any = H11Protocol
    try:
        from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

        protocol = HttpToolsProtocol
    except ImportError:
        pass  # without the optional accelerators the pure one serves
    config = uvicorn.Config(
        make_app(settings),
        http=_patient(protocol, settings.patience),
        ws="none",
        log_level="warning",
        access_log=False,
        server_header=False,
        date_header=True,
        proxy_headers=False,
        timeout_keep_alive=20,
        limit_concurrency=CONNECTIONS,
        timeout_graceful_shutdown=5,
        h11_max_incomplete_event_size=65_536,
        **options,
    )
    uvicorn.Server(config).run(sockets=[sock])
