"""Frozen value types that are quick to define: `dataclass(frozen=True, slots=True)` with the work put off.

The standard library writes and compiles six methods for each class when its module is imported, and loads
`inspect` to do so; most commands use few of the classes that they import. Here `__init__` is compiled when the
first value is made, and everything else is shared. `dataclasses.replace`, `fields` and `asdict` work as ever.
"""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final, Literal, NoReturn, TypeVar, cast, dataclass_transform

if TYPE_CHECKING:
    from dataclasses import Field

T = TypeVar("T")


class _Factory:
    """A default that is made anew for each value."""

    def __init__(self, make: Callable[[], Any]) -> None:
        self.make = make


def field(*, default_factory: Callable[[], Any]) -> Any:
    """A field whose default is made anew for each value."""
    return _Factory(default_factory)


@dataclass_transform(field_specifiers=(field,))
def dataclass(
    *, frozen: Literal[True], slots: Literal[True], kw_only: bool = False
) -> Callable[[type[T]], type[T]]:
    """A class of frozen values with slots, from the annotations of a class without bases.

    Values are equal if their classes and all their fields are; they can be hashed, pickled and copied.
    """

    def made(cls: type[T]) -> type[T]:
        if cls.__bases__ != (object,):
            raise TypeError(f"{cls.__name__} has bases: use dataclasses.dataclass")
        names = tuple(cls.__annotations__)
        namespace = {
            name: value
            for name, value in cls.__dict__.items()
            if name not in names and name not in ("__dict__", "__weakref__")
        }
        namespace |= _METHODS
        namespace |= {
            "__slots__": names,
            "__match_args__": () if kw_only else names,
            "__dataclass_fields__": _Fields(),
            "__value_defaults__": {name: cls.__dict__[name] for name in names if name in cls.__dict__},
            "__value_kw_only__": kw_only,
            "__value_tuple__": attrgetter(*names) if names else _nothing,
        }
        # Methods of the class's own come before the shared ones.
        namespace |= {name: cls.__dict__[name] for name in _METHODS if name in cls.__dict__ and name in _OWN}
        value_class: Any = type(cls.__name__, (), namespace)
        return cast("type[T]", value_class)

    return made


def replace(value: T, /, **changes: Any) -> T:
    """The same value with some fields changed."""
    return type(value)(**{name: getattr(value, name) for name in value.__slots__} | changes)  # type: ignore[attr-defined]


def _nothing(_value: object) -> tuple[()]:
    return ()


class _Fields:
    """`__dataclass_fields__`, worked out by the standard library when it is first asked for."""

    def __get__(self, _value: object, cls: Any) -> dict[str, Field[Any]]:
        import dataclasses

        def standard(name: str) -> Any:
            if name not in cls.__value_defaults__:
                return dataclasses.field(kw_only=cls.__value_kw_only__)
            default = cls.__value_defaults__[name]
            if isinstance(default, _Factory):
                return dataclasses.field(default_factory=default.make, kw_only=cls.__value_kw_only__)
            return dataclasses.field(default=default, kw_only=cls.__value_kw_only__)

        twin = dataclasses.make_dataclass(
            cls.__name__, [(name, cls.__annotations__[name], standard(name)) for name in cls.__slots__]
        )
        fields: dict[str, Field[Any]] = cast("Any", twin).__dataclass_fields__
        cls.__dataclass_fields__ = fields
        return fields


# ── methods that all value classes share ────────────────────────────────────────────────────────


def _init(self: Any, *args: Any, **values: Any) -> None:
    """Compile the class's own `__init__`, which sets slots directly, and go on with that."""
    cls = type(self)
    cls.__init__ = _compiled(cls)
    cls.__init__(self, *args, **values)


def _compiled(cls: Any) -> Callable[..., None]:
    known: dict[str, Any] = {"_Factory": _Factory}
    parameters: list[str] = ["*"] if cls.__value_kw_only__ and cls.__slots__ else []
    body: list[str] = []
    for number, name in enumerate(cls.__slots__):
        known[f"_set{number}"] = getattr(cls, name).__set__
        known[f"_default{number}"] = default = cls.__value_defaults__.get(name)
        parameters.append(f"{name}=_default{number}" if name in cls.__value_defaults__ else name)
        is_made = isinstance(default, _Factory)
        given = f"({name}.make() if type({name}) is _Factory else {name})" if is_made else name
        body.append(f"    _set{number}(self, {given})")
    source = "\n".join([f"def __init__(self, {', '.join(parameters)}):", *(body or ["    pass"])])
    exec(source, known)  # noqa: S102 - names of our own classes
    function: Callable[..., None] = known["__init__"]
    function.__qualname__ = f"{cls.__qualname__}.__init__"
    return function


def _eq(self: Any, other: object) -> Any:
    if type(other) is not type(self):
        return NotImplemented
    cls: Any = type(self)
    return self is other or cls.__value_tuple__(self) == cls.__value_tuple__(other)


def _hash(self: Any) -> int:
    cls: Any = type(self)
    return hash(cls.__value_tuple__(self))


def _repr(self: Any) -> str:
    shown = ", ".join(f"{name}={getattr(self, name)!r}" for name in self.__slots__)
    return f"{type(self).__qualname__}({shown})"


def _refuse(self: object, name: str, _value: object = None) -> NoReturn:
    raise AttributeError(f"{type(self).__name__}.{name} cannot be changed")


def _getstate(self: Any) -> list[Any]:
    return [getattr(self, name) for name in self.__slots__]


def _setstate(self: Any, state: list[Any]) -> None:
    for name, value in zip(self.__slots__, state, strict=True):
        object.__setattr__(self, name, value)


_METHODS: Final[dict[str, Any]] = {
    "__init__": _init,
    "__eq__": _eq,
    "__hash__": _hash,
    "__repr__": _repr,
    "__setattr__": _refuse,
    "__delattr__": _refuse,
    "__getstate__": _getstate,
    "__setstate__": _setstate,
}
_OWN: Final = frozenset({"__repr__", "__eq__", "__hash__"})
