"""Whether a paper is in English: by the share of the little words of each language.

English prose has 30 to 45 of a hundred words among its list; lists of participants have few of any. A paper is
called another language's only where that language's words clearly outnumber the English ones.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

_ENGLISH = frozenset(
    """the of and to in a that for on with was were is are be been by at from as this which it its have has had will would
    not or their they we our these also an all more other between who than""".split()  # reads as a list
)
_OTHERS = {
    "French": "le la les des du de et à au aux un une dans pour par sur que qui est sont été ont avec leur leurs cette ces"
    " en il elle nous ce se ainsi plus entre ou afin lors",
    "Spanish": "el la los las de del y en un una para por que se con su sus al es son fue ha han entre como más lo este esta"
    " sobre también así o",
    "Portuguese": "o a os as de do da dos das e em um uma para por que se com ao à na no nas nos é são foi entre como mais"
    " sua seus pela pelo também",
    "German": "der die das und den dem des ein eine einer im in zu von mit für auf ist sind wurde wurden sich auch als nicht"
    " bei über durch nach haben werden zur zum",
    "Italian": "il lo la i gli le di del della dei delle e in un una per che si con al alla da dal è sono stato tra nel nella"
    " come più anche",
    "Dutch": "de het een en van in op te dat die voor met zijn is aan door werd naar ook bij tot om worden hebben",
    "Indonesian or Malay": "yang dan di dari untuk dengan dalam pada ini itu oleh kepada tidak akan serta telah bahwa para"
    " adalah sebagai atau juga antara",
    "Swedish or Norwegian": "och att det som en av för på är den med till har av i inte om ett de var og er til",
    "Turkish": "ve bir bu ile için olarak olan de da gibi daha çok üzere ilgili arasında olduğu",
    "Polish": "i w z na do się że jest nie oraz dla o od przez po ze są przy jako",
    "Vietnamese": "và của các trong cho với là được có những về đã này một không người tại",
}
_LISTS = {name: frozenset(words.split()) for name, words in _OTHERS.items()}
_WORD = re.compile(r"[^\W\d_]+")
_SCRIPTS = {
    "CYRILLIC": "Russian or another language in Cyrillic script",
    "ARABIC": "Arabic or another language in Arabic script",
    "CJK": "Chinese or Japanese",
    "HIRAGANA": "Japanese",
    "KATAKANA": "Japanese",
    "HANGUL": "Korean",
    "THAI": "Thai",
    "HEBREW": "Hebrew",
    "GREEK": "Greek",
    "DEVANAGARI": "Hindi or another language in Devanagari script",
    "MYANMAR": "Burmese",
    "KHMER": "Khmer",
    "LAO": "Lao",
    "BENGALI": "Bengali",
    "TAMIL": "Tamil",
    "SINHALA": "Sinhala",
    "GEORGIAN": "Georgian",
    "ARMENIAN": "Armenian",
    "ETHIOPIC": "Amharic or another language in Ethiopic script",
}
_SAMPLE = 200_000
_FEWEST = 30
_KINDS = 6
"""Fewest different little words of a language: a list of names repeats two or three of them."""


def other_language(text: str) -> str:
    """The name of the language of a text that is not in English; '' where it is, or is too short to tell."""
    sample = text if len(text) <= _SAMPLE else text[: _SAMPLE // 2] + text[-_SAMPLE // 2 :]
    script = _script(sample)
    if script:
        return script
    words = Counter(_WORD.findall(sample.lower()))
    total = sum(words.values())
    if total < _FEWEST:
        return ""
    english = sum(words[w] for w in _ENGLISH) / total
    if english >= 0.16:
        return ""
    name, share = max(((n, sum(words[w] for w in ws) / total) for n, ws in _LISTS.items()), key=lambda pair: pair[1])
    kinds = sum(w in words for w in _LISTS[name])
    return name if share > 0.12 and share > 2 * english and kinds >= _KINDS else ""


def _script(sample: str) -> str:
    """The script of a text in which letters of other scripts than Latin prevail."""
    if sample.isascii():
        return ""
    letters = [c for c in sample[:20_000] if c.isalpha()]
    foreign = [c for c in letters if c > "\u036f" and not "\u1e00" <= c <= "\u1eff" and not "\ufb00" <= c <= "\ufb06"]
    if len(letters) < 40 or len(foreign) < 0.5 * len(letters):
        return ""
    names = Counter(unicodedata.name(c, "").split(" ")[0] for c in foreign[:2000])
    return _SCRIPTS.get(names.most_common(1)[0][0], "a language that is not written in Latin script")
