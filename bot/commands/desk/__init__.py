"""What only curators do, and owners in part: roles.py.

queue.py      /queue: what waits, a card each
approve.py    Approve; told.py: what a page did not tell, asked before
reject.py     Reject, with a reason
undo.py       Undo; outcome.py: what is said of a decision
mend.py       Edit and Retire: what stands in the catalog, put right
links.py      /links: addresses that no longer answer
follow.py     /follow: a new feed; hand_in.py: a list of them, sent as a file; feeds.py: those followed
room.py       /room: the curators' channel
audit_log.py  /log: who did what
roles.py      /curators: who may do it; invite.py: secrets that give a role
health.py     /health: whether doses go out, for owners
"""
