"""Mistakes that the bot does not make."""

MUTANT = "CHAOS_MUTANT"
MUTANTS = {}
