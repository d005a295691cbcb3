"""Between the world and the catalog stands a person: what comes in, how a curator sees it, what they decide.

    somebody, a feed ──intake──▶ waiting ──fill──▶ (facts) ──decide──▶ approved ──▶ the catalog
                                    │                          └─────▶ rejected, with a reason that says what would be welcome
                                    └──▶ withdrawn by its author, closed after weeks nobody decided

Rules that need no row are pure functions; all SQL is in `bot/store`.
"""
