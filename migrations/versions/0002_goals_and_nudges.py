"""A weekly goal beside the streak, an evening nudge, a weekly digest, light or dark pictures, and what is said with the next dose."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("subscriptions", sa.Column("weekly", sa.Integer(), nullable=False, server_default="5"))
    op.add_column("subscriptions", sa.Column("nudge_at", sa.Time(), nullable=True))
    op.add_column("subscriptions", sa.Column("digest_day", sa.Integer(), nullable=True))
    op.add_column("subscriptions", sa.Column("digest_at", sa.Time(), nullable=True))
    op.add_column("subscriptions", sa.Column("picture", sa.String(length=5), nullable=False, server_default="light"))
    op.add_column("subscriptions", sa.Column("news", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("doses", sa.Column("news", sa.JSON(), nullable=False, server_default="[]"))


def downgrade() -> None:
    with op.batch_alter_table("doses") as batch_op:
        batch_op.drop_column("news")
    with op.batch_alter_table("subscriptions") as batch_op:
        batch_op.drop_column("news")
        batch_op.drop_column("picture")
        batch_op.drop_column("digest_at")
        batch_op.drop_column("digest_day")
        batch_op.drop_column("nudge_at")
        batch_op.drop_column("weekly")
