"""What the models refuse, said as a person would: one sentence for each, with the nearest word that is known."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, get_args

from pydantic import ValidationError

from bot.catalog.document import UNREAD, Path, YamlDocument
from bot.catalog.entry import Catalog, Entry
from bot.catalog.problem import Problem

LONGEST_QUOTE = 60


def explain_all(error: ValidationError, document: YamlDocument) -> list[Problem]:
    """Turn every refusal of the models into a problem with its line, leaving out what only follows from another."""
    refusals = [
        refusal
        for refusal in error.errors(include_url=False)
        if _stands_alone(refusal) and not is_cut_off(refusal, document)
    ]
    deeper = {refusal["loc"][:depth] for refusal in refusals for depth in range(len(refusal["loc"]))}
    alone = [refusal for refusal in refusals if not (refusal["type"] == "too_short" and refusal["loc"] in deeper)]
    missing = [refusal["loc"] for refusal in alone if refusal["type"] == "missing"]
    others = [explain(refusal, document) for refusal in alone if refusal["type"] != "missing"]
    return others + _explain_missing(missing, document)


def explain(refusal: Mapping[str, Any], document: YamlDocument) -> Problem:
    """Turn one refusal into a problem."""
    path = refusal["loc"]
    return Problem(document.line_of(path), name_path(path, document.data), _sentence(refusal))


def explain_entry(error: ValidationError) -> list[str]:
    """Turn every refusal of one resource, read by itself, into a sentence that begins with the field."""
    return [f"{field}: {said}" if field else said for field, said in explain_fields(error)]


def explain_fields(error: ValidationError) -> list[tuple[str, str]]:
    """The same as fields, each with its sentence; "" is the resource as a whole."""
    refusals = error.errors(include_url=False)
    return [
        (name_path(refusal["loc"], {}), _sentence({**refusal, "loc": ("resources", 0, *refusal["loc"])}))
        for refusal in refusals
    ]


def name_path(path: Path, data: Any) -> str:
    """Name a place by ids where there are any: `resources.bert.lists.ml-evolution.mark`, else `resources[3]`."""
    name = ""
    here = data
    for step in path:
        here = _child(here, step)
        if step == "[key]" or (isinstance(step, int) and here is None):
            continue
        if isinstance(step, str):
            name += f".{step}"
        else:
            entry_id = here.get("id") if isinstance(here, dict) else None
            name += f".{entry_id}" if isinstance(entry_id, str) and entry_id else f"[{step}]"
    return name.removeprefix(".")


def did_you_mean(word: object, known: Iterable[str]) -> str:
    """Return `; did you mean “kind”?` if a known word is near, else nothing."""
    near = _nearest(word, known)
    return f"; did you mean “{near}”?" if near else ""


def meant_by(path: Path) -> str | None:
    """The key that one which is not known most likely means."""
    return _nearest(path[-1], _model_at(path[:-1]).model_fields)


def _nearest(word: object, known: Iterable[str]) -> str | None:
    return next(iter(get_close_matches(str(word), list(known), n=1, cutoff=0.6)), None)


def quote(value: object) -> str:
    """Quote what stands in the file, cut to a length that fits a line."""
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list | tuple):
        return "a sequence"
    if value is None:
        return "nothing"
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return f"“{text if len(text) <= LONGEST_QUOTE else text[:LONGEST_QUOTE] + '…'}”"


def _child(here: Any, step: str | int) -> Any:
    if isinstance(here, dict):
        return here.get(step)
    if isinstance(here, list) and isinstance(step, int) and step < len(here):
        return here[step]
    return None


def _stands_alone(refusal: Mapping[str, Any]) -> bool:
    """Whether a refusal is a fault of its own, not the echo of one that is reported already."""
    return refusal["type"] != "default_factory_not_called" and refusal["input"] is not UNREAD


def is_cut_off(refusal: Mapping[str, Any], document: YamlDocument) -> bool:
    """Whether this only follows from a text that breaks off: it is about the entry where that happens, or about what comes after it."""
    path, broken = refusal["loc"], document.broken
    if broken is None:
        return False
    return (len(broken) > 1 and path[:2] == broken[:2]) or (len(path) == 1 and refusal["type"] == "missing")


def _explain_missing(paths: Sequence[Path], document: YamlDocument) -> list[Problem]:
    """All that one mapping lacks is one problem."""
    lacking: dict[Path, list[str]] = {}
    for path in paths:
        lacking.setdefault(path[:-1], []).append(f"“{path[-1]}”")
    problems = []
    for above, keys in lacking.items():
        path = (*above, keys[0].strip("“”")) if len(keys) == 1 else above
        said = f"{', '.join(keys[:-1])} and {keys[-1]} are missing" if len(keys) > 1 else f"{keys[0]} is missing"
        problems.append(Problem(document.line_of(above), name_path(path, document.data), said))
    return problems


def _sentence(refusal: Mapping[str, Any]) -> str:
    make = SENTENCES.get(refusal["type"])
    return make(refusal) if make else str(refusal["msg"])


def _missing(refusal: Mapping[str, Any]) -> str:
    return f"“{refusal['loc'][-1]}” is missing"


def _unknown_key(refusal: Mapping[str, Any]) -> str:
    key = refusal["loc"][-1]
    known = _model_at(refusal["loc"][:-1]).model_fields
    return f"“{key}” is not a known key" + (did_you_mean(key, known) or f"; known here: {', '.join(known)}")


def _unknown_word(refusal: Mapping[str, Any]) -> str:
    known = [word.strip("'") for word in refusal["ctx"]["expected"].replace(" or ", ", ").split(", ")]
    near = did_you_mean(refusal["input"], known)
    return f"{quote(refusal['input'])} is not known here" + (near or f"; one of {', '.join(known)}")


def _no_text(refusal: Mapping[str, Any]) -> str:
    value = refusal["input"]
    advice = "; put it in quotes" if isinstance(value, bool | int | float) else ""
    return f"this should be text, not {quote(value)}{advice}"


def _wrong_pattern(refusal: Mapping[str, Any]) -> str:
    value = quote(refusal["input"])
    if refusal["loc"][-1] == "published":
        return f"{value} is not a date such as 2017, 2017-12 or 2017-12-06"
    return f"{value} is not an id: small letters a to z, digits and hyphens, a letter or digit first"


def _expected(what: str) -> Callable[[Mapping[str, Any]], str]:
    return lambda refusal: f"this should be {what}, not {quote(refusal['input'])}"


def _model_at(path: Path) -> type[Entry]:
    """Return the model that the mapping at a path is read into."""
    model: type[Entry] = Catalog
    for step in path:
        if isinstance(step, str) and step in model.model_fields:
            model = _model_in(model.model_fields[step].annotation) or model
    return model


def _model_in(annotation: Any) -> type[Entry] | None:
    if isinstance(annotation, type) and issubclass(annotation, Entry):
        return annotation
    return next((model for inner in get_args(annotation) if (model := _model_in(inner))), None)


SENTENCES: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "missing": _missing,
    "extra_forbidden": _unknown_key,
    "enum": _unknown_word,
    "literal_error": _unknown_word,
    "string_type": _no_text,
    "string_pattern_mismatch": _wrong_pattern,
    "string_too_short": lambda refusal: "this must not be empty",
    "string_too_long": lambda refusal: f"this has more than {refusal['ctx']['max_length']} characters",
    "too_short": lambda refusal: "at least one is needed here",
    "int_type": _expected("a whole number"),
    "int_from_float": _expected("a whole number"),
    "bool_type": _expected("true or false"),
    "greater_than_equal": lambda refusal: f"this should be {refusal['ctx']['ge']} or more, not {refusal['input']}",
    "less_than_equal": lambda refusal: f"this should be {refusal['ctx']['le']} or less, not {refusal['input']}",
    "tuple_type": _expected("a sequence (lines that begin with “- ”, or [a, b])"),
    "dict_type": _expected("a mapping (key: value)"),
    "model_type": _expected("a mapping (key: value)"),
}
