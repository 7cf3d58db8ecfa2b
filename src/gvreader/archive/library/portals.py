"""The portals that the archive has pages of."""

from __future__ import annotations

from gvreader.archive.library.connection import Connection
from gvreader.archive.library.results import StoredPortal
from gvreader.sanitize import line


class Portals:
    """The table `portals`, over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def save(self, name: str, title: str, origin: str, family: str | None) -> None:
        """Store or replace a portal; a family once recognised is kept when the new one is None."""
        self._connection.execute(
            "INSERT INTO portals (name, title, origin, family) VALUES (?, ?, ?, ?) "
            "ON CONFLICT (name) DO UPDATE SET title = excluded.title, origin = excluded.origin, "
            "family = coalesce(excluded.family, family)",
            (name, line(title), origin, family),
        )

    def get(self, name: str) -> StoredPortal | None:
        """The portal of that name, or None."""
        return next(iter(self._found("WHERE name = ?", (name,))), None)

    def all(self) -> tuple[StoredPortal, ...]:
        """Every portal, by name."""
        return self._found("ORDER BY name", ())

    def _found(self, condition: str, parameters: tuple[str, ...]) -> tuple[StoredPortal, ...]:
        return tuple(
            StoredPortal(name=name, title=title, origin=origin, family=family)
            for name, title, origin, family in self._connection.execute(
                f"SELECT name, title, origin, family FROM portals {condition}",  # noqa: S608 - ours
                parameters,
            ).fetchall()
        )
