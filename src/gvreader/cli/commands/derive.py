"""`gvreader derive`: articles out of WARC files of any size and number."""

from __future__ import annotations

import argparse
from contextlib import closing
from typing import TYPE_CHECKING, Any, Final

from gvreader.cli import arg_types
from gvreader.cli.context import Context
from gvreader.cli.signals import heeding
from gvreader.errors import UsageError
from gvreader.export import wording
from gvreader.i18n import _, ngettext
from gvreader.patterns import pattern

if TYPE_CHECKING:
    from gvreader.app.derive.derive_run import DeriveRun
    from gvreader.app.derive.shard import Derived

EXAMPLES: Final = (
    "gvreader derive crawl.wacz ~/warc --output ./set --format jsonl",
    "gvreader derive 's3://bucket/crawl/*.warc.gz' --host '*.gov.vn' --output s3://bucket/articles",
    "gvreader derive @paths.txt --output /data/set --part 17/200",
    "gvreader derive @paths.txt --output /data/set --scheduler tcp://10.0.0.5:8786",
    "gvreader derive --finish /data/set",
)
_PART: Final = pattern(r"(\d{1,6})/(\d{1,6})\Z")


def _part(value: str) -> tuple[int, int]:
    match = _PART.match(value)
    number, parts = (int(match[1]), int(match[2])) if match else (0, 0)
    if not 1 <= number <= parts:
        raise argparse.ArgumentTypeError(
            _("a part such as 3/20 is expected (1 ≤ I ≤ N), not {value}").format(value=repr(value))
        )
    return number, parts


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "inputs",
        nargs="*",
        metavar="INPUT",
        help=_(
            "a file, a folder, a quoted pattern, an fsspec URL, or @FILE with one of these a line (@-: stdin)"
        ),
    )
    parser.add_argument("--output", metavar="SET", help=_("the folder or URL of the set"))
    parser.add_argument("--finish", metavar="SET", help=_("reduce a set to the current article of each key"))
    parser.add_argument(
        "--host",
        action="append",
        default=[],
        metavar="PATTERN",
        help=_("only captures of these hosts ('*.gov.vn'); may be repeated"),
    )
    parser.add_argument("--format", choices=("parquet", "jsonl"), help=_("the files of the set (parquet)"))
    parser.add_argument("--jobs", type=arg_types.count, metavar="N", help=_("processes (one a processor)"))
    parser.add_argument(
        "--scheduler",
        metavar="ADDRESS",
        help=_("a running Dask scheduler (tcp://host:8786), instead of --jobs"),
    )
    parser.add_argument(
        "--part",
        type=_part,
        metavar="I/N",
        help=_("only the inputs that fall to part I of N: for array jobs"),
    )
    parser.add_argument(
        "--page-limit",
        type=arg_types.seconds,
        metavar="S",
        help=_("give a page up that takes longer than this to read (30)"),
    )
    parser.add_argument("--json", action="store_true", help=_("print one JSON object at the end"))


def run(context: Context) -> int:
    options = context.options
    if options.finish is not None:
        return _finish(context)
    if options.output is None:
        raise UsageError(_("Where should the set go?"), advice=_("Add --output FOLDER, or an fsspec URL."))
    if not options.inputs:
        raise UsageError(
            _("What should be read?"), advice=_("Give files, folders, quoted patterns, URLs, or @FILE.")
        )
    if options.scheduler and options.jobs:
        raise UsageError(_("--jobs is for processes here, --scheduler for those of Dask: give one of them."))
    return _derive(context)


def _absolute(address: str) -> str:
    """A set's address from anywhere: workers may have another working folder."""
    from pathlib import Path

    from gvreader.app.derive.inputs import is_url

    if is_url(address) or address.startswith("file://"):
        return address
    return str(Path(address).expanduser().absolute())


def _derive(context: Context) -> int:
    from gvreader.app.derive.derive_run import PAGE_LIMIT, DeriveRun
    from gvreader.app.derive.inputs import expanded

    options, console = context.options, context.console
    run = DeriveRun(
        set=_absolute(options.output),
        inputs=expanded(options.inputs),
        form=options.format or "parquet",
        hosts=tuple(sorted(set(options.host))),
        settings=context.settings,
        jobs=options.jobs,
        scheduler=options.scheduler,
        part=options.part or (1, 1),
        page_limit=options.page_limit or PAGE_LIMIT,
    )
    try:
        with closing(heeding(run.events())) as events:
            for derived in events:
                _hear(context, run, derived)
    except KeyboardInterrupt:
        if options.json:
            _print(context, report(run))
        raise
    finally:
        console.status("")
    if options.json:
        _print(context, report(run))
    _tell_end(context, run)
    return run.exit_code


def _hear(context: Context, run: DeriveRun, derived: Derived) -> None:
    console = context.console
    if derived.problem is not None:
        console.trouble(_sentence(derived.problem))
    else:
        console.detail(f"{derived.state}: {derived.input}")
    articles = sum(one.articles for one in run.results)
    console.status(
        _("{done} of {total} inputs").format(
            done=wording.number(len(run.results)), total=wording.number(len(run.tasks))
        )
        + f" · {wording.articles(articles)}"
    )


def _sentence(problem: dict[str, Any]) -> str:
    where = _(" (at byte {n})").format(n=problem["offset"]) if problem["offset"] is not None else ""
    return f"{problem['input']}: {problem['fault']}: {problem['detail']}{where}"


def report(run: DeriveRun) -> dict[str, Any]:
    """The run as `derive --json` prints it."""
    from gvreader.export.records import moment
    from gvreader.extract.version import extractor_version

    results = run.results
    counts = {
        state: sum(one.state == state for one in results) for state in ("done", "known", "short", "failed")
    }
    return {
        "set": run.set,
        "extractor": extractor_version(),
        "started": moment(run.started),
        "finished": _now(),
        "complete": len(results) == len(run.tasks) and all(one.problem is None for one in results),
        "shards": counts,
        "captures": sum(one.captures for one in results),
        "articles": sum(one.articles for one in results),
        "refused": sum(one.refused for one in results),
        "lost": sum(one.lost for one in results),
        "problems": sorted(
            (one.problem for one in results if one.problem is not None), key=lambda one: str(one["input"])
        ),
    }


def _now() -> str:
    from gvreader.app.clock import now
    from gvreader.export.records import moment

    return moment(now())


def _tell_end(context: Context, run: DeriveRun) -> None:
    results = run.results
    known = sum(one.state == "known" for one in results)
    parts = [
        ngettext("{n} input", "{n} inputs", len(results)).format(n=wording.number(len(results))),
        wording.articles(sum(one.articles for one in results)),
    ]
    if known:
        parts.append(_("{n} known already").format(n=wording.number(known)))
    bad = sum(one.problem is not None for one in results)
    if bad:
        parts.append(_("{n} with problems").format(n=wording.number(bad)))
    context.console.say(_("Done: {parts}").format(parts=" · ".join(parts)))


def _finish(context: Context) -> int:
    from gvreader.app.derive.finish import Finish

    options, console = context.options, context.console
    others = ("inputs", "output", "host", "format", "jobs", "scheduler", "part", "page_limit")
    if any(getattr(options, name) for name in others):
        raise UsageError(_("--finish stands alone: a set knows its inputs and options."))
    finish = Finish(set=_absolute(options.finish), settings=context.settings)
    try:
        with closing(heeding(finish.events())) as events:
            for count in events:
                if count % 25 == 0:
                    console.status(
                        ngettext("{n} capture", "{n} captures", count).format(n=wording.number(count))
                    )
    finally:
        console.status("")
    for problem in finish.problems:
        console.trouble(_sentence(problem))
    if options.json:
        _print(context, finish.report())
    console.say(
        _("Done: {parts}").format(
            parts=" · ".join(
                (
                    ngettext("{n} shard", "{n} shards", finish.shards).format(
                        n=wording.number(finish.shards)
                    ),
                    wording.articles(finish.articles),
                    ngettext("{n} portal", "{n} portals", finish.portals).format(
                        n=wording.number(finish.portals)
                    ),
                )
            )
        )
    )
    return finish.exit_code


def _print(context: Context, value: dict[str, Any]) -> None:
    from gvreader.export.records import dumps

    context.console.data(dumps(value))
