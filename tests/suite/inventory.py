"""A pytest plugin that writes down what was collected: every test with its inputs, every constant of a test module.

`GVREADER_INVENTORY` names the file; `GVREADER_MOMENT`, in ISO 8601, is the time it seems to be, from before any import.
"""

from __future__ import annotations

import dataclasses
import os
import re
from collections.abc import Mapping, Set
from datetime import date, datetime
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

import pytest
import time_machine

_ADDRESS = re.compile(r" at 0x[0-9a-f]+")
_PLAIN = (str, bytes, int, float, bool, date, datetime, tuple, list, dict, set, frozenset)

if "GVREADER_MOMENT" in os.environ:
    time_machine.travel(datetime.fromisoformat(os.environ["GVREADER_MOMENT"])).start()


def pytest_collection_finish(session: pytest.Session) -> None:
    """Write one line a test and one a constant, in the order of collection."""
    lines = []
    modules: dict[str, ModuleType] = {}
    for item in session.items:
        parameters = (
            item.callspec.params if isinstance(item, pytest.Function) and hasattr(item, "callspec") else {}
        )
        lines.append(f"{item.nodeid} {described(parameters)}")
        if isinstance(item, pytest.Function):
            modules[item.module.__name__] = item.module
    for name, module in modules.items():
        lines += [
            f"{name}.{key} = {described(value)}"
            for key, value in vars(module).items()
            if isinstance(value, _PLAIN) and not key.startswith(("__", "@"))
        ]
    Path(os.environ["GVREADER_INVENTORY"]).write_text(
        "\n".join(lines), encoding="utf-8", errors="surrogateescape"
    )


def described(value: Any) -> str:
    """`value` in text that is the same for the same value: sets in order, no addresses in memory."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{described(key)}: {described(one)}" for key, one in value.items()) + "}"
    if isinstance(value, Set):
        return "{" + ", ".join(sorted(map(described, value))) + "}"
    if isinstance(value, tuple | list):
        return "(" + ", ".join(map(described, value)) + ")"
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = ((field.name, getattr(value, field.name)) for field in dataclasses.fields(value))
        return f"{type(value).__name__}({', '.join(f'{name}={described(one)}' for name, one in fields)})"
    if isinstance(value, FunctionType):
        held = [cell.cell_contents for cell in value.__closure__ or ()]
        return f"{value.__qualname__}{described([held, value.__defaults__])}"
    return _ADDRESS.sub("", repr(value))
