"""What goes wrong in a sync, in the words of readers."""

from __future__ import annotations

from gvreader.i18n import _
from gvreader.model import ProblemKind


def problem_names() -> dict[ProblemKind, str]:
    """What the kinds of problems are called for readers."""
    return {
        "http-status": _("the portal answered with an error"),
        "timeout": _("the portal took too long"),
        "connection": _("no connection"),
        "tls": _("the connection could not be secured"),
        "too-large": _("too large"),
        "truncated": _("cut short"),
        "bad-encoding": _("could not be decoded"),
        "redirect-loop": _("sent in circles"),
        "off-site": _("leads off the portal"),
        "robots": _("the portal asks not to fetch it"),
        "soft-404": _("the page is not there"),
        "challenge": _("asks for a browser"),
        "maintenance": _("under maintenance"),
        "not-article": _("no article on the page"),
        "no-body": _("an article without text"),
        "layout-changed": _("the layout of the portal changed"),
        "too-slow": _("takes too long to read"),
        "unreadable": _("failed its reader"),
    }
