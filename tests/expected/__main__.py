"""Write every expected answer again: `python -m tests.expected`."""

from __future__ import annotations

import tempfile
from pathlib import Path

from graph_build.source import StoreSource
from graph_build.store import open_build
from tests.expected import CASES, FOLDER
from tests.gold_facts import publish_sample
from tests.papers import river


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        publish_sample(Path(folder) / "graph")
        with open_build(Path(folder) / "graph") as build:
            graphs = {"seeds": StoreSource(build.store), "river": StoreSource(river().store())}
            for old in FOLDER.glob("*/*.csv"):
                old.unlink()
            for case in CASES:
                case.path.parent.mkdir(exist_ok=True)
                case.path.write_text(case.ask(graphs[case.graph]), encoding="utf-8")
                print(case.path.relative_to(FOLDER))


if __name__ == "__main__":
    main()
