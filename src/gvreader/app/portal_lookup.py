"""Which portal a name, an address or a capture means: the known ones with the configuration's overrides."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from gvreader.errors import UsageError
from gvreader.frozen import replace
from gvreader.i18n import _

if TYPE_CHECKING:
    from gvreader.app.config import PortalProfile, Settings
    from gvreader.archive.vault import Vault
    from gvreader.operations.import_captures import PortalOf
    from gvreader.portals import Portal

DEFAULT_PORTAL: Final = "giavien"


def _with_profile(portal: Portal, profile: PortalProfile) -> Portal:
    """A portal with what the configuration says of it."""
    from gvreader.model import SectionLink
    from gvreader.urls import canonical
    from gvreader.urls import origin as origin_of

    origin = (origin_of(profile.origin) if profile.origin else None) or portal.origin
    return replace(
        portal,
        title=profile.title or portal.title,
        origin=origin,
        family=profile.family or portal.family,
        hosts=profile.hosts or portal.hosts,
        start=profile.start or portal.start,
        date_format=profile.date_format or portal.date_format,
        overrides=profile.selectors or portal.overrides,
        sections=tuple(
            SectionLink(
                slug=section.slug,
                title=section.title,
                parent=section.parent,
                url=portal.scope().resolve(f"{origin}/", section.url)
                or canonical(section.url)
                or section.url,
            )
            for section in profile.sections
        )
        or portal.sections,
    )


def portals(settings: Settings) -> tuple[Portal, ...]:
    """The known portals with the configuration's overrides, then those that only it names.

    Raises ConfigError for a new portal without an origin and for a family that does not exist.
    """
    from gvreader.errors import ConfigError
    from gvreader.portals import Portal, brought_layouts, known, layouts_of

    brought_layouts()  # a family that cannot be used is said before a page is read without it
    named = {portal.name: portal for portal in known()}
    for profile in settings.portals:
        if profile.family and not layouts_of(profile.family):
            raise ConfigError(
                _("{file}: there is no CMS family `{family}`.").format(
                    file=settings.file, family=profile.family
                ),
                advice=_("`gvreader portals` lists the families."),
            )
        base = named.get(profile.name)
        if base is None:
            if profile.origin is None:
                raise ConfigError(
                    _("{file}: the portal `{name}` needs an `origin`.").format(
                        file=settings.file, name=profile.name
                    )
                )
            base = Portal(name=profile.name, title=profile.title or profile.name, origin=profile.origin)
        named[profile.name] = _with_profile(base, profile)
    return tuple(named.values())


def _seen_before(settings: Settings, name: str) -> Portal | None:
    """The portal of that name in the archive: an address that was synced before."""
    from gvreader.app.archive import Archive
    from gvreader.archive.library import Library, LibraryMissing
    from gvreader.portals import Portal

    try:
        with Library.open(Archive(settings).library_file, mode="read") as library:
            stored = library.portals.get(name)
    except LibraryMissing:
        return None
    if stored is None:
        return None
    return Portal(name=stored.name, title=stored.title, origin=stored.origin, family=stored.family)


def portal_for(settings: Settings, target: str) -> Portal:
    """The portal that a name or an address means. Raises UsageError.

    A portal's own address or host means that portal; any other address is a portal whose family is found out.
    """
    from gvreader.portals import adhoc
    from gvreader.urls import host, twin

    known = portals(settings)
    if "://" in target:
        portal = adhoc(target)
        own = twin(portal.origin)
        return next((one for one in known if twin(one.origin) == own), portal)
    for portal in known:
        if target in (portal.name, host(portal.origin), "www." + host(portal.origin)):
            return portal
    seen = _seen_before(settings, target)
    if seen is not None:
        return seen
    import difflib

    near = difflib.get_close_matches(target, [portal.name for portal in known], 1)
    hint = _("Did you mean `{name}`? ").format(name=near[0]) if near else ""
    raise UsageError(
        _("There is no portal called `{name}`.").format(name=target),
        advice=hint
        + _("`gvreader portals` lists those that are known; any other needs its address, https://…"),
    )


def asked_portals(settings: Settings, target: str | None) -> tuple[Portal, ...]:
    """The portal that was named; else every portal of the archive, or the usual one where that holds none."""
    if target is not None:
        return (portal_for(settings, target),)
    return tuple(portal_for(settings, name) for name in portals_in(settings) or (DEFAULT_PORTAL,))


def portals_in(settings: Settings) -> tuple[str, ...]:
    """The names of the portals that the archive holds; none where there is no archive yet."""
    from gvreader.app.archive import Archive
    from gvreader.archive.library import LibraryMissing

    try:
        with Archive(settings).open_library() as library:
            return tuple(portal.name for portal in library.portals.all())
    except LibraryMissing:
        return ()


def portal_named(settings: Settings, name: str, origin: str | None) -> Portal:
    """The portal under whose name captures are kept, for deriving from them again."""
    from gvreader.portals import adhoc

    for portal in portals(settings):
        if portal.name == name:
            return portal
    return replace(adhoc(origin or f"https://{name}"), name=name)


def owner_of(settings: Settings) -> PortalOf:
    """Whose capture an address is: a portal's of that name, one at that address, or a new one of its own."""
    from gvreader import urls
    from gvreader.archive.vault import is_portal_name

    known = portals(settings)
    whose: dict[tuple[str | None, str], Portal] = {}

    def portal_of(url: str, *, name: str | None, origin: str | None) -> Portal:
        place = (name, urls.origin(url) or url)
        if place not in whose:
            whose[place] = (
                portal_named(settings, name, origin)
                if name is not None and is_portal_name(name)
                else _portal_at(known, url)
            )
        return whose[place]

    return portal_of


def _portal_at(known: Sequence[Portal], url: str) -> Portal:
    """The known portal whose page or file an address is, else a portal of its own."""
    from gvreader.portals import adhoc
    from gvreader.urls import host, twin

    portal = replace(adhoc(url), start=("/",))
    own = twin(portal.origin)
    for candidate in known:
        if twin(candidate.origin) == own:
            return candidate
    return next((candidate for candidate in known if host(url) in candidate.hosts), portal)


def portals_of(settings: Settings, vault: Vault) -> Callable[[str], Portal]:
    """The portal of each name that captures are kept under."""
    origins = vault.portals()
    return lambda name: portal_named(settings, name, origins.get(name))
