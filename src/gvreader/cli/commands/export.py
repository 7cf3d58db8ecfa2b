"""`gvreader export`: articles as data, tables, books, web archives, or a web site."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final, cast
from uuid import uuid4

from gvreader.cli import arg_types, queries
from gvreader.cli.context import Context
from gvreader.errors import EXIT_DONE, EXIT_PARTIAL, ConfigError, UsageError
from gvreader.export import wording
from gvreader.export.formats import FORMATS, ExportFormat, export_format, export_formats, writer_of
from gvreader.i18n import _, ngettext

if TYPE_CHECKING:
    from gvreader.export.job import ExportInfo, ExportJob, ExportSources
    from gvreader.model import StoredArticle

EXAMPLES: Final = (
    "gvreader export jsonl --output gia-vien.jsonl",
    "gvreader export csv after:2023 --output 2023.csv",
    "gvreader export epub on:2023-02 --output 2023-02.epub",
    "gvreader export epub --monthly --output ./books",
    "gvreader export site --output ./public",
    "gvreader export wacz section:van-hoa --output van-hoa.wacz",
)
_TELL_EVERY: Final = 25
_MOST_TOLD: Final = 20


class _Names:
    """The names of the formats; other packages are asked for theirs only where ours do not answer."""

    def __contains__(self, name: object) -> bool:
        own = any(one.name == name for one in FORMATS)
        return own or any(one.name == name for one in export_formats())

    def __iter__(self) -> Iterator[str]:
        try:
            return (one.name for one in export_formats())
        except ConfigError:  # help is had whatever others bring
            return (one.name for one in FORMATS)


def arguments(parser: argparse.ArgumentParser) -> None:
    names = ", ".join(one.name for one in FORMATS)
    parser.add_argument("format", choices=_Names(), metavar="FORMAT", help=names)
    queries.add_query(parser)
    parser.add_argument(
        "--output",
        type=arg_types.folder,
        metavar="PATH",
        help=_("the file, replaced as a whole (stdout); the folder for markdown and site"),
    )
    parser.add_argument(
        "--monthly", action="store_true", help=_("epub: a folder with one book for each month")
    )
    parser.add_argument(
        "--bom",
        action=argparse.BooleanOptionalAction,
        default=True,
        help=_("csv: begin with a byte order mark, which Excel needs to read Vietnamese (yes)"),
    )


def run(context: Context) -> int:
    from gvreader.export.job import ExportJob, ExportSources

    options, console = context.options, context.console
    asked = export_format(options.format)
    if options.monthly and asked.name != "epub":
        raise UsageError(_("--monthly is for epub."))
    is_folder = asked.shape == "folder" or options.monthly
    if options.output is None and is_folder:
        raise UsageError(
            _("This export is a folder of files: where should it go?"), advice=_("Add --output FOLDER.")
        )
    if options.output is None and asked.shape == "file" and console.out_is_terminal:
        raise UsageError(
            _("This export is no text for a terminal: where should it go?"), advice=_("Add --output FILE.")
        )
    library = context.archive.library
    found = library.search.ids(queries.text_of(options), sort="newest")
    queries.tell_relaxed(console, relaxed=found.relaxed)
    total = len(found.ids)
    with context.archive.open_vault() as vault:
        sources = ExportSources(library, vault)
        job = ExportJob(
            articles=_counted(context, library.articles.stream(found.ids), total),
            ids=found.ids,
            sources=sources,
            info=_info(context, found.ids),
            name=options.output.name if options.output is not None else f"export{asked.suffix}",
            bom=options.bom,
        )
        _write(context, asked, job)
    if options.output is not None:
        console.say(
            _("{articles} written to {path}.").format(articles=wording.articles(total), path=options.output)
        )
    return _end(context, sources)


def _write(context: Context, asked: ExportFormat, job: ExportJob) -> None:
    options, console = context.options, context.console
    write = cast("Callable[..., Any]", writer_of(asked))
    if options.monthly:
        from gvreader.export.writers import monthly_books

        monthly_books(options.output, job)
    elif asked.shape == "folder":
        write(options.output, job)
    elif asked.shape == "lines":
        from gvreader.cli.output import write_text

        write_text(console, options.output, write(job))
    elif options.output is not None:
        from gvreader.export.atomic_files import replacing

        with replacing(options.output) as stream:
            write(stream, job)
    else:
        # Most of these formats are written back and forth, which a pipe cannot.
        with tempfile.TemporaryFile(prefix="gvreader-export-") as stream:
            write(stream, job)
            stream.seek(0)
            console.pour(stream)


def _info(context: Context, ids: Sequence[int]) -> ExportInfo:
    """The portal's name, with the query where there is one."""
    from gvreader.app.clock import now
    from gvreader.export.job import ExportInfo

    archive, library = context.archive, context.archive.library
    query = queries.text_of(context.options)
    rows = library.articles.rows(ids[:1])
    names = [stored.name for stored in library.portals.all()]
    first = rows[0].portal if rows else next(iter(names), "")
    publisher = archive.portal_title(first)
    return ExportInfo(
        title=f"{publisher}: {query}" if query else publisher,
        query=query,
        publisher=publisher,
        when=now(),
        new_id=uuid4(),
        home=archive.portal_origin(first),
        authorities={name: archive.portal_authority(name) for name in names},
    )


def _end(context: Context, material: ExportSources) -> int:
    """Tell what is not in the export although it was asked for."""
    console = context.console
    if material.without_captures:
        console.say(
            _("{articles} came without captures and are not in it.").format(
                articles=wording.articles(material.without_captures)
            )
        )
    for sentence in material.damaged[:_MOST_TOLD]:
        console.trouble(sentence)
    if len(material.damaged) > _MOST_TOLD:
        console.trouble(_("… and {n} more").format(n=wording.number(len(material.damaged) - _MOST_TOLD)))
    if not material.damaged:
        return EXIT_DONE
    lost = len(material.damaged)
    console.trouble(
        ngettext(
            "{n} record could not be read and is not in the export.",
            "{n} records could not be read and are not in the export.",
            lost,
        ).format(n=wording.number(lost)),
        _("Run `gvreader verify` to see what else is affected."),
    )
    return EXIT_PARTIAL


def _counted(context: Context, articles: Iterator[StoredArticle], total: int) -> Iterator[StoredArticle]:
    """The same articles, with progress on the status line."""
    for done, stored in enumerate(articles):
        if done % _TELL_EVERY == 0:
            context.console.status(
                _("{done} of {total} articles").format(done=wording.number(done), total=wording.number(total))
            )
        yield stored
    context.console.status(_("finishing …"))
