"""Help as entries to search, and the key table of the documentation; both come from the registry."""

from __future__ import annotations

from gvreader.i18n import _
from gvreader.tui.actions import Action, Keymap, key_label
from gvreader.tui.view.choices import PickerEntry


def key_labels(keymap: Keymap, action: Action) -> str:
    """Every key of an action as people read them."""
    return " ".join(key_label(key) for key in keymap.keys(action.name))


def help_entries(keymap: Keymap) -> list[PickerEntry]:
    """Actions by group with all their keys, then the signs of the list, then the query language."""
    entries: list[PickerEntry] = []
    group = ""
    for action in keymap.actions.values():
        if action.group != group:
            group = action.group
            entries += _heading(group)
        entries.append(PickerEntry(action.name, action.title, key_labels(keymap, action)))
    entries += _heading(_("A number before a key"))
    entries.append(PickerEntry("", _("five articles down"), "5j"))
    entries.append(PickerEntry("", _("open link 3 of the text"), "3⏎"))
    entries += _heading(_("Signs"))
    entries += [PickerEntry("", what, sign) for sign, what in _signs()]
    entries += _heading(_("Searching"))
    entries += [PickerEntry("", what, example) for example, what in _queries()]
    return entries[1:]


def _heading(title: str) -> list[PickerEntry]:
    return [PickerEntry("", "", heading=True), PickerEntry("", title, heading=True)]


def _signs() -> list[tuple[str, str]]:
    return [
        ("●", _("unread")),
        ("★", _("starred")),
        ("≠", _("revised since it was first seen")),
        ("✕", _("taken off the portal; the archived copy is here")),
    ]


def _queries() -> list[tuple[str, str]]:
    return [
        ("dang dinh hung", _("without marks: every spelling, such as Đặng Đình Hùng")),
        ("Đặng", _("with marks: only that spelling")),
        ("UBND", _("abbreviations and what they stand for are the same; =UBND is only the letters")),
        ('"nông thôn mới"', _("a phrase")),
        ("hội -họp", _("without a word")),
        ("lúa OR ngô", _("one or the other")),
        ("nông*", _("words that begin so")),
        ("title: author: section: tag:", _("in one field")),
        ("number:78/2008/QĐ-UBND", _("a document's number")),
        ("after:2023-01 before:2023-03", _("between two dates")),
        ("on:2023-02", _("in a year, a month, a day")),
        ("is:unread", _("also read, starred, gone, changed")),
        ("has:attachment", _("also image")),
    ]
