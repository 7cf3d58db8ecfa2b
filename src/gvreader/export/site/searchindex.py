"""The index that the browser searches: postings by unmarked spelling, in small script files.

    search/head.js          counts, the first spelling of each terms file, abbreviations, labels
    search/lengths.js       words of each field of each document
    search/terms-N.js       lines `unmarked|term|title|text|files`, each of the last three a list of postings
    search/documents-N.js   title, file name and facts of each document
    search/texts-N.js       its text, for snippets and phrases

A posting is the distance to the document before it, base 36, and `:` and how often the term is in it when that is
more than once. Terms `#N` stand for any way of writing meaning N of the table of abbreviations. The files are
scripts, not JSON, since browsers read no other file of a site that is opened from a disk.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from gvreader.export.sort_key import SortedLines
from gvreader.sanitize import escaped_json
from gvreader.vietnamese.abbreviations import Abbreviations
from gvreader.vietnamese.words import fold_term, terms

FOLDER: Final = "search"
DOCUMENTS_IN_FILE: Final = 100
TEXTS_IN_FILE: Final = 20
FIELDS: Final = 3
"""Title, text (with summary and sign-off), text of files."""

# Postings are gathered in memory for this many documents, then spilled.
_BLOCK_DOCUMENTS: Final = 1000
_SHARD_CHARACTERS: Final = 96_000
# Phrases are looked for in the texts of so many candidates at most, a few seconds' work.
_MOST_CHECKED: Final = 1000
_DIGITS: Final = "0123456789abcdefghijklmnopqrstuvwxyz"


def base36(number: int) -> str:
    text = ""
    while number:
        number, digit = divmod(number, 36)
        text = _DIGITS[digit] + text
    return text or "0"


def script(name: str, value: object) -> str:
    """A file of data as a script. Nothing in it can end the script or the string that it is in."""
    text = escaped_json(json.dumps(value, ensure_ascii=False, separators=(",", ":"))).replace("<", "\\u003c")
    return f"gvreader.put({json.dumps(name)},{text.translate(_LINE_SEPARATORS)});\n"


_LINE_SEPARATORS: Final = {0x2028: "\\u2028", 0x2029: "\\u2029"}


class _Postings:
    """The documents of one term in one field, in the order in which they come."""

    __slots__ = ("first", "first_count", "last", "rest")

    def __init__(self, document: int, count: int) -> None:
        self.first = self.last = document
        self.first_count = count
        self.rest: list[str] = []

    def add(self, document: int, count: int) -> None:
        self.rest.append(_posting(document - self.last, count))
        self.last = document

    def line(self) -> str:
        return f"{self.first} {self.first_count} {self.last} {','.join(self.rest)}"


def _posting(delta: int, count: int) -> str:
    return f"{base36(delta)}:{base36(count)}" if count > 1 else base36(delta)


class _Meanings:
    """Which meanings of the table of abbreviations are written where."""

    def __init__(self, abbreviations: Abbreviations) -> None:
        forms = [[tuple(terms(text)) for text in group] for group in abbreviations.groups]
        self.written = [[" ".join(form) for form in group if form] for group in forms]
        self._by_first: dict[str, list[tuple[tuple[str, ...], int]]] = {}
        for number, group in enumerate(forms):
            for form in filter(None, group):
                self._by_first.setdefault(form[0], []).append((form, number))

    def of(self, words: Sequence[str]) -> Iterator[str]:
        """A term `#N` for each place where meaning N is written in either way."""
        for place, word in enumerate(words):
            for form, number in self._by_first.get(word, ()):
                if len(form) == 1 or tuple(words[place : place + len(form)]) == form:
                    yield f"#{number}"


class SearchIndex:
    """Takes documents one by one, and writes the files when all are there; memory stays flat."""

    def __init__(self, site: Path, work: Path, abbreviations: Abbreviations) -> None:
        self._folder = site / FOLDER
        self._folder.mkdir(parents=True)
        self._meanings = _Meanings(abbreviations)
        self._lines = SortedLines(work, "terms")
        self._block: dict[str, list[_Postings | None]] = {}
        self._block_number = 0
        self._documents: list[tuple[str, str, str]] = []
        self._texts: list[str] = []
        self._lengths: list[str] = []
        self._totals = [0] * FIELDS
        self._count = 0

    def add(self, fields: Sequence[str], *, name: str, facts: str) -> None:
        """A document: its title, text and text of files; the file name of its page; a line of facts about it."""
        number = self._count
        self._count += 1
        lengths = []
        for field, text in enumerate(fields):
            words = terms(text)
            lengths.append(len(words))
            self._totals[field] += len(words)
            counts = Counter(words)
            counts.update(self._meanings.of(words))
            for term, count in counts.items():
                self._post(term, field, number, count)
        self._lengths.append(",".join(map(base36, lengths)))
        title, text, of_files = fields
        self._documents.append((title, name, facts))
        self._texts.append(f"{text}\n{of_files}" if of_files else text)
        if len(self._documents) == DOCUMENTS_IN_FILE:
            self._write_documents()
        if len(self._texts) == TEXTS_IN_FILE:
            self._write_texts()
        if self._count % _BLOCK_DOCUMENTS == 0:
            self._spill()

    def finish(self, labels: Mapping[str, str]) -> None:
        """Write what is left and the files that come last; `labels` are the sentences of the search page."""
        self._write_documents()
        self._write_texts()
        self._spill()
        shards = self._write_terms()
        self._write("lengths", ";".join(self._lengths))
        head = {
            "documents": self._count,
            "average": [total / max(self._count, 1) for total in self._totals],
            "documentsInFile": DOCUMENTS_IN_FILE,
            "textsInFile": TEXTS_IN_FILE,
            "mostChecked": _MOST_CHECKED,
            "shards": shards,
            "forms": self._meanings.written,
            "labels": dict(labels),
        }
        self._write("head", head)

    # ── inside ──────────────────────────────────────────────────────────────────────────────────

    def _post(self, term: str, field: int, number: int, count: int) -> None:
        by_field = self._block.get(term)
        if by_field is None:
            by_field = self._block[term] = [None] * FIELDS
        postings = by_field[field]
        if postings is None:
            by_field[field] = _Postings(number, count)
        else:
            postings.add(number, count)

    def _spill(self) -> None:
        for term, by_field in self._block.items():
            key = term if term.startswith("#") else fold_term(term)
            # A tab sorts before whatever a term may hold, so that shorter spellings come first.
            parts = [key, term, f"{self._block_number:06}"]
            parts += [postings.line() if postings else "" for postings in by_field]
            self._lines.add("\t".join(parts).encode("utf-8", "replace"))
        self._block = {}
        self._block_number += 1

    def _write_terms(self) -> list[str]:
        """The terms files; returns the first unmarked spelling of each. A spelling is never in two files."""
        firsts: list[str] = []
        lines: list[str] = []
        size = 0
        last = None
        for key, line in _merged(self._lines):
            if key != last and size > _SHARD_CHARACTERS:
                self._write(f"terms-{len(firsts)}", "\n".join(lines))
                lines, size = [], 0
            if not lines:
                firsts.append(key)
            lines.append(line)
            size += len(line)
            last = key
        if lines:
            self._write(f"terms-{len(firsts)}", "\n".join(lines))
        return firsts

    def _write_documents(self) -> None:
        if self._documents:
            self._write(f"documents-{-(-self._count // DOCUMENTS_IN_FILE)}", self._documents)
            self._documents = []

    def _write_texts(self) -> None:
        if self._texts:
            self._write(f"texts-{-(-self._count // TEXTS_IN_FILE)}", self._texts)
            self._texts = []

    def _write(self, name: str, value: object) -> None:
        (self._folder / f"{name}.js").write_bytes(script(name, value).encode("utf-8", "replace"))


def _merged(lines: Iterable[bytes]) -> Iterator[tuple[str, str]]:
    """The blocks of each term joined: its unmarked spelling and its line for the browser."""
    current: tuple[str, str] | None = None
    pieces: list[list[str]] = []
    lasts = [0] * FIELDS
    for raw in lines:
        key, term, _block, *lists = raw.decode().split("\t")
        if (key, term) != current:
            if current is not None:
                yield current[0], _line(current, pieces)
            current, pieces, lasts = (key, term), [[] for _ in range(FIELDS)], [0] * FIELDS
        for field, packed in enumerate(lists):
            if packed:
                first, count, last, rest = packed.split(" ")
                pieces[field].append(_posting(int(first) - lasts[field], int(count)))
                if rest:
                    pieces[field].append(rest)
                lasts[field] = int(last)
    if current is not None:
        yield current[0], _line(current, pieces)


def _line(current: tuple[str, str], pieces: list[list[str]]) -> str:
    return "|".join([*current, *(",".join(field) for field in pieces)])
