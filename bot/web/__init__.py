"""The web, as this program goes there: politely, within limits, and to public addresses only.

    url ─▶ fetch.py: scheme, port, name ─▶ turns.py: not too many at once ─▶ gate.py: look up, check every address, connect to
        the very one checked ─▶ hop by hop through redirects ─▶ decode.py: unpack within a limit ─▶ Got

`addresses.py` says which addresses are public. Nothing here knows what a feed or a page is.
"""
