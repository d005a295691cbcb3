"""Telegram as a door, on python-telegram-bot; nothing outside this folder imports that library.

door.py       TelegramDoor: opens, takes updates, closes          incoming.py   a native update → Incoming
polling.py    fetches updates, confirms what is done              speaker.py    messages out, edits, toasts
lanes.py      order for one person, company for many              pieces.py     a Message → the calls it needs
profile.py    command menu and the words of the profile           render.py     styled text → entities, cleaned and cut
library.py    what we change about the library                    keyboards.py  buttons → keyboards
errors.py     THE table: platform answers → DeliveryError
"""

from bot.doors.telegram.door import TelegramDoor

__all__ = ["TelegramDoor"]
