"""An article in the making."""

from __future__ import annotations

from dataclasses import dataclass, field

from gvreader.extract.article.blocks import BlockBuilder
from gvreader.extract.fields.byline import Byline
from gvreader.extract.fields.content_root import Region
from gvreader.extract.fields.documents import DocumentFields
from gvreader.extract.fields.publication_date import Dated
from gvreader.extract.fields.title import Title
from gvreader.model import Attachment


@dataclass(slots=True, kw_only=True)
class ArticleDraft:
    """An article as far as it is told, with how each field was found.

    `has_date_place`: the family prints dates of articles where this page prints something that is none; `gave_way`:
    the family's body was less than the page's text.
    """

    title: Title | None = None
    dated: Dated | None = None
    region: Region | None = None
    summary: str | None = None
    byline: Byline = field(default_factory=Byline)
    body: BlockBuilder = field(default_factory=BlockBuilder)
    attachments: tuple[Attachment, ...] = ()
    related: tuple[str, ...] = ()
    fringe: tuple[str, ...] = ()
    fields: DocumentFields = field(default_factory=DocumentFields)
    is_document: bool = False
    has_date_place: bool = False
    gave_way: bool = False
    dropped: list[str] = field(default_factory=list)

    @property
    def text_mass(self) -> int:
        return sum(len(line) for block in self.body.blocks for line in block.lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """Fields that selectors tell, so that structure need not find them."""

    title: Title | None = None
    region: Region | None = None
    dated: Dated | None = None
    is_document: bool = False
    has_date_place: bool = False
