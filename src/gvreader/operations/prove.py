"""Does an article's text derive from the record that is cited for it? Offline, from the archive's own bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Final, Literal

from gvreader.archive.library import Library
from gvreader.archive.library.content import cleaned
from gvreader.archive.vault import Vault
from gvreader.errors import ArchiveDamaged
from gvreader.extract.version import extractor_version
from gvreader.ingest import examine, informed
from gvreader.model import (
    Article,
    Capture,
    RecordRef,
    Revision,
    Source,
    StoredArticle,
    Trust,
)
from gvreader.portals import Portal

Verdict = Literal["proven", "other-extractor", "differs", "altered", "damaged", "no-text", "no-record"]
"""`proven`: the record is whole, and reading it again gives this very text.
`other-extractor`: the record is whole, but was read by another version, and this one reads it otherwise.
`differs`: the same version reads something else. `altered`: the stored text does not have its own digest.
`damaged`: the record is missing or does not have its digests. `no-text`: the record is whole, but says only that
nothing had changed. `no-record`: the article was imported without captures.
"""
_SOUND: Final = frozenset({"proven", "other-extractor", "no-text", "no-record"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvenArticle:
    """What was found of one revision.

    `derived_sha256` is the digest of what the record says now, None where it cannot be read. `dated_elsewhere`: the
    page prints no date, the article has that of a listing. `extractor` read the capture then, `installed` now.
    """

    key: str
    title: str
    revision: Revision
    verdict: Verdict
    detail: str = ""
    url: str | None = None
    payload_sha256: str | None = None
    derived_sha256: str | None = None
    dated_elsewhere: bool = False
    extractor: str = ""
    installed: str = ""

    @property
    def is_sound(self) -> bool:
        """Whether nothing speaks against the article."""
        return self.verdict in _SOUND

    @property
    def evidence(self) -> RecordRef | None:
        return self.revision.evidence

    @property
    def source(self) -> Source:
        return self.revision.source

    @property
    def trust(self) -> Trust:
        return self.revision.trust


def prove(
    article_id: int,
    *,
    vault: Vault,
    library: Library,
    portal_of: Callable[[str], Portal],
    current_only: bool = False,
) -> Iterator[ProvenArticle]:
    """One proof for each revision of an article, first to last, or for the current one only."""
    history = library.articles.history(article_id)
    for revision in history[-1:] if current_only else history:
        stored = library.articles.get(str(article_id), revision=revision.number)
        if stored is not None:
            yield _proof(stored, revision, vault, library, informed(library, portal_of(stored.row.portal)))


def _proof(
    stored: StoredArticle, revision: Revision, vault: Vault, library: Library, portal: Portal
) -> ProvenArticle:
    proof = ProvenArticle(
        key=stored.row.key,
        title=stored.article.title,
        revision=revision,
        verdict="no-record",
        installed=extractor_version(),
    )
    ref = revision.evidence
    if ref is None:
        return proof
    row = library.captures.at(ref)
    proof = replace(proof, extractor=row.extractor if row is not None else "")
    try:
        capture = vault.proven(ref)
    except ArchiveDamaged as error:
        return replace(proof, verdict="damaged", detail=str(error))
    proof = replace(proof, payload_sha256=capture.payload_sha256, url=capture.url)
    if row is None or row.payload_sha256 != capture.payload_sha256:
        detail = "the library knows another payload of this record"
        return replace(proof, verdict="damaged", detail=detail)
    if stored.article.content_sha256 != revision.content_sha256:
        return replace(proof, verdict="altered", detail="the stored text does not have the digest stated")
    return _derived(proof, stored.article, capture, portal)


def _derived(proof: ProvenArticle, stored: Article, capture: Capture, portal: Portal) -> ProvenArticle:
    """Read the capture again, and compare."""
    # What was stored was believed whole; what was learnt since says nothing about the record.
    extraction = examine(capture, replace(portal, ends_pages=False))
    if extraction is None:
        return replace(proof, verdict="no-text", detail=f"the record is an answer of {capture.status}")
    expected = proof.revision.content_sha256
    article = extraction.page
    if not isinstance(article, Article):
        verdict: Verdict = "differs" if proof.extractor == proof.installed else "other-extractor"
        return replace(proof, verdict=verdict, detail="the record is read as no article")
    article = cleaned(article)
    dated = replace(article, published=stored.published)
    dated_elsewhere = article.published is None and stored.published is not None
    if dated_elsewhere and dated.content_sha256 == expected:
        article = dated
    proof = replace(
        proof,
        derived_sha256=article.content_sha256,
        dated_elsewhere=dated_elsewhere and article.published is not None,
    )
    if article.content_sha256 == expected:
        return replace(proof, verdict="proven")
    if proof.extractor == proof.installed:
        return replace(proof, verdict="differs", detail="the same extractor reads another text")
    return replace(proof, verdict="other-extractor", detail=_difference(stored, article))


def _difference(stored: Article, article: Article) -> str:
    """Which parts of the content another extractor reads otherwise."""
    names = ("title", "summary", "published", "author", "organisation", "text")
    changed = [name for name in names if getattr(stored, name) != getattr(article, name)]
    return "read otherwise: " + (", ".join(changed) or "pictures, files or the form of blocks")
