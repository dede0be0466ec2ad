"""What a sentence gives: operative clauses as ranges of its words."""

from __future__ import annotations

from dataclasses import dataclass

from graph_build.records import CommitmentClass


@dataclass(frozen=True, slots=True)
class Act:
    """An operative clause as word indexes of its sentence; `issuer` and `addressee` are word ranges or None.

    verb      range of the deciding words
    issuer    the subject as it stands ('We', 'They', 'Leaders'); None for passive and impersonal clauses
    earlier   in the past perfect: another meeting did it
    where     introduced by 'where', 'when', 'after': said of what stands before it
    quoted    the clause stands in quotation marks
    impersonal  nobody is the subject: a passive, or a statement of need
    bare      the clause begins with its verb, without a subject: an operative paragraph or list item
    """

    start: int
    end: int
    class_: CommitmentClass
    verb: tuple[int, int]
    rule: str
    binding: str
    issuer: tuple[int, int] | None = None
    addressee: tuple[int, int] | None = None
    earlier: bool = False
    where: bool = False
    quoted: bool = False
    impersonal: bool = False
    bare: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """What a sentence gives: its acts, in order, an open lead-in if it ends with one, and its last subject."""

    acts: tuple[Act, ...] = ()
    lead: Act | None = None
    subject: tuple[int, int] | None = None
