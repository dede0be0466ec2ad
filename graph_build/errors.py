"""The errors that people meet: what is wrong, where, and what to do next."""

from __future__ import annotations


class CommuniqueError(Exception):
    """Base of all errors that this package raises on purpose.

    `what` says what is wrong, `where` names the file (with line), rule or IRI, `mend` says what to do next.
    """

    exit_code = 2

    def __init__(self, what: str, where: str = "", mend: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.mend = mend

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        advice = f" ({self.mend})" if self.mend else ""
        return f"{place}{self.what}{advice}"


class InputError(CommuniqueError):
    """A source that cannot be read or used, or a command that is asked for something impossible."""


class RuleError(CommuniqueError):
    """A rule file or vocabulary that contradicts itself or its schema."""

    exit_code = 3


class GroundingError(CommuniqueError):
    """A fact whose words do not stand where it says they stand."""

    exit_code = 3


class ValidationError(CommuniqueError):
    """A graph that does not conform to the shapes."""

    exit_code = 1


class QueryError(CommuniqueError):
    """A query that is wrong, unknown, too slow or cut short."""
