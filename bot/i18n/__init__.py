"""What people read, in pt-BR and en: `words.py` finds and fills sentences, the YAML files hold them."""
