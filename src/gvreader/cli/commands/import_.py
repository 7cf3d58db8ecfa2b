"""`gvreader import`: captures from WARC and WACZ files, articles from our own JSON lines."""

from __future__ import annotations

import argparse
from typing import Final

from gvreader.cli import values
from gvreader.cli.context import Context
from gvreader.errors import EXIT_DONE, EXIT_PARTIAL
from gvreader.i18n import _
from gvreader.outputs import wording

EXAMPLES: Final = (
    "gvreader import gia-vien.jsonl",
    "gvreader import crawl-2023.warc.gz old-site.wacz",
)


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "paths",
        nargs="+",
        type=values.folder,
        metavar="PATH",
        help=_("WARC or WACZ files, or files that `export jsonl` wrote"),
    )


def run(context: Context) -> int:
    from gvreader.wiring import run_import

    console = context.console
    refused = 0
    for report in run_import(context.archive, context.options.paths, note=console.say, status=console.status):
        console.status("")
        console.say(
            _("{path}: {new} new, {known} known, {refused} refused.").format(
                path=report.path,
                new=wording.articles(report.new),
                known=wording.number(report.known),
                refused=wording.number(report.refused),
            )
        )
        for problem in report.problems:
            console.detail(problem)
        refused += report.refused
    return EXIT_PARTIAL if refused else EXIT_DONE
