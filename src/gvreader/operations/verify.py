"""Is the archive sound? The vault's bytes, the library's own agreement, and each against the other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from gvreader.archive.library import Inconsistency, Library
from gvreader.archive.vault import Finding, Vault
from gvreader.ingest import Ingest, kept_at
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


def _of_library(inconsistency: Inconsistency) -> Discrepancy:
    return Discrepancy(kind="library", file=inconsistency.where, detail=inconsistency.detail)


def flaws(vault: Vault, library: Library) -> Iterator[Discrepancy]:
    """Everything that is wrong: each byte of the vault is read. Raises ArchiveDamaged for an unreadable library."""
    yield from map(_of_library, library.check())
    expected = (capture.ref for capture in library.captures.all())
    yield from map(_of_vault, vault.verify(expected))


def checked(vault: Vault, library: Library) -> Checked:
    """The state of the archive, nothing repaired."""
    return Checked(
        findings=tuple(flaws(vault, library)),
        captures=library.captures.count(),
        articles=library.overview().articles,
    )


def checked_without_library(vault: Vault, file: str, detail: str) -> Checked:
    """The state of a vault whose library is missing or cannot be read."""
    broken = Discrepancy(kind="library", file=file, detail=detail)
    found = [finding for finding in vault.verify() if finding.kind != "unindexed-record"]
    return Checked(captures=0, articles=0, findings=(broken, *map(_of_vault, found)))


def repaired(vault: Vault, library: Library, portal_of: Callable[[str], Portal]) -> Checked:
    """The state after everything was restored that can be derived from evidence that is there.

    Captures without a row are taken in, and what the library derives from its own rows is derived again.
    Nothing is thrown away: rows whose evidence is lost stay, and stay reported.
    """
    before = checked(vault, library)
    if not before.findings:
        return before
    unindexed = {(flaw.file, flaw.offset) for flaw in before.findings if flaw.kind == "unindexed-record"}
    if unindexed:
        _take_in(vault, library, portal_of, unindexed)
    if any(flaw.kind == "library" for flaw in before.findings):
        library.repair()
    after = checked(vault, library)
    left = set(after.findings)
    known = set(before.findings)
    findings = [replace(flaw, is_repaired=flaw not in left) for flaw in before.findings]
    findings += [flaw for flaw in after.findings if flaw not in known]
    return replace(after, findings=tuple(findings))


def catch_up(vault: Vault, library: Library, portal_of: Callable[[str], Portal]) -> int:
    """Take in what a run that was killed, or a power cut, left in the vault but not in the library.

    Only the last written file of each portal is looked at, behind its last indexed record. Returns how many
    captures were taken in.
    """
    places = {file: library.captures.last_in(file) for file in vault.newest()}
    return _store(
        vault,
        library,
        portal_of,
        vault.scan(places={file: offset or 0 for file, offset in places.items()}),
        lambda ref: places[ref.file] is None or ref.offset > (places[ref.file] or 0),
    )


def _take_in(
    vault: Vault,
    library: Library,
    portal_of: Callable[[str], Portal],
    places: set[tuple[str, int | None]],
) -> None:
    """Derive from the captures at these places, in the order in which they were written."""
    _store(vault, library, portal_of, vault.scan(), lambda ref: _place(ref) in places)


def _store(
    vault: Vault,
    library: Library,
    portal_of: Callable[[str], Portal],
    captures: Iterable[tuple[RecordRef, str, Capture]],
    is_wanted: Callable[[RecordRef], bool],
) -> int:
    """Derive from those captures that are wanted; each is one transaction."""
    ingest = Ingest(vault=vault, library=library)
    stored = 0
    for ref, name, capture in captures:
        if not is_wanted(ref):
            continue
        kept = kept_at(library, portal_of(name), ref, capture)
        with library.transaction():
            ingest.apply(kept)
        stored += 1
    return stored


def _place(ref: RecordRef) -> tuple[str, int | None]:
    return ref.file, ref.offset
