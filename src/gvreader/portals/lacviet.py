"""Lạc Việt on SharePoint: Đắk Song and other districts of Đắk Nông."""

from __future__ import annotations

from typing import Final

from gvreader.portals.declaration import ArticleSelectors, Layout, ListingSelectors

LAYOUTS: Final = (
    Layout(
        family="lacviet",
        since=2012,
        title="Lạc Việt (SharePoint)",
        markers=("lacvietbio", "lv_description_mode1", "tbtinkhac", "titlefront"),
        article=ArticleSelectors(
            title=("#tableforprint p.Title", "p.Title"),
            date=(".ms-news-header td.Time", "td.Time"),
            summary=("b.lv_description_mode1",),
            body=("#content-print", "#tableforprint [class^=ExternalClass]", "[class^=ExternalClass]"),
            section=(".ms-news-header td.FolderTitle", "td.FolderTitle"),
            attachments=("a.htvb_ahref",),
            related=("td.Other ul li a",),
        ),
        listing=ListingSelectors(
            item=("td.TitleFront",),
            link=("a",),
            date=("span.ShowDate",),
            summary=("div.ContentText",),
        ),
        noise=(".css_linkstoweb", ".css_readCounter", ".css_printandback", ".css_Xemtiep"),
    ),
)
