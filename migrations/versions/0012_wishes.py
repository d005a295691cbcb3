"""What somebody put off until tomorrow, beside the dose that held it."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("doses", sa.Column("wished", sa.String(length=60), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("doses") as batch_op:
        batch_op.drop_column("wished")
