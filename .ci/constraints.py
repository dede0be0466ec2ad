"""Prints the exact versions, in this environment, of all that the package and its tests need."""

from __future__ import annotations

import re
from importlib.metadata import PackageNotFoundError, distribution


def needed(name: str, extras: tuple[str, ...] = ()) -> dict[str, str]:
    """Normalised name to version, of what a distribution requires, all the way down."""
    found: dict[str, str] = {}
    todo = [(name, extras)]
    seen = set()
    while todo:
        at, wanted = todo.pop()
        if (at, wanted) in seen:
            continue
        seen.add((at, wanted))
        try:
            dist = distribution(at)
        except PackageNotFoundError:
            continue
        found[re.sub(r"[-_.]+", "-", dist.metadata["Name"]).lower()] = dist.version
        for requirement in dist.requires or ():
            bare, _, marker = requirement.partition(";")
            extra = re.search(r"extra\s*==\s*['\"]([^'\"]+)", marker)
            if extra is None or extra.group(1) in wanted:
                match = re.match(r"\s*([\w.-]+)(?:\[([^\]]*)\])?", bare)
                if match:
                    more = tuple(sorted(part.strip() for part in (match.group(2) or "").split(",") if part.strip()))
                    todo.append((match.group(1), more))
    found.pop(re.sub(r"[-_.]+", "-", name).lower(), None)
    return found


if __name__ == "__main__":
    print("# The versions that the tests run with; `make constraints` writes this file.")
    for package, version in sorted(needed("communique", ("fast", "test")).items()):
        print(f"{package}=={version}")
