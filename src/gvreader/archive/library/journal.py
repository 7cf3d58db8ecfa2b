"""The journal of runs: the frontier of addresses to visit, problems, and facts learnt about a portal.

Everything here is in the file as soon as its transaction ends: a killed run loses at most the page in flight.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any, Final

from gvreader.archive.library.connection import Connection, clean_text
from gvreader.archive.library.content import (
    moment,
    optional_moment,
    published_from,
    published_text,
    stamp,
)
from gvreader.archive.library.discovered_links import target_of
from gvreader.archive.library.results import EntryKind, FrontierEntry, RunRecord, StoredProblem
from gvreader.model import Problem, Request, RunFinished, Tally
from gvreader.sanitize import line

# What a run changes before the portal has answered, and the column that names the portal.
_HELD: Final = {"frontier": "portal", "facts": "portal", "portals": "name"}

ENTRY_KINDS: Final[tuple[EntryKind, ...]] = (
    "home",
    "probe",
    "feed",
    "listing",
    "article",
    "media",
    "sitemap",
    "found",
)
_RANK: Final = {kind: rank for rank, kind in enumerate(ENTRY_KINDS)}
_LATER: Final = len(ENTRY_KINDS)
# What lists name comes before the next list: no list that never ends keeps an article waiting.
_ORDER: Final[tuple[tuple[int, EntryKind], ...]] = (
    (_RANK["home"], "home"),
    (_RANK["probe"], "probe"),
    (_RANK["feed"], "feed"),
    (_RANK["sitemap"], "sitemap"),
    (_RANK["article"], "article"),
    (_RANK["listing"], "listing"),
    (_LATER, "article"),
    (_RANK["found"], "found"),
    (_RANK["media"], "media"),
)
_TALLY: Final = (
    "requests",
    "not_modified",
    "bytes",
    "new",
    "changed",
    "unchanged",
    "gone",
    "failed",
    "media_new",
    "media_failed",
)
_RUN: Final = (
    "SELECT id, portal, started, finished, complete, exit_code, advice, requests, not_modified, bytes, new, "
    "changed, unchanged, gone, failed, media_new, media_failed FROM runs "
)
_FINISH: Final = """
    UPDATE runs SET finished = :finished, complete = :complete, exit_code = :exit_code, advice = :advice,
        requests = :requests, not_modified = :not_modified, bytes = :bytes, new = :new, changed = :changed,
        unchanged = :unchanged, gone = :gone, failed = :failed, media_new = :media_new,
        media_failed = :media_failed
    WHERE id = :run
"""
_ENTRY: Final = (
    "SELECT id, portal, kind, url, method, headers, body, section, title, published, depth, attempts, "
    "not_before, problem FROM frontier "
)
_DUE: Final = "WHERE portal = ? AND handled = 0 AND rank = ? AND not_before <= ? ORDER BY rank, id LIMIT 1"
PROBLEM: Final = "SELECT run_id, portal, section, url, kind, detail, met, times FROM problems "


def _run(row: tuple[Any, ...]) -> RunRecord:
    return RunRecord(
        id=row[0],
        portal=row[1],
        started=moment(row[2]),
        finished=optional_moment(row[3]),
        complete=bool(row[4]),
        exit_code=row[5],
        advice=row[6],
        tally=Tally(**dict(zip(_TALLY, row[7:], strict=True))),
    )


def stored_problem(row: tuple[Any, ...]) -> StoredProblem:
    """One row of PROBLEM."""
    return StoredProblem(
        run=row[0],
        portal=row[1],
        section=row[2],
        url=row[3],
        kind=row[4],
        detail=row[5],
        when=moment(row[6]),
        times=row[7],
    )


def _entry(row: tuple[Any, ...]) -> FrontierEntry:
    return FrontierEntry(
        id=row[0],
        portal=row[1],
        kind=row[2],
        request=Request(
            url=row[3],
            method=row[4],
            headers=tuple((name, value) for name, value in json.loads(row[5])),
            body=row[6],
        ),
        section=row[7],
        title=row[8],
        published=published_from(row[9]),
        depth=row[10],
        attempts=row[11],
        not_before=moment(row[12]) if row[12] else None,
        problem=row[13],
    )


class Journal:
    """Runs, problems, frontier and facts, over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    # ── runs ────────────────────────────────────────────────────────────────────

    def hold(self, portal: str) -> None:
        """Remember what a run is about to change of a portal, so that `put_back` can undo it; inside a transaction."""
        for table, key in _HELD.items():
            self._connection.execute(f"DROP TABLE IF EXISTS temp.held_{table}")
            self._connection.execute(
                f"CREATE TEMP TABLE held_{table} AS SELECT * FROM main.{table} WHERE {key} = ?",  # noqa: S608
                (portal,),
            )
        self._connection.execute("DROP TABLE IF EXISTS temp.held_sequence")
        self._connection.execute(
            "CREATE TEMP TABLE held_sequence AS SELECT seq FROM main.sqlite_sequence WHERE name = 'frontier'"
        )

    def put_back(self, portal: str, run: int) -> None:
        """Let what waits and what is known of a portal be as at `hold`.

        The run and its problems stay in the journal of a portal that was known before; a new one leaves no trace.
        """
        if not self._connection.execute("SELECT 1 FROM temp.held_portals").fetchall():
            self._connection.execute("DELETE FROM problems WHERE run_id = ?", (run,))
            self._connection.execute("DELETE FROM runs WHERE id = ?", (run,))
        for table, key in _HELD.items():
            self._connection.execute(f"DELETE FROM main.{table} WHERE {key} = ?", (portal,))  # noqa: S608
            self._connection.execute(f"INSERT INTO main.{table} SELECT * FROM temp.held_{table}")  # noqa: S608
        self._connection.execute(
            "UPDATE main.sqlite_sequence SET seq = (SELECT seq FROM temp.held_sequence) "
            "WHERE name = 'frontier' AND EXISTS (SELECT 1 FROM temp.held_sequence)"
        )

    def start_run(self, portal: str, started: datetime) -> int:
        """Begin a run, and return its number."""
        ((run,),) = self._connection.execute(
            "INSERT INTO runs (portal, started) VALUES (?, ?) RETURNING id", (portal, stamp(started))
        ).fetchall()
        return int(run)

    def finish_run(self, run: int, finished: RunFinished) -> None:
        """End a run with its tally; problems that `add_problem` has not stored yet are stored."""
        with self._connection.transaction(durable=True):
            self._connection.execute(
                _FINISH,
                {name: getattr(finished.tally, name) for name in _TALLY}
                | {
                    "finished": stamp(finished.finished),
                    "complete": int(finished.complete),
                    "exit_code": finished.exit_code,
                    "advice": finished.advice,
                    "run": run,
                },
            )
            for problem in finished.problems:
                self._note_problem(run, problem, finished.finished, times=0)

    def last_runs(self, portal: str | None = None, limit: int = 10) -> tuple[RunRecord, ...]:
        """The latest runs, newest first. A run without an end is running, or was killed."""
        return tuple(
            map(
                _run,
                self._connection.execute(
                    _RUN + "WHERE :portal IS NULL OR portal = :portal ORDER BY id DESC LIMIT :limit",
                    {"portal": portal, "limit": limit},
                ).fetchall(),
            )
        )

    def add_problem(self, run: int, problem: Problem, when: datetime) -> None:
        """Store a problem of a run; the same kind at the same address is counted, not repeated."""
        self._note_problem(run, problem, when, times=1)

    def problems(self, run: int) -> tuple[StoredProblem, ...]:
        """The problems of a run, in the order in which they were first met."""
        rows = self._connection.execute(PROBLEM + "WHERE run_id = ? ORDER BY id", (run,)).fetchall()
        return tuple(map(stored_problem, rows))

    def _note_problem(self, run: int, problem: Problem, when: datetime, *, times: int) -> None:
        self._connection.execute(
            """
            INSERT INTO problems (run_id, portal, section, url, kind, detail, met)
            SELECT :run, portal, :section, :url, :kind, :detail, :met FROM runs WHERE id = :run
            ON CONFLICT (run_id, url, kind) DO UPDATE SET times = times + :times,
                detail = excluded.detail, met = CASE WHEN :times THEN excluded.met ELSE met END
            """,
            {
                "run": run,
                "section": problem.section,
                "url": problem.url,
                "kind": problem.kind,
                "detail": line(problem.detail),
                "met": stamp(when),
                "times": times,
            },
        )

    # ── frontier ────────────────────────────────────────────────────────────────

    def begin_round(self, portal: str) -> None:
        """Forget what was visited, so that it may be queued again; what still waits keeps waiting.

        Only the home page and the first pages of sections, however often they failed, are due at once.
        """
        self._connection.execute("DELETE FROM frontier WHERE portal = ? AND handled = 1", (portal,))
        self._connection.execute(
            "UPDATE frontier SET not_before = '' WHERE portal = ? AND depth = 0 AND kind IN ('home', 'listing')",
            (portal,),
        )

    def push(self, portal: str, *entries: FrontierEntry) -> int:
        """Queue addresses, and return how many were new.

        An address (its http, https and `www.` twins; a posted form with its fields) is queued once per kind,
        and not again in a round that has visited it. An article that waited until the lists are read waits no
        longer once a list names it.
        """
        added = 0
        with self._connection.transaction():
            for entry in entries:
                is_new = bool(
                    self._connection.execute(
                        "INSERT INTO frontier (portal, kind, rank, target, url, method, headers, body, section, title, "
                        "published, depth, attempts, not_before) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
                        "ON CONFLICT (portal, kind, target) DO NOTHING RETURNING id",
                        (
                            portal,
                            entry.kind,
                            _LATER if entry.later else _RANK[entry.kind],
                            target_of(entry.request),
                            entry.request.url,
                            entry.request.method,
                            json.dumps(entry.request.headers),
                            entry.request.body,
                            entry.section,
                            entry.title,
                            published_text(entry.published),
                            entry.depth,
                            entry.attempts,
                            stamp(entry.not_before) if entry.not_before else "",
                        ),
                    ).fetchall()
                )
                added += is_new
                if not is_new and entry.kind == "article" and not entry.later:
                    self._hasten(portal, entry)
        return added

    def _hasten(self, portal: str, entry: FrontierEntry) -> None:
        """An article that waited until the lists are read was named by one."""
        self._connection.execute(
            "UPDATE frontier SET rank = ?, section = ?, title = ?, published = ?, depth = ? "
            "WHERE portal = ? AND kind = ? AND target = ? AND rank = ? AND handled = 0",
            (
                _RANK[entry.kind],
                entry.section,
                entry.title,
                published_text(entry.published),
                entry.depth,
                portal,
                entry.kind,
                target_of(entry.request),
                _LATER,
            ),
        )

    def next(
        self, portal: str, now: datetime, *, kinds: tuple[EntryKind, ...] = ENTRY_KINDS
    ) -> FrontierEntry | None:
        """The entry to visit now, first queued first; None when none is due.

        First the home page and feeds, then articles that lists have named, then the next list, then other
        articles and files. It stays queued until `done`, `postpone` or `drop`, so a kill does not lose it.
        """
        for rank, kind in _ORDER:
            if kind in kinds:
                rows = self._connection.execute(_ENTRY + _DUE, (portal, rank, stamp(now))).fetchall()
                if rows:
                    return _entry(rows[0])
        return None

    def done(self, entry: FrontierEntry) -> None:
        """The entry was visited."""
        self._connection.execute("UPDATE frontier SET handled = 1 WHERE id = ?", (entry.id,))

    def postpone(
        self, entry: FrontierEntry, until: datetime, problem: Problem | None = None, *, counts: bool = True
    ) -> None:
        """Visit the entry again, not before `until`; `counts`: as one more attempt."""
        self._connection.execute(
            "UPDATE frontier SET attempts = attempts + ?, not_before = ?, problem = ? WHERE id = ?",
            (int(counts), stamp(until), problem.kind if problem else None, entry.id),
        )

    def drop(self, entry: FrontierEntry) -> None:
        """Give the entry up; a later run may queue it again."""
        self.done(entry)

    def newest(self, portal: str) -> int:
        """The number of the entry that was queued last; 0 when there is none."""
        ((number,),) = self._connection.execute(
            "SELECT coalesce(max(id), 0) FROM frontier WHERE portal = ?", (portal,)
        ).fetchall()
        return int(number)

    def forget_after(self, portal: str, number: int) -> None:
        """Forget what was queued after an entry, visited or not."""
        self._connection.execute("DELETE FROM frontier WHERE portal = ? AND id > ?", (portal, number))

    def queued(self, portal: str) -> dict[str, int]:
        """How many addresses wait to be visited, by kind."""
        return dict(
            self._connection.execute(
                "SELECT kind, count(*) FROM frontier WHERE portal = ? AND handled = 0 "
                "GROUP BY kind ORDER BY min(rank)",
                (portal,),
            ).fetchall()
        )

    def pending_sections(self, portal: str) -> frozenset[str]:
        """The slugs of sections that have listing pages waiting."""
        return frozenset(
            slug
            for (slug,) in self._connection.execute(
                "SELECT DISTINCT section FROM frontier WHERE portal = ? AND handled = 0 AND rank = ? "
                "AND section IS NOT NULL",
                (portal, _RANK["listing"]),
            ).fetchall()
        )

    def earliest(self, portal: str) -> datetime | None:
        """When the first waiting entry may be visited (long ago, for one that may be now); None when none waits."""
        ((when,),) = self._connection.execute(
            "SELECT min(not_before) FROM frontier WHERE portal = ? AND handled = 0", (portal,)
        ).fetchall()
        if when is None:
            return None
        return moment(when) if when else datetime.min.replace(tzinfo=UTC)

    def waiting(self, portal: str) -> tuple[FrontierEntry, ...]:
        """Every entry that waits, in the order of `next` but for their times."""
        rows = self._connection.execute(
            _ENTRY + "WHERE portal = ? AND handled = 0 ORDER BY rank, id", (portal,)
        ).fetchall()
        return tuple(map(_entry, rows))

    # ── facts ───────────────────────────────────────────────────────────────────

    def fact(self, portal: str, name: str) -> Any:
        """What was learnt about a portal under a name: the JSON value that was set, or None."""
        rows = self._connection.execute(
            "SELECT value FROM facts WHERE portal = ? AND name = ?", (portal, name)
        ).fetchall()
        return json.loads(rows[0][0]) if rows else None

    def set_fact(self, portal: str, name: str, value: Any) -> None:
        """Remember a JSON value about a portal; None forgets it."""
        if value is None:
            self._connection.execute("DELETE FROM facts WHERE portal = ? AND name = ?", (portal, name))
            return
        self._connection.execute(
            "INSERT INTO facts (portal, name, value) VALUES (?, ?, ?) "
            "ON CONFLICT (portal, name) DO UPDATE SET value = excluded.value",
            (portal, name, clean_text(json.dumps(value, ensure_ascii=False))),
        )

    def facts(self, portal: str) -> dict[str, Any]:
        """Everything learnt about a portal."""
        rows = self._connection.execute(
            "SELECT name, value FROM facts WHERE portal = ?", (portal,)
        ).fetchall()
        return {name: json.loads(value) for name, value in rows}
