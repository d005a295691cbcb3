"""People on this Discord: they use commands, press buttons, fill in boxes and write direct messages."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.rig.discord.rest import member_json
from tests.rig.discord.world import APPLICATION, Channel, Interaction, Posted, message_json, snowflake, user_json

if TYPE_CHECKING:
    from tests.rig.discord.server import DiscordServer

COMMAND, COMPONENT, COMPLETION, BOX = 2, 3, 4, 5
MODAL = 9
"""The type of a response that opens a box."""
GUILD, DIRECT = 0, 1


@dataclass
class Press:
    """Something that waits for a response, and how to see it come."""

    server: DiscordServer
    interaction: Interaction

    async def is_answered(self, within: float = 10) -> Press:
        """Return when the bot responded; fails the test when it did not."""
        found = self.interaction
        assert await self.server.bell.until(lambda: found.callback or None, within), "no response"
        return self


class Person:
    """Somebody, in the language of their client. What they do returns when the event is on its way."""

    def __init__(self, server: DiscordServer, number: int, name: str, locale: str = "pt-BR") -> None:
        self.server = server
        self.id = number
        self.name = name
        self.locale = locale
        self.direct = server.world.direct(number)

    async def uses(
        self, command: str, words: str = "", channel: Channel | None = None, file: tuple[str, bytes] | None = None
    ) -> Press:
        """Use a slash command, in the direct channel unless said; with a file where the command takes one."""
        place = channel or self.direct
        offered = {one["name"]: one["contexts"] for one in self.server.world.commands}
        here = DIRECT if place.server is None else GUILD
        assert not offered or here in offered.get(command, ()), f"/{command} is not offered there"
        options: list[dict[str, Any]] = [{"name": "words", "type": 3, "value": words}] if words else []
        data: dict[str, Any] = {"id": "1", "name": command, "type": 1, "options": options}
        if file:
            kept = self.server.rest.keep_file(*file)
            options.append({"name": "file", "type": 11, "value": kept["id"]})
            data["resolved"] = {"attachments": {kept["id"]: kept}}
        return await self._interact(COMMAND, data, channel or self.direct)

    async def types_ahead(self, command: str, words: str, within: float = 10) -> list[str]:
        """What is offered while they type."""
        options = [{"name": "words", "type": 3, "value": words, "focused": True}]
        press = await self._interact(
            COMPLETION, {"id": "1", "name": command, "type": 1, "options": options}, self.direct
        )
        callback = (await press.is_answered(within)).interaction.callback
        return [choice["value"] for choice in (callback or {})["data"]["choices"]]

    async def presses(self, label: str, on: Posted | None = None) -> Press:
        """Press the button of that label, on the newest message that has it unless said."""
        places = [on] if on else [one for one in reversed(self.sees_everywhere()) if label in _labels(one)]
        assert places, f"{self.name} sees no {label!r} but {[_labels(one) for one in self.sees_everywhere()]}"
        posted = places[0]
        button = next(button for button in posted.buttons if button["label"] == label)
        return await self.presses_action(button["custom_id"], posted)

    async def presses_action(self, action: str, on: Posted) -> Press:
        """Press what carries an action, which a forged client may do with any."""
        data = {"custom_id": action, "component_type": 2, "id": 1}
        return await self._interact(COMPONENT, data, on.channel, on)

    async def fills_in(self, words: str, box: Press) -> Press:
        """Write into the box that a press opened."""
        callback = (await box.is_answered()).interaction.callback
        assert callback is not None
        assert callback["type"] == MODAL, "no box was opened"
        field = callback["data"]["components"][0]["components"][0]
        typed = {"type": 4, "custom_id": field["custom_id"], "value": words, "id": 2}
        data = {
            "custom_id": callback["data"]["custom_id"],
            "components": [{"type": 1, "id": 1, "components": [typed]}],
            "resolved": {},
        }
        return await self._interact(BOX, data, box.interaction.channel, box.interaction.on)

    async def changes(self, number: int, text: str, *, preview: bool = False) -> None:
        """Change what they wrote; with `preview` Discord only adds what a link of it shows."""
        body = self._written(number, text) | {"edited_timestamp": None if preview else "2026-03-06T12:01:00+00:00"}
        await self.server.gateway.dispatch("MESSAGE_UPDATE", body)

    async def writes(
        self,
        text: str,
        answers: Posted | None = None,
        forwards: str | None = None,
        files: Sequence[tuple[str, bytes]] = (),
    ) -> int:
        """Write a direct message, with files perhaps, or pass on what somebody else wrote; its id."""
        number = snowflake()
        attachments = [self.server.rest.keep_file(*file) for file in files]
        body = self._written(number, text) | {"type": 19 if answers else 0, "attachments": attachments}
        if self.direct.server is not None:
            body["guild_id"] = str(self.direct.server)
        if forwards is not None:
            snapshot = {key: body[key] for key in ("timestamp", "edited_timestamp", "mentions", "mention_roles")}
            snapshot |= {"type": 0, "content": forwards, "embeds": [], "attachments": [], "flags": 0, "components": []}
            body["message_reference"] = {"type": 1, "message_id": "1", "channel_id": "1"}
            body["message_snapshots"] = [{"message": snapshot}]
        if answers:
            body["message_reference"] = {
                "message_id": str(answers.id),
                "channel_id": str(answers.channel.id),
                "type": 0,
            }
        await self.server.gateway.dispatch("MESSAGE_CREATE", body)
        return number

    def _written(self, number: int, text: str) -> dict[str, Any]:
        """A message of theirs, as the gateway tells of it."""
        return message_json(number, self.direct.id, user_json(self.id, self.name), text) | {"channel_type": 1}

    def sees(self, channel: Channel | None = None) -> list[Posted]:
        """The bot's messages in a channel, the direct one unless said; other people's hidden ones are not among them."""
        return [
            one
            for one in (channel or self.direct).messages
            if not one.deleted and (one.seen_by is None or one.seen_by == self.id)
        ]

    def sees_everywhere(self) -> list[Posted]:
        """The same, from every channel, oldest first."""
        places = [one for one in self.server.world.channels.values() if one.is_open_to(self.id)]
        found = [one for channel in places for one in self.sees(channel)]
        return sorted(found, key=lambda one: one.id)

    async def _interact(self, kind: int, data: dict[str, Any], channel: Channel, on: Posted | None = None) -> Press:
        number = snowflake()
        found = Interaction(number, f"token{number}", kind, self.id, channel, on, time.monotonic())
        self.server.world.interactions[found.token] = found
        body: dict[str, Any] = {
            "id": str(number),
            "application_id": str(APPLICATION),
            "type": kind,
            "token": found.token,
            "version": 1,
            "data": data,
            "channel_id": str(channel.id),
            "channel": channel.as_json(),
            "locale": self.locale,
            "entitlements": [],
            "authorizing_integration_owners": {},
            "attachment_size_limit": 10_000_000,
            "app_permissions": "0",
        }
        if channel.server is None:
            body |= {"user": user_json(self.id, self.name), "context": 1}
        else:
            body |= {
                "guild_id": str(channel.server),
                "guild": {"id": str(channel.server), "features": [], "locale": "en-US"},
                "member": member_json(self.id, self.name),
                "context": 0,
            }
        if on is not None:
            body["message"] = on.as_json()
        await self.server.gateway.dispatch("INTERACTION_CREATE", body)
        return Press(self.server, found)


def _labels(posted: Posted) -> list[str]:
    return [button.get("label", "") for button in posted.buttons]
