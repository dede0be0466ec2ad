"""Where a commitment was made: at the meeting of the paper, of its section, or at another that the sentence names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from graph_build.extract.commitments.actors import head_of
from graph_build.extract.commitments.acts import Act, Reading
from graph_build.extract.commitments.clauses import QUOTES, Words
from graph_build.extract.commitments.voices import Voice, Voices
from graph_build.records import Block, Commitment, Mentioned

_CITED = re.compile(
    r"\W*[Ii]n (?:that|their|its|the|those)(?: [\w-]+){0,4} (?:[Dd]eclaration|[Ss]tatement|[Cc]ommuniqu[eé]|[Rr]esolution|[Rr]eport|[Pp]lan|[Aa]greement|[Ll]etter|[Dd]ocument)s?\b[^,]{0,80},"
)
_AT_EVENT = re.compile(r"^(?:\W*)(?:at|during|in)\b", re.I)
_UNNAMED = re.compile(
    r"\W*[Aa]t (?:their|its|the|a|an)(?: [\w-]+){0,3} (?:meeting|session|summit|conference|retreat)s?\b[^,]{0,80},"
)
_DATED = re.compile(r"\W*(?:[Ii]n|[Oo]n|[Ss]ince)(?: \d{1,2})?(?: [A-Z][a-z]+)? ((?:19|20)\d\d),")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence with its words and what was read from it: range `[start, end)` of a block's view."""

    block: Block
    start: int
    end: int
    words: Words
    reading: Reading


@dataclass(frozen=True, slots=True)
class Where:
    """The meetings of one document as places where something was said."""

    mentioned: Mentioned
    voices: Voices

    def made_at(self, s: Said, act: Act | None, voice: Voice | None, found: Sequence[Commitment]) -> str | None:
        """The event where it was made, '' where the text does not say, None where it is another's, unnamed, from before."""
        other = self._other_event(s, act)
        if other:
            return other
        if act is not None and act.where:
            word = _time_word(s, act)
            if word in ("after", "when", "since", "before"):
                return ""
            if word == "where":
                return None
        if act is not None and act.earlier:
            return None
        if self._cited(s, voice) or self._long_ago(s):
            return None
        carried = self._carried(s, voice, found)
        if carried:
            return carried
        if self._elsewhere(s):
            return ""
        return self._section(s.block) or self.mentioned.main

    def _other_event(self, s: Said, act: Act | None) -> str:
        """Another event named before the clause: 'at the 5th Conference, where Ministers directed', 'At its 8th session, …'."""
        if act is None:
            return ""
        at = s.start + s.words.starts[act.start]
        events = [
            m
            for m in self.mentioned.mentions[s.block.index]
            if m.kind == "event" and m.thing and s.start <= m.start and m.end <= at
        ]
        if not events:
            return ""
        last = events[-1]
        if last.thing in self.mentioned.described:
            return last.thing if last.thing != self.mentioned.main and _AT_EVENT.match(s.words.text) else ""
        if act.where:
            return last.thing
        if _AT_EVENT.match(s.words.text) and last.start - s.start < 40:
            return last.thing
        return ""

    def _long_ago(self, s: Said) -> bool:
        """Whether a sentence opens with another year: 'In 1998, leaders founded …'."""
        opening = _DATED.match(s.words.text)
        start = next((e.start for e in self.mentioned.events if e.event == self.mentioned.main), None)
        return opening is not None and start is not None and start.value[:4] != opening.group(1)

    def _elsewhere(self, s: Said) -> bool:
        """Whether a sentence opens with a meeting of another year that has no name: 'At their meeting in Lima in 2013, …'."""
        opening = _UNNAMED.match(s.words.text)
        if opening is None:
            return False
        start = next((e.start for e in self.mentioned.events if e.event == self.mentioned.main), None)
        years = _YEAR.findall(opening.group())
        return bool(years) and (start is None or start.value[:4] not in years)

    def _cited(self, s: Said, voice: Voice | None) -> bool:
        """Whether a sentence, or one before it with the same speaker, tells what another paper says: 'In that declaration, …'."""
        for t in s.block.sentences:
            if t.start > s.start:
                break
            text = s.block.view.text[t.start : t.end]
            if _CITED.match(text):
                if t.start == s.start:
                    return True
                other = self.voices.readings.get((s.block.index, t.start))
                if (
                    other is not None
                    and voice is not None
                    and other[1].subject is not None
                    and not self.voices.elsewhere(voice.name, s.block)
                ):
                    w = other[0]
                    a, b = head_of(w, *other[1].subject)
                    if w.cut(a, b) == voice.name:
                        return True
        return False

    def _carried(self, s: Said, voice: Voice | None, found: Sequence[Commitment]) -> str:
        """The other event of the sentences before, where the same group that speaks only there goes on ('Ministers directed …')."""
        if voice is None:
            return ""
        bound = ""
        for c in found:
            here = c.evidence[0].passage.start >= s.block.view.offsets[0]
            other = c.made_at and c.made_at not in self.mentioned.described
            if here and other and c.issuer is not None and c.issuer.value == voice.name:
                bound = c.made_at
        if not bound:
            return ""
        return "" if self.voices.elsewhere(voice.name, s.block) else bound

    def _section(self, block: Block) -> str:
        """The described event of which a heading above speaks."""
        if len(self.mentioned.described) < 2:
            return ""
        for heading in reversed(block.section):
            tokens = {t for t in re.findall(r"\w+", heading.lower()) if len(t) > 2}
            if not tokens:
                continue
            fits = [
                id_
                for id_ in self.mentioned.described
                if tokens <= set(re.findall(r"\w+", self.mentioned.thing_of[id_].label.lower()))
            ]
            if len(fits) == 1:
                return fits[0]
        return ""


def _time_word(s: Said, act: Act) -> str:
    k = act.start - 1
    while k >= 0 and s.words.low[k] in QUOTES | {","}:
        k -= 1
    return s.words.low[k] if k >= 0 else ""
