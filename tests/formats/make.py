"""Make the files of this folder from two of the seed papers, by converters that people use: LibreOffice and Chromium.

    python tests/formats/make.py        needs soffice (libreoffice-writer-nogui) and chromium

They are committed, so that the tests need neither. Made again, they differ in dates and identifiers only.
"""

from __future__ import annotations

import html
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(ROOT))

from graph_build.read import read  # noqa: E402  # the package is found only behind the line above
from graph_build.records import Block  # noqa: E402
from graph_build.segment import segment  # noqa: E402

PAPERS = {
    "workshop": "002_8cc4741ada6c1362.txt",
    "meeting": "004_78a992bfb09ab6c1.txt",
    "symposium": "000_7a1a196fd8975034.txt",
}
HEADER = "Bali Process on People Smuggling – Outcome document"
NOTES = {
    1: "United Nations, Treaty Series, vol. 2225, No. 39574.",
    2: "The list is with the secretariat of the workshop.",
}
PRINT = """
@page { size: A4; margin: 28mm 24mm;
  @top-center { content: "HEADER"; font-size: 8pt } @bottom-center { content: "Page " counter(page) " of " counter(pages); font-size: 8pt } }
body { font: 11pt 'Liberation Serif', 'DejaVu Serif', serif; line-height: 1.35; margin: 0 }
h1 { font-size: 15pt; text-align: center } h2 { font-size: 13pt } h3 { font-size: 12pt }
li { margin-bottom: 3pt }
""".replace("HEADER", HEADER)
COLUMNS = (
    PRINT + ".text { column-count: 2; column-gap: 7mm; text-align: justify; font-size: 9.5pt } p { margin: 0 0 6pt }"
)
SITE = """<header class="site-header"><a href="/">Home</a> <form role="search"><input name="q"><button>Search</button></form></header>
<nav class="main-menu"><ul><li><a href="/about">About us</a></li><li><a href="/news">News</a></li><li><a href="/members">Members</a></li>
<li><a href="/events">Events</a></li></ul></nav><div class="breadcrumb"><a href="/">Home</a> &gt; <a href="/docs">Documents</a></div>"""
AROUND = """<aside class="sidebar"><h2>Related documents</h2><ul><li><a href="/a">Statement of 2011</a></li><li><a href="/b">Statement of
2013</a></li></ul></aside><div class="share-buttons"><a href="#">Share</a> <a href="#">Tweet</a></div>
<footer id="footer"><p>Copyright 2020 The Secretariat. <a href="/terms">Terms of use</a> <a href="/privacy">Privacy</a></p></footer>"""


def soft(text: str) -> str:
    """Soft hyphens in long words, where a typesetter would break them."""
    return re.sub(r"([a-z]{4})(tion|ment|ing|sion|ating|ities|able)([a-z]*)\b", "\\1\u00ad\\2\\3", text)


def body(paper: str, hyphens: bool = False, notes: bool = False) -> str:
    """A paper's blocks as HTML."""
    blocks = [b for b in segment(read(ROOT / "seeds" / paper, paper)).blocks if b.kind != "furniture"]
    slanted = re.findall(r"(?<!\*)\*([^*\n\\]+)\*(?!\*)", (ROOT / "seeds" / paper).read_text("utf-8"))
    out: list[str] = []
    opened = ""
    marked = 0
    for block in blocks:
        text = html.escape(soft(block.text) if hyphens else block.text, quote=False)
        for words in slanted if block.kind in ("paragraph", "item") else []:
            written = html.escape(soft(words) if hyphens else words, quote=False)
            if f"<em>{written}</em>" not in text:
                text = text.replace(written, f"<em>{written}</em>", 1)
        tag = (
            "ol"
            if block.kind == "item" and block.number.isdigit() and listed(blocks, block)
            else "ul"
            if block.kind == "item"
            else ""
        )
        if opened != tag:
            out.append((f"</{opened}>" if opened else "") + (f"<{tag}>" if tag else ""))
            opened = tag
        if notes and block.kind == "paragraph" and marked < len(NOTES) and ", " in text and len(text) > 300:
            marked += 1
            text = text.replace(
                ", ",
                f'<a class="sdfootnoteanc" name="sdfootnote{marked}anc" href="#sdfootnote{marked}sym"><sup>{marked}</sup></a>, ',
                1,
            )
        if block.kind == "title":
            out.append(f"<h1>{text}</h1>" if block.index < 2 else f"<p style='text-align: center'><b>{text}</b></p>")
        elif block.kind == "heading":
            out.append(f"<h3>{text}</h3>")
        elif tag:
            out.append(f"<li>{text}</li>")
        else:
            number = re.match(r"\d+\.\s", source(paper, block))
            out.append(f"<p>{number[0] if number else ''}{text}</p>")
    if opened:
        out.append(f"</{opened}>")
    if notes:
        out += [
            f'<div id="sdfootnote{n}"><p><a class="sdfootnotesym" name="sdfootnote{n}sym" href="#sdfootnote{n}anc">{n}</a>{note}</p></div>'
            for n, note in NOTES.items()
        ]
    return "\n".join(out)


def listed(blocks: list[Block], block: Block) -> bool:
    """Whether an item stands in a numbered list: its number is not that of its lead."""
    return block.lead < 0 or next(b for b in blocks if b.index == block.lead).number != block.number


def source(paper: str, block: Block) -> str:
    text = (ROOT / "seeds" / paper).read_text("utf-8")
    start = text.rfind("\n", 0, block.view.offsets[0]) + 1
    return text[start : start + 8]


def page(inner: str, css: str = "", head: str = "") -> str:
    return f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Outcome document</title><style>{css}</style>{head}</head><body>{inner}</body></html>'


def run(*command: str) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=180)


def printed(source: Path, target: Path, work: Path) -> None:
    """Print a page to PDF with Chromium."""
    chromium = shutil.which("chromium") or "chromium"
    run(
        chromium,
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-sync",
        "--disable-background-networking",
        "--disable-component-update",
        f"--user-data-dir={work / 'profile'}",
        "--no-pdf-header-footer",
        f"--print-to-pdf={target}",
        source.as_uri(),
    )


def converted(source: Path, ending: str, work: Path, filter_: str = "") -> Path:
    """Convert with LibreOffice Writer."""
    run(
        "soffice",
        "--headless",
        f"-env:UserInstallation={(work / 'office').as_uri()}",
        "--infilter=HTML (StarWriter)" if source.suffix == ".html" else "--norestore",
        "--convert-to",
        f"{ending}:{filter_}" if filter_ else ending,
        "--outdir",
        str(work),
        str(source),
    )
    return work / f"{source.stem}.{ending}"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        for name, paper in PAPERS.items():
            site = page(
                f'{SITE}<div id="content"><div class="field-body">{body(paper)}</div></div>{AROUND}',
                head='<meta name="DCTERMS.issued" content="2012-06-04"><meta name="dcterms.publisher" content="The Secretariat">'
                '<link rel="canonical" href="https://www.example.org/docs/outcome"><link rel="license" href="https://www.example.org/terms">',
            )
            (HERE / f"{name}.html").write_text(site, "utf-8")
            plain = work / f"{name}-plain.html"
            plain.write_text(page(body(paper), PRINT), "utf-8")
            printed(plain, HERE / f"{name}-chromium.pdf", work)
            columns = work / f"{name}-columns.html"
            columns.write_text(page(f'<div class="text">{body(paper, hyphens=True)}</div>', COLUMNS), "utf-8")
            printed(columns, HERE / f"{name}-columns.pdf", work)
            noted = work / f"{name}-writer.html"
            header = f'<div title="header"><p align="center">{HEADER}</p></div><div title="footer"><p align="center">For the use of participants</p></div>'
            noted.write_text(page(header + body(paper, notes=True)), "utf-8")
            odt = converted(noted, "odt", work, "writer8")
            shutil.copy(converted(odt, "docx", work, "MS Word 2007 XML"), HERE / f"{name}.docx")
            shutil.copy(converted(odt, "pdf", work, "writer_pdf_Export"), HERE / f"{name}-writer.pdf")
    refused()


def refused() -> None:
    """Files that must be refused: a PDF with a password, a scan."""
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        (work / "locked.html").write_text(page("<p>The Forum met in Apia from 3 to 4 June 2014.</p>"), "utf-8")
        odt = converted(work / "locked.html", "odt", work, "writer8")
        options = (
            '{"EncryptFile":{"type":"boolean","value":"true"},"DocumentOpenPassword":{"type":"string","value":"apia"}}'
        )
        shutil.copy(converted(odt, "pdf", work, f"writer_pdf_Export:{options}"), HERE / "locked.pdf")
        pixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
        (work / "scan.html").write_text(
            page(f'<img src="data:image/png;base64,{pixel}" style="width:160mm;height:200mm">'), "utf-8"
        )
        printed(work / "scan.html", HERE / "scan.pdf", work)
        invented = page(
            INVENTED,
            "@page { size: A4; margin: 25mm } td, th { border: 1px solid #888; text-align: left } body { font: 11pt serif }",
        )
        (HERE / "invented.html").write_text(invented, "utf-8")
        printed(HERE / "invented.html", HERE / "invented.pdf", work)
        (work / "invented.html").write_text(invented, "utf-8")
        odt = converted(work / "invented.html", "odt", work, "writer8")
        shutil.copy(converted(odt, "docx", work, "MS Word 2007 XML"), HERE / "invented.docx")
        shutil.copy(converted(odt, "pdf", work, "writer_pdf_Export"), HERE / "invented-writer.pdf")


INVENTED = """<h1>Second Delta Dialogue on Coastal Floods</h1><p style="text-align:center"><b>Khulna, Bangladesh, 3-4 June 2014</b></p>
<p>1. The Second Delta Dialogue was held in Khulna, Bangladesh, from 3 to 4 June 2014<sup><a href="#fn1">1</a></sup> and was opened by
the Minister of Water Resources. The Dialogue was attended by delegations of eleven States and by five organisations that are active
in the region.</p>
<ol start="2"><li>Ministers agreed:<ol type="a"><li>to open a fund for early warning; and</li><li>to meet again in 2016.</li></ol></li>
<li>The Dialogue asked its secretariat to prepare a plan of work for the years 2015 to 2017.</li></ol>
<ul><li>A first point of the list that is long enough to go over the end of the line and into the second line of the item.</li>
<li>A second point.<ul><li>A nested one.</li></ul></li></ul>
<h2>Annex I: List of participants</h2>
<table><tr><th>State</th><th>Name</th><th>Position</th></tr><tr><td>Bangladesh</td><td>Mr A. Rahman</td><td>Secretary, Ministry of
Water Resources, and chair of the national committee for the prevention of floods along the coast</td></tr><tr><td>Egypt</td>
<td>Ms B. Nour</td><td>Director of Coasts</td></tr><tr><td>Viet Nam</td><td>Dr Nguyen Van C</td><td>Head of Department, Ministry of
Agriculture and Rural Development</td></tr></table>
<p>The table above was closed on the second day of the Dialogue, and nobody asked for it to be opened again thereafter.</p>
<p id="fn1" style="font-size:8pt"><sup>1</sup> All times are local.</p>"""


if __name__ == "__main__":
    main()
