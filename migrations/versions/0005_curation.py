"""What waits for a curator, who brought it, what was decided and by whom."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "rooms",
        sa.Column("id", KEY, nullable=False),
        sa.Column("platform", sa.String(length=12), nullable=False),
        sa.Column("chat", sa.String(length=64), nullable=False),
        sa.Column("thread", sa.String(length=64), nullable=True),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("summary_at", sa.Time(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rooms")),
        sa.UniqueConstraint("platform", "chat", name=op.f("uq_rooms_platform_chat")),
    )
    op.create_index("ix_rooms_next", "rooms", ["next_at"], unique=False)
    op.create_table(
        "audit",
        sa.Column("id", KEY, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", KEY, nullable=True),
        sa.Column("whom_id", KEY, nullable=True),
        sa.Column("did", sa.String(length=24), nullable=False),
        sa.Column("about", sa.String(length=80), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_audit_by_id_people"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["whom_id"], ["people.id"], name=op.f("fk_audit_whom_id_people"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    op.create_index("ix_audit_about", "audit", ["about"], unique=False)
    op.create_index("ix_audit_at", "audit", ["at"], unique=False)
    op.create_index(op.f("ix_audit_by_id"), "audit", ["by_id"], unique=False)
    op.create_index(op.f("ix_audit_whom_id"), "audit", ["whom_id"], unique=False)
    op.create_table(
        "invitations",
        sa.Column("id", KEY, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=12), nullable=False),
        sa.Column("uses_left", sa.Integer(), nullable=False),
        sa.Column("tries_left", sa.Integer(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", KEY, nullable=True),
        sa.ForeignKeyConstraint(
            ["made_by"], ["people.id"], name=op.f("fk_invitations_made_by_people"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitations")),
        sa.UniqueConstraint("digest", name=op.f("uq_invitations_digest")),
    )
    op.create_index(op.f("ix_invitations_made_by"), "invitations", ["made_by"], unique=False)
    op.create_table(
        "suggestions",
        sa.Column("id", KEY, nullable=False),
        sa.Column("address_key", sa.String(length=32), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("edits", sa.JSON(), nullable=False),
        sa.Column("problem", sa.String(length=24), nullable=True),
        sa.Column("fill_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fill_tries", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("later_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", KEY, nullable=True),
        sa.Column("reason", sa.String(length=40), nullable=True),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("resource_id", sa.String(length=60), nullable=True),
        sa.Column("helped", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["people.id"], name=op.f("fk_suggestions_decided_by_people"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suggestions")),
        sa.UniqueConstraint("address_key", name=op.f("uq_suggestions_address_key")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_suggestions_decided_by"), "suggestions", ["decided_by"], unique=False)
    op.create_index("ix_suggestions_fill", "suggestions", ["fill_at"], unique=False)
    op.create_index(op.f("ix_suggestions_resource_id"), "suggestions", ["resource_id"], unique=False)
    op.create_index("ix_suggestions_state", "suggestions", ["state", "made_at"], unique=False)
    op.create_table(
        "shown_cards",
        sa.Column("id", KEY, nullable=False),
        sa.Column("suggestion_id", KEY, nullable=False),
        sa.Column("person_id", KEY, nullable=True),
        sa.Column("platform", sa.String(length=12), nullable=False),
        sa.Column("chat", sa.String(length=64), nullable=False),
        sa.Column("thread", sa.String(length=64), nullable=True),
        sa.Column("message", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_shown_cards_person_id_people"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["suggestion_id"],
            ["suggestions.id"],
            name=op.f("fk_shown_cards_suggestion_id_suggestions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shown_cards")),
        sa.UniqueConstraint("platform", "chat", "message", name=op.f("uq_shown_cards_platform_chat_message")),
    )
    op.create_index(op.f("ix_shown_cards_person_id"), "shown_cards", ["person_id"], unique=False)
    op.create_index(op.f("ix_shown_cards_suggestion_id"), "shown_cards", ["suggestion_id"], unique=False)
    op.create_table(
        "voices",
        sa.Column("id", KEY, nullable=False),
        sa.Column("suggestion_id", KEY, nullable=False),
        sa.Column("person_id", KEY, nullable=True),
        sa.Column("feed", sa.String(length=64), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_voices_person_id_people"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["suggestion_id"], ["suggestions.id"], name=op.f("fk_voices_suggestion_id_suggestions"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voices")),
        sa.UniqueConstraint("suggestion_id", "feed", name=op.f("uq_voices_suggestion_id_feed")),
        sa.UniqueConstraint("suggestion_id", "person_id", name=op.f("uq_voices_suggestion_id_person_id")),
    )
    op.create_index("ix_voices_feed", "voices", ["feed"], unique=False)
    op.create_index("ix_voices_person", "voices", ["person_id", "at"], unique=False)


def downgrade() -> None:
    for table in ("voices", "shown_cards", "suggestions", "invitations", "audit", "rooms"):
        op.drop_table(table)
