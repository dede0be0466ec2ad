"""Periods: whether a date falls between two years."""

from __future__ import annotations

import re

from graph_build.errors import QueryError


def within(date: str, since: str = "", until: str = "") -> bool:
    """Whether a date is in a year from `since` to `until`, both included ('' is open); undated is in no stated period.

    Raises QueryError where these are no years.
    """
    for year in (since, until):
        if year and not re.fullmatch(r"\d{4}", year, re.ASCII):
            raise QueryError(f"{year!r} is not a year", mend="give it as YYYY")
    if not since and not until:
        return True
    return bool(date) and (not since or date[:4] >= since) and (not until or date[:4] <= until)
