from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from graph_build.commands import COMMANDS
from graph_build.store import open_build, pointer
from tests.test_pipeline import paper

ROOT = Path(__file__).resolve().parent.parent
SEEDS = ROOT / "seeds"
COMMAND = [sys.executable, "-c", "from graph_build.cli import main; main()"]


def run(*args: object, code: int = 0, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [*COMMAND, *map(str, args)],
        cwd=ROOT,
        text=True,
        capture_output=True,
        env={**os.environ, **(env or {})},
        check=False,
    )
    assert done.returncode == code, f"{done.stdout}\n{done.stderr}"
    assert "Traceback" not in done.stderr
    return done


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "graph"


@pytest.fixture
def one(tmp_path: Path) -> Path:
    (tmp_path / "one.txt").write_text(paper("Regional Workshop on Fisheries"))
    return tmp_path / "one.txt"


def test_help_names_every_command_and_imports_none() -> None:
    code = (
        "import sys; sys.argv = ['communique', '--help']\n"
        "from graph_build.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "heavy = {'pyoxigraph', 'rdflib', 'rich', 'networkx', 'msgspec', 'graph_build.pipeline', 'graph_build.store'}\n"
        "print('loaded:', sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, text=True, capture_output=True, check=True)
    assert "loaded: []" in done.stdout
    for name, (_, line) in COMMANDS.items():
        assert name in done.stdout
        assert line.split()[0] in done.stdout


def test_help_is_there_at_once() -> None:
    times = []
    for _ in range(5):
        start = time.perf_counter()
        run("--help")
        times.append(time.perf_counter() - start)
    assert min(times) < 0.3


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_of_the_table_exists_with_the_help_that_the_table_gives(name: str) -> None:
    shown = run(name, "--help").stdout
    assert "Usage: " in shown
    module, _, attribute = COMMANDS[name][0].partition(":")
    command = getattr(__import__(module, fromlist=[attribute]), attribute)
    assert (command.help or "").strip()


def test_build_of_the_seeds_is_quiet_in_a_pipe(out: Path) -> None:
    done = run("build", SEEDS, "--out", out)
    assert done.stderr == ""
    assert done.stdout.startswith("5 papers, ")
    assert done.stdout.count("\n") == 1
    with open_build(out) as build:
        assert len(build.manifest.documents) == 5
        assert all(d.facts for d in build.manifest.documents)
    again = run("build", SEEDS, "--out", out, "--quiet")
    assert (again.stdout, again.stderr) == ("", "")


def test_progress_is_shown_on_a_terminal(out: Path, one: Path) -> None:
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [*COMMAND, "build", str(one), "--out", str(out)], cwd=ROOT, stderr=theirs, stdout=subprocess.PIPE
    )
    process.communicate(timeout=60)
    os.close(theirs)
    assert process.returncode == 0
    shown = os.read(ours, 100_000).decode(errors="replace")
    os.close(ours)
    assert "reading" in shown


def test_exit_1_when_something_is_left_out(out: Path, one: Path) -> None:
    (one.parent / "empty.txt").write_text("")
    done = run("build", one, one.parent / "empty.txt", "--out", out, code=1)
    assert "not read: empty.txt: the file is empty" in done.stderr
    assert "1 paper, " in done.stdout


NOTHING = [
    (["build"], "name files or folders"),
    (["build", "/nothing/here"], "/nothing/here: the source does not exist"),
    (["build", str(SEEDS), "--base", "nonsense"], "is no base"),
    (["build", str(SEEDS), "--judgements", "/nothing"], "judgements"),
    (["status"], "there is no graph here"),
    (["validate"], "there is no graph here"),
    (["remove", "x.txt"], "there is no graph here"),
    (["nonsense"], "No such command"),
]


@pytest.mark.parametrize(("args", "message"), NOTHING)
def test_exit_2_when_there_is_nothing_to_do(out: Path, args: list[str], message: str) -> None:
    where = [] if args in (["build"], ["nonsense"]) else ["--graph" if args == ["validate"] else "--out", out]
    done = run(*args, *where, code=2)
    assert message in done.stderr
    assert not (out / "current.json").exists()


def test_add_remove_status_validate(out: Path, one: Path) -> None:
    run("build", one, "--out", out)
    assert "6 papers (1 of them known from before)" in run("build", SEEDS, "--add", "--out", out).stdout
    shown = run("status", "--out", out).stdout
    assert "6 papers" in shown
    assert "  one.txt  " in shown
    assert "5 papers" in run("remove", "one.txt", "--out", out).stdout
    assert "x one.txt  taken out" in run("status", "--out", out).stdout
    data = json.loads(run("status", "--out", out, "--format", "json").stdout)
    assert [p["key"] for p in data["papers"]] == sorted(p.name for p in SEEDS.glob("*.txt"))
    assert "The graph conforms" in run("validate", "--graph", out).stdout
    assert set(json.loads(run("validate", "--graph", out, "--format", "json").stdout)) == {"left_out", "warnings"}


def test_a_paper_that_changed_shows_in_the_status(out: Path, one: Path) -> None:
    run("build", one, "--out", out)
    one.write_text(paper("Regional Workshop on Ports"))
    shown = run("status", "--out", out).stdout
    assert "~ one.txt" in shown
    assert f"communique build --add --out {out}" in shown


def test_ctrl_c_says_that_the_former_graph_is_in_use(out: Path, one: Path) -> None:
    run("build", one, "--out", out)
    before = pointer(out)
    code = (
        "import time, graph_build.pipeline.workers as w, graph_build.pipeline as p\n"
        "def slow(path, key): print('reading', flush=True); time.sleep(60)\n"
        "p.build.__kwdefaults__['reader'] = slow\n"
        "from graph_build.cli import main; main()"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, "build", str(one), "--out", str(out)],
        cwd=ROOT,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout
    assert process.stdout.readline() == "reading\n"
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "interrupted; a graph that was published before is still in use" in errors
    assert pointer(out) == before


def test_a_mistake_of_our_own_has_its_own_exit_code(out: Path, one: Path) -> None:
    code = (
        "import graph_build.pipeline as p\n"
        "def broken(*a, **k): raise ZeroDivisionError('oops')\n"
        "p.build = broken\n"
        "from graph_build.cli import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "build", str(one)], cwd=ROOT, text=True, capture_output=True, check=False
    )
    assert done.returncode == 3
    assert "a mistake in communique itself: ZeroDivisionError: oops" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_reader_that_goes_away_is_no_error(out: Path) -> None:
    run("build", SEEDS, "--out", out)
    shell = f"{sys.executable} -c 'from graph_build.cli import main; main()' status --out {out} | head -1; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", shell], cwd=ROOT, text=True, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
