"""Tables, views and the migrations that lead to them. Every table is described in docs/library.md.

`MIGRATIONS` is append-only: the version of a file is the number of migrations that it has seen
(`PRAGMA user_version`). What an article says lies in `contents`, when it was said in `observations`; `heads`
(what lists show) and `bodies` (what search reads) are derived from the two and hold the current content.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from gvreader.archive.library import discovered_links, documents, index, indexed_captures
from gvreader.archive.library.connection import APPLICATION_ID, Connection, LibraryMissing, damaged
from gvreader.errors import GvreaderError
from gvreader.i18n import _
from gvreader.vietnamese import fold

_TABLES: Final = """
CREATE TABLE portals (
    name TEXT PRIMARY KEY,
    title TEXT NOT NULL,
    origin TEXT NOT NULL,
    family TEXT
) WITHOUT ROWID;

-- Local numbers outlive the articles' rows: a rebuild gives every key its number and its marks again.
CREATE TABLE numbers (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL UNIQUE,
    read INTEGER NOT NULL DEFAULT 0,
    starred INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE captures (
    id INTEGER PRIMARY KEY,
    portal TEXT NOT NULL,
    url TEXT NOT NULL,
    target TEXT NOT NULL,
    captured TEXT NOT NULL,
    status INTEGER NOT NULL,
    media_type TEXT,
    file TEXT NOT NULL,
    offset INTEGER NOT NULL,
    record_id TEXT NOT NULL,
    payload_sha256 TEXT NOT NULL,
    source TEXT NOT NULL,
    source_uri TEXT,
    trust TEXT NOT NULL,
    etag TEXT,
    last_modified TEXT,
    verdict TEXT NOT NULL,
    detail TEXT NOT NULL DEFAULT ''
);
CREATE UNIQUE INDEX captures_place ON captures (file, offset);
CREATE INDEX captures_target ON captures (portal, target, captured);
CREATE INDEX captures_payload ON captures (payload_sha256);

CREATE TABLE heads (
    id INTEGER PRIMARY KEY REFERENCES numbers (id),
    sk INTEGER NOT NULL UNIQUE,
    portal TEXT NOT NULL,
    key TEXT NOT NULL,
    url TEXT NOT NULL,
    identity TEXT,
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    summary TEXT,
    published TEXT,
    author TEXT,
    organisation TEXT,
    language TEXT NOT NULL,
    number TEXT,
    words INTEGER NOT NULL,
    image_count INTEGER NOT NULL,
    attachment_count INTEGER NOT NULL,
    first_seen TEXT NOT NULL,
    fetched TEXT NOT NULL,
    changed TEXT NOT NULL,
    gone TEXT,
    revision INTEGER NOT NULL,
    content_sha256 TEXT NOT NULL,
    content_id INTEGER NOT NULL,
    capture_id INTEGER,
    family TEXT NOT NULL,
    confidence REAL NOT NULL,
    read INTEGER NOT NULL DEFAULT 0,
    starred INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX heads_identity ON heads (portal, identity) WHERE identity IS NOT NULL;
CREATE INDEX heads_content ON heads (content_sha256);
CREATE INDEX heads_unread ON heads (sk) WHERE read = 0;
CREATE INDEX heads_starred ON heads (sk) WHERE starred = 1;
CREATE INDEX heads_gone ON heads (sk) WHERE gone IS NOT NULL;
CREATE INDEX heads_changed ON heads (changed) WHERE revision > 1;
CREATE INDEX heads_month ON heads (substr(published, 1, 7));

CREATE TABLE bodies (
    id INTEGER PRIMARY KEY REFERENCES heads (id) ON DELETE CASCADE,
    text TEXT NOT NULL,
    attachment_text TEXT NOT NULL DEFAULT ''
);

CREATE TABLE contents (
    id INTEGER PRIMARY KEY,
    article_id INTEGER NOT NULL REFERENCES heads (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    content_sha256 TEXT NOT NULL,
    content BLOB NOT NULL
);
CREATE INDEX contents_article ON contents (article_id);

-- One row for each time an article was looked at. Without content_id: seen then, but what it said is lost.
CREATE TABLE observations (
    id INTEGER PRIMARY KEY,
    article_id INTEGER NOT NULL REFERENCES heads (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    seen TEXT NOT NULL,
    content_id INTEGER,
    capture_id INTEGER UNIQUE,
    claimed INTEGER
);
CREATE INDEX observations_article ON observations (article_id, seen);

CREATE TABLE urls (
    twin TEXT NOT NULL,
    portal TEXT NOT NULL,
    article_id INTEGER NOT NULL REFERENCES heads (id) ON DELETE CASCADE,
    PRIMARY KEY (twin, portal)
) WITHOUT ROWID;
CREATE INDEX urls_article ON urls (article_id);

CREATE TABLE sections (
    id INTEGER PRIMARY KEY,
    portal TEXT NOT NULL,
    slug TEXT NOT NULL,
    title TEXT NOT NULL,
    url TEXT NOT NULL DEFAULT '',
    parent TEXT,
    folded TEXT NOT NULL,
    last_seen TEXT,
    last_success TEXT,
    articles INTEGER NOT NULL DEFAULT 0,
    unread INTEGER NOT NULL DEFAULT 0,
    UNIQUE (portal, slug)
);
CREATE TABLE article_sections (
    section_id INTEGER NOT NULL REFERENCES sections (id) ON DELETE CASCADE,
    article_id INTEGER NOT NULL REFERENCES heads (id) ON DELETE CASCADE,
    PRIMARY KEY (section_id, article_id)
) WITHOUT ROWID;
CREATE INDEX article_sections_article ON article_sections (article_id, section_id);
CREATE TRIGGER section_gains AFTER INSERT ON article_sections BEGIN
    UPDATE sections SET articles = articles + 1,
        unread = unread + (SELECT read = 0 FROM heads WHERE id = new.article_id)
    WHERE id = new.section_id;
END;
CREATE TRIGGER section_loses BEFORE DELETE ON article_sections BEGIN
    UPDATE sections SET articles = articles - 1,
        unread = unread - coalesce((SELECT read = 0 FROM heads WHERE id = old.article_id), 0)
    WHERE id = old.section_id;
END;
CREATE TRIGGER section_is_read AFTER UPDATE OF read ON heads WHEN old.read <> new.read BEGIN
    UPDATE sections SET unread = unread + old.read - new.read
    WHERE id IN (SELECT section_id FROM article_sections WHERE article_id = new.id);
END;

CREATE TABLE media (
    twin TEXT PRIMARY KEY,
    url TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    media_type TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    text TEXT,
    capture_id INTEGER,
    captured TEXT
) WITHOUT ROWID;
CREATE TABLE article_media (
    article_id INTEGER NOT NULL REFERENCES heads (id) ON DELETE CASCADE,
    role TEXT NOT NULL,
    position INTEGER NOT NULL,
    twin TEXT NOT NULL,
    url TEXT NOT NULL,
    PRIMARY KEY (article_id, role, position)
) WITHOUT ROWID;
CREATE INDEX article_media_twin ON article_media (twin);

CREATE TABLE tags (
    article_id INTEGER NOT NULL REFERENCES numbers (id),
    tag TEXT NOT NULL,
    folded TEXT NOT NULL,
    PRIMARY KEY (article_id, tag)
) WITHOUT ROWID;
CREATE INDEX tags_tag ON tags (tag, article_id);
CREATE TABLE notes (
    article_id INTEGER PRIMARY KEY REFERENCES numbers (id),
    note TEXT NOT NULL
);
CREATE TABLE places (
    article_id INTEGER PRIMARY KEY REFERENCES numbers (id),
    line INTEGER NOT NULL
);
CREATE TABLE saved_searches (
    name TEXT PRIMARY KEY,
    query TEXT NOT NULL,
    position INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE runs (
    id INTEGER PRIMARY KEY,
    portal TEXT NOT NULL,
    started TEXT NOT NULL,
    finished TEXT,
    complete INTEGER NOT NULL DEFAULT 0,
    exit_code INTEGER,
    requests INTEGER NOT NULL DEFAULT 0,
    not_modified INTEGER NOT NULL DEFAULT 0,
    bytes INTEGER NOT NULL DEFAULT 0,
    new INTEGER NOT NULL DEFAULT 0,
    changed INTEGER NOT NULL DEFAULT 0,
    unchanged INTEGER NOT NULL DEFAULT 0,
    gone INTEGER NOT NULL DEFAULT 0,
    failed INTEGER NOT NULL DEFAULT 0,
    media_new INTEGER NOT NULL DEFAULT 0,
    media_failed INTEGER NOT NULL DEFAULT 0,
    advice TEXT NOT NULL DEFAULT ''
);
CREATE INDEX runs_portal ON runs (portal, id);
CREATE TABLE problems (
    id INTEGER PRIMARY KEY,
    run_id INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    portal TEXT NOT NULL,
    section TEXT,
    url TEXT NOT NULL,
    kind TEXT NOT NULL,
    detail TEXT NOT NULL,
    met TEXT NOT NULL,
    times INTEGER NOT NULL DEFAULT 1,
    UNIQUE (run_id, url, kind)
);
CREATE INDEX problems_portal ON problems (portal, section, met);
CREATE TABLE frontier (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    portal TEXT NOT NULL,
    kind TEXT NOT NULL,
    rank INTEGER NOT NULL,
    target TEXT NOT NULL,
    url TEXT NOT NULL,
    method TEXT NOT NULL,
    headers TEXT NOT NULL,
    body BLOB NOT NULL,
    section TEXT,
    title TEXT,
    published TEXT,
    depth INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    not_before TEXT NOT NULL DEFAULT '',
    problem TEXT,
    handled INTEGER NOT NULL DEFAULT 0,
    UNIQUE (portal, kind, target)
);
CREATE INDEX frontier_next ON frontier (portal, rank, id, not_before) WHERE handled = 0;
CREATE TABLE facts (
    portal TEXT NOT NULL,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (portal, name)
) WITHOUT ROWID;

CREATE VIEW articles AS
SELECT h.id, h.sk, h.portal, h.key, h.url, h.identity, h.kind, h.title, h.summary, h.published, h.author,
    h.organisation, h.language, h.number,
    (SELECT b.text FROM bodies AS b WHERE b.id = h.id) AS text,
    (SELECT b.attachment_text FROM bodies AS b WHERE b.id = h.id) AS attachment_text,
    h.words, h.image_count, h.attachment_count, h.first_seen, h.fetched, h.changed, h.gone, h.revision,
    h.content_sha256, h.family, h.confidence, h.read, h.starred,
    (SELECT c.content FROM contents AS c WHERE c.id = h.content_id) AS content
FROM heads AS h;

CREATE VIEW revisions AS
WITH steps AS (
    SELECT article_id, id, seen, content_id, capture_id, claimed,
        CASE WHEN content_id = lag(content_id) OVER (PARTITION BY article_id ORDER BY seen, id)
            THEN 0 ELSE 1 END AS starts
    FROM observations WHERE content_id IS NOT NULL
), placed AS (
    SELECT article_id, id, seen, content_id, capture_id, claimed,
        sum(starts) OVER (PARTITION BY article_id ORDER BY seen, id) AS place
    FROM steps
), evident AS (
    SELECT article_id, place, seen, content_id, claimed,
        first_value(capture_id) OVER (
            PARTITION BY article_id, place
            ORDER BY CASE WHEN capture_id IS NULL THEN 1 ELSE 0 END, seen, id
        ) AS capture_id
    FROM placed
), spans AS (
    SELECT article_id, place, content_id, min(seen) AS first_seen, max(seen) AS last_seen,
        count(*) AS observations, min(capture_id) AS capture_id, coalesce(max(claimed) - place, 0) AS ahead
    FROM evident GROUP BY article_id, place, content_id
), counted AS (
    SELECT article_id, place, content_id, first_seen, last_seen, observations, capture_id,
        max(CASE WHEN ahead > 0 THEN ahead ELSE 0 END) OVER (PARTITION BY article_id ORDER BY place) AS ahead
    FROM spans
)
SELECT n.article_id, n.place + n.ahead AS number, n.first_seen, n.last_seen, n.observations, c.content_sha256,
    c.content, n.capture_id, coalesce(k.source, 'import') AS source, coalesce(k.trust, 'unknown') AS trust,
    k.file, k.offset, k.record_id
FROM counted AS n
JOIN contents AS c ON c.id = n.content_id
LEFT JOIN captures AS k ON k.id = n.capture_id;
"""

# What public web archives say that they hold, and the timeline of every capture of an article.
_ARCHIVES: Final = """
ALTER TABLE captures ADD COLUMN extractor TEXT NOT NULL DEFAULT '';

CREATE VIEW timeline AS
SELECT o.article_id, o.seen, coalesce(c.source, 'import') AS source, coalesce(c.trust, 'unknown') AS trust,
    c.status, c.url, c.source_uri, n.content_sha256, c.id AS capture_id, c.payload_sha256, c.file, c.offset,
    c.record_id, c.extractor
FROM observations AS o
LEFT JOIN captures AS c ON c.id = o.capture_id
LEFT JOIN contents AS n ON n.id = o.content_id;

CREATE VIEW archived_only AS
SELECT h.id AS article_id, h.key, h.title, h.published, h.first_seen, h.fetched
FROM heads AS h
WHERE NOT EXISTS (
    SELECT 1 FROM observations AS o JOIN captures AS c ON c.id = o.capture_id
    WHERE o.article_id = h.id AND c.source = 'live'
);
"""

# Notes on paragraphs, and what a query compares notes with.
_NOTES: Final = """
ALTER TABLE notes ADD COLUMN folded TEXT NOT NULL DEFAULT '';
CREATE TABLE paragraph_notes (
    article_id INTEGER NOT NULL REFERENCES numbers (id),
    paragraph INTEGER NOT NULL,
    note TEXT NOT NULL,
    folded TEXT NOT NULL,
    PRIMARY KEY (article_id, paragraph)
) WITHOUT ROWID;
"""

# What read the text of a file, how many pages it has, and why there is no text, or not all of it.
_FILES: Final = """
ALTER TABLE media ADD COLUMN text_by TEXT NOT NULL DEFAULT '';
ALTER TABLE media ADD COLUMN pages INTEGER;
ALTER TABLE media ADD COLUMN note TEXT NOT NULL DEFAULT '';
CREATE INDEX captures_unread ON captures (verdict) WHERE verdict IN ('unreadable', 'too-slow');
"""

# The proof of a deletion is a look, too, but none at which the portal served the article.
_DELETIONS: Final = """
DROP VIEW archived_only;
CREATE VIEW archived_only AS
SELECT h.id AS article_id, h.key, h.title, h.published, h.first_seen, h.fetched
FROM heads AS h
WHERE NOT EXISTS (
    SELECT 1 FROM observations AS o JOIN captures AS c ON c.id = o.capture_id
    WHERE o.article_id = h.id AND o.content_id IS NOT NULL AND c.source = 'live'
);
"""

# What a noted paragraph said, by which it is found again; and up to where a saved search was looked at.
_WATCHES: Final = """
ALTER TABLE paragraph_notes ADD COLUMN quote TEXT NOT NULL DEFAULT '';
ALTER TABLE saved_searches ADD COLUMN seen TEXT;
ALTER TABLE saved_searches ADD COLUMN seen_number INTEGER NOT NULL DEFAULT 0;
"""

MIGRATIONS: Final[tuple[str, ...]] = (
    _TABLES + discovered_links.SCHEMA + index.SCHEMA,
    indexed_captures.SCHEMA + _ARCHIVES,
    _NOTES,
    _FILES,
    _DELETIONS,
    _WATCHES,
    documents.SCHEMA,
)


def statements(script: str) -> Iterator[str]:
    """The SQL statements of a script, one at a time (a trigger's body is one statement)."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            if statement.strip():
                yield statement
            statement = ""
    if statement.strip():
        yield statement


def version_of(connection: Connection) -> int:
    """How many migrations the file has seen, 0 for a new one. Raises GvreaderError for a foreign database."""
    # In one transaction: another process may be making the file just now.
    with connection.reading():
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        (application,) = connection.execute("PRAGMA application_id").fetchone()
        (objects,) = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    if (application != APPLICATION_ID and (objects or version)) or (objects and not version):
        raise damaged("the file's mark was altered")
    if version > len(MIGRATIONS):
        raise GvreaderError(
            _("{file} was written by a newer gvreader (schema {version}; this one knows {known}).").format(
                file=_file(connection), version=version, known=len(MIGRATIONS)
            ),
            advice=_("Upgrade gvreader, or choose another archive with --archive."),
        )
    return int(version)


def _file(connection: Connection) -> str:
    return str(connection.execute("PRAGMA database_list").fetchone()[2])


def migrate(connection: Connection) -> None:
    """Bring the file to the newest schema and its index to the newest rules, in one transaction."""
    if is_current(connection):
        return
    with connection.transaction(durable=True):
        # Another process may have migrated while we waited for the lock.
        for script in MIGRATIONS[version_of(connection) :]:
            for statement in statements(script):
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        _complete_notes(connection)
        documents.refill(connection)
        if index.outdated(connection):
            index.refill(connection)


def migrated_copy(connection: Connection) -> Connection:
    """A private copy of an older library in the newest schema, on the temporary disk; the original is closed.

    Its index stays as it is: a reader waits for no refill.
    """
    copy = sqlite3.connect("", isolation_level=None, cached_statements=256, factory=Connection)
    try:
        connection.backup(copy)
        with copy.transaction():
            for script in MIGRATIONS[version_of(copy) :]:
                for statement in statements(script):
                    copy.execute(statement)
            copy.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")
            _complete_notes(copy)
            documents.refill(copy)
        copy.execute("PRAGMA trusted_schema = OFF")
        copy.execute("PRAGMA query_only = ON")
    except BaseException:
        copy.close()
        raise
    finally:
        connection.close()
    return copy


def _complete_notes(connection: Connection) -> None:
    """Notes of earlier versions get what queries compare them with, and what their paragraphs say."""
    unquoted = connection.execute(
        "SELECT n.article_id, n.paragraph, b.text FROM paragraph_notes AS n JOIN bodies AS b ON b.id = n.article_id "
        "WHERE n.quote = ''"
    ).fetchall()
    connection.executemany(
        "UPDATE paragraph_notes SET quote = ? WHERE article_id = ? AND paragraph = ?",
        [
            (paragraphs[number - 1], article_id, number)
            for article_id, number, text in unquoted
            if number <= len(paragraphs := text.split("\n\n"))
        ],
    )
    notes = connection.execute("SELECT article_id, note FROM notes WHERE folded = ''").fetchall()
    connection.executemany(
        "UPDATE notes SET folded = ? WHERE article_id = ?", [(fold(note), number) for number, note in notes]
    )


def is_current(connection: Connection) -> bool:
    """Whether the file has the newest schema and an index of the newest rules."""
    return version_of(connection) == len(MIGRATIONS) and not index.outdated(connection)


def require_content(connection: Connection, path: Path) -> None:
    """Raise LibraryMissing for a file in which nothing was ever stored."""
    if version_of(connection) == 0:
        raise LibraryMissing(
            _("Nothing is stored in {file} yet.").format(file=path),
            advice=_("Run `gvreader sync` or `gvreader import` first."),
        )
