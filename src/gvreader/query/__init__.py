"""The query language of `list`, `search`, `feed`, `export`, `mark` and the reader; see docs/search.md. Pure."""

from __future__ import annotations

from gvreader.query.describe import describe
from gvreader.query.lexer import FIELDS
from gvreader.query.matching import Match, Matcher, matcher
from gvreader.query.parser import parse
from gvreader.query.tree import Query, as_typed, relaxed

__all__ = ["FIELDS", "Match", "Matcher", "Query", "as_typed", "describe", "matcher", "parse", "relaxed"]
