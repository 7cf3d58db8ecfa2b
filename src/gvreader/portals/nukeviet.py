"""NukeViet 4: communes, schools, unions. Its addresses have the shape of the `giavien` family."""

from __future__ import annotations

from typing import Final

from gvreader.portals.declaration import ArticleSelectors, Layout, ListingSelectors

LAYOUTS: Final = (
    Layout(
        family="nukeviet",
        since=2015,
        title="NukeViet",
        markers=("news-bodyhtml", "nukeviet", "nv_base_siteurl", "news_column"),
        article=ArticleSelectors(
            title=("h1.title[itemprop=headline]", "h1.title", "[itemprop=headline]"),
            date=(".news_column span.h5", "span.h5", "em.time", "[itemprop=datePublished]"),
            summary=(".hometext", "#hometext"),
            body=("#news-bodyhtml", ".bodytext"),
            author=("p.h5.text-right", ".author p", "p.text-right"),
            attachments=(".news-download-file a[download]", ".news-download-file a", "#news-attach a"),
            related=("ul.detail-related a", ".related a"),
        ),
        listing=ListingSelectors(
            item=(".news_column .panel-body", ".news_column .item", ".news_column"),
            link=("h2 a", "h3 a", "h4 a"),
            date=(".time", ".text-muted li", ".text-muted"),
            summary=(".text-justify", ".hometext", "p"),
        ),
        noise=(".news-download-file", ".detail-related", ".socialicon", ".newsrating", "#news-attach"),
        identity=(r"-(\d{1,9})\.html$", r"-(\d{1,9})/$"),
    ),
)
