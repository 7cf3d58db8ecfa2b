"""The headline of an article page: told by the head, repeated in the page, spelled in the address."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote, urlsplit

from gvreader.extract.fields.phrases import closes_body, furniture, is_site_name
from gvreader.extract.page.text import folded
from gvreader.extract.page.text_blocks import TextBlock
from gvreader.extract.page.tree import Tree
from gvreader.extract.thresholds import HEADLINE_LENGTH, LONGEST_SENTENCE
from gvreader.urls import twin
from gvreader.vietnamese import fold

MAX_TITLE: Final = 400
MIN_TITLE: Final = 4
_SHORT_SLUG: Final = 3
_MENU: Final = 5
_SEPARATOR: Final = re.compile(r"\s+[-–—|»:•·]\s+|\s*[|»]\s*")
_WORD: Final = re.compile(r"[a-z0-9]+")
_EXTENSION: Final = re.compile(r"\.(?:html?|aspx?|php|jsp|shtml)$", re.IGNORECASE)
_HEADLINE_METAS: Final = ("og:title", "twitter:title", "headline", "dc.title", "title")


@dataclass(frozen=True, slots=True)
class Title:
    """A headline; `piece` is where the page prints it, None where only its head tells it."""

    text: str
    piece: TextBlock | None
    layer: str
    confidence: float


def slug_words(address: str) -> tuple[str, ...]:
    """The words of an address's last segment, without extension and record id; of the one before, if it is an id."""
    segments = [segment for segment in urlsplit(address).path.split("/") if segment]
    words: list[str] = []
    for segment in reversed(segments[-2:]):
        words = _WORD.findall(fold(unquote(_EXTENSION.sub("", segment), errors="replace")))
        if not (len(words) == 1 and words[0].isdigit()):
            break
    if len(words) > 1 and words[-1].isdigit():
        words.pop()
    return tuple(words)


def slug_agreement(text: str, slug: Sequence[str]) -> float:
    """How much of a slug the text spells, 0–1. Slugs are cut, so the text may go on; the order must hold."""
    if len(slug) < 2:
        return 0.0
    spelled = _WORD.findall(folded(text))
    if len(slug) <= _SHORT_SLUG and len(spelled) > 2 * len(slug):
        # No cut headline but a short one, or the name of a script (`/chi-tiet?id=5`).
        return 0.0
    words = iter(spelled)
    matched = 0
    ahead: list[str] = []
    for wanted in slug:
        if wanted in ahead:
            matched += 1
            del ahead[: ahead.index(wanted) + 1]
            continue
        for word in words:
            if word == wanted:
                matched += 1
                ahead.clear()
                break
            ahead.append(word)
            if len(ahead) > 6:
                break
    return matched / len(slug)


def head_titles(tree: Tree, site_names: Iterable[str]) -> tuple[str, ...]:
    """What the page's head calls the page, the site's own names left out, the surest first."""
    names = {fold(name) for name in site_names if name}
    told = [tree.structured.get("headline", "")]
    told += [tree.metas.get(name, "") for name in _HEADLINE_METAS]
    told.append(tree.title)
    found: list[str] = []
    for text in told:
        if not text:
            continue
        parts = [text, *(_SEPARATOR.split(text) if _SEPARATOR.search(text) else ())]
        found += [
            part
            for part in parts
            if MIN_TITLE <= len(part) <= MAX_TITLE and fold(part) not in names and not is_site_name(part)
        ]
    return tuple(dict.fromkeys(found))


def own_names(tree: Tree, pieces: Sequence[TextBlock]) -> tuple[str, ...]:
    """What links of a page to itself (in its menu, in lists of the newest) call it."""
    own = twin(tree.address)
    found = dict.fromkeys(tree.called)
    for piece in pieces:
        if not piece.link_chars or furniture(piece):
            continue
        for run in piece.runs:
            if run.link is None or not MIN_TITLE <= len(run.text) <= MAX_TITLE:
                continue
            href = run.link.get("href") or ""
            if not href.startswith("#") and (target := tree.target(href)) and target.twin == own:
                found[run.text.strip()] = None
    return tuple(found)


def find_title(
    tree: Tree,
    pieces: Sequence[TextBlock],
    site_names: Sequence[str],
    first_body: TextBlock | None,
    date_lines: Collection[int] = (),
) -> Title | None:
    """The best headline, with how sure it is; None where nothing on the page can be one.

    `first_body` is the first piece of the densest text, if any: a headline hardly comes after it.
    `date_lines` are the indexes of pieces that are dates: headlines stand right above one.
    """
    called = own_names(tree, pieces)
    heads = tuple(dict.fromkeys((*head_titles(tree, site_names), *called)))
    names = {fold(name) for name in site_names if name}
    slug = slug_words(tree.address)
    own = twin(tree.address)
    linked = {piece.folded for piece in pieces if piece.is_link and len(piece.text) >= 20}
    limit = first_body.index if first_body else None
    header = _header_end(pieces, limit)
    above = {piece.folded for piece in pieces[:header] if piece.text}
    heads = tuple(
        head
        for head in heads
        if head in called or fold(head) not in above or slug_agreement(head, slug) >= 0.75
    )
    folded_heads = [fold(head) for head in heads]
    whole_head = " ".join(folded_heads)
    menu_names = tree.sections | _lesser_parts(tree, pieces)
    told_elsewhere = bool(menu_names) and _prints_another(pieces, folded_heads, menu_names)
    best: tuple[float, TextBlock] | None = None
    for piece in pieces:
        if best and limit is not None and piece.index > limit + 3:
            break
        if piece.kind in ("figure", "table", "preformatted") or not MIN_TITLE <= len(piece.text) <= MAX_TITLE:
            continue
        if piece.noise in ("navigation", "related", "comments", "tags", "dialog", "sidebar"):
            continue
        text = piece.folded
        score = _score(piece, text, folded_heads, whole_head, names, slug)
        if not piece.is_link and len(text) >= 15:
            score += 1.0 if limit is not None and 0 < limit - piece.index <= 3 else 0.0
            score += 2.5 * _above_date(pieces, piece, date_lines) + (2.5 if text in linked else 0.0)
            score += 0.8 * (piece.index - 1 in date_lines) - (1.5 if _is_sentence(piece.text) else 0.0)
        if text in menu_names and told_elsewhere:
            # A section's name, while the page prints a headline of its own.
            score -= 12
        if piece.is_link:
            link = piece.link
            target = tree.target(link.get("href")) if link is not None else None
            score += -1.5 if target and target.twin == own else -8
        if limit is not None and piece.index >= limit:
            score -= 3
        if piece.index < header and slug_agreement(piece.text, slug) < 0.75:
            score -= 10
        if score > 0 and (best is None or score > best[0]):
            best = (score, piece)
    if best is not None and best[0] >= 4:
        score, piece = best
        return Title(piece.text, piece, "structure", min(0.99, 0.55 + score / 25))
    fallback = _from_head(heads, slug)
    weak = Title(best[1].text, best[1], "structure", 0.55 + best[0] / 25) if best is not None else None
    if (
        weak is not None
        and best is not None
        and best[0] >= 2.5
        and (fallback is None or fallback.confidence < 0.7)
    ):
        return weak
    if fallback is None and best is not None and best[0] < 1.5:
        beside_date = {best[1].index - 1, best[1].index + 1} & set(date_lines)
        return weak if beside_date and len(best[1].text) >= 15 else None
    return fallback or weak


def _lesser_parts(tree: Tree, pieces: Sequence[TextBlock]) -> set[str]:
    """The parts of the head's title behind a longer first part that the page prints: names of sections and sites."""
    first, *others = [fold(part) for part in _SEPARATOR.split(tree.title) if part] or [""]
    if len(first) < HEADLINE_LENGTH or is_site_name(first):
        return set()
    printed = any(piece.folded == first and not piece.is_link and piece.noise is None for piece in pieces)
    return {part for part in others if len(part) < len(first)} if printed else set()


def _prints_another(pieces: Sequence[TextBlock], heads: Sequence[str], names: Collection[str]) -> bool:
    """Whether a page prints, as a block, a long name that its head gives it and that no menu gives it."""
    wanted = {head for head in heads if len(head) >= HEADLINE_LENGTH and head not in names}
    return any(piece.folded in wanted and not piece.is_link and piece.noise is None for piece in pieces)


def _score(
    piece: TextBlock, text: str, heads: Sequence[str], whole_head: str, names: set[str], slug: Sequence[str]
) -> float:
    if text in names or is_site_name(piece.text) or closes_body(piece) or furniture(piece):
        return -10.0
    if len(text) > LONGEST_SENTENCE and _is_sentence(piece.text):
        return -10.0
    score = 0.0
    if text in heads:
        score += 7.0 - min(heads.index(text), 4) * 0.5
    elif (len(text) >= 12 and text in whole_head) or any(
        len(head) >= 30 and text.startswith(head.rstrip(" .…")) for head in heads
    ):
        score += 4.0
    agreement = slug_agreement(piece.text, slug)
    if agreement >= 0.75:
        score += 6.0 * agreement
    if piece.kind == "heading":
        score += {1: 4.0, 2: 2.0, 3: 1.0}.get(piece.level, 0.3)
    if piece.role == "title":
        score += 2.0
    elif piece.role in ("date", "author", "caption"):
        score -= 2.0
    if piece.noise == "chrome":
        score -= 4.0
    if piece.all_strong:
        score += 0.7
    if len(text) < 12 and piece.kind != "heading":
        score -= 1.0
    return score


def _header_end(pieces: Sequence[TextBlock], limit: int | None) -> int:
    """The index below the last menu above the body: what stands higher is the page's header, not a headline.

    Where no body is known, the first menu ends the header.
    """
    run = end = 0
    for piece in pieces[:limit]:
        if closes_body(piece) and (end or limit is None):
            break
        if piece.is_box:
            run = _MENU
        elif piece.is_link:
            run += 1
        elif piece.text:
            run = 0
            if end and limit is None:
                break
        if run >= _MENU:
            end = piece.index
    return end


def _is_sentence(text: str) -> bool:
    """Whether a text closes as sentences do, which headlines do not."""
    return len(text) > 60 and text[-1] in ".;:" and not text.endswith("...")


def _above_date(pieces: Sequence[TextBlock], piece: TextBlock, date_lines: Collection[int]) -> bool:
    """Whether a date line follows a piece, with at most one label or counter in between."""
    following = piece.index + 1
    if following in date_lines:
        return piece.index not in date_lines
    return following + 1 in date_lines and following < len(pieces) and len(pieces[following].text) < 60


def _from_head(heads: Sequence[str], slug: Sequence[str]) -> Title | None:
    if not heads:
        return None
    agreed = max(heads, key=lambda head: slug_agreement(head, slug))
    if slug_agreement(agreed, slug) >= 0.75:
        return Title(agreed, None, "head", 0.75)
    # The first split of the surest head: site names are the last part more often than the first.
    parts = [head for head in heads if not _SEPARATOR.search(head)] or list(heads)
    return Title(parts[0], None, "head", 0.5)
