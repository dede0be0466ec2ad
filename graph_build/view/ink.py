"""SVG as text: every attribute escaped, every number rounded to a tenth, every text selectable.

Colours are those of Okabe and Ito (2008), darkened until text in them has a contrast of at least 4.5 to 1 on their
ground (WCAG 2.2, 1.4.3). No meaning hangs on colour alone: kinds have icons and lanes, gaps have dashes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from graph_build.view.measure import FONT, readable

LINE = 1.3
"""Distance of two base lines, in font sizes."""

LIGHT = {
    "ground": "#ffffff", "card": "#ffffff", "band": "#f4f5f7", "ink": "#1b1f24", "soft": "#4d5560", "rule": "#c3c9d1",
    "edge": "#4d5560", "focus": "#fff6dc", "meeting": "#0b5394", "mandate": "#a33b00", "body": "#006b4f",
    "instrument": "#7b2d79", "actor": "#1b1f24", "gap": "#7a4a00", "other": "#4d5560",
}  # fmt: skip
DARK = {
    "ground": "#14171b", "card": "#1d2127", "band": "#191d22", "ink": "#eef1f4", "soft": "#b4bcc6", "rule": "#454c55",
    "edge": "#aab2bc", "focus": "#3a3115", "meeting": "#7cc0f5", "mandate": "#ff9d66", "body": "#5fd3ae",
    "instrument": "#e0a2dd", "actor": "#eef1f4", "gap": "#f0c060", "other": "#b4bcc6",
}  # fmt: skip
FAMILIES = ("meeting", "mandate", "body", "instrument", "actor", "gap", "other")

_FAMILY = {
    "Meeting": "meeting", "MeetingSeries": "meeting", "Directive": "mandate", "Decision": "mandate", "Pledge": "mandate",
    "Recommendation": "mandate", "Silent": "mandate", "Body": "body", "Organisation": "body", "Instrument": "instrument",
    "InstrumentSeries": "instrument", "State": "actor", "Person": "actor", "Gap": "gap", "Document": "instrument",
}  # fmt: skip


def family(kind: str) -> str:
    """The family of a class, by which it is coloured and given its icon."""
    return _FAMILY.get(kind, "other")


def _rules(colours: dict[str, str]) -> str:
    c = colours
    rules = [
        f".cq-ground{{fill:{c['ground']}}}",
        f".cq-band{{fill:{c['band']}}}",
        f".cq-card{{fill:{c['card']};stroke:{c['soft']}}}",
        f".cq-card.cq-l-gap{{stroke:{c['gap']}}}",
        f".cq-focus{{fill:{c['focus']}}}",
        f".cq-chip{{fill:{c['ground']};stroke:{c['rule']};stroke-width:.8}}",
        f".cq-plate{{fill:{c['ground']}}}",
        f".cq-t{{fill:{c['ink']}}}",
        f".cq-s{{fill:{c['soft']}}}",
        f".cq-rule{{stroke:{c['rule']}}}",
        f".cq-edge{{stroke:{c['edge']};fill:none}}",
        f".cq-head{{fill:{c['edge']};stroke:none}}",
        f".cq-open{{fill:{c['ground']};stroke:{c['gap']}}}",
    ]
    for name in FAMILIES:
        rules.append(f".cq-f-{name}{{fill:{c[name]}}}")
        rules.append(f".cq-l-{name}{{stroke:{c[name]}}}")
    rules.append(f".cq-edge.cq-l-gap{{stroke:{c['gap']}}}")
    return "".join(rules)


STYLE = (
    f"text{{font-family:{FONT}}}.cq-b{{font-weight:bold}}.cq-i{{font-style:italic}}"
    ".cq-card,.cq-edge{stroke-width:1.2}.cq-dash{stroke-dasharray:5 4}.cq-dot{stroke-dasharray:1.5 4}"
    + _rules(LIGHT)
    + f"@media screen and (prefers-color-scheme:dark){{{_rules(DARK)}}}"
)


def n(value: float) -> str:
    """A coordinate to a tenth of a pixel, without a needless fraction."""
    text = f"{value:.1f}"
    return text[:-2] if text.endswith(".0") else text


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle: left, top, right, bottom in px."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Box, margin: float = 0) -> bool:
        """Whether the two overlap, or come nearer than `margin`."""
        return (
            self.left < other.right + margin and other.left < self.right + margin
            and self.top < other.bottom + margin and other.top < self.bottom + margin
        )  # fmt: skip


class Ink:
    """An SVG document that is being drawn."""

    def __init__(self, title: str, summary: str) -> None:
        self.title, self.summary = readable(title), readable(summary)
        self.parts: list[str] = []

    def put(self, tag: str, **attributes: object) -> None:
        """An empty element; `class_` is its class, underscores in names stand for hyphens."""
        self.parts.append(f"<{tag}{_attributes(attributes)}/>")

    def open(self, tag: str, title: str = "", **attributes: object) -> None:
        """Open an element, with a tooltip where there is a title."""
        self.parts.append(
            f"<{tag}{_attributes(attributes)}>" + (f"<title>{escape(_long(title))}</title>" if title else "")
        )

    def close(self, tag: str) -> None:
        """Close the element."""
        self.parts.append(f"</{tag}>\n")

    def text(
        self, x: float, y: float, lines: Sequence[str] | str, size: float, style: str = "cq-t", anchor: str = "start"
    ) -> float:
        """Lines of text, the first on the base line `y`; the base line of the line after the last."""
        for line in [lines] if isinstance(lines, str) else lines:
            put = {"x": n(x), "y": n(y), "font_size": n(size), "class_": style}
            if anchor != "start":
                put["text_anchor"] = anchor
            self.parts.append(f"<text{_attributes(put)}>{escape(readable(line))}</text>")
            y += size * LINE
        return y

    def icon(self, what: str, x: float, y: float, size: float = 12) -> None:
        """The icon of a family, in a square of `size` px with this upper left corner."""
        s = size / 12

        def p(*at: tuple[float, float]) -> str:
            return " ".join(f"{n(x + a * s)} {n(y + b * s)}" for a, b in at)

        fill = f"cq-f-{what}"
        if what == "meeting":
            self.put("circle", cx=n(x + 6 * s), cy=n(y + 6 * s), r=n(5 * s), class_=fill)
        elif what == "mandate":
            self.put(
                "path",
                d=f"M{p((1, 0), (2.6, 0), (2.6, 1), (11.5, 1), (9, 4), (11.5, 7), (2.6, 7), (2.6, 12), (1, 12))}Z",
                class_=fill,
            )
        elif what == "body":
            self.put(
                "path", d=f"M{p((6, 0.4), (11.2, 3.2), (11.2, 8.8), (6, 11.6), (0.8, 8.8), (0.8, 3.2))}Z", class_=fill
            )
        elif what == "instrument":
            self.put("path", d=f"M{p((1.5, 0), (7.5, 0), (10.5, 3), (10.5, 12), (1.5, 12))}Z", class_=fill)
        elif what == "gap":
            self.put("circle", cx=n(x + 6 * s), cy=n(y + 6 * s), r=n(4.4 * s), class_="cq-open", stroke_width="1.6")
        else:
            self.put("rect", x=n(x + s), y=n(y + s), width=n(10 * s), height=n(10 * s), class_=fill)

    def document(self, width: float, height: float, below_title: float = 0) -> str:
        """The whole document, with its title and description, on a ground of its own.

        below_title  where the title ends, so that a page that has it as a heading can leave it out
        """
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {n(width)} {n(height)}" width="{n(width)}" '
            f'height="{n(height)}" role="img" class="cq-picture" data-w="{n(width)}" data-h="{n(height)}" data-top="{n(below_title)}">'
            f"<title>{escape(self.title)}</title><desc>{escape(self.summary)}</desc>"
            f"<style>{STYLE}</style>"
            f'<rect class="cq-ground" width="{n(width)}" height="{n(height)}"/>\n' + "".join(self.parts) + "</svg>\n"
        )


def _attributes(given: Mapping[str, object]) -> str:
    return "".join(
        f" {name.rstrip('_').replace('_', '-')}={quoteattr(readable(n(v) if isinstance(v, float) else str(v)))}"
        for name, v in given.items()
        if v is not None and v != ""
    )


def _long(title: str) -> str:
    return "\n".join(readable(line) for line in title.split("\n"))
