"""`gvreader import`: captures from WARC and WACZ files, saved pages, articles from our own JSON lines."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from gvreader.cli import arg_types
from gvreader.cli.context import Context
from gvreader.cli.signals import heeding
from gvreader.errors import EXIT_DONE, EXIT_PARTIAL, UsageError
from gvreader.export import wording
from gvreader.i18n import _, marked, ngettext

if TYPE_CHECKING:
    from gvreader.operations.import_captures import Importing
    from gvreader.operations.restore import Restored
    from gvreader.sources import Anomaly

EXAMPLES: Final = (
    "gvreader import crawl-2023.warc.gz old-site.wacz",
    "gvreader import ~/saved-pages/",
    "gvreader import --url https://giavien.ninhbinh.gov.vn/ ./htdocs",
    "gvreader import gia-vien.jsonl",
)
_ARCHIVE_NAMES: Final = (".warc", ".warc.gz", ".warc.zst", ".arc", ".arc.gz", ".wacz")
_PAGE_NAMES: Final = (".html", ".htm", ".xhtml", ".shtml", ".mhtml", ".mht", ".php", ".asp", ".aspx", ".jsp")
_MOST_EXAMPLES: Final = 5

ODDITY_NAMES: Final = {
    "unreadable": marked("cannot be read"),
    "not-archive": marked("is no web archive"),
    "stray-bytes": marked(
        "holds bytes between or behind its records that belong to none; nothing is missing"
    ),
    "damaged": marked("is damaged; what could be read was taken"),
    "truncated": marked("ends in the middle of a record"),
    "too-large": marked("is too large"),
    "codec": marked("is compressed in a way that cannot be undone here"),
    "bad-record": marked("is no well-formed record"),
    "bad-http": marked("holds no HTTP answer"),
    "wrong-length": marked("has another length than it says"),
    "wrong-digest": marked("does not have the digest that it says"),
    "no-date": marked("does not say when it was captured"),
    "no-address": marked("does not say where it came from (--url does)"),
    "not-http": marked("is no web page"),
    "not-page": marked("is no page"),
    "method": marked("answers something else than a request for a page"),
    "other-type": marked("is a record of another kind"),
    "segmented": marked("is one of several pieces of a record"),
    "lone-request": marked("is a request without an answer"),
    "unresolved-revisit": marked("repeats a record that is not in these files"),
}


@dataclass(slots=True)
class _Sorted:
    """What was named on the command line, by what is done with it."""

    exports: list[Path] = field(default_factory=list)
    archives: list[Path] = field(default_factory=list)
    saved: list[Path] = field(default_factory=list)


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "paths",
        nargs="+",
        type=arg_types.folder,
        metavar="PATH",
        help=_("WARC, ARC or WACZ files, saved pages or folders of them, or files that `export jsonl` wrote"),
    )
    parser.add_argument(
        "--url",
        type=arg_types.address,
        metavar="URL",
        help=_("the address that a folder of saved pages stands for, whatever the pages say"),
    )
    parser.add_argument("--json", action="store_true", help=_("print one JSON object at the end"))


def run(context: Context) -> int:
    console = context.console
    found = _sorted(context.options.paths)
    imported = _import(context, found) if found.archives or found.saved else None
    restored = _restore(context, found.exports) if found.exports else ()
    if context.options.json:
        from gvreader.export.records import dumps

        console.data(dumps(report(imported, restored)))
    failed = (imported.lost + imported.unread if imported else 0) + sum(state.refused for state in restored)
    return EXIT_PARTIAL if failed else EXIT_DONE


def report(imported: Importing | None, restored: Iterable[Restored]) -> dict[str, object]:
    """The import as `--json` prints it."""
    from gvreader.operations.import_captures import Importing

    state = imported or Importing()
    return {
        "captures": {
            "read": state.captures,
            "known": state.known,
            "refused": state.refused,
            "unread": state.unread,
        },
        "articles": {"new": state.new, "revisions": state.revisions},
        "lost": state.lost,
        "oddities": [
            {
                "kind": oddity.kind,
                "file": str(oddity.path),
                "entry": oddity.entry,
                "offset": oddity.offset,
                "url": oddity.url,
                "detail": oddity.detail,
                "kept": oddity.is_kept,
                "loss": oddity.is_loss,
            }
            for oddity in state.oddities
        ],
        "restored": [
            {
                "file": str(one.path),
                "new": one.new,
                "known": one.known,
                "refused": one.refused,
                "problems": list(one.problems),
            }
            for one in restored
        ],
    }


def _sorted(paths: Sequence[Path]) -> _Sorted:
    """What each path is, told by its content. Raises UsageError for what cannot be imported."""
    found = _Sorted()
    for path in paths:
        if path.is_dir():
            inside = list(_archives_below(path))
            found.archives += inside
            if any(_has_pages(path)):
                found.saved.append(path)
            elif not inside:
                raise UsageError(
                    _("There is neither a saved page nor a web archive in {folder}.").format(folder=path)
                )
        else:
            _sort_file(path, found)
    return found


def _sort_file(path: Path, found: _Sorted) -> None:
    from gvreader.operations.restore import is_export
    from gvreader.sources.warc_files import is_archive

    name = path.name.lower()
    if is_archive(path) or (path.exists() and name.endswith(_ARCHIVE_NAMES)):
        found.archives.append(path)
    elif is_export(path):
        found.exports.append(path)
    elif name.endswith(_PAGE_NAMES):
        found.saved.append(path)
    else:
        raise UsageError(
            _("{path} is neither a web archive nor a saved page nor an export of gvreader.").format(
                path=path
            ),
            advice=_(
                "WARC, ARC and WACZ files can be imported, saved pages (.html, .mhtml) and folders of them, "
                "and what `gvreader export jsonl` wrote."
            ),
        )


def _archives_below(folder: Path) -> Iterator[Path]:
    for place, folders, names in os.walk(folder):
        folders.sort()
        yield from (Path(place, name) for name in sorted(names) if name.lower().endswith(_ARCHIVE_NAMES))


def _has_pages(folder: Path) -> Iterator[bool]:
    """Whether each file may be a saved page: by its name, or without any suffix, as mirroring tools leave them."""
    for _place, _folders, names in os.walk(folder):
        for name in names:
            plain = name.lower().partition("?")[0].partition("@")[0]
            yield plain.endswith(_PAGE_NAMES) or "." not in plain


def _import(context: Context, found: _Sorted) -> Importing | None:
    """Take in captures."""
    from gvreader.app.runs.import_run import run_import

    console = context.console
    state = None
    steps = run_import(
        context.archive, found.archives, found.saved, url=context.options.url, note=console.say
    )
    for state in heeding(steps):
        if state.captures % 20 == 0:
            console.status(
                _("{n} captures read, {articles}").format(
                    n=wording.number(state.captures), articles=wording.articles(state.new)
                )
            )
    console.status("")
    if state is None:
        console.say(_("There was nothing in these files."))
        return None
    console.say(
        _("Imported: {captures} ({known} here already), {articles}, {revisions}, {refused}.").format(
            captures=wording.captures(state.captures),
            known=wording.number(state.known),
            articles=wording.articles(state.new),
            revisions=wording.further_revisions(state.revisions),
            refused=ngettext(
                "{n} page that is no article", "{n} pages that are no articles", state.refused
            ).format(n=wording.number(state.refused)),
        )
    )
    _tell_oddities(context, state.oddities)
    return state


def _tell_oddities(context: Context, oddities: Sequence[Anomaly]) -> None:
    """What was lost or odd, a few of each kind; all of it under `--verbose`."""
    console = context.console
    told: dict[str, int] = {}
    for oddity in oddities:
        told[oddity.kind] = told.get(oddity.kind, 0) + 1
        place = str(oddity.path) if oddity.offset is None else f"{oddity.path}:{oddity.offset}"
        what = _(ODDITY_NAMES[oddity.kind])
        detail = f" ({oddity.detail})" if oddity.detail else ""
        is_told = oddity.is_notable and told[oddity.kind] <= _MOST_EXAMPLES
        (console.trouble if is_told else console.detail)(f"{place}: {what}{detail}")


def _restore(context: Context, paths: Sequence[Path]) -> tuple[Restored, ...]:
    """Take in our own exports."""
    from gvreader.app.runs.import_run import run_restore

    console = context.console
    last = {}
    for state in heeding(run_restore(context.archive, paths, note=console.say)):
        last[state.path] = state
        console.status(_("{articles} read").format(articles=wording.articles(state.new + state.known)))
    console.status("")
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
            console.trouble(f"{path}: {problem}")
    return tuple(last.values())
