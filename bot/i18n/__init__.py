"""What people read, in pt-BR and en: `words.py` finds and fills sentences, a folder for each language holds them.

Markup in a sentence: *bold*, _italic_, `code`, [words](address); {facts} are filled in afterwards. A sentence with plural forms is a
mapping (one, other) chosen by the fact n. Both folders hold the same files with the same keys and the same facts.
"""
