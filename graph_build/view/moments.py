"""Dates on a line: days of dates that may be known to the year only, and a scale from days to pixels."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


def first_day(text: str) -> int | None:
    """The first day that a date (YYYY, YYYY-MM or YYYY-MM-DD) may mean, as a proleptic ordinal; None for anything else."""
    return _day(text, last=False)


def last_day(text: str) -> int | None:
    """The last day that a date may mean."""
    return _day(text, last=True)


def _day(text: str, last: bool) -> int | None:
    found = re.fullmatch(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?", text)
    if not found:
        return None
    year, month, day = (int(g) if g else 0 for g in found.groups())
    if month > 12:
        return None
    try:
        if not last:
            return date(year, month or 1, day or 1).toordinal()
        if day:
            return date(year, month, day).toordinal()
        if month:
            return (date(year + (month == 12), month % 12 + 1, 1)).toordinal() - 1
        return date(year, 12, 31).toordinal()
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on the axis: its day and its label ('' for a lesser one)."""

    day: int
    label: str


@dataclass(frozen=True, slots=True)
class Scale:
    """Days to pixels, linear but for breaks: long empty stretches that are drawn shorter, and marked where they are.

    breaks  (first day, last day) of each stretch that is cut
    """

    start: int
    left: float
    per_day: float
    breaks: tuple[tuple[int, int], ...] = ()
    broken: float = 46.0

    def x(self, day: float) -> float:
        """The place of a day."""
        at = self.left + (day - self.start) * self.per_day
        for first, last in self.breaks:
            if day <= first:
                break
            inside = min(day, last) - first
            at += inside / (last - first) * self.broken - inside * self.per_day
        return at


def fit(spans: Sequence[tuple[int, int, float]], left: float, right: float, least: float = 0.0) -> Scale:
    """A scale on which all spans (first day, last day, breadth in px needed from the first) end before `right`.

    Stretches in which nothing begins or goes on, longer than three years and a third of the whole, are broken.
    least  days that the axis spans at least
    """
    start = min(s for s, _, _ in spans)
    breaks = _breaks(spans)

    def place(per_day: float) -> Scale:
        return Scale(start, left, per_day, breaks)

    low, high = 0.0, (right - left) / max(1.0, least, 30.0)
    for _ in range(48):
        middle = (low + high) / 2
        scale = place(middle)
        if all(max(scale.x(s) + broad, scale.x(e)) <= right for s, e, broad in spans):
            low = middle
        else:
            high = middle
    return place(round(low, 6))


def _breaks(spans: Sequence[tuple[int, int, float]]) -> tuple[tuple[int, int], ...]:
    whole = max(e for _, e, _ in spans) - min(s for s, _, _ in spans)
    found: list[tuple[int, int]] = []
    reached = min(s for s, _, _ in spans)
    for start, end, _ in sorted(spans):
        if start - reached > max(3 * 365, whole / 3):
            # Half a year on each side keeps what stands beside the break apart from it.
            found.append((reached + 183, start - 183))
        reached = max(reached, end)
    return tuple(found)


def ticks(scale: Scale, last: int, right: float, room: float = 56) -> tuple[Tick, ...]:
    """Marks from the start of a scale to `right` px, their labels at least `room` px apart: years, months or days."""
    first = date.fromordinal(scale.start)
    if scale.per_day * 365 >= room * 8:
        made = [_month(m) for m in _months(first, last + 400)]
        if scale.per_day * 30 >= room * 6:
            made = [
                Tick(d, _dayname(d))
                for d in range(scale.start, scale.start + int((right - scale.left) / scale.per_day) + 1)
            ]
    else:
        made = [
            Tick(date(y, 1, 1).toordinal(), str(y))
            for y in range(first.year, date.fromordinal(min(last, 3_000_000)).year + 60)
        ]
    kept: list[Tick] = []
    at = -1e9
    for tick in made:
        x = scale.x(tick.day)
        if tick.day < scale.start or x > right - room / 2 or any(a < tick.day < b for a, b in scale.breaks):
            continue
        if x - at >= room:
            kept.append(tick)
            at = x
        elif x - at > 3:
            kept.append(Tick(tick.day, ""))
    return tuple(kept)


def _months(first: date, last: int) -> Iterable[date]:
    year, month = first.year, first.month
    while date(year, month, 1).toordinal() <= last:
        yield date(year, month, 1)
        year, month = year + (month == 12), month % 12 + 1


def _month(at: date) -> Tick:
    return Tick(at.toordinal(), f"{_MONTHS[at.month - 1]} {at.year}")


def _dayname(day: int) -> str:
    at = date.fromordinal(day)
    return f"{at.day} {_MONTHS[at.month - 1]} {at.year}"
