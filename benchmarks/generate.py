"""Papers of invented forums, as many as wanted: names, dates, places and wording vary; the same seed, the same bytes.

Run `python -m benchmarks.generate 500 FOLDER`. A forum holds ministerial conferences that direct, establish and adopt;
its working groups hold workshops that deliver on them and feed work plans. Each paper holds two to five kilobytes of
text. With `mixed`, of every ten papers five are text, two HTML, two DOCX and one PDF.
"""

from __future__ import annotations

import io
import re
import sys
import textwrap
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from html import escape
from pathlib import Path
from random import Random

SEED = 20150325
PER_FORUM = 12
"""Papers of one forum: a corpus of n papers has about n / 12 forums, as a collection of many series has."""

RIVERS = "Aster Belmar Corvin Dunmore Eskala Farrow Galdin Hesper Imbria Jorvik Kelda Lorne Mirren Norvik Osmund Pelham Quarin Rostov Selwyn Tavira Ulster Varna Wexley Yarrow Zelda".split()
WATERS = "Strait,Basin,Corridor,Gulf,Delta,Plateau,Coast,Highlands,Lakes,Channel".split(",")
CAUSES = (
    "Illegal Fishing,Maritime Safety,Trafficking in Persons,Disaster Preparedness,Cross-Border Crime,Labour Migration,"
    "Wildlife Trade,Document Fraud,Money Laundering,Port Security,Air Quality,Water Management"
).split(",")
KINDS = ["Process", "Dialogue", "Forum", "Partnership", "Initiative"]
EVENTS = ["Workshop", "Symposium", "Technical Workshop", "Regional Symposium", "Training", "Seminar"]
PLACES = [
    ("Bangkok", "Thailand"),
    ("Jakarta", "Indonesia"),
    ("Manila", "Philippines"),
    ("Canberra", "Australia"),
    ("Colombo", "Sri Lanka"),
    ("Kuala Lumpur", "Malaysia"),
    ("Hanoi", "Viet Nam"),
    ("Suva", "Fiji"),
    ("Wellington", "New Zealand"),
    ("Dhaka", "Bangladesh"),
    ("Nairobi", "Kenya"),
    ("Lima", "Peru"),
    ("Ottawa", "Canada"),
    ("Oslo", "Norway"),
    ("Accra", "Ghana"),
    ("Amman", "Jordan"),
]
STATES = (
    "Afghanistan,Australia,Bangladesh,Brunei Darussalam,Cambodia,China,Fiji,France,India,Indonesia,Iraq,Japan,Jordan,"
    "Kiribati,Lao PDR,Malaysia,Maldives,Mongolia,Myanmar,Nauru,Nepal,New Zealand,Pakistan,Palau,Papua New Guinea,"
    "Philippines,Republic of Korea,Samoa,Singapore,Solomon Islands,Sri Lanka,Thailand,Timor-Leste,Tonga,Tuvalu,"
    "United Arab Emirates,United States,Vanuatu,Viet Nam"
).split(",")
BODIES = [
    "International Organization for Migration (IOM)",
    "International Labour Organization (ILO)",
    "United Nations High Commissioner for Refugees (UNHCR)",
    "United Nations Office on Drugs and Crime (UNODC)",
    "INTERPOL",
]
FIRST = "Amara Boris Chitra Daniel Elena Farid Grace Hiro Ines Jonas Kavita Liam Mariam Nadia Omar Priya Rosa Samir Tomas Uma".split()
LAST = "Abara Bentley Castro Dewan Eriksen Fonseka Gunawan Hoang Ibarra Jansen Kapoor Laurent Mendis Nakata Okafor Perera Quiroga Rahman Santos Tanaka".split()
POSTS = ["Director General", "Assistant Secretary", "Ambassador", "Deputy Minister", "Executive Director"]
UNITS = [
    "Ministry of Foreign Affairs",
    "Ministry of Justice",
    "Department of Home Affairs",
    "Office of the Attorney General",
]
MONTHS = "January February March April May June July August September October November December".split()
ACTIONS = [
    "strengthen national legislation on {cause}",
    "share information on {cause} in a timely manner",
    "train frontline officials to recognise cases related to {cause}",
    "develop common standards for the protection of those affected",
    "improve cooperation between law enforcement agencies of the region",
    "establish national contact points for {cause}",
    "review existing procedures with a view to closing gaps",
]
TALK = [
    "Discussion covered the experience of several members and the gaps that remain.",
    "Presentations showed how quickly the methods of offenders change, and what that asks of those who work against them.",
    "A panel of practitioners described three cases from investigation to judgment.",
    "Speakers underlined the part of civil society and of the private sector.",
]
ORDINALS = "First Second Third Fourth Fifth Sixth Seventh Eighth Ninth Tenth".split()


@dataclass(frozen=True)
class Forum:
    """An invented forum: its name, causes, and when its ministers first met."""

    name: str
    causes: tuple[str, ...]
    year: int

    @property
    def group(self) -> str:
        return f"{self.name} Working Group on {self.causes[0]}"


def forum(index: int, random: Random) -> Forum:
    """The forum of an index; names repeat only after a few thousand."""
    river = RIVERS[index % len(RIVERS)]
    water = WATERS[index // len(RIVERS) % len(WATERS)]
    kind = KINDS[index // (len(RIVERS) * len(WATERS)) % len(KINDS)]
    return Forum(f"{river} {water} {kind}", tuple(random.sample(CAUSES, 3)), random.randint(1998, 2012))


def papers(count: int, seed: int = SEED) -> list[tuple[str, str]]:
    """File names and texts of so many papers."""
    made = []
    for index in range(count):
        group, number = divmod(index, PER_FORUM)
        random = Random(f"{seed} forum {group}")
        of = forum(group, random)
        own = Random(f"{seed} paper {index}")
        text = conference(of, number // 4, own) if number % 4 == 0 else workshop(of, number, own)
        made.append((f"{of.name.lower().replace(' ', '-')}/{number:02}.txt", text))
    return made


def write(folder: Path, count: int, seed: int = SEED, mixed: bool = False) -> int:
    """Write papers below a folder; their size in bytes."""
    size = 0
    for i, (name, text) in enumerate(papers(count, seed)):
        ending, form = FORMS[MIX[i % len(MIX)]] if mixed else FORMS["t"]
        path = (folder / name).with_suffix(ending)
        path.parent.mkdir(parents=True, exist_ok=True)
        data = form(text)
        path.write_bytes(data)
        size += len(data)
    return size


def _blocks(text: str) -> list[list[str]]:
    """The lines of each paragraph of a text."""
    return [block.removeprefix("## ").split("\n") for block in text.strip().split("\n\n")]


def as_html(text: str) -> bytes:
    """A text as a page: its first lines a heading, the others paragraphs and lists."""
    first, *rest = _blocks(text)
    made = [f"<h1>{'<br>'.join(map(escape, first))}</h1>"]
    for lines in rest:
        if lines[0].startswith("- "):
            made.append(f"<ul>{''.join(f'<li>{escape(line[2:])}</li>' for line in lines)}</ul>")
        else:
            made.append(f"<p>{escape(' '.join(lines))}</p>")
    body = "\n".join(made)
    return f"<!DOCTYPE html><html lang='en'><head><title>{escape(first[0])}</title></head><body>\n{body}\n</body></html>".encode()


def as_docx(text: str) -> bytes:
    """A text as a Word file: each of its lines a paragraph."""
    word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
    package = "http://schemas.openxmlformats.org/package/2006"
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    lines = [line.removeprefix("- ") for block in _blocks(text) for line in block]
    paragraphs = "".join(f"<w:p><w:r><w:t>{escape(line)}</w:t></w:r></w:p>" for line in lines)
    files = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="rels" '
        f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{kind}"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships">'
        f'<Relationship Id="rId1" Type="{office}" Target="word/document.xml"/></Relationships>',
        "word/document.xml": f'<w:document xmlns:w="{word}"><w:body>{paragraphs}</w:body></w:document>',
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package_file:
        for name, content in files.items():
            package_file.writestr(zipfile.ZipInfo(name, (2015, 3, 25, 0, 0, 0)), content)
    return out.getvalue()


_ESCAPED = re.compile(r"[()\\]")


def _escape(match: re.Match[str]) -> str:
    return f"\\{match[0]}"


def as_pdf(text: str) -> bytes:
    """A text as pages of lines in Helvetica, as a printer driver sets them."""
    lines: list[str] = []
    for block in _blocks(text):
        lines += [wrapped for line in block for wrapped in textwrap.wrap(line, 95)]
        lines.append("")
    pages = [lines[i : i + 48] for i in range(0, len(lines), 48)]
    kids = " ".join(f"{4 + 2 * i} 0 R" for i in range(len(pages)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for i, page in enumerate(pages):
        shown = "".join(f"({_ESCAPED.sub(_escape, line)}) Tj T*\n" for line in page)
        stream = f"BT /F1 11 Tf 14 TL 60 780 Td\n{shown}ET"
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {5 + 2 * i} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>"
        )
        objects.append(f"<< /Length {len(stream.encode('cp1252'))} >>\nstream\n{stream}\nendstream")
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode("cp1252")
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    end = f"xref\n0 {len(places) + 1}\n0000000000 65535 f \n{table}trailer\n<< /Size {len(places) + 1} /Root 1 0 R >>\n"
    return out + f"{end}startxref\n{len(out)}\n%%EOF\n".encode()


FORMS: dict[str, tuple[str, Callable[[str], bytes]]] = {
    "t": (".txt", str.encode),
    "h": (".html", as_html),
    "w": (".docx", as_docx),
    "p": (".pdf", as_pdf),
}
MIX = "thtwtptwth"
"""The formats of ten papers in turn, by their letters."""


def conference(of: Forum, number: int, random: Random) -> str:
    """A ministerial conference: directs, establishes, adopts."""
    day = _conference_day(of, number)
    city, country = PLACES[(of.year + number) % len(PLACES)]
    hosts = random.sample([s for s in STATES if s != country], 1)
    ordinal = ORDINALS[number]
    title = f"{of.name}\n{ordinal} Ministerial Conference\n{city}, {country}, {_day(day)}\nCo-Chairs' Statement"
    blocks = [
        f"The {ordinal} Ministerial Conference of the {of.name} was held in {city}, {country}, on {_day(day)}. "
        f"The Governments of {country} and {hosts[0]} co-hosted the conference.",
        f"The conference was attended by ministers and representatives from {_list(random.sample(STATES, random.randint(8, 25)))}. "
        f"{_list(random.sample(BODIES, 3))} also participated.",
        f"Ministers directed the Steering Group to establish a {of.group} to focus on {of.causes[0].lower()}.",
        f"Ministers agreed to {_action(of, random)}.",
        f"Ministers adopted the {of.name} Work Plan {day.year}-{day.year + 2}.",
        random.choice(TALK),
        f"Ministers called on members to {_action(of, random)} and to {_action(of, random)}.",
    ]
    return _paper(title, blocks, random)


def workshop(of: Forum, number: int, random: Random) -> str:
    """A workshop of the forum's working group: delivers on the conference, recommends, feeds the plan."""
    before = _conference_day(of, number // 4)
    day = before + timedelta(days=150 + 40 * (number % 4) + random.randint(0, 20))
    city, country = random.choice(PLACES)
    host, other = random.sample([s for s in STATES if s != country], 2)
    cause = of.causes[number % len(of.causes)]
    name = f"{of.name} {random.choice(EVENTS)} on {cause}"
    last = day + timedelta(days=1)
    title = f"{name}\n{_range(day, last)}, {city}, {country}\nCo-Chairs' Summary"
    person, second = (f"{random.choice(FIRST)} {random.choice(LAST)}" for _ in range(2))
    blocks = [
        f"The Governments of {host} and {other} co-hosted the {name} in {city}, {country} on {_range(day, last)}.",
        f"The workshop delivered on a commitment made at the {ORDINALS[number // 4]} Ministerial Conference of the "
        f"{of.name} held on {_day(before)}, where Ministers directed the Steering Group to establish a {of.group}.",
        f"The workshop was co-chaired by Mr {person}, {random.choice(POSTS)}, {random.choice(UNITS)} of {host}, and "
        f"Ms {second}, {random.choice(POSTS)}, {random.choice(UNITS)} of {other}.",
        f"{random.randint(30, 160)} participants attended, from {_list(random.sample(STATES, random.randint(6, 20)))}, and "
        f"from {_list(random.sample(BODIES, 2))}.",
        random.choice(TALK),
        f"Participants agreed on the need to {_action(of, random)}.",
        f"Participants recommended that members {_action(of, random)}.",
        "Participants identified the following areas for further work:\n\n"
        + "\n".join(f"- the need to {_action(of, random)}" for _ in range(random.randint(2, 4))),
        f"Outcomes from the workshop will be considered at the next meeting of the {of.group}.",
        f"Items that build upon the themes identified have been incorporated into the {of.name} Work Plan "
        f"{before.year}-{before.year + 2}.",
    ]
    return _paper(title, blocks, random)


def _conference_day(of: Forum, number: int) -> date:
    return date(of.year + 3 * number, 1 + len(of.name) % 12, 1 + of.year % 27)


def _action(of: Forum, random: Random) -> str:
    return random.choice(ACTIONS).format(cause=random.choice(of.causes).lower())


def _list(names: list[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]


def _day(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def _range(first: date, last: date) -> str:
    if first.month == last.month:
        return f"{first.day}-{last.day} {MONTHS[first.month - 1]} {first.year}"
    return f"{_day(first)} to {_day(last)}"


def _paper(title: str, blocks: list[str], random: Random) -> str:
    style = random.randint(0, 2)
    if style == 0:
        body = "\n\n".join(f"{number}. {block}" for number, block in enumerate(blocks, 1))
    elif style == 1:
        body = "\n\n".join(blocks)
    else:
        body = "\n\n".join([f"## Opening\n\n{blocks[0]}", *blocks[1:-1], f"## Next steps\n\n{blocks[-1]}"])
    return f"{title}\n\n{body}\n"


if __name__ == "__main__":
    print(f"{write(Path(sys.argv[2]), int(sys.argv[1])):,} bytes")
