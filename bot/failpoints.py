"""Places where a test may kill the process, to prove that nothing is lost there.

`TRILHA_FAILPOINT=after_call` makes the process kill itself (SIGKILL, nothing is cleaned up) when it gets to that place, and
`after_call:5` when it gets there for the fifth time; without the variable `reach` does nothing. The names stand in order of the path
of a dose, and of a feed.
"""

from __future__ import annotations

import itertools
import os
import signal

VARIABLE = "TRILHA_FAILPOINT"
BEFORE_CLAIM = "before_claim_commit"
AFTER_CLAIM = "after_claim_commit"
BEFORE_CALL = "before_call"
AFTER_CALL = "after_call"
BEFORE_MARK = "before_mark_commit"
AFTER_MARK = "after_mark"
EVERY = (BEFORE_CLAIM, AFTER_CLAIM, BEFORE_CALL, AFTER_CALL, BEFORE_MARK, AFTER_MARK)
FEED_CLAIMED = "feed_claimed"
FEED_FETCHED = "feed_fetched"
FEED_ITEMS = "feed_items_before_commit"
FEED_COMMITTED = "feed_committed"
OF_A_FEED = (FEED_CLAIMED, FEED_FETCHED, FEED_ITEMS, FEED_COMMITTED)

_chosen, _, _times = os.environ.get(VARIABLE, "").partition(":")
_visits = itertools.count(1)


def reach(place: str) -> None:
    """Die here if the environment says so."""
    if _chosen == place and next(_visits) >= int(_times or 1):
        os.kill(os.getpid(), signal.SIGKILL)
