"""All SQL, one file per noun; `database.py` opens it, `tables.py` draws it. Nothing here decides anything."""
