"""`gvreader watch`: saved searches, and what is new in each since it was last looked at."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from gvreader.cli import arg_types, queries
from gvreader.cli.context import Context
from gvreader.errors import EXIT_DONE, NothingMatched, UsageError
from gvreader.i18n import _

if TYPE_CHECKING:
    from gvreader.archive.library import Library, SavedSearch
    from gvreader.export.records import Json
    from gvreader.operations.watch import Watched

EXAMPLES: Final = (
    "gvreader watch",
    "gvreader watch 'lúa' --query 'section:kinh-te lúa'",
    "gvreader watch lúa --digest --format html --seen > lua.html",
    "gvreader watch lúa --feed atom --output ~/public/lua.xml",
)
_LIMIT: Final = 50


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "name",
        nargs="*",
        default=[],
        type=arg_types.text,
        metavar="NAME",
        help=_("one saved search (all)"),
    )
    action = parser.add_mutually_exclusive_group()
    action.add_argument("--json", action="store_true", help=_("print one JSON object"))
    action.add_argument("--digest", action="store_true", help=_("print a digest of what is new"))
    action.add_argument(
        "--feed",
        choices=("atom", "rss", "json"),
        metavar="atom|rss|json",
        help=_("print what the search finds as a feed, last arrivals first"),
    )
    action.add_argument(
        "--query", type=arg_types.text, metavar="QUERY", help=_("save this search under NAME")
    )
    action.add_argument("--delete", action="store_true", help=_("delete the saved search"))
    parser.add_argument("--format", choices=("text", "markdown", "html"), help=_("form of the digest (text)"))
    parser.add_argument(
        "--seen", action="store_true", help=_("remember that all of it was looked at, after printing")
    )
    parser.add_argument(
        "--output",
        type=arg_types.folder,
        metavar="FILE",
        help=_("replace this file as a whole (stdout)"),
    )
    parser.add_argument(
        "--limit",
        type=arg_types.count,
        metavar="N",
        default=_LIMIT,
        help=_("at most N articles of each search ({n})").format(n=_LIMIT),
    )


def run(context: Context) -> int:
    options = context.options
    name = " ".join(options.name).strip()
    _require_sense(context, name)
    if options.query is not None:
        return _save(context, name)
    library = context.archive.library
    chosen = _chosen(library, name)
    if options.delete:
        with context.archive.marking() as marking:
            marking.marks.forget(chosen[0].name)
        context.console.say(_("The saved search was deleted."))
        return EXIT_DONE
    if not chosen:
        context.console.say(_("No search is saved yet: `gvreader watch NAME --query QUERY` saves one."))
    if options.feed:
        _print_feed(context, chosen[0])
    elif options.digest:
        _print_digest(context, chosen)
    else:
        _print(context, chosen, is_one=bool(name))
    if options.seen and chosen:
        _look(context, chosen)
    return EXIT_DONE


def _require_sense(context: Context, name: str) -> None:
    options = context.options
    for option in ("feed", "delete"):
        if getattr(options, option) and not name:
            raise UsageError(_("{option} needs the NAME of a saved search.").format(option=f"--{option}"))
    if options.query is not None and not name:
        raise UsageError(_("A saved search needs a name."))
    if options.format and not options.digest:
        raise UsageError(_("--format is for --digest."))
    if options.output and not (options.digest or options.feed):
        raise UsageError(_("--output is for --digest and --feed."))
    if options.seen and (options.delete or options.query is not None):
        raise UsageError(_("--seen goes with no change of the saved searches."))


def _chosen(library: Library, name: str) -> tuple[SavedSearch, ...]:
    """The saved search of a name, spelled so or without marks; all of them without a name."""
    from gvreader.vietnamese import fold, normalise

    saved = library.marks.saved()
    if not name:
        return saved
    wanted = normalise(name)
    for same in (lambda one: one == wanted, lambda one: fold(one) == fold(wanted)):
        found = tuple(search for search in saved if same(search.name))
        if found:
            return found[:1]
    raise NothingMatched(
        _("There is no saved search {name}.").format(name=name),
        advice=_("`gvreader watch` lists them; `gvreader watch NAME --query QUERY` saves one."),
    )


def _save(context: Context, name: str) -> int:
    from gvreader.app import clock

    with context.archive.marking() as library:
        library.marks.save(name, context.options.query.strip(), clock.now())
    context.console.say(_("Saved. What comes from now on is new in it."))
    return EXIT_DONE


def _look(context: Context, chosen: Sequence[SavedSearch]) -> None:
    from gvreader.app import clock

    now = clock.now()
    with context.archive.marking() as library:
        for search in chosen:
            library.marks.look(search.name, now)


def _print(context: Context, chosen: Sequence[SavedSearch], *, is_one: bool) -> None:
    from gvreader.operations.watch import watched

    library, console = context.archive.library, context.console
    found = [watched(library, search) for search in chosen]
    if context.options.json:
        from gvreader.export.records import dumps

        console.data(dumps({"searches": [_json(context, one, is_one=is_one) for one in found]}))
        return
    from gvreader.app import clock
    from gvreader.cli.tables import number_columns, title_line
    from gvreader.export import wording
    from gvreader.export.digest import summary
    from gvreader.export.terminal_text import pad, printable, width
    from gvreader.operations.watch import group

    now = clock.now()
    columns = max((width(printable(one.search.name)) for one in found), default=0)
    counts = max((len(wording.number(one.total)) for one in found), default=0)
    for one in found:
        told = summary(group(library, one, most=0), now)
        is_new = bool(one.news.new or one.news.changed or one.news.gone)
        told = console.style(told, "accent" if is_new else "dim")
        name = pad(printable(one.search.name), columns)
        console.data(f"{name}  {wording.number(one.total):>{counts}}  {told}")
    if is_one:
        for kind in (found[0].news.new, found[0].news.changed, found[0].news.gone):
            rows = tuple(queries.stream_rows(library, kind[: context.options.limit]))
            console.lines(title_line(console, row, number_columns(rows)) for row in rows)


def _json(context: Context, one: Watched, *, is_one: bool) -> Json:
    from gvreader.export.records import moment, row_json

    news = {"new": one.news.new, "changed": one.news.changed, "gone": one.news.gone}
    record: Json = {
        "name": one.search.name,
        "query": one.search.query,
        "seen": moment(one.search.seen) if one.search.seen else None,
        "total": one.total,
        **{kind: len(ids) for kind, ids in news.items()},
    }
    if is_one:
        library, most = context.archive.library, context.options.limit
        record["articles"] = {
            kind: [row_json(row) for row in queries.stream_rows(library, ids[:most])]
            for kind, ids in news.items()
        }
    return record


def _print_digest(context: Context, chosen: Sequence[SavedSearch]) -> None:
    from gvreader.app import clock
    from gvreader.cli.output import write_text
    from gvreader.export.digest import Digest, render
    from gvreader.operations.watch import group, watched

    library = context.archive.library
    groups = tuple(group(library, watched(library, search), most=context.options.limit) for search in chosen)
    digest = Digest(title=_("Watched searches"), when=clock.now(), groups=groups)
    write_text(context.console, context.options.output, (render(digest, context.options.format or "text"),))


def _print_feed(context: Context, search: SavedSearch) -> None:
    from gvreader.cli.feeds import print_feed

    library = context.archive.library
    ids = sorted(library.search.ids(search.query).ids, reverse=True)[: context.options.limit]
    print_feed(context, context.options.feed, ids, name=search.name, query=search.query)
