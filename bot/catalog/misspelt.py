"""A key that is misspelt is said once, and then read as what was meant: nothing is said of what only follows from it."""

from pydantic import ValidationError

from bot.catalog.document import YamlDocument
from bot.catalog.explain import explain, is_cut_off, meant_by
from bot.catalog.problem import Problem


def read_as_meant(error: ValidationError, document: YamlDocument) -> list[Problem]:
    """Rename every key of a document that is near to one which is missing beside it; a problem for each.

    What the models refuse then is another fault, or was hidden behind this one.
    """
    problems = []
    for refusal in error.errors(include_url=False):
        if is_cut_off(refusal, document):
            continue
        if refusal["type"] == "extra_forbidden" and (meant := meant_by(refusal["loc"])):
            problem = explain(refusal, document)
            if document.rename(refusal["loc"], meant):
                problems.append(problem)
    return problems
