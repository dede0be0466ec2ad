"""Ordinals in figures, words and Roman numerals: '9th', 'Forty-fifth', 'XVI', 'COP21'."""

from __future__ import annotations

import re

from graph_build import rules

_WORDS = rules.tables("words")
_UNITS = {w: i for i, w in enumerate(_WORDS["ordinal_units"], 1)}
_TENS = {w: 10 * (i + 2) for i, w in enumerate(_WORDS["ordinal_tens"])}
_TENS_BEFORE = {w: 10 * (i + 2) for i, w in enumerate(_WORDS["cardinal_tens"])}
_ROMAN = {"I": 1, "V": 5, "X": 10, "L": 50}
_SMALL_UNITS = "|".join(list(_UNITS)[:9])
PATTERN = (
    rf"(?:\d{{1,3}}\s?(?:st|nd|rd|th)|(?:(?:{'|'.join(_TENS_BEFORE)})[- ])?(?:{_SMALL_UNITS})"
    rf"|{'|'.join([*list(_UNITS)[9:], *_TENS])}|inaugural)"
)
_ORDINAL = re.compile(rf"(?i)(?<![\w-])({PATTERN})(?![\w-])")


def ordinal(text: str) -> str:
    """The first ordinal of a text in figures ('9' for 'Ninth', '45' for 'Forty-fifth'); '' where there is none."""
    match = _ORDINAL.search(text)
    if match:
        word = match.group(1).lower()
        if word == "inaugural":
            return "1"
        digits = re.match(r"\d+", word)
        if digits:
            return digits.group()
        if word in _UNITS:
            return str(_UNITS[word])
        if word in _TENS:
            return str(_TENS[word])
        tens, unit = re.split(r"[- ]", word)
        return str(_TENS_BEFORE[tens] + _UNITS[unit])
    roman = re.match(r"(?:the\s+)?([IVXL]{1,6})\s+[A-Z]", text)
    if roman:
        total = 0
        values = [_ROMAN[c] for c in roman.group(1)]
        for i, v in enumerate(values):
            total += -v if i + 1 < len(values) and values[i + 1] > v else v
        return str(total)
    number = re.match(r"(?:COP|CMP|MOP)\s?-?(\d{1,3})\b", text)
    return number.group(1) if number else ""
