"""A chat that moves, such as to a thread where somebody takes no direct message, takes its doses along without a look at everybody's."""

from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_subscriptions_chat", "subscriptions", ["platform", "chat"])


def downgrade() -> None:
    op.drop_index("ix_subscriptions_chat", "subscriptions")
