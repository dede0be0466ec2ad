"""Reads the papers that meetings leave behind and builds an evidenced knowledge graph of what they say.

For a notebook: `build("papers", out="graph")`, then `open_graph("graph")`, which answers `.query(...)` and `.trace(...)`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from graph_build.notebook import Graph, open_graph
    from graph_build.pipeline import build

__all__ = ["Graph", "build", "open_graph"]

_HOME = {"Graph": "graph_build.notebook", "build": "graph_build.pipeline", "open_graph": "graph_build.notebook"}


def __getattr__(name: str) -> object:
    # Imported when asked for: the command line would pay for a notebook's parts with its start-up time.
    if name in _HOME:
        return getattr(import_module(_HOME[name]), name)
    raise AttributeError(f"module 'graph_build' has no attribute {name!r}")
