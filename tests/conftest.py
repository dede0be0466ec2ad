"""Fixtures that several test modules share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from graph_build.store import Build, open_build
from tests.gold_facts import publish_sample


@pytest.fixture(scope="session")
def sample_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An output folder with a graph of the seeds' gold facts; not to be written to."""
    out = tmp_path_factory.mktemp("sample") / "graph"
    publish_sample(out)
    return out


@pytest.fixture(scope="session")
def sample(sample_folder: Path) -> Iterator[Build]:
    """The build of the seeds' gold facts."""
    with open_build(sample_folder) as build:
        yield build
