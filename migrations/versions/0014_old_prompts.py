"""Finds the messages that asked for a line long ago, to forget them."""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_prompts_at", "prompts", ["at"])


def downgrade() -> None:
    op.drop_index("ix_prompts_at", "prompts")
