"""Everything the bot sends unasked takes this path, and loses nothing on it.

    clock ─ claim.py ─▶ outbox row ─ alarm ─▶ senders.py ─▶ pace/ ─▶ send.py: take ─▶ compose.py ─▶ door.send ─▶ record
                                                                                                              └▶ reactions.py, for a no

`post.py` puts the parts together. A row of the outbox is in one of these states, and only a conditional update moves it:

    due ──take──▶ sending ──yes──▶ sent
     ▲              │ ├──429, no connection──▶ retry   (no attempt; waits until the row expires)
     │              │ ├──5xx──▶ retry                  (an attempt; five at most, flagged from the second on)
     │              │ ├──answer lost, or a page──▶ uncertain   (an attempt; sent once more, flagged; lost again: sent, perhaps)
     └──────────────┘ └──refused for good, expired──▶ dead

`sending` is committed before the call and `sent` right after it. A process that dies in between leaves a lease that runs out, and the
row becomes uncertain (`recover.py`) and goes once more: one extra copy at most for each such death, and it says so. A dose of which nobody
can say whether it arrived excuses its day, and the next one tells so; it never passes for one that did.
"""
