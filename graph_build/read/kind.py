"""What kind of file some bytes are: told by the bytes first, by the name's ending where they leave it open."""

from __future__ import annotations

import re

from graph_build.errors import InputError

_ENDINGS = {".md": "markdown", ".markdown": "markdown", ".html": "html", ".htm": "html", ".xhtml": "html"}
_PROMISES = {".pdf": "PDF", ".docx": "DOCX"}
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HTML = re.compile(rb"(?i)<!doctype\s+html|<html[\s>]|<(?:head|body|article|main)[\s>]")
_AKN = re.compile(rb"<(?:\w+:)?akomaNtoso[\s>]")
_FOREIGN = (
    (b"{\\rtf", "an RTF file", "save it as DOCX or PDF"),
    (b"\x89PNG", "a picture", "give the paper as text, PDF, DOCX or HTML"),
    (b"\xff\xd8\xff", "a picture", "give the paper as text, PDF, DOCX or HTML"),
    (b"GIF8", "a picture", "give the paper as text, PDF, DOCX or HTML"),
    (b"II*\x00", "a picture", "give the paper as text, PDF, DOCX or HTML"),
    (b"\x1f\x8b", "a compressed file", "unpack it first"),
    (b"7z\xbc\xaf", "an archive", "unpack it first"),
    (b"Rar!", "an archive", "unpack it first"),
)


def kind_of(data: bytes, ending: str, key: str) -> str:
    """'text', 'markdown', 'html', 'docx', 'pdf' or 'akn'; InputError for files that hold no paper one could read."""
    head = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith(b"PK\x03\x04"):
        return _zipped(data, ending, key)
    if data.startswith(_OLE):
        if b"E\0n\0c\0r\0y\0p\0t" in data:
            raise InputError("the file is encrypted", key, "save it without a password")
        raise InputError("the file is in the old Word format", key, "save it as DOCX or PDF")
    for start, what, mend in _FOREIGN:
        if data.startswith(start):
            raise InputError(f"the file is {what}, not a paper", key, mend)
    if ending in _PROMISES:
        raise InputError(f"the file is no {_PROMISES[ending]}, though its name says so", key, "fetch it again")
    if _AKN.search(head) or (ending == ".xml" and _AKN.search(data)):
        return "akn"
    if ending in (".md", ".markdown"):
        return "markdown"
    if ending in _ENDINGS or (_HTML.search(head[:1024]) and head[:1] == b"<"):
        return "html"
    if ending == ".xml" or head.startswith(b"<?xml"):
        raise InputError("the file is XML, but not Akoma Ntoso", key, "give the paper as text, PDF, DOCX or HTML")
    return "text"


def _zipped(data: bytes, ending: str, key: str) -> str:
    if b"word/" in data:
        return "docx"
    if b"mimetypeapplication/vnd.oasis" in data[:200]:
        raise InputError("the file is OpenDocument", key, "save it as DOCX or PDF")
    if ending == ".docx":
        raise InputError("the file is a ZIP archive without a Word document in it", key, "fetch it again")
    raise InputError("the file is an archive", key, "unpack it first")
