"""What an operator sets, with the limits that hold for every query of a stranger."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from pathlib import Path

from graph_build.errors import InputError

MEBIBYTE = 1 << 20


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of a server.

    out            output folder of `build` (or one build)
    timeout        seconds of wall clock that a query may run
    slice          seconds of processor time after which a query leaves the workers that look-ups use
    memory         bytes that a worker may hold
    rows           rows (or triples) that the endpoint sends at most
    page_rows      rows that a page shows at most
    bytes          bytes of an answer
    body           bytes of a request
    quick          workers for look-ups, and as many for other queries in their first slice
    slow           queries past their slice that may run at once
    queue          queries that may wait; more are told to come back
    hosts          names that the Host header may hold beside the loopback ones; '*' for any
    services       hosts that SERVICE may reach; empty for none
    origins        origins that CORS admits; '*' for any, empty for none
    cache          bytes of answers kept by build; 0 for none
    patience       seconds that a query may wait for a worker, and a client may take to send a request
    watch          seconds between two looks at the pointer to the build in use
    """

    out: Path
    host: str = "127.0.0.1"
    port: int = 7878
    timeout: float = 2.0
    slice: float = 0.1
    memory: int = 768 * MEBIBYTE
    rows: int = 100_000
    page_rows: int = 1_000
    bytes: int = 64 * MEBIBYTE
    body: int = MEBIBYTE
    quick: int = 2
    slow: int = 2
    queue: int = 64
    hosts: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    origins: tuple[str, ...] = ("*",)
    cache: int = 64 * MEBIBYTE
    patience: float = 5.0
    watch: float = 0.5

    def __post_init__(self) -> None:
        for name in ("timeout", "slice", "memory", "rows", "page_rows", "bytes", "body", "patience", "watch"):
            if getattr(self, name) <= 0:
                raise InputError(f"{name} must be more than nothing, not {getattr(self, name)}", "settings")
        if self.quick < 1 or self.slow < 1:
            raise InputError("a server needs a quick worker and a slow one", "settings")

    @property
    def loopback(self) -> bool:
        """Whether only this machine can reach the server."""
        return is_loopback(self.host)

    @property
    def address(self) -> str:
        """The address that a person types."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{'localhost' if self.host in ('0.0.0.0', '::') else host}:{self.port}/"

    def admits(self, header: str) -> bool:
        """Whether a Host header names this server: a loopback name, the address it listens on, or an allowed name."""
        name = host_name(header)
        if name is None:
            return False
        return (
            "*" in self.hosts
            or name in ("localhost", self.host.lower())
            or is_loopback(name)
            or name in {h.lower() for h in self.hosts}
        )


def is_loopback(host: str) -> bool:
    """Whether a host is this machine's own: localhost, 127.0.0.0/8 or ::1, written as an address."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def host_name(header: str) -> str | None:
    """The host of a Host header, lower case, without port and brackets; None where it is no host (RFC 9110, 7.2)."""
    name, port = header, ""
    if header.startswith("["):
        name, closed, rest = header[1:].partition("]")
        if not closed or rest and not rest.startswith(":"):
            return None
        port = rest[1:]
    elif ":" in header:
        name, _, port = header.partition(":")
    if port and not (port.isascii() and port.isdigit() and len(port) <= 5):
        return None
    name = name.lower().rstrip(".")
    legal = name and all(c.isascii() and (c.isalnum() or c in "-._:") for c in name)
    return name if legal else None
