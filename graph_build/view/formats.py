"""A picture's nodes and edges as graph files. Every attribute goes in, typed; what a format cannot hold is said in it.

GraphML (graphml.graphdrawing.org/specification), GEXF 1.2 draft (gexf.net) with dates as Gephi's timeline reads them, DOT
(graphviz.org/doc/info/lang.html), Mermaid flowcharts, Cytoscape.js JSON, CSV of nodes and of edges, and the two sheets that
Kumu imports.
"""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from xml.sax.saxutils import escape, quoteattr

from graph_build.tables import visible
from graph_build.trace import Said
from graph_build.view.moments import first_day, last_day
from graph_build.view.picture import Edge, Node, Picture, Value

_XML = '<?xml version="1.0" encoding="UTF-8"?>\n'


def node_values(node: Node) -> dict[str, Value]:
    """All attributes of a node but its id, under the names that every format uses."""
    said = [_said(s) for s in node.said]
    return {
        "label": node.label, "kind": node.kind, "iri": node.iri, "date": node.date, "end": node.end, "place": node.place,
        "note": node.note, "focus": node.focus, "held": node.held,
        "members": json.dumps(node.members, ensure_ascii=False) if node.members else "",
        "said": json.dumps(said, ensure_ascii=False) if said else "", **dict(node.more),
    }  # fmt: skip


def edge_values(edge: Edge) -> dict[str, Value]:
    """All attributes of an edge but its ends. `said` has every sentence as JSON; the first stands by itself as well."""
    first = edge.said[0] if edge.said else Said("", "", "")
    return {
        "relation": edge.relation, "label": edge.label, "date": edge.date, "weight": edge.weight, "beside": edge.beside,
        "sentence": first.quote, "document": first.document, "paragraph": first.paragraph,
        "said": json.dumps([_said(s) for s in edge.said], ensure_ascii=False) if edge.said else "", **dict(edge.more),
    }  # fmt: skip


def _said(said: Said) -> dict[str, str]:
    return {
        "quote": said.quote,
        "document": said.document,
        "paragraph": said.paragraph,
        "date": said.date,
        "rule": said.rule,
    }


def _plain(value: Value) -> str:
    """A value as text that XML 1.0 can hold; controls are written out as `visible` does."""
    text = ("true" if value else "false") if isinstance(value, bool) else str(value)
    return "".join(
        "\ufffd" if unicodedata.category(c) == "Cs" or ord(c) & 0xFFFE == 0xFFFE else c for c in visible(text)
    )


def _typed(rows: Iterable[Mapping[str, Value]], names: Mapping[type, str]) -> dict[str, str]:
    """The type of each attribute by name: the broadest that its values need."""
    found: dict[str, type] = {}
    for row in rows:
        for name, value in row.items():
            kind = type(value)
            known = found.setdefault(name, kind)
            if known is not kind:
                found[name] = float if {known, kind} == {int, float} else str
    return {name: names[kind] for name, kind in found.items()}


def graphml(picture: Picture) -> str:
    """The graph as GraphML; edges have ids, so that several between two nodes stay apart."""
    names = {str: "string", int: "long", float: "double", bool: "boolean"}
    nodes = [(n.id, node_values(n)) for n in picture.nodes]
    edges = [(e, edge_values(e)) for e in picture.edges]
    of_nodes, of_edges = _typed((v for _, v in nodes), names), _typed((v for _, v in edges), names)
    out = [_XML, '<graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
           'xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd">\n']  # fmt: skip
    for prefix, what, types in (("n", "node", of_nodes), ("e", "edge", of_edges)):
        for name, kind in types.items():
            out.append(
                f'  <key id="{prefix}_{escape(name)}" for="{what}" attr.name={quoteattr(name)} attr.type="{kind}"/>\n'
            )
    out.append(
        f'  <graph edgedefault="{"directed" if picture.directed else "undirected"}">\n    <desc>{escape(_plain(picture.title))}</desc>\n'
    )
    for id_, values in nodes:
        out.append(f"    <node id={quoteattr(_plain(id_))}>{_graphml_data('n', values)}</node>\n")
    for number, (edge, values) in enumerate(edges):
        out.append(
            f'    <edge id="e{number}" source={quoteattr(_plain(edge.source))} target={quoteattr(_plain(edge.target))}>'
            f"{_graphml_data('e', values)}</edge>\n"
        )
    return "".join([*out, "  </graph>\n</graphml>\n"])


def _graphml_data(prefix: str, values: Mapping[str, Value]) -> str:
    return "".join(f'<data key="{prefix}_{escape(k)}">{escape(_plain(v))}</data>' for k, v in values.items())


def gexf(picture: Picture) -> str:
    """The graph as GEXF. What is known to the year only spans the year; what has no date is always there."""
    names = {str: "string", int: "integer", float: "double", bool: "boolean"}
    nodes = [(n, _gexf_names(node_values(n))) for n in picture.nodes]
    edges = [(e, _gexf_names(edge_values(e))) for e in picture.edges]
    of_nodes, of_edges = _typed((v for _, v in nodes), names), _typed((v for _, v in edges), names)
    kind = "directed" if picture.directed else "undirected"
    out = [_XML, '<gexf xmlns="http://www.gexf.net/1.2draft" version="1.2">\n  <meta>\n    <creator>communique</creator>\n'
           f"    <description>{escape(_plain(picture.title))}</description>\n  </meta>\n"
           f'  <graph defaultedgetype="{kind}" mode="dynamic" timeformat="date">\n']  # fmt: skip
    for what, types in (("node", of_nodes), ("edge", of_edges)):
        out.append(f'    <attributes class="{what}" mode="static">\n')
        out += [f'      <attribute id={quoteattr(k)} title={quoteattr(k)} type="{t}"/>\n' for k, t in types.items()]
        out.append("    </attributes>\n")
    out.append("    <nodes>\n")
    for node, values in nodes:
        out.append(
            f"      <node id={quoteattr(_plain(node.id))} label={quoteattr(_plain(node.label))}{_span(node.date, node.end)}>{_gexf_data(values)}</node>\n"
        )
    out.append("    </nodes>\n    <edges>\n")
    for number, (edge, values) in enumerate(edges):
        out.append(
            f'      <edge id="{number}" source={quoteattr(_plain(edge.source))} target={quoteattr(_plain(edge.target))} '
            f'label={quoteattr(_plain(edge.label))} weight="{float(edge.weight)}"{_span(edge.date, "")}>{_gexf_data(values)}</edge>\n'
        )
    return "".join([*out, "    </edges>\n  </graph>\n</gexf>\n"])


def _gexf_names(values: Mapping[str, Value]) -> dict[str, Value]:
    # 'end' is GEXF's own, for the last day that Gephi's timeline shows; ours may be known to the year only.
    return {"until" if k == "end" else k: v for k, v in values.items()}


def _span(start: str, end: str) -> str:
    first, last = first_day(start), last_day(end or start)
    if first is None:
        return ""
    last = max(first, last) if last is not None else first
    return f' start="{date.fromordinal(first).isoformat()}" end="{date.fromordinal(last).isoformat()}"'


def _gexf_data(values: Mapping[str, Value]) -> str:
    return (
        "<attvalues>"
        + "".join(f"<attvalue for={quoteattr(k)} value={quoteattr(_plain(v))}/>" for k, v in values.items())
        + "</attvalues>"
    )


def dot(picture: Picture) -> str:
    """The graph in Graphviz's language; further attributes stand under their own names, which Graphviz passes over."""
    arrow = "->" if picture.directed else "--"
    out = [
        f"{'digraph' if picture.directed else 'graph'} {_dot(picture.title)} {{\n  rankdir=LR;\n  node [shape=box, fontname=Arial];\n  edge [fontname=Arial];\n"
    ]
    for node in picture.nodes:
        style = "dashed" if not node.held or node.kind == "Gap" else "solid"
        out.append(f"  {_dot(node.id)} [{_dot_data({**node_values(node), 'style': style, 'URL': node.iri})}];\n")
    for edge in picture.edges:
        style = "dashed" if edge.relation == "noFollowUp" else "dotted" if edge.beside else "solid"
        tip = edge.said[0].quote if edge.said else edge.label
        out.append(
            f"  {_dot(edge.source)} {arrow} {_dot(edge.target)} [{_dot_data({**edge_values(edge), 'style': style, 'tooltip': tip})}];\n"
        )
    return "".join([*out, "}\n"])


def _dot(text: str) -> str:
    # In a quoted string only the quote is escaped, but a backslash at its end would take that away; labels read "\\".
    return '"' + _plain(text).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", " ") + '"'


def _dot_data(values: Mapping[str, Value]) -> str:
    return ", ".join(f"{k if k.isidentifier() else _dot(k)}={_dot(_plain(v))}" for k, v in values.items() if v != "")


def mermaid(picture: Picture) -> str:
    """The graph as a Mermaid flowchart. It has no place for attributes: the sentences stand in comments."""
    names = {node.id: f"n{i}" for i, node in enumerate(picture.nodes)}
    shapes = {"Meeting": ("([", "])"), "Body": ("{{", "}}"), "Organisation": ("{{", "}}"), "Gap": ("((", "))")}
    out = [f"%% {_one_line(picture.title)}\n", f"%% {_one_line(picture.summary)}\n", "flowchart LR\n"]
    for node in picture.nodes:
        left, right = shapes.get(node.kind, ("[", "]"))
        words = " · ".join(x for x in (node.label, node.date, node.note if node.kind == "Gap" else "") if x)
        out.append(f'  {names[node.id]}{left}"{_mermaid(words)}"{right}\n')
        rest = {k: v for k, v in node_values(node).items() if v not in ("", False) and k not in ("label", "date")}
        out.append(f"  %% {names[node.id]}: {_one_line(node.id)} {_one_line(json.dumps(rest, ensure_ascii=False))}\n")
        if node.iri.startswith(("http://", "https://")):
            out.append(f'  click {names[node.id]} href "{_mermaid(node.iri)}"\n')
    for edge in picture.edges:
        line = ("-.->" if edge.relation == "noFollowUp" or edge.beside else "-->") if picture.directed else "---"
        label = f'|"{_mermaid(edge.label)}"|' if edge.label else ""
        out.append(f"  {names[edge.source]} {line}{label} {names[edge.target]}\n")
        rest = {k: v for k, v in edge_values(edge).items() if v not in ("", False)}
        out.append(
            f"  %% {names[edge.source]} to {names[edge.target]}: {_one_line(json.dumps(rest, ensure_ascii=False))}\n"
        )
    dashed = [names[n.id] for n in picture.nodes if not n.held or n.kind == "Gap"]
    if dashed:
        out.append(f"  classDef missing stroke-dasharray: 5 4\n  class {','.join(dashed)} missing\n")
    return "".join(out)


def _one_line(text: str) -> str:
    return (
        " ".join(_plain(text).split()).replace("{", "(").replace("}", ")")
        if "%%{" in text
        else " ".join(_plain(text).split())
    )


def _mermaid(text: str) -> str:
    """Text within quotes: Mermaid reads `#quot;` and other entities, and takes markup for markup."""
    return "".join(f"#{ord(c)};" if c in '"<>&#`\\' else c for c in " ".join(_plain(text).split()))


def cytoscape(picture: Picture) -> str:
    """The elements as Cytoscape.js takes them."""
    nodes = [{"data": {"id": n.id, **node_values(n)}} for n in picture.nodes]
    edges = [
        {"data": {"id": f"e{i}", "source": e.source, "target": e.target, **edge_values(e)}}
        for i, e in enumerate(picture.edges)
    ]
    body = {
        "data": {"name": picture.title, "summary": picture.summary, "directed": picture.directed},
        "elements": {"nodes": nodes, "edges": edges},
    }
    return json.dumps(body, ensure_ascii=False, indent=1) + "\n"


def _sheet(columns: Sequence[str], rows: Iterable[Sequence[Value]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_plain(v) if isinstance(v, bool) else v for v in row] for row in rows)
    return out.getvalue()


def nodes_csv(picture: Picture) -> str:
    """The nodes, one row each."""
    rows = [{"id": n.id, **node_values(n)} for n in picture.nodes]
    return _rows(rows, ["id", *node_values(Node("", "", ""))])


def edges_csv(picture: Picture) -> str:
    """The edges, one row each."""
    rows: list[dict[str, Value]] = [{"source": e.source, "target": e.target, **edge_values(e)} for e in picture.edges]
    return _rows(rows, ["source", "target", *edge_values(Edge("", "", ""))])


def _rows(rows: Sequence[Mapping[str, Value]], least: Sequence[str]) -> str:
    columns = list(dict.fromkeys([*least, *(k for row in rows for k in row)]))
    return _sheet(columns, ([row.get(c, "") for c in columns] for row in rows))


def kumu_elements(picture: Picture) -> str:
    """Kumu's sheet of elements (docs.kumu.io, "Import"): an element is known by its label, so each has its own."""
    labels = kumu_labels(picture)
    skip = ("label", "kind", "note")
    extra = list(dict.fromkeys(k for n in picture.nodes for k in node_values(n) if k not in skip))
    rows = []
    for node in picture.nodes:
        values = node_values(node)
        rows.append([labels[node.id], node.kind, node.note, node.id, *(values.get(k, "") for k in extra)])
    return _sheet(["Label", "Type", "Description", "Id", *(k.capitalize() for k in extra)], rows)


def kumu_connections(picture: Picture) -> str:
    """Kumu's sheet of connections."""
    labels = kumu_labels(picture)
    skip = ("label", "relation", "sentence")
    extra = list(dict.fromkeys(k for e in picture.edges for k in edge_values(e) if k not in skip))
    way = "directed" if picture.directed else "undirected"
    rows = []
    for edge in picture.edges:
        values = edge_values(edge)
        rows.append(
            [
                labels[edge.source],
                labels[edge.target],
                edge.relation,
                way,
                edge.label,
                edge.said[0].quote if edge.said else "",
                *(values.get(k, "") for k in extra),
            ]
        )
    return _sheet(["From", "To", "Type", "Direction", "Label", "Description", *(k.capitalize() for k in extra)], rows)


def kumu_labels(picture: Picture) -> dict[str, str]:
    """A label for each node that no other has: its id is added where two share one."""
    count = Counter(node.label for node in picture.nodes)
    return {node.id: node.label if count[node.label] == 1 else f"{node.label} [{node.id}]" for node in picture.nodes}
