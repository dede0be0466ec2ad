"""What is known of a paper beside the paper: NAME.meta.toml next to it, or a row of documents.csv in its folder.

Both hold the same fields. `outcome.pdf.meta.toml` or `outcome.meta.toml`:

    date      = 2015-03-26            # or "2015-03" or "2015"
    publisher = "Bali Process"
    series    = "Co-chairs' summaries"
    address   = "https://www.example.org/outcome"
    licence   = "CC-BY-4.0"
    language  = "en"
    title     = "Regional Symposium, Summary"

`documents.csv` has a column `file` and columns named as the fields; an empty cell says nothing.
"""

from __future__ import annotations

import csv
import io
import re
import tomllib
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path

from graph_build.errors import InputError

FIELDS = ("date", "publisher", "series", "address", "licence", "language", "title")
ENDING = ".meta.toml"
TABLE = "documents.csv"
LARGEST = 8 * 1024 * 1024
"""Largest file of such data, in bytes."""
Pairs = tuple[tuple[str, str], ...]

_DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")


def is_beside(name: str) -> bool:
    """Whether a file of this name tells of papers and is none itself."""
    return name == TABLE or name.endswith(ENDING)


def beside(path: Path) -> Pairs:
    """What the files beside a paper say of it, in the order of FIELDS; () where there are none.

    Raises InputError naming file, line and field where such a file is broken or contradicts another.
    """
    said: dict[str, tuple[str, str]] = {}
    for where, pairs in _sources(path):
        for field, value in pairs:
            before = said.get(field)
            if before and before[0] != value:
                raise InputError(
                    f"{field} is {value!r} here and {before[0]!r} in {before[1]}", where, "correct one, or take one out"
                )
            said[field] = (value, where)
    return tuple((field, said[field][0]) for field in FIELDS if field in said)


def _sources(path: Path) -> list[tuple[str, Pairs]]:
    found = []
    for name in dict.fromkeys((path.name + ENDING, path.stem + ENDING)):
        sidecar = path.with_name(name)
        if sidecar.is_file():
            found.append((name, read_sidecar(sidecar)))
    table = path.with_name(TABLE)
    if table.is_file():
        stat = table.stat()
        rows = _table(table, stat.st_mtime_ns, stat.st_size)
        if path.name in rows:
            found.append((TABLE, rows[path.name]))
    return found


def read_sidecar(path: Path) -> Pairs:
    """The fields of a NAME.meta.toml; InputError where it is no TOML or a field is wrong."""
    text = _loaded(path)
    try:
        values = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as problem:
        raise InputError(
            f"the file is no TOML: {problem}", path.name, 'write lines like: date = "2015-03-26"'
        ) from problem
    lines = {m[1]: text.count("\n", 0, m.start()) + 1 for m in re.finditer(r"(?m)^\s*\"?([\w-]+)\"?\s*=", text)}
    given = {}
    for field, value in values.items():
        where = f"{path.name}:{lines.get(field, 1)}"
        if field in FIELDS and not isinstance(value, str | date | int) or isinstance(value, bool):
            raise InputError(f"{field} must be text", where, f'write {field} = "..."')
        given[field] = (str(value)[:10] if isinstance(value, date) else str(value), where)
    return _checked(given)


@lru_cache(maxsize=64)
def _table(path: Path, changed: int, size: int) -> Mapping[str, Pairs]:
    """The rows of a documents.csv by file; `changed` and `size` tell one state of the file from another."""
    return read_table(path)


def read_table(path: Path) -> Mapping[str, Pairs]:
    """What a documents.csv says of each file; InputError for unknown columns, rows without a file, wrong fields."""
    text = _loaded(path)
    lines = text.splitlines() or [""]
    mark = max(",;\t", key=lines[0].count)
    reader = csv.reader(io.StringIO(text), delimiter=mark)
    found: dict[str, Pairs] = {}
    seen: dict[str, int] = {}
    try:
        header = [name.strip().lower() for name in next(reader, [])]
        if "file" not in header:
            raise InputError(
                "there is no column 'file'", f"{path.name}:1", f"the columns are: file, {', '.join(FIELDS)}"
            )
        for name in header:
            if name not in (*FIELDS, "file"):
                raise InputError(
                    f"unknown column {name!r}", f"{path.name}:1", f"the columns are: file, {', '.join(FIELDS)}"
                )
        if len(set(header)) < len(header):
            raise InputError("a column stands twice", f"{path.name}:1", "take one of them out")
        for row in reader:
            where = f"{path.name}:{reader.line_num}"
            if not any(cell.strip() for cell in row):
                continue
            if len(row) > len(header):
                raise InputError("the row has more cells than the header", where, "quote cells that hold commas")
            cells = dict(zip(header, (cell.strip() for cell in row), strict=False))
            file = cells.pop("file", "")
            if not file:
                raise InputError("the row names no file", where, "write the paper's file name in the column 'file'")
            if "/" in file or "\\" in file:
                raise InputError(f"{file!r} is not in this folder", where, f"put a {TABLE} into the paper's own folder")
            if file in seen:
                raise InputError(f"{file!r} stands in line {seen[file]} too", where, "keep one of the rows")
            seen[file] = reader.line_num
            found[file] = _checked({field: (value, where) for field, value in cells.items() if value})
    except csv.Error as problem:
        raise InputError(
            f"the table is broken: {problem}", f"{path.name}:{reader.line_num}", "save it again as CSV"
        ) from problem
    return found


def _loaded(path: Path) -> str:
    try:
        if path.stat().st_size > LARGEST:
            raise InputError(f"the file is larger than {LARGEST:,} bytes", path.name, "split it")
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise InputError("the file is not UTF-8", path.name, "save it as UTF-8") from problem
    except OSError as problem:
        raise InputError(f"the file cannot be read: {problem.strerror}", path.name, "allow reading it") from problem


def _checked(given: Mapping[str, tuple[str, str]]) -> Pairs:
    """Fields in their order with clean values; `given` has the value and the place of each."""
    for field, (_, where) in given.items():
        if field not in FIELDS:
            raise InputError(f"unknown field {field!r}", where, f"the fields are: {', '.join(FIELDS)}")
    pairs = []
    for field in FIELDS:
        if field in given:
            value, where = given[field]
            value = " ".join(value.split())
            if reason := _wrong(field, value):
                raise InputError(f"{field} {value[:80]!r} {reason[0]}", where, reason[1])
            pairs.append((field, value.lower() if field == "language" and len(value) < 4 else value))
    return tuple(pairs)


def _wrong(field: str, value: str) -> tuple[str, str] | None:
    """What is wrong with a value and how to mend it; None where nothing is."""
    if not value:
        return "is empty", "fill it in, or take the field out"
    if len(value) > 1000:
        return "is longer than 1,000 characters", "shorten it"
    if field == "date":
        return _wrong_date(value)
    if field == "address" and not re.fullmatch(r"https?://[^\s<>\"{}|\\^`]+", value):
        return "is no web address", "write it with http:// or https://, without spaces"
    if field == "language" and not _LANGUAGE.fullmatch(value):
        return "is no language tag", "write one such as en or en-AU (BCP 47)"
    return None


def _wrong_date(value: str) -> tuple[str, str] | None:
    parts = _DATE.fullmatch(value)
    mend = "write 2015-03-26, 2015-03 or 2015"
    if parts is None:
        return "is no date", mend
    try:
        date(int(parts[1]), int(parts[2] or 1), int(parts[3] or 1))
    except ValueError:
        return "is no day of the calendar", mend
    return None
