"""The two tables: every family's layouts, and the portals that are known by name."""

from __future__ import annotations

import re
from functools import cache
from typing import Final
from urllib.parse import urlsplit

from gvreader.errors import UsageError
from gvreader.i18n import _
from gvreader.portals import (
    giavien,
    lacviet,
    liferay,
    nukeviet,
    tandan,
    vhv,
    vnpt,
)
from gvreader.portals.declaration import Layout, Portal
from gvreader.portals.installed import FAMILIES, brought, unusable
from gvreader.urls import canonical, is_loopback

# Families with markers of their own come before those that are known by landmarks.
LAYOUTS: Final[tuple[Layout, ...]] = (
    *vnpt.LAYOUTS,
    *vhv.LAYOUTS,
    *lacviet.LAYOUTS,
    *tandan.LAYOUTS,
    *nukeviet.LAYOUTS,
    *liferay.LAYOUTS,
    *giavien.LAYOUTS,
)

_KNOWN: Final = (
    Portal(
        name="giavien",
        title="Gia Viễn",
        origin="https://giavien.ninhbinh.gov.vn",
        family="giavien",
    ),
    Portal(name="kimson", title="Kim Sơn", origin="https://kimson.ninhbinh.gov.vn", family="giavien"),
    Portal(
        name="nhoquan",
        title="Nho Quan",
        origin="https://nhoquan.ninhbinh.gov.vn",
        family="vnpt",
        hosts=("storage-vnportal.vnpt.vn",),
    ),
    Portal(
        name="ninhbinh",
        title="Ninh Bình",
        origin="https://ninhbinh.gov.vn",
        family="vnpt",
        hosts=("storage-vnportal.vnpt.vn",),
    ),
    Portal(
        name="haiquang",
        title="Hải Quang",
        origin="https://haiquang.ninhbinh.gov.vn",
        family="vnpt",
        hosts=("storage-vnportal.vnpt.vn",),
    ),
    Portal(name="daksong", title="Đắk Song", origin="http://daksong.daknong.gov.vn", family="lacviet"),
    Portal(
        name="quangxuong", title="Quảng Xương", origin="https://quangxuong.thanhhoa.gov.vn", family="tandan"
    ),
)


def known() -> tuple[Portal, ...]:
    """The portals that are known by name, Gia Viễn first."""
    return _KNOWN


def portal_for(name: str) -> Portal | None:
    """The known portal of that name."""
    return next((portal for portal in _KNOWN if portal.name == name), None)


@cache
def brought_layouts() -> tuple[Layout, ...]:
    """The layouts that other packages bring by entry points. Raises ConfigError for what are none."""
    found: list[Layout] = []
    for package, thing in brought(FAMILIES):
        layouts = thing if isinstance(thing, tuple) else (thing,)
        if not layouts or not all(isinstance(layout, Layout) for layout in layouts):
            raise unusable(package, FAMILIES, "not a tuple of Layouts")
        found += layouts
    return tuple(found)


@cache
def layouts() -> tuple[Layout, ...]:
    """Every family's layouts: those that other packages bring, then those of this one."""
    return (*brought_layouts(), *LAYOUTS)


def layouts_of(family: str | None) -> tuple[Layout, ...]:
    """The layouts of a family, newest first; a label such as `giavien@2020` names one of them."""
    if not family:
        return ()
    name, _, since = family.partition("@")
    return tuple(
        layout for layout in layouts() if layout.family == name and (not since or str(layout.since) == since)
    )


def adhoc(url: str) -> Portal:
    """A portal for an address that no table knows; its family is detected from its pages.

    Its name is the host (with the port on loopback) and is safe in file names. Raises `UsageError` for
    what is no http(s) address.
    """
    spelled = canonical(url)
    if spelled is None:
        raise UsageError(
            _("Not a web address: {url}").format(url=repr(url)),
            advice=_("Give a portal's name or an http(s) address."),
        )
    parts = urlsplit(spelled)
    host = (parts.hostname or "").removeprefix("www.")
    on_loopback = is_loopback(spelled)
    name = host if parts.port is None or not on_loopback else f"{host}-{parts.port}"
    start = parts.path + (f"?{parts.query}" if parts.query else "")
    return Portal(
        name=re.sub(r"[^a-z0-9._-]+", "-", name).strip("-.") or "portal",
        title=host,
        origin=f"{parts.scheme}://{parts.netloc}",
        start=("/",) if start in ("", "/") else (start, "/"),
    )
