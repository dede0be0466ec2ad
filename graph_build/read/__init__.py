"""From a file to a Document: one reader for each format behind one function.

    text, markdown  decoded, and otherwise untouched
    html, docx, pdf, akn   turned into text with a little Markdown: headings with #, table rows with |, footnotes as
                    [^1] and [^1]: ..., a blank line between paragraphs, form feeds between the pages of a PDF

The same file always gives the same text; offsets point into it.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from graph_build.errors import InputError
from graph_build.read.confined import call
from graph_build.read.kind import kind_of
from graph_build.read.language import other_language
from graph_build.read.reading import Reading, decoded
from graph_build.read.stated import stated
from graph_build.read.text import decode, load
from graph_build.records import Document

__all__ = ["read"]

_READERS = {
    "pdf": "graph_build.read.pdf:read_pdf",
    "docx": "graph_build.read.docx:read_docx",
    "html": "graph_build.read.html:read_html",
    "akn": "graph_build.read.akn:read_akn",
}


def read(path: Path, key: str, meta: tuple[tuple[str, str], ...] = ()) -> Document:
    """The paper in a file, known by its key.

    meta  what is known of it from elsewhere (a sidecar); goes before what the file itself says, and that before what
          stands in its text
    Raises InputError with reason and mend where the file cannot be read or holds no paper in English.
    """
    data = load(path, key)
    kind = kind_of(data, path.suffix.lower(), key)
    reader = _READERS.get(kind)
    reading = decoded(call(reader, data, key), key) if reader else Reading(decode(data, key))
    if language := other_language(reading.text):
        raise InputError(
            f"the paper is in {language}, and only English is read", key, "give its English version, or leave it out"
        )
    known = dict(meta)
    for name, value in (*reading.meta, *stated(reading.text)):
        if value:
            known.setdefault(name, value)
    pairs = tuple(known.items())
    return Document(key, reading.text, hashlib.sha256(data).hexdigest(), kind, pairs, reading.pages, reading.spots)
