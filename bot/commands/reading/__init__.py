"""Reading what people type, in Portuguese or English, whichever they use; a file for each thing it can mean.

    "8 da noite", "20h", "8:00 pm" ──▶ time(20)              "25:99" ──▶ UserMistake("reading.no_such_hour", typed="25:99")

Everything here is pure, takes any text of any length, and raises nothing but UserMistake, whose fact `typed` is fit to be quoted. What
`bot.i18n.showing` shows is read back as the same value. Cities are read in `bot.learning.cities`.
"""
