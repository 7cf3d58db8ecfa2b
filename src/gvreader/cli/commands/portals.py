"""`gvreader portals`: the portals that are known by name, and the CMS families."""

from __future__ import annotations

import argparse
from typing import Final

from gvreader.cli.context import Context
from gvreader.errors import EXIT_DONE
from gvreader.export.terminal_text import pad, printable
from gvreader.i18n import _

EXAMPLES: Final = ("gvreader portals", "gvreader portals --json | jq -r '.portals[].name'")


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help=_("print one JSON object"))


def run(context: Context) -> int:
    from gvreader.app.portal_lookup import portals
    from gvreader.portals import layouts

    console = context.console
    known = portals(context.settings)
    if context.options.json:
        from gvreader.export.records import dumps

        console.data(
            dumps(
                {
                    "portals": [
                        {
                            "name": portal.name,
                            "title": portal.title,
                            "origin": portal.origin,
                            "family": portal.family,
                            "hosts": list(portal.hosts),
                        }
                        for portal in known
                    ],
                    "families": [
                        {"family": layout.family, "version": layout.label, "title": layout.title}
                        for layout in layouts()
                    ],
                }
            )
        )
        return EXIT_DONE
    for portal in known:
        name, title = pad(printable(portal.name), 14), pad(printable(portal.title), 18)
        family = portal.family or _("detected from its pages")
        console.data(f"{console.style(name, 'bold')} {title} {pad(family, 10)} {printable(portal.origin)}")
    console.data()
    console.data(console.style(_("CMS families, with the year of each known markup"), "dim"))
    for layout in layouts():
        console.data(f"{pad(layout.label, 14)} {printable(layout.title)}")
    return EXIT_DONE
