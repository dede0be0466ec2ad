"""Persons: who is named, with post and employer, and what they did at a meeting."""

from graph_build.extract.people.recognise import People, recognise
from graph_build.extract.people.roles import roles

__all__ = ["People", "recognise", "roles"]
