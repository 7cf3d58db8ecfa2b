"""What other installed packages bring by entry points: families of markup, formats of export."""

from __future__ import annotations

from functools import cache
from typing import Final

from gvreader.errors import ConfigError
from gvreader.i18n import _

FAMILIES: Final = "gvreader.families"
EXPORTS: Final = "gvreader.exports"


@cache
def brought(group: str) -> tuple[tuple[str, object], ...]:
    """Every entry point of a group with its package's name and what it names, in order of packages and names.

    Raises ConfigError for one that cannot be imported.
    """
    from importlib.metadata import entry_points

    found = []
    for point in entry_points(group=group):
        package = point.dist.name if point.dist is not None else point.module
        try:
            found.append((package, point.name, point.load()))
        except Exception as error:
            raise unusable(package, point.name, f"{type(error).__name__}: {error}") from error
    return tuple((package, thing) for package, _name, thing in sorted(found, key=lambda one: one[:2]))


def unusable(package: str, name: str, reason: str) -> ConfigError:
    """The error for what a package brings and nobody can use."""
    return ConfigError(
        _("The package {package} brings `{name}`, which cannot be used: {reason}").format(
            package=package, name=name, reason=reason
        ),
        advice=_("Update or remove that package."),
    )
