"""Formats: one paper in all of them gives the same blocks and facts; broken and hostile files are named, not obeyed."""

from __future__ import annotations

import io
import os
import shutil
import socket
import threading
import time
import zipfile
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph_build.errors import InputError
from graph_build.extract import extract
from graph_build.mention import mention
from graph_build.places import places
from graph_build.read import confined, read
from graph_build.read.docx import figure
from graph_build.read.language import other_language
from graph_build.read.picture import picture
from graph_build.records import Document, DocumentFacts, Passage, Span, Value
from graph_build.segment import segment

FORMATS = Path(__file__).parent / "formats"
SEEDS = Path(__file__).parent.parent / "seeds"
PAPERS = {
    "workshop": "002_8cc4741ada6c1362.txt",
    "meeting": "004_78a992bfb09ab6c1.txt",
    "symposium": "000_7a1a196fd8975034.txt",
}
KINDS = {".docx": "docx", ".html": "html", "-chromium.pdf": "pdf", "-columns.pdf": "pdf", "-writer.pdf": "pdf"}
SAME = [(paper, ending) for paper in PAPERS for ending in KINDS]


def opened(name: str) -> Document:
    return read(FORMATS / name, name)


def said(document: Document) -> list[tuple[str, str, str]]:
    """What a document says, block by block, page furniture and footnotes left out."""
    return [(b.kind, b.number, b.text) for b in segment(document).blocks if b.kind not in ("furniture", "note")]


@pytest.mark.parametrize(("paper", "ending"), SAME)
def test_same_blocks_in_every_format(paper: str, ending: str) -> None:
    document = opened(paper + ending)
    assert document.format == KINDS[ending]
    assert said(document) == said(read(SEEDS / PAPERS[paper], "seed"))


def facts(document: Document) -> set[tuple[str, ...]]:
    """The facts of a document, their things by name, white space and the marks of cuts aside."""
    found: DocumentFacts = extract(mention(segment(document)))
    names = {t.id: t.label for t in found.things}
    rows = set()
    for fact in found.facts:
        row = [type(fact).__name__]
        for name in fact.__dataclass_fields__:
            value = getattr(fact, name)
            if name in ("id", "evidence"):
                continue
            shown = (
                value.quote
                if isinstance(value, Passage)
                else value.value
                if isinstance(value, Value)
                else names.get(value, value)
            )
            row.append(f"{name}={' '.join(str(shown).replace(' … ', ' ').split())}")
        rows.add(tuple(row))
    return rows


@pytest.mark.parametrize(("paper", "ending"), SAME)
def test_same_facts_in_every_format(paper: str, ending: str) -> None:
    expected, found = facts(read(SEEDS / PAPERS[paper], "seed")), facts(opened(paper + ending))
    assert len(expected) > 20
    assert 2 * len(expected & found) / (len(expected) + len(found)) >= 0.98


INVENTED = [
    ("title", "Second Delta Dialogue on Coastal Floods"),
    ("title", "Khulna, Bangladesh, 3-4 June 2014"),
    (
        "paragraph",
        "The Second Delta Dialogue was held in Khulna, Bangladesh, from 3 to 4 June 2014 and was opened by the Minister of Water"
        " Resources. The Dialogue was attended by delegations of eleven States and by five organisations that are active in the region.",
    ),
    ("paragraph", "Ministers agreed:"),
    ("item", "to open a fund for early warning; and"),
    ("item", "to meet again in 2016."),
    ("paragraph", "The Dialogue asked its secretariat to prepare a plan of work for the years 2015 to 2017."),
    (
        "item",
        "A first point of the list that is long enough to go over the end of the line and into the second line of the item.",
    ),
    ("item", "A second point."),
    ("item", "A nested one."),
    ("heading", "Annex I: List of participants"),
    ("row", "State | Name | Position"),
    (
        "row",
        "Bangladesh | Mr A. Rahman | Secretary, Ministry of Water Resources, and chair of the national committee for the prevention"
        " of floods along the coast",
    ),
    ("row", "Egypt | Ms B. Nour | Director of Coasts"),
    ("row", "Viet Nam | Dr Nguyen Van C | Head of Department, Ministry of Agriculture and Rural Development"),
    (
        "paragraph",
        "The table above was closed on the second day of the Dialogue, and nobody asked for it to be opened again thereafter.",
    ),
    ("note", "All times are local."),
]


@pytest.mark.parametrize(
    ("claim", "encoding"),
    [
        ("utf-8", "utf-8"),
        ("windows-1251", "utf-8"),
        ("iso-8859-1", "utf-8"),
        ("utf-8", "cp1252"),
        ("iso-8859-1", "cp1252"),
    ],
)
def test_a_page_that_is_wrong_about_its_encoding(tmp_path: Path, claim: str, encoding: str) -> None:
    words = "Ministers met in Côte d’Ivoire – São Tomé joined."
    page = f'<html><head><meta charset="{claim}"></head><body><p>{words}</p></body></html>'
    (tmp_path / "a.html").write_bytes(page.encode(encoding))
    assert read(tmp_path / "a.html", "a").text == words + "\n"


@pytest.mark.parametrize("name", ["invented.html", "invented.docx", "invented.pdf", "invented-writer.pdf"])
def test_lists_tables_and_notes(name: str) -> None:
    blocks = segment(opened(name)).blocks
    assert [(b.kind, b.text) for b in blocks if b.kind != "furniture"] == INVENTED
    rows = [b for b in blocks if b.kind == "row"]
    assert all(len(b.cells) == 3 for b in rows)
    assert [b.number for b in blocks if b.text.startswith("to ")] == ["2 (a)", "2 (b)"]


def test_akoma_ntoso() -> None:
    document = opened("resolution.akn.xml")
    assert dict(document.meta) == {
        "date": "2014-06-04",
        "language": "en",
        "publisher": "Delta Dialogue",
        "title": "Resolution on early warning of floods",
        "address": "https://www.example.org/akn/un/statement/2014/1",
    }
    assert [(b.kind, b.number, b.text) for b in segment(document).blocks] == [
        ("title", "", "DD/2014/1"),
        ("title", "", "Resolution on early warning of floods"),
        ("paragraph", "1", "The Delta Dialogue,"),
        ("paragraph", "2", "Recalling the Statement of Dhaka that the first session of the Dialogue adopted,"),
        ("heading", "", "Fund"),
        ("paragraph", "1", "Decides to open a Fund for Early Warning in the year 2015;"),
        ("paragraph", "2", "Asks the secretariat to report on:"),
        ("item", "2 (a)", "the rules of the Fund; and"),
        ("item", "2 (b)", "its means."),
        ("heading", "", "Members"),
        ("row", "", "State | Since"),
        ("row", "", "Egypt | 2012"),
        ("paragraph", "5", "Khulna, 4 June 2014"),
        ("note", "1", "Document DD/2012/4."),
    ]


def test_meta_of_files() -> None:
    assert dict(opened("meeting.html").meta) == {
        "address": "https://www.example.org/docs/outcome",
        "date": "2012-06-04",
        "language": "en",
        "licence": "https://www.example.org/terms",
        "publisher": "The Secretariat",
        "title": "Outcome document",
    }
    assert dict(opened("meeting.docx").meta) == {"title": "Outcome document", "language": "en-US"}
    assert dict(opened("meeting-chromium.pdf").meta) == {"title": "Outcome document", "language": "en"}


def test_given_meta_goes_before_the_files_own() -> None:
    document = read(FORMATS / "meeting.html", "k", (("title", "Mine"), ("series", "S")))
    assert dict(document.meta) | {"title": "Mine", "series": "S", "publisher": "The Secretariat"} == dict(document.meta)
    assert len(dict(document.meta)) == len(document.meta)


def test_navigation_is_left_out() -> None:
    text = opened("meeting.html").text
    for words in ("About us", "Search", "Related documents", "Copyright", "Share", "Home"):
        assert words not in text


def test_pages_begin_where_the_text_says() -> None:
    document = opened("symposium-chromium.pdf")
    assert len(document.pages) == 5
    assert document.pages[0] == 0
    assert all(document.text[at - 1] == "\f" for at in document.pages[1:])


# -- places --------------------------------------------------------------------------------------------------


def test_places_of_a_passage() -> None:
    document = opened("meeting-columns.pdf")
    known = document.spots
    assert all(0 <= v <= 1 for spot in known for v in spot.box)
    assert all(a.end <= b.start for a, b in pairwise(known))
    start = document.text.index("The Working Group events were attended")
    (place,) = places(known, [Span(start, start + 200)])
    assert place.page == 1
    assert len(place.boxes) == 4
    assert all(0.1 < b[0] < b[2] < 0.5 for b in place.boxes)
    assert all(a[3] < b[3] for a, b in pairwise(place.boxes))


def test_a_passage_over_a_page_break_has_places_on_both() -> None:
    document = opened("symposium-chromium.pdf")
    found = segment(document)
    block = next(b for b in found.blocks if b.view.cuts)
    cut = block.view.cuts[0]
    passage = found.passage(block, cut - 40, cut + 40)
    assert [p.page for p in places(document.spots, passage.spans)] == [1, 2]


def test_picture_of_a_page() -> None:
    data = (FORMATS / "meeting-columns.pdf").read_bytes()
    png = picture(data, 1, "k", 300)
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    assert int.from_bytes(png[16:20], "big") in (299, 300, 301)
    with pytest.raises(InputError, match="no page 99"):
        picture(data, 99, "k")


# -- refused -------------------------------------------------------------------------------------------------


def refused(data: bytes, name: str, folder: Path) -> str:
    path = folder / name
    path.write_bytes(data)
    with pytest.raises(InputError) as problem:
        read(path, name)
    assert problem.value.where == name
    assert problem.value.mend
    return problem.value.what


def zipped(**parts: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name.replace("__", "/").replace("_XML", ".xml"), data)
    return buffer.getvalue()


NAMED = [
    ("locked.pdf", "encrypted"),
    ("scan.pdf", "scan without text"),
]


@pytest.mark.parametrize(("name", "reason"), NAMED)
def test_files_that_cannot_be_read(name: str, reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        opened(name)


BROKEN = [
    ("a.pdf", b"%PDF-1.7\nnothing follows", "damaged"),
    ("a.pdf", b"no PDF at all, but the name says so", "no PDF"),
    ("a.docx", b"no Word file at all", "no DOCX"),
    ("a.docx", b"PK\x03\x04word/ and then nothing", "damaged"),
    ("a.zip", zipped(a=b"x"), "archive"),
    ("a.docx", zipped(a=b"x"), "without a Word document"),
    ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old Word format"),
    ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
    ("a.rtf", b"{\\rtf1 x}", "RTF"),
    ("a.jpg", b"\xff\xd8\xff\xe0" + bytes(50), "picture"),
    ("a.gz", b"\x1f\x8b\x08" + bytes(50), "compressed"),
    ("a.xml", b"<?xml version='1.0'?><feed/>", "not Akoma Ntoso"),
    ("a.xml", b"<akomaNtoso><statement><p>text</statement>", "broken at line"),
    ("a.html", b"<html><body><script>document.write('text')</script></body></html>", "no text of its own"),
    ("a.html", b"<html><body><nav>Home</nav></body></html>", "no text of its own"),
    ("a.html", b"<html><body>" + b"<div>" * 3000 + b"The Forum met." + b"</body></html>", "nested deeper"),
]


@pytest.mark.parametrize(("name", "data", "reason"), BROKEN)
def test_broken_files_are_named(tmp_path: Path, name: str, data: bytes, reason: str) -> None:
    assert reason in refused(data, name, tmp_path)


def test_xml_bomb(tmp_path: Path) -> None:
    entities = "".join(f'<!ENTITY l{i} "{"".join([f"&l{i - 1};"] * 10)}">' for i in range(1, 12))
    bomb = f'<!DOCTYPE a [<!ENTITY l0 "lol">{entities}]><akomaNtoso><p>&l11;</p></akomaNtoso>'
    assert "entities" in refused(bomb.encode(), "a.xml", tmp_path)


def docx_with(document: str) -> bytes:
    """The invented paper with another main part."""
    source = zipfile.ZipFile(FORMATS / "invented.docx")
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for info in source.infolist():
            archive.writestr(info.filename, document if info.filename == "word/document.xml" else source.read(info))
    return buffer.getvalue()


W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def test_xml_bomb_in_a_word_file(tmp_path: Path) -> None:
    entities = "".join(f'<!ENTITY l{i} "{"".join([f"&l{i - 1};"] * 10)}">' for i in range(1, 12))
    bomb = f'<!DOCTYPE w [<!ENTITY l0 "lol">{entities}]><w:document {W}><w:body><w:p><w:r><w:t>&l11;</w:t></w:r></w:p></w:body></w:document>'
    started = time.monotonic()
    refused(docx_with(bomb), "a.docx", tmp_path)
    assert time.monotonic() - started < 10


def test_external_entities_are_not_read(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("the secret")
    document = (
        f'<!DOCTYPE w [<!ENTITY s SYSTEM "file://{tmp_path / "secret"}">]><w:document {W}><w:body><w:p><w:r><w:t>Text &s; text'
        "</w:t></w:r></w:p></w:body></w:document>"
    )
    path = tmp_path / "a.docx"
    path.write_bytes(docx_with(document))
    try:
        text = read(path, "a.docx").text
    except InputError:
        text = ""
    assert "secret" not in text


def test_archive_that_explodes(tmp_path: Path) -> None:
    bomb = zipped(word__document_XML=bytes(300_000_000))
    assert len(bomb) < 1_000_000
    assert "unpacks to 286 MB" in refused(bomb, "a.docx", tmp_path)


def test_archive_with_climbing_paths_writes_nothing(tmp_path: Path) -> None:
    source = zipfile.ZipFile(FORMATS / "invented.docx")
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for info in source.infolist():
            archive.writestr(info.filename, source.read(info))
        archive.writestr("../../climbed.txt", "x")
        archive.writestr("/tmp/climbed.txt", "x")
    path = tmp_path / "a" / "b" / "a.docx"
    path.parent.mkdir(parents=True)
    path.write_bytes(buffer.getvalue())
    assert read(path, "a.docx").text == opened("invented.docx").text
    assert sorted(p.name for p in tmp_path.rglob("*") if p.is_file()) == ["a.docx"]


def test_nothing_is_fetched(tmp_path: Path) -> None:
    asked: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        port = server.getsockname()[1]

        def listen() -> None:
            while not asked or asked[-1] != "stop":
                try:
                    server.accept()[0].close()
                    asked.append("asked")
                except TimeoutError:
                    if asked:
                        return

        thread = threading.Thread(target=listen)
        thread.start()
        base = f"http://127.0.0.1:{port}"
        page = (
            f'<html><head><base href="{base}"><link rel="stylesheet" href="{base}/a.css"><script src="{base}/a.js"></script></head><body>'
            f'<p>The Forum met in Apia.<img src="{base}/a.png"><iframe src="{base}/b"></iframe></p></body></html>'
        )
        (tmp_path / "a.html").write_text(page)
        assert read(tmp_path / "a.html", "a").text == "The Forum met in Apia.\n"
        akn = f'<!DOCTYPE a SYSTEM "{base}/a.dtd"><akomaNtoso xmlns:xi="http://www.w3.org/2001/XInclude"><p>The Forum met.</p><xi:include href="{base}/x"/></akomaNtoso>'
        (tmp_path / "a.xml").write_text(akn)
        assert "The Forum met." in read(tmp_path / "a.xml", "a").text
        asked.append("stop")
        thread.join()
    assert "asked" not in asked


def test_many_pages_are_too_many(tmp_path: Path) -> None:
    import pypdfium2

    document = pypdfium2.PdfDocument.new()
    for _ in range(1001):
        document.new_page(100, 100)
    document.save(tmp_path / "a.pdf")
    assert "1,001 pages, the limit is 1,000" in refused((tmp_path / "a.pdf").read_bytes(), "b.pdf", tmp_path)


# -- languages -----------------------------------------------------------------------------------------------

LANGUAGES = [
    (
        "Les ministres se sont réunis à Genève du 3 au 5 mai et ont adopté une déclaration sur la coopération dans la région. Ils ont"
        " remercié le gouvernement de la Suisse pour son accueil et ont décidé de se réunir à nouveau dans deux ans pour en faire le point.",
        "French",
    ),
    (
        "Los ministros se reunieron en Lima del 3 al 5 de mayo y adoptaron una declaración sobre la cooperación en la región. Ellos"
        " agradecieron al gobierno del Perú por su hospitalidad y decidieron que la próxima reunión se celebre en dos años con los demás.",
        "Spanish",
    ),
    (
        "Die Minister trafen sich vom 3. bis 5. Mai in Wien und nahmen eine Erklärung über die Zusammenarbeit in der Region an. Sie"
        " dankten der Regierung von Österreich für die Aufnahme und beschlossen, sich in zwei Jahren wieder zu treffen, um das zu prüfen.",
        "German",
    ),
    (
        "Para Menteri bertemu di Bali pada tanggal 3 Mei dan mengadopsi pernyataan tentang kerja sama di kawasan ini. Mereka berterima"
        " kasih kepada pemerintah Indonesia atas keramahan dan sepakat untuk bertemu kembali dalam dua tahun yang akan datang dengan laporan.",
        "Indonesian",
    ),
    ("Министры встретились в Москве и приняли заявление о сотрудничестве в регионе на ближайшие годы.", "Cyrillic"),
    (
        "各国部长于五月三日至五日在北京举行会议并通过了关于区域合作的联合声明感谢东道国政府的热情接待和周到安排并决定两年后再次举行会议。",
        "Chinese",
    ),
    (
        "اجتمع الوزراء في القاهرة من ٣ إلى ٥ مايو واعتمدوا بيانا بشأن التعاون في المنطقة وشكروا حكومة مصر على حسن الضيافة",
        "Arabic",
    ),
]


@pytest.mark.parametrize(("text", "name"), LANGUAGES)
def test_other_languages_are_named(tmp_path: Path, text: str, name: str) -> None:
    assert name in other_language(text)
    assert name in refused(text.encode(), "a.txt", tmp_path)


ENGLISH = [
    "The Ministers met in Geneva from 3 to 5 May and adopted a declaration on cooperation in the region.",
    "Australia, Bangladesh, Côte d'Ivoire, España, México, República Dominicana, São Tomé e Príncipe, Türkiye, Viet Nam. "
    * 6,
    "LIST OF PARTICIPANTS\n" + "Mr Jean de la Fontaine, Ministère des Affaires étrangères, Burkina Faso\n" * 12,
    "Réunion",
    "",
]


@pytest.mark.parametrize("text", ENGLISH)
def test_english_and_lists_of_names_are_no_other_language(text: str) -> None:
    assert other_language(text) == ""


@pytest.mark.parametrize("path", sorted(SEEDS.glob("*.txt")), ids=lambda p: p.stem)
def test_seeds_are_english(path: Path) -> None:
    assert other_language(path.read_text("utf-8")) == ""


# -- the confined process ------------------------------------------------------------------------------------

HERE = "tests.formats.misbehave"


def test_a_call_in_a_process_of_its_own() -> None:
    assert confined.call(f"{HERE}:echo", b"abc", "k") == b"cba"
    assert confined.call(f"{HERE}:echo", b"x" * 5_000_000, "k") == b"x" * 5_000_000
    assert confined.call(f"{HERE}:chatter", b"clean", "k") == b"clean"


def test_the_process_is_used_again() -> None:
    first = confined.call(f"{HERE}:pid", b"", "k")
    assert confined.call(f"{HERE}:pid", b"", "k") == first
    assert int(first) != os.getpid()


MISBEHAVIOUR = [
    ("never_end", "longer than 0.5 seconds"),
    ("eat", "of memory"),
    ("crash", "reader failed"),
    ("fail", "a broken table"),
]


@pytest.mark.parametrize(("function", "reason"), MISBEHAVIOUR)
def test_misbehaviour_is_bounded(function: str, reason: str) -> None:
    started = time.monotonic()
    with pytest.raises(InputError, match=reason):
        confined.call(
            f"{HERE}:{function}", b"", "a.pdf", seconds=0.5 if function == "never_end" else 20, memory=400_000_000
        )
    assert time.monotonic() - started < 10
    assert confined.call(f"{HERE}:echo", b"ab", "k") == b"ba"


def test_no_file_is_written(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        confined.call(f"{HERE}:write", os.fsencode(tmp_path / "x"), "a.pdf")
    assert not (tmp_path / "x").exists() or (tmp_path / "x").stat().st_size == 0


def test_threads_share_no_process() -> None:
    answers: dict[int, bytes] = {}

    def ask(i: int) -> None:
        answers[i] = confined.call(f"{HERE}:echo", str(i).encode() * 1000, "k")

    threads = [threading.Thread(target=ask, args=(i,)) for i in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == {i: (str(i).encode() * 1000)[::-1] for i in range(6)}


# -- fuzz ----------------------------------------------------------------------------------------------------

FUZZED = ["invented.pdf", "invented-writer.pdf", "invented.docx", "invented.html", "resolution.akn.xml"]


@pytest.mark.parametrize("name", FUZZED)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_mutated_files_are_read_or_refused(tmp_path: Path, name: str, data: st.DataObject) -> None:
    content = bytearray((FORMATS / name).read_bytes())
    if data.draw(st.booleans(), "cut"):
        del content[data.draw(st.integers(0, len(content)), "to") :]
    for _ in range(data.draw(st.integers(0, 30), "changes")):
        if content:
            content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path / name
    path.write_bytes(bytes(content))
    try:
        document = read(path, name)
    except InputError:
        return
    segment(document)


def test_the_same_file_gives_the_same_text(tmp_path: Path) -> None:
    for name in ("meeting-columns.pdf", "meeting.docx", "meeting.html", "resolution.akn.xml"):
        shutil.copy(FORMATS / name, tmp_path / name)
        assert read(tmp_path / name, name) == opened(name)


FIGURES = [
    (3, "decimal", "3"),
    (3, "lowerLetter", "c"),
    (28, "lowerLetter", "bb"),
    (4, "upperRoman", "IV"),
    (9, "lowerRoman", "ix"),
    (49, "lowerRoman", "xlix"),
    (5, "decimalZero", "05"),
    (2, "upperLetter", "B"),
]


@pytest.mark.parametrize(("number", "format_", "expected"), FIGURES)
def test_numbers_as_word_writes_them(number: int, format_: str, expected: str) -> None:
    assert figure(number, format_) == expected
