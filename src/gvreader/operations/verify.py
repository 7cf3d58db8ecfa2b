"""Is the archive sound? The vault's bytes, the library's own agreement, and each against the other."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace

from gvreader.archive.library import Inconsistency, Library
from gvreader.archive.vault import Finding, Vault
from gvreader.errors import ArchiveDamaged
from gvreader.extract.version import extractor_version
from gvreader.http.wholeness import judge
from gvreader.ingest import ApplyResult, Ingest
from gvreader.model import Capture, RecordRef
from gvreader.portals import Portal


@dataclass(frozen=True, slots=True, kw_only=True)
class Discrepancy:
    """One thing that is not as it should be. `is_damage`: evidence or meaning is lost, altered or missing."""

    kind: str
    file: str
    offset: int | None = None
    record_id: str | None = None
    detail: str = ""
    is_damage: bool = True
    is_repaired: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What a check found; repaired flaws are listed too."""

    captures: int
    articles: int
    findings: tuple[Discrepancy, ...]

    @property
    def has_unread(self) -> bool:
        """Whether pages that were taken in failed their reader."""
        return any(flaw.kind == "unread-page" for flaw in self.findings)

    @property
    def is_sound(self) -> bool:
        """Whether nothing is damaged that was not repaired."""
        return not any(flaw.is_damage and not flaw.is_repaired for flaw in self.findings)


def _of_vault(finding: Finding) -> Discrepancy:
    return Discrepancy(
        kind=finding.kind,
        file=finding.file,
        offset=finding.offset,
        record_id=finding.record_id,
        detail=finding.detail,
        is_damage=finding.is_damage,
    )


def unread_page(ref: RecordRef, result: ApplyResult) -> Finding:
    """A page that failed its reader, as a finding."""
    assert result.problem is not None
    detail = f"{result.problem.kind}: {result.problem.detail}"
    return Finding(
        kind="unread-page", file=ref.file, offset=ref.offset, record_id=ref.record_id, detail=detail
    )


def _of_library(inconsistency: Inconsistency) -> Discrepancy:
    return Discrepancy(
        kind="library",
        file=inconsistency.where,
        detail=inconsistency.detail,
        is_damage=inconsistency.is_damage,
    )


def flaws(vault: Vault, library: Library, *, is_written: bool = False) -> Iterator[Discrepancy]:
    """Everything that is wrong: each byte of the vault and of the library is read, the latter on one snapshot.

    `is_written`: another run is writing meanwhile; what it has put behind the last record that the snapshot knows
    is no flaw.
    """
    with library.snapshot():
        try:
            found = [*map(_of_library, library.check())]
            yield from found
            if any(flaw.file == "file" for flaw in found):
                known: Iterable[RecordRef] | None = None
            else:
                known = (capture.ref for capture in library.captures.all())
            altered: list[Discrepancy] = []
            for finding in vault.verify(known, witness=_compared(library, altered) if known else None):
                if not (is_written and _is_under_way(library, finding)):
                    yield _of_vault(finding)
            yield from altered
        except ArchiveDamaged as error:
            yield Discrepancy(kind="library", file="file", detail=str(error))


def _compared(library: Library, altered: list[Discrepancy]) -> Callable[[RecordRef, Capture], None]:
    """Compare each capture with what the library says of it."""
    files = library.media.by_record()

    def compare(ref: RecordRef, capture: Capture) -> None:
        columns = library.captures.differences(capture, ref)
        if columns:
            altered.append(
                Discrepancy(
                    kind="library",
                    file="captures",
                    detail=f"{ref.file}:{ref.offset} has other values there: {', '.join(columns)}",
                )
            )
        if held := files.get(_place(ref)):
            altered.extend(_altered_files(held, capture))

    return compare


def _altered_files(files: Iterable[tuple[str, int, str]], capture: Capture) -> Iterator[Discrepancy]:
    """Files of which the library says another size or digest than a capture's body has without its codings."""
    content = judge(capture).content
    held = (len(content), hashlib.sha256(content).hexdigest())
    for twin, *said in files:
        if tuple(said) != held:
            detail = f"the file {twin} is not what its capture holds"
            yield Discrepancy(kind="library", file="media", detail=detail)


def _is_under_way(library: Library, finding: Finding) -> bool:
    if finding.kind not in ("unindexed-record", "torn-tail") or finding.offset is None:
        return False
    last = library.captures.last_in(finding.file)
    return last is None or finding.offset > last


def checked(vault: Vault, library: Library, *, is_written: bool = False) -> Checked:
    """The state of the archive, nothing repaired; see `flaws`."""
    findings = tuple(flaws(vault, library, is_written=is_written))
    captures = articles = 0
    with suppress(ArchiveDamaged):
        captures, articles = library.captures.count(), library.overview().articles
    return Checked(findings=findings, captures=captures, articles=articles)


def checked_without_library(vault: Vault, file: str, detail: str) -> Checked:
    """The state of a vault whose library is missing or cannot be read."""
    broken = Discrepancy(kind="library", file=file, detail=detail)
    found = [finding for finding in vault.verify() if finding.kind != "unindexed-record"]
    return Checked(captures=0, articles=0, findings=(broken, *map(_of_vault, found)))


def repaired(
    vault: Vault, library: Library, portal_of: Callable[[str], Portal], derive: Callable[[], object]
) -> Checked:
    """The state after everything was restored that can be derived from evidence that is there.

    Captures without a row are taken in, what the library derives from its own rows is derived again, and where
    that does not help, `derive` derives all of it from the vault. Nothing is thrown away: rows whose evidence is
    lost stay, and stay reported.
    """
    before = checked(vault, library)
    if not before.findings:
        return before
    unindexed = {(flaw.file, flaw.offset) for flaw in before.findings if flaw.kind == "unindexed-record"}
    unread: tuple[Discrepancy, ...] = ()
    if unindexed:
        unread = _take_in(vault, library, portal_of, unindexed)
    if any(flaw.kind == "library" for flaw in before.findings):
        library.repair()
    after = checked(vault, library)
    if any(flaw.kind == "library" and flaw.is_damage for flaw in after.findings):
        with suppress(ArchiveDamaged):
            derive()
            after = checked(vault, library)
    left = set(after.findings)
    known = set(before.findings)
    findings = [replace(flaw, is_repaired=flaw not in left) for flaw in before.findings]
    findings += [flaw for flaw in after.findings if flaw not in known]
    findings += unread
    return replace(after, findings=tuple(findings))


def catch_up(vault: Vault, library: Library, portal_of: Callable[[str], Portal]) -> int:
    """Take in what a run that was killed, or a power cut, left in the vault but not in the library.

    Only the last written file of each portal is looked at, behind its last indexed record. Returns how many
    captures were taken in. Pages that failed the reader of another version are read again.
    """
    _read_again(vault, library, portal_of)
    places = {file: library.captures.last_in(file) for file in vault.newest()}
    stored, _unread = _store(
        vault,
        library,
        portal_of,
        vault.scan(places={file: offset or 0 for file, offset in places.items()}),
        lambda ref: places[ref.file] is None or ref.offset > (places[ref.file] or 0),
    )
    return stored


def _read_again(vault: Vault, library: Library, portal_of: Callable[[str], Portal]) -> None:
    """Give this version of the extractor a try at what failed another."""

    def captures() -> Iterator[tuple[RecordRef, str, Capture]]:
        for row in library.captures.unread(extractor_version()):
            with suppress(ArchiveDamaged):
                yield row.ref, row.portal, vault.get(row.ref)

    _store(vault, library, portal_of, captures(), lambda _ref: True)


def _take_in(
    vault: Vault,
    library: Library,
    portal_of: Callable[[str], Portal],
    places: set[tuple[str, int | None]],
) -> tuple[Discrepancy, ...]:
    """Derive from the captures at these places, in the order in which they were written; what failed its reader."""
    _stored, unread = _store(vault, library, portal_of, vault.scan(), lambda ref: _place(ref) in places)
    return unread


def _store(
    vault: Vault,
    library: Library,
    portal_of: Callable[[str], Portal],
    captures: Iterable[tuple[RecordRef, str, Capture]],
    is_wanted: Callable[[RecordRef], bool],
) -> tuple[int, tuple[Discrepancy, ...]]:
    """Derive from those captures that are wanted; each is one transaction. How many, and what failed its reader."""
    ingest = Ingest(vault=vault, library=library)
    stored = 0
    unread: list[Discrepancy] = []
    for ref, name, capture in captures:
        if not is_wanted(ref):
            continue
        kept = ingest.read(portal_of(name), ref, capture)
        with library.transaction():
            result = ingest.apply(kept)
        if result.is_unread:
            unread.append(_of_vault(unread_page(ref, result)))
        stored += 1
    return stored, tuple(unread)


def _place(ref: RecordRef) -> tuple[str, int]:
    return ref.file, ref.offset
