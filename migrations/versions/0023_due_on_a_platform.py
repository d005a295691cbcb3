"""Who is due is asked of one platform at a time, so the index has each platform's people by themselves."""

from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_subscriptions_due", "subscriptions")
    op.create_index("ix_subscriptions_due", "subscriptions", ["state", "platform", "next_due_at", "lot"])


def downgrade() -> None:
    op.drop_index("ix_subscriptions_due", "subscriptions")
    op.create_index("ix_subscriptions_due", "subscriptions", ["state", "next_due_at", "lot"])
