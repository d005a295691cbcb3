"""Who comes first within a slot is by lot, another one each day; the index carries it, so that a claim sorts nothing."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_subscriptions_due", "subscriptions")
    op.add_column("subscriptions", sa.Column("lot", sa.Integer(), server_default="0", nullable=False))
    op.create_index("ix_subscriptions_due", "subscriptions", ["state", "next_due_at", "lot"])


def downgrade() -> None:
    op.drop_index("ix_subscriptions_due", "subscriptions")
    with op.batch_alter_table("subscriptions") as batch_op:
        batch_op.drop_column("lot")
    op.create_index("ix_subscriptions_due", "subscriptions", ["state", "next_due_at"])
