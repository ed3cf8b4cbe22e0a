"""Second readings of published posts, and pauses of company posting.

Revision: 0005. After: 0004.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_index(op.f("ix_verdict_at"), "verdict", ["at"])
    _posting_pause()
    _sample_rate()
    _second_reading()
    _rule_proposal()


def _posting_pause() -> None:
    op.create_table(
        "posting_pause",
        sa.Column("id", KEY, nullable=False),
        sa.Column("place", sa.String(length=32), nullable=True),
        sa.Column("space_id", KEY, nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("started_as", sa.String(length=32), nullable=False),
        sa.Column("started_by_id", KEY, nullable=False),
        sa.Column("lifted_at", MOMENT, nullable=True),
        sa.Column("lifted_by_id", KEY, nullable=True),
        sa.Column("lift_reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["space_id"],
            ["space.id"],
            name=op.f("fk_posting_pause_space_id_space"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["started_by_id"], ["member.id"], name=op.f("fk_posting_pause_started_by_id_member")
        ),
        sa.ForeignKeyConstraint(
            ["lifted_by_id"], ["member.id"], name=op.f("fk_posting_pause_lifted_by_id_member")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posting_pause")),
        sa.UniqueConstraint("place", name=op.f("uq_posting_pause_place")),
    )
    op.create_index(op.f("ix_posting_pause_space_id"), "posting_pause", ["space_id"])


def _sample_rate() -> None:
    op.create_table(
        "sample_rate",
        sa.Column("space_id", KEY, autoincrement=False, nullable=False),
        sa.Column("percent", KEY, nullable=False),
        sa.Column("version", KEY, nullable=False),
        sa.ForeignKeyConstraint(
            ["space_id"],
            ["space.id"],
            name=op.f("fk_sample_rate_space_id_space"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("space_id", name=op.f("pk_sample_rate")),
    )


def _second_reading() -> None:
    op.create_table(
        "second_reading",
        sa.Column("id", KEY, nullable=False),
        sa.Column("revision_id", KEY, nullable=False),
        sa.Column("post_id", KEY, nullable=False),
        sa.Column("space_id", KEY, nullable=False),
        sa.Column("author_id", KEY, nullable=False),
        sa.Column("percent", KEY, nullable=False),
        sa.Column("drawn_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("reader_id", KEY, nullable=True),
        sa.Column("claimed_at", MOMENT, nullable=True),
        sa.Column("read_at", MOMENT, nullable=True),
        sa.Column(
            "opinion",
            sa.Enum(
                "within", "improvable", "outside", name="opinion", native_enum=False, length=32
            ),
            nullable=True,
        ),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("needed", sa.JSON(), nullable=False),
        sa.Column("needless", sa.JSON(), nullable=False),
        sa.Column("review_id", KEY, nullable=True),
        sa.Column("noticed_at", MOMENT, nullable=True),
        sa.Column("version", KEY, nullable=False),
        sa.ForeignKeyConstraint(
            ["revision_id"],
            ["revision.id"],
            name=op.f("fk_second_reading_revision_id_revision"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["post_id"],
            ["post.id"],
            name=op.f("fk_second_reading_post_id_post"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["space_id"],
            ["space.id"],
            name=op.f("fk_second_reading_space_id_space"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["member.id"], name=op.f("fk_second_reading_author_id_member")
        ),
        sa.ForeignKeyConstraint(
            ["reader_id"], ["member.id"], name=op.f("fk_second_reading_reader_id_member")
        ),
        sa.ForeignKeyConstraint(
            ["review_id"], ["review.id"], name=op.f("fk_second_reading_review_id_review")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_second_reading")),
        sa.UniqueConstraint("revision_id", name=op.f("uq_second_reading_revision_id")),
    )
    for column in ("author_id", "post_id", "space_id"):
        op.create_index(op.f(f"ix_second_reading_{column}"), "second_reading", [column])
    op.create_index("ix_second_reading_open", "second_reading", ["read_at", "due_at"])


def _rule_proposal() -> None:
    op.create_table(
        "rule_proposal",
        sa.Column("id", KEY, nullable=False),
        sa.Column("reading_id", KEY, nullable=False),
        sa.Column("by_id", KEY, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("rule", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.Column("closed_by_id", KEY, nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("version", KEY, nullable=False),
        sa.ForeignKeyConstraint(
            ["reading_id"],
            ["second_reading.id"],
            name=op.f("fk_rule_proposal_reading_id_second_reading"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["by_id"], ["member.id"], name=op.f("fk_rule_proposal_by_id_member")
        ),
        sa.ForeignKeyConstraint(
            ["closed_by_id"], ["member.id"], name=op.f("fk_rule_proposal_closed_by_id_member")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_proposal")),
        sa.UniqueConstraint("reading_id", name=op.f("uq_rule_proposal_reading_id")),
    )


def downgrade() -> None:
    for table in ("rule_proposal", "second_reading", "sample_rate", "posting_pause"):
        op.drop_table(table)
    op.drop_index(op.f("ix_verdict_at"), "verdict")
