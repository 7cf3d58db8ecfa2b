"""The content systems that the replica can speak, by name. Families are imported when they are asked for."""

from __future__ import annotations

from importlib import import_module
from typing import Final

from gvreader.demo.family import Family
from gvreader.demo.site import Site

FAMILIES: Final = {
    "giavien": "gvreader.demo.giavien:Plain",
    "giavien-framed": "giavien_framed:Framed",
    "giavien-cards": "giavien_cards:Cards",
    "vnpt": "vnpt:VnPortal",
    "vhv": "vhv:Vhv",
    "lacviet": "lacviet:LacViet",
    "tandan": "tandan:TanDan",
    "nukeviet": "nukeviet:NukeViet",
    "liferay": "liferay:Liferay",
    "unknown-divs": "unknown_divs:Divs",
    "unknown-tables": "unknown_tables:Tables",
    "unknown-semantic": "unknown_semantic:Semantic",
    "unknown-blog": "unknown_blog:Blog",
    "unknown-forms": "unknown_forms:Forms",
    "unknown-seeded": "unknown_seeded:Seeded",
}
"""Name on the command line → module and class. Names with a common first part are one family in several markups."""


def family(name: str, site: Site) -> Family:
    """The family of that name, speaking for `site`; KeyError for an unknown name."""
    module, _, kind = FAMILIES[name].partition(":")
    spoken: Family = getattr(import_module(module if "." in module else f"{__name__}.{module}"), kind)(site)
    return spoken
