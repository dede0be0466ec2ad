"""The wheel, installed into an empty environment, does the main job away from the source tree."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SEEDS = ROOT / "seeds"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    done = subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)],
        text=True,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    (made,) = folder.glob("*.whl")
    return made


def test_what_is_in_the_wheel(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    for needed in (
        "ontology/communique.ttl",
        "ontology/shapes.ttl",
        "ontology/reference/states.ttl",
        "queries/events.rq",
    ):
        assert f"graph_build/{needed}" in names
    source = {str(p.relative_to(ROOT)) for p in (ROOT / "graph_build").rglob("*") if p.suffix in (".py", ".toml")}
    assert source <= names
    assert not [n for n in names if n.startswith(("tests/", "seeds/", "web/", "benchmarks/")) or "node_modules" in n]
    assert any(n.endswith("licenses/LICENSE") for n in names)


def test_the_wheel_does_the_main_job(wheel: Path, tmp_path: Path) -> None:
    venv, clean = tmp_path / "venv", {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    subprocess.run([sys.executable, "-m", "venv", str(venv)], check=True)
    python = venv / "bin" / "python"
    install = [str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check"]
    subprocess.run([*install, "-c", str(ROOT / "constraints.txt"), str(wheel)], check=True, env=clean)
    command, out = str(venv / "bin" / "communique"), str(tmp_path / "graph")

    def run(*args: str) -> str:
        done = subprocess.run([command, *args], text=True, capture_output=True, cwd=tmp_path, env=clean, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    assert run("build", str(SEEDS), "--out", out).startswith("5 papers, ")
    assert "The graph conforms" in run("validate", "--graph", out)
    rows = run("query", "events", "--graph", out, "--format", "csv").splitlines()
    assert rows[0].startswith("document,event,label,status,start,end,city,country")
    assert len(rows) > 5
    where = [str(python), "-c", "import graph_build; print(graph_build.__file__)"]
    assert (
        str(venv) in subprocess.run(where, text=True, capture_output=True, cwd=tmp_path, env=clean, check=True).stdout
    )
