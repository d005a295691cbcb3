"""Whose a small fact of the program is, and until when it is kept: an update that was set aside holds somebody's words."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("remembered", sa.Column("owner", sa.String(length=80), nullable=True))
    op.add_column("remembered", sa.Column("until", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE remembered SET until = CURRENT_TIMESTAMP WHERE name LIKE 'telegram.aside.%'")


def downgrade() -> None:
    with op.batch_alter_table("remembered") as batch_op:
        batch_op.drop_column("until")
        batch_op.drop_column("owner")
