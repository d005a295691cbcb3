"""Who looks after the bot is found among everybody by an index, which knows nobody else."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

TEAM = sa.text("role <> 'learner'")


def upgrade() -> None:
    op.create_index("ix_people_team", "people", ["role"], sqlite_where=TEAM, postgresql_where=TEAM)


def downgrade() -> None:
    op.drop_index("ix_people_team", "people")
