"""Drafts of guardrail sets, comments on them, their replay, and acknowledgements.

Revision: 0003. After: 0002.
"""

import sqlalchemy as sa
from alembic import op

from community.kernel.append_only import protect, unprotect

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("guardrail_set_version") as version:
        version.add_column(sa.Column("announced_at", MOMENT, nullable=True))
    _create_drafts()
    _create_replays()
    op.create_table(
        "set_acknowledgement",
        sa.Column("id", KEY, nullable=False),
        sa.Column("set_version_id", KEY, nullable=False),
        sa.Column("member_id", KEY, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["set_version_id"],
            ["guardrail_set_version.id"],
            name=op.f("fk_set_acknowledgement_set_version_id_guardrail_set_version"),
            ondelete="RESTRICT",
        ),
        _member("set_acknowledgement", "member_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_set_acknowledgement")),
        sa.UniqueConstraint(
            "set_version_id",
            "member_id",
            name=op.f("uq_set_acknowledgement_set_version_id_member_id"),
        ),
    )
    op.create_index(op.f("ix_set_acknowledgement_member_id"), "set_acknowledgement", ["member_id"])
    protect(op.get_bind(), "set_acknowledgement")


def _member(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], ["member.id"], name=op.f(f"fk_{table}_{column}_member")
    )


def _of_draft(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["draft_id"],
        ["guardrail_draft.id"],
        name=op.f(f"fk_{table}_draft_id_guardrail_draft"),
        ondelete="CASCADE",
    )


def _of_set(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column],
        ["guardrail_set_version.id"],
        name=op.f(f"fk_{table}_{column}_guardrail_set_version"),
    )


def _create_drafts() -> None:
    op.create_table(
        "guardrail_draft",
        sa.Column("id", KEY, nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("products", sa.JSON(), nullable=False),
        sa.Column("created_by_id", KEY, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("changed_by_id", KEY, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("based_on_id", KEY, nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "open", "offered", "withdrawn", name="draftstate", native_enum=False, length=32
            ),
            nullable=False,
        ),
        sa.Column("set_version_id", KEY, nullable=True),
        sa.Column("version", KEY, nullable=False),
        _member("guardrail_draft", "created_by_id"),
        _member("guardrail_draft", "changed_by_id"),
        _of_set("guardrail_draft", "based_on_id"),
        _of_set("guardrail_draft", "set_version_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guardrail_draft")),
    )
    op.create_index(
        op.f("ix_guardrail_draft_set_version_id"), "guardrail_draft", ["set_version_id"]
    )
    op.create_table(
        "guardrail_draft_author",
        sa.Column("draft_id", KEY, nullable=False),
        sa.Column("member_id", KEY, nullable=False),
        sa.Column("first_at", MOMENT, nullable=False),
        _of_draft("guardrail_draft_author"),
        _member("guardrail_draft_author", "member_id"),
        sa.PrimaryKeyConstraint("draft_id", "member_id", name=op.f("pk_guardrail_draft_author")),
    )
    op.create_table(
        "guardrail_draft_comment",
        sa.Column("id", KEY, nullable=False),
        sa.Column("draft_id", KEY, nullable=False),
        sa.Column("member_id", KEY, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("rule_id", sa.String(length=255), nullable=False),
        sa.Column("settled_at", MOMENT, nullable=True),
        sa.Column("settled_by_id", KEY, nullable=True),
        sa.Column("version", KEY, nullable=False),
        _of_draft("guardrail_draft_comment"),
        _member("guardrail_draft_comment", "member_id"),
        _member("guardrail_draft_comment", "settled_by_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guardrail_draft_comment")),
    )
    op.create_index(
        op.f("ix_guardrail_draft_comment_draft_id"), "guardrail_draft_comment", ["draft_id"]
    )


def _create_replays() -> None:
    op.create_table(
        "guardrail_replay",
        sa.Column("id", KEY, nullable=False),
        sa.Column("draft_id", KEY, nullable=False),
        sa.Column("source_sha256", sa.String(length=64), nullable=False),
        sa.Column("set_version_id", KEY, nullable=False),
        sa.Column("asked_by_id", KEY, nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("total", KEY, nullable=False),
        sa.Column("found", KEY, nullable=False),
        sa.Column("done", KEY, nullable=False),
        sa.Column("last_post_id", KEY, nullable=True),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("differences", sa.JSON(), nullable=False),
        sa.Column("finished_at", MOMENT, nullable=True),
        sa.Column("version", KEY, nullable=False),
        _of_draft("guardrail_replay"),
        _of_set("guardrail_replay", "set_version_id"),
        _member("guardrail_replay", "asked_by_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guardrail_replay")),
    )
    op.create_index(op.f("ix_guardrail_replay_draft_id"), "guardrail_replay", ["draft_id"])


def downgrade() -> None:
    unprotect(op.get_bind(), "set_acknowledgement")
    for table in (
        "set_acknowledgement",
        "guardrail_replay",
        "guardrail_draft_comment",
        "guardrail_draft_author",
        "guardrail_draft",
    ):
        op.drop_table(table)
    with op.batch_alter_table("guardrail_set_version") as version:
        version.drop_column("announced_at")
