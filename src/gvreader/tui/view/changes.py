"""What changed between two revisions of an article, as pieces to set: words struck out and words put in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from typing import Final

from gvreader.i18n import _
from gvreader.model import Article
from gvreader.tui.view.labels import byline, long_date
from gvreader.tui.view.sanitize import visible_line
from gvreader.tui.view.typeset import Role, TextSpan, joined, prose

_WORDS: Final = re.compile(r"\S+\s*")
_MOST_WORDS: Final = 4000
"""Paragraphs longer than this are shown whole, old and new: comparing them word by word would take seconds."""

_LIKE: Final = 0.35
"""Least share of common words for two paragraphs to be one that was rewritten."""


def changed_pieces(before: Article, after: Article) -> list[TextSpan]:
    """The later text with what differs from the earlier one; unchanged paragraphs are kept short."""
    pieces = _compare(visible_line(before.title), visible_line(after.title), role="title")
    facts = [_facts(article) for article in (before, after)]
    if facts[0] != facts[1]:
        pieces += _compare(facts[0], facts[1], role="meta")
    return [*pieces, *(replace(piece, space=1) for piece in _paragraphs(_texts(before), _texts(after)))]


def _facts(article: Article) -> str:
    date = long_date(article.published) if article.published else ""
    return " · ".join(part for part in (date, byline(article.author, article.organisation)) if part)


def _texts(article: Article) -> list[str]:
    texts = [article.summary or "", *(line for block in article.blocks for line in block.lines)]
    texts += [f"▒ {image.caption}" for image in article.images if image.caption]
    texts += [f"▤ {attachment.name}" for attachment in article.attachments]
    return [text for text in (" ".join(prose(text).split("\n")) for text in texts) if text]


def _paragraphs(before: Sequence[str], after: Sequence[str]) -> Iterator[TextSpan]:
    unchanged = 0
    for tag, low, high, new_low, new_high in SequenceMatcher(
        None, before, after, autojunk=False
    ).get_opcodes():
        if tag == "equal":
            unchanged += high - low
            continue
        if unchanged:
            yield _skipped(unchanged)
            unchanged = 0
        old, new = list(before[low:high]), list(after[new_low:new_high])
        while old and new:
            yield from _compare(old.pop(0), new.pop(0))
        yield from (_whole(text, "removed", "− ") for text in old)
        yield from (_whole(text, "added", "+ ") for text in new)
    if unchanged:
        yield _skipped(unchanged)


def _skipped(count: int) -> TextSpan:
    return TextSpan(
        text=_("… {n} paragraphs unchanged …").format(n=count), role="meta", first="  ", rest="  "
    )


def _whole(text: str, role: Role, margin: str) -> TextSpan:
    return TextSpan(text=text, role=role, first=margin, rest="  ")


def _compare(before: str, after: str, *, role: Role = "text") -> list[TextSpan]:
    """One paragraph beside its later form: in one piece where they are alike, else the old above the new."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    if before == after:
        return [TextSpan(text=after, role=role, first="  ", rest="  ")]
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    if len(old) > _MOST_WORDS or len(new) > _MOST_WORDS or matcher.ratio() < _LIKE:
        both = [_whole(before, "removed", "− ")] if before else []
        return both + ([_whole(after, "added", "+ ")] if after else [])
    runs: list[tuple[str, Role, int]] = []
    for tag, low, high, new_low, new_high in matcher.get_opcodes():
        if tag == "equal":
            runs.append(("".join(new[new_low:new_high]), role, 0))
            continue
        for words, change in ((old[low:high], "removed"), (new[new_low:new_high], "added")):
            if words:
                text = "".join(words).rstrip()
                runs += [(text, "removed" if change == "removed" else "added", 0), (" ", role, 0)]
    text, spans = joined(runs, role)
    return [TextSpan(text=text.rstrip(), role=role, spans=spans, first="≠ ", rest="  ")]
