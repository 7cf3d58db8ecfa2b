"""Liferay: provincial departments and districts on `/web/guest/…`."""

from __future__ import annotations

from typing import Final

from gvreader.portals.declaration import ArticleSelectors, Layout, ListingSelectors

LAYOUTS: Final = (
    Layout(
        family="liferay",
        since=2018,
        title="Liferay",
        markers=("liferay", "lfr-pagination", "/o/frontend", "portlet-asset-publisher"),
        article=ArticleSelectors(
            title=(".asset-publisher .header-title", ".header-title"),
            date=("section > span", ".metadata-publish-date"),
            body=(".journal-content-article", ".asset-content"),
        ),
        listing=ListingSelectors(next=(".lfr-pagination a",)),
        identity=(
            r"/-/asset_publisher/[^/]+/content(?:/id)?/(?:[^/?]*/)?(\d+)",
            r"/-/view_content/content/(\d+)",
            r"[?&](?:_[^=&]*_)?(?:articleid|assetentryid|urltitleid)=(\d+)",
        ),
    ),
)
