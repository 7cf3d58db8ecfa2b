"""Tân Dân on SharePoint: districts of Thanh Hóa."""

from __future__ import annotations

from typing import Final

from gvreader.portals.declaration import ArticleSelectors, Layout, ListingSelectors

LAYOUTS: Final = (
    Layout(
        family="tandan",
        since=2016,
        title="Tân Dân (SharePoint)",
        markers=("tandan-p-article", "tandan-span-date", "tandan-div-article", "tandan-"),
        article=ArticleSelectors(
            title=("h1.tandan-p-article-news-title", ".tandan-p-article-news-title"),
            date=(".tandan-span-date-publish",),
            summary=(".tandan-p-article-news-summary",),
            body=("div.ms-rtestate-field",),
            author=(".tandan-p-article-news-author", ".tandan-p-article-author"),
            related=(".tandan-div-article-other a",),
        ),
        listing=ListingSelectors(
            link=(".channel-news-title a", ".tandan-p-article-news-title a"),
        ),
        noise=(".tandan-div-article-other",),
        identity=(r"([0-9a-f]{8})\.aspx$", r"-([0-9a-f]{5,32})\.aspx$"),
    ),
)
