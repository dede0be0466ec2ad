"""What is sent back: the one shape of errors, the headers that every reply has, and the cache of answers."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import format_datetime, parsedate_to_datetime

import msgspec
from starlette.requests import Request
from starlette.responses import Response

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
EDITOR_POLICY = POLICY.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'")
"""The editor's library writes style attributes; scripts stay those of this server."""

SAFETY = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-opener-policy", b"same-origin"),
)
CUT = "Communique-Cut"
"""Header that says at which limit an answer was cut."""
NOTE = "Communique-Note"
EXPOSED = f"{CUT}, {NOTE}, ETag, Last-Modified, Link, Location"


class Refusal(Exception):  # noqa: N818  # an answer, rather than something gone wrong
    """A request that is answered with an error: the status, a short code, what is wrong and what to do."""

    def __init__(
        self,
        status: int,
        code: str,
        what: str,
        mend: str = "",
        headers: Mapping[str, str] | None = None,
        line: int = 0,
        column: int = 0,
    ) -> None:
        super().__init__(what)
        self.status, self.code, self.what, self.mend = status, code, what, mend
        self.headers = dict(headers or {})
        self.line, self.column = line, column

    def body(self) -> bytes:
        """The JSON shape of every error of this server."""
        error: dict[str, object] = {"status": self.status, "code": self.code, "what": self.what}
        if self.line:
            error["line"], error["column"] = self.line, self.column
        if self.mend:
            error["mend"] = self.mend
        return msgspec.json.encode({"error": error}) + b"\n"

    def response(self) -> Response:
        headers = {"Cache-Control": "no-store", **self.headers}
        return Response(self.body(), self.status, headers, "application/json")


def bug() -> Refusal:
    """What is said where we are to blame."""
    return Refusal(500, "bug", "this is a mistake in communique itself", "the server's log says more")


@dataclass(frozen=True, slots=True)
class Answer:
    """A body that may be kept and sent again, with its media type and further headers."""

    body: bytes
    media: str
    headers: tuple[tuple[str, str], ...] = ()
    status: int = 200

    def size(self) -> int:
        return len(self.body) + 512


class Cache:
    """Answers of one build by request, the longest unused dropped first; nothing larger than a sixteenth of it."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.held = 0
        self.hits = 0
        self._answers: OrderedDict[object, Answer] = OrderedDict()

    def get(self, key: object) -> Answer | None:
        answer = self._answers.get(key)
        if answer is not None:
            self._answers.move_to_end(key)
            self.hits += 1
        return answer

    def put(self, key: object, answer: Answer) -> None:
        size = answer.size()
        if size > self.limit // 16 or key in self._answers:
            return
        self._answers[key] = answer
        self.held += size
        while self.held > self.limit:
            _, old = self._answers.popitem(last=False)
            self.held -= old.size()


def sent(request: Request, answer: Answer, etag: str, modified: str, vary: str = "Accept") -> Response:
    """The response to a GET or HEAD: 304 where the client has it already (RFC 9110, section 13)."""
    headers = dict(answer.headers)
    headers.setdefault("Cache-Control", "no-cache")
    headers["Vary"] = vary
    if etag:
        headers["ETag"] = etag
    if modified:
        headers["Last-Modified"] = modified
    if etag and answer.status == 200 and fresh(request, etag, modified):
        return Response(None, 304, headers)
    response = Response(answer.body, answer.status, headers)
    response.headers["content-type"] = answer.media
    return response


def fresh(request: Request, etag: str, modified: str) -> bool:
    """Whether the client's copy is the one that would be sent; If-None-Match counts before If-Modified-Since."""
    match = request.headers.get("if-none-match")
    if match is not None:
        tags = [t.strip().removeprefix("W/") for t in match.split(",")]
        return "*" in tags or etag.removeprefix("W/") in tags
    since = request.headers.get("if-modified-since")
    if since is None or not modified:
        return False
    try:
        return parsedate_to_datetime(modified) <= parsedate_to_datetime(since)
    except (ValueError, TypeError, IndexError):
        return False


def http_date(at: str) -> str:
    """An ISO 8601 moment as HTTP writes dates; '' where it is none."""
    from datetime import UTC, datetime

    try:
        moment = datetime.fromisoformat(at.replace("Z", "+00:00"))
    except ValueError:
        return ""
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return format_datetime(moment.astimezone(UTC), usegmt=True)


def header_text(text: str) -> str:
    """Text that can stand in a header: printable ASCII, all else percent-encoded, without line ends."""
    from urllib.parse import quote

    return quote(text, safe=" !#$%&'()*+,-./:;<=>?@[]^_`{|}~")[:2000]
