"""Reading text: encodings, and what people are told about files that cannot be read."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_build.errors import InputError
from graph_build.read import read
from graph_build.read import text as reading
from graph_build.read.text import decode

WORDS = "Señor Peñalver’s paper – 5 € – was read in São Tomé.\r\nIt had “two” pages.\n"

ENCODINGS = [
    ("utf-8", b""),
    ("utf-8", b"\xef\xbb\xbf"),
    ("utf-16-le", b"\xff\xfe"),
    ("utf-16-be", b"\xfe\xff"),
    ("utf-16-le", b""),
    ("utf-16-be", b""),
    ("utf-32-le", b"\xff\xfe\x00\x00"),
    ("utf-32-be", b"\x00\x00\xfe\xff"),
    ("cp1252", b""),
]


@pytest.mark.parametrize(("encoding", "mark"), ENCODINGS)
def test_encodings(tmp_path: Path, encoding: str, mark: bytes) -> None:
    path = tmp_path / "paper.txt"
    data = mark + WORDS.encode(encoding)
    path.write_bytes(data)
    document = read(path, "folder/paper.txt")
    assert document.text == WORDS
    assert (document.key, document.format) == ("folder/paper.txt", "text")
    assert document.sha256 == hashlib.sha256(data).hexdigest()


def test_latin_1_is_read_as_windows_1252() -> None:
    assert decode("naïve café".encode("latin-1"), "k") == "naïve café"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("会議は東京で開催された。参加国は協力を強化することで合意した。", "shift_jis"),
        ("Министры встретились и договорились о сотрудничестве.", "cp1251"),
        ("การประชุมจัดขึ้นที่กรุงเทพ", "cp874"),
    ],
)
def test_other_encodings_are_refused_and_not_guessed(text: str, encoding: str) -> None:
    with pytest.raises(InputError, match="encoding of the text is not known"):
        decode(text.encode(encoding), "k")


def test_line_ends_and_white_space_stay() -> None:
    text = "\n\n a\r\n\tb\rc\u00a0 \f\n"
    assert decode(text.encode(), "k") == text


@pytest.mark.parametrize(
    ("name", "expected"), [("a.txt", "text"), ("a.md", "markdown"), ("A.MD", "markdown"), ("a", "text")]
)
def test_format_by_name(tmp_path: Path, name: str, expected: str) -> None:
    (tmp_path / name).write_text("The Forum met.")
    assert read(tmp_path / name, name).format == expected


REFUSED = [
    (b"", "empty"),
    (b" \n\t ", "empty"),
    (b"\xef\xbb\xbf\n", "no text"),
    (b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR", "picture"),
    (b"\x7fELF\x02\x01\x01\x00" + bytes(100), "binary"),
    (b"text \x00 with a zero byte", "binary"),
    (b"\xff\xfeab\x00", "utf-16-le"),
]


@pytest.mark.parametrize(("data", "reason"), REFUSED)
def test_refused(tmp_path: Path, data: bytes, reason: str) -> None:
    path = tmp_path / "paper.txt"
    path.write_bytes(data)
    with pytest.raises(InputError, match=reason) as problem:
        read(path, "paper.txt")
    assert problem.value.where == "paper.txt"
    assert problem.value.mend


def test_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "LIMIT", 10)
    (tmp_path / "a.txt").write_text("longer than ten bytes")
    with pytest.raises(InputError, match="too large: 21 bytes, the limit is 10"):
        read(tmp_path / "a.txt", "a.txt")


def test_missing_folder_and_pipe(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="does not exist"):
        read(tmp_path / "a.txt", "a.txt")
    with pytest.raises(InputError, match="is a folder"):
        read(tmp_path, "folder")
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(InputError, match="no regular file"):
        read(tmp_path / "pipe", "pipe")


def test_no_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    (tmp_path / "a.txt").write_text("text")
    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(InputError, match="no permission"):
        read(tmp_path / "a.txt", "a.txt")


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        text = decode(data, "k")
    except InputError as problem:
        text = problem.mend
    assert text.strip()


@given(
    st.text(min_size=1, alphabet=st.characters(min_codepoint=32, exclude_categories=("Cs", "Cc"))).filter(
        lambda t: t.strip("\ufeff\u00a0\u200b ")
    )
)
def test_utf_8_is_read_as_it_stands(text: str) -> None:
    assert decode(("The paper: " + text).encode("utf-8"), "k") == "The paper: " + text
