"""Pages per second and peak memory of each format's reader, against plain text extraction by the same library.

    python benchmarks/formats.py [FILE ...] [--rounds 5] [--times 20]

Ours: the whole reader (columns, tables, notes, running headers, offsets of every word), in this process. Plain: what the
library gives without layout: pypdfium2's text of each page, python-docx's paragraphs, selectolax's text of the body, lxml's
itertext. Both read each file `--times` times a round, in turn, after one round that is not counted; printed are the median
of the rounds, in pages (of 3,000 characters where the format has none) per second of processor time, the ratio, and the
peak resident memory of a process that reads the file once. Default files: tests/formats.
"""

from __future__ import annotations

import argparse
import io
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from graph_build.read.akn import read_akn  # noqa: E402  # the package is found only behind the line above
from graph_build.read.docx import read_docx  # noqa: E402
from graph_build.read.html import read_html  # noqa: E402
from graph_build.read.pdf import read_pdf  # noqa: E402
from graph_build.read.reading import decoded  # noqa: E402


def plain_pdf(data: bytes) -> str:
    import pypdfium2

    document = pypdfium2.PdfDocument(data)
    try:
        return "\f".join(page.get_textpage().get_text_range() for page in document)
    finally:
        document.close()


def plain_docx(data: bytes) -> str:
    import docx

    return "\n".join(p.text for p in docx.Document(io.BytesIO(data)).paragraphs)


def plain_html(data: bytes) -> str:
    from selectolax.lexbor import LexborHTMLParser

    body = LexborHTMLParser(data.decode("utf-8", "replace")).body
    return body.text() if body is not None else ""


def plain_akn(data: bytes) -> str:
    from lxml import etree

    return "".join(str(t) for t in etree.fromstring(data).itertext())


Reader = Callable[[bytes], object]
READERS: dict[str, tuple[Reader, Reader]] = {
    ".pdf": (read_pdf, plain_pdf),
    ".docx": (read_docx, plain_docx),
    ".html": (read_html, plain_html),
    ".xml": (read_akn, plain_akn),
}


def seconds(reader: Reader, papers: list[bytes], times: int) -> float:
    start = time.process_time()
    for _ in range(times):
        for data in papers:
            reader(data)
    return time.process_time() - start


def peak(which: int, path: Path) -> float:
    """Peak resident memory in MB of a process that reads one file with our reader (0) or the plain one (1)."""
    code = f"import sys; sys.path.insert(0, {str(ROOT)!r}); from benchmarks.formats import once; once({which}, {str(path)!r})"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    return int(done.stdout) / 1024


def once(which: int, path: str) -> None:
    READERS[Path(path).suffix][which](Path(path).read_bytes())
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


def main() -> None:
    """Run all readers and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--times", type=int, default=20)
    args = parser.parse_args()
    refused = ("locked", "scan")
    files = args.files or sorted(
        p for p in (ROOT / "tests" / "formats").iterdir() if p.suffix in READERS and p.stem not in refused
    )
    print(f"{'format':8}{'files':>6}{'pages':>7}{'pages/s':>10}{'plain':>10}{'ratio':>8}{'MB':>8}{'plain MB':>10}")
    for suffix, (ours, plain) in READERS.items():
        papers = [p for p in files if p.suffix == suffix]
        if not papers:
            continue
        contents = [p.read_bytes() for p in papers]
        readings = [
            decoded(r, p.name) for p, c in zip(papers, contents, strict=True) if isinstance(r := ours(c), bytes)
        ]
        pages = sum(len(r.pages) or max(1.0, len(r.text) / 3000) for r in readings)
        taken: tuple[list[float], list[float]] = ([], [])
        for round_ in range(args.rounds + 1):
            for at, reader in enumerate((ours, plain)):
                spent = seconds(reader, contents, args.times)
                if round_:
                    taken[at].append(spent)
        speeds = [pages * args.times / statistics.median(t) for t in taken]
        largest = max(papers, key=lambda p: p.stat().st_size)
        memory = [peak(which, largest) for which in (0, 1)]
        print(
            f"{suffix[1:]:8}{len(papers):>6}{pages:>7.0f}{speeds[0]:>10.0f}{speeds[1]:>10.0f}{speeds[0] / speeds[1]:>8.2f}"
            f"{memory[0]:>8.0f}{memory[1]:>10.0f}"
        )


if __name__ == "__main__":
    main()
