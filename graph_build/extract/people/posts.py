"""What a person's description says: post and unit are the position, ministry, organisation or state the affiliation.

'Director General of the Department of X, Ministry of Y of Thailand' → 'Director General of the Department of X' and
'Ministry of Y of Thailand'; 'Deputy Minister for Foreign Affairs of Thailand' → the post and 'Thailand'.
"""

from __future__ import annotations

from dataclasses import dataclass

from graph_build.extract.people.describe import Reader
from graph_build.extract.people.names import Range
from graph_build.records import Mention

_FORMER = frozenset(("former", "ex", "then", "retired"))
_REALMS = frozenset(
    (
        "republic",
        "kingdom",
        "commonwealth",
        "state",
        "states",
        "union",
        "government",
        "sultanate",
        "federation",
        "principality",
        "people",
        "islamic",
        "federal",
        "democratic",
        "royal",
    )
)
_PLAIN = frozenset(
    ("state", "states", "cabinet", "house", "board", "parliament", "council", "delegation", "treasury", "mission")
)
"""Words that name an employer only with more words: 'Secretary of State', 'President of the Council of Ministers'."""
_SERVICES = frozenset(("police", "customs", "immigration", "prisons", "defence", "staff"))
_EMPLOYERS = frozenset(("from", "at"))


@dataclass(frozen=True, slots=True)
class Post:
    """Offsets of what a description says.

    position     the posts, each with its unit where one follows; several where an employer stands between them
    affiliation  the employer as written
    nation       an adjective or possessive before the post that names the state ('Australian Ambassador')
    unit         the unit of the larger body, where no larger body is named
    """

    position: tuple[Range, ...] = ()
    affiliation: Range | None = None
    nation: Mention | None = None
    unit: Range | None = None


def split(r: Reader, pieces: tuple[tuple[int, int], ...]) -> Post:
    """Position and affiliation of the pieces (token ranges) of a description."""
    if not pieces:
        return Post()
    pieces = _portfolios(r, pieces)
    posts = [i for i, (a, b) in enumerate(pieces) if 0 <= r.post(a, strict=i > 0) < b]
    if not posts:
        last = len(pieces)
        while last > 1 and _kind(r, *pieces[last - 1]) == "place":
            last -= 1
        a = pieces[0][0]
        while r.token(a) in ("of", "from", "at", "the"):
            a += 1
        return Post((), r.chars(a, pieces[last - 1][1]))
    position: list[tuple[int, int]] = []
    affiliation: tuple[int, int] | None = None
    nation: Mention | None = None
    unit: tuple[int, int] | None = None
    for order, i in enumerate(posts):
        stop = posts[order + 1] if order + 1 < len(posts) else len(pieces)
        ranges, employer, of = _post(r, *pieces[i], any(_kind(r, *p) == "org" for p in pieces[i + 1 : stop]))
        nation = nation or of
        rest = pieces[i + 1 : stop]
        kinds = [_kind(r, *p) for p in rest]
        if employer is not None:
            if rest and kinds[0] == "state" and r.toks[employer[1] - 1].mention is not None or kinds[:1] == ["state"]:
                employer = (employer[0], rest[0][1])
        elif "org" in kinds:
            at = len(kinds) - 1 - kinds[::-1].index("org")
            if at:
                ranges[-1] = (ranges[-1][0], rest[at - 1][1])
            a, b = rest[at]
            inner = _employer(r, a, b)
            if inner is not None and kinds[at] == "org" and _unit_first(r, a):
                ranges[-1] = (ranges[-1][0], inner[0])
                employer = (inner[1], b)
            else:
                while r.token(a) in ("of", "from", "at", "the"):
                    a += 1
                employer = (a, b)
            if kinds[at + 1 : at + 2] == ["state"]:
                employer = (employer[0], rest[at + 1][1])
        elif rest:
            units = 0
            while (
                units < len(rest)
                and kinds[units] in ("unit", "other")
                and not (kinds[units] == "other" and units == len(rest) - 1)
            ):
                units += 1
            if units:
                ranges[-1] = (ranges[-1][0], rest[units - 1][1])
                unit = rest[units - 1]
            if units < len(rest) and kinds[units] in ("state", "other"):
                a, b = rest[units]
                while r.token(a) in ("of", "from", "at", "the"):
                    a += 1
                if a < b and (kinds[units] == "state" or r.toks[a].cap):
                    employer = (a, b)
        position += ranges
        affiliation = affiliation or employer
    return Post(
        tuple(r.chars(a, b) for a, b in _merged(r, position) if a < b),
        r.chars(*affiliation) if affiliation else None,
        nation,
        r.chars(*unit) if unit and affiliation is None else None,
    )


def _portfolios(r: Reader, pieces: tuple[tuple[int, int], ...]) -> tuple[tuple[int, int], ...]:
    """'Minister for Relief, Disaster Preparedness and Refugees of Uganda' is one piece: the list of its subjects goes on."""
    if len(pieces) < 2:
        return pieces
    (a, b), *rest = pieces
    h = r.post(a)
    subjects = (
        h >= 0
        and any(w in r.token(h) for w in ("minister", "secretary", "commissioner"))
        and r.token(h + 1) in ("for", "of")
        and h + 1 < b
    )
    if not subjects or "and" in [r.token(k) for k in range(h, b)]:
        return pieces
    for n, (x, y) in enumerate(rest[:3]):
        words = [r.token(k) for k in range(x, y)]
        m = r.toks[x].mention
        if (
            m is not None
            and m.kind in ("state", "body", "place")
            or not r.toks[x].cap
            or r.post(x, strict=True) >= 0
            or any(
                w in r.lex.units or w in r.lex.organisations and w not in ("state", "republic", "kingdom", "states")
                for w in words
            )
        ):
            return pieces
        if "and" in words:
            return ((a, y), *rest[n + 1 :])
    return pieces


def _merged(r: Reader, ranges: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Posts that only 'and' or a comma parts stand in one range."""
    found: list[tuple[int, int]] = []
    for a, b in ranges:
        if found and all(r.token(k) in (",", "and", "&") for k in range(found[-1][1], a)):
            found[-1] = (found[-1][0], b)
        else:
            found.append((a, b))
    return found


def _unit_first(r: Reader, a: int) -> bool:
    return r.token(a) in r.lex.units


def _kind(r: Reader, a: int, b: int) -> str:
    """'state', 'place', 'unit', 'org' or 'other' for a piece that is no post."""
    while a < b - 1 and r.token(a) in ("the", "of", "from", "at"):
        a += 1
    m = r.toks[a].mention
    if m is not None and m.start == r.toks[a].start and r.beyond(a) == b and m.kind in ("state", "place"):
        return m.kind
    if r.token(a) in _REALMS and r.kind(b - 1) == "state":
        return "state"
    low = [r.token(k) for k in range(a, b)]
    if _employer(r, a, b) is not None:
        return "org"
    if low[0] in r.lex.units and low[0] != "department" or low[-1] in r.lex.units and low[-1] != "department":
        return "unit"
    if low[0] == "department" or low[-1] == "department":
        # 'Attorney-General's Department', 'Department of Foreign Affairs and Trade', 'Department of State' are ministries
        nation = m is not None and m.kind in ("adjective", "state")
        ministry = any(
            w
            in (
                "foreign",
                "trade",
                "state",
                "justice",
                "defence",
                "defense",
                "immigration",
                "homeland",
                "attorney-general",
                "health",
                "treasury",
                "interior",
                "home",
                "labor",
                "commerce",
                "energy",
                "agriculture",
                "government",
            )
            for w in low
        )
        return "org" if nation or ministry else "unit"
    if any(t.mention is not None and t.mention.kind == "body" for t in r.toks[a:b]) or any(
        w in r.lex.organisations for w in (low[0], low[-1])
    ):
        return "org"
    if (
        b - a == 1
        and r.toks[a].text.isupper()
        and len(r.toks[a].text) > 1
        or "'s" in r.toks[a].text
        or "’s" in r.toks[a].text
    ):
        return "org"
    if any(w in r.lex.organisations and w not in r.lex.units for w in low) and low[0] not in r.lex.plain:
        return "org"
    return "other"


def _employer(r: Reader, a: int, b: int) -> tuple[int, int] | None:
    """Inside 'Department of X from the Office of Y', 'X Division of the Y Secretariat': the binder's token and the
    employer's first; None where there is none."""
    first = _unit_first(r, a)
    for k in range(a + 1, b - 1):
        if r.token(k) not in ("of", "from") or r.toks[k].cap or not (first or r.token(k - 1) in r.lex.units):
            continue
        n = k + 1
        while r.token(n) == "the" and n < b - 1:
            n += 1
        if not r.toks[n].cap:
            continue
        word, last = r.token(n), _last_head(r, n, b)
        if r.token(k) == "from" or any(
            w in r.lex.organisations and w not in r.lex.units and w not in ("states", "state", "nations")
            for w in ((word,) if first else (word, last))
        ):
            return k, n
    return None


def _post(
    r: Reader, a: int, b: int, employed: bool
) -> tuple[list[tuple[int, int]], tuple[int, int] | None, Mention | None]:
    """Position ranges, employer and nation of one piece that is a post.

    employed  whether a later piece is an employer: then bodies inside this one are units
    """
    h = r.post(a)
    if (
        r.token(b - 1) == ")"
        and b - 3 > h
        and r.token(b - 3) == "("
        and r.kind(b - 2) in ("state", "body")
        and r.kind(b - 4) != "body"
    ):
        # 'National Coordinator for Drugs (Portugal)'
        return [(a, b - 3)], (b - 2, b - 1), None
    nation: Mention | None = None
    prefix: tuple[int, int] | None = None
    first = a
    if any(r.token(k) in _FORMER for k in range(a, min(h + 1, b))):
        return [(a, b)], None, None
    m = r.toks[a].mention
    if m is not None and m.start == r.toks[a].start and r.beyond(a) <= h:
        after = r.beyond(a)
        if m.kind == "state":
            prefix, first = (a, after), after
            if r.token(first) in ("s", "'s", "’s"):
                first += 1
        elif m.kind == "adjective":
            nation = m
        elif m.kind == "body":
            prefix = (a, after)
    k = h + 1
    while k < b - 1:
        word = r.token(k)
        if word not in ("of", "from", "at", "for", "in") or r.toks[k].cap or r.toks[k].mention is not None:
            k += 1
            continue
        n = k + 1
        while r.token(n) == "the" and n < b - 1 and not r.toks[n].cap:
            n += 1
        stop = _until_post(r, n, b)
        t = r.toks[n]
        m = t.mention
        starts = m is not None and m.start == t.start
        named = starts and m is not None and m.kind or ""
        realm = t.low in _REALMS and r.kind(stop - 1) == "state" and named != "body"
        if named == "state" and word == "of" and r.token(r.beyond(n)) == "to":
            # 'Permanent Representative of Tuvalu to the United Nations' stays whole
            return [(first, b)], (n, r.beyond(n)), nation
        if (named == "state" and (r.beyond(n) == stop or r.token(r.beyond(n)) in ("(", "and"))) or realm:
            if word in ("of", "from", "for") and not (word == "for" and named == "state"):
                end = stop if realm else r.beyond(n)
                return _parts(r, first, k, end, b), (n, end), nation
        elif named == "body" or t.low in r.lex.organisations or word in _EMPLOYERS:
            unit = (t.low in r.lex.units or _last_head(r, n, stop) in r.lex.units) and word not in _EMPLOYERS
            if named == "body" and t.low in _SERVICES and r.token(n + 1) == "of":
                # 'Commissioner of Police of Tonga'
                of = n + 3 if r.token(n + 2) == "the" else n + 2
                return _parts(r, first, n + 1, stop, b), (of, stop), nation
            subject = next((x for x in range(n, stop) if r.token(x) == "for"), -1)
            if named == "body" and r.token(h) == "representative" and n < subject < r.beyond(n):
                return [(first, b)], (n, subject), nation
            if named == "body" and r.token(r.beyond(n)) == "for":
                # 'High Representative of the European Union for Foreign Affairs' stays whole
                return [(first, b)], (n, r.beyond(n)), nation
            inner = _employer(r, n, stop)
            if inner is not None:
                return _parts(r, first, inner[0], stop, b), (inner[1], stop), nation
            if word in ("for", "in"):
                k += 1
                continue
            follows = r.token(n + 1)
            plain = (
                named == ""
                and t.low in _PLAIN
                or t.low in _SERVICES
                and follows == "of"
                or t.low == "union"
                and follows == "for"
            )
            # 'President of the Council of Ministers of Italy': the state follows
            tail = _state_after(r, n, stop)
            if tail is not None and (plain or t.low == "council"):
                return (
                    _parts(r, first, tail - 1 if r.token(tail - 1) == "of" else tail - 2, r.beyond(tail), b),
                    (tail, stop),
                    nation,
                )
            if plain:
                k += 1
                continue
            if not employed and (not unit or t.low in ("department", "programme", "program", "bureau")):
                return _parts(r, first, k, stop, b), (n, stop), nation
        k += 1
    if prefix is not None and not employed:
        m = r.toks[a].mention
        if m is not None and m.kind == "body":
            return [(a, b)], prefix, nation
        return [(first, b)], prefix, nation
    return [(first if prefix is not None and not employed else a, b)], None, nation


def _parts(r: Reader, first: int, k: int, after: int, b: int) -> list[tuple[int, int]]:
    """The position before its employer, and a second post after it ('... of Italy and G7 President')."""
    ranges = [(first, k)]
    if after < b and r.token(after) in ("and", "&") and r.post(after + 1) >= 0:
        ranges.append((after + 1, b))
    return ranges


def _until_post(r: Reader, n: int, b: int) -> int:
    """End of the employer that starts at token n: before 'and POST', else b."""
    for k in range(n + 1, b - 1):
        if (
            r.token(k) in ("and", "&")
            and not r.toks[k].cap
            and r.post(k + 1, strict=True) >= 0
            and r.toks[k].mention is None
            and r.token(k + 1) not in r.lex.organisations
        ):
            return k
    return b


def _last_head(r: Reader, n: int, stop: int) -> str:
    """The last word before the first 'of', 'for', 'on', 'to': the head noun of a body's name."""
    last = r.token(n)
    for k in range(n, stop):
        if r.token(k) in ("of", "for", "on", "to") and not r.toks[k].cap:
            break
        last = r.token(k)
    return last


def _state_after(r: Reader, n: int, stop: int) -> int | None:
    """Index of a state that closes the employer after 'of'."""
    for k in range(n + 1, stop):
        m = r.toks[k].mention
        if (
            m is not None
            and m.kind == "state"
            and m.start == r.toks[k].start
            and r.beyond(k) == stop
            and r.token(k - 1) in ("of", "the")
        ):
            return k
    return None
