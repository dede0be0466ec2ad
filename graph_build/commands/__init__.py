"""The commands, a module each. The table names them with their one-line help, so that `--help` imports none of them."""

from __future__ import annotations

COMMANDS: dict[str, tuple[str, str]] = {
    "accounts": (
        "graph_build.commands.readings:accounts",
        "Compare what two papers say of one meeting, with sentences.",
    ),
    "build": ("graph_build.commands.build:build", "Read papers and publish a validated graph of what they say."),
    "counts": ("graph_build.commands.readings:counts", "Hold every stated number against the lists of the papers."),
    "diff": ("graph_build.commands.diff:diff", "Facts gained and lost between two builds, with their sentences."),
    "evaluate": ("graph_build.commands.evaluate:evaluate", "Score a build of papers against what readers wrote down."),
    "explain": ("graph_build.commands.explain:explain", "Show everything said of a thing, with sentences and rules."),
    "export": ("graph_build.commands.export:export", "Write the graph in another format, or its tables as CSV."),
    "followup": ("graph_build.commands.readings:followup", "Show what later papers say of each commitment."),
    "judge": ("graph_build.commands.judge:judge", "Say what is the same, different, wrong, missing or better named."),
    "language": (
        "graph_build.commands.readings:language",
        "Show which passages stand again, who says them, what changed.",
    ),
    "missing": ("graph_build.commands.readings:missing", "List the papers that are cited or quoted and not held."),
    "quality": ("graph_build.commands.quality:quality", "Report what to look at before trusting a graph."),
    "query": ("graph_build.commands.query:query", "Ask the graph a named question, or run a query of your own."),
    "remove": ("graph_build.commands.build:remove", "Take papers out of a graph's corpus and build it again."),
    "serve": (
        "graph_build.commands.serve:serve",
        "Open the graph in the browser: pages, SPARQL endpoint, linked data.",
    ),
    "status": ("graph_build.commands.status:status", "What is in the graph, what changed since, what failed."),
    "trace": ("graph_build.commands.trace:trace", "Show what led to a thing and what came of it, hop by hop."),
    "validate": ("graph_build.commands.validate:validate", "Check a graph against its shapes, with the sentences."),
    "view": ("graph_build.commands.view:view", "Draw lineage, timeline, attendance, network or commitments."),
}
"""Command name to `module:attribute` and help, in alphabetical order."""
