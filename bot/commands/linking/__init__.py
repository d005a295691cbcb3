"""One person on several platforms.

link.py      a code from the one, shown to the other, and a dose that comes where they are
uniting.py   what would become of two people who are one, and doing it
unlink.py    an account becomes somebody of its own again
"""
