"""How many learners a link helped is counted by an index, and no longer by a look through all that was ever done."""

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_completions_helped", "completions", ["resource_id", "withdrawn_at", "person_id"])


def downgrade() -> None:
    op.drop_index("ix_completions_helped", "completions")
