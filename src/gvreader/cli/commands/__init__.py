"""The table of commands: the one place that gives help, dispatch and the docs' check their names."""

from __future__ import annotations

from typing import Final

from gvreader.frozen import dataclass
from gvreader.i18n import marked


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A command as it is typed, the module that runs it, and what it does in a line (to be translated)."""

    name: str
    module: str
    summary: str


def _command(name: str, summary: str) -> Command:
    module = f"{name}_" if name == "import" else name
    return Command(name=name, module=module, summary=summary)


COMMANDS: Final = (
    _command("read", marked("open the reader (the default)")),
    _command("demo", marked("mirror a local replica of the portal and read it")),
    _command("sync", marked("bring the archive up to date")),
    _command("probe", marked("say what a page is and what would be taken from it")),
    _command("portals", marked("the known portals and families")),
    _command("list", marked("articles, newest first")),
    _command("search", marked("ranked full-text search with snippets")),
    _command("show", marked("one article")),
    _command("history", marked("an article's revisions, and what changed")),
    _command("cite", marked("a citation with provenance")),
    _command("document", marked("an official document by its number, and who names it")),
    _command("mark", marked("mark articles read, starred or with a tag")),
    _command("note", marked("your own notes on an article and its paragraphs")),
    _command("watch", marked("saved searches with what is new in each")),
    _command("feed", marked("articles as Atom, RSS or JSON Feed")),
    _command("export", marked("articles as data, a book, a web archive or a web site")),
    _command("import", marked("take in web archives, saved pages or our own JSON lines")),
    _command("backfill", marked("fetch what public web archives hold of a portal")),
    _command("fleet", marked("many portals: list, probe, sync and look after them together")),
    _command("derive", marked("articles out of WARC files of any size and number, as a set of files")),
    _command("verify", marked("check every digest, every index entry and the database")),
    _command("rebuild", marked("derive the library again from the vault")),
    _command("status", marked("what the archive holds")),
    _command("schedule", marked("print a crontab line or systemd units")),
    _command("config", marked("the configuration in force, and whether it is valid")),
    _command("completion", marked("print a completion script for the shell")),
    _command("help", marked("print the help of a command")),
)
