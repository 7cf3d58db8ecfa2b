"""Value classes behave as the standard library's frozen dataclasses with slots do."""

from __future__ import annotations

import copy
import dataclasses
import pickle
import subprocess
import sys
from typing import Any

import pytest

from gvreader.frozen import dataclass, field, replace


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """With words about it."""

    one: int
    two: str = "2"
    many: list[int] = field(default_factory=list)

    @property
    def doubled(self) -> int:
        return 2 * self.one


@dataclass(frozen=True, slots=True)
class Placed:
    one: int
    two: str = "2"


@dataclass(frozen=True, slots=True)
class Single:
    one: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Empty:
    pass


@dataclasses.dataclass(frozen=True, slots=True)
class Standard:
    one: int
    two: str = "2"


def test_values_are_made_as_declared() -> None:
    assert (Named(one=1).one, Named(one=1).two, Named(one=1).doubled) == (1, "2", 2)
    assert Named(one=1).many is not Named(one=1).many
    assert (Placed(1, "x").two, Placed(two="x", one=1).two) == ("x", "x")
    assert repr(Placed(1)) == "Placed(one=1, two='2')"
    assert Named.__doc__ == "With words about it."
    match Placed(3, "x"):
        case Placed(one, two):
            assert (one, two) == (3, "x")
    for arguments, names in (((), {}), ((1, "x", 3), {}), ((1,), {"three": 3})):
        make: Any = Placed
        with pytest.raises(TypeError):
            make(*arguments, **names)
    named: Any = Named
    with pytest.raises(TypeError):
        named(1)


def test_values_are_equal_by_class_and_fields() -> None:
    assert Placed(1) == Placed(1)
    assert Placed(1) != Placed(2)
    assert hash(Placed(1)) == hash(Placed(1))
    other: Any = Standard(1)
    assert Placed(1) != other
    assert Single((1,)) != Single((2,))
    assert Empty() == Empty()
    assert len({Empty(), Empty(), Placed(1), Placed(1), Single(())}) == 3
    with pytest.raises(TypeError):
        hash(Named(one=1))


def test_values_cannot_be_changed() -> None:
    value: Any = Placed(1)
    for name in ("one", "three"):
        with pytest.raises(AttributeError):
            setattr(value, name, 2)
    with pytest.raises(AttributeError):
        del value.one
    assert not hasattr(value, "__dict__")


def test_values_can_be_copied_pickled_and_asked_for_their_fields() -> None:
    for value in (Named(one=1, many=[2]), Placed(1), Single((1,)), Empty()):
        assert copy.copy(value) == value
        assert copy.deepcopy(value) == value
        assert pickle.loads(pickle.dumps(value)) == value
        assert dataclasses.is_dataclass(value)
    assert (
        replace(Named(one=1), two="x") == dataclasses.replace(Named(one=1), two="x") == Named(one=1, two="x")
    )
    assert dataclasses.asdict(Named(one=1)) == {"one": 1, "two": "2", "many": []}
    assert [each.name for each in dataclasses.fields(Placed)] == ["one", "two"]


def test_bases_are_refused() -> None:
    with pytest.raises(TypeError, match="has bases"):

        @dataclass(frozen=True, slots=True)
        class _More(Placed):
            three: int = 3


def test_what_a_search_loads_does_not_load_the_standard_library_for_it() -> None:
    modules = (
        "gvreader.cli, gvreader.cli.commands.search, gvreader.app.config, "
        "gvreader.app.archive, gvreader.archive.library.search"
    )
    script = f"import {modules}, sys; print(sorted({{'dataclasses', 'inspect'}} & set(sys.modules)))"
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ended.stdout.strip() == "[]"
