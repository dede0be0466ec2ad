"""A trace as a person reads it in a terminal: a tree of steps, each with its sentence, its paper and its paragraph."""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Sequence

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.text import Text
from rich.tree import Tree

from graph_build.find import Found
from graph_build.tables import visible
from graph_build.trace import Direction, Hop, Said, Trace

FORWARD = {
    "establishes": "established",
    "adopts": "adopted",
    "prepares": "prepared",
    "consideredAt": "had its outcomes considered at",
    "incorporatedInto": "had its outcomes incorporated into",
    "deliversOn": "was delivered on by",
    "reviews": "was reviewed by",
    "heldBy": "held",
    "madeAt": "there was made",
}
"""How a relation is said of the earlier thing, before the later one."""
BACK = {
    "establishes": "was established by",
    "adopts": "was adopted by",
    "prepares": "was prepared by",
    "consideredAt": "considered the outcomes of",
    "incorporatedInto": "took in the outcomes of",
    "deliversOn": "delivered on",
    "reviews": "reviewed",
    "heldBy": "was held by",
    "madeAt": "was made at",
}
"""How a relation is said of the later thing, before the earlier one."""
BESIDE = {"heldBy": "held by", "partOf": "part of", "follows": "after", "refersTo": "refers to"}
SHOWN = 3
"""Sentences shown for one hop; the number of further ones is said."""
BESIDES = 6
"""Links shown beside a trace."""
_MONTHS = "January February March April May June July August September October November December".split()


def day(date: str) -> str:
    """'2015-03-25' as '25 March 2015', '2015-03' as 'March 2015'; anything else as it is."""
    parts = date.split("-")
    if not all(p.isdecimal() for p in parts) or not 2 <= len(parts) <= 3 or not 1 <= int(parts[1]) <= 12:
        return date
    words = [str(int(parts[2]))] if len(parts) == 3 else []
    return " ".join([*words, _MONTHS[int(parts[1]) - 1], parts[0]])


def days(start: str, end: str) -> str:
    """A span of dates as short as it can be said: '25-26 March 2015', '31 March - 1 April 2015', '2015-2017'."""
    if not start or not end or start == end:
        return day(start or end)
    first, last = start.split("-"), end.split("-")
    if len(first) == len(last) == 3 and first[:2] == last[:2]:
        return f"{int(first[2])}-{day(end)}"
    if len(first) == len(last) == 3 and first[0] == last[0]:
        return f"{day(start).rsplit(' ', 1)[0]} - {day(end)}"
    return f"{start}-{end}" if len(first) == len(last) == 1 else f"{day(start)} - {day(end)}"


def as_text(trace: Trace, width: int = 100, color: bool = False, rules: bool = False) -> str:
    """The trace for a terminal of `width` characters; `color` with ANSI styles; `rules` names the rule of each sentence."""
    out = io.StringIO()
    console = Console(
        file=out, width=max(40, width), force_terminal=color, color_system="standard" if color else None,
        legacy_windows=False, highlight=False,
    )  # fmt: skip
    console.print(Text.assemble(("Lineage of ", "bold"), _name(trace.focus)))
    if trace.target:
        console.print(Text.assemble(("to ", "bold"), _name(trace.target)))
    console.print(Text(trace.focus.id, style="dim"))
    if trace.back or trace.more_back:
        console.print("\n", Text("What led to it", style="bold underline"), sep="")
        console.print(_tree(trace, trace.back, "back", rules))
        _more(console, trace.more_back)
    if not trace.target or trace.forward:
        console.print("\n", Text("What came of it", style="bold underline"), sep="")
    if trace.target and not trace.forward:
        console.print("\nNothing that the papers here say leads from the one to the other.")
    elif trace.forward:
        console.print(_tree(trace, trace.forward, "forward", rules))
    else:
        for gap in trace.gaps:
            console.print(Text(f"○ {gap}", style="yellow"))
    _more(console, trace.more_forward)
    if trace.silent and trace.focus.kind == "Meeting" and not trace.target:
        some = "commitment was" if trace.silent == 1 else "commitments were"
        console.print(
            Text(f"\n{trace.silent} {'more ' if trace.forward else ''}{some} made there of which nothing further is stated: query no-follow-up", style="yellow")
        )  # fmt: skip
    if trace.beside:
        console.print(
            "\n", Text("Beside it (tied to it, leading to nothing by itself)", style="bold underline"), sep=""
        )
        for hop in trace.beside[:BESIDES]:
            console.print(_beside(trace.focus, hop))
        _more(console, max(0, len(trace.beside) - BESIDES))
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"


def _more(console: Console, number: int) -> None:
    if number:
        console.print(Text(f"… and {number} more further on; see them with --steps or --all", style="dim"))


def _name(thing: Found) -> Text:
    label = visible(thing.label)
    if thing.kind in ("Directive", "Decision", "Pledge", "Recommendation"):
        label = f"the {thing.kind.lower()} “{label}”"
    when = "" if thing.kind == "Instrument" else days(thing.date, thing.end)
    more = ", ".join(x for x in (when, visible(thing.place)) if x)
    return Text.assemble((label, "bold"), (f"  {more}" if more else "", "green"))


def _tree(trace: Trace, hops: Sequence[Hop], way: Direction, rules: bool) -> Tree:
    """Each thing once, below the last of the things that lead to it; the other ways to it are named with it."""
    near = {h: (h.earlier if way == "forward" else h.later) for h in hops}
    far = {h: (h.later if way == "forward" else h.earlier) for h in hops}
    depth = _depths(trace.focus.iri, [(near[h].iri, far[h].iri) for h in hops])
    ways: defaultdict[str, list[Hop]] = defaultdict(list)
    for hop in hops:
        ways[far[hop].iri].append(hop)
    below: defaultdict[str, list[list[Hop]]] = defaultdict(list)
    for end, group in ways.items():
        if end == trace.focus.iri:
            continue
        # What comes after a thing in a circle cannot stand above it.
        group.sort(key=lambda h: (depth[near[h].iri] >= depth[end], -depth[near[h].iri]))
        below[near[group[0]].iri].append(group)
    gaps = {gap.thing.iri: gap for gap in trace.gaps} if way == "forward" else {}
    tree = Tree(_name(trace.focus), guide_style="dim")
    seen: set[tuple[str, str]] = set()

    def grow(branch: Tree, iri: str) -> None:
        for group in below[iri]:
            reached = far[group[0]]
            parts: list[RenderableType] = [
                Text.assemble((_phrase(group[0], way), "cyan"), " ", _name(reached)),
                *_sentences(group[0].said, rules),
            ]
            seen.update((s.document, s.quote) for s in group[0].said)
            for other in group[1:]:
                parts.append(_also(other, seen, near[other], way, rules))
                seen.update((s.document, s.quote) for s in other.said)
            if reached.iri in gaps:
                parts.append(Padding(Text(f"○ {gaps[reached.iri]}", style="yellow"), (0, 0, 0, 2)))
            grow(branch.add(Group(*parts)), reached.iri)

    grow(tree, trace.focus.iri)
    return tree


def _phrase(hop: Hop, way: Direction) -> str:
    return (FORWARD if way == "forward" else BACK).get(hop.relation, hop.relation)


def _depths(root: str, edges: Sequence[tuple[str, str]]) -> dict[str, int]:
    """The longest way from the root to each node; edges that close a circle are left out of it."""
    after: defaultdict[str, list[str]] = defaultdict(list)
    for a, b in edges:
        after[a].append(b)
    order: list[str] = []
    forward: list[tuple[str, str]] = []
    state = {root: 1}
    stack = [(root, iter(after[root]))]
    while stack:
        node, rest = stack[-1]
        following = next((b for b in rest if state.get(b) != 1), None)
        if following is None:
            state[node] = 2
            order.append(node)
            stack.pop()
            continue
        forward.append((node, following))
        if following not in state:
            state[following] = 1
            stack.append((following, iter(after[following])))
    depth = dict.fromkeys(order, 0)
    place = {node: n for n, node in enumerate(reversed(order))}
    for a, b in sorted(forward, key=lambda edge: place[edge[0]]):
        depth[b] = max(depth[b], depth[a] + 1)
    return depth


def _sentences(said: Sequence[Said], rules: bool) -> list[RenderableType]:
    parts: list[RenderableType] = []
    for s in said[:SHOWN]:
        parts.append(
            Padding(Text(f"“{visible(s.quote)}”" if s.quote else "(no sentence)", style="italic"), (0, 0, 0, 2))
        )
        parts.append(Padding(Text(_where(s, rules), style="dim"), (0, 0, 0, 2)))
    if len(said) > SHOWN:
        parts.append(Padding(Text(f"… and {len(said) - SHOWN} more sentences", style="dim"), (0, 0, 0, 2)))
    return parts


def _where(said: Said, rules: bool) -> str:
    where = f"— {visible(said.document)}"
    if said.paragraph:
        where += f", paragraph {visible(said.paragraph)}"
    if rules and said.rule:
        where += f" · {said.known or 'stated'} by rule {said.rule}"
    return where


def _also(hop: Hop, seen: set[tuple[str, str]], start: Found, way: Direction, rules: bool) -> RenderableType:
    label = visible(start.label)
    short = label if len(label) <= 60 else label[:60].rsplit(" ", 1)[0] + " …"
    line = Text.assemble(("also: ", "cyan"), short, " ", (_phrase(hop, way), "cyan"), " it")
    fresh = [s for s in hop.said if (s.document, s.quote) not in seen]
    above = sorted({_where(s, False)[2:] for s in hop.said if (s.document, s.quote) in seen})
    parts: list[RenderableType] = [line, *_sentences(fresh, rules)]
    if above:
        parts.append(Padding(Text(f"— as the sentence above says: {'; '.join(above)}", style="dim"), (0, 0, 0, 2)))
    return Padding(Group(*parts), (0, 0, 0, 2))


def _beside(focus: Found, hop: Hop) -> RenderableType:
    phrase = BESIDE[hop.relation]
    if hop.earlier.iri == focus.iri:
        line = Text.assemble((phrase, "cyan"), " ", _name(hop.later))
    else:
        line = Text.assemble(_name(hop.earlier), " ", ({"held by": "was held by it", "part of": "was part of it", "after": "came after it", "refers to": "refers to it"}[phrase], "cyan"))  # fmt: skip
    where = _where(hop.said[0], False) if hop.said else ""
    return Padding(
        Group(Text("· ", end="").append_text(line), Padding(Text(where, style="dim"), (0, 0, 0, 2))), (0, 0, 0, 1)
    )
