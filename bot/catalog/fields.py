"""What the fields of catalog entries are made of: ids, addresses, words in two languages, places in lists."""

from difflib import get_close_matches
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

from bot.catalog.kinds import Mark

ID_LENGTH = 60
ID_PATTERN = r"^[a-z0-9][a-z0-9-]*$"
URL_LENGTH = 2000


def check_url(url: str) -> str:
    """Return an address unchanged if a learner may be sent to it, else refuse it with a sentence.

    Only http and https with a host are addresses here: `javascript:`, `file:` and the like never reach a chat.
    A name before an @ is refused too, because it makes `https://known.org@elsewhere.net` look like known.org.
    """
    if not url.isprintable() or " " in url or "\\" in url:
        raise PydanticCustomError("url", "an address has no blanks, backslashes or invisible characters")
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise PydanticCustomError("url", "this is not a web address") from None
    if parts.scheme not in ("http", "https"):
        raise PydanticCustomError("url", "only http:// and https:// addresses are taken{meant}", {"meant": _meant(url)})
    if not host:
        raise PydanticCustomError("url", "this address names no host")
    if parts.username is not None:
        raise PydanticCustomError("url", "an address must not carry a user name before an @")
    return url


def _meant(url: str) -> str:
    """What somebody most likely means whose address begins with `www.`, or with `htps://`."""
    scheme, mark, rest = url.partition("://")
    if not mark and ":" not in url and "." in url:
        return f"; did you mean “https://{url}”?"
    return f"; did you mean “https://{rest}”?" if mark and get_close_matches(scheme, ["http", "https"]) else ""


def _same_in_both(value: Any) -> Any:
    return {"en": value, "pt": value} if isinstance(value, str) else value


def _one_or_more(value: Any) -> Any:
    return (value,) if isinstance(value, dict | ListPlace) else value


class Entry(BaseModel):
    """The base of all catalog models: frozen, and strict about keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


Id = Annotated[str, StringConstraints(pattern=ID_PATTERN, max_length=ID_LENGTH)]
Url = Annotated[
    str,
    StringConstraints(max_length=URL_LENGTH),
    AfterValidator(check_url),
    Field(json_schema_extra={"format": "uri", "pattern": "^[Hh][Tt][Tt][Pp][Ss]?://"}),
]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
# Strict, because `minutes: yes` or `core: "no"` is a slip that must not turn into a value.
Count = Annotated[int, Field(strict=True, ge=1)]
Flag = Annotated[bool, Field(strict=True)]


class Bilingual(Entry):
    """The same words in English and in Brazilian Portuguese."""

    en: Words
    """In English."""
    pt: Words
    """In Brazilian Portuguese."""

    def in_(self, language: str) -> str:
        """Return the words for a person's language: `pt`, `pt-BR` and the like give Portuguese, all else English."""
        return self.pt if language[:2].lower() == "pt" else self.en


Term = Annotated[Bilingual, BeforeValidator(_same_in_both, json_schema_input_type=Words | Bilingual)]
"""A name or technical term. A plain string in the file means: said the same way in both languages."""


class ListPlace(Entry):
    """One place where a curated list has an entry."""

    at: Title
    """The headings that lead there, outermost first, joined by ` > `."""
    line: Count | None = None
    """The line in the list's own file, counted from 1."""
    mark: Mark | None = None
    """The level this list gives to the entry."""
    note: Bilingual | None = None
    """What this list says about the entry, in our own words."""


Places = dict[
    Id,
    Annotated[
        tuple[ListPlace, ...],
        Field(min_length=1),
        BeforeValidator(_one_or_more, json_schema_input_type=ListPlace | list[ListPlace]),
    ],
]
"""By list id: where that list has the entry. One place, or a sequence where the list has it several times."""


class Mention(Bilingual):
    """Something a list names or asks without a link of its own."""

    lists: Places = Field(default_factory=dict)
    """The lists that name it, and where."""


MentionedTerm = Annotated[Mention, BeforeValidator(_same_in_both, json_schema_input_type=Words | Mention)]
"""A mention whose name may be a plain string: said the same way in both languages."""
