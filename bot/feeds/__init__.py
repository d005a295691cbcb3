"""Feeds: what other sites publish becomes suggestions for the curators, politely and without a way to break us.

    sources.py  what people give us: a page, a channel, a playlist … ─▶ the address of a feed (discover.py)
    poll.py     claim ─▶ fetch (bot/web) ─▶ parse (workers.py, read.py) ─▶ decide.py ─▶ one transaction: items, suggestions, validator

`item.py` is what an item is once it is clean, `identity.py` says which are news, `decide.py` when to look again. Those are pure.
"""
