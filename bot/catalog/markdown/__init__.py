"""Markdown lists, in and out: `read_list` reads anyone's list, `publish` writes the catalog as one."""
