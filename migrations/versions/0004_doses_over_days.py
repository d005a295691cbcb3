"""Doses of another size, small things, things that go on over days, what was pressed about them, ticks; and silence."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("people", sa.Column("heard_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("subscriptions", sa.Column("minutes_on", sa.JSON(), nullable=False, server_default="{}"))
    op.add_column("subscriptions", sa.Column("resource_languages", sa.JSON(), nullable=True))
    op.add_column("subscriptions", sa.Column("level", sa.Integer(), nullable=False, server_default="2"))
    op.add_column("subscriptions", sa.Column("taste_since", sa.DateTime(timezone=True), nullable=True))
    op.add_column("subscriptions", sa.Column("silent_since", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "threads",
        sa.Column("id", KEY, nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("resource_id", sa.String(length=60), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("of", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_threads_person_id_people"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["resource_id"], ["resources.id"], name=op.f("fk_threads_resource_id_resources")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_threads")),
        sa.UniqueConstraint("person_id", "resource_id", name=op.f("uq_threads_person_id_resource_id")),
        sqlite_autoincrement=True,
    )
    op.add_column("doses", sa.Column("minutes", sa.Integer(), nullable=True))
    op.add_column("doses", sa.Column("part", sa.Integer(), nullable=True))
    op.add_column("doses", sa.Column("small", sa.JSON(), nullable=True))
    op.create_table(
        "feedback",
        sa.Column("id", KEY, nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("resource_id", sa.String(length=60), nullable=False),
        sa.Column("dose_id", KEY, nullable=True),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["dose_id"], ["doses.id"], name=op.f("fk_feedback_dose_id_doses"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_feedback_person_id_people"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["resource_id"], ["resources.id"], name=op.f("fk_feedback_resource_id_resources")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback")),
    )
    op.create_index("ix_feedback_person_at", "feedback", ["person_id", "at"])
    op.create_index("ix_feedback_resource_id", "feedback", ["resource_id"])
    op.create_index("ix_feedback_dose_id", "feedback", ["dose_id"])
    op.create_table(
        "ticks",
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("checklist", sa.String(length=60), nullable=False),
        sa.Column("step", sa.String(length=60), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_ticks_person_id_people"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", "checklist", "step", name=op.f("pk_ticks")),
    )


def downgrade() -> None:
    op.drop_table("ticks")
    op.drop_table("feedback")
    op.drop_column("doses", "small")
    op.drop_column("doses", "part")
    op.drop_column("doses", "minutes")
    op.drop_table("threads")
    with op.batch_alter_table("subscriptions") as batch_op:
        batch_op.drop_column("silent_since")
        batch_op.drop_column("taste_since")
        batch_op.drop_column("level")
        batch_op.drop_column("resource_languages")
        batch_op.drop_column("minutes_on")
    with op.batch_alter_table("people") as batch_op:
        batch_op.drop_column("heard_at")
