"""How the fields of a call are read: each from JSON or from a form, as the type that the documents give it.

Where the real server is lenient with types (it reads "abc" as the number 0), this one refuses, because a bot
that sends such a thing is wrong.
"""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from .files import Upload
from .refusal import bad_request

Reader = Callable[[Any], Any]

_INTEGER = re.compile(r"-?\d+\Z")
_FLAGS = {"true": True, "false": False, "1": True, "0": False}


def text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("String")
    if not value.isascii() and any("\ud800" <= c <= "\udfff" for c in value):
        raise bad_request("strings must be encoded in UTF-8")
    return value


def integer(value: Any) -> int:
    if isinstance(value, str) and _INTEGER.match(value):
        return int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise TypeError("Integer")


def number(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        raise TypeError("Float") from None


def flag(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in _FLAGS:
        return _FLAGS[value.lower()]
    raise TypeError("Boolean")


def chat(value: Any) -> int | str:
    """The id of a chat, or the @name of a public one."""
    return value if isinstance(value, str) and value.startswith("@") else integer(value)


def structure(value: Any) -> Any:
    """An object or an array; in a form it comes as JSON."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            raise TypeError("JSON") from None
    if not isinstance(value, (dict, list)):
        raise TypeError("Object or Array")
    return value


def file(value: Any) -> Upload | str:
    """An upload, or the id or address of a file."""
    if isinstance(value, (Upload, str)):
        return value
    raise TypeError("InputFile or String")


def read_fields(
    readers: Mapping[str, Reader], required: Mapping[str, str], given: Mapping[str, Any], lost: list[str]
) -> dict[str, Any]:
    """The fields of a call, each of its type; empty ones absent, unknown ones lost. Raises `Refused`."""
    params = {}
    for name, value in given.items():
        reader = readers.get(name)
        if reader is None:
            lost.append(f"field {name}, which the method does not have")
        elif value is not None and value != "":
            params[name] = _read(reader, name, value)
    for name, complaint in required.items():
        if name not in params:
            raise bad_request(complaint)
    return params


def _read(reader: Reader, name: str, value: Any) -> Any:
    try:
        return reader(value)
    except TypeError as expected:
        raise bad_request(f'field "{name}" must be of type {expected}') from None
