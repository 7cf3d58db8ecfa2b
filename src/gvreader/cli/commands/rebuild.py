"""`gvreader rebuild`: derive the library again from the vault."""

from __future__ import annotations

import argparse
import os
from typing import Final

from gvreader.cli import arg_types
from gvreader.cli.context import Context
from gvreader.cli.signals import heeding
from gvreader.errors import EXIT_DONE, EXIT_PARTIAL
from gvreader.export import wording
from gvreader.i18n import _

EXAMPLES: Final = (
    "gvreader rebuild",
    "gvreader rebuild --jobs 4",
    "gvreader rebuild --accept-loss",
    "gvreader rebuild --index",
)


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--jobs",
        type=arg_types.count,
        metavar="N",
        default=_processors(),
        help=_("pages read at once ({n})").format(n=_processors()),
    )
    parser.add_argument(
        "--accept-loss",
        action="store_true",
        help=_("go on although captures that the library knows are lost, and let vanish what hangs on them"),
    )
    parser.add_argument(
        "--index", action="store_true", help=_("build only the full-text index again, from the articles")
    )


def _processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def run(context: Context) -> int:
    if context.options.index:
        return _rebuild_index(context)
    from gvreader.app.runs.rebuild_run import run_rebuild
    from gvreader.cli.commands.verify import finding_line

    console = context.console
    state = None
    for state in heeding(
        run_rebuild(
            context.archive,
            jobs=context.options.jobs,
            note=console.say,
            accept_loss=context.options.accept_loss,
        )
    ):
        if state.captures % 20 == 0:
            console.status(
                _("{n} captures read, {articles}").format(
                    n=wording.number(state.captures), articles=wording.articles(state.new)
                )
            )
    assert state is not None, "a rebuild ends with its final state"
    console.say(
        _("Derived again: {articles}, {revisions}, from {captures}.").format(
            articles=wording.articles(state.new),
            revisions=wording.further_revisions(state.revisions),
            captures=wording.captures(state.captures),
        )
    )
    for finding in state.unreadable:
        console.trouble(finding_line(finding))
    return EXIT_PARTIAL if state.unreadable else EXIT_DONE


def _rebuild_index(context: Context) -> int:
    from gvreader.app.runs.rebuild_run import run_reindex

    console = context.console

    def tell(done: int) -> None:
        console.status(_("{articles} indexed").format(articles=wording.articles(done)))

    count = run_reindex(context.archive, note=console.say, progress=tell)
    console.say(_("The index was built again: {articles}.").format(articles=wording.articles(count)))
    return EXIT_DONE
