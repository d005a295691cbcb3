"""What curators decide about entries from the chat, and each entry as the file has it."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("resources") as batch_op:
        batch_op.add_column(sa.Column("filed", sa.JSON(none_as_null=True), nullable=True))
    op.create_table(
        "entries",
        sa.Column("resource_id", sa.String(length=60), nullable=False),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("base", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("why", sa.Text(), nullable=True),
        sa.Column("by_id", KEY, nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("exported_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_entries_by_id_people"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["resource_id"], ["resources.id"], name=op.f("fk_entries_resource_id_resources")),
        sa.PrimaryKeyConstraint("resource_id", name=op.f("pk_entries")),
        sa.UniqueConstraint("address", name=op.f("uq_entries_address")),
    )
    op.create_index(op.f("ix_entries_by_id"), "entries", ["by_id"])


def downgrade() -> None:
    op.drop_table("entries")
    with op.batch_alter_table("resources") as batch_op:
        batch_op.drop_column("filed")
