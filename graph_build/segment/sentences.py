"""Where sentences end: an ordered list of small rules over places where one might.

A rule sees a place (a stop with white space and a capital, figure or quotation mark behind it) and says
`True` (the sentence ends here), `False` (it goes on) or `None` (not for me to say). The first that speaks decides.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from graph_build.records import Sentence
from graph_build.segment.lines import words_of

_PLACE = re.compile(
    r"""(?:[.!?…]+["'”’)\]»]*\s+(?=["'“‘(\[«€$£¥]{0,3}[^\W_a-z]) | (?<=[a-z]{3})[.!?](?=[A-Z][a-z]{2}))""", re.VERBOSE
)
_LEFT = re.compile(r"[^\s(\[“‘\"]+$")
_RIGHT = re.compile(r"[\"'“‘(\[«]*([^\s]+)")


@dataclass(frozen=True, slots=True)
class Place:
    """A place where a sentence may end.

    start  where the sentence so far began
    stop   position behind the stop and the closing marks, `next` that of the next word
    left   the word before the stop, without it; right the word behind, without opening marks
    """

    text: str
    start: int
    stop: int
    next: int
    left: str
    right: str

    def before(self) -> str:
        """What stands before the left word, within the sentence: at most 40 characters."""
        at = self.text.rfind(self.left, max(self.start, self.stop - 80), self.stop)
        return self.text[max(self.start, at - 40) : at].rstrip() if at > self.start else ""


_TITLES = words_of(
    """
    mr mrs ms mx messrs mme mlle dr prof profs hon rt h.e he.h h.e.mr h.r.h h.h h.m rev fr sr st ste gen maj
    brig lt col capt cmdr sgt adm amb sen rep gov pres supt insp det atty assoc asst dep dir min pak ir drs hj
    tn s.e m
    """
)
_NUMBERED = words_of(
    """
    no nos nr art arts para paras par p pp vol vols ch chap sec sect fig figs tab res doc docs reg add corr rev
    cl col ann app ser ss s r rs us cap cf c ca approx max min est tel ext vers v ed
    """
)
_MONTHS = words_of(
    """
    jan feb mar apr jun jul aug sep sept oct nov dec
    """
)
_INNER = words_of(
    """
    e.g i.e eg ie cf vs viz resp incl excl et al.et ibid op viz. b.v s.a.r
    """
)
_FIRMS = words_of(
    """
    co ltd inc corp bros llc plc pty gmbh s.a jr sr esq dept univ inst govt intl natl assn bldg ave
    """
)
_FUNCTION = words_of(
    """
    the this these those that its it they their he she his her we our you i in on at by for from to with within without
    during over after before since when where while if as although though however moreover furthermore also additionally
    there here such some many most both each every other another several no none he/she an a and but or so yet nor
    following building based given recognising recognizing noting recalling welcoming meanwhile finally firstly first
    secondly second thirdly third lastly today looking regarding concerning despite through throughout against among
    between once until unless because who what why how which please see further in-depth
    """
)
_STARTERS = _FUNCTION | words_of(
    """
    under all participants ministers leaders members delegates delegations officials experts countries states governments
    parties heads co-chairs chairs organisers representatives observers panelists panellists speakers discussions
    recommendations
    """
)
_SPECIFIERS = words_of(
    """
    annex annexes appendix group part section track cluster schedule table attachment box figure category class
    session panel stream pillar option phase grade type block article chapter volume
    """
)
_DOTTED = re.compile(r"^(?:[A-Za-z]\.)+[A-Za-z]$")
_BARE = re.compile(r"^[(\[]?\d{1,2}$")
_LETTERED = re.compile(r"^[(\[]?[a-z]{1,3}\)?$")


def title(place: Place) -> bool | None:
    """'H.E. Mr. Don', 'Dr. Sari', 'Hon. Pat Carney'."""
    if place.left.lower() in _TITLES and place.text[place.stop - 1] == ".":
        return False
    return None


def reference(place: Place) -> bool | None:
    """'No. 5', 'Art. 12', 'paras. 3-5', 'Sept. 2015'."""
    left = place.left.lower()
    if (left in _NUMBERED or left in _MONTHS) and (
        place.right[:1].isdigit() or place.right[:2] in ("II", "IV", "VI", "XI")
    ):
        return False
    if left == "no" and place.right[:1].isalpha():
        return True
    return None


def inner(place: Place) -> bool | None:
    """'e.g. Australia', 'i.e. States', 'vs. Thailand'."""
    if place.left.lower().lstrip("(") in _INNER:
        return False
    return None


def firm(place: Place) -> bool | None:
    """'Meta Co. Ltd.', 'Smith Jr.': goes on, unless a word follows with which sentences begin."""
    if place.left.lower() in _FIRMS and place.left[:1].isupper():
        return _starts(place)
    return None


def clock(place: Place) -> bool | None:
    """'at 5 p.m. Ministers met' ends; 'at 5 p.m. GMT' goes on."""
    if place.left.lower() in ("p.m", "a.m", "pm", "am"):
        return not place.right.isupper() or len(place.right) == 1
    return None


def dotted(place: Place) -> bool | None:
    """'the U.S. Government', 'Washington, D.C. The Summit': ends only before a word with which sentences begin."""
    if _DOTTED.match(place.left):
        return place.right.lower().rstrip(",.;:") in _FUNCTION
    return None


def initial(place: Place) -> bool | None:
    """'Joseph R. Biden' goes on; 'as set out in Annex A. The' ends."""
    if len(place.left) == 1 and place.left.isupper():
        words = place.before().split()
        if words and words[-1].lower().strip("(,") in _SPECIFIERS:
            return True
        return _starts(place)
    return None


def enumerator(place: Place) -> bool | None:
    """'... as follows: 1. Strengthen' and '... agreed. 2. Improve': the number belongs to what follows."""
    if _BARE.match(place.left) or (len(place.left) < 4 and place.left[:1] == "("):
        before = place.before()
        if not before or before[-1] in ".:;,?!":
            return False
    return None


def bracket(place: Place) -> bool | None:
    """A stop within brackets that close further on does not end the sentence around them."""
    text = place.text
    opened = text.rfind("(", place.start, place.stop)
    if opened < 0 or text.find(")", opened, place.stop) >= 0:
        return None
    closed = text.find(")", place.stop, place.stop + 300)
    if closed < 0 or place.stop - opened > 300:
        return None
    return False if text.find("(", place.stop, closed) < 0 else None


def ellipsis(place: Place) -> bool | None:
    """'the … Conference' goes on; '... . The' ends."""
    if (
        place.left.endswith(("…", ".."))
        or place.text[place.stop - 1] == "…"
        or place.text[place.stop - 3 : place.stop] == "..."
    ):
        return _starts(place)
    return None


def address(place: Place) -> bool | None:
    """No sentence ends within a web or mail address: 'www.Example.org'."""
    if place.next == place.stop:
        left, right = place.left.lower(), place.right
        if "/" in left or "@" in left or left.startswith("www") or "/" in right or "@" in right:
            return False
    return None


def _starts(place: Place) -> bool:
    return place.right.lower().rstrip(",.;:") in _STARTERS


Rule = Callable[[Place], bool | None]
RULES: tuple[Rule, ...] = (
    address,
    title,
    reference,
    inner,
    firm,
    clock,
    dotted,
    initial,
    enumerator,
    ellipsis,
    bracket,
)


def decide(place: Place) -> tuple[bool, str]:
    """Whether the sentence ends at a place, and the name of the rule that says so."""
    for rule in RULES:
        said = rule(place)
        if said is not None:
            return said, rule.__name__
    return True, "stop"


_HONORIFIC = re.compile(
    r"(?<=[^,;:(\s]\s)(?:The (?:Rt\.? )?Hon|H\.?\s?E|Mr|Mrs|Ms|Dr|Prof(?:essor)?|Senator|Ambassador|Sir|Dame|Datuk|Dato|Tan Sri)\b(?=[. ])"
)
_JOINING = re.compile(
    r"(?:\b(?:[a-z’']+|HE|Hon|Mr|Mrs|Ms|Dr|Prof|Professor|Senator|Ambassador|Sir|Pak|The)|[.&,;:–-])\s$"
)


def roll(text: str) -> list[int]:
    """Where the entries of a roll of names begin that a conversion ran together: 'Mr A, Minister Ms B, Director'.

    Only of text without a stop at its end and with three and more such places.
    """
    if text[-1:] in ".!?:;" or len(text) < 60:
        return []
    found = [
        m.start() for m in _HONORIFIC.finditer(text) if not _JOINING.search(text, max(0, m.start() - 14), m.start())
    ]
    return found if len(found) >= 2 else []


def sentences_of(text: str) -> tuple[Sentence, ...]:
    """The sentences of a view's text as ranges without white space at the ends, in order."""
    found: list[Sentence] = []
    start, size = 0, len(text)
    while start < size and text[start].isspace():
        start += 1
    for place in _PLACE.finditer(text):
        stop = place.end()
        behind = stop
        while stop > place.start() and text[stop - 1].isspace():
            stop -= 1
        at = place.start()
        near = max(start, at - 60)
        left = text[max(text.rfind(" ", near, at) + 1, text.rfind("\t", near, at) + 1, near) : at].lstrip("\"'“‘([«")
        end = text.find(" ", behind)
        right = text[behind : end if 0 <= end < behind + 60 else behind + 60].lstrip("\"'“‘([«")
        if right[:1].islower():
            continue
        if decide(Place(text, start, stop, behind, left, right))[0]:
            if stop > start:
                found.append(Sentence(start, stop))
            start = behind
    end = len(text.rstrip())
    if end > start:
        edges = [start, *(start + at for at in roll(text[start:end])), end]
        found += [Sentence(a, b if b == end else b - 1) for a, b in pairwise(edges)]
    return tuple(found)
