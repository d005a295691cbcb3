"""The outbox: every message sent unasked, and how far it got. The states are drawn in `bot/delivery/__init__.py`.

rows.py         a message is written down, once for each key
tickets.py      what may go now, and what is late with it
parcels.py      a row with all that composing its message needs
sending.py      it is taken, sent, tried again or given up
withdrawing.py  it need not go any more, or goes elsewhere
hanging.py      a dose's card in another chat follows what became of the dose
"""

from bot.store.outbox.hanging import keep_up_to_date, named, refresh_elsewhere
from bot.store.outbox.parcels import Parcel, load, name_anew
from bot.store.outbox.rows import (
    CARRY_DOSES,
    EDIT,
    NOT_FOUND,
    OUTBOX,
    REFUSED,
    SEEN,
    UNSEEN,
    UNWANTED,
    WAITING,
    put,
    put_notices,
)
from bot.store.outbox.sending import (
    doubt,
    facts_of,
    give_back,
    give_up,
    hold,
    put_off,
    redirect,
    release,
    sent,
    sent_all,
    stale,
    still_ours,
    take,
    wait,
)
from bot.store.outbox.tickets import Ticket, count_doses, doses_go, leases, next_waiting, queue, waiting
from bot.store.outbox.withdrawing import (
    give_up_address,
    move,
    name_no_deciders,
    prune,
    prune_waiting,
    send_to,
    tell_refused,
    withdraw,
    withdraw_dose,
    withdraw_kind,
    withdraw_named,
)

__all__ = [
    "CARRY_DOSES",
    "EDIT",
    "NOT_FOUND",
    "OUTBOX",
    "REFUSED",
    "SEEN",
    "UNSEEN",
    "UNWANTED",
    "WAITING",
    "Parcel",
    "Ticket",
    "count_doses",
    "doses_go",
    "doubt",
    "facts_of",
    "give_back",
    "give_up",
    "give_up_address",
    "hold",
    "keep_up_to_date",
    "leases",
    "load",
    "move",
    "name_anew",
    "name_no_deciders",
    "named",
    "next_waiting",
    "prune",
    "prune_waiting",
    "put",
    "put_notices",
    "put_off",
    "queue",
    "redirect",
    "refresh_elsewhere",
    "release",
    "send_to",
    "sent",
    "sent_all",
    "stale",
    "still_ours",
    "take",
    "tell_refused",
    "wait",
    "waiting",
    "withdraw",
    "withdraw_dose",
    "withdraw_kind",
    "withdraw_named",
]
