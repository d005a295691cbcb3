"""What is there after the start is there for good: the garbage collector need not walk through it again and again."""

from __future__ import annotations

import gc

NEW = 50_000
"""How many objects may come before the collector looks for rings among them, which takes it a few milliseconds."""


def keep_for_good() -> None:
    """Take everything that exists now out of the garbage collector's rounds; call it once, when all is loaded and nobody is heard yet.

    The modules, the catalog and what is made of it are hundreds of thousands of objects. A full round over them holds everybody up for
    a tenth of a second, and one comes whenever a few thousand rows were read. This makes the last one. Of what comes later most is gone
    with its transaction, so a look after fifty thousand objects finds less to walk through than seventy after seven hundred each.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(NEW, 10, 10)
