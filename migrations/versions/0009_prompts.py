"""Which of our messages asked for a line, and in which message of theirs a line stood."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("cards", sa.Column("said_in", sa.String(length=160), nullable=True))
    op.create_table(
        "prompts",
        sa.Column("platform", sa.String(length=12), nullable=False),
        sa.Column("chat", sa.String(length=64), nullable=False),
        sa.Column("message", sa.String(length=64), nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("resource_id", sa.String(length=60), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_prompts_person_id_people"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["resource_id"], ["resources.id"], name=op.f("fk_prompts_resource_id_resources")),
        sa.PrimaryKeyConstraint("platform", "chat", "message", name=op.f("pk_prompts")),
    )
    op.create_index(op.f("ix_prompts_person_id"), "prompts", ["person_id"])


def downgrade() -> None:
    op.drop_table("prompts")
    with op.batch_alter_table("cards") as batch_op:
        batch_op.drop_column("said_in")
