"""The table of export formats: command line, reader, completion and docs read it.

A package can bring another one by an entry point of the group `gvreader.exports` that names an `ExportFormat`.
"""

from __future__ import annotations

from functools import cache
from typing import Final, Literal

from gvreader.frozen import dataclass
from gvreader.i18n import marked
from gvreader.portals.installed import EXPORTS, brought, unusable

Shape = Literal["lines", "file", "folder"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportFormat:
    """One way out of the archive.

    `writer` is `module:function`. It gets an `ExportJob`: for `lines` it returns text in pieces; for a `file` its
    first argument is a seekable binary stream, for a `folder` the folder to make. `title` is its name in the reader,
    empty where it is not offered there; `for_one`: also for a single article. `extra` is the optional feature of
    gvreader that it needs.
    """

    name: str
    suffix: str
    shape: Shape
    writer: str
    title: str = ""
    for_one: bool = False
    extra: str = ""


FORMATS: Final = (
    ExportFormat(
        name="markdown",
        suffix="",
        shape="folder",
        writer="gvreader.export.writers:markdown",
        title="Markdown",
        for_one=True,
    ),
    ExportFormat(
        name="jsonl",
        suffix=".jsonl",
        shape="lines",
        writer="gvreader.export.writers:jsonl",
        title="JSON Lines",
        for_one=True,
    ),
    ExportFormat(
        name="csv",
        suffix=".csv",
        shape="lines",
        writer="gvreader.export.writers:csv",
        title=marked("a table (CSV)"),
    ),
    ExportFormat(
        name="epub",
        suffix=".epub",
        shape="file",
        writer="gvreader.export.writers:epub",
        title=marked("a book (EPUB)"),
    ),
    ExportFormat(
        name="parquet",
        suffix=".parquet",
        shape="file",
        writer="gvreader.export.writers:parquet",
        extra="parquet",
    ),
    ExportFormat(name="warc", suffix=".warc.gz", shape="file", writer="gvreader.export.writers:warc"),
    ExportFormat(name="wacz", suffix=".wacz", shape="file", writer="gvreader.export.writers:wacz"),
    ExportFormat(name="opensearch", suffix="", shape="folder", writer="gvreader.export.writers:opensearch"),
    ExportFormat(name="site", suffix="", shape="folder", writer="gvreader.export.writers:site"),
)


@cache
def export_formats() -> tuple[ExportFormat, ...]:
    """The formats of this package, then those that other packages bring under names of their own.

    Raises ConfigError for one that cannot be used.
    """
    named = {one.name: one for one in FORMATS}
    for package, thing in brought(EXPORTS):
        if not isinstance(thing, ExportFormat):
            raise unusable(package, EXPORTS, "not an ExportFormat")
        named.setdefault(thing.name, thing)
    return tuple(named.values())


def export_format(name: str) -> ExportFormat:
    """The format of that name; KeyError where there is none."""
    for one in FORMATS:
        if one.name == name:
            return one
    return {one.name: one for one in export_formats()}[name]


def writer_of(one: ExportFormat) -> object:
    """The function that writes a format, imported now."""
    from importlib import import_module

    module, _colon, function = one.writer.partition(":")
    return getattr(import_module(module), function)
