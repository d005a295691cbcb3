"""Markdown lists in and out; `lists/` holds made-up lists with the difficulties of real ones."""
