"""Regular expressions that are compiled when they are first used: a command uses few of those that it imports."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any


class _Pattern:
    """Stands for a compiled pattern; each method is looked up once."""

    def __init__(self, text: str, flags: int) -> None:
        self._text = text
        self._flags = flags

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        value = getattr(re.compile(self._text, self._flags), name)
        setattr(self, name, value)
        return value

    def __repr__(self) -> str:
        return f"pattern({self._text!r})"


if TYPE_CHECKING:

    def pattern(text: str, flags: int = 0) -> re.Pattern[str]:
        """`re.compile`, put off until the pattern is used. Raises re.error only then."""
        return re.compile(text, flags)

else:

    def pattern(text: str, flags: int = 0) -> _Pattern:
        """`re.compile`, put off until the pattern is used. Raises re.error only then."""
        return _Pattern(text, flags)
