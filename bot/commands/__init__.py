"""What a person can do: async functions that return an Answer and send nothing. `table.py` lists them all."""
