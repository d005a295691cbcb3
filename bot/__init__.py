"""Trilha: one well-chosen dose a day, in chat."""
