"""How the server says no: the error answers of the Bot API.

The wording is the real server's (tdlib/telegram-bot-api, Client.cpp; tdlib/td) wherever it has one, because
bots tell cases apart by it.
"""

from typing import Any

STALE_QUERY = "query is too old and response timeout expired or query ID is invalid"
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a "
    "current content and reply markup of the message"
)


class Refused(Exception):
    """An error answer: HTTP status, description, and `parameters` such as `retry_after`.

    `announced` marks a refusal that the test itself brought about (a scripted fault, a group that moved),
    so that it is not reported as unexpected.
    """

    def __init__(
        self,
        code: int,
        description: str,
        parameters: dict[str, int] | None = None,
        *,
        announced: bool = False,
    ) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters or {}
        self.announced = announced

    def as_json(self) -> dict[str, Any]:
        answer = {"ok": False, "error_code": self.code, "description": self.description}
        return {**answer, "parameters": self.parameters} if self.parameters else answer


def bad_request(what: str) -> Refused:
    """A 400. The real server begins its sentences in lower case, but leaves CONSTANT_NAMES alone."""
    return Refused(400, f"Bad Request: {_sentence(what)}")


def forbidden(what: str) -> Refused:
    """A 403: this chat is closed to the bot."""
    return Refused(403, f"Forbidden: {what}")


def conflict(what: str) -> Refused:
    """A 409: somebody else collects the updates."""
    return Refused(409, f"Conflict: {what}")


def too_many_requests(retry_after: int) -> Refused:
    """A 429 with its `retry_after` in whole seconds."""
    return Refused(429, f"Too Many Requests: retry after {retry_after}", {"retry_after": retry_after})


def moved(new_chat_id: int) -> Refused:
    """A 400 that names the supergroup which the group became."""
    description = "Bad Request: group chat was upgraded to a supergroup chat"
    return Refused(400, description, {"migrate_to_chat_id": new_chat_id}, announced=True)


def _sentence(what: str) -> str:
    is_constant = len(what) > 1 and (what[1] == "_" or what[1].isupper())
    return what if is_constant else what[:1].lower() + what[1:]
