"""Two people of the tables become one: every row of the one who leaves goes over to the one who stays, and nothing is lost.

people.py         THE table: what becomes of each column that names a person
learning.py       where both did the same: marks, steps, long things, cards, links they brought
subscriptions.py  one subscription stays, the doses of the other go over to it, and its days are told anew
"""

from bot.store.union.people import COLUMNS, columns_naming, unite
from bot.store.union.subscriptions import end, retell

__all__ = ["COLUMNS", "columns_naming", "end", "retell", "unite"]
