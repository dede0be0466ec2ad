"""Commitments: the operative clauses of a document, with who speaks, who is to act, where it was said, how binding it is.

`commitments(mentioned) -> tuple[Commitment, ...]`. The way of a sentence: words → acts (`acts`) → the speaker that the
sentence itself does not name (`voices`) → lists under their lead-in (`leads`) → a record with its exact clause.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from graph_build.extract.commitments import leads
from graph_build.extract.commitments.actors import head_of
from graph_build.extract.commitments.acts import Act, Reading
from graph_build.extract.commitments.clauses import Words, trim_end, trim_start, words
from graph_build.extract.commitments.lexicon import binding_of, lexicon
from graph_build.extract.commitments.sentences import read
from graph_build.extract.commitments.themes import themes
from graph_build.extract.commitments.voices import Voice, Voices, level_of, named
from graph_build.extract.commitments.where import Said, Where
from graph_build.records import Block, Commitment, CommitmentClass, Evidence, Mentioned, Passage, Value

__all__ = ["commitments"]

_ANNEX = re.compile(r"^(?:annex|appendix|attachment|schedule)\b", re.I)
_DECLARES = re.compile(
    r"\W*(?:[Ww]e|WE),? [^.]{0,200}(?:,|:)?$|.{0,200}\b(?:[Dd]eclare|[Hh]ave agreed|[Hh]ereby|[Rr]esolve|[Dd]ecide)(?: (?:to|as follows|that|the following|our))?\s*[:,]?$"
)
_SPOKEN = re.compile(
    r"\b(?:(?:opening|closing|welcome|welcoming|session) remarks|check against delivery|keynote (?:address|speech)|statement by (?:h\.?e|the hon|mr|ms)|media release|press release|transcript)\b",
    re.I,
)
_LONGEST = 1500
"""Words: what is longer is a table or a broken conversion and no sentence."""
_AHEAD = re.compile(r"^(?:looking (?:ahead|forward|to the future)|for the future|in the future|as next steps)\b", re.I)
_INPUTS = re.compile(
    r"\b(?:inputs?|ideas|suggestions|proposals|recommendations|priorities)\b(?: \w+){0,4} (?:included?|were|are) (?=\w+ing\b)"
)
_ANNOUNCES = re.compile(
    r"\b(?:announced?|announcing|announces|launched|unveiled)(?: (?:the|a number of|several))? following(?: (?:new|joint|additional|concrete|further|initial))* (?:initiatives|commitments|actions|measures|programmes|programs|contributions|pledges|steps|announcements|deliverables)\b|\bfollowing (?:announcements|new commitments|new initiatives|new measures|deliverables) were (?:made|announced)\b",
    re.I,
)
_APPEALS = re.compile(
    r"\b(?:we(?: all)?|governments|countries|states|(?:international )?community|nations|region)(?: (?:also|therefore|all|together|now|jointly|still))? (?:must|should|need to|needs to)\b|\bit (?:is|will be|would be|remains)(?: \w+ly)? (?:important|essential|crucial|vital|imperative|necessary) (?:to|for|that)\b",
    re.I,
)
"""What a speaker, too, calls on others to do; statements of need without a subject are only a speaker's talk."""
_SPEECHES = frozenset({"speech", "remarks", "press-release", "news", "media-release"})


@dataclass(frozen=True, slots=True)
class _Lead:
    """What makes list items commitments: the class, the rule, and the act and sentence of the lead-in where there is one."""

    class_: CommitmentClass
    rule: str
    act: Act | None = None
    sentence: Said | None = None
    addressee: tuple[int, int] | None = None


def commitments(mentioned: Mentioned) -> tuple[Commitment, ...]:
    """All commitments of a document, in the order of the text."""
    return _Reader(mentioned).all()


class _Reader:
    """One document under way."""

    def __init__(self, mentioned: Mentioned) -> None:
        self.mentioned = mentioned
        self.segmented = mentioned.segmented
        self.read: dict[tuple[int, int], Said] = {}
        self.voices = Voices(mentioned, {})
        self.where = Where(mentioned, self.voices)
        self.found: list[Commitment] = []
        self.passages: dict[tuple[int, int], Passage] = {}
        self.bare: set[int] = set()

    def all(self) -> tuple[Commitment, ...]:
        opening = " ".join(b.view.text for b in self.segmented.blocks[:8])[:600]
        less = self.mentioned.genre in _SPEECHES or bool(_SPOKEN.search(opening))
        annex = False
        ahead = announced = False
        blocks = self.segmented.blocks
        declares = any(_DECLARES.match(b.view.text) for b in blocks)
        readings: dict[tuple[int, int], tuple[Words, Reading]] = {}
        for block in blocks:
            if block.kind in ("title", "heading"):
                annex = bool(_ANNEX.match(block.view.text)) or (annex and block.kind == "heading")
                if block.view.text.endswith(":"):  # 'RESOLVES:' stands as a heading of its own
                    w = words(block.view.text)
                    self.read[(block.index, 0)] = Said(block, 0, len(block.view.text), w, read(w, subjectless=True))
                continue
            if block.kind not in ("paragraph", "item"):
                continue
            ahead = False
            for s in block.sentences:
                text = block.view.text[s.start : s.end]
                low = text.lower().split()
                if len(low) > _LONGEST:
                    continue
                announced = announced or "following" in low and bool(_ANNOUNCES.search(text))
                ahead = ahead and (bool({"also", "further"} & set(low))) or bool(_AHEAD.match(text))
                if lexicon().cues.isdisjoint(_bare(low)) and not ahead and not announced:
                    if not lexicon().reports.isdisjoint(low):
                        w = words(text, named(self.mentioned, block, s.start, s.end))
                        readings[(block.index, s.start)] = (w, Reading(subject=read(w, bare=False).subject))
                    continue
                w = words(text, named(self.mentioned, block, s.start, s.end))
                first = s is block.sentences[0] and (declares or block.kind == "item")
                reading = read(
                    w,
                    subjectless=first,
                    forward=ahead,
                    bare=not less or bool(_APPEALS.search(text)),
                    announced=announced,
                )
                readings[(block.index, s.start)] = (w, reading)
                if annex:
                    reading = replace(reading, acts=tuple(a for a in reading.acts if _spoken(w, a)))
                self.read[(block.index, s.start)] = Said(block, s.start, s.end, w, reading)
        self.voices = Voices(self.mentioned, readings)
        self.where = Where(self.mentioned, self.voices)
        for block in blocks:
            if block.kind in ("paragraph", "item"):
                self._block(block, less)
        return tuple(self._numbered())

    def _numbered(self) -> Iterator[Commitment]:
        seen: set[tuple[int, int]] = set()
        n = 0
        for c in sorted(self.found, key=lambda c: (c.clause.start, c.clause.end)):
            key = (c.clause.start, c.clause.end)
            if key not in seen and not self._restated(c):
                seen.add(key)
                n += 1
                yield replace(c, id=f"c{n}")

    def _restated(self, c: Commitment) -> bool:
        """Whether an operative paragraph says again what the paper already told of it: a declaration printed below its summary."""
        if c.clause.start not in self.bare:
            return False
        own = _tokens(c)
        if len(own) < 5:
            return False
        for other in self.found:
            if other.clause.start < c.clause.start and other.class_ == c.class_:
                theirs = _tokens(other)
                if len(own & theirs) >= 0.75 * len(own | theirs):
                    return True
        return False

    # --- blocks ---

    def _block(self, block: Block, less: bool) -> None:
        introduced = self._introduced(block)
        for s in block.sentences:
            if introduced is not None and s is block.sentences[0]:
                self._item(block, s.start, s.end, introduced)
                continue
            sentence = self.read.get((block.index, s.start))
            if sentence is None:
                continue
            if not less:
                self._inputs(sentence)
            for act in sentence.reading.acts:
                self._act(sentence, act)

    def _introduced(self, block: Block) -> _Lead | None:
        """What lends its verb to a list item: its lead-in's act, or a class by rule of the lead-in or heading."""
        found = self._lead(self.segmented.blocks[block.lead]) if block.lead >= 0 else None
        if found is None and leads.imperative(block.view.text):
            class_ = leads.heading_class(block.section)
            found = _Lead(class_, f"commitments/under-{class_}s") if class_ else None
        return found

    def _lead(self, lead: Block) -> _Lead | None:
        if not lead.sentences:
            return None
        if lead.kind in ("heading", "title") and (lead.index, 0) not in self.read:
            class_ = leads.heading_class((lead.view.text,))
            return _Lead(class_, f"commitments/under-{class_}s") if class_ else None
        s = lead.sentences[-1]
        sentence = self.read.get((lead.index, 0 if lead.kind == "heading" else s.start))
        text = lead.view.text[s.start : s.end]
        if sentence is not None and sentence.reading.lead is not None:
            act = sentence.reading.lead
            if act.bare and act.rule == "speech-acts/resolve":  # an assembly that resolves decides
                act = replace(act, class_="decision", binding=binding_of("decision"))
            return _Lead(act.class_, act.rule, act, sentence, act.addressee)
        found = leads.lead_of(text) if sentence is not None else None
        if found is not None and sentence is not None:
            rule, match = found
            addressee = None
            if match.groupdict().get("addressee"):
                a = sentence.words.index(match.start("addressee"))
                addressee = (a, sentence.words.index(match.end("addressee") - 1) + 1)
            return _Lead(rule.class_, f"commitments/{rule.id}", None, sentence, addressee)
        if lead.kind == "item" and lead.lead >= 0 and text.rstrip().endswith(":"):
            return self._lead(self.segmented.blocks[lead.lead])
        return None

    def _item(self, block: Block, start: int, end: int, lead: _Lead) -> None:
        """A list item as a commitment of its lead-in's class."""
        text = block.view.text[start:end]
        own = self.read.get((block.index, start))
        if text.rstrip().endswith(":") and any(
            b.lead == block.index for b in self.segmented.blocks[block.index + 1 : block.index + 2]
        ):
            return
        if lead.act is None and own is not None:  # an item that is a sentence of its own speaks for itself
            spoken = [a for a in own.reading.acts if not a.bare]
            if spoken:
                for a in spoken:
                    self._act(own, a)
                return
        if lead.sentence is None and not leads.imperative(text):
            return
        w = words(text, named(self.mentioned, block, start, end))
        first, last = trim_start(w, 0, len(w)), trim_end(w, 0, len(w))
        verb = first + (w.low[first : first + 1] == ("to",))
        if last - first < 2 or w.low[verb] in lexicon().words["courtesies"]:
            return
        told = _told(w, verb) if lead.class_ == "decision" and verb > first else None
        voice: Voice | None
        if lead.act is not None and lead.act.issuer is not None and lead.sentence is not None:
            voice = self._voice(lead.sentence, lead.act)
        elif (
            lead.act is not None
            and lead.act.bare
            or lead.sentence is not None
            and lead.sentence.block.kind == "heading"
        ):
            voice = self.voices.enacting(block)
        elif lead.sentence is not None:
            voice = self._subject(lead.sentence) or self.voices.paragraph(lead.sentence.block) or self.voices.default()
        else:
            voice = self.voices.default()
        at = lead.sentence or Said(block, start, end, w, Reading())
        made = self.where.made_at(at, lead.act, voice, self.found)
        if made is None:
            return
        whole = self.segmented.passage(block, start, end)
        clause = self.segmented.passage(block, start + w.starts[first], start + w.ends[last - 1])
        evidence = [Evidence(whole, lead.rule)]
        if lead.sentence is not None:
            evidence.append(Evidence(self._sentence(lead.sentence), lead.rule))
        item = Said(block, start, end, w, Reading())
        if told is not None:  # 'Resolves: to urge members to …' urges
            self._add(
                clause, tuple(evidence), told.class_, voice, (item, told.addressee), made, block.number,
                w.cut(verb, verb + 1), told.binding, "",
            )  # fmt: skip
            return
        self._add(
            clause, tuple(evidence), lead.class_, voice, (at, lead.addressee), made, block.number or at.block.number,
            at.words.cut(*lead.act.verb) if lead.act is not None else "", lead.act.binding if lead.act is not None else binding_of(lead.class_), "",
        )  # fmt: skip

    def _subject(self, s: Said) -> Voice | None:
        if s.reading.subject is None:
            return None
        a, b = head_of(s.words, *s.reading.subject)
        if s.words.low[a] in ("we", "they", "it"):
            return self._pronoun(s, s.words.low[a])
        return Voice(s.words.cut(a, b), self._sentence(s), "stated")

    def _inputs(self, s: Said) -> None:
        """'Some of the inputs for future work included doing this, and doing that.'"""
        match = _INPUTS.search(s.words.text)
        if match is None or any(a.end > s.words.index(match.end()) for a in s.reading.acts):
            return
        from graph_build.extract.commitments.coordination import split

        w = s.words
        begin, end = w.index(match.end()), trim_end(w, 0, len(w))
        act = Act(
            begin,
            end,
            "recommendation",
            (w.index(match.start()), begin),
            "commitments/inputs",
            binding_of("recommendation"),
            impersonal=True,
        )
        for part in split(w, begin, end):
            self._act(s, replace(act, start=part.start, end=part.end))

    def _sentence(self, s: Said) -> Passage:
        """The whole sentence; made once, since many acts may stand in it."""
        key = (s.block.index, s.start)
        if key not in self.passages:
            self.passages[key] = self.segmented.passage(s.block, s.start, s.end)
        return self.passages[key]

    # --- acts ---

    def _act(self, s: Said, act: Act) -> None:
        voice = self._voice(s, act)
        made = self.where.made_at(s, act, voice, self.found)
        if made is None:
            return
        w = s.words
        start, end = act.start, act.end
        if end < len(w) and w.low[end] in ("”", '"', "’", "»") and act.quoted:
            end += 1
        if end - start < 2:
            return
        clause = self.segmented.passage(s.block, s.start + w.starts[start], s.start + w.ends[end - 1])
        whole = self._sentence(s)
        quoted = self._quoted(s, act) if act.quoted else ""
        if act.bare:
            self.bare.add(clause.start)
        self._add(
            clause, (Evidence(whole, act.rule),), act.class_, voice, (s, act.addressee), made, s.block.number,
            w.cut(*act.verb), act.binding, quoted,
        )  # fmt: skip

    def _add(
        self, clause: Passage, evidence: tuple[Evidence, ...], class_: CommitmentClass, voice: Voice | None,
        addressed: tuple[Said, tuple[int, int] | None], made: str | None, paragraph: str, verb: str, binding: str, quoted: str,
    ) -> None:  # fmt: skip
        s, span = addressed
        issuer = voice.value() if voice is not None else None
        addressee = None
        addressee_id = ""
        alone = span is not None and (span[1] - span[0] == 1 or s.words.low[span[0] + 1] == "who")
        if span is not None and not (
            alone and s.words.low[span[0]] in ("they", "it", "them", "he", "she", "we", "this", "those")
        ):
            a, b = head_of(s.words, *span)
            name = s.words.cut(a, b)
            if issuer is None or name.lower() != issuer.value.lower():
                addressee = Value(name, name, self._sentence(s), evidence[0].rule)
                addressee_id = self._thing(s.block, s.start + s.words.starts[a], s.start + s.words.ends[b - 1])
        issuer_id, kinds = self._issuer(issuer)
        self.found.append(
            Commitment(
                "",
                class_,
                clause,
                evidence,
                issuer,
                addressee,
                made or "",
                paragraph,
                verb,
                level_of(issuer.value, kinds) if issuer is not None else "",
                binding,
                themes(clause.quote),
                quoted,
                issuer_id,
                addressee_id,
            )
        )

    def _issuer(self, issuer: Value | None) -> tuple[str, frozenset[str]]:
        """The thing that an issuer names as a whole, and the kinds of the names in it."""
        if issuer is None:
            return "", frozenset()
        block = self.segmented.block_at(issuer.passage.start)
        at = block.view.text.find(issuer.words)
        if at < 0:
            return "", frozenset()
        kinds = frozenset(
            m.kind for m in self.mentioned.mentions[block.index] if m.start >= at and m.end <= at + len(issuer.words)
        )
        return self._thing(block, at, at + len(issuer.words)), kinds

    def _thing(self, block: Block, start: int, end: int) -> str:
        for m in self.mentioned.mentions[block.index]:
            if (
                m.thing
                and m.kind in ("body", "state", "person")
                and m.start >= start
                and m.end == end
                and m.start - start <= 4
            ):
                return m.thing
        return ""

    # --- who speaks ---

    def _voice(self, s: Said, act: Act) -> Voice | None:
        if act.bare:
            return self.voices.enacting(s.block)
        if act.issuer is None:
            return self.voices.speaker or self.voices.paragraph(s.block) or self.voices.default()
        a, b = act.issuer
        word = s.words.low[a]
        if b - a == 1 and word == "i":
            return self.voices.speaker or Voice("I", self._sentence(s))
        if b - a == 1 and word in ("we", "they", "it", "he", "she"):
            return self._pronoun(s, word)
        return Voice(_owner(s.words.cut(a, b)), self._sentence(s), "stated")

    def _pronoun(self, s: Said, word: str) -> Voice | None:
        if word in ("he", "she"):
            return self._before(s, plural=False, pledging=False)
        if word == "we":
            near = self._before(s, plural=None, pledging=True)
            return (
                near or self.voices.we() or Voice("We", self._sentence(s))
                if _has(s, "We")
                else near or self.voices.we() or Voice("we", self._sentence(s))
            )
        return (
            self._before(s, plural=word == "they", pledging=False)
            or self.voices.paragraph(s.block)
            or self.voices.default()
        )

    def _before(self, s: Said, plural: bool | None, pledging: bool) -> Voice | None:
        """The nearest subject before a pronoun in its paragraph; for 'we' only one of the same speakers who pledged there."""
        found: Voice | None = None
        for t in s.block.sentences:
            if t.start >= s.start:
                break
            other = self.voices.readings.get((s.block.index, t.start))
            if other is None:
                continue
            w, reading = other
            if pledging:
                ours = [
                    a
                    for a in reading.acts
                    if a.class_ == "pledge" and a.issuer and not a.impersonal and a.rule != "commitments/will"
                ]
                spans = [a.issuer for a in ours if a.issuer]
            else:
                spans = [reading.subject] if reading.subject else []
            for span in spans:
                a, b = head_of(w, *span)
                name = w.cut(a, b)
                low = w.low[a]
                if low in ("we", "they", "it", "he", "she"):
                    continue
                if plural is not None and plural != _plural(name):
                    continue
                if pledging and not self._ours(name):
                    continue
                found = Voice(name, self.segmented.passage(s.block, t.start, t.end), "inferred", "commitments/pronoun")
        return found

    def _ours(self, name: str) -> bool:
        """Whether a third person is those for whom 'we' speaks: their group, or the body that met."""
        we = self.voices.we()
        tokens = set(re.findall(r"\w+", name.lower())) - {"the", "of", "and"}
        ours = set(re.findall(r"\w+", we.name.lower())) if we is not None else set()
        return bool(tokens & ours)

    def _quoted(self, s: Said, act: Act) -> str:
        """The instrument or event whose words a clause in quotation marks is."""
        at = s.start + s.words.starts[act.start]
        named_ = [
            m
            for m in self.mentioned.mentions[s.block.index]
            if m.kind in ("instrument", "event") and m.thing and s.start <= m.start and m.end <= at
        ]
        instruments = [m for m in named_ if m.kind == "instrument"]
        return (instruments or named_)[-1].thing if named_ else ""


def _tokens(c: Commitment) -> frozenset[str]:
    """The longer words of a clause without their endings, for comparison."""
    return frozenset(t[:6] for t in re.findall(r"[a-z]{4,}", c.clause.quote.lower()))


def _bare(tokens: list[str]) -> Iterator[str]:
    for t in tokens:
        yield t.strip(".,;:()“”\"'’‘") if not t.isalpha() else t


def _told(w: Words, verb: int) -> Act | None:
    """The directive or recommendation that an item of a resolution is by its own verb ('To request the Secretariat to …')."""
    rest = words(w.text[w.starts[verb] :])
    for act in read(rest, subjectless=True).acts:
        if act.bare and act.start == 0 and act.class_ in ("directive", "recommendation"):
            addressee = act.addressee
            return replace(act, addressee=(addressee[0] + verb, addressee[1] + verb) if addressee else None)
    return None


def _spoken(w: Words, act: Act) -> bool:
    """Whether a group of persons says it: in an annexed scheme or law only that is a commitment, not each of its clauses."""
    if act.issuer is None:
        return False
    a, b = act.issuer
    return w.low[a] in ("we", "they") or any(
        w.low[k] in lexicon().speakers and lexicon().levels.get(w.low[k]) != "body" for k in range(a, b)
    )


def _owner(name: str) -> str:
    """'Peru' of 'Peru’s'."""
    return re.sub(r"(?:[’']s|(?<=s)[’'])$", "", name)


def _has(s: Said, word: str) -> bool:
    return word in s.words.text


def _plural(name: str) -> bool:
    head = re.split(r" (?:of|on|for|from) ", name)[0]
    return head.endswith(("s", "men", "people", "side")) and not head.endswith(("ss", "nations")) or " and " in head
