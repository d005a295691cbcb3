"""That a chat shows everybody's menu again is no longer kept: of people who were forgotten it was all that was."""

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("DELETE FROM remembered WHERE name LIKE 'telegram.menu:%' AND value = ''")


def downgrade() -> None:
    pass
