"""Writes the man page from the parser: `python packaging/make_manual.py > packaging/gvreader.1`."""

from __future__ import annotations

import os
import sys

from argparse_manpage.manpage import Manpage

from gvreader.cli.arguments import full_parser

SUMMARY = "read, archive and search the news of Vietnamese district portals"


def manual() -> str:
    """The page in roff, without a date, so that the same parser gives the same page."""
    os.environ["COLUMNS"] = "100"
    page = Manpage(full_parser())
    page.manual, page.date = "gvreader", ""
    name = ".SH NAME\ngvreader\n"
    return str(page).replace(name, f"{name.rstrip()} \\- {SUMMARY}\n", 1)


if __name__ == "__main__":
    sys.stdout.write(manual())
