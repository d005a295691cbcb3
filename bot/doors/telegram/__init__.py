"""Telegram as a door, on python-telegram-bot; nothing outside this folder imports that library.

door.py       TelegramDoor: opens, takes updates, closes          incoming.py   a native update → Incoming
polling.py    fetches updates, confirms what is done              replies.py    an answer on the screen, tried again
webhook.py    or takes them as posts
lanes.py      order for one person, company for many              speaker.py    one message out, edits, toasts
profile.py    command menu and the words of the profile           pieces.py     a Message → the calls it needs
library.py    what we change about the library                    keyboards.py  buttons → keyboards
errors.py     THE table: platform answers → DeliveryError         render.py     styled text → entities, cleaned and cut
wire.py       its calls, over aiohttp                          alerts.py     tells the owners, and never fails
"""

from bot.doors.telegram.door import TelegramDoor
from bot.doors.telegram.webhook import WebhookPlace

__all__ = ["TelegramDoor", "WebhookPlace"]
