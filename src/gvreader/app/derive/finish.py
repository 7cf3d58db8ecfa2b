"""Reduce a set to the current article of each key: as `import` of the same inputs into one archive would have it.

The inputs are read again through the one way into an archive, a temporary one, so that nothing is decided twice.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import tempfile
from collections.abc import Generator, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from gvreader.app.archive import Archive
from gvreader.app.clock import now
from gvreader.app.derive.rows import SUFFIXES, RowFormat
from gvreader.app.derive.set_store import SetStore, read_json, store_at
from gvreader.app.derive.shard import ShardFailure, folder, input_state, local_copy
from gvreader.errors import EXIT_DONE, EXIT_PARTIAL, NothingMatched, UsageError
from gvreader.frozen import replace
from gvreader.i18n import _

if TYPE_CHECKING:
    from gvreader.app.config import Settings
    from gvreader.sources import SourceItem

_LOCAL: Final = frozenset({"id", "read", "starred", "tags"})
"""Columns that are an archive's or a reader's own."""


@dataclass(slots=True)
class Finish:
    """The reduction of one set. What it came to is there once `events` has ended."""

    set: str
    settings: Settings
    shards: int = field(default=0, init=False)
    portals: int = field(default=0, init=False)
    articles: int = field(default=0, init=False)
    revisions: int = field(default=0, init=False)
    unresolved: int = field(default=0, init=False)
    problems: list[dict[str, Any]] = field(default_factory=list, init=False)

    @property
    def exit_code(self) -> int:
        """As the contract has it for `--finish`."""
        return EXIT_PARTIAL if self.problems else EXIT_DONE

    def report(self) -> dict[str, Any]:
        """The object of `--json`."""
        from gvreader.extract.version import extractor_version

        return {
            "set": self.set,
            "extractor": extractor_version(),
            "complete": not self.problems,
            "shards": self.shards,
            "portals": self.portals,
            "articles": self.articles,
            "revisions": self.revisions,
            "unresolved": self.unresolved,
            "problems": self.problems,
        }

    def events(self) -> Generator[int]:
        """Do it; yields the number of captures taken in so far. Raises NothingMatched and UsageError."""
        store = store_at(self.set)
        options = self._options(store)
        form: RowFormat = "jsonl" if options.get("format") == "jsonl" else "parquet"
        manifests = list(self._manifests(store))
        for name in store.names(f"{folder()}/current"):
            store.delete(f"{folder()}/current/{name}")
        with tempfile.TemporaryDirectory(prefix="gvreader-finish-") as temporary, ExitStack() as inputs:
            paths = list(self._inputs(store, manifests, form, inputs))
            archive = Archive(replace(self.settings, archive=Path(temporary) / "archive"))
            poisoned = self._poisoned(store, [manifest for manifest, _path in paths], form)
            yield from self._taken_in(archive, paths, poisoned, tuple(options.get("hosts") or ()))
            target = Path(temporary) / f"part-00000{SUFFIXES[form]}"
            self._write(archive, target, form)
            store.put(f"{folder()}/current/{target.name}", target)
            archive.close()
        if not self.problems:
            store.write(
                f"{folder()}/current/_SUCCESS", json.dumps(self.report(), ensure_ascii=False).encode() + b"\n"
            )

    def _options(self, store: SetStore) -> dict[str, Any]:
        options = read_json(store, "set.json")
        if options is None:
            raise NothingMatched(_("There is no set at {set}.").format(set=self.set))
        from gvreader.app.derive.derive_run import portals_digest

        if options.get("portals_sha256") != portals_digest(self.settings):
            raise UsageError(
                _("The set {set} was made with other options ({names}).").format(
                    set=self.set, names="portals_sha256"
                ),
                advice=_("Give the same --host, --format and configuration, or another --output."),
            )
        if not store.names(f"{folder()}/done"):
            if any(name.startswith("extractor=") for name in store.names("")):
                raise UsageError(
                    _("The set {set} was derived by another version of the extractor.").format(set=self.set),
                    advice=_(
                        "Run `gvreader derive` again with this one, or finish it with the one that made it."
                    ),
                )
            raise NothingMatched(_("There is no shard in the set {set}.").format(set=self.set))
        return options

    def _manifests(self, store: SetStore) -> Iterator[dict[str, Any]]:
        """Every shard that is done, in the order of the inputs; what failed is a problem."""
        found = []
        for name in store.names(f"{folder()}/done"):
            manifest = read_json(store, f"{folder()}/done/{name}")
            if manifest is not None:
                found.append(manifest)
                if manifest.get("short") is not None:
                    self._problem(manifest, "short", "the file breaks off", manifest["short"])
        for name in store.names(f"{folder()}/failed"):
            problem = read_json(store, f"{folder()}/failed/{name}")
            if problem is not None:
                problem.pop("attempts", None)
                self.problems.append(problem)
        self.shards = len(found)
        return iter(sorted(found, key=lambda manifest: str(manifest["input"])))

    def _problem(self, manifest: dict[str, Any], fault: str, detail: str, offset: int | None = None) -> None:
        self.problems.append(
            {
                "input": manifest["input"],
                "shard": manifest["shard"],
                "fault": fault,
                "detail": detail,
                "offset": offset,
            }
        )

    def _inputs(
        self, store: SetStore, manifests: list[dict[str, Any]], form: RowFormat, stack: ExitStack
    ) -> Iterator[tuple[dict[str, Any], Path]]:
        """The inputs as local files, each checked against its manifest, which is checked against its rows."""
        for manifest in manifests:
            try:
                state = input_state(manifest["input"])
                path = stack.enter_context(local_copy(manifest["input"], state))
            except ShardFailure as failure:
                self._problem(manifest, failure.fault, str(failure))
                continue
            if (state.size, state.modified) != (manifest["size"], manifest.get("modified")):
                self._problem(manifest, "changed", "the input is not the one that the shard was derived from")
                continue
            wrong = [
                kind
                for kind, digest in manifest["sha256"].items()
                if _sha256(store, f"{folder()}/{kind}/{manifest['shard']}{SUFFIXES[form]}") != digest
            ]
            if wrong:
                self._problem(manifest, "changed", f"its {' and '.join(wrong)} are not those of its manifest")
                continue
            yield manifest, path

    def _poisoned(
        self, store: SetStore, manifests: list[dict[str, Any]], form: RowFormat
    ) -> frozenset[tuple[str, int]]:
        """The places of pages that were given up: they would take or end this process, too."""
        found: set[tuple[str, int]] = set()
        for manifest in manifests:
            if not manifest["rows"]["refusals"]:
                continue
            data = store.read(f"{folder()}/refusals/{manifest['shard']}{SUFFIXES[form]}")
            for row in _rows(data or b"", form):
                if row["kind"] == "poison":
                    found.add((str(row["warc"]["file"]), int(row["warc"]["offset"] or 0)))
        return frozenset(found)

    def _taken_in(
        self,
        archive: Archive,
        inputs: list[tuple[dict[str, Any], Path]],
        poisoned: frozenset[tuple[str, int]],
        hosts: tuple[str, ...],
    ) -> Generator[int]:
        from gvreader.app.portal_lookup import owner_of
        from gvreader.operations.import_captures import originals_in, take_in
        from gvreader.sources import warc_files

        portal_of = owner_of(self.settings)
        manifests = {path: manifest for manifest, path in inputs}
        with archive.writing("derive --finish") as session:
            found = warc_files.captures(
                [path for _manifest, path in inputs],
                originals=originals_in(session.vault, session.library, portal_of),
            )
            wanted = self._wanted(found, manifests, poisoned, hosts)
            for count, _state in enumerate(
                take_in(wanted, vault=session.vault, library=session.library, portal_of=portal_of, now=now()),
                1,
            ):
                yield count

    def _wanted(
        self,
        items: Iterator[SourceItem],
        manifests: dict[Path, dict[str, Any]],
        poisoned: frozenset[tuple[str, int]],
        hosts: tuple[str, ...],
    ) -> Iterator[SourceItem]:
        from gvreader.app.derive.shard import is_wanted
        from gvreader.sources import Anomaly

        for item in items:
            if isinstance(item, Anomaly):
                if item.is_read_error:
                    self._problem(manifests[item.path], "unreadable", item.detail, item.offset)
                self.unresolved += item.kind == "unresolved-revisit" and is_wanted(item.url, hosts)
                continue
            place = str(manifests[item.path]["input"]) + (f"#{item.entry}" if item.entry else "")
            if (place, item.offset or 0) not in poisoned and is_wanted(item.capture.url, hosts):
                yield item

    def _write(self, archive: Archive, target: Path, form: RowFormat) -> None:
        """The current article of each key, and the counts."""
        with archive.open_library() as library:
            stored = library.portals.all()
            ids = library.articles.ids()
            self.portals = len(stored)
            self.articles = len(ids)
            self.revisions = sum(len(library.articles.history(number)) for number in ids)
            articles = library.articles.stream(ids)
            with target.open("wb") as stream:
                if form == "parquet":
                    from gvreader.export.parquet import write_parquet

                    write_parquet(stream, articles, without=_LOCAL)
                    return
                from gvreader.export.records import article_json, dumps

                with gzip.GzipFile(filename="", mode="wb", fileobj=stream, mtime=0) as packed:
                    for one in articles:
                        record = {
                            name: value for name, value in article_json(one).items() if name not in _LOCAL
                        }
                        packed.write(dumps(record).encode() + b"\n")


def _rows(data: bytes, form: RowFormat) -> list[dict[str, Any]]:
    if form == "jsonl":
        return [json.loads(line) for line in gzip.decompress(data).splitlines()]
    import io

    from gvreader.export.parquet import pyarrow_or_advice

    pyarrow_or_advice()
    from pyarrow.parquet import read_table

    rows: list[dict[str, Any]] = read_table(io.BytesIO(data), columns=["kind", "warc"]).to_pylist()
    return rows


def _sha256(store: SetStore, name: str) -> str | None:
    data = store.read(name)
    return None if data is None else hashlib.sha256(data).hexdigest()
