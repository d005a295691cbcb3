"""Which doses somebody put off until the next one: such a dose is no unanswered one."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("doses", sa.Column("put_off", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.execute("UPDATE doses SET put_off = true WHERE wished IS NOT NULL AND wished = resource_id")


def downgrade() -> None:
    with op.batch_alter_table("doses") as batch_op:
        batch_op.drop_column("put_off")
