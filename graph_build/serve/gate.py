"""What every request passes first: the Host header is ours, the address is sane; and what every reply carries."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from graph_build.serve.replies import EXPOSED, POLICY, SAFETY, Refusal
from graph_build.serve.settings import Settings

ADDRESS = 16_384
"""Bytes that the path of an address may have; queries in the address may be longer."""


_POLICY = (b"content-security-policy", POLICY.encode())
_ANY_ORIGIN = [(b"access-control-allow-origin", b"*"), (b"access-control-expose-headers", EXPOSED.encode())]


class Gate:
    """ASGI middleware: Host allow-list against DNS rebinding, CORS, safety headers, one shape for refusals.

    A browser that was led here under another name (DNS rebinding) still sends that name as Host; such a request gets
    421 (RFC 9110, section 15.5.20) and learns nothing.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.settings = settings
        self.any_origin = "*" in settings.origins
        self.known: dict[bytes, bool] = {}
        """Host headers that were judged; few, for the list is dropped when it grows."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers: Sequence[tuple[bytes, bytes]] = scope["headers"]
        origin = next((v.decode("latin-1") for k, v in headers if k == b"origin"), "")

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                raw = list(message.get("headers", ()))
                raw += SAFETY
                if not any(k == b"content-security-policy" for k, _ in raw):
                    raw.append(_POLICY)
                raw += self._cors(origin)
                message["headers"] = raw
            await send(message)

        refusal = self._refuse(scope, headers)
        if refusal is not None:
            await refusal.response()(scope, receive, sending)
        elif scope["method"] == "OPTIONS" and any(k == b"access-control-request-method" for k, _ in headers):
            await self._preflight(sending)
        else:
            await self.app(scope, receive, sending)

    def _refuse(self, scope: Scope, headers: Sequence[tuple[bytes, bytes]]) -> Refusal | None:
        hosts = [v for k, v in headers if k == b"host"]
        if len(hosts) != 1:
            return Refusal(400, "host", "a request has one Host header")
        if len(self.known) > 1000:
            self.known.clear()
        admitted = self.known.get(hosts[0])
        if admitted is None:
            admitted = self.known[hosts[0]] = self.settings.admits(hosts[0].decode("latin-1"))
        if not admitted:
            return Refusal(
                421,
                "host",
                "this server does not answer under that name",
                "the operator names further hosts with --allow-host",
            )
        if len(scope.get("raw_path", b"")) > ADDRESS:
            return Refusal(414, "address", f"a path may have {ADDRESS} bytes")
        return None

    def _cors(self, origin: str) -> list[tuple[bytes, bytes]]:
        if self.any_origin:
            return _ANY_ORIGIN
        if origin and origin in self.settings.origins:
            allowed = origin
        else:
            return [] if not self.settings.origins else [(b"vary", b"Origin")]
        return [
            (b"access-control-allow-origin", allowed.encode("latin-1")),
            (b"access-control-expose-headers", EXPOSED.encode()),
            (b"vary", b"Origin"),
        ]

    async def _preflight(self, send: Send) -> None:
        headers = [
            (b"access-control-allow-methods", b"GET, HEAD, POST, OPTIONS"),
            (b"access-control-allow-headers", b"Accept, Content-Type, If-None-Match, If-Modified-Since"),
            (b"access-control-max-age", b"86400"),
        ]
        await send({"type": "http.response.start", "status": 204, "headers": headers})
        await send({"type": "http.response.body", "body": b""})
