"""`gvreader verify`: check every digest, every index entry and the database; prove articles; repair."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from gvreader.cli import arg_types
from gvreader.cli.context import Context
from gvreader.errors import EXIT_DONE, EXIT_PARTIAL, ArchiveDamaged, UsageError
from gvreader.export import wording
from gvreader.export.terminal_text import printable
from gvreader.i18n import _, marked

if TYPE_CHECKING:
    from gvreader.archive.vault import Finding
    from gvreader.cli.console import Console
    from gvreader.operations.prove import ProvenArticle
    from gvreader.operations.verify import Checked, Discrepancy

EXAMPLES: Final = (
    "gvreader verify",
    "gvreader verify --repair",
    "gvreader verify giavien:882",
    "gvreader verify --articles --json | jq .verdicts",
)
FINDINGS: Final = {
    "damaged-record": marked("the record cannot be read"),
    "wrong-digest": marked("the bytes do not have the digest of the record"),
    "unpaired-record": marked("a response without its request, or the reverse"),
    "dangling-revisit": marked("the record that it repeats is not there"),
    "missing-file": marked("the file is lost"),
    "missing-record": marked("the record is lost"),
    "unindexed-record": marked("the library does not know this capture"),
    "torn-tail": marked("a write that did not finish"),
    "foreign-file": marked("not a file of the vault"),
    "unread-page": marked("the page failed its reader; a later version may read it"),
    "library": marked("the library does not agree with itself"),
}
_MOST_SHOWN: Final = 10
VERDICTS: Final = {
    "proven": marked("proven: the record gives this text again"),
    "other-extractor": marked("the record is whole, but this version reads it otherwise"),
    "differs": marked("NOT PROVEN: the record gives another text"),
    "altered": marked("NOT PROVEN: the stored text was altered"),
    "damaged": marked("NOT PROVEN: the record is damaged or missing"),
    "no-text": marked("the record says only that nothing had changed"),
    "no-record": marked("imported without a capture: there is nothing to prove it by"),
}


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--repair", action="store_true", help=_("restore what can be derived again from the evidence")
    )
    parser.add_argument(
        "reference",
        nargs="?",
        type=arg_types.text,
        metavar="REF",
        help=_("prove that this article's text derives from the records cited for it"),
    )
    parser.add_argument("--articles", action="store_true", help=_("prove the current text of every article"))
    parser.add_argument("--json", action="store_true", help=_("print one JSON object"))


def run(context: Context) -> int:
    from gvreader.app.runs.verify_run import run_verify

    options, console = context.options, context.console
    if options.repair and (options.reference or options.articles):
        raise UsageError(_("--repair mends the archive; it goes with no article."))
    if options.articles and options.reference:
        raise UsageError(_("Give one article, or --articles for all of them."))
    if options.reference or options.articles:
        return _prove(context, options.reference)
    checked = run_verify(context.archive, repair=options.repair, note=console.say)
    if options.json:
        from gvreader.export.records import dumps

        console.data(dumps(_report(context, checked)))
    else:
        _tell(context, checked)
    if not checked.is_sound:
        return ArchiveDamaged.exit_code
    return EXIT_PARTIAL if checked.has_unread else EXIT_DONE


def _prove(context: Context, reference: str | None) -> int:
    """Prove one article or all; what speaks against any of them is damage."""
    from gvreader.app.runs.verify_run import run_prove

    console = context.console
    counts: Counter[str] = Counter()
    shown: list[ProvenArticle] = []
    for number, proof in enumerate(run_prove(context.archive, reference), 1):
        counts[proof.verdict] += 1
        if reference is not None or not proof.is_sound:
            shown.append(proof)
        if number % 50 == 0:
            console.status(_("{n} articles proven").format(n=wording.number(number)))
    console.status("")
    is_sound = all(proof.is_sound for proof in shown)
    if context.options.json:
        from gvreader.export.records import dumps

        report: dict[str, object] = {"sound": is_sound}
        if reference is None:
            report["verdicts"] = {verdict: counts[verdict] for verdict in VERDICTS}
        else:
            report["key"] = shown[0].key
        report["revisions"] = [_proof_json(proof) for proof in shown]
        console.data(dumps(report))
    else:
        for proof in shown:
            console.lines(_proof_lines(console, proof))
        if reference is None:
            for verdict in VERDICTS:
                if counts[verdict]:
                    console.data(f"{wording.number(counts[verdict]):>8}  {_(VERDICTS[verdict])}")
    return EXIT_DONE if is_sound else ArchiveDamaged.exit_code


def _proof_json(proof: ProvenArticle) -> dict[str, object]:
    from gvreader.export.records import evidence_json, moment

    return {
        "key": proof.key,
        "number": proof.revision.number,
        "verdict": proof.verdict,
        "detail": proof.detail,
        "content_sha256": proof.revision.content_sha256,
        "derived_sha256": proof.derived_sha256,
        "dated_elsewhere": proof.dated_elsewhere,
        "warc": evidence_json(proof.evidence),
        "url": proof.url,
        "captured": moment(proof.revision.first_seen),
        "payload_sha256": proof.payload_sha256,
        "source": proof.source,
        "trust": proof.trust,
        "extractor": {"then": proof.extractor or None, "now": proof.installed},
    }


def _proof_lines(console: Console, proof: ProvenArticle) -> Iterator[str]:
    """A revision, its record, and what was found."""
    title = f"{proof.key}  {printable(proof.title)}"
    yield console.style(title, "bold")
    origin = wording.provenance(proof.source, proof.trust)
    revision = _("revision {n}, {when}, {origin}").format(
        n=proof.revision.number, when=wording.moment(proof.revision.first_seen), origin=origin
    )
    yield f"  {revision}"
    if proof.evidence is not None:
        yield f"  record     {proof.evidence.file}:{proof.evidence.offset} {proof.evidence.record_id}"
    if proof.payload_sha256 is not None:
        yield f"  payload    sha256:{proof.payload_sha256}"
    yield f"  article    sha256:{proof.revision.content_sha256}"
    if proof.derived_sha256 not in (None, proof.revision.content_sha256):
        yield f"  now read   sha256:{proof.derived_sha256}"
    if proof.extractor or proof.derived_sha256:
        yield f"  extractor  {proof.extractor or '?'}" + (
            f" → {proof.installed}" if proof.extractor != proof.installed else ""
        )
    if proof.dated_elsewhere:
        yield "  " + _("the page prints no date; the article has that of a listing")
    verdict = _(VERDICTS[proof.verdict])
    detail = f" ({printable(proof.detail)})" if proof.detail else ""
    yield "  " + console.style(verdict + detail, "accent" if proof.is_sound else "bad")


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


def finding_line(flaw: Discrepancy | Finding) -> str:
    """`damaged-record: FILE:OFFSET: what that means (the detail)`."""
    place = flaw.file if flaw.offset is None else f"{flaw.file}:{flaw.offset}"
    detail = f" ({flaw.detail})" if flaw.detail else ""
    return f"{flaw.kind}: {place}: {_(FINDINGS[flaw.kind])}{detail}"


def _tell(context: Context, checked: Checked) -> None:
    console = context.console
    groups: dict[tuple[str, bool], list[Discrepancy]] = {}
    for flaw in checked.findings:
        groups.setdefault((flaw.kind, flaw.is_repaired), []).append(flaw)
    for (kind, is_repaired), flaws in groups.items():
        for flaw in flaws[:_MOST_SHOWN]:
            say = console.trouble if flaw.is_damage and not is_repaired else console.say
            line = finding_line(flaw)
            say(_("repaired: {finding}").format(finding=line) if is_repaired else line)
        if len(flaws) > _MOST_SHOWN:
            more = wording.number(len(flaws) - _MOST_SHOWN)
            console.say(_("  … and {n} more: {kind}").format(n=more, kind=kind))
    if checked.is_sound:
        console.say(
            _("Sound: {captures}, {articles}.").format(
                captures=wording.captures(checked.captures), articles=wording.articles(checked.articles)
            )
        )
        return
    console.trouble(
        _("The archive is damaged: see above."),
        _("What is whole stays readable.")
        if context.options.repair
        else _("`gvreader verify --repair` restores what can be derived again."),
    )
