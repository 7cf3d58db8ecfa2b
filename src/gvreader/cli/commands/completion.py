"""`gvreader completion`: a completion script for the shell, whose names come from the archive when Tab is pressed."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterable, Iterator
from typing import Final

from gvreader.cli.context import Context
from gvreader.errors import EXIT_DONE, GvreaderError
from gvreader.i18n import _

EXAMPLES: Final = (
    "gvreader completion bash > ~/.local/share/bash-completion/completions/gvreader",
    'gvreader completion zsh > "${fpath[1]}/_gvreader"',
    "gvreader completion fish > ~/.config/fish/completions/gvreader.fish",
)
SHELLS: Final = ("bash", "zsh", "fish")
KINDS: Final = ("portals", "sections", "query")
# Shells expand the words that they are given: only what is a plain word in all of them is offered.
_PLAIN: Final = re.compile(r"[\w:./-]{1,80}\Z")
_IS: Final = ("unread", "read", "starred", "gone", "changed")
_HAS: Final = ("image", "attachment")


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("shell", nargs="?", choices=SHELLS, metavar="|".join(SHELLS), help=_("the shell"))
    parser.add_argument("--values", choices=KINDS, help=argparse.SUPPRESS)


def run(context: Context) -> int:
    options, console = context.options, context.console
    if options.values is not None:
        console.lines(plain(_values(context, options.values)))
        return EXIT_DONE
    if options.shell is None:
        from gvreader.errors import UsageError

        raise UsageError(
            _("Which shell?"), advice=_("`gvreader completion bash`, `zsh` or `fish` prints its script.")
        )
    console.write(script(options.shell))
    return EXIT_DONE


def plain(names: Iterable[str]) -> Iterator[str]:
    """The names that mean nothing but themselves to a shell, each once."""
    return (name for name in dict.fromkeys(names) if _PLAIN.match(name) and not name.startswith("-"))


def script(shell: str) -> str:
    """The completion script, made from the parser."""
    import shtab

    from gvreader.cli.arguments import command_parsers, full_parser

    parser = full_parser()
    for command in command_parsers(parser).values():
        for action in command._actions:
            kind = _kind(action)
            if kind is not None:
                action.complete = _completer(kind)  # type: ignore[attr-defined]
    return shtab.complete(parser, shell=shell)


def _kind(action: argparse.Action) -> str | None:
    """What the values of an argument are, where the archive knows them."""
    if action.dest in ("portal", "section", "query"):
        return {"portal": "portals", "section": "sections", "query": "query"}[action.dest]
    return None


def _completer(kind: str) -> dict[str, object]:
    ask = f"gvreader completion --values {kind} 2>/dev/null"
    name = f"_gvreader_{kind}"
    return {
        "bash": name,
        "zsh": name,
        "fish": f"({ask})",
        "preamble": {
            "bash": f'{name}() {{\n  compgen -W "$({ask})" -- "$1"\n}}\n',
            "zsh": f'{name}() {{\n  compadd -- ${{(f)"$({ask})"}}\n}}\n',
        },
    }


def _values(context: Context, kind: str) -> Iterator[str]:
    """The names that the archive and the configuration know; none where they cannot be read."""
    try:
        if kind == "portals":
            from gvreader.app.portal_lookup import portals

            yield from (portal.name for portal in portals(context.archive.settings))
        library = context.archive.library
        stored = library.portals.all()
        if kind == "portals":
            yield from (portal.name for portal in stored)
            return
        slugs = [section.slug for portal in stored for section in library.sections.all(portal.name)]
        if kind == "sections":
            yield from slugs
            return
        yield from (f"is:{name}" for name in _IS)
        yield from (f"has:{name}" for name in _HAS)
        yield from (f"section:{slug}" for slug in slugs)
        yield from (f"portal:{portal.name}" for portal in stored)
        yield from (f"tag:{tag.tag}" for tag in library.marks.tags())
    except GvreaderError:
        return
