"""All SQL, one file per noun; `database.py` opens it, `tables/` draws it. Nothing here decides anything."""
