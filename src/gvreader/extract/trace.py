"""What `probe` prints of an extraction: each field, the layer it came from, how sure it is."""

from __future__ import annotations

from gvreader.extract.article.draft import ArticleDraft
from gvreader.model import Article, FieldTrace, Listing

_SHOWN_PAGES = 10


def _traced(field: str, value: str, layer: str, confidence: float) -> FieldTrace:
    return FieldTrace(field=field, value=value, layer=layer, confidence=round(confidence, 3))


def _is_by_family(draft: ArticleDraft) -> bool:
    return draft.title is not None and draft.title.layer == "family" and not draft.gave_way


def trace_of_article(page: Article, draft: ArticleDraft) -> tuple[FieldTrace, ...]:
    """The fields of an article in the order of reading."""
    layer = "family" if _is_by_family(draft) else "density"
    traced: list[FieldTrace] = []
    if draft.title is not None:
        traced.append(_traced("title", draft.title.text, draft.title.layer, draft.title.confidence))
    if draft.dated is not None:
        published = draft.dated.published.isoformat()
        traced.append(_traced("published", published, draft.dated.layer, draft.dated.confidence))
    for name, value in (
        ("number", page.number),
        ("author", page.author),
        ("organisation", page.organisation),
        ("summary", page.summary),
    ):
        if value:
            traced.append(_traced(name, value[:200], "structure", 0.9))
    traced += [_traced("section", f"{one.slug} ({one.title})", "structure", 0.9) for one in page.sections]
    traced.append(_traced("body", f"{len(page.blocks)} blocks, {page.words} words", layer, page.confidence))
    traced += [_traced("image", one.url, layer, 0.95) for one in page.images]
    traced += [_traced("attachment", one.url, layer, 0.95) for one in page.attachments]
    return tuple(traced)


def trace_of_listing(page: Listing, layer: str) -> tuple[FieldTrace, ...]:
    """A listing's title, entries and further pages."""
    traced = [_traced("items", str(len(page.items)), layer, page.confidence)]
    if page.title:
        traced.append(_traced("title", page.title, "structure", 0.8))
    traced += [
        _traced("next", f"{one.method} {one.url}", "structure", 0.9) for one in page.next[:_SHOWN_PAGES]
    ]
    return tuple(traced)
