"""Whose own chat a curators' room is: it leaves with its person. The log keeps no name of such a chat.

A chat where somebody is alone with us is called as they are; groups have negative numbers on Telegram, channels a # on Discord. This tells
the rooms of people who had themselves forgotten before: those close.
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
SENT = "('card', 'summary', 'edit')"
OWN = "(platform = 'telegram' AND chat NOT LIKE '-%' OR platform = 'discord' AND chat NOT LIKE '#%')"


def upgrade() -> None:
    with op.batch_alter_table("rooms") as batch_op:
        batch_op.add_column(sa.Column("person_id", KEY, nullable=True))
        batch_op.create_foreign_key("fk_rooms_person_id_people", "people", ["person_id"], ["id"], ondelete="CASCADE")
        batch_op.create_index("ix_rooms_person_id", ["person_id"])
    for table, only in (("rooms", ""), ("outbox", f" AND kind IN {SENT}"), ("shown_cards", "")):
        whose = f"FROM identities AS i WHERE i.platform = {table}.platform AND i.platform_id = {table}.chat"
        op.execute(
            f"UPDATE {table} SET person_id = (SELECT i.person_id {whose}) WHERE person_id IS NULL{only} AND EXISTS (SELECT 1 {whose})"
        )
        op.execute(f"DELETE FROM {table} WHERE person_id IS NULL{only} AND {OWN}")
    _take_names_out_of_the_log()


def _take_names_out_of_the_log() -> None:
    """Of the chats in it only groups, and rooms that several share, keep theirs."""
    bind = op.get_bind()
    audit = sa.table(
        "audit", sa.column("id", KEY), sa.column("about"), sa.column("before", sa.JSON), sa.column("after", sa.JSON)
    )
    shared = set(bind.scalars(sa.text("SELECT chat FROM rooms WHERE person_id IS NULL")))
    for row in bind.execute(sa.select(audit).where(audit.c.about == "room")).all():
        kept = {side: _without_name(told, shared) for side, told in (("before", row.before), ("after", row.after))}
        if kept != {"before": row.before, "after": row.after}:
            bind.execute(sa.update(audit).where(audit.c.id == row.id).values(**kept))


def _without_name(told: dict[str, object], shared: set[str]) -> dict[str, object]:
    chat = str(told.get("chat", "-"))
    named = chat.startswith(("-", "#")) or chat in shared
    return told if named else {name: fact for name, fact in told.items() if name != "chat"}


def downgrade() -> None:
    with op.batch_alter_table("rooms") as batch_op:
        batch_op.drop_index("ix_rooms_person_id")
        batch_op.drop_constraint("fk_rooms_person_id_people", type_="foreignkey")
        batch_op.drop_column("person_id")
