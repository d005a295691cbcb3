"""A press on Done that was a slip: when it was withdrawn, and what its dose was before it."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("completions", sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("doses", sa.Column("was", sa.JSON(none_as_null=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("doses") as batch_op:
        batch_op.drop_column("was")
    with op.batch_alter_table("completions") as batch_op:
        batch_op.drop_column("withdrawn_at")
