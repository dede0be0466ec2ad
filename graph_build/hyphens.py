"""Whether a hyphen at the end of a line belongs to the word that it breaks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

WORD = re.compile(r"\w+(?:[-‐]\w+)*")
_BROKEN = re.compile(r"\w{1,40}[-‐][^\S\n]*\n\s*\w{1,40}")


@dataclass
class Words:
    """The words of a text, looked up only when a line ends in a hyphen."""

    text: str

    @cached_property
    def known(self) -> frozenset[str]:
        whole = _BROKEN.sub(" ", self.text)
        found = {m[0].lower().replace("‐", "-") for m in WORD.finditer(whole)}
        # 'police-to-police' is known by its halves too: a line may break at either hyphen.
        found |= {f"{a}-{b}" for word in found if word.count("-") > 1 for a, b in pairwise(word.split("-"))}
        return frozenset(found)

    @cached_property
    def singles(self) -> frozenset[str]:
        return frozenset(part for word in self.known for part in (word.split("-") if "-" in word else (word,)))


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_COMPOUND = _words(
    """
    well self non multi cross socio anti counter ex high low long short vice all half mid full part first second
    third one two three four five six ten year end follow decision policy law state people inter intra trans pan
    euro afro south north east west asia pacific indo sub post pre pro semi quasi mini over under so co ad bi re
    early late people-to people medium large small fact start on off up
    """
)
_ENDINGS = _words(
    """
    tion sion ment ments tions sions ing ings ity ities able ible ness tive tives ical ically ance ence ances
    ences ally ary ory ories ous ious ure ures ism ist ists ized ised izing ising cation cations tional ural als
    ers ation ations ating ated ates ator ators ties ted ting ters ture tures gration grants nity nities cies cial tial ern erns ger gers ble bly cy ty
    ly ed
    """
)


def keeps_hyphen(left: str, right: str, words: Words) -> bool:
    """Whether the hyphen at the end of a line belongs to the word: 'well-\\nbeing' yes, 'coopera-\\ntion' no.

    The document itself is asked first: which of the two forms does it write elsewhere.
    """
    if not right[0].islower() or not left[-1].islower():
        return True
    a, b = left.lower(), right.lower()
    if f"{a}-{b}" in words.known and a + b not in words.known:
        return True
    if a + b in words.known:
        return False
    if b in _ENDINGS:
        return False
    if a in _COMPOUND or b in ("to", "of", "in", "on", "up", "out", "off", "by", "and", "the"):
        return True
    return a in words.singles and b in words.singles and len(a) > 2 and len(b) > 2
