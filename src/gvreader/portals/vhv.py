"""VHV portals: news, PDF pages and legal documents in three detail layouts."""

from __future__ import annotations

from typing import Final

from gvreader.portals.declaration import ArticleSelectors, Layout, ListingSelectors

LAYOUTS: Final = (
    Layout(
        family="vhv",
        since=2022,
        title="VHV",
        markers=(
            "news-detail-layout-type",
            "article-detail-listtype",
            "article-detail-default",
            "pdf-detail-layout-default",
            "legal-document-detaillayout",
        ),
        article=ArticleSelectors(
            title=("h1.title-detail", "h1.doc-name", ".title-detail"),
            date=("span.post-date", "meta[itemprop=datePublished]"),
            summary=("div.brief",),
            body=("div.content-detail", "article.pdf-detail-layout-default"),
        ),
        document=("article.pdf-detail-layout-default", "div.legal-document-detailLayout-default"),
        listing=ListingSelectors(
            item=(
                "section[class*='Article-Detail-listType'] article",
                "section.Article-Detail-default article.detailType2",
                "section[class*='Article-Detail'] li",
            ),
            link=(".news-title a", ".entry-title a", "h4 a", "h3 a"),
            date=(".time-news", "time.post-date"),
            summary=(".brief", ".brief-news", ".desc", "p"),
            next=("div.default-pagination a",),
        ),
        identity=(r"-(\d{4,12})(?:\.html)?/?$",),
    ),
)
