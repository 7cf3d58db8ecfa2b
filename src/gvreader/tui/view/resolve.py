"""Which article of the archive an address means, also under an address that the archive never met."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gvreader.archive.library import Library


def article_at(library: Library, url: str, portal: str) -> int | None:
    """The local number of the article at `url`, which a page of `portal` names; None when it is not here.

    A portal may serve one article with and without its section in the path: then its own number tells.
    """
    found = library.articles.id_of(url)
    stored = library.portals.get(portal) if found is None else None
    if stored is None or stored.family is None:
        return found
    from gvreader import urls
    from gvreader.portals import identity

    if urls.host(url) != urls.host(stored.origin):
        return None
    number = identity(url, stored.family)
    return library.articles.id_of(f"{portal}:{number}") if number is not None else None
