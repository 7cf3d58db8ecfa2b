"""`gvreader import`: captures from WARC and WACZ files, articles from our own JSON lines."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from gvreader.cli import values
from gvreader.cli.context import Context
from gvreader.errors import EXIT_DONE, EXIT_PARTIAL, UsageError
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
        help=_("WARC, ARC or WACZ files, or files that `export jsonl` wrote"),
    )


def run(context: Context) -> int:
    exports, archives = _sorted(context.options.paths)
    failed = 0
    if archives:
        failed += _import(context, archives)
    if exports:
        failed += _restore(context, exports)
    return EXIT_PARTIAL if failed else EXIT_DONE


def _sorted(paths: Sequence[Path]) -> tuple[list[Path], list[Path]]:
    """Our own exports and web archives, told by their content. Raises UsageError for anything else."""
    from gvreader.restoring import is_export
    from gvreader.sources.warcfile import is_archive

    exports, archives = [], []
    for path in paths:
        if is_archive(path):
            archives.append(path)
        elif is_export(path):
            exports.append(path)
        else:
            raise UsageError(
                _("{path} is neither a web archive nor an export of gvreader.").format(path=path),
                advice=_("WARC, ARC and WACZ files can be imported, and what `gvreader export jsonl` wrote."),
            )
    return exports, archives


def _import(context: Context, paths: Sequence[Path]) -> int:
    """Take in captures; returns how many records were lost."""
    from gvreader.runs import run_import

    console = context.console
    state = None
    for state in run_import(context.archive, paths, note=console.say):
        if state.captures % 20 == 0:
            console.status(
                _("{n} captures read, {articles}").format(
                    n=wording.number(state.captures), articles=wording.articles(state.new)
                )
            )
    if state is None:
        console.say(_("There was nothing in these files."))
        return 0
    console.say(
        _(
            "Imported: {captures} captures ({known} were here already), {articles}, "
            "{revisions} further revisions, {refused} pages that are no articles."
        ).format(
            captures=wording.number(state.captures),
            known=wording.number(state.known),
            articles=wording.articles(state.new),
            revisions=wording.number(state.revisions),
            refused=wording.number(state.refused),
        )
    )
    for oddity in state.oddities:
        place = f"{oddity.path}" if oddity.offset is None else f"{oddity.path}:{oddity.offset}"
        tell = console.detail if oddity.is_kept or oddity.kind == "other-type" else console.say
        tell(f"{place}: {oddity.kind}: {oddity.detail}")
    return state.lost


def _restore(context: Context, paths: Sequence[Path]) -> int:
    """Take in our own exports; returns how many lines were no articles."""
    from gvreader.runs import run_restore

    console = context.console
    last = {}
    for state in run_restore(context.archive, paths, note=console.say):
        last[state.path] = state
        console.status(_("{articles} read").format(articles=wording.articles(state.new + state.known)))
    for path, state in last.items():
        console.say(
            _("{path}: {articles} new, {known} known already, {refused} lines refused").format(
                path=path,
                articles=wording.articles(state.new),
                known=wording.number(state.known),
                refused=wording.number(state.refused),
            )
        )
        for problem in state.problems:
            console.say(f"  {problem}")
    return sum(state.refused for state in last.values())
