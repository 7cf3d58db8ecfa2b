"""VNPT vnPortal: ninhbinh.gov.vn and its communes, Nho Quan, Hải Phòng wards."""

from __future__ import annotations

from typing import Final

from gvreader.portals.declaration import ArticleSelectors, FormPager, Layout, ListingSelectors

LAYOUTS: Final = (
    Layout(
        family="vnpt",
        since=2021,
        title="VNPT vnPortal",
        markers=(
            "articledetailcontrol",
            "uiarticleinmenu",
            "/desktopmodule/uiarticle",
        ),
        article=ArticleSelectors(
            title=(".ArticleDetailControl .ArticleHeader", ".ArticleHeader"),
            date=(".ArticleDetailControl .PostDate", ".PostDate"),
            summary=(".ArticleDetailControl .ArticleSummary", ".ArticleSummary"),
            body=(".ArticleDetailControl .ArticleContent", ".ArticleContent"),
            author=(".ArticleDetailControl .author",),
        ),
        listing=ListingSelectors(
            item=("div.UIArticleInMenu_Default ul.ArticleList > li", "ul.ArticleList > li", "li.row"),
            link=(".Title a", "h2 a"),
            date=(".Ngaydang", ".PostDate"),
            summary=("p",),
        ),
        noise=("div.tool", ".UISocialShare", "div.author", "img.ImgDetailImage"),
        form_pager=FormPager(
            path="/DesktopModule/UIArticleInMenu/ArticleInMenuPagination.aspx/LoadArticle",
            page_field="page",
            pages=r"maxPage\s*=\s*parseInt\(\s*['\"]?(\d+)",
            constants=(
                ("keyword", ""),
                ("date_begin", ""),
                ("date_end", ""),
                ("number_of_day", "3"),
                ("lang", "vi-VN"),
                ("articlelang", "vi-VN"),
                ("is_authenticated", "false"),
            ),
            from_script=(
                ("article_category_id", "article_category_id"),
                ("site_id", "site_id"),
                ("page_size", "page_size"),
                ("categoryIds", "categoryIds"),
                ("show_no", "show_no"),
                ("show_post_date", "show_post_date"),
                ("num_of_text", "num_of_text"),
                ("show_view_count", "show_view_count"),
                ("filter_order_in_list", "filter_order_in_list"),
                ("is_default", "is_default"),
                ("new", "new"),
                ("no", "no"),
                ("keyword", "keyword"),
                ("date_begin", "date_begin"),
                ("date_end", "date_end"),
                ("number_of_day", "number_of_day"),
                ("lang", "lang"),
                ("articlelang", "articlelang"),
                ("is_authenticated", "is_authenticated"),
            ),
        ),
        identity=(
            r"^/(?!rss).*-(\d{3,12})/?$",
            r"[?&](?:articleid|newsid|itemid|id)=(\d+)",
        ),
        feeds=("/rss.aspx",),
    ),
)
