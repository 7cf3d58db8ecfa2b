"""`gvreader verify`: check every digest, every index entry and the database; repair what can be derived."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Final

from gvreader.cli.context import Context
from gvreader.errors import EXIT_DONE, ArchiveDamaged
from gvreader.i18n import _, ngettext
from gvreader.outputs import wording

if TYPE_CHECKING:
    from gvreader.checking import Checked

EXAMPLES: Final = ("gvreader verify", "gvreader verify --repair", "gvreader verify --json | jq .findings")


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--repair", action="store_true", help=_("restore what can be derived again from the evidence")
    )
    parser.add_argument("--json", action="store_true", help=_("print one JSON object"))


def run(context: Context) -> int:
    from gvreader.runs import run_verify

    options, console = context.options, context.console
    checked = run_verify(context.archive, repair=options.repair, note=console.say)
    if options.json:
        from gvreader.outputs.records import dumps

        console.data(dumps(_report(context, checked)))
    else:
        _tell(context, checked)
    return EXIT_DONE if checked.is_sound else ArchiveDamaged.exit_code


def _report(context: Context, checked: Checked) -> dict[str, object]:
    return {
        "archive": str(context.archive.folder),
        "sound": checked.is_sound,
        "captures": checked.captures,
        "articles": checked.articles,
        "findings": [
            {
                "kind": finding.kind,
                "file": finding.file,
                "offset": finding.offset,
                "record_id": finding.record_id,
                "detail": finding.detail,
                "damage": finding.is_damage,
                "repaired": finding.is_repaired,
            }
            for finding in checked.findings
        ],
    }


def _tell(context: Context, checked: Checked) -> None:
    console = context.console
    for finding in checked.findings:
        place = finding.file if finding.offset is None else f"{finding.file}:{finding.offset}"
        line = f"{finding.kind}: {place}: {finding.detail}"
        if finding.is_repaired:
            console.say(_("repaired: {finding}").format(finding=line))
        elif finding.is_damage:
            console.trouble(line)
        else:
            console.say(line)
    captures = ngettext("{n} capture", "{n} captures", checked.captures).format(
        n=wording.number(checked.captures)
    )
    if checked.is_sound:
        console.say(
            _("Sound: {captures}, {articles}.").format(
                captures=captures, articles=wording.articles(checked.articles)
            )
        )
        return
    console.trouble(
        _("The archive is damaged: see above."),
        _("What is whole stays readable.")
        if context.options.repair
        else _("`gvreader verify --repair` restores what can be derived again."),
    )
