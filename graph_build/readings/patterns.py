"""Kinds of wording as data: `NAME.toml` beside this file, patterns with examples that match and counterexamples that do not."""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from importlib import resources

from graph_build.errors import RuleError


def kinds_of(text: str, where: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """The kinds of a TOML text, each with its pattern, searched in any case; RuleError where a key or an example fails."""
    found = []
    for row in tomllib.loads(text)["kind"]:
        at = f"{where} [{row.get('id', '?')}]"
        if row.keys() != {"id", "pattern", "examples", "counterexamples"} or not row["examples"]:
            raise RuleError("a kind has id, pattern, examples and counterexamples", at)
        pattern = re.compile(row["pattern"], re.I)
        if bad := [e for e in row["examples"] if not pattern.search(e)]:
            raise RuleError(f"the example does not match: {bad[0]}", at)
        if bad := [e for e in row["counterexamples"] if pattern.search(e)]:
            raise RuleError(f"the counterexample matches: {bad[0]}", at)
        found.append((row["id"], pattern))
    return tuple(found)


@lru_cache
def kinds(name: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """The kinds of `NAME.toml`, in its order."""
    return kinds_of(resources.files(__package__).joinpath(f"{name}.toml").read_text("utf-8"), f"{name}.toml")


def kind_of(name: str, text: str) -> str:
    """The first kind of `NAME.toml` that the words of a text have, or ''."""
    return next((kind for kind, pattern in kinds(name) if pattern.search(text)), "")
