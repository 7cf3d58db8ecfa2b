"""Articles as a static web site: readable, searchable in the browser, without a server or any outside request."""

from gvreader.export.site.builder import KIND, SiteBuilder, Sources, write_site

__all__ = ["KIND", "SiteBuilder", "Sources", "write_site"]
