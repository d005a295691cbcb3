"""The methods by which a bot collects its updates: long polling and the webhook."""

from typing import TYPE_CHECKING, Any

from .html import JSON
from .refusal import bad_request, conflict
from .sending import Lost, Params
from .updates import WEBHOOK_ACTIVE, WEBHOOK_SET

if TYPE_CHECKING:
    from .server import TelegramServer


async def get_updates(server: "TelegramServer", params: Params, lost: Lost) -> list[JSON]:
    if server.webhook.url:
        raise conflict(WEBHOOK_ACTIVE)
    _set_allowed(server, params)
    limit = params.get("limit", 100)
    if not 1 <= limit <= 100:
        lost.append(f"limit {limit}, which is brought into 1 to 100")
    return await server.updates.get(params.get("offset", 0), max(1, min(limit, 100)), params.get("timeout", 0))


async def set_webhook(server: "TelegramServer", params: Params, lost: Lost) -> bool:
    _set_allowed(server, params)
    if params.get("drop_pending_updates"):
        server.updates.clear()
    if params.get("url"):
        server.updates.dismiss_poller(WEBHOOK_SET)
        await server.webhook.set(params["url"], params.get("secret_token", ""), params.get("max_connections", 40))
    else:
        await server.webhook.delete()
    return True


async def delete_webhook(server: "TelegramServer", params: Params, lost: Lost) -> bool:
    if params.get("drop_pending_updates"):
        server.updates.clear()
    await server.webhook.delete()
    return True


def get_webhook_info(server: "TelegramServer", params: Params, lost: Lost) -> JSON:
    return server.webhook.as_json()


def _set_allowed(server: "TelegramServer", params: Params) -> None:
    """Which kinds are queued from now on; an empty list means the usual ones, a missing one no change."""
    allowed: Any = params.get("allowed_updates")
    if allowed is None:
        return
    if not isinstance(allowed, list) or not all(isinstance(kind, str) for kind in allowed):
        raise bad_request("can't parse allowed_updates: expected an Array of String")
    server.updates.allowed = allowed or None
