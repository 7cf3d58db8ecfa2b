"""The family of the Gia Viễn portal and its siblings (PHP, vendor unknown).

No page of it is preserved, only texts and addresses. So its selectors are few and merely tried first, and
the landmarks of the text (title, date line, sign-off, "Bài viết khác") carry the work.
"""

from __future__ import annotations

from typing import Final

from gvreader.portals.declaration import ArticleSelectors, Layout, ListingSelectors

LAYOUTS: Final = (
    Layout(
        family="giavien",
        since=2020,
        title="Gia Viễn (Ninh Bình)",
        markers=(
            "/public/userfiles/",
            "/public/files/",
            "chào mừng đến trang thông tin điện tử",
            "bài viết khác",
        ),
        needed=2,
        article=ArticleSelectors(),
        listing=ListingSelectors(),
        identity=(r"-(\d{1,9})\.html$",),
    ),
)
