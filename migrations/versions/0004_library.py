"""Confirmed advice, the response library, and inquiries to Medical Information.

Revision: 0004. After: 0003.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    moment = sa.DateTime(timezone=True)
    op.add_column("thread", sa.Column("marks", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("verdict", sa.Column("confirmed", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column(
        "verdict", sa.Column("advice_reason", sa.Text(), nullable=False, server_default="")
    )
    # Rows that are there need a value; the program gives its own from here on.
    with op.batch_alter_table("thread") as thread:
        thread.alter_column("marks", existing_type=sa.JSON(), server_default=None)
    with op.batch_alter_table("verdict") as verdict:
        verdict.alter_column("confirmed", existing_type=sa.JSON(), server_default=None)
        verdict.alter_column("advice_reason", existing_type=sa.Text(), server_default=None)
    op.create_table(
        "standard_response",
        sa.Column("id", key, nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("product", sa.String(length=64), nullable=False),
        sa.Column("owner", sa.String(length=255), nullable=False),
        sa.Column("withdrawn_at", moment, nullable=True),
        sa.Column("withdrawn_by_id", key, nullable=True),
        sa.Column("withdrawn_reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["withdrawn_by_id"],
            ["member.id"],
            name=op.f("fk_standard_response_withdrawn_by_id_member"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standard_response")),
        sa.UniqueConstraint("code", name=op.f("uq_standard_response_code")),
    )
    op.create_table(
        "response_version",
        sa.Column("id", key, nullable=False),
        sa.Column("response_id", key, nullable=False),
        sa.Column("version", sa.String(length=32), nullable=False),
        sa.Column("title", sa.String(length=255), nullable=False),
        sa.Column("countries", sa.JSON(), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("approved_on", sa.Date(), nullable=False),
        sa.Column("approved_until", sa.Date(), nullable=False),
        sa.Column("approved_by", sa.JSON(), nullable=False),
        sa.Column("references", sa.JSON(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("added_at", moment, nullable=False),
        sa.Column("added_by_id", key, nullable=True),
        sa.Column("told_at", moment, nullable=True),
        sa.ForeignKeyConstraint(
            ["added_by_id"], ["member.id"], name=op.f("fk_response_version_added_by_id_member")
        ),
        sa.ForeignKeyConstraint(
            ["response_id"],
            ["standard_response.id"],
            name=op.f("fk_response_version_response_id_standard_response"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_response_version")),
        sa.UniqueConstraint(
            "response_id", "version", name=op.f("uq_response_version_response_id_version")
        ),
    )
    op.create_table(
        "response_use",
        sa.Column("id", key, nullable=False),
        sa.Column("version_id", key, nullable=False),
        sa.Column("post_id", key, nullable=False),
        sa.Column("thread_id", key, nullable=False),
        sa.Column("is_verbatim", sa.Boolean(), nullable=False),
        sa.Column("used_at", moment, nullable=False),
        sa.ForeignKeyConstraint(
            ["post_id"],
            ["post.id"],
            name=op.f("fk_response_use_post_id_post"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["thread_id"],
            ["thread.id"],
            name=op.f("fk_response_use_thread_id_thread"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["response_version.id"],
            name=op.f("fk_response_use_version_id_response_version"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_response_use")),
        sa.UniqueConstraint(
            "version_id", "post_id", name=op.f("uq_response_use_version_id_post_id")
        ),
    )
    op.create_index(op.f("ix_response_use_post_id"), "response_use", ["post_id"])
    op.create_table(
        "inquiry",
        sa.Column("id", key, nullable=False),
        sa.Column("member_id", key, nullable=False),
        sa.Column("space_id", key, nullable=False),
        sa.Column("thread_id", key, nullable=True),
        sa.Column("post_id", key, nullable=True),
        sa.Column("about", sa.String(length=255), nullable=False),
        sa.Column("product", sa.String(length=64), nullable=False),
        sa.Column("origin", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("opened_at", moment, nullable=False),
        sa.Column("due_at", moment, nullable=False),
        sa.Column("opened_by_id", key, nullable=False),
        sa.Column("review_id", key, nullable=True),
        sa.Column("answered_at", moment, nullable=True),
        sa.Column("closed_at", moment, nullable=True),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("closed_reason", sa.Text(), nullable=False),
        sa.Column("version", key, nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_inquiry_member_id_member")
        ),
        sa.ForeignKeyConstraint(
            ["opened_by_id"], ["member.id"], name=op.f("fk_inquiry_opened_by_id_member")
        ),
        sa.ForeignKeyConstraint(
            ["review_id"], ["review.id"], name=op.f("fk_inquiry_review_id_review")
        ),
        sa.ForeignKeyConstraint(
            ["space_id"],
            ["space.id"],
            name=op.f("fk_inquiry_space_id_space"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inquiry")),
        sa.UniqueConstraint("member_id", "post_id", name=op.f("uq_inquiry_member_id_post_id")),
    )
    op.create_index(op.f("ix_inquiry_space_id"), "inquiry", ["space_id"])
    op.create_index(op.f("ix_inquiry_thread_id"), "inquiry", ["thread_id"])
    op.create_table(
        "inquiry_message",
        sa.Column("id", key, nullable=False),
        sa.Column("inquiry_id", key, nullable=False),
        sa.Column("author_id", key, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("sent_at", moment, nullable=False),
        sa.Column("client_key", sa.String(length=64), nullable=False),
        sa.Column("references", sa.JSON(), nullable=False),
        sa.Column("delivery", sa.String(length=255), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["member.id"], name=op.f("fk_inquiry_message_author_id_member")
        ),
        sa.ForeignKeyConstraint(
            ["inquiry_id"],
            ["inquiry.id"],
            name=op.f("fk_inquiry_message_inquiry_id_inquiry"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inquiry_message")),
        sa.UniqueConstraint(
            "author_id", "client_key", name=op.f("uq_inquiry_message_author_id_client_key")
        ),
    )
    op.create_index(op.f("ix_inquiry_message_inquiry_id"), "inquiry_message", ["inquiry_id"])


def downgrade() -> None:
    for table in (
        "inquiry_message",
        "inquiry",
        "response_use",
        "response_version",
        "standard_response",
    ):
        op.drop_table(table)
    with op.batch_alter_table("verdict") as verdict:
        verdict.drop_column("advice_reason")
        verdict.drop_column("confirmed")
    with op.batch_alter_table("thread") as thread:
        thread.drop_column("marks")
